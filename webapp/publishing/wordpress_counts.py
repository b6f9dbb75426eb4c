"""Views, shares and likes that plugins keep among meta values, and whether the shares were ever real.

Pure. A well-known magazine theme shows shares that nobody made: a fixed part of the views, 40 % of it under
Facebook's name and 25 % under Twitter's. Such numbers are recognised here over the whole file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

VIEW_KEY = re.compile(
    r"(?:^|[_-])views?(?:[_-]?(?:counts?|counter|total|all|number))?$|^_?(?:post_)?(?:hits|pageviews)$",
    re.IGNORECASE,
)
SHARE_KEY = re.compile(
    r"(?:^|[_-])shares?(?:[_-]?(?:counts?|counter|total|number|all))?$|socialcount_total$|essb_c_total$"
    r"|social_counter_total$",
    re.IGNORECASE,
)
_NETWORKS = (
    "facebook|fb|twitter|x|linkedin|pinterest|reddit|whatsapp|telegram|tumblr|vk|googleplus|google|buffer|email|"
    "stumbleupon|threads|bluesky|mastodon"
)
NETWORK_KEY = re.compile(
    rf"(?:^|_)(?P<network>{_NETWORKS})[_-](?:shares?|counts?|share_counts?|counter)$"
    rf"|(?:shares?|share_counts?|essb_c|socialcount|social)_(?P<after>{_NETWORKS})$",
    re.IGNORECASE,
)
_OVERRIDE_KEY = "jnews_override_counter"
_SERIALIZED = re.compile(r'"(view|share)_counter_number";(?:s:\d+:"|i:)(\d+)')
_ALIASES = {"fb": "facebook", "x": "twitter"}
FACEBOOK, TWITTER = 0.40, 0.25
_FEWEST = 3
_NEARLY_ALL = 0.9
_LARGEST = 2**53
LIKE_KEYS = ("cld_like_count", "_commentliked", "wpdiscuz_votes")
"""Of comments: Comments Like Dislike, WP ULike, wpDiscuz."""
_MOST_LIKES = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of one item; `parts` is by network."""

    views: int = 0
    shares: int = 0
    parts: dict[str, int] = field(default_factory=dict)
    view_key: str = ""
    share_key: str = ""


def counts_of(meta: Iterable[tuple[str, str]]) -> Counts:
    """Reads the numbers of one item. The largest wins where two plugins counted; parts make up a missing sum."""
    views, shares = (0, ""), (0, "")
    parts: dict[str, int] = {}
    for key, value in meta:
        if key == _OVERRIDE_KEY:
            numbers = {name: int(number) for name, number in _SERIALIZED.findall(value)}
            views = max(views, (min(numbers.get("view", 0), _LARGEST), key))
            shares = max(shares, (min(numbers.get("share", 0), _LARGEST), key))
        elif value.isdecimal() and value.isascii() and len(value) <= 15:
            if VIEW_KEY.search(key):
                views = max(views, (int(value), key))
            elif (network := NETWORK_KEY.search(key)) is not None:
                name = (network["network"] or network["after"]).lower()
                parts[_ALIASES.get(name, name)] = int(value)
            elif SHARE_KEY.search(key):
                shares = max(shares, (int(value), key))
    if parts and sum(parts.values()) > shares[0]:
        shares = (sum(parts.values()), "the sum of the networks")
    return Counts(views[0], shares[0], parts, views[1] if views[0] else "", shares[1] if shares[0] else "")


def likes_of(meta: Iterable[tuple[str, str]]) -> int:
    """The likes of one comment; the largest number wins where two plugins counted, and dislikes are none."""
    numbers = [
        int(value) for key, value in meta if key in LIKE_KEYS and value.isascii() and value.isdecimal()
    ]
    return min(max(numbers, default=0), _MOST_LIKES)


class Survey:
    """Collects the numbers of a whole file; small, whatever the file's size."""

    def __init__(self) -> None:
        self.view_keys: Counter[str] = Counter()
        self.share_keys: Counter[str] = Counter()
        self._rows: list[Counts] = []

    def add(self, meta: Iterable[tuple[str, str]]) -> None:
        counts = counts_of(meta)
        if counts.view_key:
            self.view_keys[counts.view_key] += 1
        if counts.share_key:
            self.share_keys[counts.share_key] += 1
            if len(self._rows) < 10_000:
                self._rows.append(counts)

    def invented(self) -> str:
        """Why the shares can't be real, in words; empty when they may be."""
        reasons = [reason for reason in (self._fixed_part(), self._fixed_networks()) if reason]
        return " and ".join(reasons)

    def _fixed_part(self) -> str:
        rows = [row for row in self._rows if row.views and row.shares >= 10]
        if len({row.shares for row in rows}) < _FEWEST:
            return ""
        # Rounding hides the part in small numbers, so the larger half of the articles says how large it is.
        largest = sorted(rows, key=lambda row: row.views)[len(rows) // 2 :]
        part = median(row.shares / row.views for row in largest)
        fitting = sum(abs(row.shares - part * row.views) <= 1 + 0.002 * row.shares for row in rows)
        if fitting < _NEARLY_ALL * len(rows):
            return ""
        return f"they are {part:.1%} of the views on {fitting} of {len(rows)} articles"

    def _fixed_networks(self) -> str:
        rows = [row for row in self._rows if row.shares >= 10 and {"facebook", "twitter"} <= row.parts.keys()]
        fitting = sum(
            abs(row.parts["facebook"] - FACEBOOK * row.shares) <= 1.5
            and abs(row.parts["twitter"] - TWITTER * row.shares) <= 1.5
            for row in rows
        )
        if len(rows) < _FEWEST or fitting < _NEARLY_ALL * len(rows):
            return ""
        return f"40 % of them stand for Facebook and 25 % for Twitter on {fitting} of {len(rows)} articles"
