"""Many readers who come at once for a page that nobody has made yet: each worker makes it once, not once for each."""

from __future__ import annotations

import urllib.request
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from e2e.conftest import Site

READERS = 40
WORKERS = 2


def made(site: Site) -> int:
    """How many pages the workers have made so far: the third column of what the command prints."""
    rows = [line.split() for line in site.command("cache").splitlines()]
    return sum(int(row[2]) for row in rows if len(row) > 2 and row[0].isdecimal())


def test_a_page_is_made_once_by_each_worker_however_many_ask(site: Site) -> None:
    site.command("cache", "clear")
    before = made(site)
    start = Barrier(READERS)

    def read(_number: int) -> bytes:
        start.wait()
        with urllib.request.urlopen(site.url + "/") as answer:
            return answer.read()

    with ThreadPoolExecutor(READERS) as readers:
        pages = set(readers.map(read, range(READERS)))
    assert len(pages) <= WORKERS and all(b"<h1" in page for page in pages)
    assert 1 <= made(site) - before <= WORKERS
