"""The short way of the view beacon: the same answers and the same refusals as the route, and the same readers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.factories import at, make_account, make_article
from tests.sharing.test_counting import FIREFOX, shown, view
from tests.sharing.test_reach import come, hosts
from tests.sharing.workers import Worker, working
from webapp.database import db, transaction
from webapp.models import Account, ArticleTotals, Status
from webapp.sharing import queries, routes, shortcut

MORNING = at("2026-12-04T09:00+00:00")


@pytest.fixture
def now() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(MORNING, tick=False) as moment:
        yield moment


@pytest.fixture
def worker(app: Flask, environment: dict[str, str], now) -> Iterator[Worker]:
    with working(environment, 1) as found:
        yield found[0]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Each time that the route was asked."""
    asked: list[int] = []
    look = routes._article

    def note(article_id: int):
        asked.append(article_id)
        return look(article_id)

    monkeypatch.setattr(routes, "_article", note)
    return asked


def total(article_id: int) -> int:
    db.session.rollback()
    return queries.totals(article_id).view_count


def test_most_views_are_answered_without_the_route(worker: Worker, asked: list[int]) -> None:
    article = make_article()
    for number in range(20):
        assert come(worker.client(), article.id, "news.example", number) == 200
    assert len(asked) <= 2, "once when there was nothing, once when the first view was counted"
    worker.ring()
    assert total(article.id) == 20
    assert hosts(article.id) == {"news.example": 20}


def test_the_answer_is_the_routes_own_with_all_its_headers(
    worker: Worker, app: Flask, asked: list[int]
) -> None:
    article = make_article()
    given = {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "same-origin", "HX-Request": "true"}
    for _ in range(3):
        # The first is answered by the route, the last from what is kept after all was counted.
        worker.ring()
        kept = worker.client().post(
            f"/articles/{article.id}/views", data={"from": ""}, headers={"User-Agent": FIREFOX, **given}
        )
    count = len(asked)
    whole = app.test_client().post(
        f"/articles/{article.id}/views", data={"from": ""}, headers={"User-Agent": FIREFOX, **given}
    )
    assert len(asked) == count + 1
    assert (kept.status, sorted(kept.headers)) == (whole.status, sorted(whole.headers))
    assert kept.data == whole.data
    assert kept.headers["Cache-Control"] == "no-store" and kept.headers["Content-Encoding"] == "gzip"


def test_each_encoding_and_each_scheme_has_an_answer_of_its_own(
    app: Flask, environment: dict[str, str], now
) -> None:
    article = make_article()
    with working({**environment, "STANDFIRST_TRUSTED_PROXIES": "1"}, 1) as (worker,):
        for _ in range(3):
            for scheme in ("http", "https"):
                for encoding in ("", "gzip"):
                    given = {"X-Forwarded-Proto": scheme, "Accept-Encoding": encoding, "User-Agent": FIREFOX}
                    answer = worker.client().post(
                        f"/articles/{article.id}/views", data={"from": ""}, headers=given
                    )
                    assert ("Strict-Transport-Security" in answer.headers) is (scheme == "https")
                    assert answer.headers.get("Content-Encoding", "") == encoding


def test_behind_a_proxy_readers_are_told_apart_by_what_it_says(
    app: Flask, environment: dict[str, str], now
) -> None:
    article = make_article()
    with working({**environment, "STANDFIRST_TRUSTED_PROXIES": "1"}, 1) as (worker,):
        for address in ("198.51.100.1", "198.51.100.2", "203.0.113.9, 198.51.100.2"):
            come_through(worker, article.id, address)
        worker.ring()
        assert total(article.id) == 2
        worker.end()


def come_through(worker: Worker, article_id: int, address: str) -> None:
    headers = {"User-Agent": FIREFOX, "X-Forwarded-For": address}
    answer = worker.client().post(f"/articles/{article_id}/views", data={"from": ""}, headers=headers)
    assert answer.status_code == 200


def test_without_a_proxy_a_forged_address_makes_no_reader(worker: Worker) -> None:
    article = make_article()
    for number in range(5):
        come_through(worker, article.id, f"198.51.100.{number}")
    worker.ring()
    assert total(article.id) == 1


