"""The demonstration's numbers: views and shares, spread over the hours since publication as readers would have been;
where they came from and how far they read.

They are invented, and the demonstration says so; they stand in the same tables as counted ones.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, update

from webapp import clock
from webapp.database import db
from webapp.filters import in_zone
from webapp.models import VIEW, Article, ArticleTotals, DepthDay, ReferrerDay, ShareTotal, TallyDay, TallyHour
from webapp.sharing.queries import EPOCH
from webapp.sharing.rules import DEPTHS, HERE, UNKNOWN

KEPT_HOURS = 31 * 24
_NETWORKS = {"facebook": 30, "whatsapp": 24, "copy": 14, "bluesky": 11, "email": 9, "mastodon": 7, "x": 5}
"""How shares divide among networks, in per cent."""
_HOSTS = {
    UNKNOWN: 31,
    "google.com": 22,
    HERE: 15,
    "facebook.com": 11,
    "bsky.app": 7,
    "duckduckgo.com": 5,
    "mastodon.social": 4,
    "en.wikipedia.org": 3,
    "reddit.com": 2,
}
"""Where readers come from, in weights that differ a little from piece to piece."""
_STAYS = (0.83, 0.84, 0.87, 0.9)
"""The part of those who got to one depth that gets to the next."""
_FADES_IN = 30.0
"""Hours until a piece is opened a third as often as in its first hour."""


def write(numbers: Mapping[str, list[int]], articles: Mapping[str, Article], now: datetime) -> None:
    """Inside transaction(): adds the counts of `numbers` (views and shares by slug) and the totals."""
    hours: list[dict[str, Any]] = []
    days: list[dict[str, Any]] = []
    hosts: list[dict[str, Any]] = []
    depths: list[dict[str, Any]] = []
    by_network: list[dict[str, Any]] = []
    for slug, (views, shares) in numbers.items():
        article = articles[slug]
        first = clock.hour_of(article.published_at or article.created_at)
        last = clock.hour_of(now)
        for metric, total in _metrics(views, shares):
            counts = spread(total, first, last, f"{slug} {metric}")
            _sort(article.id, metric, counts, last, hours, days)
            if metric == VIEW:
                _reach(article.id, slug, counts, hosts, depths)
            elif total:
                by_network.append({"article_id": article.id, "network": metric, "count": total})
        totals = update(ArticleTotals).where(ArticleTotals.article_id == article.id)
        db.session.execute(totals.values(view_count=views, share_count=shares))
    for table, rows in (
        (TallyHour, hours),
        (TallyDay, days),
        (ShareTotal, by_network),
        (ReferrerDay, hosts),
        (DepthDay, depths),
    ):
        if rows:
            db.session.execute(insert(table), rows)


def _metrics(views: int, shares: int) -> Iterator[tuple[str, int]]:
    """Each metric with its total; those of the networks add up to all shares."""
    yield VIEW, views
    left = shares
    for name, per_cent in reversed(_NETWORKS.items()):
        count = left if name == next(iter(_NETWORKS)) else shares * per_cent // 100
        left -= count
        yield name, count


def spread(total: int, first: int, last: int, seed: str) -> dict[int, int]:
    """`total` over the hours from first to last: many at first, then fewer, and few at night; the sum is exact.

    The same for the same seed. Hours without any are left out.
    """
    dice = random.Random(seed)  # noqa: S311
    weights = [_weight(hour - first, hour % 24) * dice.uniform(0.6, 1.4) for hour in range(first, last + 1)]
    whole = sum(weights)
    counts: dict[int, int] = {}
    given, passed = 0, 0.0
    for hour, weight in zip(range(first, last + 1), weights, strict=True):
        passed += weight
        target = total if hour == last else round(total * passed / whole)
        if target > given:
            counts[hour] = target - given
            given = target
    return counts


def _weight(age: int, hour_of_day: int) -> float:
    daylight = 0.55 - 0.45 * math.cos((hour_of_day - 3) / 24 * 2 * math.pi)
    return (math.exp(-age / _FADES_IN) + 0.01) * daylight


def _sort(
    article_id: int,
    metric: str,
    counts: Mapping[int, int],
    last: int,
    hours: list[dict[str, Any]],
    days: list[dict[str, Any]],
) -> None:
    """Counts of the last 31 days are kept by hour, older ones by day, as counting itself does."""
    older: dict[int, int] = {}
    for hour, count in counts.items():
        if hour > last - KEPT_HOURS:
            hours.append({"article_id": article_id, "metric": metric, "hour": hour, "count": count})
        else:
            older[hour // 24] = older.get(hour // 24, 0) + count
    days += [
        {"article_id": article_id, "metric": metric, "day": day, "count": count}
        for day, count in older.items()
    ]


def _reach(
    article_id: int,
    slug: str,
    counts: Mapping[int, int],
    hosts: list[dict[str, Any]],
    depths: list[dict[str, Any]],
) -> None:
    """Where the views of each day came from, which sum up to them, and how far they read."""
    dice = random.Random(f"{slug} reach")  # noqa: S311
    weights = [weight * dice.uniform(0.5, 1.5) for weight in _HOSTS.values()]
    stays = [min(0.97, part * dice.uniform(0.9, 1.1)) for part in _STAYS]
    by_day: Counter[int] = Counter()
    for hour, count in counts.items():
        by_day[(in_zone(datetime.fromtimestamp(hour * 3600, UTC)).date() - EPOCH).days] += count
    for day, views in by_day.items():
        for host, count in zip(_HOSTS, _divided(views, weights, dice.random()), strict=True):
            if count:
                hosts.append({"article_id": article_id, "day": day, "host": host, "count": count})
        left = views
        for depth, part in zip(DEPTHS, stays, strict=True):
            left = int(left * part + dice.random())
            if left:
                depths.append({"article_id": article_id, "day": day, "depth": depth, "count": left})


def _divided(total: int, weights: Sequence[float], luck: float) -> list[int]:
    """`total` in whole parts by weight; `luck` (0 to 1) says who gets what cannot be divided. The sum is exact."""
    parts, passed, given = [], 0.0, 0
    for weight in weights[:-1]:
        passed += weight
        target = min(total, int(total * passed / sum(weights) + luck))
        parts.append(target - given)
        given = target
    return [*parts, total - given]
