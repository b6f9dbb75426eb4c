"""What staff decided on a writer's earlier comments: so many of the newest are looked at, however many there are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    case,
    column,
    func,
    literal,
    select,
    values,
)
from sqlalchemy.orm import aliased

from webapp.database import db
from webapp.models import Comment, CommentStatus
from webapp.models.base import UTCDateTime

MOST_DECIDED = 100
"""So many of a writer's decided comments are counted, the newest."""
_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_PUT_AWAY = Comment.status.in_((CommentStatus.spam, CommentStatus.trashed))


def decided_of(writer: BindParameter[str]) -> Subquery:
    """For a query: the newest MOST_DECIDED comments of one browser that staff decided on, and whether each was put
    `away`."""
    newest = select(_PUT_AWAY.label("away")).where(Comment.writer_hash == writer, *_decided(Comment))
    return newest.order_by(*_newest_first(Comment)).limit(MOST_DECIDED).subquery()


def histories_of(writers: set[str]) -> dict[str, tuple[int, int]]:
    """Of each browser: how many of its comments staff decided on, and how many they put away. Its newest MOST_DECIDED
    of those are counted, so that a row of the queue costs the same however much somebody writes."""
    if not writers:
        return {}
    newest = _newest_decided(writers, MOST_DECIDED).subquery()
    away = func.sum(case((newest.c.away, 1), else_=0))
    query = select(newest.c.writer, func.count(), away).group_by(newest.c.writer)
    return {
        # More than that only where several were written in the same moment.
        writer: (min(int(count), MOST_DECIDED), min(int(rejected), MOST_DECIDED))
        for writer, count, rejected in db.session.execute(query)
    }


def strips_of(writers: set[str], length: int) -> dict[str, list[bool]]:
    """Of each browser: its last `length` comments that staff decided on, oldest first, and which were put away."""
    if not writers:
        return {}
    newest = _newest_decided(writers, length).subquery()
    found: dict[str, list[bool]] = {}
    in_order = select(newest.c.writer, newest.c.away).order_by(newest.c.created_at, newest.c.id)
    for writer, is_away in db.session.execute(in_order):
        found.setdefault(writer, []).append(bool(is_away))
    return {writer: strip[-length:] for writer, strip in found.items()}


def _newest_decided(writers: set[str], most: int) -> Select[*tuple[Any, ...]]:
    """Of each browser its newest `most` comments that staff decided on, and all others of the last one's moment.

    The moment is found by walking so far along the small index of decided comments; nothing older is read.
    """
    asked = values(column("writer", String), name="asked").data([(one,) for one in sorted(writers)]).cte()
    last = aliased(Comment)
    since = select(last.created_at).where(last.writer_hash == asked.c.writer, *_decided(last))
    since = since.order_by(*_newest_first(last)).offset(most - 1).limit(1).correlate(asked)
    least = func.coalesce(since.scalar_subquery(), literal(_FIRST, UTCDateTime))
    newest = and_(Comment.writer_hash == asked.c.writer, Comment.created_at >= least, *_decided(Comment))
    columns = (asked.c.writer, _PUT_AWAY.label("away"), Comment.created_at, Comment.id)
    return select(*columns).select_from(asked).join(Comment, newest)


def _decided(model: type[Comment]) -> tuple[ColumnElement[bool], ...]:
    return and_(model.is_decided), model.status != CommentStatus.held, ~model.is_withdrawn


def _newest_first(model: type[Comment]) -> tuple[ColumnElement[Any], ...]:
    return model.created_at.desc(), model.id.desc()
