"""The view beacon, the share buttons, the counters, and how we count, in words."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from webapp import clock, htmx, visitors
from webapp.models import Article
from webapp.moderating.accounts import current_account
from webapp.settings import setting
from webapp.sharing import actions, queries, shortcut, telling
from webapp.sharing.beacons import Beacon
from webapp.sharing.networks import BY_NAME, NETWORKS, Network, Share, mastodon_host, mastodon_intent
from webapp.sharing.rules import (
    DEPTHS,
    KEPT_DAYS,
    MOST_HOSTS,
    READING_SECONDS,
    came_from,
    is_ahead_of_reader,
    is_bot,
)
from webapp.site import current_site

bp = Blueprint("sharing", __name__)


@bp.app_context_processor
def give_networks() -> dict[str, Any]:
    return {"share_networks": NETWORKS}


@bp.post("/articles/<id:article_id>/views")
def count_view(article_id: int) -> Response:
    """The beacon: counts a reader's view and brings back the counters, to everybody."""
    article = _article(article_id)
    if shortcut.TOLD not in request.environ and _counts():
        own = (request.host, urlsplit(setting("SITE_URL")).netloc)
        host = came_from(request.form.get("from", ""), own)
        telling.tell(Beacon(article.id, visitors.visitor_hash(), clock.now(), host))
    return _counters(article)


@bp.post("/articles/<id:article_id>/depth")
def count_depth(article_id: int) -> ResponseReturnValue:
    """What a page says when it is left: how much of the text was reached. Counts for a view that was counted."""
    article = _article(article_id)
    depth = request.form.get("reached", type=int)
    if depth not in DEPTHS:
        abort(422, description="How much was read is said in quarters: 25, 50, 75 or 100.")
    if _counts():
        telling.tell(Beacon(article.id, visitors.visitor_hash(), clock.now(), depth=depth))
    return "", 204


@bp.get("/_fragments/counters/<id:article_id>")
def counters(article_id: int) -> Response:
    """The counters as they stand now: the page asks again when a reader comes back from sharing."""
    return _counters(_article(article_id))


@bp.post("/articles/<id:article_id>/shares")
def count_share(article_id: int) -> ResponseReturnValue:
    """Counts a share and leads to the network's own page with headline and address filled in."""
    article = _article(article_id)
    network = BY_NAME.get(request.form.get("network", ""))
    if network is None:
        abort(422, description="This network is not one that articles can be shared to here.")
    if network.name == "mastodon":
        return _share_to_mastodon(article)
    _count(article, network)
    if htmx.is_htmx():
        return _counters(article)
    return redirect(network.intent(_share(article)) if network.intent else article.permalink, code=303)


@bp.get("/articles/<id:article_id>/shares/mastodon")
def mastodon(article_id: int) -> str:
    """Asks on which server the reader is."""
    return render_template(
        "sharing/mastodon.html", article=_article(article_id), server="", error="", intent=""
    )


@bp.get("/how-we-count")
def how_we_count() -> str:
    return render_template(
        "sharing/how_we_count.html",
        most_hosts=MOST_HOSTS,
        reading_hours=READING_SECONDS // 3600,
        kept_days=KEPT_DAYS,
    )


def _share_to_mastodon(article: Article) -> ResponseReturnValue:
    """Without a server's name: to the page that asks. With one: a page with the link to it.

    A link and not a redirect, since the policy's form-action cannot list every server there is.
    """
    typed = request.form.get("server", "")
    if not typed:
        return redirect(f"/articles/{article.id}/shares/mastodon", code=303)
    try:
        intent, error = mastodon_intent(mastodon_host(typed), _share(article)), ""
    except ValueError as problem:
        intent, error = "", str(problem)
    if intent:
        _count(article, BY_NAME["mastodon"])
    page = render_template(
        "sharing/mastodon.html", article=article, server=typed[:300], error=error, intent=intent
    )
    return page, 422 if error else 200


def _article(article_id: int) -> Article:
    return queries.live_article(article_id) or abort(404)


def _share(article: Article) -> Share:
    site = current_site()
    picture = article.lead_media
    shown = picture is not None and picture.is_image and not article.is_protected
    return Share(
        headline=article.headline or site.title,
        url=article.canonical_url or site.absolute(article.permalink),
        picture=site.absolute(picture.url) if picture is not None and shown else "",
    )


def _count(article: Article, network: Network) -> None:
    if _counts():
        actions.count_share(article.id, network.name, visitors.visitor_hash())


def _counts() -> bool:
    """Programs, browsers that fetch for later, and signed-in staff are answered and not counted."""
    purpose = " ".join(request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    if is_ahead_of_reader(purpose) or is_bot(request.headers.get("User-Agent", "")):
        return False
    return current_account() is None


def _counters(article: Article) -> Response:
    totals, shares = queries.counters(article.id)
    page = render_template(
        "sharing/_counters.html",
        article=article,
        totals=totals,
        shares=shares,
        swap=True,
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
