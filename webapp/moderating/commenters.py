"""Who wrote a comment, as far as the newsroom may know: history, thread, and what holds for what is to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from webapp import clock
from webapp.database import db, transaction
from webapp.dialects import insert
from webapp.filters import noun
from webapp.htmx import is_htmx
from webapp.models import BlockedNetwork, Comment, CommentStatus, ModerationEntry, ProvedAddress
from webapp.moderating import actions
from webapp.moderating.accounts import current_account, local_path, role_required
from webapp.moderating.histories import MOST_DECIDED, histories_of, strips_of
from webapp.settings import setting, store

bp = Blueprint("commenters", __name__)
COMMENT = "/moderation/comments/<id:comment_id>"
LATEST = 12
STRIP_LENGTH = 31
MOST_IN_THREAD = 200


@dataclass(frozen=True)
class Commenter:
    """What is known of who wrote `comment`: by the browser's own cookie, and (less surely) by the address typed."""

    comment: Comment
    latest: Sequence[Comment]
    """The newest other comments from the same browser."""
    last_entries: dict[int, ModerationEntry]
    decided: int
    rejected: int
    strip: Sequence[bool]
    """The last of those decisions, oldest first: put away or not."""
    since: object
    likes: int
    names_of_network: int
    """Under how many other names comments came from the same network on the same day."""
    same_address: int
    """Comments with the same address from other browsers."""
    is_proved: bool
    is_held: bool
    is_blocked: bool

    @property
    def is_capped(self) -> bool:
        """There may be more decisions: the newest alone were counted."""
        return self.decided >= MOST_DECIDED

    @property
    def rate(self) -> int:
        return round(100 * self.rejected / self.decided) if self.decided else 0


@bp.get(COMMENT + "/commenter")
@role_required("moderator")
def commenter(comment_id: int) -> ResponseReturnValue:
    """The drawer beside the queue; without HTMX a page."""
    return _drawer(comment_id)


@bp.get(COMMENT + "/thread")
@role_required("moderator")
def thread(comment_id: int) -> ResponseReturnValue:
    """The whole thread around a comment, whatever became of each part."""
    comment = _comment(comment_id)
    query = (
        select(Comment)
        .where(Comment.root_id == comment.root_id, ~Comment.is_withdrawn)
        .order_by(Comment.path)
    )
    found = db.session.scalars(query.limit(MOST_IN_THREAD)).all()
    template = "moderating/_thread.html" if is_htmx() else "moderating/thread.html"
    page = render_template(template, comment=comment, thread=found)
    return make_response(page)


@bp.post(COMMENT + "/listing")
@role_required("moderator")
def listing(comment_id: int) -> ResponseReturnValue:
    """Puts the commenter's address on a list (`list`: held or blocked), or takes it off when it is there already."""
    comment = _comment(comment_id)
    name = {"held": "HELD_ADDRESSES", "blocked": "BLOCKED_ADDRESSES"}.get(request.form.get("list", ""))
    if name is None or not comment.email:
        abort(422, description="There is no such list, or the commenter left no address.")
    entries = list(setting(name))
    entries = (
        [one for one in entries if one != comment.email]
        if comment.email in entries
        else [*entries, comment.email]
    )
    store({name: entries})
    return _drawer(comment_id)


@bp.post(COMMENT + "/network-block")
@role_required("editor")
def block_network(comment_id: int) -> ResponseReturnValue:
    """Blocks the network a comment of today came from: comments keep hashes of the day, no address."""
    comment = _comment(comment_id)
    if not comment.network_hash or clock.day_of(comment.created_at) != clock.day_of(clock.now()):
        abort(
            422,
            description="Only the network of a comment of today can be blocked: its hash means nothing tomorrow.",
        )
    account = current_account()
    values = {
        "daily_hash": comment.network_hash,
        "note": f"Comment {comment.id}",
        "account_id": account.id if account else None,
        "created_at": clock.now(),
    }
    with transaction(unseen=True):
        db.session.execute(insert(BlockedNetwork).values(**values).on_conflict_do_nothing())
    return _drawer(comment_id)


@bp.post(COMMENT + "/rejections")
@role_required("moderator")
def reject_all(comment_id: int) -> ResponseReturnValue:
    """Puts everything from the same browser into the trash; `name` has to be typed as it stands there."""
    comment = _comment(comment_id)
    if request.form.get("name", "").strip() != comment.name:
        return _drawer(comment_id, "The name is not the same. Nothing was changed.", 422)
    account = current_account() or abort(401)
    ids = list(
        db.session.scalars(
            select(Comment.id).where(
                _same_writer(comment), Comment.status.in_((CommentStatus.held, CommentStatus.approved))
            )
        )
    )
    outcome = actions.decide(ids, actions.Decision.trash, by=account)
    moved = len(outcome.changed)
    words = f"{moved} {noun(moved, 'comment')} by {comment.name} {noun(moved, 'is', 'are')} in the trash."
    words += " Each can be restored from the log."
    if is_htmx():
        return _drawer(comment_id, words, 200, done=ids)
    flash(cast("str", {"text": words, "entries": []}), "decision")
    return redirect(local_path(request.form.get("next")), code=303)


def _same_writer(comment: Comment):  # noqa: ANN202 (SQLAlchemy's own type says no more)
    return Comment.writer_hash == comment.writer_hash if comment.writer_hash else Comment.id == comment.id


def _drawer(
    comment_id: int, said: str = "", status: int = 200, done: Sequence[int] = ()
) -> ResponseReturnValue:
    template = "moderating/_commenter.html" if is_htmx() else "moderating/commenter.html"
    page = render_template(
        template, who_wrote=_known(_comment(comment_id)), said=said, done=done, is_wrong=status == 422
    )
    return make_response(page, status)


def _comment(comment_id: int) -> Comment:
    query = select(Comment).where(Comment.id == comment_id, ~Comment.is_withdrawn)
    found = db.session.scalar(query.options(joinedload(Comment.article)))
    return found or abort(404, description="This comment is not there any more.")


def _known(comment: Comment) -> Commenter:
    own = (_same_writer(comment), ~Comment.is_withdrawn)
    latest = db.session.scalars(
        select(Comment)
        .where(*own, Comment.id != comment.id)
        .options(joinedload(Comment.article))
        .order_by(Comment.created_at.desc())
        .limit(LATEST)
    ).all()
    writer = comment.writer_hash or ""
    decided, rejected = histories_of({writer} - {""}).get(writer, (0, 0))
    since, likes = db.session.execute(
        select(func.min(Comment.created_at), func.sum(Comment.like_count)).where(*own)
    ).one()
    others = select(func.count(Comment.name.distinct())).where(
        Comment.network_hash == comment.network_hash, Comment.name != comment.name
    )
    same = select(func.count()).where(
        Comment.email == comment.email,
        or_(Comment.writer_hash.is_(None), Comment.writer_hash != comment.writer_hash),
        Comment.id != comment.id,
    )
    proved = select(ProvedAddress.id).where(ProvedAddress.email == comment.email)
    return Commenter(
        comment,
        latest,
        actions.last_entries([one.id for one in latest]),
        decided,
        rejected,
        strips_of({writer} - {""}, STRIP_LENGTH).get(writer, ()),
        since,
        likes or 0,
        (db.session.scalar(others) or 0) if comment.network_hash else 0,
        (db.session.scalar(same) or 0) if comment.email else 0,
        comment.is_proved and db.session.scalar(proved) is not None,
        comment.email in setting("HELD_ADDRESSES"),
        comment.email in setting("BLOCKED_ADDRESSES"),
    )
