"""Starts the site and the floors, each by bin/serve in a process of its own, and ends exactly those again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_LIMIT = 180.0
"""Seconds that a first start may take: it makes the database and loads the demonstration."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(*arguments: str, path: str = "/", **environment: str) -> Iterator[str]:
    """The origin of a server started with `bin/serve <arguments>`, ready to answer `path`."""
    port = free_port()
    process = subprocess.Popen(
        [str(ROOT / "bin" / "serve"), *arguments],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port), **environment},
        stdout=subprocess.DEVNULL,
    )
    origin = f"http://127.0.0.1:{port}"
    try:
        _wait_for(origin + path, process)
        yield origin
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + START_LIMIT
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise SystemExit(f"bin/serve ended with {process.returncode} before it answered {url}.")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise SystemExit(f"No answer from {url} within {START_LIMIT:.0f} seconds.")
