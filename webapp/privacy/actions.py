"""What is kept of somebody: collected, erased, and purged when its time is over (docs/privacy.md has the table)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Select, delete, exists, or_, select, update
from sqlalchemy.orm import aliased, joinedload

from webapp import clock
from webapp.contacting import actions as messages
from webapp.database import db, transaction
from webapp.models import (
    Comment,
    CommentFlag,
    CommentLike,
    CommentStatus,
    Message,
    ModerationEntry,
    OutgoingMail,
    PrivacyRequest,
    ProvedAddress,
    ReplyNotice,
    Subscriber,
)
from webapp.moderating.accounts import SESSION_LIFE
from webapp.moderating.actions import record_change
from webapp.people import sessions
from webapp.settings import setting
from webapp.sharing import actions as counts
from webapp.subscribing import actions as newsletter

ERASED_NAME = "Erased"
DAYS_OF_HASHES = 2
"""Hashes of visitor and network mean nothing once their day's key is thrown away."""
DAYS_OF_REQUESTS = 30
DAYS_OF_NOTICES = 30
PORTION = 500
_ADDRESSES = "standfirst-addresses-purged-until"


def collect(email: str) -> dict[str, Any]:
    """Everything that is kept under an address, as JSON takes it. Times are UTC, ISO 8601."""
    query = select(Comment).where(Comment.email == email.lower()).options(joinedload(Comment.article))
    proved = db.session.scalar(select(ProvedAddress).where(ProvedAddress.email == email.lower()))
    reader = db.session.scalar(select(Subscriber).where(Subscriber.email == email.lower()))
    return {
        "email": email.lower(),
        "made_at": clock.now().isoformat(),
        "address_proved_at": proved.proved_at.isoformat() if proved else None,
        "name_proved": proved.name if proved else None,
        "mail_about_replies_stopped_at": proved.stopped_at.isoformat()
        if proved and proved.stopped_at
        else None,
        "newsletter": {
            "state": reader.state,
            "asked_at": reader.asked_at.isoformat(),
            "confirmed_at": reader.confirmed_at.isoformat() if reader.confirmed_at else None,
            "ended_at": reader.ended_at.isoformat() if reader.ended_at else None,
        }
        if reader
        else None,
        "comments": [_as_json(one) for one in db.session.scalars(query.order_by(Comment.id))],
        "messages": [
            {
                "sent_at": one.created_at.isoformat(),
                "name": one.name,
                "subject": one.subject,
                "text": one.body,
            }
            for one in db.session.scalars(select(Message).where(Message.email == email.lower()))
        ],
    }


def _as_json(comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.id,
        "article": comment.article.headline,
        "address": f"{setting('SITE_URL')}{comment.article.permalink}",
        "answers": comment.parent_id,
        "written_at": comment.created_at.isoformat(),
        "changed_at": comment.edited_at.isoformat() if comment.edited_at else None,
        "name": comment.name,
        "website": comment.website,
        "text": comment.body_source,
        "state": comment.status,
        "likes": comment.like_count,
        "what_the_rules_said": comment.verdicts,
        "told_about_replies": comment.notify,
    }


def erase(email: str) -> int:
    """Takes everything personal of an address out: its comments lose name, address and text and leave the discussion
    (replies of others stay). Ids and decisions stay in the log. Gives how many comments there were."""
    email = email.lower()
    with transaction():
        comments = db.session.scalars(
            select(Comment).where(Comment.email == email).order_by(Comment.id).with_for_update()
        ).all()
        writers = {one.writer_hash for one in comments if one.writer_hash}
        for comment in comments:
            if comment.status != CommentStatus.trashed or not comment.is_withdrawn:
                record_change(comment, CommentStatus.trashed, "erasure")
            _blank(comment)
        _forget_writers(writers)
        db.session.execute(delete(ProvedAddress).where(ProvedAddress.email == email))
        db.session.execute(delete(Message).where(Message.email == email))
        newsletter.remove(email)
        db.session.execute(delete(OutgoingMail).where(OutgoingMail.recipient == email))
    return len(comments)


def _blank(comment: Comment) -> None:
    comment.name, comment.email, comment.website, comment.notify = ERASED_NAME, "", "", ""
    comment.body_source = comment.body_html = ""
    comment.verdicts = []
    comment.visitor_hash = comment.network_hash = comment.writer_hash = None
    comment.fingerprint = comment.retry_key = None
    comment.is_proved = comment.is_pinned = False
    comment.is_withdrawn = True


