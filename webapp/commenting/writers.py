"""The writer behind a request that changes something small: by the cookie, or a new one, and not without limit."""

from __future__ import annotations

from flask import abort, make_response

from webapp import occurrences, visitors
from webapp.commenting import cookies
from webapp.settings import setting

NEW_WRITERS = 100
"""Likes (and, counted apart, flags) that a visitor may give in an hour without the cookie, new each time."""


def writer_for(what: str) -> cookies.Writer:
    """Who likes or flags (`what`, in the plural). 429 for a visitor who throws the cookie away again and again."""
    writer = cookies.current_writer()
    if writer is None:
        writer = cookies.new_writer()
        _limit(what)
    return writer


def _limit(what: str) -> None:
    if not setting("COMMENT_FLOOD_SECONDS"):
        return
    count, wait = occurrences.hit(f"{what} without cookie", visitors.visitor_hash(), 3600)
    if count > NEW_WRITERS:
        response = make_response(f"Too many {what} from here. Please try again later.", 429)
        response.headers["Retry-After"] = str(wait)
        abort(response)
