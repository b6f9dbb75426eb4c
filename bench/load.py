"""Load: wrk where it is installed (Debian: apt-get install wrk), else threads of this process. Bounded in time."""

from __future__ import annotations

import http.client
import re
import shutil
import sqlite3
import statistics
import subprocess
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

CONNECTIONS = 8
_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Result:
    """One round: requests a second, milliseconds at the median and at the 99th percentile, answers not 2xx or 3xx."""

    rate: float
    p50: float
    p99: float
    errors: int


def fetch(url: str, headers: dict[str, str]) -> bytes:
    """The bytes of one answer as they were sent."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
        return answer.read()


def answer(url: str, headers: dict[str, str]) -> tuple[bytes, list[tuple[str, str]]]:
    """The same, with the headers that the application gave (and not the server)."""
    servers = ("connection", "date", "server", "transfer-encoding")
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as found:
        return found.read(), [pair for pair in found.headers.items() if pair[0].lower() not in servers]


def inserts(place: str, seconds: float) -> Result:
    """Rows of a comment's size, one after the other, each committed as durably as the site commits a comment.

    `place` is a file of SQLite, or the address of a PostgreSQL database, where the table is gone afterwards.
    """
    connection, insert = _postgresql(place) if "://" in place else _sqlite(place)
    with closing(connection):
        taken: list[float] = []
        ends = time.monotonic() + seconds
        while (start := time.monotonic()) < ends:
            connection.execute(insert, (str(start), "word " * 80))
            taken.append((time.monotonic() - start) * 1000)
        if "://" in place:
            connection.execute("DROP TABLE bench_bare")
    taken.sort()
    return Result(len(taken) / seconds, statistics.median(taken), taken[int(len(taken) * 0.99)], 0)


def _sqlite(path: str) -> tuple[Any, str]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, made TEXT, body TEXT)")
    return connection, "INSERT INTO bare (made, body) VALUES (?, ?)"


def analyse(url: str) -> None:
    """Has PostgreSQL look at its tables, as its autovacuum does by itself, where it runs, once they have grown."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _postgresql(url: str) -> tuple[Any, str]:
    import psycopg

    connection = psycopg.connect(url, autocommit=True)
    connection.execute("DROP TABLE IF EXISTS bench_bare")
    connection.execute("CREATE TABLE bench_bare (id serial PRIMARY KEY, made text, body text)")
    return connection, "INSERT INTO bench_bare (made, body) VALUES (%s, %s)"


def get(url: str, seconds: float, headers: dict[str, str]) -> Result:
    """Asks for `url` again and again over 8 connections."""
    if shutil.which("wrk"):
        return _wrk(url, seconds, headers)
    return threads(lambda _client, _turn: ("GET", b"", headers), url, seconds, CONNECTIONS)


def _wrk(url: str, seconds: float, headers: dict[str, str]) -> Result:
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--latency", *given, url]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])  # pyright: ignore[reportOptionalSubscript]
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    return Result(rate, _percentile(text, "50"), _percentile(text, "99"), int(failed[1]) if failed else 0)


def _percentile(text: str, name: str) -> float:
    found = re.search(rf"\n\s+{name}%\s+([\d.]+)(us|ms|s)", text)
    return float(found[1]) * _MILLISECONDS[found[2]] if found else float("nan")


Maker = Callable[[int, int], tuple[str, bytes, dict[str, str]]]
"""From the client's number and its turn: method, body and headers of the next request."""


def threads(make: Maker, url: str, seconds: float, clients: int) -> Result:
    """Sends what `make` gives from `clients` threads, each on one kept connection."""
    parts = urlsplit(url)
    ends = time.monotonic() + seconds

    def run(client: int) -> tuple[list[float], int]:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        taken: list[float] = []
        errors = 0
        while (start := time.monotonic()) < ends:
            method, body, headers = make(client, len(taken))
            connection.request(method, parts.path or "/", body, headers)
            response = connection.getresponse()
            response.read()
            taken.append((time.monotonic() - start) * 1000)
            errors += response.status >= 400
        connection.close()
        return taken, errors

    with ThreadPoolExecutor(clients) as pool:
        results = list(pool.map(run, range(clients)))
    taken = sorted(value for values, _ in results for value in values)
    return Result(
        rate=len(taken) / seconds,
        p50=statistics.median(taken),
        p99=taken[min(len(taken) - 1, int(len(taken) * 0.99))],
        errors=sum(errors for _, errors in results),
    )
