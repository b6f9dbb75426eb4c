"""What the queue shows, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import g
from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
    union_all,
)
from sqlalchemy.orm import joinedload, selectinload

from webapp import clock
from webapp.database import db
from webapp.filters import grouped
from webapp.models import Article, Comment, CommentFlag, CommentStatus, ModerationEntry, article_listing
from webapp.models.base import UTCDateTime
from webapp.moderating.accounts import current_account
from webapp.moderating.histories import MOST_DECIDED, histories_of, strips_of
from webapp.moderating.links import Link, spelled_out

PAGE_LENGTH = 50
STRIP_LENGTH = 14
MOST_COUNTED = 1_000
"""A list with more comments is said to have "1,000+"."""
FLAGGED = "flagged"
"""The list of approved comments that readers have said something against; no status of its own."""
MINE = "mine"
"""The list of comments that whoever looks has decided on."""
TABS = (
    CommentStatus.held,
    FLAGGED,
    CommentStatus.approved,
    CommentStatus.spam,
    CommentStatus.trashed,
    MINE,
)


@dataclass(frozen=True)
class Filters:
    """What narrows a list; `order`: "likely" for likely fine first, else the newest."""

    text: str = ""
    article: int = 0
    category: int = 0
    rule: str = ""
    hours: int = 0
    band: int | None = None
    order: str = "newest"

    @property
    def is_narrow(self) -> bool:
        return bool(
            self.text or self.article or self.category or self.rule or self.hours or self.band is not None
        )


@dataclass(frozen=True)
class Counts:
    """How many comments have each status, and since when the oldest held one waits."""

    by_status: dict[str, int]
    waiting_since: datetime | None = None

    def __getitem__(self, status: str) -> int:
        return self.by_status.get(status, 0)

    def shown(self, status: str) -> str:
        """The number in words: "408", or "1,000+" where it was not counted to its end."""
        return shown(self[status])


@dataclass(frozen=True)
class Row:
    """A comment in the queue, with what it answers and where its links lead."""

    comment: Comment
    parent: Comment | None
    links: list[Link]
    flags: list[CommentFlag]
    """What readers say against it and no decision has answered yet, newest first."""
    decided: int = 0
    """How many other comments from the same browser staff decided on, and how many they put away."""
    rejected: int = 0
    strip: Sequence[bool] = ()
    """The last of those, oldest first, and whether each was put away."""

    @property
    def is_capped(self) -> bool:
        """There may be more: the newest alone were counted."""
        return self.decided >= MOST_DECIDED

    @property
    def rate(self) -> int:
        """Percent of the decided ones that were put away."""
        return round(100 * self.rejected / self.decided) if self.decided else 0


@dataclass(frozen=True)
class QueuePage:
    """Some rows of a list in its order; `older`: the id after which the next page begins, or None."""

    rows: list[Row]
    older: int | None


def shown(number: int) -> str:
    """A number that was counted up to MOST_COUNTED, in words."""
    return f"{grouped(MOST_COUNTED)}+" if number > MOST_COUNTED else grouped(number)


def counts() -> Counts:
    """How many comments each list has, counted up to MOST_COUNTED, so that it costs the same in any paper."""
    trashed = and_(Comment.status == CommentStatus.trashed, ~Comment.is_withdrawn)
    lists = {
        CommentStatus.held: Comment.status == CommentStatus.held,
        CommentStatus.approved: Comment.status == CommentStatus.approved,
        CommentStatus.spam: Comment.status == CommentStatus.spam,
        CommentStatus.trashed: trashed,
        FLAGGED: _is_flagged(),
    }
    parts = [_capped(name, condition) for name, condition in lists.items()]
    numbers = {name: int(number) for name, number in db.session.execute(union_all(*parts)).all()}
    since = db.session.scalar(
        select(func.min(Comment.created_at)).where(Comment.status == CommentStatus.held)
    )
    return Counts(numbers | {MINE: _count_of_mine()}, since)


def _capped(name: str, condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    some = select(Comment.id).where(condition).limit(MOST_COUNTED + 1).subquery()
    return select(literal(name).label("name"), func.count().label("number")).select_from(some)


def _is_flagged() -> ColumnElement[bool]:
    # Written without a parameter: the small index of flagged comments is made for this very condition.
    return and_(Comment.status == CommentStatus.approved, text("comment.flag_count > 0"))


def held_count() -> int:
    """How many comments wait, counted up to MOST_COUNTED, for the navigation of every staff page."""
    if "held_count" not in g:
        held = _capped(CommentStatus.held, Comment.status == CommentStatus.held)
        g.held_count = db.session.execute(held).one().number
    return g.held_count


def _count_of_mine() -> int:
    account = current_account()
    mine = ModerationEntry.account_id == (account.id if account else 0)
    decided = select(ModerationEntry.comment_id).where(mine, ModerationEntry.comment_id > 0).distinct()
    some = decided.limit(MOST_COUNTED + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def queue(status: str, wanted: Filters, before: int | None = None, *, mine: int = 0) -> QueuePage | None:
    """A page of a list; None where `before` is no comment. `mine`: the account whose decisions the list MINE shows."""
    query = _with_article().where(in_list(status, mine=mine), ~Comment.is_withdrawn, *_narrowed(wanted))
    by_band = status == CommentStatus.held and wanted.order == "likely"
    place = (Comment.created_at, Comment.id)
    if before is not None:
        last = db.session.get(Comment, before)
        if last is None:
            return None
        behind = tuple_(*place) < tuple_(literal(last.created_at, UTCDateTime), literal(last.id))
        later_band = or_(Comment.band > last.band, and_(Comment.band == last.band, behind))
        query = query.where(later_band if by_band else behind)
    order = [column.desc() for column in place]
    query = query.order_by(*([Comment.band, *order] if by_band else order)).limit(PAGE_LENGTH + 1)
    found = list(db.session.scalars(query))
    shown = found[:PAGE_LENGTH]
    return QueuePage(_rows(shown), shown[-1].id if len(found) > PAGE_LENGTH else None)


def in_list(status: str, *, mine: int) -> ColumnElement[bool]:
    """The condition for standing in a list of the queue."""
    if status == FLAGGED:
        return _is_flagged()
    if status == MINE:
        decided = select(ModerationEntry.comment_id).where(ModerationEntry.account_id == mine)
        return Comment.id.in_(decided)
    return Comment.status == status


def _narrowed(wanted: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        found.append(_holds(wanted.text))
    if wanted.article:
        found.append(Comment.article_id == wanted.article)
    if wanted.category:
        within = select(article_listing.c.article_id).where(article_listing.c.above_id == wanted.category)
        found.append(Comment.article_id.in_(within))
    if wanted.rule:
        # Both databases write a space after the colon.
        found.append(cast(Comment.verdicts, String).contains(f'"rule": "{wanted.rule}"', autoescape=True))
    if wanted.hours:
        found.append(Comment.created_at > clock.now() - timedelta(hours=wanted.hours))
    if wanted.band is not None:
        found.append(Comment.band == wanted.band)
    return found


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
    writers = {comment.writer_hash for comment in comments if comment.writer_hash}
    histories, strips = histories_of(writers), strips_of(writers, STRIP_LENGTH)
    return [
        Row(
            comment,
            parents.get(comment.parent_id or 0),
            spelled_out(comment.body_html),
            flags.get(comment.id, []),
            *histories.get(comment.writer_hash or "", (0, 0)),
            strips.get(comment.writer_hash or "", ()),
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
