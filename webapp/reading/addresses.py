"""Every address that is not a route of the site's own: permalinks, attachment pages, redirects, what is gone.

Registered last, since its rule catches everything. Also the forms of address that WordPress had.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, RequestRedirect
from werkzeug.wrappers import Response

from webapp.models import Address, AddressKind, Article, Status, address_key
from webapp.reading import address_queries, archive_queries, unlock
from webapp.reading.legacy import legacy_redirect
from webapp.reading.pages import render_article
from webapp.reading.redirects import folded, joined, moved
from webapp.syndicating import discussions
from webapp.syndicating.metadata import PageMeta

bp = Blueprint("addresses", __name__)

READING = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST = 2000
_HOPS = 5
_YIELDING = re.compile(r"archives\.(?:year|month|day|category|tag|author)")
"""Archives whose addresses an article, a redirect or a page may have, where there is no such list."""
_ENDING = re.compile(
    r"(?P<base>/.*?)/"
    r"(?P<ending>(?P<page>\d{1,4})|(?P<feed>feed(?:/(?:rss2?|rdf|(?P<atom>atom)))?)|comment-page-(?P<comments>\d{1,5})"
    r"|(?P<same>amp|embed|trackback))/*",
    re.IGNORECASE,
)


@bp.before_app_request
def tidy() -> Response | None:
    """Doubled slashes fold, and WordPress's questions to the front page are answered."""
    if request.method not in ("GET", "HEAD"):
        return None
    # The framework drops slashes at the beginning by itself; only the server's own path still shows them.
    if "//" in request.environ["PATH_INFO"]:
        return moved(folded(request.path))
    return legacy_redirect() if request.path == "/" and request.args else None


@bp.route("/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def anything(path: str) -> ResponseReturnValue:
    """What lives at the address; 405 where only the method is wrong, 404 for all else."""
    found = page_at(request.path) if request.method in READING else None
    if found is None:
        _refuse_method(request.path)
        if request.method not in READING and len(path) <= LONGEST:
            address, article = address_queries.owners([path]).get(address_key(path), (None, None))
            if address is not None and (article is None or article.is_live()):
                raise MethodNotAllowed(valid_methods=sorted(READING))
    return found or abort(404)


def page_at(path: str) -> ResponseReturnValue | None:
    """The answer for the decoded path of this request, None where nobody lives. Aborts with 410 for what is gone."""
    if len(path) > LONGEST:
        return None
    places = list(_places(path))
    found = address_queries.owners(base for base, _ in places)
    for base, ending in places:
        address, article = found.get(address_key(base), (None, None))
        if address is not None:
            return _answer(address, article, ending)
    return None


def reserved(path: str) -> bool:
    """Whether the site's own routes answer at this path, so that nothing else can live there."""
    return any(_is_own(form) for form in dict.fromkeys((folded(unquote(path)), address_key(path))))


def is_unlocked(article: Article) -> bool:
    """Whether this reader may see the article's text (see unlock)."""
    return unlock.is_unlocked(article)


def _places(path: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    yield path, None
    ending = _ENDING.fullmatch(path)
    if ending:
        yield ending["base"], ending


def _answer(
    address: Address, article: Article | None, ending: re.Match[str] | None
) -> ResponseReturnValue | None:
    match address.kind:
        case AddressKind.gone:
            abort(410, description="What stood here was taken down for good.")
        case AddressKind.redirect:
            return _follow(address, article, ending)
        case AddressKind.attachment if ending is None:
            return _attachment(address)
        case AddressKind.permalink if article is not None:
            return _article(article, ending)
    return None


def _follow(address: Address, article: Article | None, ending: re.Match[str] | None) -> Response | None:
    """301 to where an old address leads in the end; None when that is nowhere, or in a circle."""
    seen = {address.key}
    for _ in range(_HOPS):
        if address.article_id is not None:
            live = article is not None and article.is_live() and article.path is not None
            return moved(_with_ending(article.permalink, ending)) if article and live else None
        target = address.target.partition("?")[0].partition("#")[0]
        key = address_key(target)
        if key in seen:
            return None
        seen.add(key)
        following, article = address_queries.owners([target]).get(key, (None, None))
        if following is None or following.kind != AddressKind.redirect:
            hidden = following is not None and article is not None and not article.is_live()
            return None if hidden else moved(_with_ending(address.target, ending))
        address = following
    return None


def _with_ending(path: str, ending: re.Match[str] | None) -> str:
    return joined(path, ending["ending"]) if ending and not ending["same"] else path


def _article(article: Article, ending: re.Match[str] | None) -> ResponseReturnValue | None:
    if article.status == Status.unpublished:
        abort(410, description=article.gone_note or None)
    if not article.is_live():
        return None
    if ending is None or ending["page"]:
        page = int(ending["page"]) if ending else 1
        return _text(article, page, is_numbered=ending is not None) if page else None
    if ending["feed"]:
        return discussions.feed_of(article, "atom" if ending["atom"] else "rss")
    if ending["comments"] and int(ending["comments"]) > 1:
        return moved(f"{article.permalink.rstrip('/')}/comments/page/{int(ending['comments'])}")
    return moved(article.permalink)


def _text(article: Article, page: int, *, is_numbered: bool) -> ResponseReturnValue:
    """The article's page at its exact address, or the way there; a protected one asks for its password."""
    path = joined(article.permalink, str(page)) if is_numbered and page > 1 else article.permalink
    if request.path != unquote(path):
        return moved(path)
    if not unlock.is_unlocked(article):
        return unlock.ask(article)
    response = render_article(article, page=page, is_whole=True)
    if article.is_protected:
        response.headers["Cache-Control"] = unlock.PRIVATE
    return response


def _attachment(address: Address) -> ResponseReturnValue | None:
    """The page of a media file, seen by whoever may see the article that it was uploaded to."""
    media, parent = address_queries.media_with_parent(address.media_id or 0)
    if parent is not None and not parent.is_live():
        return None
    if request.path != unquote(address.path):
        return moved(address.path)
    if parent is not None and not unlock.is_unlocked(parent):
        return redirect(parent.permalink, code=302)
    meta = PageMeta(
        media.title or media.caption or media.file.rsplit("/", 1)[-1], address.path, media.caption
    )
    response = current_app.make_response(
        render_template("reading/attachment.html", media=media, parent=parent, page_meta=meta)
    )
    if parent is not None and parent.is_protected:
        response.headers["Cache-Control"] = unlock.PRIVATE
    return response


def _is_own(path: str) -> bool:
    try:
        endpoint, values = _own_map(current_app).bind("localhost").match(path)  # pyright: ignore[reportGeneralTypeIssues]
    except (MethodNotAllowed, RequestRedirect):
        return True
    except HTTPException:
        return False
    if _YIELDING.fullmatch(endpoint):
        return archive_queries.is_there(endpoint, values)
    return True


def _refuse_method(path: str) -> None:
    """Raises MethodNotAllowed where a route of the site's own is at this path, only not for this method."""
    try:
        _own_map(current_app).bind("localhost").match(path, request.method)
    except MethodNotAllowed:
        raise
    except HTTPException:
        return


def _own_map(app: Flask) -> Map:
    """All routes but the one that catches everything."""
    if "standfirst_own_map" not in app.extensions:
        own = Map(strict_slashes=False, merge_slashes=False, converters=app.url_map.converters)
        for rule in app.url_map.iter_rules():
            if rule.endpoint != f"{bp.name}.anything":
                own.add(rule.empty())
        app.extensions["standfirst_own_map"] = own
    return app.extensions["standfirst_own_map"]
