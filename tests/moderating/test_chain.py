"""The log can be checked: a changed, missing or added entry shows, and so does one cut off its end."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, text, update

from tests.commenting.talk import send, stored
from tests.factories import make_account, make_article, make_comment
from webapp import cli
from webapp.database import db, transaction
from webapp.models import CommentStatus, ModerationEntry
from webapp.moderating import chain
from webapp.moderating.actions import Decision, decide, undo
from webapp.settings import store


def filled() -> list[int]:
    """A log of some decisions, one of them taken back; gives the ids of its entries."""
    account, article = make_account("ines@desk.example"), make_article()
    comments = [make_comment(article, f"Number {number}", status=CommentStatus.held) for number in range(5)]
    done = decide([comment.id for comment in comments], Decision.approval, by=account)
    entry = done.changed[0].entry
    assert entry
    undo([entry.id], by=account)
    return list(db.session.scalars(db.select(ModerationEntry.id).order_by(ModerationEntry.id)))


def run(app: Flask, *arguments: str):
    return app.test_cli_runner().invoke(cli.cli, ["log", "verify", *arguments], obj=app)


@pytest.mark.both_databases
def test_a_log_that_nobody_touched_holds(app: Flask) -> None:
    ids = filled()
    head = chain.head()
    result = run(app, "--head", head)
    assert (result.exit_code, len(ids)) == (0, 6)
    assert f"6 entries, each follows from the one before. Head: {head}" in result.output


@pytest.mark.parametrize(
    "change",
    [
        lambda ids: update(ModerationEntry).where(ModerationEntry.id == ids[2]).values(reason="Another."),
        lambda ids: update(ModerationEntry).where(ModerationEntry.id == ids[2]).values(account_id=None),
        lambda ids: delete(ModerationEntry).where(ModerationEntry.id == ids[2]),
        lambda ids: text("UPDATE moderation_entry SET created_at = '2020-01-01' WHERE id = 3"),
    ],
    ids=["reason", "account", "gone", "moment"],
)
def test_a_rewritten_log_shows(app: Flask, change) -> None:
    ids = filled()
    with transaction():
        db.session.execute(change(ids))
    result = run(app)
    assert result.exit_code == 1
    assert "The log is broken at entry" in result.output


def test_a_cut_off_end_shows_by_the_head_that_was_mailed(app: Flask) -> None:
    ids = filled()
    head = chain.head()
    with transaction():
        db.session.execute(delete(ModerationEntry).where(ModerationEntry.id >= ids[-1]))
    assert run(app).exit_code == 0
    result = run(app, "--head", head)
    assert (result.exit_code, "entries are missing" in result.output) == (1, True)


@pytest.mark.both_databases
def test_many_writers_make_one_chain(app: Flask) -> None:
    article = make_article()
    comments = [make_comment(article, f"Number {number}", status=CommentStatus.held) for number in range(24)]
    ids = [comment.id for comment in comments]
    account_id = make_account("ines@desk.example").id
    db.session.remove()

    def work(part: list[int]) -> None:
        from webapp.models import Account

        with app.app_context():
            for comment_id in part:
                decide([comment_id], Decision.approval, by=db.session.get_one(Account, account_id))
            db.session.remove()

    threads = [threading.Thread(target=work, args=(ids[number::4],)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = chain.verify()
    assert (found.entries, found.broken_at) == (24, None)


def test_the_log_names_nobody(client: FlaskClient, app: Flask) -> None:
    """So that erasing a person leaves it whole."""
    store({"BLOCKED_ADDRESSES": ["lena@post.example"]})
    article = make_article()
    send(client, article)
    assert "lena@post.example" in stored(article)[0].verdicts[0]["reason"]
    entry = db.session.scalars(db.select(ModerationEntry)).one()
    assert "lena" not in entry.reason.lower()
    assert "The address is blocked." in entry.reason


def test_rules_are_replayed_from_the_command_line(app: Flask) -> None:
    article = make_article()
    make_comment(article, "A casino bonus.", verdicts=[])
    run_rules = app.test_cli_runner().invoke
    result = run_rules(cli.cli, ["rules", "replay", "--set", "DISALLOWED_WORDS=casino, other"], obj=app)
    assert "approved → spam" in result.output
    assert "1 comment looked at, 1 would have fared otherwise." in result.output
    for bad in ("NOTHING=1", "COMMENT_MAX_LINKS", "COMMENT_MAX_LINKS=many", "PORT=1"):
        assert run_rules(cli.cli, ["rules", "replay", "--set", bad], obj=app).exit_code == 1
