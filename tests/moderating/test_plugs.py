"""A service outside is asked where it is set up; when it fails or is slow, the comment waits and nothing is lost."""

from __future__ import annotations

from typing import Any

import akismet
import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.commenting.talk import send, stored
from tests.factories import make_article
from webapp.settings import store


@pytest.fixture
def answers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Sets the service up; `reply` is its next answer or failure, `told` what it was told."""
    store({"COMMENT_HOLD_FIRST": False})
    monkeypatch.setitem(app.extensions["standfirst_settings"].values, "AKISMET_KEY", "key")
    kept: dict[str, Any] = {"reply": "false", "told": ""}

    def answer(request: httpx.Request) -> httpx.Response:
        kept["told"] = request.content.decode()
        if isinstance(kept["reply"], Exception):
            raise kept["reply"]
        return httpx.Response(200, text=kept["reply"])

    real = httpx.Client
    monkeypatch.setattr(httpx, "Client", lambda **given: real(transport=httpx.MockTransport(answer), **given))
    return kept


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        ("false", "approved"),
        ("true", "spam"),
        (httpx.ConnectTimeout("slow"), "held"),
        (httpx.ConnectError("away"), "held"),
        ("invalid", "held"),
        ("<html>", "held"),
    ],
)
def test_what_it_says_counts(
    client: FlaskClient, answers: dict[str, Any], reply: object, status: str
) -> None:
    answers["reply"] = reply
    article = make_article()
    assert send(client, article).status_code == 303
    (comment,) = stored(article)
    assert comment.status == status
    assert [verdict["rule"] for verdict in comment.verdicts] == ([] if status == "approved" else ["akismet"])


def test_it_is_never_told_the_address(client: FlaskClient, answers: dict[str, Any]) -> None:
    send(client, make_article())
    assert "The+bell+was+late+again." in answers["told"]
    assert "lena%40post.example" not in answers["told"]


def test_it_is_not_asked_where_it_is_not_set_up(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(akismet, "SyncClient", None)
    article = make_article()
    assert send(client, article).status_code == 303
