"""Counting views and shares, each share in a transaction of its own, views and depths in as few as there may be."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import Select, bindparam, delete, func, select

from webapp import clock, dialects
from webapp.database import db, transaction
from webapp.dialects import insert
from webapp.models import (
    VIEW,
    Article,
    ArticleTotals,
    DepthDay,
    ReferrerDay,
    ShareTotal,
    SiteHour,
    TallyDay,
    TallyHour,
)
from webapp.occurrences import is_first, lasting, let_last
from webapp.sharing import beacons as beacon_rules
from webapp.sharing import queries
from webapp.sharing.beacons import Beacon, Counted, Known, Reader
from webapp.sharing.queries import today
from webapp.sharing.rules import APART, KEPT_DAYS, KEPT_HOURS, WINDOW_SECONDS

READING = "reading"
"""What is remembered of a counted view: how far its reader got."""
_LOCK = 0x7669657773
_PART = 1000
"""So many beacons are counted in one transaction."""


def count_all(beacons: Sequence[Beacon]) -> None:
    """Counts any number, part by part. After an end in the middle all may be counted again: whoever has counted is
    remembered in the same transaction, and does not count twice."""
    for start in range(0, len(beacons), _PART):
        count(beacons[start : start + _PART])


def count(beacons: Sequence[Beacon]) -> Counted:
    """Counts what is new of these, in one transaction, which does not wait for the disk (transaction).

    Beacons of articles that are gone by now are dropped.
    """
    _fold_once_a_day()
    with transaction(unseen=True, relaxed=True):
        # Nobody else counts between reading what is known and writing what is new.
        dialects.lock(_LOCK)
        articles = {"articles": {beacon.article_id for beacon in beacons}}
        there = set(db.session.scalars(_lasting_query(), articles))
        taken = [beacon for beacon in beacons if beacon.article_id in there]
        counted = beacon_rules.settle(taken, _known(taken), queries.day_of)
        _write(counted)
    return counted


@cache
def _lasting_query() -> Select[int]:
    """Of some articles those that are there, and on PostgreSQL will be until the transaction ends."""
    query = select(Article.id).where(Article.id.in_(bindparam("articles", expanding=True)))
    return query.order_by(Article.id).with_for_update(read=True, key_share=True)


def _known(taken: list[Beacon]) -> Known:
    readers = {_key(beacon.reader): beacon.reader for beacon in taken}
    views = {_key(beacon.reader) for beacon in taken if not beacon.depth}
    windows, courses = lasting(VIEW, views), lasting(READING, readers)
    return Known(
        {readers[key]: ends for key, (_, ends) in windows.items()},
        {readers[key]: course for key, course in courses.items()},
        _known_hosts([beacon for beacon in taken if not beacon.depth]),
    )


def _known_hosts(views: list[Beacon]) -> dict[tuple[int, int], set[str]]:
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    if any(view.host not in APART for view in views):
        asked = {
            "articles": {view.article_id for view in views},
            "days": {queries.day_of(view.at) for view in views},
        }
        for article_id, day, host in db.session.execute(_hosts_query(), asked):
            found[article_id, day].add(host)
    return found


@cache
def _hosts_query() -> Select[int, int, str]:
    query = select(ReferrerDay.article_id, ReferrerDay.day, ReferrerDay.host)
    return query.where(
        ReferrerDay.article_id.in_(bindparam("articles", expanding=True)),
        ReferrerDay.day.in_(bindparam("days", expanding=True)),
        ReferrerDay.host.not_in(sorted(APART)),
    )


def _write(counted: Counted) -> None:
    """In the order in which everybody takes rows, so that nobody waits in a circle."""
    let_last(VIEW, {_key(reader): (1, ends) for reader, ends in counted.windows.items()})
    let_last(READING, {_key(reader): course for reader, course in counted.courses.items()})
    totals: Counter[int] = Counter()
    for (article_id, _), views in counted.views.items():
        totals[article_id] += views
    hours = [
        {"article_id": article_id, "metric": VIEW, "hour": hour, "count": views}
        for (article_id, hour), views in sorted(counted.views.items())
    ]
    raised = [{"article": article_id, "more": views} for article_id, views in sorted(totals.items())]
    hosts = [
        {"article_id": article_id, "day": day, "host": host, "count": views}
        for (article_id, day, host), views in sorted(counted.hosts.items())
    ]
    depths = [
        {"article_id": article_id, "day": day, "depth": depth, "count": views}
        for (article_id, day, depth), views in sorted(counted.depths.items())
    ]
    name = dialects.name()
    statements = (
        (_counting(name, TallyHour), hours),
        (_raising("view_count"), raised),
        (_counting(name, ReferrerDay), hosts),
        (_counting(name, DepthDay), depths),
    )
    for statement, rows in statements:
        if rows:
            db.session.connection().execute(statement, rows)


def _key(reader: Reader) -> str:
    article_id, visitor = reader
    return f"{article_id}:{visitor}"


def count_share(article_id: int, network: str, visitor: str) -> bool:
    """Counts one share unless this visitor shared the article there within the window."""
    _fold_once_a_day()
    with transaction(unseen=True):
        if not is_first(network, _key((article_id, visitor)), WINDOW_SECONDS):
            return False
        add(article_id, network, clock.hour_of(clock.now()))
    return True


def add(article_id: int, metric: str, hour: int, count: int = 1) -> None:
    """Adds to the tally of one hour and to the article's total, inside the caller's transaction."""
    connection, name = db.session.connection(), dialects.name()
    row = {"article_id": article_id, "metric": metric, "hour": hour, "count": count}
    connection.execute(_counting(name, TallyHour), row)
    column = ArticleTotals.view_count if metric == VIEW else ArticleTotals.share_count
    connection.execute(_raising(column.key), {"article": article_id, "more": count})
    if metric != VIEW:
        row = {"article_id": article_id, "network": metric, "count": count}
        connection.execute(_counting(name, ShareTotal), row)


@cache
def _counting(_database: str, model: type[TallyHour | ShareTotal | ReferrerDay | DepthDay]) -> Any:
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
