"""Replies by mail: asked for, confirmed, sent once the reply is approved, ended with one click."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.commenting.talk import send, stored
from tests.factories import make_article
from webapp import clock
from webapp.database import db
from webapp.models import Account, Article, Comment, OutgoingMail
from webapp.moderating.actions import Decision, decide, undo
from webapp.notifying.notices import mail_notices
from webapp.settings import store


@pytest.fixture
def article(app: Flask) -> Article:
    store({"COMMENT_HOLD_FIRST": False})
    return make_article()


def mails() -> list[OutgoingMail]:
    db.session.commit()
    db.session.expire_all()
    return list(db.session.scalars(db.select(OutgoingMail).order_by(OutgoingMail.id)))


def link_in(mail: OutgoingMail, word: str) -> str:
    """The path of the link to /<word>/… in a mail."""
    found = re.search(rf"http://localhost(/{word}/\S+)", mail.text)
    assert found, mail.text
    return found[1]


def later(minutes: int = 2) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(minutes=minutes))


def asked(client: FlaskClient, article: Article, notify: str = "at once") -> Comment:
    """Lena's comment; she has confirmed her address."""
    assert send(client, article, notify=notify).status_code == 303
    assert client.post(link_in(mails()[-1], "confirm")).status_code == 200
    return stored(article)[-1]


def answered(app: Flask, article: Article, comment: Comment, body: str = "Was it the fog?") -> Comment:
    sent = send(
        app.test_client(), article, name="Kofi", email="kofi@post.example", body=body, parent=comment.id
    )
    assert sent.status_code == 303
    return stored(article)[-1]


@pytest.mark.both_databases
def test_a_reply_is_mailed_once(app: Flask, client: FlaskClient, article: Article) -> None:
    reply = answered(app, article, asked(client, article))
    assert mail_notices() == 0, "a minute's grace"
    with later():
        assert mail_notices() == 1
        assert mail_notices() == 0
    mail = mails()[-1]
    assert (mail.recipient, mail.subject) == (
        "lena@post.example",
        f"Kofi has answered you: {article.headline}",
    )
    assert "> Was it the fog?" in mail.text
    assert f"http://localhost{article.permalink}comments/{reply.id}" in mail.text
    assert "kofi@post.example" not in mail.text + mail.html


def test_nothing_comes_without_confirmation(app: Flask, client: FlaskClient, article: Article) -> None:
    send(client, article, notify="at once")
    answered(app, article, stored(article)[0])
    with later():
        assert mail_notices() == 0
    assert [mail.subject for mail in mails()] == ["Is this your comment on Standfirst?"]


def test_mail_programs_that_open_the_link_confirm_nothing(
    app: Flask, client: FlaskClient, article: Article
) -> None:
    send(client, article, notify="at once")
    page = client.get(link_in(mails()[0], "confirm"))
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "private, no-store")
    assert "lena@post.example" in page.text
    answered(app, article, stored(article)[0])
    with later():
        assert mail_notices() == 0


def test_a_stranger_who_types_the_address_gets_nothing_for_it(
    app: Flask, client: FlaskClient, article: Article
) -> None:
    """Kim types Lena's proved address in another browser: replies to Kim are not mailed to Lena."""
    asked(client, article)
    send(app.test_client(), article, name="Kim", body="Me too.", notify="at once")
    answered(app, article, stored(article)[-1])
    with later():
        assert mail_notices() == 0


def test_a_held_reply_waits_for_its_approval(
    app: Flask, client: FlaskClient, article: Article, signed_in
) -> None:
    comment = asked(client, article)
    store({"COMMENT_HOLD_ALL": True})
    reply = answered(app, article, comment)
    with later():
        assert mail_notices() == 0
    ines = signed_in()
    ines.decide(reply, "approval")
    with later():
        assert mail_notices() == 1


def test_an_approval_taken_back_at_once_mails_nothing(
    app: Flask, client: FlaskClient, article: Article, signed_in
) -> None:
    comment = asked(client, article)
    store({"COMMENT_HOLD_ALL": True})
    reply = answered(app, article, comment)
    signed_in()
    account = db.session.scalars(db.select(Account)).one()
    done = decide([reply.id], Decision.approval, by=account)
    undo([done.changed[0].entry.id], by=account)
    with later():
        assert mail_notices() == 0


@pytest.mark.both_databases
def test_a_day_of_replies_makes_one_mail(app: Flask, client: FlaskClient, article: Article) -> None:
    comment = asked(client, article, "daily")
    answered(app, article, comment, "First.")
    answered(app, article, comment, "Second.")
    with later():
        assert mail_notices() == 0
    with later(60 * 25):
        assert mail_notices() == 1
    mail = mails()[-1]
    assert mail.subject == "2 answers to you"
    assert mail.text.index("> First.") < mail.text.index("> Second.")


@pytest.mark.both_databases
def test_one_click_stops_it(app: Flask, client: FlaskClient, article: Article) -> None:
    comment = asked(client, article)
    answered(app, article, comment)
    with later():
        mail_notices()
    mail = mails()[-1]
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = link_in(mail, "stop")
    assert mail.headers["List-Unsubscribe"] == f"<http://localhost{path}>"
    assert "Stop the mail" in app.test_client().get(path).text
    answered(app, article, comment, "And another thing.")
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"}
    done = app.test_client().post(path, data={"List-Unsubscribe": "One-Click"}, headers=foreign)
    assert done.status_code == 200
    with later():
        assert mail_notices() == 0


def test_answering_oneself_mails_nothing(client: FlaskClient, article: Article) -> None:
    comment = asked(client, article)
    send(client, article, body="One more thing.", parent=comment.id)
    with later():
        assert mail_notices() == 0


def test_a_reply_that_is_gone_meanwhile_is_not_mailed(
    app: Flask, client: FlaskClient, article: Article
) -> None:
    from webapp.commenting.changing import withdraw_comment

    reply = answered(app, article, asked(client, article))
    withdraw_comment(reply.id, reply.writer_hash or "")
    with later():
        assert mail_notices() == 0


@pytest.mark.parametrize("path", ["/confirm/forged", "/confirm/e30.x.y"])
def test_a_forged_confirmation_is_refused(client: FlaskClient, path: str) -> None:
    assert [client.get(path).status_code, client.post(path).status_code] == [410, 410]


def test_an_old_confirmation_is_refused(client: FlaskClient, article: Article) -> None:
    send(client, article, notify="at once")
    path = link_in(mails()[0], "confirm")
    with later(60 * 24 * 4):
        assert client.post(path).status_code == 410


def test_a_forged_stop_is_refused(client: FlaskClient) -> None:
    assert [client.get("/stop/x").status_code, client.post("/stop/x").status_code] == [404, 404]


def test_a_confirmation_is_no_stop(client: FlaskClient, article: Article) -> None:
    send(client, article, notify="at once")
    token = link_in(mails()[0], "confirm").removeprefix("/confirm/")
    assert client.post(f"/stop/{token}").status_code == 404


def test_an_address_gets_few_questions_a_day(app: Flask, article: Article) -> None:
    for number in range(6):
        send(app.test_client(), article, body=f"Number {number}", notify="at once")
    assert len(mails()) == 3


@pytest.mark.parametrize("way", ["hourly", "at once' OR 1", "x" * 100_000])
def test_an_unknown_way_is_refused_and_the_text_kept(client: FlaskClient, article: Article, way: str) -> None:
    response = send(client, article, notify=way)
    assert response.status_code == 422
    assert "Choose one of the three ways." in response.text
    assert "The bell was late again." in response.text
    assert stored(article) == []
