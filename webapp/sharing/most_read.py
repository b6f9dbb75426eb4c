"""What was read most in the windows of the newsroom's numbers: added up by `standfirst work`, read as one row."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from webapp import clock, dialects
from webapp.database import db, transaction
from webapp.models import VIEW, TallyHour, TrendingList

DAYS = (7, 14, 30)
TOP = 20
EVERY = timedelta(minutes=15)
LIFE = timedelta(hours=1)
"""A list that is older was left behind by a process that does not run any more."""
MOST_READ = -1
"""Stands where a ranking (TrendingList) has its category: here views alone count."""


def most_read(days: int) -> list[tuple[int, int]]:
    """Article and views, the most first, at most TOP, of the last `days` days: as `standfirst work` added it up last;
    without it, or when that is too long ago, added up now."""
    made = db.session.get(TrendingList, (days * 24, MOST_READ), populate_existing=True)
    if made is None or made.made_at < clock.now() - LIFE:
        return _now(days)
    return [(article_id, views) for article_id, _, views in made.ranking]


def rank_most_read() -> int:
    """Adds up the lists that are due, and says how many those were."""
    return sum(_rank(days) for days in DAYS)


def _rank(days: int) -> int:
    now = clock.now()
    newest = db.session.get(TrendingList, (days * 24, MOST_READ), populate_existing=True)
    if newest is not None and newest.made_at > now - EVERY:
        return 0
    row = {
        "window_hours": days * 24,
        "category_id": MOST_READ,
        "made_at": now,
        "ranking": [[article_id, views, views] for article_id, views in _now(days)],
    }
    fresh = dialects.insert(TrendingList).values(row)
    key = [TrendingList.window_hours, TrendingList.category_id]
    again = {"made_at": fresh.excluded.made_at, "ranking": fresh.excluded.ranking}
    with transaction(unseen=True):
        db.session.execute(fresh.on_conflict_do_update(index_elements=key, set_=again))
    return 1


def _now(days: int) -> list[tuple[int, int]]:
    since = clock.hour_of(clock.now() - timedelta(days=days))
    total = func.sum(TallyHour.count)
    query = select(TallyHour.article_id, total).where(TallyHour.hour > since, TallyHour.metric == VIEW)
    query = (
        query.group_by(TallyHour.article_id).order_by(total.desc(), TallyHour.article_id.desc()).limit(TOP)
    )
    return [(article_id, int(views)) for article_id, views in db.session.execute(query)]