@pytest.mark.parametrize(
    ("headers", "status", "counts"),
    [
        ({}, 200, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, 200, True),
        ({"Sec-Fetch-Site": "none"}, 200, True),
        ({"Sec-Fetch-Site": "cross-site"}, 403, False),
        ({"Sec-Fetch-Site": "same-site"}, 403, False),
        ({"Sec-Fetch-Site": ""}, 403, False),
        ({"Origin": "http://localhost"}, 200, True),
        ({"Origin": "https://localhost"}, 200, True),
        ({"Origin": "https://evil.example"}, 403, False),
        ({"Origin": "null"}, 403, False),
        ({"Origin": ""}, 403, False),
        ({"Host": "elsewhere.example", "Origin": "https://elsewhere.example"}, 200, True),
        ({"Host": "elsewhere.example", "Origin": "https://elsewhere.example.evil.example"}, 403, False),
        ({"Sec-Purpose": "prefetch"}, 200, False),
        ({"Purpose": "preview"}, 200, False),
        ({"X-Moz": "prefetch"}, 200, False),
        ({"X-Moz": "something"}, 200, True),
        ({"User-Agent": "curl/8.0"}, 200, False),
        ({"User-Agent": ""}, 200, False),
        ({"Cookie": "standfirst_session=made-up"}, 200, True),
        ({"Cookie": "other=1"}, 200, True),
    ],
)
def test_whatever_is_sent_both_ways_say_and_count_the_same(
    worker: Worker, app: Flask, headers: dict[str, str], status: int, counts: bool
) -> None:
    long, short = make_article(), make_article()
    for _ in range(3):
        come(worker.client(), short.id, "", 200)
    worker.ring()
    before = total(short.id)
    for client, article in ((app.test_client(), long), (worker.client(), short)):
        answer = client.post(
            f"/articles/{article.id}/views",
            data={"from": "a.example"},
            headers={"User-Agent": FIREFOX, **headers},
        )
        assert answer.status_code == status
    worker.ring()
    assert (total(long.id), total(short.id) - before) == ((1, 1) if counts else (0, 0))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"from=", b"from=news.example", b"from=www.News.example%3A8443", b"from=localhost", b"from=%6e.example",
        b"from=n%C3%A4.example", b"x=1&from=news.example", b"from=a.example&from=b.example", b"from=" + b"x" * 400,
        b"from=192.0.2.1", b"from=*", b"\xff\xfe", b"from=news.example%00", b"from=a+b.example",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "application/json", ""])
def test_whatever_the_body_says_both_ways_count_the_same_host(
    worker: Worker, app: Flask, body: bytes, kind: str
) -> None:
    long, short = make_article(), make_article()
    for _ in range(2):
        view(worker.client(), short.id, address="192.0.2.200")
    for client, article in ((app.test_client(), long), (worker.client(), short)):
        answer = client.post(
            f"/articles/{article.id}/views", data=body, content_type=kind, headers={"User-Agent": FIREFOX}
        )
        assert answer.status_code == 200
    worker.ring()
    found = hosts(short.id)
    found[""] -= 1
    assert {host: count for host, count in found.items() if count} == hosts(long.id)


@pytest.mark.parametrize("path", ["views?x=1", "views/", "views%2f", "shares", "viewsx"])
def test_other_addresses_are_none_of_its_business(worker: Worker, app: Flask, path: str) -> None:
    article = make_article()
    for _ in range(3):
        come(worker.client(), article.id, "")
    answers = [
        client.post(
            f"/articles/{article.id}/{path}", data={"from": ""}, headers={"User-Agent": FIREFOX}
        ).status_code
        for client in (app.test_client(), worker.client())
    ]
    assert answers[0] == answers[1]


def test_staff_are_not_counted_and_their_answer_is_kept_for_nobody(worker: Worker) -> None:
    article = make_article()
    come(worker.client(), article.id, "", 1)
    make_account("ines@desk.example")
    browser = worker.client()
    browser.post("/sign-in", data={"email": "ines@desk.example", "password": "correct horse"})
    assert db.session.scalars(select(Account.email)).all() == ["ines@desk.example"]
    for _ in range(2):
        assert shown(view(browser, article.id, address="192.0.2.2")) == (1, 0)
    worker.ring()
    assert total(article.id) == 1
    assert shown(view(worker.client(), article.id, address="192.0.2.1")) == (1, 0)


def test_what_was_written_is_seen_by_the_next_reader(worker: Worker, now) -> None:
    article = make_article()
    for number in range(3):
        come(worker.client(), article.id, "", number)
    with transaction():
        db.session.get(ArticleTotals, article.id).imported_view_count = 1000
    assert shown(view(worker.client(), article.id, address="192.0.2.9"))[0] >= 1001
    with transaction():
        article.status = Status.draft
    assert view(worker.client(), article.id, address="192.0.2.10").status_code == 404


def test_an_answer_ends_by_itself_and_few_are_kept(worker: Worker, asked: list[int], monkeypatch) -> None:
    articles = [make_article() for _ in range(4)]
    monkeypatch.setattr(shortcut, "MOST", 2)
    for article in articles:
        come(worker.client(), article.id, "")
    kept = worker.app.wsgi_app
    while not isinstance(kept, shortcut.Shortcut):
        kept = getattr(kept, "app", None) or kept.application
    assert 0 < len(kept.kept) <= 2
    monkeypatch.setattr(shortcut, "LIFE", -1.0)
    before = len(asked)
    for number in range(3):
        come(worker.client(), articles[0].id, "", number)
    assert len(asked) == before + 3
