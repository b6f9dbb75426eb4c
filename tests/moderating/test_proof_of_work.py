"""The work that a newsroom may ask of commenters' browsers: done once for each comment; without it a comment waits."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import altcha
import pytest
import time_machine
from flask.testing import FlaskClient

from tests.commenting.talk import send, stored
from tests.factories import make_article
from webapp import clock
from webapp.settings import store


@pytest.fixture(autouse=True)
def _asks(app: object) -> None:
    store({"COMMENT_HOLD_FIRST": False, "PROOF_OF_WORK": True})


def work(client: FlaskClient) -> str:
    """What a browser sends along."""
    asked = client.get("/comments/work")
    assert asked.headers["Cache-Control"] == "private, no-store"
    challenge = altcha.Challenge.from_dict(asked.json or {})
    solution = altcha.solve_challenge(challenge)
    assert solution
    return altcha.Payload(challenge, solution).to_base64()


def status(client: FlaskClient, **fields: Any) -> str:
    article = make_article()
    assert send(client, article, **fields).status_code == 303
    return stored(article)[-1].status


@pytest.mark.both_databases
def test_it_is_good_for_one_comment(client: FlaskClient) -> None:
    proof = work(client)
    assert status(client, proof=proof) == "approved"
    assert status(client, proof=proof, body="Again.") == "held"
    assert status(client, proof=work(client), body="And again.") == "approved"


def test_without_it_a_comment_waits(client: FlaskClient) -> None:
    article = make_article()
    send(client, article)
    (comment,) = stored(article)
    assert comment.status == "held"
    assert comment.verdicts[0]["reason"] == "Its browser sent no proof of work, so a person decides."


def test_it_has_an_end(client: FlaskClient) -> None:
    proof = work(client)
    with time_machine.travel(clock.now() + timedelta(hours=49)):
        assert status(client, proof=proof) == "held"


def forged(proof: str, change: dict[str, Any]) -> str:
    said = json.loads(base64.b64decode(proof))
    said["challenge"]["parameters"] |= change
    return base64.b64encode(json.dumps(said).encode()).decode()


@pytest.mark.parametrize(
    "change", [{"cost": 1}, {"keyPrefix": ""}, {"expiresAt": 9_999_999_999}, {"data": {"a": [1]}}]
)
def test_a_question_of_their_own_making_counts_for_nothing(
    client: FlaskClient, change: dict[str, Any]
) -> None:
    assert status(client, proof=forged(work(client), change)) == "held"


@pytest.mark.parametrize(
    "proof",
    ["x", "\x00", "e30=", "bnVsbA==", "W10=", "💡", "A" * 100_000, base64.b64encode(b"[" * 2000).decode(),
     base64.b64encode(b'{"challenge": {"parameters": 1, "signature": []}, "solution": {"counter": {}}}').decode()],
)  # fmt: skip
def test_anything_else_counts_for_nothing(client: FlaskClient, proof: str) -> None:
    assert status(client, proof=proof) == "held"


def test_where_it_is_not_asked_for_nothing_of_it_is_there(client: FlaskClient) -> None:
    store({"PROOF_OF_WORK": False})
    assert client.get("/comments/work").status_code == 404
    assert "data-proof" not in client.get(make_article().permalink).text
    assert status(client) == "approved"
