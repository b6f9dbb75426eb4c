"""Editions: written, tested, sent in batches, paused, ended, made by the rule; nobody gets one twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from tests.factories import at, make_article
from tests.staff import Staff
from tests.subscribing.conftest import bring, state
from webapp import clock
from webapp.database import db, transaction
from webapp.mailing.sending import send_due
from webapp.models import Article, ArticleTotals, Edition, MailState, ModerationEntry, OutgoingMail, Status
from webapp.settings import store
from webapp.subscribing import actions, sending
from webapp.subscribing.rules import due

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("newsletter")]


@pytest.fixture
def vera(signed_in: Callable[..., Staff]) -> Staff:
    return signed_in("vera@desk.example", role="editor", name="Vera")


def edition(number: int = 1) -> Edition:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Edition, number)


def begun(vera: Staff) -> str:
    """The address of a new draft, whose page is open."""
    vera.get("/desk/newsletter")
    address = vera.post("/desk/newsletter").location
    vera.get(address)
    return address


def fields(vera: Staff, address: str, **more: object) -> dict[str, object]:
    """The form as the page has it, changed by `more`."""
    text = vera.get(address).text
    seen = re.search(r'name="seen" value="(\w+)"', text)
    assert seen
    chosen = re.findall(r'name="article" value="(\d+)"', text)
    return {"subject": "", "intro": "", "article": chosen, "seen": seen[1], "do": "save", **more}


def everybody() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(OutgoingMail.recipient).order_by(OutgoingMail.id)))


def run_through() -> None:
    for _ in range(20):
        sending.send_some()
        send_due()


def test_an_edition_from_the_draft_to_the_last_mail(app: Flask, vera: Staff) -> None:
    make_article("Old news", published_at=clock.now() - timedelta(days=9))
    tide = make_article("The tide", standfirst="It came & went.", kicker="Sea")
    lamp = make_article("The <lamp>")
    bring("lena@post.example", "zoe@post.example")
    address = begun(vera)
    first = fields(vera, address)
    assert sorted(map(int, first["article"])) == sorted([tide.id, lamp.id]), "it begins with what is new"
    answer = vera.post(
        address,
        {
            **first,
            "subject": "Good morning",
            "intro": "Two things.\n\nRead on.",
            "article": [lamp.id, tide.id],
        },
    )
    assert answer.status_code == 303
    page = vera.get(address).text
    assert page.index("The &lt;lamp&gt;") < page.index("The tide") and "Saved." in page
    letter = vera.get(f"{address}/letter")
    assert "The &lt;lamp&gt;" in letter.text and "<script" not in letter.text
    assert "sandbox" in letter.headers["Content-Security-Policy"]
    assert "Two things.\n\nRead on." in vera.get(f"{address}/letter.txt").text
    assert "2 readers" in vera.get(f"{address}/sending").text
    assert everybody() == []
    assert vera.post(f"{address}/sending", {"deed": "send"}).status_code == 303
    run_through()
    files = Path(app.instance_path, "mail").glob("*.eml")
    mails = {m["To"]: m for m in (message_from_bytes(f.read_bytes(), policy=default) for f in files)}
    assert sorted(mails) == ["lena@post.example", "zoe@post.example"]
    mail = mails["lena@post.example"]
    assert mail["Subject"] == "Good morning"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = mail["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    assert stop != mails["zoe@post.example"]["List-Unsubscribe"].strip("<>")
    body = mail.get_body(("plain",))
    assert body and "It came & went." in body.get_content() and "http://localhost/" in body.get_content()
    assert app.test_client().post(stop).status_code == 200
    done = edition()
    assert (done.state, done.queued, done.sent, done.failed, done.recipients) == ("sent", 2, 2, 0, 2)
    assert done.settled_at is not None
    deeds = db.session.scalars(select(ModerationEntry.decision)).all()
    assert "send-edition" in deeds
    assert "Good morning" in vera.get("/moderation/log").text


def test_a_test_goes_to_oneself_alone(vera: Staff) -> None:
    bring("lena@post.example")
    make_article("The tide")
    address = begun(vera)
    vera.post(address, fields(vera, address, do="test", subject="Hello"))
    assert "on its way to vera@desk.example" in vera.get(address).text
    (mail,) = db.session.scalars(select(OutgoingMail)).all()
    assert (mail.recipient, mail.subject) == ("vera@desk.example", "Test: Hello")
    vera.post(address, fields(vera, address, do="test"))
    assert everybody() == ["vera@desk.example"] * 2, "each test is a test"


def test_articles_are_moved_added_and_taken_out(vera: Staff) -> None:
    one, two, three = (make_article(name) for name in ("One", "Two", "Three"))
    old = make_article("An older story", published_at=clock.now() - timedelta(days=60))
    address = begun(vera)

    def order() -> list[int]:
        return [entry.article_id for entry in edition_entries()]

    def edition_entries():
        return (
            db.session.scalars(
                select(Edition)
                .options(db.selectinload(Edition.entries))
                .execution_options(populate_existing=True)
            )
            .one()
            .entries
        )

    vera.post(address, fields(vera, address, article=[one.id, two.id, three.id]))
    vera.post(address, fields(vera, address, do=f"up:{three.id}"))
    assert order() == [one.id, three.id, two.id]
    vera.post(address, fields(vera, address, do=f"down:{one.id}"))
    assert order() == [three.id, one.id, two.id]
    vera.post(address, fields(vera, address, do=f"up:{three.id}"))
    assert order()[0] == three.id, "the first stays the first"
    vera.post(address, fields(vera, address, do=f"out:{one.id}"))
    assert order() == [three.id, two.id]
    answer = vera.post(address, fields(vera, address, do="find", q="older", intro="Kept."))
    page = vera.get(answer.location).text
    assert "An older story" in page and "Kept." in page, "searching loses nothing of the draft"
    vera.post(address, fields(vera, address, do=f"in:{old.id}"))
    assert order() == [three.id, two.id, old.id]
    fragment = vera.post(address, fields(vera, address, do=f"out:{old.id}"), htmx=True)
    assert fragment.status_code == 200 and fragment.text.lstrip().startswith('<div id="_draft"')


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"subject": "x" * 151}, "At most 150 characters; these are 151."),
        ({"intro": "y" * 5001}, "At most 5000 characters; these are 5001."),
        ({"article": list(range(1, 32))}, "At most 30 articles; these are 31."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(vera: Staff, more: dict[str, object], words: str) -> None:
    address = begun(vera)
    answer = vera.post(address, fields(vera, address, **{"intro": "As typed.", **more}))
    assert answer.status_code == 422 and words in answer.text
    assert edition().intro == ""


def test_numbers_that_are_none_and_unknown_deeds_change_nothing(vera: Staff) -> None:
    make_article("The tide")
    address = begun(vera)
    answer = vera.post(address, fields(vera, address, article=["1", "x", "-3", "999999999999"], do="up:zz"))
    assert answer.status_code == 303
    assert vera.post(f"{address}/sending", {"deed": "explode"}).status_code == 422
    assert vera.get("/desk/newsletter/77").status_code == 404


def test_two_who_write_on_one_draft_do_not_overwrite_each_other_unseen(vera: Staff) -> None:
    address = begun(vera)
    old = fields(vera, address)
    assert vera.post(address, {**old, "intro": "Vera's words"}).status_code == 303
    answer = vera.post(address, {**old, "intro": "Ben's words"})
    assert answer.status_code == 409 and "Ben&#39;s words" in answer.text
    assert edition().intro == "Vera's words"
    again = re.search(r'name="seen" value="(\w+)"', answer.text)
    assert again
    assert vera.post(address, {**old, "intro": "Ben's words", "seen": again[1]}).status_code == 303
    assert edition().intro == "Ben's words"


def test_a_site_without_a_mail_server_says_that_nobody_gets_anything(
    vera: Staff, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = begun(vera)
    for path in ("/desk/newsletter", f"{address}/sending"):
        assert "No mail server is set" in vera.get(path).text
    monkeypatch.setitem(app.extensions["standfirst_settings"].values, "SMTP_HOST", "mail.example")
    for path in ("/desk/newsletter", f"{address}/sending"):
        assert "No mail server is set" not in vera.get(path).text


def test_nothing_to_send_and_nobody_to_send_to(vera: Staff) -> None:
    address = begun(vera)
    answer = vera.post(f"{address}/sending", {"deed": "send"})
    assert answer.status_code == 422 and "nothing in it" in answer.text
    vera.post(address, fields(vera, address, intro="Words."))
    answer = vera.post(f"{address}/sending", {"deed": "send"})
    assert answer.status_code == 422 and "Nobody has confirmed" in answer.text
    assert edition().state == "draft"
    assert vera.post(f"{address}/deletion").status_code == 303
    assert vera.get(address).status_code == 404


def sent_out(vera: Staff, readers: int) -> str:
    """An edition that is being sent to so many."""
    make_article("The tide")
    bring(*(f"r{number}@post.example" for number in range(readers)))
    address = begun(vera)
    vera.post(f"{address}/sending", {"deed": "send"})
    return address


def test_a_pause_holds_what_waits_and_nobody_gets_it_twice(vera: Staff) -> None:
    address = sent_out(vera, 120)
    assert (
        vera.post(f"{address}/sending", {"deed": "send"}).status_code == 422 or edition().state == "sending"
    )
    assert sending.send_some() == 50
    assert sending.send_some() == 0, "the next batch waits for the last one"
    assert vera.post(f"{address}/sending", {"deed": "pause"}).status_code == 303
    assert send_due() == 0, "what waits in the queue is held, too"
    assert sending.send_some() == 0
    assert vera.post(f"{address}/sending", {"deed": "pause"}).status_code == 409
    assert "Paused" in vera.get(f"{address}/progress").text
    vera.get(address)
    vera.post(f"{address}/sending", {"deed": "resume"})
    run_through()
    assert sorted(everybody()) == sorted(f"r{number}@post.example" for number in range(120))
    assert (edition().state, edition().sent) == ("sent", 120)
    assert "hx-trigger" not in vera.get(f"{address}/progress").text, "the page stops asking when all is done"


def test_ending_takes_the_rest_back(vera: Staff) -> None:
    address = sent_out(vera, 60)
    sending.send_some()
    vera.get(address)
    assert vera.post(f"{address}/sending", {"deed": "end"}).status_code == 303
    run_through()
    assert everybody() == [] and edition().state == "ended" and edition().settled_at
    assert vera.post(f"{address}/sending", {"deed": "resume"}).status_code == 409


def test_who_stops_meanwhile_gets_nothing_more_and_who_comes_meanwhile_waits_for_the_next(
    vera: Staff,
) -> None:
    sent_out(vera, 60)
    actions.stop("r55@post.example")
    sending.send_some()
    actions.stop("r10@post.example")
    bring("late@post.example")
    run_through()
    got = everybody()
    assert len(got) == 58 and not {"r10@post.example", "r55@post.example", "late@post.example"} & set(got)


def test_an_article_that_was_taken_down_is_not_sent(vera: Staff) -> None:
    sent_out(vera, 3)
    with transaction():
        db.session.execute(update(Article).values(status=Status.unpublished))
    run_through()
    assert everybody() == [] and edition().state == "paused"
    assert "Readers can see none of its articles" in vera.get("/desk/newsletter/1").text


@pytest.mark.parametrize(
    ("rule", "moment"), [("daily", "2026-12-02T06:30+00:00"), ("weekly", "2026-12-04T06:30+00:00")]
)
def test_the_rule_sends_once_at_its_hour(app: Flask, rule: str, moment: str) -> None:
    store({"NEWSLETTER": rule, "TIME_ZONE": "Europe/Berlin", "NEWSLETTER_ARTICLES": 2})
    with time_machine.travel(at(moment) - timedelta(hours=12)) as time:
        for name in ("One", "Two", "Three"):
            article, views = make_article(name), {"One": 5, "Two": 9, "Three": 1}[name]
            change = update(ArticleTotals).where(ArticleTotals.article_id == article.id)
            with transaction():
                db.session.execute(change.values(view_count=views))
        bring("lena@post.example")
        time.move_to(at(moment) - timedelta(hours=1))
        assert sending.make_due() == 0, "not yet"
        time.move_to(at(moment))
        assert sending.make_due() == 1
        assert sending.make_due() == 0, "and not again"
        run_through()
        (mail,) = db.session.scalars(select(OutgoingMail)).all()
        assert mail.recipient == "lena@post.example" and mail.subject.startswith("Standfirst: ")
        assert mail.text.count("http://localhost/") >= 2
        assert ("Three" in mail.text) == (rule == "daily"), "a week sends what was read most"
        time.move_to(at(moment) + timedelta(days=1 if rule == "daily" else 7))
        assert sending.make_due() == 0, "nothing new, nothing sent"


def test_a_rule_without_readers_or_on_another_day_sends_nothing(app: Flask) -> None:
    store({"NEWSLETTER": "weekly"})
    with time_machine.travel(at("2026-12-04T07:10+00:00")) as time:
        make_article("One")
        assert sending.make_due() == 0
        bring("lena@post.example")
        time.move_to(at("2026-12-05T07:10+00:00"))
        assert sending.make_due() == 0
        time.move_to(at("2026-12-11T13:10+00:00"))
        assert sending.make_due() == 0, "six hours late is too late"


def test_mail_that_was_refused_takes_the_address_off(vera: Staff) -> None:
    sent_out(vera, 2)
    sending.send_some()
    refused = update(OutgoingMail).where(OutgoingMail.recipient == "r0@post.example")
    words = "The server refused the address (550 5.1.1 no such user)."
    with transaction():
        db.session.execute(refused.values(state=MailState.failed, problem=words, done_at=clock.now()))
    run_through()
    assert (state("r0@post.example"), state("r1@post.example")) == ("bounced", "confirmed")
    assert (edition().sent, edition().failed) == (1, 1)


def test_the_moments_of_the_rule() -> None:
    zone = ZoneInfo("Europe/Berlin")

    def found(rule: str, moment: str) -> datetime | None:
        return due(rule, "friday", 7, zone, at(moment))

    assert found("daily", "2026-12-04T05:59+00:00") is None
    assert found("daily", "2026-12-04T06:00+00:00")
    assert found("weekly", "2026-12-03T06:00+00:00") is None
    assert found("weekly", "2026-07-03T05:00+00:00"), "in summer the hour comes earlier"
    assert found("by hand", "2026-12-04T06:00+00:00") is None
