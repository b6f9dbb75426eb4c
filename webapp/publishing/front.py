"""The desk's page on which editors choose what leads the front page."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select, update

from webapp import dialects
from webapp.converters import id_from
from webapp.database import db, transaction
from webapp.models import Article
from webapp.moderating.accounts import role_required, told
from webapp.reading import cards, queries, rules, search_queries
from webapp.reading.routes import composed_front

bp = Blueprint("front", __name__)

PLACES = {rules.LEAD: "Lead", rules.SECONDS[0]: "Below, left", rules.SECONDS[1]: "Below, right"}
OFFERED = 12
LOCK = 0x66726F6E74
ADDRESS = "/desk/front"


@bp.get(ADDRESS)
@role_required("editor")
def front() -> str:
    """The three places with what stands there now, and articles to pin: the newest, or those found by ?q=."""
    question = request.args.get("q", "").strip()[: search_queries.LONGEST]
    composed, _ = composed_front()
    shown = dict(zip(PLACES, [composed.lead, *composed.seconds], strict=False))
    return render_template(
        "publishing/front.html",
        places=PLACES,
        shown=shown,
        pinned=queries.pinned_ids(),
        offered=offered(question),
        question=question,
        said=told("front"),
    )


@bp.post(ADDRESS + "/pins")
@role_required("editor")
def pin() -> ResponseReturnValue:
    """Puts `article` at `place`; what stood there goes. 422 for no such place, 404 for nothing that readers see."""
    place = _place()
    article_id = id_from(request.form.get("article", "")) or 0
    article = queries.cards([article_id]).get(article_id) or abort(
        404, description="This article is not there for readers, so it can’t stand on the front page."
    )
    with transaction():
        dialects.lock(LOCK)
        _clear(place)
        db.session.execute(update(Article).where(Article.id == article.id).values(front_place=place))
    flash(f"{PLACES[place]}: “{rules.headline_of(article)}” is pinned.", "front")
    return redirect(ADDRESS, code=303)


@bp.post(ADDRESS + "/unpins")
@role_required("editor")
def unpin() -> ResponseReturnValue:
    """Leaves `place` to the newest article again; harmless when nothing is pinned there."""
    place = _place()
    with transaction():
        dialects.lock(LOCK)
        _clear(place)
    flash(f"{PLACES[place]}: filled by itself again.", "front")
    return redirect(ADDRESS, code=303)


def _place() -> int:
    place = request.form.get("place", type=int)
    if place not in PLACES:
        abort(422, description="The front page has no such place.")
    return place


def _clear(place: int) -> None:
    db.session.execute(update(Article).where(Article.front_place == place).values(front_place=None))


def offered(question: str) -> list[Article]:
    """Articles to choose from: those found, or the newest."""
    if not question:
        newest = select(Article).where(queries.listed()).order_by(*queries.NEWEST_FIRST).limit(OFFERED)
        return cards.read(newest.options(*cards.columns()))
    found = search_queries.search(search_queries.terms_of(question), limit=OFFERED).articles
    listed = queries.cards(article.id for article in found)
    return [listed[article.id] for article in found if article.id in listed]
