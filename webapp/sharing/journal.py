"""What the workers of a server have to count and have not counted yet: lines in a file that they share.

A line is in the system's keeping as soon as it is added, so that a worker that is killed loses none. Whoever counts
takes all lines, its own and the others', and gives them up when the database has them.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from webapp.sharing import beacons
from webapp.sharing.beacons import Beacon

EVERY = 0.5
"""Seconds that lie between two times of counting, at least."""
LARGEST = 16 * 1024 * 1024
"""Bytes, some two hundred thousand lines: while the database is away no more is added."""


class Full(Exception):
    """As much waits as may wait."""


class Journal:
    """The lines below a folder, which is made. `count` writes beacons to the database, all or with an exception."""

    def __init__(self, folder: Path, count: Callable[[Sequence[Beacon]], None]) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        self.count = count
        self._lines, self._taken = folder / "lines", folder / "taken"
        self._adding, self._counting = folder / "adding", folder / "counting"
        self._counted = folder / "counted"
        self._counted.touch(mode=0o600)

    def add(self, beacon: Beacon) -> None:
        """Writes it down. Raises Full, or OSError where the disk takes nothing."""
        with _held(self._adding):
            handle = os.open(self._lines, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                if os.fstat(handle).st_size > LARGEST:
                    raise Full
                os.write(handle, beacon.line())
            finally:
                os.close(handle)

    def stamp(self) -> int:
        """Another number after each time that lines were counted: nanoseconds since 1970, of the last time."""
        return self._counted.stat().st_mtime_ns

    def is_due(self) -> bool:
        """Whether some time has passed since the last time."""
        return abs(time.time_ns() - self.stamp()) >= EVERY * 1e9

    def count_waiting(self, *, wait: bool = False) -> bool:
        """Counts all that waits. False: somebody is at it just now, and may not see what was added last; with `wait`
        that is waited for.

        What cannot be counted stays, and the exception that says why is passed on.
        """
        with _held(self._counting, wait=wait) as is_mine:
            if not is_mine:
                return False
            # The first look finds what a process took that was killed before it was done.
            while self._take():
                self.count(beacons.read(self._taken.read_bytes()))
                self._taken.unlink()
                now = time.time_ns()
                os.utime(self._counted, ns=(now, now))
        return True

    def _take(self) -> bool:
        if not self._taken.exists():
            # Nobody adds to a file of which they do not know that it was taken.
            with _held(self._adding):
                if not self._lines.exists():
                    return False
                self._lines.rename(self._taken)
        return True


@contextmanager
def _held(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """A lock between processes, which ends with the one that holds it. False where `wait` is and somebody has it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        yield False
        return
    try:
        yield True
    finally:
        os.close(handle)
