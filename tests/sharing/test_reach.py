"""Where readers came from and how far they read: counted with the views, whatever a client sends, and nobody kept."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.factories import at, make_article
from tests.sharing.test_counting import FIREFOX
from tests.staff import Staff
from webapp import clock
from webapp.database import db, transaction
from webapp.models import VIEW, DepthDay, ReferrerDay, Status, TallyHour
from webapp.privacy.actions import purge
from webapp.settings import store
from webapp.sharing import queries
from webapp.sharing.rules import HERE, KEPT_DAYS, MOST_HOSTS, OTHERS, UNKNOWN, came_from

MORNING = at("2026-12-04T09:00+00:00")


def come(
    client: FlaskClient, article_id: int, host: str | None, reader: int = 1, agent: str = FIREFOX
) -> int:
    data = {} if host is None else {"from": host}
    return client.post(
        f"/articles/{article_id}/views",
        data=data,
        headers={"User-Agent": agent},
        environ_base={"REMOTE_ADDR": f"192.0.2.{reader}"},
    ).status_code


def leave(
    client: FlaskClient, article_id: int, reached: object, reader: int = 1, agent: str = FIREFOX
) -> int:
    return client.post(
        f"/articles/{article_id}/depth",
        data={"reached": str(reached)},
        headers={"User-Agent": agent},
        environ_base={"REMOTE_ADDR": f"192.0.2.{reader}"},
    ).status_code


def hosts(article_id: int) -> dict[str, int]:
    db.session.rollback()
    rows = select(ReferrerDay.host, func.sum(ReferrerDay.count)).where(ReferrerDay.article_id == article_id)
    return {host: int(count) for host, count in db.session.execute(rows.group_by(ReferrerDay.host))}


def depths(article_id: int) -> dict[int, int]:
    db.session.rollback()
    rows = select(DepthDay.depth, func.sum(DepthDay.count)).where(DepthDay.article_id == article_id)
    return {depth: int(count) for depth, count in db.session.execute(rows.group_by(DepthDay.depth))}


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ("news.example", "news.example"),
        ("www.News.Example", "news.example"),
        ("news.example:8443", "news.example"),
        ("news.example.", "news.example"),
        (" news.example ", "news.example"),
        ("xn--zeitung-x2a.example", "xn--zeitung-x2a.example"),
        ("com.google.android.gm", "com.google.android.gm"),
        ("a" * 60 + "." + "b" * 31 + ".example", "a" * 60 + "." + "b" * 31 + ".example"),
        ("a" * 60 + "." + "b" * 33 + ".example", UNKNOWN),
        ("x" * 5000, UNKNOWN),
        ("", UNKNOWN),
        ("www.", UNKNOWN),
        ("localhost", HERE),
        ("localhost:8000", HERE),
        ("paper.example", HERE),
        ("WWW.paper.example:443", HERE),
        ("desk.paper.example", "desk.paper.example"),
        ("192.0.2.7", UNKNOWN),
        ("192.0.2.7:80", UNKNOWN),
        ("[2001:db8::1]:80", UNKNOWN),
        ("::1", UNKNOWN),
        ("0x7f.1", UNKNOWN),
        ("intranet", UNKNOWN),
        ("wiki.corp", UNKNOWN),
        ("printer.local", UNKNOWN),
        ("1.0.168.192.in-addr.arpa", UNKNOWN),
        ("news.example/secret?q=heron", UNKNOWN),
        ("ana:word@news.example", UNKNOWN),
        ("news.example:port", UNKNOWN),
        ("münchen.example", UNKNOWN),
        ("news.example\x00", UNKNOWN),
        ("news.example\r\nX: y", UNKNOWN),
        ("<script>alert(1)</script>", UNKNOWN),
        ("'; DROP TABLE article;--.example", UNKNOWN),
        ("-news.example", UNKNOWN),
        ("news..example", UNKNOWN),
        (OTHERS, UNKNOWN),
        (HERE, UNKNOWN),
        ("*.example", UNKNOWN),
        ("\ud800.example", UNKNOWN),
    ],
)
def test_what_is_counted_of_a_host(told: str, counted: str) -> None:
    assert came_from(told, ("localhost:8000", "www.paper.example")) == counted


@pytest.mark.both_databases
@pytest.mark.parametrize("told", [None, "", "x" * 5000, "\x00", "<b>", "192.0.2.1", "ä.example"])
def test_nonsense_is_counted_as_unknown_and_the_view_as_ever(client: FlaskClient, told: str | None) -> None:
    article = make_article()
    assert come(client, article.id, told) == 200
    assert hosts(article.id) == {UNKNOWN: 1}
    assert queries.totals(article.id).view_count == 1


def test_a_body_that_is_no_form_is_counted_as_unknown(client: FlaskClient) -> None:
    article = make_article()
    for number, (content, kind) in enumerate(
        [
            (b"\xff\xfe%zz", "application/x-www-form-urlencoded"),
            (b'{"from": 1}', "application/json"),
            (b"x", "x/"),
        ]
    ):
        answer = client.post(
            f"/articles/{article.id}/views",
            data=content,
            content_type=kind,
            headers={"User-Agent": FIREFOX},
            environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
        )
        assert answer.status_code == 200
    assert hosts(article.id) == {UNKNOWN: 3}


@pytest.mark.both_databases
def test_hosts_sum_up_to_the_views(client: FlaskClient) -> None:
    article = make_article()
    told = [
        "www.news.example",
        "news.example",
        "search.example",
        None,
        "localhost",
        "127.0.0.1",
        "news.example",
    ]
    for reader, host in enumerate(told):
        come(client, article.id, host, reader)
    come(client, article.id, "again.example", 0)
    come(client, article.id, "robot.example", 9, agent="curl/8.0")
    assert hosts(article.id) == {"news.example": 3, "search.example": 1, UNKNOWN: 2, HERE: 1}
    views = db.session.scalar(select(func.sum(TallyHour.count)).where(TallyHour.metric == VIEW))
    assert views == queries.totals(article.id).view_count == 7


def test_staff_come_from_nowhere(editor_of_reach: Staff) -> None:
    article = make_article()
    editor_of_reach.post(f"/articles/{article.id}/views", data={"from": "news.example"})
    editor_of_reach.post(f"/articles/{article.id}/depth", data={"reached": "100"})
    assert hosts(article.id) == {} and depths(article.id) == {}


@pytest.fixture
def editor_of_reach(signed_in: Callable[..., Staff]) -> Staff:
    return signed_in(role="editor")


@pytest.mark.both_databases
def test_made_up_hosts_cannot_fill_the_database(client: FlaskClient) -> None:
    article, other = make_article(), make_article()
    with time_machine.travel(MORNING, tick=False) as now:
        for reader in range(MOST_HOSTS + 20):
            come(client, article.id, f"host-{reader}.example", reader)
        come(client, article.id, "host-3.example", 201)
        come(client, article.id, None, 202)
        come(client, article.id, "localhost", 203)
        found = hosts(article.id)
        assert len(found) == MOST_HOSTS + 3
        assert found[OTHERS] == 20 and found["host-3.example"] == 2
        assert found[UNKNOWN] == found[HERE] == 1
        assert sum(found.values()) == queries.totals(article.id).view_count == MOST_HOSTS + 23
        come(client, other.id, "host-60.example")
        assert hosts(other.id) == {"host-60.example": 1}
        now.shift(timedelta(days=1))
        come(client, article.id, "host-61.example")
        assert hosts(article.id)["host-61.example"] == 1


@pytest.mark.both_databases
def test_readers_at_once_lose_nothing_and_stay_within_the_bound(app: Flask) -> None:
    article_id = make_article().id

    def read(reader: int) -> None:
        client = app.test_client()
        assert come(client, article_id, f"host-{reader % 60}.example", reader) == 200
        for reached in (50, 25, 50):
            assert leave(client, article_id, reached, reader) == 204

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(read, range(90)))
    found = hosts(article_id)
    assert sum(found.values()) == 90
    assert len(set(found) - {OTHERS}) == MOST_HOSTS
    assert depths(article_id) == {25: 90, 50: 90}


@pytest.mark.both_databases
def test_the_day_is_that_of_the_papers_clock(client: FlaskClient) -> None:
    store({"TIME_ZONE": "Pacific/Auckland"})
    article = make_article()
    with time_machine.travel(at("2026-12-04T20:00+00:00"), tick=False):
        come(client, article.id, "news.example")
        leave(client, article.id, 25)
    # It is the fifth there.
    fifth = clock.day_of(at("2026-12-05T00:00+00:00"))
    assert (
        set(db.session.scalars(select(ReferrerDay.day)))
        == set(db.session.scalars(select(DepthDay.day)))
        == {fifth}
    )


@pytest.mark.both_databases
def test_a_view_counts_once_at_each_depth_however_often_it_is_told(client: FlaskClient) -> None:
    article = make_article()
    come(client, article.id, None)
    assert leave(client, article.id, 50) == 204
    assert depths(article.id) == {25: 1, 50: 1}
    for reached in (50, 25, 25):
        leave(client, article.id, reached)
    assert depths(article.id) == {25: 1, 50: 1}
    leave(client, article.id, 100)
    leave(client, article.id, 75)
    assert depths(article.id) == {25: 1, 50: 1, 75: 1, 100: 1}


@pytest.mark.both_databases
def test_without_a_counted_view_no_depth_is_counted(client: FlaskClient) -> None:
    article, other = make_article(), make_article()
    assert leave(client, article.id, 75) == 204
    come(client, other.id, None)
    come(client, article.id, None, reader=1, agent="curl/8.0")
    leave(client, article.id, 75, reader=1, agent="curl/8.0")
    leave(client, article.id, 75, reader=2)
    leave(client, article.id, 75)
    assert depths(article.id) == {} and db.session.scalar(select(func.count()).select_from(DepthDay)) == 0


@pytest.mark.both_databases
def test_depths_never_exceed_views_and_a_new_view_begins_anew(client: FlaskClient) -> None:
    article = make_article()
    with time_machine.travel(MORNING, tick=False) as now:
        come(client, article.id, None)
        leave(client, article.id, 100)
        now.shift(timedelta(minutes=20))
        come(client, article.id, None)
        leave(client, article.id, 100)
        assert depths(article.id)[100] == 1, "the second opening was no view"
        now.shift(timedelta(minutes=20))
        come(client, article.id, None)
        leave(client, article.id, 25)
        assert depths(article.id) == {25: 2, 50: 1, 75: 1, 100: 1}
        now.shift(timedelta(hours=3, minutes=59))
        leave(client, article.id, 50)
        assert depths(article.id)[50] == 2, "somebody who reads slowly"
        now.shift(timedelta(minutes=2))
        leave(client, article.id, 75)
        assert depths(article.id)[75] == 1


@pytest.mark.parametrize(
    "wrong", ["", "0", "1", "24", "101", "-25", "75.0", "nan", "25,50", "9" * 5000, "\x00", "half"]
)
def test_wrong_numbers_are_refused(client: FlaskClient, wrong: str) -> None:
    article = make_article()
    come(client, article.id, None)
    assert leave(client, article.id, wrong) == 422
    assert depths(article.id) == {}


def test_depth_of_what_readers_cannot_see_or_from_elsewhere(client: FlaskClient) -> None:
    assert leave(client, make_article(status=Status.draft).id, 25) == 404
    assert leave(client, 999_999, 25) == 404
    article = make_article()
    come(client, article.id, None)
    foreign = {"User-Agent": FIREFOX, "Sec-Fetch-Site": "cross-site"}
    assert (
        client.post(f"/articles/{article.id}/depth", data={"reached": "25"}, headers=foreign).status_code
        == 403
    )
    assert client.get(f"/articles/{article.id}/depth").status_code == 405


@pytest.mark.both_databases
def test_it_is_forgotten_after_its_time(app: Flask) -> None:
    article = make_article()
    today = queries.today()
    with transaction():
        for back in (0, KEPT_DAYS, KEPT_DAYS + 1):
            db.session.add(ReferrerDay(article_id=article.id, day=today - back, host="news.example", count=2))
            db.session.add(DepthDay(article_id=article.id, day=today - back, depth=25, count=1))
    assert purge() == 2
    assert purge() == 0
    assert hosts(article.id) == {"news.example": 4} and depths(article.id) == {25: 2}


def test_readers_are_told(client: FlaskClient) -> None:
    page = client.get("/how-we-count").text
    assert "Where readers come from" in page and "How far an article is read" in page
    assert f"At most {MOST_HOSTS} names" in page and f"{KEPT_DAYS} days" in page
