"""Mail on its way: a server of our own that answers as real ones do, a process that dies, two that work at once."""

from __future__ import annotations

import smtplib
import socket
import threading
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
import time_machine
from flask import Flask

from tests.mailing.server import MailServer
from webapp import clock
from webapp.database import db, transaction
from webapp.mailing import actions, sending
from webapp.mailing.letters import Letter, Words
from webapp.models import MailState, OutgoingMail

LETTER = Letter("Grüße", (Words("Good morning, Zoë."),), stop_address="http://localhost/stop/x")


def queued(key: str = "one", recipient: str = "lena@post.example", letter: Letter = LETTER) -> bool:
    with transaction():
        return actions.queue_mail(key, recipient, letter)


def only() -> OutgoingMail:
    db.session.commit()
    db.session.expire_all()
    return db.session.scalars(db.select(OutgoingMail)).one()


@pytest.fixture
def server():
    with MailServer() as running:
        yield running


@pytest.fixture
def environment(environment, request):
    if "server" in request.fixturenames:
        running = request.getfixturevalue("server")
        environment |= {
            "STANDFIRST_SMTP_HOST": "127.0.0.1",
            "STANDFIRST_SMTP_PORT": str(running.port),
            "STANDFIRST_SMTP_SECURITY": "none",
        }
    return environment


@pytest.mark.both_databases
def test_a_mail_arrives_whole_and_once(server: MailServer, app: Flask) -> None:
    assert queued()
    assert not queued(), "the same thing is never mailed twice"
    assert sending.send_due() == 1
    assert sending.send_due() == 0
    sender, recipients, raw = server.received[0]
    assert (sender, recipients, len(server.received)) == ("desk@localhost", ["lena@post.example"], 1)
    mail = message_from_bytes(raw, policy=default)
    assert mail["Subject"] == "Grüße"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Zoë" in mail.get_body(("plain",)).get_content()
    assert "Zoë" in mail.get_body(("html",)).get_content()
    assert only().state == MailState.sent


def test_without_a_server_it_lies_in_the_instance(app: Flask) -> None:
    queued()
    sending.send_due()
    file = sending.folder() / f"{only().id}.eml"
    assert b"Good morning" in file.read_bytes()
    assert only().state == MailState.sent


def test_what_is_rolled_back_is_not_mailed(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        actions.queue_mail("one", "lena@post.example", LETTER)
        1 / 0  # noqa: B018
    assert sending.send_due() == 0


def test_a_busy_server_is_tried_again_later_and_later(server: MailServer, app: Flask) -> None:
    server.answers["DATA"] = "451 try again"
    queued()
    sending.send_due()
    assert (only().state, only().attempts) == (MailState.waiting, 1)
    assert "451" in only().problem
    assert sending.send_due() == 0, "not at once"
    del server.answers["DATA"]
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert sending.send_due() == 1
        assert only().state == MailState.sent


def test_it_gives_up_in_the_end(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_given: object, **_named: object) -> None:
        raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr(smtplib, "SMTP", away)
    monkeypatch.setitem(app.extensions["standfirst_settings"].values, "SMTP_HOST", "mail.example")
    queued()
    with time_machine.travel(clock.now(), tick=False) as clock_hand:
        for _ in range(len(actions.PAUSES) + 1):
            assert sending.send_due() == 1
            clock_hand.shift(timedelta(days=2))
        assert (only().state, sending.send_due()) == (MailState.failed, 0)


@pytest.mark.parametrize(("at", "answer"), [("RCPT", "550 no such user"), ("DATA", "554 spam")])
def test_a_refusal_is_final(server: MailServer, app: Flask, at: str, answer: str) -> None:
    server.answers[at] = answer
    queued()
    sending.send_due()
    assert only().state == MailState.failed
    assert answer.split(" ", 1)[1] in only().problem


def test_what_may_have_arrived_is_not_sent_again(server: MailServer, app: Flask) -> None:
    server.hangs_up_after_data = True
    queued()
    sending.send_due()
    assert only().state == MailState.unclear
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert sending.send_due() == 0


@pytest.mark.both_databases
def test_what_a_dead_process_was_sending_is_not_sent_again(app: Flask) -> None:
    queued()
    assert actions.claim() is not None
    assert sending.send_due() == 0, "another process is at it"
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        sending.send_due()
    assert only().state == MailState.unclear


@pytest.mark.both_databases
def test_two_processes_share_the_work(server: MailServer, app: Flask) -> None:
    for number in range(30):
        queued(f"mail {number}")
    tried: list[int] = []

    def work() -> None:
        with app.app_context():
            tried.append(sending.send_due())
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(tried) == 30
    assert len(server.received) == 30


@pytest.mark.both_databases
@pytest.mark.parametrize("subject", ["Hello\r\nBcc: all@post.example", "Hello\nX: y", "a\x00b\u202e"])
def test_nothing_gets_into_the_headers(server: MailServer, app: Flask, subject: str) -> None:
    queued(letter=Letter(subject, (Words("x"),)))
    sending.send_due()
    _, recipients, raw = server.received[0]
    mail = message_from_bytes(raw, policy=default)
    assert recipients == ["lena@post.example"]
    assert mail["Bcc"] is None
    assert mail["X"] is None


@pytest.mark.both_databases
def test_old_mail_is_deleted(app: Flask) -> None:
    queued()
    sending.send_due()
    queued("waits")
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert actions.purge_mail() == 1
        assert only().key == "waits"


def test_a_port_where_nobody_listens_is_tried_later(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    values = app.extensions["standfirst_settings"].values
    monkeypatch.setitem(values, "SMTP_HOST", "127.0.0.1")
    monkeypatch.setitem(values, "SMTP_PORT", port)
    queued()
    sending.send_due()
    assert only().state == MailState.waiting
    assert "cannot be reached" in only().problem
