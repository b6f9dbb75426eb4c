"""Starts the site and the floors, each by bin/serve in a process of its own, and ends exactly those again."""

from __future__ import annotations

import argparse
import os
import shutil
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


def add_instance(parser: argparse.ArgumentParser) -> None:
    """The option that chooses the site which is measured."""
    parser.add_argument(
        "--instance",
        metavar="FOLDER",
        help="a site that may be written to, comments are posted; left out, a new one with the demonstration",
    )


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
            raise SystemExit(f"The server ended with {process.returncode} before it answered {url}.")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise SystemExit(f"No answer from {url} within {START_LIMIT:.0f} seconds.")


NGINX = """
worker_processes 2; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; keepalive_requests 1000000; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} reuseport;
    location / {{ root {folder}; try_files /page =404; default_type text/html; add_header Content-Encoding br; }}
  }}
}}
"""


@contextmanager
def nginx(body: bytes, folder: Path) -> Iterator[str | None]:
    """The origin of an nginx that answers `body` from a file in `folder`; None where it is not installed."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        yield None
        return
    port = free_port()
    folder.mkdir()
    folder.chmod(0o755)
    folder.parent.chmod(0o755)  # Its workers are another user's where it is started by root.
    (folder / "page").write_bytes(body)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port), encoding="utf-8")
    process = subprocess.Popen([program, "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        _wait_for(f"http://127.0.0.1:{port}/", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
