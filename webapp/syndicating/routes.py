"""Feeds of articles and comments; sitemaps for search engines; robots.txt."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, abort, current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue

from webapp.assets import FOREVER
from webapp.markup_text import printable
from webapp.models import Kind
from webapp.models.article import SITEMAP_LENGTH
from webapp.reading import archive_queries
from webapp.reading.archive_queries import Archive
from webapp.reading.queries import cards
from webapp.reading.redirects import moved
from webapp.site import current_site
from webapp.syndicating import feeds, queries, share_picture
from webapp.syndicating.metadata import Metadata, PageMeta, absolute, article_metadata, page_metadata

bp = Blueprint("syndicating", __name__)
bp.add_app_template_global(article_metadata, "article_metadata")
bp.add_app_template_global(page_metadata, "page_metadata")
bp.add_app_template_filter(absolute, "absolute")
bp.add_app_template_filter(printable, "printable")

_XML = "application/xml; charset=utf-8"
_KINDS = {"articles": Kind.article, "pages": Kind.page}
_ATOM = "feed/atom/"
_OLD = "feed/<any(rss, rss2, rdf, feed):_old>/"
"""Other names that WordPress has for a feed."""


@bp.app_template_global()
def front_metadata() -> Metadata:
    """What the front page says about itself."""
    site = current_site()
    return page_metadata(PageMeta(site.title, "/", site.tagline))


@bp.get("/feed/", defaults={"kind": "rss"})
@bp.get("/" + _ATOM, defaults={"kind": "atom"})
def site_feed(kind: str) -> ResponseReturnValue:
    """The newest articles of the whole paper."""
    path = feeds.feed_path("/", kind)
    if request.path != path:
        return moved(path)
    return feeds.article_feed(kind, current_site().title, "/", path, queries.newest())


@bp.get("/comments/feed/", defaults={"kind": "rss"})
@bp.get("/comments/" + _ATOM, defaults={"kind": "atom"})
def comments_feed(kind: str) -> ResponseReturnValue:
    """The newest comments under all articles."""
    path = feeds.feed_path("/comments/", kind)
    if request.path != path:
        return moved(path)
    title = f"Comments on {current_site().title}"
    return feeds.comment_feed(kind, title, "/", path, queries.newest_comments())


@bp.get("/category/<path:name>/feed/", defaults={"kind": "rss"})
@bp.get("/category/<path:name>/" + _ATOM, defaults={"kind": "atom"})
def category_feed(name: str, kind: str) -> ResponseReturnValue:
    return _archive_feed(archive_queries.of_category(name), kind)


@bp.get("/tag/<name>/feed/", defaults={"kind": "rss"})
@bp.get("/tag/<name>/" + _ATOM, defaults={"kind": "atom"})
def tag_feed(name: str, kind: str) -> ResponseReturnValue:
    return _archive_feed(archive_queries.of_tag(name), kind)


@bp.get("/author/<name>/feed/", defaults={"kind": "rss"})
@bp.get("/author/<name>/" + _ATOM, defaults={"kind": "atom"})
def author_feed(name: str, kind: str) -> ResponseReturnValue:
    return _archive_feed(archive_queries.of_author(name), kind)


@bp.get("/" + _OLD)
@bp.get("/comments/" + _OLD)
@bp.get("/category/<path:_name>/" + _OLD)
@bp.get("/tag/<_name>/" + _OLD)
@bp.get("/author/<_name>/" + _OLD)
def feed_by_old_name(_old: str, _name: str = "") -> ResponseReturnValue:
    """Every other format that WordPress had is answered by RSS 2.0."""
    return moved(request.path.rstrip("/").rpartition("/")[0] + "/")


def _archive_feed(archive: Archive | None, kind: str) -> ResponseReturnValue:
    from webapp.reading.addresses import page_at

    if archive is None:
        return page_at(request.path) or abort(404)
    path = feeds.feed_path(archive.url, kind)
    if request.path != path:
        return moved(path)
    title = f"{archive.heading} – {current_site().title}"
    return feeds.article_feed(
        kind,
        title,
        archive.url,
        path,
        queries.newest(archive.members, archive.starts, archive.ends),
        archive.description,
    )


@bp.get("/sitemap.xml")
def sitemap_index() -> Response:
    parts = [
        (name, part, changed)
        for name, kind in _KINDS.items()
        for part, changed in queries.sitemap_parts(kind)
    ]
    return _xml("syndicating/sitemap_index.xml", parts=parts)


@bp.get("/sitemaps/<any(articles, pages):name>-<int:part>.xml")
def sitemap(name: str, part: int) -> Response:
    """Articles or pages, up to 5,000 of them."""
    places = queries.sitemap_places(_KINDS[name], part) if 0 < part < 2**31 // SITEMAP_LENGTH else []
    return _xml("syndicating/sitemap.xml", places=places) if places else abort(404)


@bp.get("/sitemaps/categories.xml")
def sitemap_categories() -> Response:
    """The front page and the categories."""
    return _xml("syndicating/sitemap.xml", places=[queries.Place("/"), *queries.sitemap_categories()])


@bp.get("/wp-sitemap.xml")
@bp.get("/sitemap_index.xml")
def old_sitemap() -> ResponseReturnValue:
    return moved("/sitemap.xml")


@bp.get("/news-sitemap.xml")
def news_sitemap() -> Response:
    """What has appeared within 48 hours, for news search."""
    return _xml("syndicating/news_sitemap.xml", articles=queries.news())


@bp.get("/robots.txt")
def robots() -> Response:
    return feeds.conditional(render_template("syndicating/robots.txt").encode(), "text/plain; charset=utf-8")


@bp.get("/share-pictures/<id:article_id>-<string(length=16):key>.png")
def share_picture_of(article_id: int, key: str) -> Response:
    """What a link to an article without a photograph shows elsewhere."""
    article = cards([article_id]).get(article_id) or abort(404)
    if key != share_picture.key(article):
        abort(404)
    folder = Path(current_app.instance_path) / "pictures" / "share"
    response = send_file(share_picture.drawn(article, current_site().title, folder), mimetype="image/png")
    response.headers["Cache-Control"] = FOREVER
    return response


def _xml(template: str, **context: object) -> Response:
    return feeds.conditional(render_template(template, **context).encode(), _XML)
