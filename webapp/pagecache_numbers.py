"""What the page cache of each worker did, in a small file in memory, so that the command line can show it."""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
from dataclasses import dataclass
from pathlib import Path

_SLOT = struct.Struct("<5Q")
_SLOTS = 64
_SIZE = _SLOTS * _SLOT.size


@dataclass
class Worker:
    """`hits` and `misses` since the worker started; `pages` and `size` (bytes) as it last kept one."""

    pid: int = 0
    hits: int = 0
    misses: int = 0
    pages: int = 0
    size: int = 0


class Numbers:
    """The file. Each worker has a place of its own in it, found when it first counts something."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._memory: mmap.mmap | None = None
        self._place = 0
        self._own = Worker()

    def hit(self) -> None:
        """A page was found."""
        own = self._mine()
        own.hits += 1
        self._write()

    def miss(self) -> None:
        """A page had to be made."""
        own = self._mine()
        own.misses += 1
        self._write()

    def holds(self, pages: int, size: int) -> None:
        """So many pages of so many bytes are kept now."""
        own = self._mine()
        own.pages, own.size = pages, size
        self._write()

    def workers(self) -> list[Worker]:
        """Those that are alive."""
        memory = self._mapped()
        found = (Worker(*_SLOT.unpack_from(memory, place)) for place in range(0, _SIZE, _SLOT.size))
        return [worker for worker in found if worker.pid and _is_alive(worker.pid)]

    def _mine(self) -> Worker:
        # Workers are copies of the process that made the application.
        if self._own.pid != os.getpid():
            self._own = Worker(os.getpid())
            self._claim()
        return self._own

    def _claim(self) -> None:
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            memory = self._mapped()
            pids = [_SLOT.unpack_from(memory, place)[0] for place in range(0, _SIZE, _SLOT.size)]
            free = next((index for index, pid in enumerate(pids) if not pid or not _is_alive(pid)), 0)
            self._place = free * _SLOT.size
            self._write()
        finally:
            os.close(handle)

    def _write(self) -> None:
        own = self._own
        _SLOT.pack_into(self._mapped(), self._place, own.pid, own.hits, own.misses, own.pages, own.size)

    def _mapped(self) -> mmap.mmap:
        if self._memory is None:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                if os.fstat(handle).st_size < _SIZE:
                    os.ftruncate(handle, _SIZE)
                self._memory = mmap.mmap(handle, _SIZE)
            finally:
                os.close(handle)
        return self._memory


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
