"""What counts, in pure functions: see /how-we-count for the same in words."""

from __future__ import annotations

from functools import lru_cache

from crawlerdetect import CrawlerDetect

WINDOW_SECONDS = 30 * 60
"""A reader counts once for an article, or an article and network, in this time."""
KEPT_HOURS = 31 * 24
"""Counts are kept by hour this long, then by day."""


@lru_cache(maxsize=2048)
def is_bot(user_agent: str) -> bool:
    """Whether a kept-up library knows this browser name as a program; no name at all is one, too."""
    return not user_agent.strip() or bool(_detector().isCrawler(user_agent[:500]))


@lru_cache(maxsize=1)
def _detector() -> CrawlerDetect:
    return CrawlerDetect()


def is_ahead_of_reader(purpose: str) -> bool:
    """Whether the browser fetches for later (prefetch, preview), going by Sec-Purpose, Purpose or X-Moz."""
    return any(word in purpose.lower() for word in ("prefetch", "prerender", "preview"))


def half_life_hours(window_hours: int) -> int:
    """A quarter of the window: what happened that long ago weighs half."""
    return max(1, window_hours // 4)
