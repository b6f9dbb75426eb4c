"""Kept pages: as quick as bytes, never old where a reader would notice, never somebody else's."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import brotli
import pytest
import time_machine
import zstandard
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import make_account, make_article, make_comment
from tests.statements import counted
from webapp import clock, create_app, generation, keeping
from webapp.cli import cli
from webapp.commenting import actions as commenting
from webapp.database import db, transaction
from webapp.models import Article, CommentStatus, Status
from webapp.moderating import actions as moderating
from webapp.pagecache import QUESTIONS, PageCache
from webapp.sharing import actions as sharing
from webapp.sharing.beacons import Beacon

WEBAPP = Path(__file__).resolve().parents[1] / "webapp"


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "STANDFIRST_PAGE_CACHE": "1"}


@pytest.fixture
def article(app: Flask) -> Article:
    return make_article(permalink="/tides/")


def cache_of(app: Flask) -> PageCache:
    """The cache, which stands behind the static files."""
    layer: Any = app.wsgi_app
    while not isinstance(layer, PageCache):
        layer = getattr(layer, "application", None) or layer.app
    return layer


def kept_paths(app: Flask) -> set[str]:
    return {key.partition(":")[2] for key in cache_of(app).entries}


def test_a_kept_page_asks_the_database_nothing(client: FlaskClient, article: Article) -> None:
    first = client.get("/tides/")
    with counted() as statements:
        second = client.get("/tides/")
    assert statements == []
    assert second.data == first.data
    assert dict(second.headers) == dict(first.headers)


@pytest.mark.parametrize(
    ("accepted", "encoding", "read"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip, zstd", "zstd", lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body)),
        ("gzip;q=0.5", "gzip", gzip.decompress),
        ("br;q=0, identity", None, bytes),
        ("", None, bytes),
    ],
)
@pytest.mark.parametrize("capacity", ["0", "1"])
def test_a_page_in_each_encoding(
    environment: dict[str, str], accepted: str, encoding: str | None, read, capacity: str
) -> None:
    app = create_app({**environment, "STANDFIRST_PAGE_CACHE": capacity})
    with app.app_context():
        make_article(permalink="/tides/")
        client = app.test_client()
        plain = client.get("/tides/")
        if capacity == "0" and encoding == "br":
            encoding, read = "zstd", zstandard.ZstdDecompressor().decompressobj().decompress
        answer = client.get("/tides/", headers={"Accept-Encoding": accepted})
        assert answer.headers.get("Content-Encoding") == encoding
        assert answer.headers["Vary"] == "Accept-Encoding"
        text = read(answer.data)
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert len(answer.data) <= len(text)
        if capacity == "1":
            assert text == plain.data
        else:
            assert b"The town that tells the time" in text
        db.session.remove()
        db.engine.dispose()


def test_a_kept_page_is_the_same_in_an_encoding_that_is_asked_for_later(
    app: Flask, client: FlaskClient, article: Article
) -> None:
    """Kept as it was sent first, and made anew for nobody."""
    packed = client.get("/tides/", headers={"Accept-Encoding": "br"})
    alone = cache_of(app).size
    with counted() as statements:
        answers = [
            client.get("/tides/", headers={"Accept-Encoding": accepted}) for accepted in ("zstd", "gzip", "")
        ]
    zstd, gzipped, plain = [answer.data for answer in answers]
    assert statements == []
    assert brotli.decompress(packed.data) == gzip.decompress(gzipped) == plain
    assert zstandard.ZstdDecompressor().decompress(zstd) == plain
    assert {answer.headers["ETag"] for answer in answers} == {packed.headers["ETag"]}
    # All of it counts against what a worker may keep.
    assert cache_of(app).size == alone + len(zstd) + len(gzipped) + len(plain)


def test_known_pages_are_not_sent_again(client: FlaskClient, article: Article) -> None:
    etag = client.get("/tides/").headers["ETag"]
    answer = client.get("/tides/", headers={"If-None-Match": f'"other", {etag}'})
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert client.get("/tides/", headers={"If-None-Match": '"other"'}).status_code == 200
    head = client.head("/tides/")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", etag)


def test_feeds_keep_their_own_tags(client: FlaskClient, article: Article) -> None:
    etag = client.get("/feed/").headers["ETag"]
    assert client.get("/feed/", headers={"If-None-Match": etag}).status_code == 304


def test_an_approved_comment_is_seen_at_once_by_another_worker(
    app: Flask, client: FlaskClient, article: Article, environment: dict[str, str]
) -> None:
    comment = make_comment(article, "Only at high water.", status=CommentStatus.held)
    ines = make_account()
    other = create_app(environment)
    for worker in (client, other.test_client()):
        assert "Only at high water." not in worker.get("/tides/").text
    moderating.decide([comment.id], moderating.Decision.approval, by=ines)
    for worker in (client, other.test_client()):
        assert "Only at high water." in worker.get("/tides/").text
        assert "Only at high water." in worker.get("/comments/feed/").text
        assert 'data-comment-count="1"' in worker.get("/tides/").text
    moderating.decide([comment.id], moderating.Decision.spam, by=ines)
    for worker in (client, other.test_client()):
        assert "Only at high water." not in worker.get("/tides/").text
    with other.app_context():
        db.engine.dispose()


def test_what_is_written_while_a_page_is_made_is_on_the_next(
    app: Flask, client: FlaskClient, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = cache_of(app)
    make = cache.application

    def change_meanwhile(environ, start_response):
        answer = list(make(environ, start_response))
        with app.app_context():
            generation.advance()
        return answer

    monkeypatch.setattr(cache, "application", change_meanwhile)
    client.get("/tides/")
    monkeypatch.setattr(cache, "application", make)
    with counted() as statements:
        client.get("/tides/")
    assert statements


def post(client: FlaskClient, path: str, **fields: str):
    page = client.get(path).text
    form = page[page.index(f'action="{path}comments"') :]
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    typed = {"name": "Hana", "email": "hana@post.example", "body": "Mine alone.", **fields}
    return client.post(f"{path}comments", data={**hidden, **typed})


def test_a_held_comment_is_its_writers_alone_and_moves_no_page(
    app: Flask, client: FlaskClient, article: Article
) -> None:
    client.get("/tides/")
    number = app.extensions[generation.EXTENSION].current()
    writer = app.test_client()
    assert post(writer, "/tides/").status_code == 303
    own = writer.get("/tides/")
    assert "Mine alone." in own.text
    assert own.headers["Cache-Control"] == "private, no-store"
    assert app.extensions[generation.EXTENSION].current() == number
    with counted() as statements:
        assert "Mine alone." not in client.get("/tides/").text
    assert statements == []


def test_pages_of_staff_are_never_kept(app: Flask, client: FlaskClient, article: Article) -> None:
    make_account("ines@desk.example")
    staff = app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', staff.get("/sign-in").text)
    data = {"email": "ines@desk.example", "password": "correct horse"}
    if token:
        data["csrf_token"] = token[1]
    assert staff.post("/sign-in", data=data).status_code == 303
    for path in ("/tides/", "/", "/moderation"):
        staff.get(path)
    assert kept_paths(app) == set()
    assert "Sign out" not in client.get("/tides/").text


@pytest.mark.parametrize(
    "path", ["/locked/", "/nowhere/", "/search?q=tide", "/?s=tide", "/healthz", "/sign-in"]
)
def test_never_kept(app: Flask, client: FlaskClient, path: str) -> None:
    make_article(permalink="/locked/", password="eleven")
    client.get(path)
    assert kept_paths(app) == set()


def test_who_has_unlocked_an_article_reads_it_and_nobody_else_does(app: Flask, client: FlaskClient) -> None:
    article = make_article(permalink="/locked/", password="eleven", body="<p>Behind the lock.</p>")
    holder = app.test_client()
    assert holder.post(f"/articles/{article.id}/unlock", data={"password": "eleven"}).status_code == 303
    assert "Behind the lock." in holder.get("/locked/").text
    assert "Behind the lock." not in client.get("/locked/").text
    assert "Behind the lock." in holder.get("/locked/").text
    assert kept_paths(app) == set()


def test_counters_are_never_kept(app: Flask, client: FlaskClient, article: Article) -> None:
    path = f"/_fragments/counters/{article.id}"
    assert 'data-view-count="0"' in client.get(path).text
    sharing.count([Beacon(article.id, "somebody", clock.now())])
    assert 'data-view-count="1"' in client.get(path).text


def test_a_view_makes_no_page_anew_but_shows_within_a_minute(client: FlaskClient, article: Article) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        client.get("/tides/")
        sharing.count([Beacon(article.id, "somebody", clock.now())])
        sharing.count_share(article.id, "facebook", "somebody")
        comment = make_comment(article)
        client.get("/tides/")
        commenting.like(comment.id, "somebody")
        with counted() as statements:
            client.get("/tides/")
        assert statements == []
        traveller.shift(timedelta(seconds=keeping.SECONDS))
        page = client.get("/tides/").text
        assert 'data-view-count="1"' in page
        assert 'data-share-count="1"' in page


def test_questions_that_nobody_asks_and_made_up_hosts_find_the_same_page(
    app: Flask, client: FlaskClient, article: Article
) -> None:
    first = client.get("/tides/")
    assert len(kept_paths(app)) == 1
    for path in ("/tides/?utm_source=letter", "/tides/?x=1&y=2", "/tides/?related%00=3"):
        assert client.get(path).data == first.data
    assert client.get("/tides/", headers={"Host": "evil.example"}).data == first.data
    assert client.get("/tides/", headers={"Cookie": "_ga=GA1.2.3"}).data == first.data
    assert len(kept_paths(app)) == 1


def test_the_site_knows_every_question_that_its_code_asks() -> None:
    asked = set()
    for path in WEBAPP.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r'args(?:\.get(?:list)?\(|\[)"([a-z_]+)"', text))
    assert asked <= QUESTIONS


def test_a_scheduled_article_stands_on_the_front_page_when_its_time_comes(client: FlaskClient) -> None:
    now = clock.now().replace(hour=12, minute=0, second=0)
    with time_machine.travel(now, tick=False) as traveller:
        make_article("Seen today")
        make_article("Later", status=Status.scheduled, published_at=now + timedelta(seconds=20))
        traveller.shift(timedelta(seconds=19))
        assert "Later" not in client.get("/").text
        traveller.shift(timedelta(seconds=1))
        assert "Later" in client.get("/").text


def test_the_date_line_is_right_after_midnight(client: FlaskClient, article: Article) -> None:
    evening = clock.now().replace(year=2026, month=12, day=4, hour=23, minute=59, second=50)
    with time_machine.travel(evening, tick=False) as traveller:
        assert "December 4, 2026" in client.get("/").text
        traveller.shift(timedelta(seconds=10))
        assert "December 5, 2026" in client.get("/").text


def test_memory_is_bounded(app: Flask, client: FlaskClient) -> None:
    for number in range(40):
        make_article(permalink=f"/article-{number}/", body="<p>" + "tide " * 5000 + "</p>")
    for number in range(40):
        client.get(f"/article-{number}/")
        client.get("/article-0/")
    cache = cache_of(app)
    assert 0 < cache.size <= 1024 * 1024
    assert cache.size == sum(entry.size for entry in cache.entries.values())
    assert {"/article-0/?", "/article-39/?"} <= kept_paths(app)
    assert "/article-1/?" not in kept_paths(app)


def test_a_failed_transaction_changes_nothing(app: Flask, article: Article) -> None:
    number = app.extensions[generation.EXTENSION].current()
    with pytest.raises(ZeroDivisionError), transaction():
        raise ZeroDivisionError
    assert app.extensions[generation.EXTENSION].current() == number


def test_without_redis_nothing_that_was_kept_is_shown(environment: dict[str, str], article: Article) -> None:
    app = create_app({**environment, "STANDFIRST_REDIS_URL": "redis://127.0.0.1:1/0"})
    client = app.test_client()
    client.get("/")
    assert kept_paths(app) == set()
    with app.app_context():
        with transaction():
            pass
        db.engine.dispose()


def test_the_command_line_shows_and_clears(app: Flask, client: FlaskClient, article: Article) -> None:
    for _ in range(4):
        client.get("/tides/")
    shown = CliRunner().invoke(cli, ["cache"], obj=app)
    assert shown.exit_code == 0
    row = shown.output.splitlines()[-1].split()
    assert row[1:5] == ["3", "1", "75.0%", "1"]
    assert CliRunner().invoke(cli, ["cache", "clear"], obj=app).exit_code == 0
    with counted() as statements:
        client.get("/tides/")
    assert statements


class Sent:
    """The headers of a request as the server hands them over."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = {name.lower(): value for name, value in headers.items()}

    def get(self, name: str) -> str | None:
        return self.headers.get(name)

    def get_all(self, name: str) -> list[str]:
        return [self.headers[name]] if name in self.headers else []

    def __contains__(self, name: str) -> bool:
        return name in self.headers


