"""`bin/bench footprint`: how soon a ready site answers after its start, and how much memory it has after load.

Memory is the proportional set size (PSS) of the server's processes: what they share is divided among them.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import load, servers
from bench.servers import ROOT, free_port, running
from bench.speed import BROTLI, comment_form, longest_article

LIMIT = 30.0
"""Seconds that a start on a ready instance may take before this gives up."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command line takes."""
    parser.add_argument("--rounds", type=int, default=7, help="starts of each; the table has their medians")
    parser.add_argument("--seconds", type=float, default=3, help="length of each kind of load")
    servers.add_instance(parser)


def run(options: argparse.Namespace) -> None:
    """Measures and prints."""
    if not 1 <= options.rounds <= 50 or not 0.2 <= options.seconds <= 60:
        raise SystemExit("--rounds is from 1 to 50 and --seconds from 0.2 to 60")
    with tempfile.TemporaryDirectory(prefix="standfirst-bench-", ignore_cleanup_errors=True) as folder:
        instance = options.instance or f"{folder}/instance"
        given = {
            "STANDFIRST_INSTANCE": instance,
            "STANDFIRST_BUILD_PICTURES": "0",
            "STANDFIRST_COMMENT_FLOOD_SECONDS": "0",
        }
        with running(path="/healthz", **given):
            pass  # Now it is ready.
        bare = {"PYTHONPATH": str(ROOT)}
        kinds = {
            "bare WSGI app": (("--app", "bench.floor:wsgi"), "/", bare),
            "the site": ((), "/healthz", given),
            "the site, its front page": ((), "/", given),
        }
        taken: dict[str, list[float]] = {name: [] for name in kinds}
        for _ in range(options.rounds):
            for name, (arguments, path, environment) in kinds.items():
                with _started(arguments, path, environment) as (seconds, _, _):
                    taken[name].append(seconds)
        print("| from start to first answer | median, s | slowest, s |\n| --- | --: | --: |")
        for name, found in taken.items():
            print(f"| {name} | {statistics.median(found):.2f} | {max(found):.2f} |")
        with _started((), "/healthz", given) as (_, origin, process):
            before = _memory(process.pid)
            _use(origin, options.seconds)
            after = _memory(process.pid)
        print("\n| memory (PSS), MB | at rest | after load |\n| --- | --: | --: |")
        for name in before:
            print(f"| {name} | {before[name]:.0f} | {after[name]:.0f} |")


@contextmanager
def _started(
    arguments: tuple[str, ...], path: str, environment: dict[str, str]
) -> Iterator[tuple[float, str, subprocess.Popen[bytes]]]:
    """A server, how many seconds it took to its first answer, and its origin."""
    port = free_port()
    begins = time.monotonic()
    process = subprocess.Popen(
        [str(ROOT / "bin" / "serve"), *arguments],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port), **environment},
        stdout=subprocess.DEVNULL,
    )
    origin = f"http://127.0.0.1:{port}"
    try:
        while not _answers(origin + path):
            if process.poll() is not None or time.monotonic() > begins + LIMIT:
                raise SystemExit(f"{origin + path} did not answer.")
            time.sleep(0.005)
        yield time.monotonic() - begins, origin, process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _use(origin: str, seconds: float) -> None:
    """What readers do: kept pages, pages that have to be made, comments."""
    article, page = longest_article(origin)
    with urllib.request.urlopen(origin + "/sitemaps/articles-1.xml", timeout=30) as answer:
        paths = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", answer.read().decode())
    for path in paths[:300]:
        load.fetch(origin + path, BROTLI)
    load.get(origin + article, seconds, BROTLI)
    load.get(origin + "/search?q=sea", seconds, BROTLI)
    load.threads(comment_form(page.decode(), article), f"{origin}{article.rstrip('/')}/comments", seconds, 4)


def _memory(server: int) -> dict[str, float]:
    """MB of the server with its workers, and of the helper beside it (`standfirst work`)."""
    sums = {"server with two workers": 0.0, "standfirst work beside it": 0.0}
    for pid in _family(server):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        name = "standfirst work beside it" if "work" in command else "server with two workers"
        sums[name] += int(re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)[1]) / 1024  # pyright: ignore[reportOptionalSubscript]
    return sums


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(other for child in children for other in _family(int(child)))]
