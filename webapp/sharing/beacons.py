"""What pages tell of their readers, and what of it counts: in pure functions, for one beacon as for a thousand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from webapp import clock
from webapp.sharing.rules import (
    APART,
    DEPTHS,
    MOST_HOSTS,
    OTHERS,
    READING_SECONDS,
    UNKNOWN,
    WINDOW_SECONDS,
)

WINDOW, READING = timedelta(seconds=WINDOW_SECONDS), timedelta(seconds=READING_SECONDS)
Reader = tuple[int, str]
"""An article, and a visitor of the day (visitors.visitor_hash)."""
Course = tuple[int, datetime]
"""How many of DEPTHS the reader of a view has reached, and until when more may come."""


class Beacon(NamedTuple):
    """An article was opened (`depth` 0, with the host before it: rules.came_from), or read as far as one of DEPTHS."""

    article_id: int
    visitor: str
    at: datetime
    host: str = UNKNOWN
    depth: int = 0

    @property
    def reader(self) -> Reader:
        return self.article_id, self.visitor

    def line(self) -> bytes:
        """As it is written down: one line, whose end says that it is whole."""
        at = round(self.at.timestamp() * 1_000_000)
        return f"{self.article_id} {self.visitor} {at} {self.depth} {self.host};\n".encode()


def read(lines: bytes) -> list[Beacon]:
    """The beacons of a journal in their order. What is no whole line, as after a full disk, is left out."""
    return [beacon for line in lines.split(b"\n") if (beacon := _read(line)) is not None]


def _read(line: bytes) -> Beacon | None:
    try:
        text = line.decode("ascii")
        article_id, visitor, at, depth, host = text.removesuffix(";").split(" ")
        when = datetime.fromtimestamp(int(at) / 1_000_000, tz=UTC)
        beacon = Beacon(int(article_id), visitor, when, host, int(depth))
    except (ValueError, OverflowError, OSError):
        return None
    return beacon if text.endswith(";") and beacon.depth in (0, *DEPTHS) else None


@dataclass
class Known:
    """What was counted of these readers and articles before: when windows end, where courses stand, which hosts an
    article has on a day (APART left out)."""

    windows: dict[Reader, datetime] = field(default_factory=dict)
    courses: dict[Reader, Course] = field(default_factory=dict)
    hosts: dict[tuple[int, int], set[str]] = field(default_factory=dict)


@dataclass
class Counted:
    """What is to be added, and what is known from now on of the readers for whom it is something new."""

    views: Counter[tuple[int, int]] = field(default_factory=Counter)
    """By article and hour (clock.hour_of)."""
    hosts: Counter[tuple[int, int, str]] = field(default_factory=Counter)
    """Views by article, day on the paper's clock, and host."""
    depths: Counter[tuple[int, int, int]] = field(default_factory=Counter)
    """By article, day and depth."""
    windows: dict[Reader, datetime] = field(default_factory=dict)
    courses: dict[Reader, Course] = field(default_factory=dict)


def settle(beacons: Iterable[Beacon], known: Known, day_of: Callable[[datetime], int]) -> Counted:
    """Goes through the beacons in their order, each at its own time. `day_of`: the day on the paper's own clock.

    A view counts unless this visitor opened the article within the window, which begins with a view that counts. From
    then on its reader may get farther, and counts once at each depth.
    """
    counted = Counted()
    for beacon in beacons:
        if beacon.depth:
            _settle_depth(beacon, known, counted, day_of)
        else:
            _settle_view(beacon, known, counted, day_of)
    return counted


def _settle_view(beacon: Beacon, known: Known, counted: Counted, day_of: Callable[[datetime], int]) -> None:
    reader = beacon.reader
    ends = counted.windows.get(reader) or known.windows.get(reader)
    if ends is not None and ends > beacon.at:
        return
    counted.windows[reader] = beacon.at + WINDOW
    counted.courses[reader] = (0, beacon.at + READING)
    counted.views[beacon.article_id, clock.hour_of(beacon.at)] += 1
    day = day_of(beacon.at)
    names = known.hosts.setdefault((beacon.article_id, day), set())
    host = beacon.host
    if host not in APART:
        if host not in names and len(names) >= MOST_HOSTS:
            host = OTHERS
        else:
            names.add(host)
    counted.hosts[beacon.article_id, day, host] += 1


def _settle_depth(beacon: Beacon, known: Known, counted: Counted, day_of: Callable[[datetime], int]) -> None:
    reader = beacon.reader
    before, ends = counted.courses.get(reader) or known.courses.get(reader) or (0, beacon.at)
    to = DEPTHS.index(beacon.depth) + 1
    if ends <= beacon.at or before >= to:
        return
    counted.courses[reader] = (to, ends)
    for depth in DEPTHS[before:to]:
        counted.depths[beacon.article_id, day_of(beacon.at), depth] += 1
