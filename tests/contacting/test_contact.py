"""The contact page: what is taken, refused, mailed, put away and forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.staff import Staff
from webapp import clock
from webapp.contacting import actions
from webapp.database import db
from webapp.mailing.sending import send_due
from webapp.models import Message, OutgoingMail
from webapp.privacy.actions import collect, erase, purge
from webapp.settings import store

pytestmark = pytest.mark.both_databases
FIELDS = {
    "name": "Lena",
    "email": "Lena@Post.example",
    "subject": "The bell",
    "body": "It was <late>.\nAgain.",
}


def stored() -> list[Message]:
    db.session.expire_all()
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def test_a_message_is_kept_mailed_once_and_put_away(
    app: Flask, client: FlaskClient, signed_in: Callable[..., Staff]
) -> None:
    store({"CONTACT_MAIL": "letters@desk.example"})
    answer = client.post("/write-to-us", data=FIELDS)
    assert answer.status_code == 303
    assert "it came" in client.get(answer.location).text
    assert client.post("/write-to-us", data=FIELDS).status_code == 303, "a retry is harmless"
    (message,) = stored()
    assert message.email == "lena@post.example"
    (mail,) = db.session.scalars(select(OutgoingMail)).all()
    assert mail.recipient == "letters@desk.example" and "It was <late>." in mail.text
    vera = signed_in("vera@desk.example", role="editor", name="Vera")
    page = vera.get("/desk/messages").text
    assert "It was &lt;late&gt;." in page and "lena@post.example" in page
    assert vera.post(f"/desk/messages/{message.id}/done").status_code == 303
    assert "Nothing waits." in vera.get("/desk/messages").text
    assert "put away by Vera" in vera.get("/desk/messages?done=1").text
    assert vera.post("/desk/messages/999/done").status_code == 404
    assert "Set-Cookie" not in client.get("/write-to-us").headers


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"name": ""}, 422, "Tell us your name."),
        ({"email": "nonsense"}, 422, "We need an address"),
        ({"email": ""}, 422, "We need an address"),
        ({"body": " \n "}, 422, "Write what you want to say."),
        ({"body": "x" * 10_001}, 422, "At most 10000 characters; these are 10001."),
        ({"name": "x" * 246}, 422, "At most 245 characters"),
        ({"company": "Shop"}, 422, "people never see"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: FlaskClient, fields: dict[str, str], status: int, words: str
) -> None:
    answer = client.post("/write-to-us", data={**FIELDS, **fields})
    assert answer.status_code == status and words in answer.text
    assert "The bell" in answer.text and stored() == []


def test_nothing_gets_into_the_head_of_a_mail(app: Flask, client: FlaskClient) -> None:
    store({"CONTACT_MAIL": "letters@desk.example"})
    evil = {
        "name": "Eve\r\nBcc: all@post.example",
        "subject": "Hi\nX-Evil: 1\x00",
        "email": "eve@post.example",
    }
    assert client.post("/write-to-us", data={**FIELDS, **evil}).status_code == 303
    injected = client.post(
        "/write-to-us", data={**FIELDS, "email": "eve@post.example\nBcc: all@post.example"}
    )
    assert injected.status_code == 422
    send_due()
    from pathlib import Path

    (file,) = Path(app.instance_path, "mail").glob("*.eml")
    mail = message_from_bytes(file.read_bytes())
    assert mail["Bcc"] is None and mail["X-Evil"] is None and mail["To"] == "letters@desk.example"


def test_a_flood_is_slowed_and_loses_nothing(client: FlaskClient) -> None:
    for number in range(5):
        assert client.post("/write-to-us", data={**FIELDS, "body": f"Number {number}"}).status_code == 303
    answer = client.post("/write-to-us", data={**FIELDS, "body": "Number six"})
    assert answer.status_code == 429 and "Number six" in answer.text and answer.headers["Retry-After"]
    assert len(stored()) == 5


def test_messages_are_part_of_what_somebody_may_see_and_erase(app: Flask, client: FlaskClient) -> None:
    client.post("/write-to-us", data=FIELDS)
    assert collect("LENA@post.example")["messages"][0]["text"] == "It was <late>.\nAgain."
    erase("lena@post.example")
    assert stored() == []
    client.post("/write-to-us", data={**FIELDS, "body": "Once more."})
    purge()
    assert len(stored()) == 1
    with time_machine.travel(clock.now() + timedelta(days=181)):
        purge()
    assert stored() == [] and actions.waiting() == 0
