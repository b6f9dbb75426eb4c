"""Where readers came from and how far they read, beside what is usual: numbers by article and day, never anybody."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select

from webapp.database import db
from webapp.models import Article, DepthDay, ReferrerDay
from webapp.sharing.queries import EPOCH, today
from webapp.sharing.rules import DEPTHS, HERE, OTHERS, UNKNOWN

TOP = 10
USUAL_DAYS = 30
ENOUGH = 20
"""Of fewer views nothing is called usual."""
WORDS = {UNKNOWN: "Direct or unknown", HERE: "This site", OTHERS: "All others"}
DEPTH_WORDS = {25: "A quarter", 50: "Half", 75: "Three quarters", 100: "To the end"}


@dataclass(frozen=True)
class Part:
    """Some of the views: how many, their share in per cent, and what share is usual (None where that says nothing)."""

    words: str
    count: int
    share: float
    usual: float | None


@dataclass(frozen=True)
class Reached:
    """The views whose coming was counted, taken apart by where from and by how far."""

    views: int = 0
    since: date | None = None
    sources: tuple[Part, ...] = ()
    """The TOP hosts, the most frequent first, and all others; they sum up to the views."""
    depths: tuple[Part, ...] = ()
    """One for each of DEPTHS: the views that got at least so far."""
    has_usual: bool = False


def of_article(article: Article) -> Reached:
    """All that is kept of an article, beside the other articles of the last USUAL_DAYS days. Four statements."""
    since = today() - USUAL_DAYS
    return _beside(
        _found(ReferrerDay.article_id == article.id, DepthDay.article_id == article.id),
        _found(
            (ReferrerDay.day > since) & (ReferrerDay.article_id != article.id),
            (DepthDay.day > since) & (DepthDay.article_id != article.id),
        ),
    )


def of_site(days: int) -> Reached:
    """The last `days` days of the paper, beside the USUAL_DAYS days before them. Four statements."""
    since = today() - days
    before = since - USUAL_DAYS
    return _beside(
        _found(ReferrerDay.day > since, DepthDay.day > since),
        _found(
            ReferrerDay.day.between(before + 1, since),
            DepthDay.day.between(before + 1, since),
        ),
    )


@dataclass(frozen=True)
class _Found:
    hosts: Counter[str]
    depths: Counter[int]
    first: int | None

    def share(self, count: int) -> float:
        return min(100.0, 100 * count / views) if (views := self.hosts.total()) else 0.0


def _found(referrers: ColumnElement[bool], depths: ColumnElement[bool]) -> _Found:
    by_host = select(ReferrerDay.host, func.sum(ReferrerDay.count), func.min(ReferrerDay.day)).where(
        referrers
    )
    rows = db.session.execute(by_host.group_by(ReferrerDay.host)).all()
    by_depth = select(DepthDay.depth, func.sum(DepthDay.count)).where(depths).group_by(DepthDay.depth)
    return _Found(
        Counter({host: int(count) for host, count, _ in rows}),
        Counter({depth: int(count) for depth, count in db.session.execute(by_depth)}),
        min((day for _, _, day in rows), default=None),
    )


def _beside(found: _Found, usual: _Found) -> Reached:
    has_usual = usual.hosts.total() >= ENOUGH
    named = Counter({host: count for host, count in found.hosts.items() if host != OTHERS})
    # The more frequent first; the same for the same numbers.
    top = sorted(named, key=lambda host: (-named[host], host))[:TOP]

    def part(words: str, count: int, usually: int) -> Part:
        return Part(words, count, found.share(count), usual.share(usually) if has_usual else None)

    sources = [part(WORDS.get(host, host), named[host], usual.hosts[host]) for host in top]
    left = found.hosts.total() - sum(named[host] for host in top)
    if left:
        usually = usual.hosts.total() - sum(usual.hosts[host] for host in top)
        sources.append(part(WORDS[OTHERS], left, usually))
    return Reached(
        views=found.hosts.total(),
        since=EPOCH + timedelta(days=found.first) if found.first is not None else None,
        sources=tuple(sources),
        depths=tuple(part(DEPTH_WORDS[one], found.depths[one], usual.depths[one]) for one in DEPTHS),
        has_usual=has_usual,
    )
