"""The newsroom's numbers about its discussions, and those that everybody may read, in a few statements each."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, select

from webapp import clock
from webapp.database import db
from webapp.filters import in_zone
from webapp.models import Account, Article, Comment, CommentFlag, CommentKind, CommentStatus, ModerationEntry

MOST = 50_000
"""Entries of the log, and comments, that a page of numbers looks at, the newest."""
MONTHS = 12


@dataclass
class Numbers:
    """The last days: by day, by rule, by person, by article."""

    days: list[date]
    received: list[int]
    approved: list[int]
    rejected: list[int]
    by_rule: list[tuple[str, int]] = field(default_factory=list)
    minutes: float | None = None
    """Median from a held comment's arrival to the first decision on it."""
    by_person: list[tuple[str, int, int]] = field(default_factory=list)
    """Name, approved, rejected."""
    by_article: list[tuple[str, int, int]] = field(default_factory=list)
    """Headline, comments, how many of them were rejected."""
    is_cut: bool = False
    """There was more than is looked at."""


@dataclass(frozen=True)
class Month:
    """A month as everybody may read it."""

    begins: date
    received: int
    approved: int
    rejected: int
    by_rules: int
    """Of the rejected ones: put away by a rule, and not restored since."""
    flags: int
    withdrawn: int
    erased: int


def numbers(days: int) -> Numbers:
    """The last `days` days, today among them."""
    today = in_zone(clock.now()).date()
    all_days = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    begins = clock.now() - timedelta(days=days)
    entries = db.session.execute(
        select(
            ModerationEntry.comment_id, ModerationEntry.decision, ModerationEntry.to_status,
            ModerationEntry.account_id, ModerationEntry.created_at,
        ).where(ModerationEntry.created_at > begins).order_by(ModerationEntry.id.desc()).limit(MOST)
    ).all()  # fmt: skip
    entries = entries[::-1]
    by_day: dict[str, Counter[date]] = defaultdict(Counter)
    people: dict[int, Counter[str]] = defaultdict(Counter)
    arrived: dict[int, datetime] = {}
    waits: list[float] = []
    for comment_id, decision, status, account_id, moment in entries:
        day = in_zone(moment).date()
        if decision == "arrival":
            by_day["received"][day] += 1
            if status == CommentStatus.held:
                arrived[comment_id] = moment
        if decision in ("approval", "spam", "trash"):
            kind = "approved" if decision == "approval" else "rejected"
            by_day[kind][day] += 1
            people[account_id or 0][kind] += 1
            if comment_id in arrived:
                waits.append((moment - arrived.pop(comment_id)).total_seconds() / 60)
    rows = {name: [by_day[name][day] for day in all_days] for name in ("received", "approved", "rejected")}
    found = Numbers(
        all_days, rows["received"], rows["approved"], rows["rejected"], is_cut=len(entries) == MOST
    )
    found.minutes = statistics.median(waits) if waits else None
    found.by_person = _people(people)
    found.by_rule = _rules(begins)
    found.by_article = _articles(begins)
    return found


def _people(people: dict[int, Counter[str]]) -> list[tuple[str, int, int]]:
    names = {
        one.id: one.display_name for one in db.session.scalars(select(Account).where(Account.id.in_(people)))
    }
    found = [
        (names.get(who, "A former account"), count["approved"], count["rejected"])
        for who, count in people.items()
    ]
    return sorted(found, key=lambda row: -(row[1] + row[2]))


def _rules(begins: datetime) -> list[tuple[str, int]]:
    query = (
        select(Comment.verdicts)
        .where(Comment.created_at > begins)
        .order_by(Comment.created_at.desc())
        .limit(MOST)
    )
    counted = Counter(
        verdict.get("rule", "") for verdicts in db.session.scalars(query) for verdict in verdicts
    )
    return counted.most_common()


def _articles(begins: datetime) -> list[tuple[str, int, int]]:
    # Of comments alone, which an index has; articles are read for the few that are shown.
    newest = select(Comment.article_id, Comment.status).where(
        Comment.created_at > begins, Comment.kind == CommentKind.comment
    )
    some = newest.order_by(Comment.created_at.desc()).limit(MOST).subquery()
    away = func.sum(case((some.c.status.in_((CommentStatus.spam, CommentStatus.trashed)), 1), else_=0))
    busiest = select(some.c.article_id, func.count().label("number"), away.label("away"))
    busiest = busiest.group_by(some.c.article_id).order_by(func.count().desc(), some.c.article_id.desc())
    busiest = busiest.limit(15).subquery()
    query = select(Article.headline, busiest.c.number, busiest.c.away).join(
        busiest, busiest.c.article_id == Article.id
    )
    query = query.order_by(busiest.c.number.desc(), Article.id.desc())
    return [(headline, count, int(rejected or 0)) for headline, count, rejected in db.session.execute(query)]


def months() -> list[Month]:
    """The last twelve months, this one first."""
    begins = in_zone(clock.now()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    ends = clock.now() + timedelta(seconds=1)
    found: list[Month] = []
    for _ in range(MONTHS):
        found.append(_month(begins, ends))
        ends, begins = begins, (begins - timedelta(days=1)).replace(day=1)
    while len(found) > 1 and not found[-1].received:
        found.pop()
    return found


def _month(begins: datetime, ends: datetime) -> Month:
    within = (ModerationEntry.created_at >= begins, ModerationEntry.created_at < ends)
    rows = db.session.execute(
        select(ModerationEntry.decision, ModerationEntry.to_status, func.count())
        .where(*within)
        .group_by(ModerationEntry.decision, ModerationEntry.to_status)
    )
    counted: Counter[str] = Counter()
    by_rules = 0
    for decision, status, number in rows:
        counted[decision] += number
        if decision == "arrival" and status == CommentStatus.spam:
            by_rules += number
        if decision == "arrival" and status == CommentStatus.approved:
            counted["approval"] += number
    flags = select(func.count()).select_from(CommentFlag)
    flagged = db.session.scalar(flags.where(CommentFlag.created_at >= begins, CommentFlag.created_at < ends))
    return Month(
        begins.date(),
        counted["arrival"],
        counted["approval"],
        counted["spam"] + counted["trash"] + by_rules,
        by_rules,
        flagged or 0,
        counted["withdrawal"],
        counted["erasure"],
    )
