"""Signing up and stopping: by whom, how often, and what a link can do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.subscribing.conftest import bring, reader, state
from webapp import clock
from webapp.database import db
from webapp.models import OutgoingMail, Subscriber
from webapp.privacy.actions import collect, erase, purge
from webapp.settings import store
from webapp.subscribing import links

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("newsletter")]
LENA = "lena@post.example"


def mails(email: str = LENA) -> list[OutgoingMail]:
    db.session.rollback()
    query = select(OutgoingMail).where(OutgoingMail.recipient == email).order_by(OutgoingMail.id)
    return list(db.session.scalars(query))


def path_in(mail: OutgoingMail, word: str) -> str:
    found = re.search(rf"/newsletter/{word}/\S+", mail.text)
    assert found
    return found[0]


def test_an_address_is_on_the_list_once_its_owner_has_pressed_the_button(client: FlaskClient) -> None:
    answer = client.post("/newsletter", data={"email": " Lena@Post.example "})
    assert answer.status_code == 303 and "Set-Cookie" not in answer.headers
    assert "sent a message" in client.get(answer.location).text
    (mail,) = mails()
    address = path_in(mail, "confirm")
    assert LENA in client.get(address).text
    assert state(LENA) == "asked", "a mail program that follows links confirms nothing"
    answer = client.post(address)
    assert answer.status_code == 200 and "comes to" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert state(LENA) == "confirmed"
    assert client.post(address).status_code == 200, "pressed twice it changes nothing"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "no e-mail address"),
        ({"email": "nonsense"}, "no e-mail address"),
        ({"email": "a@b@c.example"}, "no e-mail address"),
        ({"email": f"{'x' * 300}@post.example"}, "no e-mail address"),
        ({"email": "lena@post.example\r\nBcc: all@post.example"}, "no e-mail address"),
        ({"email": LENA, "company": "Shop"}, "people never see"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: FlaskClient, fields: dict[str, str], words: str
) -> None:
    answer = client.post("/newsletter", data=fields)
    assert answer.status_code == 422 and words in answer.text
    assert fields.get("email", "")[:5] in answer.text
    assert not db.session.scalars(select(Subscriber)).all() and not mails()


def test_the_form_says_the_same_to_known_addresses_and_their_owners_hear_of_it(client: FlaskClient) -> None:
    bring(LENA)
    known = client.post("/newsletter", data={"email": LENA})
    unknown = client.post("/newsletter", data={"email": "zoe@post.example"})
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    (mail,) = mails()
    assert "already" in mail.subject and path_in(mail, "stop")


def test_an_address_is_asked_three_times_a_day_at_most_whoever_types_it(app: Flask) -> None:
    for number in range(8):
        browser = app.test_client()
        browser.post(
            "/newsletter",
            data={"email": LENA},
            headers={"User-Agent": f"Browser {number}"},
        )
    assert len(mails()) == 3


def test_a_flood_is_slowed_and_loses_nothing(client: FlaskClient) -> None:
    for number in range(5):
        assert client.post("/newsletter", data={"email": f"a{number}@post.example"}).status_code == 303
    answer = client.post("/newsletter", data={"email": "a6@post.example"})
    assert answer.status_code == 429 and "a6@post.example" in answer.text and answer.headers["Retry-After"]


def test_links_that_are_old_or_forged_do_nothing(app: Flask, client: FlaskClient) -> None:
    client.post("/newsletter", data={"email": LENA})
    address = path_in(mails()[0], "confirm")
    assert client.post("/newsletter/confirm/forged").status_code == 410
    assert client.post("/newsletter/stop/forged").status_code == 404
    stop = links.stop_address(LENA).rpartition("/")[2]
    assert client.post(f"/newsletter/confirm/{stop}").status_code == 410, "one link cannot be used as another"
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert client.post(address).status_code == 410
    assert state(LENA) == "asked"


def test_one_click_stops_from_anywhere_and_signing_up_again_brings_it_back(client: FlaskClient) -> None:
    bring(LENA)
    address = links.stop_address(LENA).removeprefix("http://localhost")
    assert "Stop the newsletter?" in client.get(address).text
    assert state(LENA) == "confirmed"
    answer = client.post(
        address,
        data={"List-Unsubscribe": "One-Click"},
        headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 200 and state(LENA) == "stopped"
    assert client.post(address).status_code == 200
    client.post("/newsletter", data={"email": LENA})
    assert state(LENA) == "stopped", "asking alone brings nothing back"
    client.post(path_in(mails()[-1], "confirm"))
    assert state(LENA) == "confirmed"


def test_without_a_newsletter_there_is_no_form_but_links_still_stop_it(client: FlaskClient) -> None:
    bring(LENA)
    assert "/newsletter" in client.get("/").text
    store({"NEWSLETTER": "no"})
    assert client.get("/newsletter").status_code == 404
    assert client.post("/newsletter", data={"email": "a@post.example"}).status_code == 404
    assert "/newsletter" not in client.get("/").text
    assert client.post(links.stop_address(LENA).removeprefix("http://localhost")).status_code == 200
    assert state(LENA) == "stopped"


def test_what_is_kept_can_be_seen_and_erased_and_the_unconfirmed_are_forgotten(client: FlaskClient) -> None:
    client.post("/newsletter", data={"email": LENA})
    link = path_in(mails()[0], "confirm")
    bring("zoe@post.example")
    found = collect("LENA@post.example")["newsletter"]
    assert found and found["state"] == "asked" and found["confirmed_at"] is None
    erase(LENA)
    assert reader(LENA) is None and collect(LENA)["newsletter"] is None
    assert client.post(link).status_code == 410, "a link of before brings nobody back"
    client.post("/newsletter", data={"email": LENA})
    with time_machine.travel(clock.now() + timedelta(days=31)):
        purge()
    assert reader(LENA) is None and state("zoe@post.example") == "confirmed"
