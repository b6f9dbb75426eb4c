"""Counting views and shares: one transaction each, nothing read first and written later."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import delete, func, select, update

from webapp import clock
from webapp.database import db, transaction
from webapp.dialects import insert
from webapp.models import VIEW, ArticleTotals, TallyDay, TallyHour
from webapp.occurrences import is_first
from webapp.sharing.rules import KEPT_HOURS, WINDOW_SECONDS


def count_view(article_id: int, visitor: str) -> bool:
    """Counts one view unless this visitor opened the article within the window. Returns whether it counted.

    Does not wait for the disk (transaction).
    """
    return _count(article_id, VIEW, visitor)


def count_share(article_id: int, network: str, visitor: str) -> bool:
    """Counts one share unless this visitor shared the article there within the window."""
    return _count(article_id, network, visitor)


def _count(article_id: int, metric: str, visitor: str) -> bool:
    _fold_once_a_day()
    with transaction(unseen=True, relaxed=metric == VIEW):
        if not is_first(metric, f"{article_id}:{visitor}", WINDOW_SECONDS):
            return False
        add(article_id, metric, clock.hour_of(clock.now()))
    return True


def add(article_id: int, metric: str, hour: int, count: int = 1) -> None:
    """Adds to the tally of one hour and to the article's total, inside the caller's transaction."""
    fresh = insert(TallyHour).values(article_id=article_id, metric=metric, hour=hour, count=count)
    db.session.execute(
        fresh.on_conflict_do_update(
            index_elements=[TallyHour.article_id, TallyHour.metric, TallyHour.hour],
            set_={"count": TallyHour.count + fresh.excluded.count},
        )
    )
    column = ArticleTotals.view_count if metric == VIEW else ArticleTotals.share_count
    db.session.execute(
        update(ArticleTotals)
        .where(ArticleTotals.article_id == article_id)
        .values({column: column + count})
        .execution_options(synchronize_session=False)
    )


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
    return gone.rowcount  # pyright: ignore[reportAttributeAccessIssue]


def _fold_once_a_day() -> None:
    """The first count of a day in a process folds, so that no timer is needed."""
    today = clock.day_of(clock.now())
    if current_app.extensions.get("standfirst_folded_on") != today:
        current_app.extensions["standfirst_folded_on"] = today
        if is_first("fold", str(today), 24 * 3600):
            fold_hours_into_days()
