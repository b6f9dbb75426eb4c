"""`standfirst account …`."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from tests.factories import make_account
from webapp.cli import cli
from webapp.database import db
from webapp.moderating import queries
from webapp.passwords import is_password

LONG = "a long enough one"


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    result = CliRunner().invoke(cli, ["account", *arguments], obj=app, input=typed)
    db.session.rollback()
    db.session.expire_all()
    return result


def found(email: str) -> Any:
    return queries.account_by_email(email)


@pytest.mark.both_databases
def test_an_account_is_made_with_a_password_from_a_pipe(app):
    result = run(
        app,
        *("create", "Ines@Desk.example", "--role", "editor", "--name", "Ines", "--password-stdin"),
        typed=f"{LONG}\nmore lines\n",
    )
    assert (result.exit_code, result.output) == (0, "ines@desk.example may now sign in as editor.\n")
    made = found("ines@desk.example")
    assert (made.role, made.name, made.is_disabled) == ("editor", "Ines", False)
    assert is_password(made.password_hash, LONG)


def test_a_terminal_asks_twice(app, monkeypatch):
    monkeypatch.setattr("webapp.moderating.commands._has_terminal", lambda: True)
    result = run(app, "create", "ines@desk.example", "--role", "admin", typed=f"{LONG}\n{LONG}\n")
    assert result.exit_code == 0
    assert LONG not in result.output
    assert is_password(found("ines@desk.example").password_hash, LONG)


def test_without_a_terminal_the_option_is_named(app):
    result = run(app, "create", "ines@desk.example", "--role", "admin", typed=LONG)
    assert result.exit_code == 2
    assert "--password-stdin" in result.output
    assert found("ines@desk.example") is None


@pytest.mark.parametrize(
    ("arguments", "typed", "words"),
    [
        (("teo@desk.example",), LONG, "There is an account teo@desk.example already."),
        (("TEO@desk.example",), LONG, "There is an account teo@desk.example already."),
        (("nobody",), LONG, "nobody is no e-mail address"),
        (("ines@desk.example",), "short\n", "The password needs at least 10 characters."),
        (("ines@desk.example",), "", "The password needs at least 10 characters."),
        (("ines@desk.example",), "x" * 1001, "1000 characters at most"),
        (("ines@desk.example", "--name", "x" * 246), LONG, "The name is longer than 245 characters."),
    ],
)
def test_what_cannot_be_made_is_said_and_changes_nothing(app, arguments, typed: str, words: str):
    make_account("teo@desk.example")
    result = run(app, "create", *arguments, "--role", "admin", "--password-stdin", typed=typed)
    assert result.exit_code == 1
    assert words in result.stderr
    assert "Traceback" not in result.output
    assert [one.email for one in queries.accounts()] == ["teo@desk.example"]


def test_an_unknown_role_is_wrong_usage(app):
    assert (
        run(app, "create", "ines@desk.example", "--role", "owner", "--password-stdin", typed=LONG).exit_code
        == 2
    )
    assert run(app, "create", "ines@desk.example", "--password-stdin", typed=LONG).exit_code == 2


def test_accounts_are_listed(app):
    make_account("teo@desk.example", is_disabled=True)
    make_account("ines@desk.example", role="admin", name="Ines")
    lines = run(app, "list").output.splitlines()
    assert [line.split()[:3] for line in lines] == [
        ["ines@desk.example", "admin", "active"],
        ["teo@desk.example", "moderator", "disabled"],
    ]


def test_an_empty_list_says_what_to_do(app):
    assert "account create" in run(app, "list").output


def test_disabling_keeps_out_and_enabling_lets_in(app, ines, open_browser):
    assert run(app, "disable", "INES@desk.example").exit_code == 0
    assert ines.get("/moderation").status_code == 302
    assert open_browser().sign_in("ines@desk.example").status_code == 422
    assert run(app, "enable", "ines@desk.example").exit_code == 0
    assert open_browser().sign_in("ines@desk.example").status_code == 303


def test_a_new_password_is_seen_at_once(app, ines, open_browser):
    result = run(app, "password", "ines@desk.example", "--password-stdin", typed=f"{LONG}\r\n")
    assert result.exit_code == 0
    assert ines.get("/moderation").status_code == 302
    assert open_browser().sign_in("ines@desk.example").status_code == 422
    assert open_browser().sign_in("ines@desk.example", LONG).status_code == 303


@pytest.mark.parametrize("command", ["disable", "enable", "password"])
def test_an_unknown_account_is_named(app, command: str):
    extra = ["--password-stdin"] if command == "password" else []
    result = run(app, command, "nobody@desk.example", *extra, typed=LONG)
    assert result.exit_code == 1
    assert "There is no account nobody@desk.example." in result.stderr
