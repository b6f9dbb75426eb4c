"""Takes what pages tell: a worker of the server notes it and counts it with others; everybody else counts at once."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from webapp.sharing import actions
from webapp.sharing.beacons import Beacon
from webapp.sharing.journal import EVERY, Full, Journal

EXTENSION = "standfirst-beacons"
RETRY = 5.0
"""Seconds until the database is tried again after it did not take what waits."""
log = logging.getLogger(__name__)

Later = Callable[[float, Callable[[], None]], object]
"""Calls a function once in so many seconds, in a thread beside the requests."""


def tell(beacon: Beacon) -> None:
    """Has it counted, now or within a moment."""
    mine = noting(current_app)
    if mine is None or not mine.note(beacon):
        actions.count([beacon])


def init_app(app: Flask) -> None:
    """What the server calls in each worker (webapp/gateway.py)."""
    served: Any = app
    served.begin_serving, served.end_serving = partial(begin, app), partial(end, app)


def begin(app: Flask, later: Later) -> None:
    """From now on this process notes. It counts first what others have left behind."""
    app.extensions[EXTENSION] = mine = Noting(app, later)
    mine.wait(0)


def end(app: Flask) -> None:
    """Counts what waits, before the process ends."""
    mine: Noting | None = app.extensions.pop(EXTENSION, None)
    if mine is not None:
        with app.app_context():
            mine.count(is_last=True)


def folder(app: Flask) -> Path:
    """Where what waits is written down."""
    return Path(app.instance_path) / "views.waiting"


def noting(app: Flask) -> Noting | None:
    """This process's part, where it notes."""
    return app.extensions.get(EXTENSION)


class Noting:
    """A worker's part. Each beacon is noted; then all that waits is counted: at once where nothing was counted a
    moment ago, so that a reader of a quiet site sees the view, else when that moment is over."""

    def __init__(self, app: Flask, later: Later) -> None:
        self.app, self.later = app, later
        self.journal = Journal(folder(app), actions.count_all)
        self._not_before = 0.0
        self._is_waiting = False

    def note(self, beacon: Beacon) -> bool:
        """False where it could not be noted. What is told while too much waits is dropped."""
        try:
            self.journal.add(beacon)
        except Full:
            log.warning("A view is dropped: the database has taken none for too long.")
        except OSError as error:
            log.warning("A view could not be noted and is counted by itself: %s", error)
            return False
        # While others wait, all are counted together; the requests go on meanwhile.
        if not self._is_waiting and self.journal.is_due() and time.monotonic() >= self._not_before:
            self.count()
        else:
            self.wait(EVERY)
        return True

    def wait(self, seconds: float) -> None:
        """Counts in so many seconds, unless that is to happen anyway."""
        if not self._is_waiting:
            self._is_waiting = True
            self.later(seconds, self._wake)

    def count(self, *, is_last: bool = False) -> None:
        """Counts what waits; what the database does not take is tried again later. No reader's answer fails by it.

        `is_last`: where somebody counts just now, waits for them, and counts what they have not seen.
        """
        try:
            is_done = self.journal.count_waiting(wait=is_last)
        except (SQLAlchemyError, OSError) as error:
            self._put_off(str(error).splitlines()[0])
        except Exception as error:
            log.exception("Views were not counted.")
            self._put_off(str(error))
        else:
            if not is_done:
                self.wait(EVERY)

    def _put_off(self, why: str) -> None:
        log.warning("Views wait, since they could not be counted: %s", why)
        self._not_before = time.monotonic() + RETRY
        self.wait(RETRY)

    def _wake(self) -> None:
        self._is_waiting = False
        with self.app.app_context():
            self.count()
