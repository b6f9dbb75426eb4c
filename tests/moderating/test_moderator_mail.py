"""Mail to moderators: links that show and decide once, the digest, and nothing twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.commenting.talk import send, stored
from tests.factories import make_account, make_article, make_comment
from tests.staff import Staff
from webapp import clock
from webapp.database import db, transaction
from webapp.models import Account, Comment, CommentStatus, ModerationEntry, OutgoingMail
from webapp.moderating import chain
from webapp.moderating.account_actions import set_disabled
from webapp.moderating.actions import Decision, decide
from webapp.moderating.moderator_mail import MOST_AN_HOUR, mail_digests, mail_held
from webapp.settings import store


def mails() -> list[OutgoingMail]:
    db.session.commit()
    db.session.expire_all()
    return list(db.session.scalars(db.select(OutgoingMail).order_by(OutgoingMail.id)))


@pytest.fixture
def waiting(app: Flask, client: FlaskClient) -> Comment:
    """A comment that waits, of which Ines has a mail."""
    store({"MODERATOR_MAIL": "held"})
    make_account("ines@desk.example", name="Ines")
    article = make_article()
    send(client, article, body="Is it <em>open</em>?")
    assert mail_held() == 1
    return stored(article)[0]


def link() -> str:
    found = re.search(r"http://localhost(/decide/\S+)", mails()[-1].text)
    assert found
    return found[1]


@pytest.mark.both_databases
def test_the_link_shows_and_a_post_decides_once(app: Flask, waiting: Comment) -> None:
    browser = app.test_client()
    assert mail_held() == 0, "not mailed twice"
    page = browser.get(link())
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "private, no-store")
    assert "Is it <em>open</em>?" in page.text
    db.session.expire_all()
    assert db.session.get_one(Comment, waiting.id).status == "held", "a GET decides nothing"
    assert "It is approved" in browser.post(link(), data={"decision": "approval"}).text
    again = browser.post(link(), data={"decision": "trash"})
    assert again.status_code == 409
    assert "Ines has decided" in again.text
    db.session.expire_all()
    assert db.session.get_one(Comment, waiting.id).status == "approved"
    entry = db.session.scalars(db.select(ModerationEntry).order_by(ModerationEntry.id.desc())).first()
    assert entry
    assert entry.account_id is not None


def test_a_link_does_not_work_again_after_an_undo(
    app: Flask, waiting: Comment, signed_in: Callable[..., Staff]
) -> None:
    teo = signed_in("teo@desk.example", name="Teo")
    teo.decide(waiting, "trash")
    teo.decide(waiting, "hold", expected="trashed")
    assert app.test_client().post(link(), data={"decision": "approval"}).status_code == 409


def test_a_link_ends(app: Flask, waiting: Comment) -> None:
    path = link()
    with time_machine.travel(clock.now() + timedelta(days=8)):
        page = app.test_client().get(path)
        assert page.status_code == 410
        assert "open" not in page.text.lower().split("<main")[1]


@pytest.mark.parametrize("token", ["x", "W10.abc.def", "a" * 5000])
def test_a_forged_link_shows_nothing(client: FlaskClient, token: str) -> None:
    assert client.get(f"/decide/{token}").status_code == 404
    assert client.post(f"/decide/{token}", data={"decision": "approval"}).status_code == 404


def test_a_link_of_somebody_who_left_is_over(app: Flask, waiting: Comment) -> None:
    path = link()
    set_disabled(db.session.scalars(db.select(Account)).one(), True)
    assert app.test_client().post(path, data={"decision": "approval"}).status_code == 410


def test_a_link_of_somebody_who_is_no_moderator_any_more_is_over(app: Flask, waiting: Comment) -> None:
    with transaction():
        account = db.session.scalars(db.select(Account)).one()
        account.role = "author"
    assert app.test_client().get(link()).status_code == 410


def test_authors_and_who_has_not_joined_yet_get_no_mail_about_comments(
    app: Flask, client: FlaskClient
) -> None:
    store({"MODERATOR_MAIL": "held"})
    make_account("kofi@desk.example", role="author")
    make_account("soon@desk.example", role="editor", password_hash="")
    send(client, make_article())
    assert mail_held() == 0
    assert mails() == []


def test_another_decision_is_none(app: Flask, waiting: Comment) -> None:
    assert app.test_client().post(link(), data={"decision": "pin"}).status_code == 422


def test_a_storm_makes_few_mails(app: Flask) -> None:
    store({"MODERATOR_MAIL": "held"})
    make_account("ines@desk.example")
    article = make_article()
    for number in range(MOST_AN_HOUR + 5):
        make_comment(article, f"Number {number}", status=CommentStatus.held)
    assert mail_held() == MOST_AN_HOUR
    assert mail_held() == 0


@pytest.mark.both_databases
def test_a_digest_every_morning(app: Flask) -> None:
    ines = make_account("ines@desk.example")
    gone = make_account("gone@desk.example")
    set_disabled(gone, True)
    article = make_article()
    with time_machine.travel(datetime(2026, 12, 3, 15, tzinfo=UTC)):
        for number in range(3):
            comment = make_comment(article, f"Number {number}", status=CommentStatus.held)
        decide([comment.id], Decision.spam, by=ines)
    with time_machine.travel(datetime(2026, 12, 4, 6, 59, tzinfo=UTC)):
        assert mail_digests() == 0
    with time_machine.travel(datetime(2026, 12, 4, 7, 1, tzinfo=UTC)):
        assert (mail_digests(), mail_digests()) == (1, 0)
    (mail,) = mails()
    text = " ".join(mail.text.split())
    assert (mail.recipient, mail.subject) == ("ines@desk.example", "Standfirst: 2 held, about 1 min")
    assert "approved 0 and rejected 1" in text
    assert chain.head() in text
    store({"MODERATOR_MAIL": "no"})
    with time_machine.travel(datetime(2026, 12, 5, 8, tzinfo=UTC)):
        assert mail_digests() == 0
