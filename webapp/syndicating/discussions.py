"""The feed of an article's discussion, at <permalink>/feed/."""

from __future__ import annotations

from urllib.parse import unquote

from flask import abort, request
from werkzeug.wrappers import Response

from webapp.models import Article
from webapp.reading.redirects import moved
from webapp.reading.rules import headline_of
from webapp.syndicating import feeds, queries


def feed_of(article: Article, kind: str) -> Response:
    """The comments under a live article, as RSS or Atom. 404 where it is protected: its readers may be told apart
    from others only by a cookie, and feeds are kept by machines that share them."""
    if article.is_protected:
        abort(404)
    path = feeds.feed_path(article.permalink, kind)
    if request.path != unquote(path):
        return moved(path)
    comments = queries.newest_comments(article)
    return feeds.comment_feed(
        kind, f"Comments on “{headline_of(article)}”", article.permalink, path, comments
    )
