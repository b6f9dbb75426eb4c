"""What `bin/serve` is while it runs: a small process that has the site loaded by others and looks after them.

`webapp.serving` loads the site, makes the workers by copying itself, says here which they are, and ends; on Linux they
are this one's children from then on. So the site is in memory once for each worker, and what they have not written to
only once, while a process that kept it loaded to copy it again would be as large as a worker. Workers that end, or
that SIGHUP replaces, are followed by others from a process that loads the site anew.

Nothing of the site is imported here, and bin/serve runs this file by its name: importing its package brings Flask.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

WORKERS = 2 if sys.platform == "linux" else 1
"""Elsewhere a port is not shared out among processes that each open it."""
HOST = "127.0.0.1"
PATIENCE = 10.0
"""Seconds that a worker has to finish its requests when it is stopped."""
BETWEEN_LOADS = 1.0
BETWEEN_HELPERS = 5.0
"""Seconds between two starts of what ends at once, again and again."""
Load = Callable[[int, int, bool], int]
"""Starts a process that makes so many workers and reports to a file descriptor, and gives its id; the last argument:
whether it is the first one."""


@dataclass
class Report:
    """What the process that loaded the site has to say; `ready` is for whoever started the server."""

    workers: list[int]
    port: int
    ready: str = ""
    helper: list[str] = field(default_factory=list)
    """A program to run beside the workers."""

    def send(self, to: int) -> None:
        """As one line of JSON. What may be secret in it goes through a pipe and nowhere else."""
        with os.fdopen(to, "w", encoding="utf-8") as pipe:
            json.dump(vars(self), pipe)
            pipe.write("\n")


@dataclass
class Loading:
    """A process that loads the site."""

    process: int
    pipe: int
    replaces: bool
    """Whether its workers take the place of those that run."""
    said: bytes = b""

    def report(self) -> Report | None:
        """What it has said by now, when that is all."""
        try:
            self.said += os.read(self.pipe, 65536)
        except BlockingIOError:
            return None
        return Report(**json.loads(self.said)) if self.said.endswith(b"\n") else None


class Supervisor:
    """Starts, replaces and stops the processes of one site; `run` comes back when all have ended."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._loading: Loading | None = None
        self._load_after = 0.0
        self._workers: set[int] = set()
        self._stopping: dict[int, float] = {}
        """Workers that were told to stop, and when they are killed."""
        self._report: Report | None = None
        self._is_ready = False
        self._helper: int | None = None
        self._help_after = 0.0
        self._exit: int | None = None
        """The exit code, as soon as it is to end."""
        self._is_to_reload = False

    def run(self) -> int:
        """Serves until SIGINT or SIGTERM, or until the site cannot be loaded at first; gives the exit code."""
        _adopt()
        for stop in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stop, self._hear_stop)
        signal.signal(signal.SIGHUP, self._hear_hangup)
        while self._exit is None:
            self._reap()
            self._hear()
            self._keep_workers()
            self._keep_ready()
            time.sleep(0.1 if self._is_ready else 0.02)
        self._stop()
        return self._exit

    def _hear_stop(self, *_signal: object) -> None:
        self._exit = 0

    def _hear_hangup(self, *_signal: object) -> None:
        # It comes when the terminal is closed. What was started there ends there; a service replaces its workers.
        if sys.stdin is not None and sys.stdin.isatty():
            self._exit = 0
        self._is_to_reload = True

    def _reap(self) -> None:
        while (ended := _ended_child()) is not None:
            process, code = ended
            # A worker becomes a child of this process when the one that made it has reported it and ended.
            self._hear()
            self._stopping.pop(process, None)
            if self._loading and process == self._loading.process:
                self._fail(self._loading, code)
            elif process == self._helper:
                self._helper = None
                _say(f"standfirst work ended ({code}) and is started again.")
            elif process in self._workers:
                self._workers.remove(process)
                _say(f"Unexpected end of a worker ({code}); another takes its place.")

    def _hear(self) -> None:
        loading = self._loading
        report = loading.report() if loading else None
        if loading is None or report is None:
            return
        os.close(loading.pipe)
        self._loading = None
        if loading.replaces:
            self._retire()
            _say("The site was loaded anew.")
            if self._helper:
                _signal(self._helper, signal.SIGTERM)
        self._report = report
        self._workers.update(report.workers)

    def _fail(self, loading: Loading, code: int) -> None:
        os.close(loading.pipe)
        self._loading = None
        if self._report is None:
            self._exit = code if code >= 0 else 1
        else:
            _say(f"The site could not be loaded ({code}); {len(self._workers)} of {WORKERS} workers run.")

    def _keep_workers(self) -> None:
        now = time.monotonic()
        for worker, end in self._stopping.items():
            if now > end:
                _signal(worker, signal.SIGKILL)
        missing = WORKERS - len(self._workers)
        if (
            self._exit is not None
            or self._loading
            or now < self._load_after
            or not (missing or self._is_to_reload)
        ):
            return
        replaces, self._is_to_reload = self._is_to_reload, False
        self._load_after = now + BETWEEN_LOADS
        read, write = os.pipe()
        os.set_blocking(read, False)
        process = self._load(WORKERS if replaces else missing, write, self._report is None)
        os.close(write)
        self._loading = Loading(process, read, replaces)

    def _retire(self) -> None:
        """Lets the workers that run finish their requests."""
        for worker in self._workers:
            _signal(worker, signal.SIGTERM)
            self._stopping[worker] = time.monotonic() + PATIENCE
        self._workers.clear()

    def _keep_ready(self) -> None:
        """Says when the site answers; from then on the helper runs."""
        report = self._report
        if report is None or self._exit is not None:
            return
        if not self._is_ready and _answers(report.port):
            self._is_ready = True
            print(report.ready, flush=True)
        now = time.monotonic()
        if self._is_ready and report.helper and self._helper is None and now > self._help_after:
            self._help_after = now + BETWEEN_HELPERS
            self._helper = spawn([*report.helper, str(os.getpid())])

    def _stop(self) -> None:
        """Ends all of them: workers, too, that have begun to answer and were not reported yet."""
        others = {self._helper} if self._helper else set()
        if self._loading:
            others.add(self._loading.process)
        for process in others:
            _signal(process, signal.SIGTERM)
        self._helper = None
        end = time.monotonic() + PATIENCE
        self._retire_heard()
        while self._stopping or others:
            while (ended := _ended_child()) is not None:
                self._stopping.pop(ended[0], None)
                others.discard(ended[0])
                self._retire_heard()
            if time.monotonic() > end:
                for process in (*self._stopping, *others):
                    _signal(process, signal.SIGKILL)
            time.sleep(0.01)

    def _retire_heard(self) -> None:
        self._hear()
        self._retire()


