"""The background process: does what is due, goes on after an error, is started again, ends with the server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from flask import Flask

from tests.test_serving import Running, lives, until
from webapp import cli, working
from webapp.database import db, transaction
from webapp.mailing import actions, sending
from webapp.mailing.letters import Letter
from webapp.models import MailState, OutgoingMail

LETTER = Letter("Hello", ())


def queued(key: str) -> None:
    with transaction():
        actions.queue_mail(key, "lena@post.example", LETTER)


def test_once_does_what_is_due(app: Flask) -> None:
    queued("one")
    result = app.test_cli_runner().invoke(cli.cli, ["work", "--once"], obj=app)
    assert (result.exit_code, "mail: 1" in result.output.splitlines()) == (0, True)
    assert (sending.folder() / "1.eml").exists()


def test_a_job_that_fails_does_not_end_the_others(app: Flask, caplog) -> None:
    def fails() -> int:
        raise ZeroDivisionError

    assert working._try(working.Job("broken", 1, fails)) == 0
    assert "broken failed" in caplog.text
    queued("one")
    assert working._try(working.Job("mail", 1, sending.send_due)) == 1


def test_it_works_until_it_is_told_to_stop(app: Flask, environment: dict[str, str]) -> None:
    queued("one")
    db.session.remove()
    process = subprocess.Popen([sys.executable, "-m", "webapp", "work"], env={**os.environ, **environment})
    try:
        until(
            lambda: (
                db.session.rollback() or db.session.scalar(db.select(OutgoingMail.state)) == MailState.sent
            )
        )
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()


def helper_of(process: int) -> int | None:
    found = subprocess.run(["pgrep", "-P", str(process), "-f", "webapp work"], capture_output=True, text=True)
    return next((int(line) for line in found.stdout.split()), None)


def test_the_server_starts_it_watches_it_and_ends_it(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("STANDFIRST_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("STANDFIRST_BUILD_PICTURES", "0")
    running = Running(tmp_path / "log", "--empty")
    try:
        first = until(lambda: helper_of(running.process.pid))
        os.kill(first, signal.SIGKILL)
        second = until(lambda: (found := helper_of(running.process.pid)) and found != first and found, 30)
        assert "standfirst work ended (-9) and is started again" in running.log.read_text()
        running.process.send_signal(signal.SIGHUP)
        third = until(lambda: (found := helper_of(running.process.pid)) and found != second and found, 30)
    finally:
        running.end()
    assert not lives(second) and not lives(third)
