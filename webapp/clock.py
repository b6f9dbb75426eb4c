"""The one source of the current time, so that tests can travel and nothing mixes zones."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The current moment, timezone-aware, in UTC."""
    return datetime.now(UTC)


def hour_of(moment: datetime) -> int:
    """Whole hours since 1970 in UTC: the bucket in which views and shares are counted."""
    return int(moment.timestamp()) // 3600


def day_of(moment: datetime) -> int:
    """Whole days since 1970 in UTC."""
    return int(moment.timestamp()) // 86400
