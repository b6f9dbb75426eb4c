"""What staff decided on a writer's earlier comments, counted over so many of the newest."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import make_account, make_article, make_comment
from tests.statements import counted
from webapp import clock
from webapp.database import db, transaction
from webapp.models import Account, Comment, ModerationEntry
from webapp.moderating import actions, histories
from webapp.moderating.actions import Decision
from webapp.moderating.histories import histories_of, strips_of

pytestmark = pytest.mark.both_databases


def written(writer: str, count: int = 1, **fields) -> list[Comment]:
    """So many comments of a browser, a minute apart, the last one now."""
    article = make_article()
    return [
        make_comment(
            article,
            writer_hash=writer,
            created_at=clock.now() - timedelta(minutes=count - number),
            **{"status": "held", **fields},
        )
        for number in range(count)
    ]


def decide(comment: Comment, decision: Decision, by: Account) -> None:
    actions.decide([comment.id], decision, by=by)


def test_only_what_staff_decided_and_what_stands_counts(app) -> None:
    ines = make_account()
    good, bad, held, gone, untouched, pinned = written("a", 6)
    decide(good, Decision.approval, ines)
    decide(bad, Decision.spam, ines)
    decide(held, Decision.trash, ines)
    decide(held, Decision.hold, ines)
    decide(gone, Decision.trash, ines)
    with transaction():
        db.session.get_one(Comment, gone.id).is_withdrawn = True
        actions.record_change(db.session.get_one(Comment, untouched.id), "approved", "edit")
        one = db.session.get_one(Comment, pinned.id)
        one.status = "approved"
        actions.record_pin(one, is_pinned=True, account_id=ines.id)
    assert histories_of({"a", "b"}) == {"a": (2, 1)}
    assert strips_of({"a", "b"}, 14) == {"a": [False, True]}
    assert histories_of(set()) == {} and strips_of(set(), 14) == {}


def test_the_database_marks_whatever_writes_a_decision(app) -> None:
    ines = make_account()
    (comment, by_nobody) = written("a", 2, status="spam")
    entry = {"from_status": "held", "to_status": "spam", "decision": "spam", "created_at": clock.now()}
    with transaction():
        db.session.add(ModerationEntry(comment_id=comment.id, account_id=ines.id, **entry))
        db.session.add(ModerationEntry(comment_id=by_nobody.id, account_id=None, **entry))
    db.session.expire_all()
    assert db.session.get_one(Comment, comment.id).is_decided
    assert not db.session.get_one(Comment, by_nobody.id).is_decided


def test_an_undone_decision_is_read_as_what_stands_now(app) -> None:
    ines = make_account()
    (comment,) = written("a", status="approved")
    outcome = actions.decide([comment.id], Decision.spam, by=ines)
    assert histories_of({"a"}) == {"a": (1, 1)}
    entry = outcome.changed[0].entry
    assert entry
    actions.undo([entry.id], by=ines)
    assert histories_of({"a"}) == {"a": (1, 0)}


def test_of_much_the_newest_is_counted_for_each_writer_alone(app, monkeypatch) -> None:
    monkeypatch.setattr(histories, "MOST_DECIDED", 3)
    ines = make_account()
    many, few = written("many", 5), written("few", 2)
    for number, comment in enumerate(many):
        decide(comment, Decision.spam if number in (0, 1, 4) else Decision.approval, ines)
    for comment in few:
        decide(comment, Decision.spam, ines)
    assert histories_of({"many", "few"}) == {"many": (3, 1), "few": (2, 2)}
    assert strips_of({"many", "few"}, 4) == {"many": [True, False, False, True], "few": [True, True]}
    assert strips_of({"many"}, 1) == {"many": [True]}


def test_of_the_same_moment_no_more_than_asked_for(app, monkeypatch) -> None:
    monkeypatch.setattr(histories, "MOST_DECIDED", 2)
    ines = make_account()
    article, moment = make_article(), clock.now()
    for _ in range(4):
        decide(make_comment(article, status="held", writer_hash="a", created_at=moment), Decision.spam, ines)
    assert histories_of({"a"}) == {"a": (2, 2)}
    assert strips_of({"a"}, 2) == {"a": [True, True]}


def test_a_row_of_the_queue_says_that_the_newest_were_counted(ines, monkeypatch) -> None:
    from webapp.moderating import queue_queries

    for module in (histories, queue_queries):
        monkeypatch.setattr(module, "MOST_DECIDED", 2)
    moderator = make_account("olu@desk.example")
    for comment in written("a", 3):
        decide(comment, Decision.spam, moderator)
    written("a")
    assert "2 of the last 2 rejected, 100 %" in ines.get("/moderation").text


def test_the_queue_takes_as_many_statements_for_many_writers_as_for_one(ines) -> None:
    def statements() -> int:
        ines.get("/moderation")
        with counted() as sent:
            ines.get("/moderation")
        return len(sent)

    written("a")
    one = statements()
    for number in range(4):
        written(f"other {number}", 2)
    assert statements() == one
