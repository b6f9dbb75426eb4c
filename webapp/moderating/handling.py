"""What a moderator does about a comment besides deciding: pin it, close its discussion, tell its writer why."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import update

from webapp.database import db, transaction
from webapp.htmx import is_htmx
from webapp.mailing.actions import queue_mail
from webapp.mailing.letters import Letter, Quote, Words
from webapp.models import Article, Comment, CommentStatus, WorkingCopy
from webapp.moderating import actions, chain, queries, queue_queries
from webapp.moderating.accounts import current_account, local_path, role_required
from webapp.settings import setting

bp = Blueprint("handling", __name__)
COMMENT = "/moderation/comments/<id:comment_id>"

REASONS = {
    "off-topic": ("Off topic", "it is about something else than the article"),
    "personal": (
        "Personal",
        "it attacks a person instead of an argument, or says private things about somebody",
    ),
    "advertising": ("Advertising", "it advertises something"),
    "unclear": ("Unclear", "we could not make out what it says"),
    "double": ("Said before", "the same has been said in this discussion already"),
}
"""Why a comment was not taken: the button's word, and how the mail to its writer goes on after "because"."""


def rejection_reasons() -> dict[str, tuple[str, str]]:
    """REASONS, for templates."""
    return REASONS


@bp.post(COMMENT + "/pin")
@role_required("moderator")
def pin(comment_id: int) -> ResponseReturnValue:
    """Shows an approved comment above its discussion, in place of any other; again takes it down. 409 otherwise."""
    with transaction():
        comment = db.session.get(Comment, comment_id, with_for_update=True, populate_existing=True)
        if comment is None or comment.status != CommentStatus.approved:
            abort(
                409,
                description="Only a comment that readers see can stand above the others. Approve it first.",
            )
        others = update(Comment).where(Comment.article_id == comment.article_id, Comment.is_pinned)
        is_pinned = not comment.is_pinned
        db.session.execute(others.values(is_pinned=False).execution_options(synchronize_session=False))
        comment.is_pinned = is_pinned
        account = current_account() or abort(401)
        actions.record_pin(comment, is_pinned=is_pinned, account_id=account.id)
    name = comment.name
    return _said(
        f"The comment by {name} stands above the discussion."
        if is_pinned
        else f"The comment by {name} is taken down."
    )


@bp.post("/moderation/articles/<id:article_id>/closing")
@role_required("moderator")
def close(article_id: int) -> ResponseReturnValue:
    """Closes a discussion, or opens it again. What was said stays."""
    account = current_account() or abort(401)
    with transaction():
        article = Article.locked(article_id) or abort(404)
        article.comments_open = not article.comments_open
        copy = db.session.get(WorkingCopy, article.id, with_for_update=True)
        if copy is not None:
            # What an editor has begun keeps the decision: publishing it does not open the discussion again.
            copy.fields = copy.fields | {"comments_open": article.comments_open}
            if copy.due_fields is not None:
                copy.due_fields = copy.due_fields | {"comments_open": article.comments_open}
        deed = "reopen" if article.comments_open else "close"
        chain.record(deed, f"article:{article.id}", account_id=account.id)
    return _said(
        f"The discussion of “{article.headline}” is open again."
        if article.comments_open
        else f"The discussion of “{article.headline}” is closed. What was said stays."
    )


@bp.post(COMMENT + "/reason")
@role_required("moderator")
def give_reason(comment_id: int) -> ResponseReturnValue:
    """Mails the writer of a rejected comment why, once. 409 where it was not rejected or no address was left."""
    label, because = REASONS.get(request.form.get("reason", "")) or abort(
        422, description="Choose one of the reasons."
    )
    comment = db.session.get(Comment, comment_id) or abort(404)
    if (
        comment.status not in (CommentStatus.trashed, CommentStatus.spam)
        or comment.is_withdrawn
        or not comment.email
    ):
        abort(409, description="This comment is not rejected, or its writer left no address.")
    article = db.session.get_one(Article, comment.article_id)
    letter = Letter(
        f"Your comment on “{article.headline}”",
        (
            Words(f"Hello {comment.name}, we did not take your comment, because {because}."),
            Quote("You wrote:", comment.body_source[:2000]),
            Words("You are welcome to write another one."),
        ),
        footer=f"You get this because you commented on {setting('SITE_TITLE')} with this address.",
    )
    with transaction(unseen=True):
        is_new = queue_mail(f"reason:{comment.id}", comment.email, letter)
    return _said(
        f"{comment.name} is told: {label.lower()}." if is_new else f"{comment.name} has been told already."
    )


@bp.get("/moderation/changes")
@role_required("moderator")
def changes() -> ResponseReturnValue:
    """What others decided since entry ?after= on the comments ?shown=1,2,3: their rows leave, the numbers follow."""
    after = request.args.get("after", 0, type=int)
    shown = [
        int(one)
        for one in request.args.get("shown", "").split(",")[:200]
        if one.isdecimal() and len(one) < 10
    ]
    entries = queries.entries_since(after, shown)
    newest = max([after, *(entry.id for entry in entries.values())])
    status = request.args.get("status", "")
    taken = [
        change
        for change in queries.changes_of(entries)
        if not queue_queries.stands_in(change.comment, status)
    ]
    page = render_template(
        "moderating/_changes.html",
        newest=newest,
        taken=taken,
        status=status if status in queue_queries.TABS else CommentStatus.held,
        q="",
        counts=queue_queries.counts(),
        tabs=queue_queries.TABS,
    )
    return make_response(page)


def _said(text: str) -> ResponseReturnValue:
    if is_htmx():
        toast = {"text": text, "entries": []}
        here = local_path(request.form.get("next"))
        return make_response(render_template("moderating/_toast.html", toast=toast, status="", here=here))
    # Flask's own type allows only text; a session keeps dictionaries as well.
    flash(cast("str", {"text": text, "entries": []}), "decision")
    return redirect(local_path(request.form.get("next")), code=303)
