"""What the pages and fragments of a discussion are made of, for the browser that asks."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from flask import current_app, request
from markupsafe import escape

from webapp.commenting import cookies, lookups, queries
from webapp.commenting.forms import CommentForm, blank_form
from webapp.commenting.queries import Discussion
from webapp.markup import plain_text
from webapp.models import Account, Article, Comment
from webapp.moderating.accounts import current_account

QUOTE_LENGTH = 400
"""Characters of a comment that a reply quotes."""


@dataclass
class Reply:
    """The form and what it says: `base` of its address, the comment answered, and what is wrong with it as a whole."""

    base: str
    form: CommentForm
    account: Account | None = None
    to_id: int | None = None
    to_name: str = ""
    problem: str = ""
    preview: str = ""
    """The text as readers would see it (clean HTML), where that was asked for."""

    @property
    def errors(self) -> list[tuple[str, str]]:
        """What is wrong with fields: (name, words)."""
        return [(field.name, str(field.errors[0])) for field in self.form if field.errors]


def discussion_for(article: Article, *, reply: Reply | None = None, **wanted: Any) -> Discussion | None:
    """The discussion as this browser sees it, with its form; `wanted` goes to queries.discussion."""
    found = queries.discussion(article, writer_hash=writer_hash(), **wanted)
    if found is not None:
        found.reply = reply or (None if found.closed else reply_to(article, wanted.get("focus")))
    return found


def reply_to(
    article: Article, comment: Comment | None = None, form: CommentForm | None = None, problem: str = ""
) -> Reply:
    """The form under a comment, or under the article: a new one, or `form` as it was sent."""
    fresh = form or blank_form(article.id)
    fresh.parent.data = str(comment.id) if comment else ""
    if comment and form is None and request.args.get("quote"):
        fresh.body.data = quoted(comment.body_html)
    fresh.seen.data = fresh.seen.data or str(article.version)
    name = comment.name if comment else ""
    to_id = comment.id if comment else None
    return Reply(lookups.base_of(article), fresh, staff_account(), to_id, name, problem)


def quoted(html: str) -> str:
    """A comment's words as a quotation to begin a reply with; long ones are cut at a word."""
    text = escape(shorten(plain_text(html), QUOTE_LENGTH, placeholder=" …"))
    return f"<blockquote>{text}</blockquote>\n\n"


def writer_hash() -> str | None:
    """The hash of this browser's writer, None without the cookie."""
    writer = cookies.current_writer()
    return writer.hash if writer else None


def staff_account() -> Account | None:
    """The signed-in account. Readers have no session, so theirs is not even looked at."""
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return None
    cookies.mark_private()
    return current_account()
