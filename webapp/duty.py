"""The hours in which somebody of the newsroom is on duty. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LINE = re.compile(
    r"(daily|[a-z]{3})(?:\s*[-–]\s*([a-z]{3}))?\s+(\d{1,2}):(\d\d)\s*[-–]\s*(\d{1,2}):(\d\d)", re.IGNORECASE
)
_DAY = 24 * 60
_WEEK = 7 * _DAY
Span = tuple[int, int]
"""Minutes of the week, from Monday 00:00: beginning and end; an end beyond the week goes on on Monday."""


def spans(lines: Sequence[str]) -> list[Span]:
    """The hours that lines such as `mon-fri 07:00-22:00` or `daily 8:00-20:00` name. Raises ValueError with words."""
    return [span for line in lines for span in _spans_of(line)]


def _spans_of(line: str) -> list[Span]:
    match = _LINE.fullmatch(line.strip())
    if match is None:
        raise ValueError("must have lines such as: mon-fri 07:00-22:00")
    first, last, *times = match.groups()
    start, end = int(times[0]) * 60 + int(times[1]), int(times[2]) * 60 + int(times[3])
    if max(start, end) > _DAY or int(times[1]) > 59 or int(times[3]) > 59:
        raise ValueError("must have times from 00:00 to 24:00")
    end += _DAY if end <= start else 0
    return [(day * _DAY + start, day * _DAY + end) for day in _days(first.lower(), (last or "").lower())]


def _days(first: str, last: str) -> list[int]:
    if first == "daily" and not last:
        return list(range(7))
    if first not in DAYS or (last and last not in DAYS):
        raise ValueError("must name days as mon, tue, wed, thu, fri, sat, sun or daily")
    begins, ends = DAYS.index(first), DAYS.index(last or first)
    return [day % 7 for day in range(begins, ends + 1 + (7 if ends < begins else 0))]


def begins_next(hours: Sequence[Span], local: datetime) -> datetime | None:
    """When duty begins again, in the zone of `local`; None while somebody is on duty, or where no hours are set."""
    minute = local.weekday() * _DAY + local.hour * 60 + local.minute
    if not hours or any(start <= at < end for start, end in hours for at in (minute, minute + _WEEK)):
        return None
    wait = min((start - minute) % _WEEK for start, _ in hours)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(minutes=minute % _DAY + wait)
