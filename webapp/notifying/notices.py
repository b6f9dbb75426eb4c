"""Replies that their writers are told about: noted with the approval, mailed by `standfirst work`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from webapp import clock
from webapp.database import db, transaction
from webapp.dialects import insert
from webapp.mailing.actions import queue_mail
from webapp.mailing.letters import Action, Letter, Part, Quote
from webapp.models import (
    Address,
    AddressKind,
    Article,
    Comment,
    CommentStatus,
    ProvedAddress,
    ProvedWriter,
    ReplyNotice,
)
from webapp.notifying.proofs import stop_address
from webapp.settings import setting

PAUSE = timedelta(minutes=1)
"""A reply is mailed this long after its approval, so that one taken back at once never is."""
DAILY_HOUR = 7
"""The hour of the site's day at which digests go out."""
MOST_IN_A_MAIL = 20


def note_reply(reply: Comment) -> None:
    """Called inside the transaction that approves `reply`: notes it for whom it answers, if they asked."""
    if reply.parent_id is None:
        return
    query = (
        select(ProvedAddress.id, Comment.notify)
        .join(Comment, Comment.email == ProvedAddress.email)
        .join(
            ProvedWriter,
            and_(
                ProvedWriter.address_id == ProvedAddress.id, ProvedWriter.writer_hash == Comment.writer_hash
            ),
        )
        .where(
            Comment.id == reply.parent_id,
            Comment.notify != "",
            Comment.status == CommentStatus.approved,
            Comment.email != reply.email,
            ProvedAddress.stopped_at.is_(None),
        )
    )
    found = db.session.execute(query).first()
    if found is None:
        return
    is_daily = found.notify == "daily"
    now = clock.now()
    values = {
        "comment_id": reply.id,
        "address_id": found.id,
        "is_daily": is_daily,
        "due_at": _next_digest(now) if is_daily else now + PAUSE,
    }
    db.session.execute(insert(ReplyNotice).values(**values).on_conflict_do_nothing())


def mail_notices() -> int:
    """Makes mail of the notices that are due: one for each address, with what can still be read. Gives how many."""
    now = clock.now()
    due = and_(ReplyNotice.mailed_at.is_(None), ReplyNotice.due_at <= now)
    if db.session.scalar(select(ReplyNotice.id).where(due).limit(1)) is None:
        return 0
    made = 0
    with transaction(unseen=True):
        query = select(ReplyNotice).where(due).order_by(ReplyNotice.id).limit(200)
        by_address: dict[int, list[ReplyNotice]] = defaultdict(list)
        for notice in db.session.scalars(query.with_for_update(skip_locked=True)):
            notice.mailed_at = now
            by_address[notice.address_id].append(notice)
        for address_id, notices in by_address.items():
            made += _mail(db.session.get_one(ProvedAddress, address_id), notices)
    return made


def _mail(address: ProvedAddress, notices: Sequence[ReplyNotice]) -> bool:
    if address.stopped_at is not None:
        return False
    replies = _readable([notice.comment_id for notice in notices])
    if not replies:
        return False
    parts: list[Part] = []
    for reply, parent_name, headline, link in replies[:MOST_IN_A_MAIL]:
        parts += [
            Quote(f"{reply.name} has answered {parent_name} under “{headline}”:", reply.body_source[:1000]),
            Action("Read and answer", link),
        ]
    first = replies[0]
    subject = (
        f"{first[0].name} has answered you: {first[2]}"
        if len(replies) == 1
        else f"{len(replies)} answers to you"
    )
    footer = f"You asked {setting('SITE_TITLE')} to tell you about replies to your comments."
    letter = Letter(subject, tuple(parts), footer, stop_address(address))
    return queue_mail(f"replies:{address.id}:{notices[0].id}", address.email, letter)


def _readable(ids: list[int]) -> list[tuple[Comment, str, str, str]]:
    """The replies that everybody can read now, with the name of who is answered, the headline and the whole address."""
    parent = aliased(Comment)
    query = (
        select(Comment, parent.name, Article.headline, Address.path)
        .join(Article, Article.id == Comment.article_id)
        .join(Address, and_(Address.article_id == Article.id, Address.kind == AddressKind.permalink))
        .join(parent, parent.id == Comment.parent_id)
        .where(Comment.id.in_(ids), Comment.status == CommentStatus.approved, Article.live())
        .where(~Article.comments_hidden, Article.password_hash.is_(None))
        .order_by(Comment.id)
    )
    return [
        (reply, name, headline, f"{setting('SITE_URL')}{path.rstrip('/')}/comments/{reply.id}")
        for reply, name, headline, path in db.session.execute(query)
    ]


def _next_digest(now: datetime) -> datetime:
    local = now.astimezone(ZoneInfo(setting("TIME_ZONE")))
    at = local.replace(hour=DAILY_HOUR, minute=0, second=0, microsecond=0)
    return (at if at > local else at + timedelta(days=1)).astimezone(now.tzinfo)
