"""The workers: granian around webapp.gateway, as copies of a process that has loaded the site.

Workers never outlive the server that they belong to (webapp.supervisor).
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

from granian._internal import load_target
from granian.constants import HTTPModes, Interfaces, RuntimeModes
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer

from webapp.gateway import Gateway
from webapp.supervisor import HOST, PATIENCE


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


def work(target: str, port: int, workers: int, report: Callable[[list[int]], None]) -> NoReturn:
    """Serves the WSGI application `module:callable` in so many copies of this process, tells which they are, and ends.

    Where nobody would adopt them (all systems but Linux), this process becomes the worker.
    """
    server = Server(
        target,
        address=HOST,
        port=port,
        interface=Interfaces.RSGI,
        websockets=False,
        http=HTTPModes.http1,
        runtime_mode=RuntimeModes.st,
        backlog=1024,
        # Requests whose bodies still come count too, so there is room for many slow clients.
        backpressure=1024,
        http1_settings=HTTP1Settings(header_read_timeout=10_000, max_buffer_size=64 * 1024),
        log_level=LogLevels.warning,
    )
    server.listen()
    # Workers share the memory of this process for as long as nobody writes there, as Python's collector would: into
    # each object that it looks at.
    gc.freeze()
    gc.enable()
    parents = {os.getpid(), os.getppid()}
    if sys.platform != "linux":
        report([os.getpid()])
        _become(server, 0, parents)
    made = []
    for index in range(workers):
        made.append(os.fork())
        if made[-1] == 0:
            _become(server, index, parents)
    report(made)
    os._exit(0)


class Server(MPServer):
    """granian's server without its main process, whose part webapp.supervisor takes."""

    def listen(self) -> None:
        """Looks whether there is anything against listening; each worker does it for itself."""
        self._init_shared_socket()

    def serve_here(self, index: int) -> None:
        """Serves in this process until SIGTERM or SIGINT, as the worker of that number."""
        application: Any = load_target(self.target)
        worker = self._spawn_worker(index, self._spawn_rsgi_worker, lambda: Gateway(application))
        worker.inner.run()


def _become(server: Server, index: int, parents: set[int]) -> NoReturn:
    code = 1
    try:
        # Those of the process that loaded the site came along; granian sets its own when it begins to serve.
        for stop in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stop, signal.SIG_DFL)
        threading.Thread(target=_end_with, args=(parents,), daemon=True).start()
        server.serve_here(index)
        code = 0
    finally:
        if code:
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(code)


def _end_with(parents: set[int]) -> None:
    """Ends this worker when the server has, or the process that makes the worker before the server adopts it."""
    while os.getppid() in parents:
        time.sleep(0.25)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os._exit(1)
