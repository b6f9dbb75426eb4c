"""One's own data: asked for, proved, confirmed, handed over, erased; and what is purged by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.commenting.talk import send, stored
from tests.factories import make_article, make_comment
from tests.staff import Staff
from webapp import clock
from webapp.database import db
from webapp.models import (
    Comment,
    CommentStatus,
    ModerationEntry,
    OutgoingMail,
    PrivacyRequest,
    ProvedAddress,
)
from webapp.moderating import chain
from webapp.privacy.actions import purge
from webapp.settings import store


def link(word: str) -> str:
    db.session.commit()
    mail = db.session.scalars(db.select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    assert mail
    found = re.search(rf"http://localhost(/privacy/{word}/\S+)", mail.text)
    assert found, mail.text
    return found[1]


def asked(client: FlaskClient, wish: str, email: str = "lena@post.example") -> None:
    assert client.post("/privacy", data={"email": email, "wish": wish}).status_code == 200
    assert client.get(link("confirm")).status_code == 200
    assert db.session.scalars(db.select(PrivacyRequest)).all() == [], "a GET proves nothing"
    for _ in range(2):
        assert client.post(link("confirm")).status_code == 200


def fulfilled(editor: Staff) -> None:
    editor.get("/moderation/privacy")
    (wanted,) = db.session.scalars(db.select(PrivacyRequest)).all()
    assert editor.post(f"/moderation/privacy/{wanted.id}").status_code == 303
    assert editor.post(f"/moderation/privacy/{wanted.id}").status_code == 409


@pytest.mark.both_databases
def test_a_copy_is_handed_over(client: FlaskClient, signed_in: Callable[..., Staff]) -> None:
    article = make_article()
    send(client, article, body="The bell was late.", website="https://lena.example")
    make_comment(article, "By somebody else.")
    asked(client, "export")
    fulfilled(signed_in(role="editor"))
    answer = client.get(link("export"))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "private, no-store"
    found = json.loads(answer.text)
    assert [one["text"] for one in found["comments"]] == ["The bell was late."]
    assert found["comments"][0]["website"] == "https://lena.example"
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert client.get(link("export")).status_code == 404


@pytest.mark.both_databases
def test_everything_is_erased_and_replies_stay(
    app: Flask, client: FlaskClient, signed_in: Callable[..., Staff]
) -> None:
    store({"COMMENT_HOLD_FIRST": False})
    article = make_article()
    send(client, article, body="The bell was late.", notify="at once")
    mail = db.session.scalars(db.select(OutgoingMail)).one()
    client.post(re.search(r"http://localhost(/confirm/\S+)", mail.text)[1])  # type: ignore[index]
    own = stored(article)[0]
    make_comment(article, "Was it?", parent=own)
    asked(client, "erasure")
    fulfilled(signed_in(role="editor"))
    db.session.expire_all()
    gone = db.session.get_one(Comment, own.id)
    assert (gone.name, gone.email, gone.body_source, gone.body_html) == ("Erased", "", "", "")
    assert (gone.writer_hash, gone.visitor_hash, gone.network_hash, gone.fingerprint) == (None,) * 4
    page = app.test_client().get(article.permalink).text
    assert "Was it?" in page
    assert "The bell was late." not in page
    assert ">Lena<" not in page
    assert db.session.scalars(db.select(ProvedAddress)).all() == []
    left = db.session.scalars(db.select(OutgoingMail)).all()
    assert [one.key.split(":")[0] for one in left] == ["privacy done"]
    assert chain.verify().broken_at is None, "the log is whole"
    assert (
        db.session.scalars(db.select(ModerationEntry.decision).order_by(ModerationEntry.id.desc())).first()
        == "erasure"
    )
    assert db.session.scalars(db.select(PrivacyRequest)).one().email == ""


def test_the_form_tells_nobody_who_has_commented(client: FlaskClient) -> None:
    send(client, make_article())
    known = client.post("/privacy", data={"email": "lena@post.example", "wish": "export"}).text
    unknown = client.post("/privacy", data={"email": "kim@post.example", "wish": "export"}).text
    assert known == unknown


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "no address", "wish": "export"},
        {"email": "", "wish": "erasure"},
        {"email": "a@b.example\r\nBcc: x@y.example", "wish": "export"},
        {"email": "x" * 100_000, "wish": "export"},
        {"email": "lena@post.example", "wish": "everything"},
        {"email": "lena@post.example"},
    ],
)
def test_a_form_that_cannot_be_used_says_why(client: FlaskClient, app: Flask, fields: dict[str, str]) -> None:
    response = client.post("/privacy", data=fields)
    assert (response.status_code, 'role="alert"' in response.text) == (422, True)
    assert db.session.scalars(db.select(OutgoingMail)).all() == []


def test_one_address_gets_few_mails_and_one_visitor_asks_seldom(client: FlaskClient, app: Flask) -> None:
    answers = [
        client.post("/privacy", data={"email": "lena@post.example", "wish": "export"}) for _ in range(12)
    ]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert len(db.session.scalars(db.select(OutgoingMail)).all()) == 3


@pytest.mark.parametrize("path", ["/privacy/confirm/x", "/privacy/export/x"])
def test_forged_links_are_over(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in (404, 410)


def test_moderators_do_not_see_the_wishes(ines: Staff) -> None:
    assert ines.get("/moderation/privacy").status_code == 403
    assert ines.post("/moderation/privacy/1").status_code == 403


def test_the_time_begins_with_the_decision_and_imports_stay(app: Flask, ines: Staff) -> None:
    article, long_ago = make_article(), clock.now() - timedelta(days=900)
    late = make_comment(article, "Two years old.", created_at=long_ago)
    brought = make_comment(article, "From WordPress.", status="trashed", imported_id=7, created_at=long_ago)
    ines.decide(late, "trash", expected="approved")
    purge()
    db.session.expire_all()
    assert db.session.get_one(Comment, late.id).body_source == "Two years old."
    with time_machine.travel(clock.now() + timedelta(days=31)):
        purge()
        db.session.expire_all()
        assert db.session.get(Comment, late.id) is None
        left = db.session.get_one(Comment, brought.id)
        assert (left.body_source, left.email) == ("From WordPress.", "hana@post.example")


@pytest.mark.both_databases
def test_what_is_old_is_purged(app: Flask) -> None:
    article = make_article()
    fresh = {"visitor_hash": "v", "network_hash": "n"}
    spam = make_comment(article, "Junk.", status=CommentStatus.spam, **fresh)
    answered = make_comment(article, "Removed.", status=CommentStatus.trashed)
    kept = make_comment(article, "Fine.", **fresh)
    make_comment(article, "Answer.", parent=answered)
    ids = spam.id, answered.id, kept.id
    assert purge() == 0

    def now(number: int) -> Comment | None:
        db.session.expire_all()
        return db.session.get(Comment, ids[number])

    with time_machine.travel(clock.now() + timedelta(days=3)):
        assert purge() == 2
        assert [(one.visitor_hash, one.network_hash) for one in (now(0), now(2)) if one] == [(None, None)] * 2
        assert now(0)
    with time_machine.travel(clock.now() + timedelta(days=31)):
        purge()
        assert now(0) is None
        place = now(1)
        assert place
        assert (place.name, place.body_source) == ("Erased", "")
    with time_machine.travel(clock.now() + timedelta(days=366)):
        purge()
        last = now(2)
        assert last
        assert (last.email, last.body_source) == ("", "Fine.")
        assert purge() == 0
