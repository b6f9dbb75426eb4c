"""The archives: by category, tag, author and date, all articles by month, and the numbered pages of WordPress."""

from __future__ import annotations

from itertools import groupby
from urllib.parse import unquote

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from webapp.reading import addresses, archive_queries
from webapp.reading.archive_queries import Archive
from webapp.reading.keyset import Cursor
from webapp.reading.redirects import moved
from webapp.reading.routes import fragment
from webapp.settings import setting
from webapp.site import current_site
from webapp.syndicating.metadata import PageMeta

bp = Blueprint("archives", __name__)

LAST_PAGE = 50_000
"""A number beyond this is no page of any list."""


@bp.get("/category/<path:path>/")
@bp.get("/category/<path:path>/page/<int:page>/")
def category(path: str, page: int | None = None) -> ResponseReturnValue:
    """A category with the articles of those below it; under another parent's path it leads to its own."""
    return _show(archive_queries.of_category(path), page)


@bp.get("/tag/<slug>/")
@bp.get("/tag/<slug>/page/<int:page>/")
def tag(slug: str, page: int | None = None) -> ResponseReturnValue:
    return _show(archive_queries.of_tag(slug), page)


@bp.get("/author/<slug>/")
@bp.get("/author/<slug>/page/<int:page>/")
def author(slug: str, page: int | None = None) -> ResponseReturnValue:
    return _show(archive_queries.of_author(slug), page)


@bp.get("/<int(fixed_digits=4):year>/")
@bp.get("/<int(fixed_digits=4):year>/page/<int:page>/")
def year(year: int, page: int | None = None) -> ResponseReturnValue:
    return _show_time(page, year)


@bp.get("/<int(fixed_digits=4):year>/<int:month>/")
@bp.get("/<int(fixed_digits=4):year>/<int:month>/page/<int:page>/")
def month(year: int, month: int, page: int | None = None) -> ResponseReturnValue:
    return _show_time(page, year, month)


@bp.get("/<int(fixed_digits=4):year>/<int:month>/<int:day>/")
@bp.get("/<int(fixed_digits=4):year>/<int:month>/<int:day>/page/<int:page>/")
def day(year: int, month: int, day: int, page: int | None = None) -> ResponseReturnValue:
    return _show_time(page, year, month, day)


@bp.get("/page/<int:page>/")
def all_articles(page: int) -> ResponseReturnValue:
    """The front page's list as WordPress pages it: all articles, the newest first."""
    return _show(archive_queries.everything(), page)


@bp.get("/archive")
def all_months() -> str:
    """Every month in which something has appeared."""
    months = archive_queries.months(current_site().zone)
    years = [(starts, list(found)) for starts, found in groupby(months, key=lambda month: month.starts.year)]
    meta = PageMeta("Archive", "/archive", "Every month in which something has appeared.")
    return render_template("reading/archive_months.html", years=years, page_meta=meta)


@bp.get("/bookmarks")
def bookmarks() -> str:
    """The page of saved articles; the list itself is in the reader's browser."""
    meta = PageMeta("Saved articles", "/bookmarks", "Articles that you have saved in this browser.")
    return render_template("reading/bookmarks.html", page_meta=meta)


@bp.get("/_fragments/archive")
def archive_fragment() -> Response:
    """The next part of an archive's list: ?category=, ?tag=, ?author= or ?date=, and ?after=<cursor>."""
    archive = archive_queries.from_question(request.args, current_site().zone) or abort(404)
    shown = archive_queries.slice_of(archive, _cursor(), setting("ARTICLES_PER_PAGE"))
    return fragment("reading/_archive.html", archive=archive, articles=shown.articles, next_cursor=shown.next)


def _show_time(
    page: int | None, year: int, month: int | None = None, day: int | None = None
) -> ResponseReturnValue:
    """A stretch of time; an article that lives at this very address goes before it."""
    found = addresses.page_at(request.path)
    if found is not None:
        return found
    return _show(archive_queries.of_time(current_site().zone, year, month, day), page)


def _show(archive: Archive | None, page: int | None) -> ResponseReturnValue:
    if archive is None:
        # A renamed category, tag or author has left a redirect in the table of addresses.
        return addresses.page_at(request.path) or _without_page(page) or abort(404)
    if page is not None and page > LAST_PAGE:
        abort(404)
    path = archive.url + (f"page/{page}/" if page and page > 1 else "")
    if request.path != unquote(path):
        return moved(path)
    after = _cursor()
    limit = setting("ARTICLES_PER_PAGE")
    shown = (
        archive_queries.page_of(archive, page, limit)
        if page and after is None
        else archive_queries.slice_of(archive, after, limit)
    )
    if not shown.articles and page:
        abort(404)
    return render_template(
        "reading/archive.html",
        archive=archive,
        articles=shown.articles,
        next_cursor=shown.next,
        page=page or 1,
        is_first=not page and after is None,
        page_meta=PageMeta(archive.heading, path, archive.description, trail=_trail(archive)),
    )


def _without_page(page: int | None) -> ResponseReturnValue | None:
    """For page n of a renamed list: where its first page is now."""
    return addresses.page_at(request.path.rstrip("/").rsplit("/page/", 1)[0] + "/") if page else None


def _trail(archive: Archive) -> tuple[tuple[str, str], ...]:
    return tuple((one.name, one.url) for one in archive.above)


def _cursor() -> Cursor | None:
    text = request.args.get("after", "")
    try:
        return Cursor.parse(text) if text else None
    except ValueError:
        abort(404)
