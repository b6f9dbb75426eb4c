"""How an article, and the whole paper, is read and shared: counted by hour, never by anybody."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from webapp import clock
from webapp.database import db
from webapp.filters import in_zone
from webapp.models import VIEW, Article, Comment, SiteHour, TallyDay, TallyHour
from webapp.sharing.most_read import most_read
from webapp.sharing.queries import shares_by_network

WINDOW = timedelta(days=7)
"""Articles are compared by their views within so long after publication."""
COMPARED = 30
MOST_DAYS = 90


@dataclass
class Figures:
    """Views by day, shares by network, and what they add up to."""

    days: list[date]
    views: list[int]
    shares: dict[str, int] = field(default_factory=dict)
    comments: dict[str, int] = field(default_factory=dict)
    early: int = 0
    """Views within WINDOW after publication."""
    usual: int = 0
    """The median of that over the COMPARED articles before it; 0 where there are too few."""

    @property
    def times_the_usual(self) -> str:
        """The early views as a multiple of the usual ones, such as "2.1"; empty where that says nothing."""
        return f"{self.early / self.usual:.1f}" if self.usual else ""


def of_article(article: Article) -> Figures:
    """The figures of a published article: its last MOST_DAYS days at most. Six statements."""
    begins = article.published_at or article.created_at
    today = in_zone(clock.now()).date()
    first = max(in_zone(begins).date(), today - timedelta(days=MOST_DAYS - 1))
    days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    by_day = _by_day([article.id])
    counts = (
        select(Comment.status, func.count()).where(Comment.article_id == article.id).group_by(Comment.status)
    )
    comments = {status: number for status, number in db.session.execute(counts)}  # noqa: C416 (rows are no pairs)
    others = _before(article)
    early = _early([article, *others])
    usual = [early[one.id] for one in others]
    return Figures(
        days,
        [by_day[day] for day in days],
        shares_by_network(article.id),
        comments,
        early[article.id],
        round(statistics.median(usual)) if len(usual) >= 5 else 0,
    )


def of_site(days: int) -> tuple[Figures, list[tuple[Article, int]]]:
    """The last `days` days of the paper, one of most_read.DAYS, and the articles that were read most in them."""
    today = in_zone(clock.now()).date()
    all_days = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    since = clock.hour_of(clock.now() - timedelta(days=days))
    hours = select(SiteHour.hour, SiteHour.metric, func.sum(SiteHour.count)).where(SiteHour.hour > since)
    views: Counter[date] = Counter()
    shares: Counter[str] = Counter()
    for hour, metric, count in db.session.execute(hours.group_by(SiteHour.hour, SiteHour.metric)):
        if metric == VIEW:
            views[_day(hour)] += int(count)
        else:
            shares[metric] += int(count)
    rows = most_read(days)
    found = {
        one.id: one
        for one in db.session.scalars(select(Article).where(Article.id.in_([number for number, _ in rows])))
    }
    figures = Figures(all_days, [views[day] for day in all_days], dict(shares.most_common()))
    return figures, [(found[number], count) for number, count in rows if number in found]


def _by_day(ids: Sequence[int]) -> Counter[date]:
    found: Counter[date] = Counter()
    hours = select(TallyHour.hour, TallyHour.count).where(
        TallyHour.article_id.in_(ids), TallyHour.metric == VIEW
    )
    for hour, count in db.session.execute(hours):
        found[_day(hour)] += count
    old = select(TallyDay.day, TallyDay.count).where(TallyDay.article_id.in_(ids), TallyDay.metric == VIEW)
    for day, count in db.session.execute(old):
        found[date(1970, 1, 1) + timedelta(days=day)] += count
    return found


def _before(article: Article) -> list[Article]:
    """The articles listed just before this one."""
    if article.listed_at is None:
        return []
    query = select(Article).where(Article.listed_at < article.listed_at).order_by(Article.listed_at.desc())
    return list(db.session.scalars(query.limit(COMPARED)))


def _early(articles: Iterable[Article]) -> Counter[int]:
    """Views within WINDOW after publication, by article."""
    begins = {one.id: clock.hour_of(one.published_at) for one in articles if one.published_at}
    length = int(WINDOW.total_seconds() // 3600)
    found: Counter[int] = Counter()
    hours = select(TallyHour.article_id, TallyHour.hour, TallyHour.count)
    for number, hour, count in db.session.execute(
        hours.where(TallyHour.article_id.in_(begins), TallyHour.metric == VIEW)
    ):
        if begins[number] <= hour < begins[number] + length:
            found[number] += count
    days = select(TallyDay.article_id, TallyDay.day, TallyDay.count)
    for number, day, count in db.session.execute(
        days.where(TallyDay.article_id.in_(begins), TallyDay.metric == VIEW)
    ):
        if begins[number] - 24 < day * 24 < begins[number] + length:
            found[number] += count
    return found


def _day(hour: int) -> date:
    return in_zone(datetime.fromtimestamp(hour * 3600, UTC)).date()