def _ended_child() -> tuple[int, int] | None:
    """The id and exit code of a child that has ended and was not told yet."""
    try:
        process, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return (process, os.waitstatus_to_exitcode(status)) if process else None


def _signal(process: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, number)


def _adopt() -> None:
    """Whose parent ends becomes a child of this process, on Linux."""
    if sys.platform != "linux":
        return
    import ctypes

    set_child_subreaper = 36
    if ctypes.CDLL(None, use_errno=True).prctl(set_child_subreaper, 1, 0, 0, 0):
        raise OSError(
            ctypes.get_errno(), "This system lets no process adopt others (PR_SET_CHILD_SUBREAPER)."
        )


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def spawn(command: list[str], *keep: int) -> int:
    """Starts a program that reads nothing, with these files open. Ctrl-C in the terminal reaches this process alone."""
    for file in keep:
        os.set_inheritable(file, True)
    nothing: list[Any] = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
    return os.posix_spawn(command[0], command, os.environ, file_actions=nothing, setpgroup=0)


def arguments(workers: int, report: int, is_first: bool) -> list[str]:
    """How webapp.serving is told what a Load is."""
    return ["--workers", str(workers), "--report", str(report), *([] if is_first else ["--again"])]


def main() -> None:
    """The entry point of bin/serve."""

    def load(workers: int, report: int, is_first: bool) -> int:
        how = arguments(workers, report, is_first)
        return spawn([sys.executable, "-m", "webapp.serving", *how, *sys.argv[1:]], report)

    sys.exit(Supervisor(load).run())


if __name__ == "__main__":
    main()
