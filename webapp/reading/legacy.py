"""WordPress's addresses with a question mark, such as /?p=12: each leads to where the thing lives now."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

from flask import abort, request
from werkzeug.wrappers import Response

from webapp.models import Status
from webapp.reading import address_queries
from webapp.reading.redirects import joined, moved

_NUMBER = re.compile(r"\d{1,10}", re.ASCII)
_MONTH = re.compile(r"(\d{4})(\d\d)?(\d\d)?(?:\d{2,6})?", re.ASCII)
_FEEDS = {
    "rss": "feed/",
    "rss2": "feed/",
    "rdf": "feed/",
    "feed": "feed/",
    "atom": "feed/atom/",
}


def legacy_redirect() -> Response | None:
    """301 for a question to the front page that WordPress would have answered; 404 for a thing that is not here.

    None when nothing of that kind was asked, so that the front page itself is meant.
    """
    if "s" in request.args:
        return moved("/search?" + urlencode({"q": request.args["s"]}), keep_query=False)
    for name, find in _FINDERS.items():
        value = request.args.get(name, "").strip()
        if value:
            path = find(value)
            return moved(path, keep_query=False) if path else abort(404)
    if request.args.get("feed", "").startswith("comments"):
        return moved("/comments/feed/", keep_query=False)
    rest = _rest()
    return moved("/" + rest, keep_query=False) if rest else None


def _rest() -> str:
    """What is asked beside a list: one of its feeds or pages."""
    feed = _FEEDS.get(request.args.get("feed", ""), "")
    page = request.args.get("paged", "")
    if feed or not _NUMBER.fullmatch(page):
        return feed
    return f"page/{int(page)}/" if int(page) > 1 else ""


def _article(value: str) -> str | None:
    number = _number(value)
    article = address_queries.article_by_number(number)
    if article is None or (article.imported_id != number and address_queries.attachment_path(number)):
        return address_queries.attachment_path(number)
    if article.status == Status.unpublished:
        abort(410)
    if not article.is_live() or article.path is None:
        return None
    if request.args.get("feed"):
        return joined(article.permalink, "feed")
    for name, form in (("page", "{}"), ("cpage", "comment-page-{}")):
        part = request.args.get(name, "")
        if _NUMBER.fullmatch(part) and int(part) > 1:
            return joined(article.permalink, form.format(int(part)))
    return article.permalink


def _category(value: str) -> str | None:
    category = address_queries.category_by_number(_number(value))
    return category.url + _rest() if category else None


def _tag(value: str) -> str | None:
    tag = address_queries.tag_by_slug(value.lower())
    return tag.url + _rest() if tag else None


def _author(value: str) -> str | None:
    author = address_queries.author_by_number(_number(value))
    return author.url + _rest() if author else None


def _moment(value: str) -> str | None:
    found = _MONTH.fullmatch(value)
    return "/" + "/".join(part for part in found.groups() if part) + "/" if found else None


def _year(value: str) -> str | None:
    parts = [value.zfill(4)]
    for name in ("monthnum", "day"):
        part = request.args.get(name, "")
        if not part:
            break
        parts.append(part.zfill(2))
    return "/" + "/".join(parts) + "/" if all(part.isascii() and part.isdigit() for part in parts) else None


def _number(value: str) -> int:
    """Answers 404 for what is no number or larger than any id."""
    number = int(value) if _NUMBER.fullmatch(value) else 0
    return number if 0 < number <= address_queries.LARGEST_ID else abort(404)


_FINDERS: dict[str, Callable[[str], str | None]] = {
    "p": _article,
    "page_id": _article,
    "attachment_id": _article,
    "cat": _category,
    "category_name": lambda value: f"/category/{value.strip('/')}/{_rest()}",
    "tag": _tag,
    "author": _author,
    "author_name": lambda value: f"/author/{value.strip('/')}/{_rest()}",
    "m": _moment,
    "year": _year,
}
