"""What the queue and the log show, each in a fixed number of statements, and the accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g
from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from webapp.database import db
from webapp.models import Account, Article, Comment, CommentFlag, CommentStatus, ModerationEntry
from webapp.models.base import LARGEST_ID, UTCDateTime
from webapp.moderating.actions import Decision
from webapp.moderating.links import Link, spelled_out

PAGE_LENGTH = 50
FLAGGED = "flagged"
"""The list of approved comments that readers have said something against; no status of its own."""


@dataclass(frozen=True)
class Counts:
    """How many comments have each status, and since when the oldest held one waits."""

    by_status: dict[str, int]
    waiting_since: datetime | None = None

    def __getitem__(self, status: str) -> int:
        return self.by_status.get(status, 0)


@dataclass(frozen=True)
class Row:
    """A comment in the queue, with what it answers and where its links lead."""

    comment: Comment
    parent: Comment | None
    links: list[Link]
    flags: list[CommentFlag]
    """What readers say against it and no decision has answered yet, newest first."""


@dataclass(frozen=True)
class QueuePage:
    """Some rows of a list, newest first; `older`: the id after which the next page begins, or None."""

    rows: list[Row]
    older: int | None


@dataclass(frozen=True)
class LogRow:
    """An entry of the log. `comment` is None once it was purged."""

    entry: ModerationEntry
    comment: Comment | None
    can_undo: bool


def counts() -> Counts:
    """All statuses in one statement."""
    flagged = func.sum(case((Comment.flag_count > 0, 1), else_=0))
    query = select(Comment.status, func.count(), func.min(Comment.created_at), flagged)
    found = db.session.execute(query.where(~Comment.is_withdrawn).group_by(Comment.status)).all()
    since = {status: oldest for status, _, oldest, _ in found}
    numbers = {status: number for status, number, _, _ in found}
    flags_of = {status: int(number or 0) for status, _, _, number in found}
    numbers[FLAGGED] = flags_of.get(CommentStatus.approved, 0)
    return Counts(numbers, since.get(CommentStatus.held))


def held_count() -> int:
    """How many comments wait, for the navigation of every staff page: an index is all that is read."""
    if "held_count" not in g:
        query = select(func.count()).select_from(Comment).where(Comment.status == CommentStatus.held)
        g.held_count = db.session.scalar(query) or 0
    return g.held_count


def queue(status: str, text: str = "", before: int | None = None) -> QueuePage | None:
    """A page of the comments with `status` that hold `text`, newest first; None where `before` is no comment."""
    is_flagged = status == FLAGGED
    wanted = (
        and_(Comment.status == CommentStatus.approved, Comment.flag_count > 0)
        if is_flagged
        else (Comment.status == status)
    )
    query = _with_article().where(wanted, ~Comment.is_withdrawn)
    if text:
        query = query.where(_holds(text))
    if before is not None:
        place = db.session.get(Comment, before)
        if place is None:
            return None
        behind = tuple_(literal(place.created_at, UTCDateTime), literal(place.id))
        query = query.where(tuple_(Comment.created_at, Comment.id) < behind)
    query = query.order_by(Comment.created_at.desc(), Comment.id.desc()).limit(PAGE_LENGTH + 1)
    found = list(db.session.scalars(query))
    shown = found[:PAGE_LENGTH]
    return QueuePage(_rows(shown), shown[-1].id if len(found) > PAGE_LENGTH else None)


def stands_in(comment: Comment, status: str) -> bool:
    """Whether a comment belongs to a list of the queue."""
    if status == FLAGGED:
        return comment.status == CommentStatus.approved and comment.flag_count > 0
    return comment.status == status


def rows(ids: Iterable[int]) -> list[Row]:
    """These comments as rows of the queue."""
    return _rows(db.session.scalars(_with_article().where(Comment.id.in_(list(ids)))).all())


def _with_article():  # noqa: ANN202 (SQLAlchemy's own type says no more than the line itself)
    return select(Comment).options(
        joinedload(Comment.article).options(joinedload(Article.totals), selectinload(Article.categories))
    )


def _rows(comments: Sequence[Comment]) -> list[Row]:
    parent_ids = {comment.parent_id for comment in comments if comment.parent_id}
    found = db.session.scalars(select(Comment).where(Comment.id.in_(parent_ids))) if parent_ids else []
    parents = {parent.id: parent for parent in found}
    flags = _flags([comment.id for comment in comments if comment.flag_count])
    return [
        Row(
            comment,
            parents.get(comment.parent_id or 0),
            spelled_out(comment.body_html),
            flags.get(comment.id, []),
        )
        for comment in comments
    ]


def _flags(ids: list[int]) -> dict[int, list[CommentFlag]]:
    found: dict[int, list[CommentFlag]] = defaultdict(list)
    if ids:
        query = (
            select(CommentFlag).where(CommentFlag.comment_id.in_(ids)).order_by(CommentFlag.created_at.desc())
        )
        for flag in db.session.scalars(query):
            found[flag.comment_id].append(flag)
    return found


def _holds(text: str) -> ColumnElement[bool]:
    # SQLite folds only ASCII letters, so the other cases of the words are looked for, too.
    variants = {text} if text.isascii() else {text, text.lower(), text.upper(), text.title()}
    columns = (Comment.body_source, Comment.name, Comment.email, Comment.website)
    return or_(*(column.icontains(variant, autoescape=True) for column in columns for variant in variants))


def log(before: int | None = None) -> tuple[list[LogRow], int | None]:
    """A page of the log, newest first, and the id of the entry after which the next one begins."""
    query = select(ModerationEntry).options(joinedload(ModerationEntry.account))
    if before is not None:
        query = query.where(ModerationEntry.id < before)
    found = list(db.session.scalars(query.order_by(ModerationEntry.id.desc()).limit(PAGE_LENGTH + 1)))
    shown = found[:PAGE_LENGTH]
    ids = {entry.comment_id for entry in shown}
    comments = {
        comment.id: comment
        for comment in db.session.scalars(
            select(Comment).where(Comment.id.in_(ids)).options(joinedload(Comment.article))
        )
    }
    latest = select(func.max(ModerationEntry.id)).where(ModerationEntry.comment_id.in_(ids))
    last_ids = set(db.session.scalars(latest.group_by(ModerationEntry.comment_id)))
    made = [
        LogRow(
            entry, comments.get(entry.comment_id), _can_undo(entry, comments.get(entry.comment_id), last_ids)
        )
        for entry in shown
    ]
    return made, shown[-1].id if len(found) > PAGE_LENGTH else None


def _can_undo(entry: ModerationEntry, comment: Comment | None, last_ids: set[int]) -> bool:
    decided = entry.decision in set(Decision) and entry.id in last_ids
    return decided and comment is not None and comment.status == entry.to_status


def account(account_id: int) -> Account | None:
    """The account with this id."""
    return db.session.get(Account, account_id) if account_id <= LARGEST_ID else None


def account_by_email(email: str) -> Account | None:
    """The account with this e-mail address, in any case."""
    return db.session.scalar(select(Account).where(Account.email == email.strip().lower()))


def accounts() -> list[Account]:
    """All accounts, by e-mail address."""
    return list(db.session.scalars(select(Account).order_by(Account.email)))


def has_accounts() -> bool:
    return db.session.scalar(select(Account.id).limit(1)) is not None
