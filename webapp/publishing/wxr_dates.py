"""Dates of a WordPress export: a local and a UTC time, either may be missing, and the zone between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

# Places with a newsroom on them, most people first: of zones that fit equally well the first one is taken.
NAMED_ZONES = [
    "Asia/Kolkata",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Halifax",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Mexico_City",
    "America/Bogota",
    "America/Santiago",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Athens",
    "Europe/Istanbul",
    "Europe/Moscow",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Africa/Cairo",
    "Africa/Nairobi",
    "Asia/Dubai",
    "Asia/Tehran",
    "Asia/Karachi",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Jakarta",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Perth",
    "Australia/Adelaide",
    "Australia/Brisbane",
    "Australia/Sydney",
    "Pacific/Auckland",
]
_QUARTER = timedelta(minutes=15)
_FARTHEST = timedelta(hours=14)
_ENOUGH = 0.95


@dataclass(frozen=True, slots=True)
class Moment:
    """One time of an export: `local` without a zone, `utc` with UTC; either may be missing."""

    local: datetime | None = None
    utc: datetime | None = None

    def at(self, zone: tzinfo) -> datetime | None:
        """The time in UTC, by the site's zone where only the local time is known; None without any time."""
        if self.utc is not None or self.local is None:
            return self.utc
        try:
            return self.local.replace(tzinfo=zone).astimezone(UTC)
        except OverflowError:
            return None

    @property
    def offset(self) -> timedelta | None:
        """Local time minus UTC, to the quarter of an hour, when both are there and a real zone has it."""
        if self.local is None or self.utc is None:
            return None
        seconds = (self.local - self.utc.replace(tzinfo=None)).total_seconds()
        offset = round(seconds / _QUARTER.total_seconds()) * _QUARTER
        return offset if abs(offset) <= _FARTHEST else None


def moment(local: str = "", gmt: str = "", feed: str = "") -> Moment:
    """The moment that WordPress's own two fields tell, or else the feed's date (`pubDate`)."""
    naive, utc = _naive(local), _naive(gmt)
    if naive is None and utc is None:
        return Moment(utc=_feed_date(feed))
    return Moment(naive, utc.replace(tzinfo=UTC) if utc else None)


def _naive(text: str) -> datetime | None:
    """Reads `2013-04-09 06:37:46`; WordPress writes zeros where it has no date, and some tools a `T`."""
    text = text.strip()
    if not text or text.startswith("0000"):
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def _feed_date(text: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(text.strip())
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def guess_zone(moments: Iterable[Moment]) -> str:
    """The name of the zone that the most moments agree with, `UTC` when none tells.

    A named zone wins when it explains nearly all of them, daylight saving included; otherwise it is the
    commonest fixed offset (`Etc/GMT+7` is seven hours behind UTC), to the nearest hour.
    """
    known = [(each.utc, each.offset) for each in moments if each.utc is not None and each.offset is not None]
    if not known:
        return "UTC"
    best, fits = "UTC", sum(offset == timedelta(0) for _, offset in known)
    for name in NAMED_ZONES:
        zone = ZoneInfo(name)
        fitting = sum(utc.astimezone(zone).utcoffset() == offset for utc, offset in known)
        if fitting > fits:
            best, fits = name, fitting
    if fits >= _ENOUGH * len(known):
        return best
    return _fixed(Counter(offset for _, offset in known).most_common(1)[0][0])


def _fixed(offset: timedelta) -> str:
    hours = round(offset / timedelta(hours=1))
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"


def zone_of(name: str) -> tzinfo:
    """The zone of that name, UTC for an unknown one."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return UTC
