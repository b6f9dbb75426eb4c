"""Making the rankings that pages read: of all articles and of each category, once a minute."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from sqlalchemy import select

from webapp import clock, dialects
from webapp.database import db, transaction
from webapp.models import Category, TrendingList, article_listing
from webapp.sharing.queries import LONG_HOURS, Trending, ranked_now

LENGTH = 24
"""How many of each list are kept; pages show twelve at most."""
RANKED = 2000
"""Out of how many of all the lists of categories are made."""
EVERY = {24: timedelta(seconds=55), 7 * 24: timedelta(seconds=55), LONG_HOURS: timedelta(minutes=15)}
"""The windows in hours, and how often each is ranked: a minute changes little in a month, which is much to add up."""


def rank() -> int:
    """Makes the rankings that are due unless another process has just done so; says how many lists there are."""
    return sum(_rank(window_hours) for window_hours in EVERY)


def _rank(window_hours: int) -> int:
    newest = db.session.get(TrendingList, (window_hours, 0), populate_existing=True)
    now = clock.now()
    if newest is not None and newest.made_at > now - EVERY[window_hours]:
        return 0
    found = ranked_now(window_hours, limit=RANKED)
    lists = {0: found[:LENGTH], **_by_category(found)}
    rows = [
        {
            "window_hours": window_hours,
            "category_id": category_id,
            "made_at": now,
            "ranking": [[row.article_id, row.score, row.view_count] for row in ranking],
        }
        for category_id, ranking in lists.items()
    ]
    fresh = dialects.insert(TrendingList)
    statement = fresh.on_conflict_do_update(
        index_elements=[TrendingList.window_hours, TrendingList.category_id],
        set_={"made_at": fresh.excluded.made_at, "ranking": fresh.excluded.ranking},
    )
    with transaction(unseen=True):
        db.session.execute(statement, rows)
    return len(rows)


def _by_category(found: list[Trending]) -> dict[int, list[Trending]]:
    """The best of each category, with those of the categories below it; an empty list for the others."""
    lists: dict[int, list[Trending]] = {number: [] for number in db.session.scalars(select(Category.id))}
    inside: dict[int, set[int]] = defaultdict(set)
    members = select(article_listing.c.article_id, article_listing.c.above_id)
    ids = [row.article_id for row in found]
    for begins in range(0, len(ids), 500):
        some = members.where(article_listing.c.article_id.in_(ids[begins : begins + 500]))
        for article_id, category_id in db.session.execute(some):
            inside[article_id].add(category_id)
    for row in found:
        for number in inside[row.article_id] & lists.keys():
            if len(lists[number]) < LENGTH:
                lists[number].append(row)
    return lists