def _forget_writers(writers: set[str]) -> None:
    """Likes stay counted and flags stay reasons; both lose whom they came from."""
    if not writers:
        return
    db.session.execute(delete(CommentLike).where(CommentLike.writer_hash.in_(writers)))
    flags = update(CommentFlag).where(CommentFlag.writer_hash.in_(writers)).values(reason="Erased")
    db.session.execute(flags.execution_options(synchronize_session=False))


def purge() -> int:
    """Everything whose time is over. Gives how many rows were touched; called again as long as there are any."""
    sessions.purge(clock.now() - SESSION_LIFE)
    messages.purge()
    newsletter.purge()
    return sum(
        (_purge_rejected(), _purge_hashes(), _purge_addresses(), _purge_rest(), counts.forget_old_days())
    )


def _purge_rejected() -> int:
    """Spam and trash go for good; what has replies keeps its empty place. The time begins with the last decision, and
    what an import brought stays until somebody decides on it."""
    now = clock.now()
    entry = ModerationEntry.comment_id == Comment.id
    is_ours = or_(Comment.imported_id.is_(None), exists().where(entry))
    old: list[Comment] = []
    for status, name in ((CommentStatus.spam, "KEEP_SPAM_DAYS"), (CommentStatus.trashed, "KEEP_TRASH_DAYS")):
        days = setting(name)
        if days:
            limit = now - timedelta(days=days)
            was_moved = exists().where(entry, ModerationEntry.created_at >= limit)
            query = select(Comment).where(
                Comment.status == status,
                Comment.created_at < limit,
                Comment.body_source != "",
                ~was_moved,
                is_ours,
            )
            old += db.session.scalars(query.order_by(Comment.id).limit(PORTION)).all()
    if not old:
        return 0
    with transaction(unseen=True):
        ids = [comment.id for comment in old]
        answered = set(_answered(ids))
        db.session.execute(delete(Comment).where(Comment.id.in_([one for one in ids if one not in answered])))
        for comment in old:
            if comment.id in answered:
                _blank(comment)
    return len(old)


def _answered(ids: Iterable[int]) -> list[int]:
    reply = aliased(Comment)
    has_reply = exists().where(reply.parent_id == Comment.id)
    return list(db.session.scalars(select(Comment.id).where(Comment.id.in_(list(ids)), has_reply)))


def _purge_hashes() -> int:
    limit = clock.now() - timedelta(days=DAYS_OF_HASHES)
    # Not "is not null": this way SQLite finds the few that there are along their index.
    some = select(Comment.id).where(Comment.visitor_hash > "", Comment.created_at < limit)
    return _blank_some(some, visitor_hash=None, network_hash=None, retry_key=None)


def _purge_addresses() -> int:
    """What an import brought along stays: it is not thrown away behind the newsroom's back."""
    days = setting("KEEP_EMAIL_DAYS")
    if not days:
        return 0
    limit = clock.now() - timedelta(days=days)
    some = select(Comment.id).where(
        Comment.email != "",
        Comment.created_at < limit,
        Comment.account_id.is_(None),
        Comment.imported_id.is_(None),
    )
    # A process goes through the old comments of a large paper once, later only through those that came of age since.
    if done := current_app.extensions.get(_ADDRESSES):
        some = some.where(Comment.created_at >= done)
    changed = _blank_some(some, email="", notify="")
    if not changed:
        current_app.extensions[_ADDRESSES] = limit
    return changed


def _blank_some(some: Select[int], **values: Any) -> int:
    """Looked for before the transaction, so that nobody who writes waits for that."""
    ids = db.session.scalars(some.limit(PORTION)).all()
    return _changed(update(Comment).where(Comment.id.in_(ids)).values(values)) if ids else 0


def _purge_rest() -> int:
    now = clock.now()
    requests = delete(PrivacyRequest).where(PrivacyRequest.done_at < now - timedelta(days=DAYS_OF_REQUESTS))
    notices = delete(ReplyNotice).where(ReplyNotice.mailed_at < now - timedelta(days=DAYS_OF_NOTICES))
    return _changed(requests) + _changed(notices)


def _changed(statement: Any) -> int:
    with transaction(unseen=True):
        done = db.session.execute(statement.execution_options(synchronize_session=False))
    return done.rowcount  # pyright: ignore[reportAttributeAccessIssue]
