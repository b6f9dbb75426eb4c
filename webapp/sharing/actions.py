"""Counting views and shares: one transaction each, nothing read first and written later."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, delete, func, select

from webapp import clock, dialects
from webapp.database import db, transaction
from webapp.dialects import insert
from webapp.models import VIEW, ArticleTotals, DepthDay, ReferrerDay, SiteHour, TallyDay, TallyHour
from webapp.occurrences import advance, is_first, open_course
from webapp.sharing.queries import today
from webapp.sharing.rules import (
    APART,
    DEPTHS,
    KEPT_DAYS,
    KEPT_HOURS,
    MOST_HOSTS,
    OTHERS,
    READING_SECONDS,
    UNKNOWN,
    WINDOW_SECONDS,
)

READING = "reading"
"""What is remembered of a counted view: how far its reader got."""


def count_view(article_id: int, visitor: str, host: str = UNKNOWN) -> bool:
    """Counts one view unless this visitor opened the article within the window. Returns whether it counted.

    With it counts where the reader came from (rules.came_from), and from now on how far they read may be told.
    Does not wait for the disk (transaction).
    """
    _fold_once_a_day()
    day = today()
    with transaction(unseen=True, relaxed=True):
        if not _count(article_id, VIEW, visitor):
            return False
        _add_referrer(article_id, host, day)
        open_course(READING, f"{article_id}:{visitor}", READING_SECONDS)
    return True


def count_depth(article_id: int, depth: int, visitor: str) -> bool:
    """Counts that the reader of a counted view has got as far as `depth`, one of DEPTHS. Returns whether that is news.

    A view counts once at each depth, however often and in whatever order a browser tells.
    """
    day = today()
    with transaction(unseen=True, relaxed=True):
        to = DEPTHS.index(depth) + 1
        before = advance(READING, f"{article_id}:{visitor}", to)
        if before is None:
            return False
        reached = [
            {"article_id": article_id, "day": day, "depth": one, "count": 1} for one in DEPTHS[before:to]
        ]
        fresh = insert(DepthDay).values(reached)
        key = [DepthDay.article_id, DepthDay.day, DepthDay.depth]
        count = DepthDay.count + fresh.excluded.count
        db.session.execute(fresh.on_conflict_do_update(index_elements=key, set_={"count": count}))
    return True


def count_share(article_id: int, network: str, visitor: str) -> bool:
    """Counts one share unless this visitor shared the article there within the window."""
    _fold_once_a_day()
    return _count(article_id, network, visitor)


def _count(article_id: int, metric: str, visitor: str) -> bool:
    with transaction(unseen=True):
        if not is_first(metric, f"{article_id}:{visitor}", WINDOW_SECONDS):
            return False
        add(article_id, metric, clock.hour_of(clock.now()))
    return True


def add(article_id: int, metric: str, hour: int, count: int = 1) -> None:
    """Adds to the tally of one hour and to the article's total, inside the caller's transaction."""
    row = {"article_id": article_id, "metric": metric, "hour": hour, "count": count}
    db.session.connection().execute(_counting(dialects.name(), TallyHour), row)
    column = ArticleTotals.view_count if metric == VIEW else ArticleTotals.share_count
    asked = {"article": article_id, "more": count}
    db.session.connection().execute(_raising(column.key), asked)


@cache
def _counting(_database: str, model: type[TallyHour | ReferrerDay]) -> Any:
    """The statement that adds to a row of counts, or makes it. Made once for each table and kind of database."""
    table: Any = model.__table__
    fresh = insert(table)
    return fresh.on_conflict_do_update(
        index_elements=list(table.primary_key), set_={"count": table.c.count + fresh.excluded.count}
    )


@cache
def _raising(column: str) -> Any:
    table: Any = ArticleTotals.__table__
    raised = {column: table.c[column] + bindparam("more")}
    return table.update().where(table.c.article_id == bindparam("article")).values(raised)


def forget_old_days() -> int:
    """Where readers came from and how far they read, once that is too long ago. Returns how many rows went."""
    oldest = today() - KEPT_DAYS
    with transaction(unseen=True):
        gone = [
            db.session.execute(delete(table).where(table.day < oldest)) for table in (ReferrerDay, DepthDay)
        ]
    return sum(done.rowcount for done in gone)  # pyright: ignore[reportAttributeAccessIssue]


def _add_referrer(article_id: int, host: str, day: int) -> None:
    """Inside the transaction of a view, whose row of the tally keeps others of the same article waiting."""
    if host not in APART:
        query = select(ReferrerDay.host).where(ReferrerDay.article_id == article_id, ReferrerDay.day == day)
        known = set(db.session.scalars(query)) - APART
        if host not in known and len(known) >= MOST_HOSTS:
            host = OTHERS
    row = {"article_id": article_id, "day": day, "host": host, "count": 1}
    db.session.connection().execute(_counting(dialects.name(), ReferrerDay), row)


def fold_hours_into_days() -> int:
    """Moves every hour older than 31 days into its day. Returns how many rows of hours went; safe to run again."""
    today = clock.day_of(clock.now())
    # Whole days only, so that a day is never split between the two tables.
    oldest_kept = (today - KEPT_HOURS // 24) * 24
    day = (TallyHour.hour - TallyHour.hour % 24) / 24
    with transaction(unseen=True):
        old = (
            select(
                TallyHour.article_id,
                TallyHour.metric,
                day.cast(db.Integer),
                func.sum(TallyHour.count).cast(db.Integer),
            )
            .where(TallyHour.hour < oldest_kept)
            .group_by(TallyHour.article_id, TallyHour.metric, day)
        )
        fresh = insert(TallyDay).from_select(["article_id", "metric", "day", "count"], old)
        db.session.execute(
            fresh.on_conflict_do_update(
                index_elements=[TallyDay.article_id, TallyDay.metric, TallyDay.day],
                set_={"count": TallyDay.count + fresh.excluded.count},
            )
        )
        gone = db.session.execute(delete(TallyHour).where(TallyHour.hour < oldest_kept))
        db.session.execute(delete(SiteHour).where(SiteHour.hour < oldest_kept))
    return gone.rowcount  # pyright: ignore[reportAttributeAccessIssue]


def _fold_once_a_day() -> None:
    """The first count of a day in a process folds, so that no timer is needed."""
    today = clock.day_of(clock.now())
    if current_app.extensions.get("standfirst_folded_on") != today:
        current_app.extensions["standfirst_folded_on"] = today
        if is_first("fold", str(today), 24 * 3600):
            fold_hours_into_days()
