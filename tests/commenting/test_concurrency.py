"""Many at once, on real databases: everybody gets the own comment, and every click counts once."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.commenting.talk import HTMX, LENA, comments_path, form_in, stored
from tests.factories import make_article, make_comment
from webapp import settings
from webapp.database import db
from webapp.models import ArticleTotals, Comment, CommentLike, CommentStatus

pytestmark = pytest.mark.both_databases
CLIENTS = 12


@pytest.fixture
def environment(request: pytest.FixtureRequest, environment: dict[str, str]) -> dict[str, str]:
    pause = "15" if "floods" in request.node.name else "0"
    return environment | {"STANDFIRST_COMMENT_FLOOD_SECONDS": pause}


def at_once(work: Callable[[int], Any], times: int = CLIENTS) -> list[Any]:
    """Runs `work` in so many threads that all start together."""
    gate = Barrier(times)

    def run(number: int) -> Any:
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_everybody_is_led_to_the_own_comment(client: FlaskClient) -> None:
    settings.store({"COMMENT_HOLD_FIRST": False})
    article = make_article()
    data, path, permalink = (
        form_in(client.get(article.permalink).text) | LENA,
        comments_path(article),
        article.permalink,
    )
    app = client.application

    def post(number: int) -> tuple[str, int]:
        browser = app.test_client(use_cookies=True)
        fields = data | {"body": f"Words of {number}", "name": f"Reader {number}"}
        response = browser.post(path, data=fields, headers=HTMX if number % 2 else {})
        if number % 2:
            found = re.search(r'id="comment-(\d+)"', response.text)
            assert response.status_code == 201 and found and f"Words of {number}" in response.text
            return f"Words of {number}", int(found[1])
        assert response.status_code == 303, response.text
        assert response.headers["Location"].startswith(f"{permalink}#comment-")
        return f"Words of {number}", int(response.headers["Location"].rpartition("-")[2])

    answers = at_once(post)
    kept = {comment.id: comment for comment in stored(article)}
    assert len(kept) == CLIENTS
    assert all(kept[number].body_source == words for words, number in answers)
    assert len({comment.writer_hash for comment in kept.values()}) == CLIENTS
    assert len({comment.path for comment in kept.values()}) == CLIENTS
    assert all(comment.status == CommentStatus.approved for comment in kept.values())
    assert db.session.get_one(ArticleTotals, article.id).comment_count == CLIENTS


def test_of_equal_comments_one_is_kept(client: FlaskClient) -> None:
    article = make_article()
    page, path = client.get(article.permalink).text, comments_path(article)
    app = client.application

    def post(number: int) -> int:
        data = form_in(page) | LENA | {"form_key": f"key {number}"}
        headers = {"User-Agent": f"Browser {number}"}
        return app.test_client().post(path, data=data, headers=headers).status_code

    assert sorted(at_once(post)) == [303] + [409] * (CLIENTS - 1)
    assert len(stored(article)) == 1


def test_a_form_sent_many_times_makes_one_comment_and_all_are_led_to_it(client: FlaskClient) -> None:
    article = make_article()
    data, path = form_in(client.get(article.permalink).text) | LENA, comments_path(article)
    app = client.application
    answers = at_once(lambda _: app.test_client().post(path, data=data))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert sum("Set-Cookie" in answer.headers for answer in answers) == 1
    assert len(stored(article)) == 1


def test_a_visitor_who_floods_gets_one_through(client: FlaskClient) -> None:
    app = client.application
    articles = [make_article() for _ in range(4)]
    forms = [(comments_path(a), form_in(client.get(a.permalink).text) | LENA) for a in articles]

    def post(number: int) -> int:
        path, data = forms[number % 4]
        return app.test_client().post(path, data=data | {"body": f"Flood {number}"}).status_code

    assert sorted(at_once(post)) == [303] + [429] * (CLIENTS - 1)


def test_each_browsers_like_counts_once(client: FlaskClient) -> None:
    comment = make_comment(make_article())
    app, path = client.application, f"/comments/{comment.id}/likes"
    at_once(lambda _: app.test_client().post(path))
    db.session.commit()
    db.session.expire_all()
    assert db.session.get_one(Comment, comment.id).like_count == CLIENTS


@pytest.mark.parametrize(("clicks", "left"), [(CLIENTS, 0), (CLIENTS - 1, 1)])
def test_clicks_of_one_browser_never_make_two(client: FlaskClient, clicks: int, left: int) -> None:
    comment = make_comment(make_article())
    path, app = f"/comments/{comment.id}/likes", client.application
    client.post(path)
    client.post(path)
    cookie = client.get_cookie("standfirst_writer")
    assert cookie

    def click(_: int) -> int:
        browser = app.test_client()
        browser.set_cookie(cookie.key, cookie.value)
        return browser.post(path).status_code

    assert set(at_once(click, clicks)) == {303}
    db.session.commit()
    db.session.expire_all()
    likes = db.session.scalar(db.select(db.func.count()).select_from(CommentLike))
    assert db.session.get_one(Comment, comment.id).like_count == likes == left
