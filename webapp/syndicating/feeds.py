"""Feeds of articles and of comments, answered with a validator so that an unchanged one costs nothing to send."""

from __future__ import annotations

import hashlib
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit

from feedgenerator import Enclosure
from flask import Response, request

from webapp.filters import long_date
from webapp.markup import PAGE_BREAK
from webapp.models import Article, Comment
from webapp.reading.redirects import joined
from webapp.reading.rules import headline_of
from webapp.site import current_site
from webapp.syndicating.feed_formats import FORMATS, Atom, Rss, clean, with_absolute_links
from webapp.syndicating.metadata import absolute


def article_feed(
    kind: str, title: str, path: str, feed_path: str, articles: list[Article], about: str = ""
) -> Response:
    """Full texts of articles that are loaded with their relations. `path` is the page that the feed belongs to."""
    feed = _feed(kind, title, path, feed_path, about)
    for article in articles:
        feed.add_item(**_cleaned(_article_item(article)))
    return _answer(feed)


def comment_feed(
    kind: str, title: str, path: str, feed_path: str, comments: list[tuple[Comment, Article]]
) -> Response:
    """Approved comments with the articles they stand under."""
    feed = _feed(kind, title, path, feed_path, "What readers say.")
    for comment, article in comments:
        feed.add_item(**_cleaned(_comment_item(comment, article)))
    return _answer(feed)


def article_id(article: Article) -> str:
    """What an article is known by whatever becomes of its slug: WordPress's own form where it came from there."""
    if article.imported_id is not None:
        return absolute(f"/?p={article.imported_id}")
    return f"tag:{urlsplit(current_site().url).hostname},{article.created_at:%Y-%m-%d}:article/{article.id}"


def _feed(kind: str, title: str, path: str, feed_path: str, about: str) -> Rss | Atom:
    site = current_site()
    return FORMATS[kind](
        title=clean(title),
        link=absolute(path),
        description=clean(about or site.tagline or site.title),
        language=site.language,
        author_name=clean(site.title),
        feed_url=absolute(feed_path),
        feed_guid=absolute(feed_path),
    )


def _article_item(article: Article) -> dict[str, Any]:
    text = article.body_html.replace(PAGE_BREAK, "") + article.appendix_html
    for told in article.corrections:
        word = "Correction" if told["change"] == "correction" else "Update"
        text += (
            f"<p><b>{word}, {long_date(datetime.fromisoformat(told['at']))}:</b> {escape(told['note'])}</p>"
        )
    media = article.lead_media
    pictures = [media] if media and media.is_image and media.byte_size else []
    return {
        "title": headline_of(article),
        "link": absolute(article.permalink),
        "description": article.standfirst or article.excerpt,
        "content": with_absolute_links(text, current_site().url),
        "names": [author.name for author in article.authors],
        "pubdate": article.published_at,
        "updateddate": article.updated_at or article.published_at,
        "unique_id": article_id(article),
        "unique_id_is_permalink": False,
        "categories": [one.name for one in (*article.categories, *article.tags)],
        "comments": None if article.comments_hidden else absolute(article.permalink) + "#comments",
        "enclosures": [Enclosure(absolute(one.url), str(one.byte_size), one.mime) for one in pictures],
    }


def _comment_item(comment: Comment, article: Article) -> dict[str, Any]:
    return {
        "title": f"{comment.name} on “{headline_of(article)}”",
        "link": absolute(f"{article.permalink.rstrip('/')}/comments/{comment.id}"),
        "description": comment.body_html,
        "content": comment.body_html,
        "names": [comment.name],
        "pubdate": comment.created_at,
        "updateddate": comment.edited_at or comment.created_at,
        "unique_id": f"{article_id(article)}#comment-{comment.id}",
        "unique_id_is_permalink": False,
    }


def _cleaned(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value if name == "enclosures" else clean(value) for name, value in item.items()}


def _answer(feed: Rss | Atom) -> Response:
    body = feed.writeString("utf-8").encode()
    return conditional(body, feed.content_type, feed.latest_post_date() if feed.items else None)


def conditional(body: bytes, content_type: str, changed: datetime | None = None) -> Response:
    """An answer with ETag and, where it is known, Last-Modified; 304 to whoever has it already."""
    response = Response(body, content_type=content_type)
    response.set_etag(hashlib.blake2b(body, digest_size=12).hexdigest())
    response.last_modified = changed
    response.make_conditional(request)
    return response


def feed_path(base: str, kind: str) -> str:
    """Where a feed of the page at `base` is: `feed/`, and one step further for Atom."""
    return joined(base, "feed/atom" if kind == "atom" else "feed")
