"""The list of readers: brought, taken along, searched; and mail that came back."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient

from tests.staff import Staff
from tests.subscribing.conftest import bring, reader, state
from webapp import clock
from webapp.cli import cli
from webapp.database import db, transaction
from webapp.mailing.actions import queue_mail
from webapp.mailing.letters import Letter, Words
from webapp.mailing.sending import return_address
from webapp.models import OutgoingMail
from webapp.subscribing import actions, bounces, lists
from webapp.subscribing.rules import NotAList, read_list

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("newsletter")]
ADDRESS = "/desk/newsletter/readers"
LENA = "lena@post.example"


@pytest.fixture
def vera(signed_in: Callable[..., Staff]) -> Staff:
    one = signed_in("vera@desk.example", role="editor", name="Vera")
    one.get(ADDRESS)
    return one


def hand_in(vera: Staff, content: bytes, **more: str):
    file = (io.BytesIO(content), "list.csv")
    return vera.post(ADDRESS, {"list": file, "agreed": "1", **more})


def test_a_list_is_added_and_accounted_for(vera: Staff) -> None:
    bring("there@post.example", "gone@post.example", "dead@post.example")
    actions.stop("gone@post.example")
    actions.mark_bounced("dead@post.example", for_good=True, words="5.1.1")
    rows = (
        "Name;E-Mail;Since\r\nLena;Lena@Post.example;2024\r\nDouble;lena@post.example;2025\r\n"
        "There;there@post.example;\r\nGone;gone@post.example;\r\nDead;dead@post.example;\r\n"
        "Nobody;nothing here;\r\n<b>x</b>;<i>@;\r\n\r\n"
    )
    answer = hand_in(vera, rows.encode())
    assert answer.status_code == 200
    assert "1 new reader" in answer.text and "1 were there" in answer.text
    assert "1 had stopped" in answer.text and "1 stood there twice" in answer.text
    assert "Line 7" in answer.text and "&lt;b&gt;" in answer.text
    assert state("gone@post.example") == "stopped" and state("dead@post.example") == "bounced"
    one = reader(LENA)
    assert one and (one.state, one.origin) == ("confirmed", "list")
    assert "brought a list of readers" in vera.get("/moderation/log").text


@pytest.mark.parametrize(
    ("content", "more", "words"),
    [
        (b"", {}, "Choose a file"),
        (b"lena@post.example", {"agreed": ""}, "agreed to get"),
        (b"\x00\x01\x02 lena@post.example", {}, "no text file"),
        (b"one\ntwo\n", {}, "no e-mail address in this file"),
        (b"a\n" * 200_002, {}, "may have 200000 lines"),
    ],
)
def test_a_list_that_is_none_adds_nobody(
    vera: Staff, content: bytes, more: dict[str, str], words: str
) -> None:
    answer = hand_in(vera, content, **more)
    assert answer.status_code == 422 and words in answer.text
    assert lists.counts() == {}


def test_lists_in_other_shapes(app: Flask) -> None:
    assert read_list("\ufefflena@post.example\nzoë@post.example\n".encode()).emails == [
        LENA,
        "zoë@post.example",
    ]
    assert read_list(b'"Lena, L.",lena@post.example\n').emails == [LENA]
    assert read_list(b"email\tname\nlena@post.example\tLena\n").emails == [LENA]
    assert read_list("name,email\nJos\xe9,lena@post.example\n".encode("cp1252")).emails == [LENA]
    assert read_list(b"").emails == []
    with pytest.raises(NotAList):
        read_list(b'email\n"' + b"x" * 200_000)


def test_the_list_is_taken_along_after_the_password_and_comes_back(vera: Staff, app: Flask) -> None:
    bring(LENA, "=cmd|'x'!a1@post.example", "gone@post.example")
    actions.stop("gone@post.example")
    wrong = vera.post(f"{ADDRESS}/csv", {"your_password": "guess"})
    assert wrong.status_code == 422 and "not your password" in wrong.text
    answer = vera.post(f"{ADDRESS}/csv", {"your_password": "correct horse"})
    assert answer.mimetype == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    lines = answer.text.splitlines()
    assert lines[0] == "email,state,asked_at,confirmed_at,ended_at" and len(lines) == 4
    assert not any(line.startswith("=") for line in lines), "no spreadsheet takes an address for a formula"
    assert set(read_list(answer.data).emails) >= {LENA, "=cmd|'x'!a1@post.example"}
    assert "took along" in vera.get("/moderation/log").text


def test_addresses_are_found_by_state_and_beginning_and_taken_off(vera: Staff) -> None:
    bring(*(f"r{number:03}@post.example" for number in range(55)), "a%b@post.example")
    page = vera.get(ADDRESS).text
    assert "Older ones" in page and "r000@" not in page
    assert "r001@post.example" in vera.get(f"{ADDRESS}?q=R00").text
    found = vera.get(f"{ADDRESS}?q=a%25").text
    assert "a%b@post.example" in found and "r054@" not in found
    assert vera.get(f"{ADDRESS}?status=nonsense&before=x").status_code == 200
    one = reader("r010@post.example")
    assert one
    assert vera.post(f"{ADDRESS}/{one.id}/stop").status_code == 303
    assert state("r010@post.example") == "stopped"
    assert "r010@post.example" in vera.get(f"{ADDRESS}?status=stopped").text
    assert vera.post(f"{ADDRESS}/99999/stop").status_code == 404


def test_commands_bring_take_along_and_take_reports(app: Flask, tmp_path: Path, returned: str) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("zoe@post.example\nnothing\n")

    def run(*arguments: str, given: bytes = b"") -> Result:
        return CliRunner().invoke(cli, ["newsletter", *arguments], obj=app, input=given)

    assert run("import", str(source)).exit_code == 1 and state("zoe@post.example") is None
    done = run("import", str(source), "--agreed")
    assert "1 new" in done.output and "line 2: nothing" in done.output
    assert run("export", str(target)).exit_code == 0
    assert "zoe@post.example" in target.read_text() and target.stat().st_mode & 0o077 == 0
    assert run("export", str(target)).exit_code == 1, "nothing is overwritten"
    assert LENA in run("bounce", given=report(returned)).output and state(LENA) == "bounced"
    assert run("bounce", given=b"rubbish").exit_code == 0


REPORT = """\
From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; lena@post.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user

