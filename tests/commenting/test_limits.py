"""The time trap, the pause between comments, and how long a retry is one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from tests.commenting.talk import HTMX, LENA, comments_path, field, form_in, stored
from tests.factories import at, make_article
from webapp.commenting import writers
from webapp.models import Article

NOW = at("2026-12-04T09:00+00:00")


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | {"STANDFIRST_COMMENT_MIN_SECONDS": "3", "STANDFIRST_COMMENT_FLOOD_SECONDS": "15"}


def form_of(client: FlaskClient, article: Article) -> dict[str, str]:
    return form_in(client.get(article.permalink).text) | LENA


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_too_fast_is_refused_with_a_fresh_form(client: FlaskClient, htmx: bool) -> None:
    with time_machine.travel(NOW, tick=False) as traveller:
        article = make_article()
        data = form_of(client, article)
        traveller.shift(2)
        response = client.post(comments_path(article), data=data, headers=HTMX if htmx else {})
        assert response.status_code == 422
        assert "faster than people write" in response.text
        assert field(response.text, "body") == LENA["body"]
        fresh = form_in(response.text)
        assert fresh["token"] != data["token"]
        traveller.shift(3)
        assert client.post(comments_path(article), data=fresh | LENA).status_code == 303


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_an_old_form_is_refused_with_a_fresh_one(client: FlaskClient, htmx: bool) -> None:
    with time_machine.travel(NOW, tick=False) as traveller:
        article = make_article(published_at=NOW)
        data = form_of(client, article)
        traveller.shift(timedelta(hours=48, seconds=1))
        response = client.post(comments_path(article), data=data, headers=HTMX if htmx else {})
        assert response.status_code == 422
        assert "48 hours" in response.text and field(response.text, "name") == "Lena"
        traveller.shift(3)
        assert client.post(comments_path(article), data=form_in(response.text) | LENA).status_code == 303


def test_just_in_time_passes(client: FlaskClient) -> None:
    with time_machine.travel(NOW, tick=False) as traveller:
        article = make_article(published_at=NOW)
        data = form_of(client, article)
        traveller.shift(timedelta(hours=48))
        assert client.post(comments_path(article), data=data).status_code == 303


def test_a_forged_token_is_refused(client: FlaskClient) -> None:
    article = make_article()
    data = form_of(client, article)
    for token in ("", "x", data["token"][:-1], data["token"] + "x", "\x00"):
        assert client.post(comments_path(article), data=data | {"token": token}).status_code == 422
    assert stored(article) == []


def test_after_a_field_error_nobody_waits_again(client: FlaskClient) -> None:
    with time_machine.travel(NOW, tick=False) as traveller:
        article = make_article()
        data = form_of(client, article)
        traveller.shift(5)
        response = client.post(comments_path(article), data=data | {"name": ""})
        assert client.post(comments_path(article), data=form_in(response.text) | LENA).status_code == 303


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_flood_is_refused_with_the_time_to_wait(client: FlaskClient, htmx: bool) -> None:
    with time_machine.travel(NOW, tick=False) as traveller:
        article, other = make_article(), make_article()
        data, second = form_of(client, article), form_of(client, other)
        traveller.shift(5)
        assert client.post(comments_path(article), data=data).status_code == 303
        traveller.shift(4)
        response = client.post(comments_path(other), data=second, headers=HTMX if htmx else {})
        assert response.status_code == 429
        assert response.headers["Retry-After"] == "11"
        assert "wait 11 seconds" in response.text
        assert field(response.text, "body") == LENA["body"]
        traveller.shift(11)
        assert client.post(comments_path(other), data=form_in(response.text) | LENA).status_code == 303


def test_readers_who_share_an_address_do_not_wait_for_each_other(client: FlaskClient) -> None:
    with time_machine.travel(NOW, tick=False) as traveller:
        article = make_article()
        data = form_of(client, article)
        traveller.shift(5)
        client.post(comments_path(article), data=data)
        other = client.application.test_client()
        words = data | {"body": "From the next desk."}
        assert other.post(comments_path(article), data=words, headers={"User-Agent": "b"}).status_code == 303
        assert (
            other.post(
                comments_path(article), data=words | {"body": "x"}, headers={"User-Agent": "b"}
            ).status_code
            == 429
        )


def test_a_duplicate_is_called_one_also_within_the_pause(client: FlaskClient) -> None:
    with time_machine.travel(NOW, tick=False) as traveller:
        article = make_article()
        data, second = form_of(client, article), form_of(client, article)
        traveller.shift(5)
        client.post(comments_path(article), data=data)
        assert client.post(comments_path(article), data=second).status_code == 409


def test_a_retry_is_one_for_an_hour(client: FlaskClient) -> None:
    with time_machine.travel(NOW, tick=False) as traveller:
        article = make_article()
        data = form_of(client, article)
        traveller.shift(5)
        first = client.post(comments_path(article), data=data)
        traveller.shift(timedelta(minutes=59))
        again = client.post(comments_path(article), data=data)
        assert (again.status_code, again.headers["Location"]) == (303, first.headers["Location"])
        traveller.shift(timedelta(minutes=2))
        assert client.post(comments_path(article), data=data).status_code == 409
        assert len(stored(article)) == 1


def test_a_retry_is_answered_though_the_discussion_has_closed_since(client: FlaskClient) -> None:
    from webapp.database import db, transaction

    with time_machine.travel(NOW, tick=False) as traveller:
        article = make_article()
        data = form_of(client, article)
        traveller.shift(5)
        client.post(comments_path(article), data=data)
        with transaction():
            db.session.get_one(Article, article.id).comments_open = False
        assert client.post(comments_path(article), data=data).status_code == 303
        assert client.post(comments_path(article), data=data | {"body": "More."}).status_code == 403


def test_likes_without_a_cookie_run_out(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.factories import make_comment

    monkeypatch.setattr(writers, "NEW_WRITERS", 2)
    comment = make_comment(make_article())
    answers = [client.application.test_client().post(f"/comments/{comment.id}/likes") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert re.fullmatch(r"\d+", answers[2].headers["Retry-After"])