def at_once(app: Flask, path: str, method: str = "GET", **headers: str) -> Any:
    """What the server gets before anything is made ready for the application."""
    path, _, query = path.partition("?")
    sent = Sent({name.replace("_", "-"): value for name, value in headers.items()})
    return cache_of(app).kept(
        SimpleNamespace(method=method, scheme="http", path=path, query_string=query, headers=sent)
    )


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/tides/", {}),
        ("/tides/", {"Accept-Encoding": "gzip, br"}),
        ("/tides/", {"Accept-Encoding": "gzip"}),
        ("/tides/?utm_source=mail", {}),
        ("/tides/?utm_source=mail&page=1", {}),
        ("/tides/", {"Cookie": "somebody_elses=1"}),
        ("/été/", {}),
    ],
)
def test_the_server_finds_what_the_application_would_answer(
    app: Flask, client: FlaskClient, article: Article, path: str, headers: dict[str, str]
) -> None:
    make_article(permalink="/été/")
    assert at_once(app, path, **headers) is None, "nobody has asked yet"
    client.get(path, headers=headers)
    answer = client.get(path, headers=headers)
    status, found, body = at_once(app, path, **headers)
    assert (status, dict(found), body) == (answer.status_code, dict(answer.headers), answer.data)
    known = at_once(app, path, If_None_Match=answer.headers["ETag"], **headers)
    assert (known[0], known[2]) == (304, b"")


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        ("/tides/", "POST", {}),
        ("/tides/", "GET", {"Cookie": "a=1; standfirst_writer=x"}),
        ("/tides/", "GET", {"Content-Length": "3"}),
        ("/tides/", "GET", {"Transfer-Encoding": "chunked"}),
        ("/tides/?q=tide", "GET", {}),
        ("/tides/?page=2", "GET", {}),
        ("/Tides/", "GET", {}),
    ],
)
def test_what_is_not_for_everybody_goes_the_long_way(
    app: Flask, client: FlaskClient, article: Article, path: str, method: str, headers: dict[str, str]
) -> None:
    client.get("/tides/")
    assert at_once(app, "/tides/")
    assert at_once(app, path, method, **headers) is None


def test_the_server_finds_nothing_that_is_out_of_date(
    app: Flask, client: FlaskClient, article: Article
) -> None:
    client.get("/tides/")
    with transaction():
        db.session.get_one(Article, article.id).headline = "Corrected"
    assert at_once(app, "/tides/") is None


def test_behind_a_proxy_a_page_is_found_by_what_the_reader_asked_with(
    environment: dict[str, str], article: Article
) -> None:
    app = create_app({**environment, "STANDFIRST_TRUSTED_PROXIES": "1"})
    with app.app_context():
        secure = app.test_client().get("/tides/", headers={"X-Forwarded-Proto": "https"})
        assert "Strict-Transport-Security" in secure.headers
        assert at_once(app, "/tides/") is None
        assert at_once(app, "/tides/", X_Forwarded_Proto="http") is None
        assert at_once(app, "/tides/", X_Forwarded_Proto="made-up,https")[2] == secure.data
        db.session.remove()
        db.engine.dispose()
