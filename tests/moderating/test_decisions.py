"""Decisions on comments: one and many, plain and by HTMX, exact and logged."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.factories import make_account, make_article, make_comment
from tests.moderating.reading_back import comment_count, entries_of, status_of
from webapp.database import db
from webapp.models import CommentStatus, ModerationEntry
from webapp.moderating import actions
from webapp.moderating.actions import Decision

PATHS = {"approval": "approved", "hold": "held", "spam": "spam", "trash": "trashed"}


def undo_path(page: str) -> str:
    found = re.search(r'action="(/moderation/entries/\d+/undo|/moderation/undos)"', page)
    assert found, "there is no way back"
    return found[1]


@pytest.mark.both_databases
@pytest.mark.parametrize("decision", ["approval", "spam", "trash"])
def test_a_decision_is_made_logged_and_told(ines, decision: str):
    article = make_article()
    comment = make_comment(article, status="held", name="Marit")
    response = ines.decide(comment, decision)
    assert (response.status_code, response.location) == (303, "/moderation?status=held")
    assert status_of(comment) == PATHS[decision]
    assert comment_count(article) == (1 if decision == "approval" else 0)
    (entry,) = entries_of(comment)
    assert (entry.decision, entry.from_status, entry.to_status) == (decision, "held", PATHS[decision])
    assert entry.account_id is not None
    told = ines.get(response.location).text
    words = {"approval": "Approved the comment by Marit.", "spam": "Marked the comment by Marit as spam."}
    assert words.get(decision, "Trashed the comment by Marit.") in told
    assert "the comment by Marit." not in ines.get("/moderation?status=held").text


@pytest.mark.parametrize("status", ["spam", "trashed", "approved"])
def test_holding_restores(ines, status: str):
    article = make_article()
    comment = make_comment(article, status=status)
    assert ines.decide(comment, "hold", expected=status).status_code == 303
    assert status_of(comment) == "held"
    assert comment_count(article) == 0


def test_htmx_gets_all_that_has_changed(ines):
    comment, other = (
        make_comment(make_article(), status="held", name="Marit"),
        make_comment(make_article(), status="held"),
    )
    response = ines.decide(comment, "approval", htmx=True)
    assert response.status_code == 200
    page = response.text
    assert "<html" not in page
    assert "<title>(1) Held comments – Standfirst desk</title>" in page
    assert "Approved the comment by Marit." in page
    assert f'<div id="comment-{comment.id}" hidden>' in page
    assert f"comment-{other.id}" not in page
    assert "1 held, <em>about 1 min</em>" in page
    assert re.search(r'Approved <span class="desk-count">1</span>', page)
    assert '<b id="_nav_count" class="desk-count">1' in page
    assert response.headers["Cache-Control"] == "private, no-store"


def test_the_last_one_leaves_an_empty_list(ines):
    comment = make_comment(make_article(), status="held")
    page = ines.decide(comment, "trash", htmx=True).text
    assert "<title>Held comments" in page
    assert "Nothing waits for you." in page


def test_a_reply_survives_its_parent(ines):
    article = make_article()
    parent = make_comment(article)
    reply = make_comment(article, parent=parent)
    ines.decide(parent, "trash", expected="approved")
    assert status_of(reply) == "approved"
    assert comment_count(article) == 1


def test_mentions_are_not_counted(ines):
    article = make_article()
    mention = make_comment(article, status="held", kind="pingback")
    ines.decide(mention, "approval")
    assert status_of(mention) == "approved"
    assert comment_count(article) == 0


@pytest.mark.both_databases
def test_approving_twice_counts_once(ines):
    article = make_article()
    comment = make_comment(article, status="held")
    address = f"/moderation/comments/{comment.id}/approval"
    assert ines.post(address).status_code == 303
    assert ines.post(address).status_code == 303
    assert "1 comment was approved already." in ines.get("/moderation").text
    assert comment_count(article) == 1
    assert len(entries_of(comment)) == 1


@pytest.mark.parametrize("htmx", [False, True])
def test_whoever_comes_second_is_told_who_was_faster(ines, signed_in, htmx: bool):
    article = make_article()
    comment = make_comment(article, status="held", name="Lena")
    signed_in("teo@desk.example", name="Teo").decide(comment, "approval")
    response = ines.decide(comment, "trash", htmx=htmx)
    assert response.status_code == 409
    assert "Teo approved the comment by Lena" in response.text
    assert ("<html" in response.text) is not htmx
    assert (f'id="comment-{comment.id}"' in response.text) is htmx
    assert status_of(comment) == "approved"
    assert comment_count(article) == 1
    assert len(entries_of(comment)) == 1


@pytest.mark.parametrize("path", ["/moderation/comments/4711/approval", "/moderation/entries/4711/undo"])
@pytest.mark.parametrize("htmx", [False, True])
def test_unknown_ones_are_not_found(ines, path: str, htmx: bool):
    assert ines.post(path, htmx=htmx).status_code == 404


def test_numbers_that_no_database_takes_are_not_found(ines):
    for number in (2**31, 2**63, 10**40):
        assert ines.post(f"/moderation/comments/{number}/approval").status_code == 404
        assert ines.post(f"/moderation/entries/{number}/undo").status_code == 404


def test_an_unknown_expected_status_is_refused(ines):
    comment = make_comment(make_article(), status="held")
    assert ines.decide(comment, "approval", expected="pending").status_code == 422
    assert status_of(comment) == "held"


def test_decisions_are_not_made_by_links(ines):
    comment = make_comment(make_article(), status="held")
    assert ines.get(f"/moderation/comments/{comment.id}/approval").status_code == 405


@pytest.mark.both_databases
def test_many_are_decided_in_one_go(ines):
    articles = [make_article(), make_article()]
    comments = [make_comment(articles[number % 2], status="held") for number in range(5)]
    fields = {"decision": "approval", "comment": [str(one.id) for one in comments], "expected": "held"}
    response = ines.post("/moderation/decisions", fields)
    assert response.status_code == 303
    assert "Approved 5 comments." in ines.get(response.location).text
    assert [comment_count(article) for article in articles] == [3, 2]
    assert [len(entries_of(comment)) for comment in comments] == [1] * 5


def test_many_by_htmx_leave_the_list_and_come_back(ines):
    article = make_article()
    comments = [make_comment(article, status="held") for _ in range(3)]
    ids = [str(one.id) for one in comments]
    page = ines.post(
        "/moderation/decisions", {"decision": "spam", "comment": ids, "expected": "held"}, htmx=True
    ).text
    assert "Marked 3 comments as spam." in page
    for comment_id in ids:
        assert f'<div id="comment-{comment_id}" hidden>' in page
    entries = re.findall(r'name="entry" value="(\d+)"', page)
    back = ines.post(undo_path(page), {"entry": entries, "list": "held"}, htmx=True)
    assert "3 comments are where they were." in back.text
    assert [status_of(comment) for comment in comments] == ["held"] * 3
    assert [f'id="comment-{one}" class="queue-row"' in back.text for one in ids] == [True] * 3


def test_many_leave_out_what_others_have_decided(ines, signed_in):
    article = make_article()
    mine, theirs = make_comment(article, status="held"), make_comment(article, status="held", name="Lena")
    signed_in("teo@desk.example", name="Teo").decide(theirs, "spam")
    fields = {"decision": "approval", "comment": [mine.id, theirs.id], "expected": "held"}
    response = ines.post("/moderation/decisions", fields)
    assert response.status_code == 303
    assert (
        "Teo marked the comment by Lena as spam. Yours changed nothing there." in ines.get("/moderation").text
    )
    assert (status_of(mine), status_of(theirs)) == ("approved", "spam")
    assert ines.post("/moderation/decisions", fields).status_code == 409


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"decision": "approval"}, "Tick at least one comment."),
        ({"decision": "delete", "comment": ["1"]}, "Choose what to do"),
        ({"comment": ["1"]}, "Choose what to do"),
        ({"decision": "spam", "comment": ["1", "x"]}, "no number of a comment"),
        ({"decision": "spam", "comment": ["9" * 5000]}, "no number of a comment"),
        ({"decision": "spam", "comment": ["-1"]}, "no number of a comment"),
        ({"decision": "spam", "comment": ["1"] * 201}, "201 at once are too many; 200 are allowed."),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_what_cannot_be_decided_is_said(ines, fields: dict[str, Any], words: str, htmx: bool):
    response = ines.post("/moderation/decisions", fields, htmx=htmx)
    assert response.status_code == 422
    assert words in response.text
    assert ("<html" in response.text) is not htmx


def test_two_hundred_are_allowed(ines):
    comment = make_comment(make_article(), status="held")
    ids = [str(comment.id)] + [str(number) for number in range(1000, 1199)]
    response = ines.post("/moderation/decisions", {"decision": "approval", "comment": ids})
    assert response.status_code == 303
    assert "199 comments could not be found." in ines.get("/moderation").text
    assert status_of(comment) == "approved"


@pytest.mark.both_databases
@pytest.mark.parametrize("htmx", [False, True])
def test_undo_puts_back_what_a_decision_did(ines, htmx: bool):
    article = make_article()
    comment = make_comment(article, status="held", name="Marit")
    page = ines.get(ines.decide(comment, "approval").location).text
    response = ines.post(undo_path(page), {"list": "held", "next": "/moderation?status=held"}, htmx=htmx)
    assert response.status_code == (200 if htmx else 303)
    told = response.text if htmx else ines.get(response.location).text
    assert "Taken back: the comment by Marit is held again." in told
    assert f'id="comment-{comment.id}" class="queue-row"' in told
    assert status_of(comment) == "held"
    assert comment_count(article) == 0
    first, second = entries_of(comment)
    assert (second.decision, second.undoes_id, second.to_status) == ("undo", first.id, "held")


@pytest.mark.parametrize("htmx", [False, True])
def test_an_entry_is_undone_once(ines, htmx: bool):
    comment = make_comment(make_article(), status="held")
    path = undo_path(ines.get(ines.decide(comment, "trash").location).text)
    assert ines.post(path).status_code == 303
    again = ines.post(path, htmx=htmx)
    assert again.status_code == 409
    assert "Ines has taken this back already. Nothing was changed." in again.text
    assert status_of(comment) == "held"


def test_a_comment_that_moved_on_is_not_undone(ines, signed_in):
    comment = make_comment(make_article(), status="held")
    path = undo_path(ines.get(ines.decide(comment, "approval").location).text)
    teo = signed_in("teo@desk.example", name="Teo")
    teo.decide(comment, "spam", expected="approved")
    teo.decide(comment, "approval", expected="spam")
    # It is approved again, but not by this entry.
    response = ines.post(path)
    assert response.status_code == 409
    assert "Teo has decided on this comment since." in response.text
    assert status_of(comment) == "approved"


def test_an_undo_is_not_undone(ines):
    comment = make_comment(make_article(), status="held")
    ines.post(undo_path(ines.get(ines.decide(comment, "approval").location).text))
    response = ines.post(f"/moderation/entries/{entries_of(comment)[-1].id}/undo")
    assert response.status_code == 409
    assert "Only a decision can be taken back." in response.text


def test_undoing_many_is_all_or_none(ines, signed_in):
    article = make_article()
    comments = [make_comment(article, status="held") for _ in range(2)]
    for comment in comments:
        ines.decide(comment, "approval")
    entries = [entries_of(comment)[0].id for comment in comments]
    signed_in("teo@desk.example", name="Teo").decide(comments[1], "spam", expected="approved")
    assert ines.post("/moderation/undos", {"entry": entries}).status_code == 409
    assert [status_of(comment) for comment in comments] == ["approved", "spam"]
    assert ines.post("/moderation/undos", {"entry": [entries[0], "4711"]}).status_code == 404
    assert ines.post("/moderation/undos").status_code == 422


def test_an_undo_elsewhere_does_not_bring_a_row(ines):
    comment = make_comment(make_article(), status="held")
    ines.decide(comment, "spam")
    entry = entries_of(comment)[0]
    page = ines.post(f"/moderation/entries/{entry.id}/undo", {"list": "spam"}, htmx=True).text
    assert "queue-row" not in page
    assert "<title>Spam comments" in page


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", ""])
def test_after_a_decision_the_way_leads_to_this_site(ines, next_: str):
    comment = make_comment(make_article(), status="held")
    response = ines.post(f"/moderation/comments/{comment.id}/approval", {"next": next_})
    assert response.location == "/moderation"


def _at_once(app: Any, jobs: list[Any]) -> list[Any]:
    """Runs the jobs in threads that begin together, each in a context of its own; gives what they returned."""
    barrier, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(number: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                results[number] = jobs[number]()
            except actions.CannotUndo as error:
                results[number] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.both_databases
def test_of_two_moderators_at_once_one_decides(app):
    article = make_article()
    comments = [make_comment(article, status="held") for _ in range(8)]
    staff = [make_account(f"{name}@desk.example") for name in ("ines", "teo")]
    ids = [comment.id for comment in comments]
    db.session.commit()

    def approve(account: Any, order: list[int]) -> Any:
        return lambda: actions.decide(order, Decision.approval, by=account, expected="held")

    first, second = _at_once(app, [approve(staff[0], ids), approve(staff[1], ids[::-1])])
    assert len(first.changed) + len(second.changed) == 8
    assert len(first.taken) + len(second.taken) == 8
    assert comment_count(article) == 8
    assert db.session.scalar(select(func.count()).select_from(ModerationEntry)) == 8


@pytest.mark.both_databases
def test_many_single_decisions_at_once_count_exactly(app):
    article = make_article()
    comments = [make_comment(article, status="held") for _ in range(6)]
    account = make_account()
    db.session.commit()
    _at_once(
        app,
        [
            lambda one=one, by=account: actions.decide([one.id], Decision.approval, by=by)
            for one in comments
            for _ in range(2)
        ],
    )
    assert comment_count(article) == 6
    assert [len(entries_of(comment)) for comment in comments] == [1] * 6


@pytest.mark.both_databases
def test_of_two_undos_at_once_one_succeeds(app):
    article = make_article()
    comment, account = make_comment(article, status="held"), make_account()
    entry = actions.decide([comment.id], Decision.approval, by=account).changed[0].entry
    assert entry
    db.session.commit()
    results = _at_once(app, [lambda: actions.undo([entry.id], by=account)] * 2)
    assert sorted(isinstance(result, list) for result in results) == [False, True]
    assert comment_count(article) == 0
    assert status_of(comment) == CommentStatus.held
