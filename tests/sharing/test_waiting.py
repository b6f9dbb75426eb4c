"""Views that workers note and count together: each once, at its own time, and none is lost on the way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.exc import OperationalError

from tests.factories import at, make_article
from tests.sharing.test_counting import share, shown, view
from tests.sharing.test_reach import come, depths, hosts, leave
from tests.sharing.workers import Worker, kill, working
from tools.services import DEFAULT_REDIS, redis_server
from webapp import clock
from webapp.database import db, transaction
from webapp.models import VIEW, Article, ReferrerDay, Status, TallyHour
from webapp.sharing import beacons, journal, queries
from webapp.sharing.beacons import Beacon, Known, settle
from webapp.sharing.rules import MOST_HOSTS, OTHERS

MORNING = at("2026-12-04T09:00+00:00")
both_databases = pytest.mark.both_databases


@pytest.fixture
def workers(app: Flask, environment: dict[str, str]) -> Iterator[list[Worker]]:
    with working(environment) as found:
        yield found


@pytest.fixture
def now() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(MORNING, tick=False) as moment:
        yield moment


def views(article_id: int) -> int:
    db.session.rollback()
    counted = queries.totals(article_id)
    assert counted is not None
    hours = db.session.scalar(
        select(func.sum(TallyHour.count)).where(TallyHour.article_id == article_id, TallyHour.metric == VIEW)
    )
    days = db.session.scalar(select(func.sum(ReferrerDay.count)).where(ReferrerDay.article_id == article_id))
    assert counted.view_count == (hours or 0) == (days or 0), "all numbers say the same"
    return counted.view_count


def busy(worker: Worker) -> None:
    """Something was counted just now, so that what comes next waits."""
    view(worker.client(), make_article().id, address="192.0.2.250")


@both_databases
def test_on_a_quiet_site_a_reader_sees_the_view(workers: list[Worker], now) -> None:
    article = make_article()
    for number, worker in enumerate(workers * 3, 1):
        assert shown(view(worker.client(), article.id, address=f"192.0.2.{number}")) == (number, 0)
        now.shift(1)
    assert views(article.id) == 6
    assert not any(worker.due for worker in workers)


@both_databases
def test_on_a_busy_one_views_are_counted_together_a_moment_later(workers: list[Worker], now) -> None:
    article = make_article()
    busy(workers[0])
    for number in range(9):
        assert shown(view(workers[number % 2].client(), article.id, address=f"192.0.2.{number}")) == (0, 0)
    assert views(article.id) == 0
    assert [len(worker.due) for worker in workers] == [1, 1], "one timer each, whatever comes"
    workers[1].ring()
    assert views(article.id) == 9
    assert shown(view(workers[0].client(), article.id, address="192.0.2.1")) == (9, 0)


@both_databases
def test_a_reader_counts_once_whichever_workers_get_the_repeats(workers: list[Worker], now) -> None:
    first, second = workers
    article = make_article()
    busy(first)
    for worker in (first, second, first):
        view(worker.client(), article.id)
    first.ring()
    second.ring()
    assert views(article.id) == 1
    now.shift(timedelta(minutes=29, seconds=59))
    view(second.client(), article.id)
    view(first.client(), article.id, address="192.0.2.2")
    assert views(article.id) == 1
    second.ring()
    first.ring()
    assert views(article.id) == 2
    now.shift(timedelta(seconds=2))
    view(second.client(), article.id)
    assert views(article.id) == 3


@both_databases
def test_many_at_once_at_two_workers_are_exact(workers: list[Worker]) -> None:
    article_id = make_article().id

    def read(number: int) -> None:
        worker = workers[number % 2]
        assert view(worker.client(), article_id, address=f"192.0.2.{number % 30}").status_code == 200
        worker.ring()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(read, range(121)))
    for worker in workers:
        worker.end()
    assert views(article_id) == 30


@both_databases
def test_with_redis_it_is_the_same(app: Flask, environment: dict[str, str], now) -> None:
    if redis_server() is None:
        pytest.skip("no Redis server answers (STANDFIRST_TEST_REDIS_URL)")
    given = {
        **environment,
        "STANDFIRST_REDIS_URL": os.environ.get("STANDFIRST_TEST_REDIS_URL", DEFAULT_REDIS),
    }
    article = make_article()
    with working(given) as workers:
        busy(workers[0])
        for worker in workers * 2:
            view(worker.client(), article.id, address="192.0.2.77")
        for worker in workers:
            worker.end()
    assert views(article.id) == 1


def test_what_the_database_does_not_take_stays_and_is_tried_again(
    workers: list[Worker], now, monkeypatch
) -> None:
    worker, other = workers
    article = make_article()

    def fails(_beacons: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    for one in workers:
        monkeypatch.setattr(one.noting().journal, "count", fails)
    assert view(worker.client(), article.id).status_code == 200
    now.shift(2)
    assert view(other.client(), article.id, address="192.0.2.2").status_code == 200
    worker.ring()
    assert views(article.id) == 0
    monkeypatch.undo()
    worker.ring()
    assert views(article.id) == 2


def test_a_failure_in_the_middle_takes_nothing_twice(workers: list[Worker], now, monkeypatch) -> None:
    worker = workers[0]
    article = make_article()
    busy(worker)
    for number in range(5):
        view(worker.client(), article.id, address=f"192.0.2.{number}")
    count = worker.noting().journal.count

    def dies(noted: list[Beacon]) -> None:
        count(noted[:3])
        raise OSError("killed")

    monkeypatch.setattr(worker.noting().journal, "count", dies)
    worker.ring()
    assert views(article.id) == 3
    monkeypatch.undo()
    worker.ring()
    assert views(article.id) == 5


def test_no_more_is_noted_than_may_wait(workers: list[Worker], now, monkeypatch, caplog) -> None:
    article = make_article()
    busy(workers[0])
    monkeypatch.setattr(journal, "LARGEST", 150)
    for number in range(9):
        assert view(workers[0].client(), article.id, address=f"192.0.2.{number}").status_code == 200
    assert "dropped" in caplog.text
    workers[0].ring()
    assert 1 < views(article.id) < 5


def test_where_nothing_can_be_noted_a_view_is_counted_at_once(
    workers: list[Worker], now, tmp_path: Path
) -> None:
    article = make_article()
    busy(workers[0])
    (tmp_path / "views.waiting" / "lines").mkdir()
    view(workers[0].client(), article.id)
    assert views(article.id) == 1


@both_databases
def test_views_of_an_article_that_is_gone_are_dropped_and_others_kept(workers: list[Worker], now) -> None:
    gone, kept = make_article(), make_article()
    busy(workers[0])
    for article in (gone, kept):
        view(workers[0].client(), article.id)
    gone_id = gone.id
    with transaction():
        db.session.execute(delete(Article).where(Article.id == gone_id))
    workers[0].ring()
    assert views(kept.id) == 1
    assert view(workers[0].client(), gone_id).status_code == 404


def test_an_article_that_is_taken_down_is_refused_by_the_next_request_at_every_worker(
    workers: list[Worker],
) -> None:
    article = make_article()
    for worker in workers * 2:
        assert view(worker.client(), article.id).status_code == 200
    with transaction():
        article.status = Status.unpublished
    for worker in workers:
        assert view(worker.client(), article.id).status_code == 404
        assert leave(worker.client(), article.id, 50) == 404


@both_databases
def test_a_worker_that_ends_counts_all_that_waits(workers: list[Worker], now) -> None:
    first, second = workers
    article = make_article()
    busy(first)
    view(first.client(), article.id, address="192.0.2.1")
    view(second.client(), article.id, address="192.0.2.2")
    second.end()
    assert views(article.id) == 2


def test_what_a_killed_worker_has_noted_is_counted_by_the_next(
    workers: list[Worker], environment: dict[str, str], now
) -> None:
    first, second = workers
    article = make_article()
    busy(first)
    view(first.client(), article.id, address="192.0.2.1")
    kill(first)
    view(second.client(), article.id, address="192.0.2.2")
    kill(second)
    assert views(article.id) == 0
    with working(environment, 1):
        assert views(article.id) == 2


def test_what_a_killed_worker_had_taken_is_counted_once(workers: list[Worker], now, monkeypatch) -> None:
    first, second = workers
    article = make_article()
    busy(first)
    view(first.client(), article.id, address="192.0.2.1")

    def no_end(_path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "unlink", no_end)
    with pytest.raises(KeyboardInterrupt):
        first.ring()
    monkeypatch.undo()
    assert views(article.id) == 1, "it was written, and then the worker was killed"
    view(second.client(), article.id, address="192.0.2.2")
    second.ring()
    assert views(article.id) == 2


@both_databases
def test_a_view_before_midnight_counts_on_its_own_day(workers: list[Worker]) -> None:
    article = make_article()
    evening = at("2026-12-04T23:59:59+00:00")
    with time_machine.travel(evening, tick=False) as now:
        busy(workers[0])
        come(workers[0].client(), article.id, "news.example")
        now.shift(timedelta(seconds=2))
        workers[0].ring()
        assert db.session.scalars(select(TallyHour.hour).where(TallyHour.article_id == article.id)).all() == [
            clock.hour_of(evening)
        ]
        days = select(ReferrerDay.day).where(ReferrerDay.article_id == article.id)
        assert db.session.scalars(days).all() == [queries.day_of(evening)]
        assert views(article.id) == 1
        # Nobody is known again on the next day.
        now.shift(timedelta(minutes=5))
        view(workers[1].client(), article.id)
        assert views(article.id) == 2


@both_databases
def test_made_up_hosts_stay_within_the_bound_when_all_come_at_once(workers: list[Worker], now) -> None:
    article, other = make_article(), make_article()
    come(workers[1].client(), article.id, "host-0.example", 240)
    for reader in range(MOST_HOSTS + 20):
        come(workers[reader % 2].client(), article.id, f"host-{reader}.example", reader)
    come(workers[0].client(), other.id, "host-69.example")
    workers[0].ring()
    found = hosts(article.id)
    assert (len(found), found[OTHERS], found["host-0.example"]) == (MOST_HOSTS + 1, 20, 2)
    assert hosts(other.id) == {"host-69.example": 1}
    assert views(article.id) == MOST_HOSTS + 21


@both_databases
def test_how_far_was_read_may_come_to_another_worker_than_the_view(workers: list[Worker], now) -> None:
    first, second = workers
    article = make_article()
    busy(first)
    assert leave(second.client(), article.id, 25, reader=2) == 204, "no view, no depth"
    come(first.client(), article.id, None)
    assert leave(second.client(), article.id, 50) == 204
    leave(first.client(), article.id, 25)
    come(second.client(), article.id, None)
    assert depths(article.id) == {}
    second.ring()
    assert depths(article.id) == {25: 1, 50: 1}
    leave(second.client(), article.id, 75)
    first.ring()
    assert depths(article.id) == {25: 1, 50: 1, 75: 1}
    assert views(article.id) == 1


def test_shares_never_wait(workers: list[Worker], now) -> None:
    article = make_article()
    busy(workers[0])
    share(workers[0].client(), article.id, "x")
    db.session.rollback()
    assert queries.shares_by_network(article.id) == {"x": 1}


def test_a_window_ends_also_for_views_that_are_counted_together() -> None:
    minutes = [0, 10, 29.99, 30, 45, 60, 61]
    told = [Beacon(7, "a" * 32, MORNING + timedelta(minutes=minute)) for minute in minutes]
    counted = settle(told, Known(), lambda _moment: 1)
    assert sum(counted.views.values()) == 3
    known = Known(windows={(7, "a" * 32): MORNING + timedelta(minutes=45)})
    assert sum(settle(told, known, lambda _moment: 1).views.values()) == 1


def test_a_course_begins_anew_with_a_view_that_counts() -> None:
    def told(minute: float, depth: int = 0) -> Beacon:
        return Beacon(7, "a" * 32, MORNING + timedelta(minutes=minute), depth=depth)

    read = [
        told(0),
        told(1, 50),
        told(2, 25),
        told(3),
        told(4, 50),
        told(31),
        told(32, 25),
        told(31 + 241, 75),
    ]
    counted = settle(read, Known(), lambda _moment: 1)
    assert counted.depths == {(7, 1, 25): 2, (7, 1, 50): 1}


def test_lines_are_read_as_they_were_written_and_broken_ones_left_out() -> None:
    told = [
        Beacon(7, "a" * 32, at("2026-12-04T09:00:00.123456+00:00"), "news.example"),
        Beacon(2**31 - 1, "b" * 32, MORNING, ""),
        Beacon(7, "a" * 32, MORNING, depth=75),
    ]
    lines = b"".join(beacon.line() for beacon in told)
    assert beacons.read(lines) == told
    broken = (
        b"7 a 1 0\n\n;\nx a 1 0 ;\n7 a 99999999999999999999999 0 ;\n7 a 1 30 ;\n\xff\x00\n"
        + told[0].line()[:-3]
    )
    assert beacons.read(broken + b"\n" + lines + told[0].line()[:20]) == told
