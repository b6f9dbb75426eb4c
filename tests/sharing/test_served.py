"""Views over HTTP, against a real server with two workers: none is lost or doubled, whatever ends which process."""

from __future__ import annotations

import http.client
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories import make_article
from tests.sharing.test_counting import FIREFOX
from tests.test_serving import Running, until
from webapp.database import db
from webapp.models import VIEW, ReferrerDay, TallyHour
from webapp.sharing import queries

pytestmark = pytest.mark.both_databases
READERS, CLIENTS = 400, 8


@pytest.fixture
def article_id(app: Flask) -> int:
    found = make_article().id
    db.session.rollback()
    return found


@pytest.fixture
def server(
    app: Flask, environment: dict[str, str], article_id: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Running]:
    for name, value in {**environment, "STANDFIRST_WORK": "0", "STANDFIRST_TRUSTED_PROXIES": "1"}.items():
        monkeypatch.setenv(name, value)
    running = Running(tmp_path / "log", "--empty")
    until(running.answers, 60)
    until(lambda: len(running.workers()) == 2)
    yield running
    running.end()


def views(article_id: int) -> tuple[int, int, int]:
    """The total, and the sums of hours and of hosts."""
    db.session.rollback()
    hours = select(func.sum(TallyHour.count)).where(
        TallyHour.article_id == article_id, TallyHour.metric == VIEW
    )
    hosts = select(func.sum(ReferrerDay.count)).where(ReferrerDay.article_id == article_id)
    total = queries.totals(article_id)
    return total.view_count, int(db.session.scalar(hours) or 0), int(db.session.scalar(hosts) or 0)


def read(server: Running, article_id: int, readers: range, done: list[int]) -> None:
    """Each reader comes, again when no answer comes, and once more."""
    for reader in readers:
        answers = 0
        while answers < 2:
            answers += came(server, article_id, reader)
        done.append(reader)


def came(server: Running, article_id: int, reader: int) -> bool:
    """Whether a view was answered. Each is sent to whichever worker takes the connection."""
    headers = {
        "User-Agent": FIREFOX,
        "X-Forwarded-For": f"10.0.{reader // 250}.{reader % 250}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Sec-Fetch-Site": "same-origin",
    }
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request("POST", f"/articles/{article_id}/views", f"from=h{reader % 9}.example", headers)
        with connection.getresponse() as response:
            response.read()
            assert response.status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def test_a_worker_that_is_killed_among_many_readers_loses_no_view(server: Running, article_id: int) -> None:
    done: list[int] = []
    killed: set[int] = set()
    parts = [range(first, READERS, CLIENTS) for first in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        reading = [pool.submit(read, server, article_id, part, done) for part in parts]
        for share in (4, 2):
            until(lambda share=share: len(done) > READERS // share, 60)
            worker = server.workers()[0]
            killed.add(worker)
            os.kill(worker, signal.SIGKILL)
        for one in reading:
            one.result()
    assert len(done) == READERS
    # Where nobody is left to count at the end, what waits is counted at the next start.
    until(lambda: server.has_others(*killed))
    until(server.answers)
    server.end()
    assert views(article_id) == (READERS,) * 3, server.log.read_text()


def test_an_orderly_stop_in_the_middle_of_it_has_counted_every_view(server: Running, article_id: int) -> None:
    done: list[int] = []
    read(server, article_id, range(60), done)
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=20) == 0
    assert views(article_id) == (60,) * 3


def test_on_a_site_that_goes_quiet_what_waits_is_counted_as_well(server: Running, article_id: int) -> None:
    threads = [
        threading.Thread(target=read, args=(server, article_id, range(first, first + 9), []))
        for first in (0, 9, 18, 27)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert until(lambda: views(article_id)[0] == 36)


def test_workers_that_are_replaced_take_nothing_along(server: Running, article_id: int) -> None:
    before = server.workers()
    read(server, article_id, range(30), [])
    server.process.send_signal(signal.SIGHUP)
    until(lambda: len(server.workers()) == 2 and not set(server.workers()) & set(before), 40)
    assert until(lambda: views(article_id)[0] == 30)
