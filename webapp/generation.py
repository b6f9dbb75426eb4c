"""The number that says whether kept pages are still true: raised after every commit that readers may notice.

All processes of an instance share it through a small file in memory; with Redis, all machines do. Reading it takes
less than a microsecond, so every request asks.
"""

from __future__ import annotations

import fcntl
import logging
import mmap
import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeVar

from flask import Flask, current_app

EXTENSION = "standfirst-generation"
MEMORY = "standfirst-memory"
_WIDTH = 8
T = TypeVar("T")
log = logging.getLogger(__name__)


class Generation(Protocol):
    def current(self) -> int | None:
        """The number now; None when nobody can tell, so that nothing kept may be shown."""

    def advance(self) -> None:
        """Makes it another one, for everybody."""


class SharedFile:
    """The number of one machine, in the first eight bytes of a file that every process maps."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def _memory(self) -> mmap.mmap:
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.fstat(handle).st_size < _WIDTH:
                os.ftruncate(handle, _WIDTH)
            return mmap.mmap(handle, _WIDTH)
        finally:
            os.close(handle)

    def current(self) -> int:
        return int.from_bytes(self._memory[:_WIDTH], "little")

    def advance(self) -> None:
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            self._memory[:_WIDTH] = (self.current() + 1).to_bytes(_WIDTH, "little")
        finally:
            os.close(handle)


class RedisNumber:
    """The number of a site on several machines. Without an answer from Redis nothing that was kept is shown."""

    KEY = "standfirst:generation"

    def __init__(self, client: Any) -> None:
        self.client = client

    def current(self) -> int | None:
        from redis import RedisError

        try:
            return int(self.client.get(self.KEY) or 0)
        except RedisError:
            return None

    def advance(self) -> None:
        from redis import RedisError

        try:
            self.client.incr(self.KEY)
        except RedisError:
            # What was written stands. While Redis is away nobody shows what was kept; after that, for a minute at most.
            log.warning("Redis does not answer: pages of other machines may be a minute late.")


def init_app(app: Flask) -> None:
    """Gives the application its number."""
    from webapp.occurrences import redis_client  # Late: the database itself imports this module.

    values = app.extensions["standfirst_settings"].values
    client = redis_client(values["REDIS_URL"])
    app.extensions[EXTENSION] = (
        RedisNumber(client) if client else SharedFile(Path(app.instance_path) / "pages.generation")
    )


def advance() -> None:
    """Every kept page is made anew from the next request on, at every worker. Call it after the commit."""
    generation: Generation = current_app.extensions[EXTENSION]
    generation.advance()


def remembered(what: str, read: Callable[[], T]) -> T:
    """What `read` gives, kept in this process until something is written that readers may notice.

    For the few things that every page needs: settings, menus, sections. The number is read before, so that nothing is
    kept that a write has overtaken. Rows must have left their session.
    """
    number = current_app.extensions[EXTENSION].current()
    memory: dict[str, tuple[int, Any]] = current_app.extensions.setdefault(MEMORY, {})
    kept = memory.get(what)
    if number is None or kept is None or kept[0] != number:
        value = read()
        if number is not None:
            memory[what] = number, value
        return value
    return kept[1]
