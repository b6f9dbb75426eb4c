"""The production server: granian's processes around webapp.gateway, and what they do when one of them ends.

`run` serves until a signal comes. A worker that dies is replaced, however often that happens; workers never outlive
the process that started them.
"""

import contextlib
import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from granian._internal import load_target
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer

from webapp.gateway import Gateway

HOST = "127.0.0.1"
WORKERS = 2
PATIENCE = 10
"""Seconds that a worker has to finish its requests when it is stopped."""
log = logging.getLogger("_granian")


class PortTaken(OSError):
    """Another program listens on the port."""


def reserve(port: int) -> socket.socket:
    """Holds the port until workers listen on it. Raises PortTaken when it is not free.

    Workers share a port, which Linux allows any program of the same user; a second server would go unnoticed and get
    half of the readers.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind(probe, port)
    held = socket.socket()
    if sys.platform == "linux":
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        _bind(held, port)
    return held


def _bind(probe: socket.socket, port: int) -> None:
    try:
        probe.bind((HOST, port))
    except PermissionError as error:
        raise PortTaken(
            f"Port {port} may only be used by the administrator. Choose one above 1023, such as: PORT=8080 bin/serve"
        ) from error
    except OSError as error:
        raise PortTaken(
            f"Another program listens on {HOST}:{port}. Stop it, or choose another port: PORT={port + 1} bin/serve"
        ) from error


def run(
    target: str, port: int, on_ready: Callable[[], None], on_tick: Callable[[], None] = lambda: None
) -> None:
    """Serves the WSGI application `module:callable` until SIGINT or SIGTERM; `on_ready` runs when it answers, and
    `on_tick` some times a second from then on."""
    server = Server(
        target,
        address=HOST,
        port=port,
        interface=Interfaces.RSGI,
        workers=WORKERS,
        websockets=False,
        http=HTTPModes.http1,
        backlog=1024,
        # Requests whose bodies still come count too, so there is room for many slow clients.
        backpressure=1024,
        http1_settings=HTTP1Settings(header_read_timeout=10_000, max_buffer_size=64 * 1024),
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
    )
    alarm: Any = Alarm(lambda: _answers(port), on_ready, on_tick)
    server.main_loop_interrupt = alarm
    # Workers are copies of this process and share its memory for as long as nobody writes there, as Python's collector
    # would: into each object that it looks at.
    gc.freeze()
    gc.enable()
    server.serve(target_loader=load_in_worker)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


class Alarm:
    """What granian's main loop waits for, in place of its threading.Event; meanwhile it looks whether all is ready.

    The system may hand a signal to any thread of the process. Python notes it, but a main thread that waits for a lock
    is not woken, and the server would never stop; nor may a handler that interrupts another one wait for its lock.
    And it is no thread that looks: a worker is a copy of this process, and would wait for ever for a lock (of a module
    that is just being imported, say) that a thread held when it was copied. granian's own threads do nothing but wait.
    """

    def __init__(
        self, is_ready: Callable[[], bool], on_ready: Callable[[], None], on_tick: Callable[[], None]
    ) -> None:
        self._is_set = False
        self._is_ready, self._on_ready, self._on_tick = is_ready, on_ready, on_tick
        self._is_told = False

    def set(self) -> None:
        self._is_set = True

    def clear(self) -> None:
        self._is_set = False

    def wait(self) -> None:
        while not self._is_set:
            if self._is_told:
                self._on_tick()
            elif self._is_ready():
                self._is_told = True
                self._on_ready()
            time.sleep(0.1 if self._is_told else 0.02)


class Server(MPServer):
    """granian's server, which replaces a worker without ever giving up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._replaced_at: dict[int, float] = {}
        self._has_terminal = sys.stdin is not None and sys.stdin.isatty()

    def _spawn_workers(self, spawn_target: Any, target_loader: Any) -> None:
        with _signals_held():
            super()._spawn_workers(spawn_target, target_loader)

    def _respawn_workers(
        self, workers: list[int], spawn_target: Any, target_loader: Any, delay: float = 0
    ) -> None:
        self._wait_between_deaths(workers)
        if self.interrupt_signal:
            return
        with _signals_held():
            super()._respawn_workers(workers, spawn_target, target_loader, delay)
        # granian would end the whole site when the same worker dies twice within some seconds.
        self.respawned_wrks.clear()
        for index in workers:
            log.warning("Worker %s was replaced", index + 1)

    def _wait_between_deaths(self, workers: list[int]) -> None:
        """A worker that dies at once, again and again, is replaced once a second."""
        now = time.monotonic()
        if any(now - self._replaced_at.get(index, 0) < 2 for index in workers):
            end = now + 1
            while time.monotonic() < end and not self.interrupt_signal:
                time.sleep(0.05)
        self._replaced_at |= dict.fromkeys(workers, time.monotonic())

    def signal_handler_reload(self, *_args: Any, **_kwargs: Any) -> None:
        # SIGHUP comes when the terminal is closed. What was started there ends there; a service replaces its workers.
        if self._has_terminal:
            self.signal_handler_interrupt()
        else:
            super().signal_handler_reload()


_STOPS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Workers that are started meanwhile hold back the signals that stop them, until they can hear them.

    Threads that are started meanwhile never take one away from the main thread.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)


def load_in_worker(target: str) -> Any:
    """Runs first in each worker: sets its signals and gives the application."""
    # The handlers of the parent came along, and would swallow a stop that comes before granian sets the worker's own.
    for stop in _STOPS:
        signal.signal(stop, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
    # Ctrl-C reaches everything in the terminal's group; the parent alone decides who stops when.
    os.setpgid(0, 0)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    application: Any = load_target(target)
    return Gateway(application)


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.25)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os._exit(1)