--b--
"""


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | {
        "STANDFIRST_BOUNCE_ADDRESS": "bounces@desk.example",
        "STANDFIRST_BOUNCE_SECRET": "seven quiet geese",
    }


def report(to: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    return REPORT.format(to=to, status=status, action=action).encode()


@pytest.fixture
def returned(app: Flask) -> str:
    """Where a mail to Lena comes back."""
    bring(LENA)
    with transaction():
        queue_mail("one", LENA, Letter("Hello", (Words("Hello."),)))
    return return_address(db.session.scalars(db.select(OutgoingMail)).one())


def test_a_report_about_a_mail_of_ours_takes_the_address_off(returned: str) -> None:
    assert returned.startswith("bounces+") and returned.endswith("@desk.example")
    outcome = bounces.take_message(report(returned))
    assert outcome.email == LENA and state(LENA) == "bounced"
    one = reader(LENA)
    assert one and "5.1.1" in one.problem


@pytest.mark.parametrize("change", ["no proof", "forged", "other site"])
def test_a_report_without_the_proof_does_nothing(returned: str, change: str) -> None:
    to = {
        "no proof": "bounces@desk.example",
        "forged": returned.split(".", maxsplit=1)[0] + ".0123456789abcdef@desk.example",
        "other site": returned.replace("desk.example", "evil.example"),
    }[change]
    assert bounces.take_message(report(to)).email == ""
    assert state(LENA) == "confirmed"


def test_a_full_mailbox_is_given_three_days(returned: str) -> None:
    for day in range(3):
        assert state(LENA) == "confirmed"
        with time_machine.travel(clock.now() + timedelta(days=day)):
            bounces.take_message(report(returned, "4.2.2"))
            bounces.take_message(report(returned, "5.2.2"))
    assert state(LENA) == "bounced"


def test_a_delay_is_no_bounce_and_rubbish_is_harmless(returned: str) -> None:
    bounces.take_message(report(returned, "4.4.1", "delayed"))
    assert bounces.take_message(b"\xff\xfe\x00 rubbish").email == ""
    one = reader(LENA)
    assert one and (one.state, one.bounces) == ("confirmed", 0)
    bounces.take_message(f"To: {returned}\n\nGone away.".encode())
    one = reader(LENA)
    assert one and (one.state, one.bounces) == ("confirmed", 1)


def test_a_mail_service_may_say_it_with_the_secret_alone(client: FlaskClient, returned: str) -> None:
    said = {"email": "LENA@post.example", "kind": "hard"}
    assert client.post("/newsletter/bounces", json=said).status_code == 401
    wrong = {"Authorization": "Bearer seven quiet gëese"}
    assert client.post("/newsletter/bounces", json=said, headers=wrong).status_code == 401
    right = {"Authorization": "Bearer seven quiet geese"}
    for odd in ({}, {"email": LENA}, {"email": 7, "kind": "hard"}, {"email": LENA, "kind": "odd"}, [1]):
        assert client.post("/newsletter/bounces", json=odd, headers=right).status_code == 422
    assert state(LENA) == "confirmed"
    assert client.post("/newsletter/bounces", json=said, headers=right).status_code == 200
    assert state(LENA) == "bounced"
    bring("zoe@post.example")
    complaint = {"email": "zoe@post.example", "kind": "complaint"}
    assert client.post("/newsletter/bounces", json=complaint, headers=right).status_code == 200
    assert state("zoe@post.example") == "stopped"
    raw = {**right, "Content-Type": "message/rfc822"}
    assert client.post("/newsletter/bounces", data=report(returned), headers=raw).status_code == 200
