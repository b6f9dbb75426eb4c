"""Readers tell the newsroom about a comment: a reason, once for each reader, seen by staff alone."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from webapp import clock
from webapp.commenting import cookies, lookups
from webapp.commenting.pages import writer_hash
from webapp.commenting.writers import writer_for
from webapp.database import db, transaction
from webapp.htmx import is_htmx
from webapp.markup import clean_text
from webapp.models import Article, Comment, CommentFlag
from webapp.reading.unlock import is_unlocked

bp = Blueprint("flags", __name__)

REASONS = {
    "spam": "Spam or advertising",
    "insult": "Insult or hatred",
    "privacy": "Somebody’s private data",
    "off-topic": "Off topic",
    "other": "Something else",
}
LONGEST = 300
ADDRESS = "/comments/<id:comment_id>/flag"


@bp.get(ADDRESS)
def flag_form(comment_id: int) -> ResponseReturnValue:
    """The reasons to choose from, as a page or for the place below the comment."""
    article, comment = _seen(comment_id, writer_hash())
    return _page(article, comment)


@bp.post(ADDRESS)
def flag(comment_id: int) -> ResponseReturnValue:
    """Keeps a reader's reason. Repeated it changes nothing; 422 without a reason, 409 for the own comment."""
    writer = writer_for("flags")
    article, comment = _seen(comment_id, writer.hash)
    reason, words = request.form.get("reason", ""), clean_text(request.form.get("words", ""))
    problem, status = _problem(comment, writer.hash, reason, words)
    if problem:
        return _page(article, comment, status, problem=problem, reason=reason, words=words)
    keep_flag(comment.id, writer.hash, f"{REASONS[reason]}: {words}" if words else REASONS[reason])
    response = _page(article, comment, is_done=True)
    cookies.keep_writer(response, writer)
    return response


def keep_flag(comment_id: int, writer: str, reason: str) -> None:
    """One flag for each reader; the comment's row is locked, so that each is counted once."""
    with transaction(unseen=True):
        locked = db.session.get(Comment, comment_id, with_for_update=True, populate_existing=True)
        if locked is None or db.session.get(CommentFlag, (comment_id, writer)):
            return
        flag = CommentFlag(comment_id=comment_id, writer_hash=writer, reason=reason, created_at=clock.now())
        db.session.add(flag)
        locked.flag_count += 1


def _problem(comment: Comment, writer: str, reason: str, words: str) -> tuple[str, int]:
    if comment.writer_hash == writer:
        return "This is your own comment. For some minutes you can change or withdraw it.", 409
    if reason not in REASONS:
        return "Please choose a reason.", 422
    if len(words) > LONGEST:
        return f"Please use at most {LONGEST} characters; these are {len(words)}.", 422
    return "", 200


def _seen(comment_id: int, writer: str | None) -> tuple[Article, Comment]:
    article = lookups.article_of(comment_id)
    if article is None or article.comments_hidden or not is_unlocked(article):
        abort(404, description=lookups.GONE)
    return article, lookups.comment_for(comment_id, article.id, writer) or abort(
        404, description=lookups.GONE
    )


def _page(article: Article, comment: Comment, status: int = 200, **context: object) -> Response:
    values: dict[str, object] = {"problem": "", "reason": "", "words": "", "is_done": False, **context}
    template = "commenting/_flag.html" if is_htmx() else "commenting/flag.html"
    base = lookups.base_of(article)
    values |= {
        "comment": comment,
        "base": base,
        "reasons": REASONS,
        "longest": LONGEST,
        "in_page": not is_htmx(),
    }
    page = render_template(template, **values)
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
