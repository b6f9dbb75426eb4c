"""Readers report a comment, once each; the newsroom alone sees why, and answers by keeping or removing it."""

from __future__ import annotations

import threading

import pytest
from flask.testing import FlaskClient

from tests.commenting.talk import HTMX, send, stored
from tests.factories import make_comment
from tests.staff import Staff
from webapp.commenting import flags
from webapp.database import db
from webapp.models import Article, Comment, CommentFlag, CommentStatus

BOTH = pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
SECRET = "She gives away where I live."


@pytest.fixture
def comment(easy_article: Article) -> Comment:
    return make_comment(easy_article, body="Harbour Street 4, third floor.")


def report(client: FlaskClient, comment: Comment, *, htmx: bool = False, **fields: str):
    data = {"reason": "privacy", "words": SECRET} | fields
    return client.post(f"/comments/{comment.id}/flag", data=data, headers=HTMX if htmx else {})


def flag_count(comment: Comment) -> tuple[int, int]:
    """The number at the comment, and how many flags there are."""
    db.session.commit()
    db.session.expire_all()
    rows = db.session.scalars(db.select(CommentFlag).where(CommentFlag.comment_id == comment.id)).all()
    return db.session.get_one(Comment, comment.id).flag_count, len(rows)


@pytest.mark.both_databases
@BOTH
def test_a_reader_reports_once(client: FlaskClient, comment: Comment, htmx: bool) -> None:
    form = client.get(f"/comments/{comment.id}/flag", headers=HTMX if htmx else {})
    assert form.status_code == 200 and "Insult or hatred" in form.text
    for _ in range(2):
        answer = report(client, comment, htmx=htmx)
        assert answer.status_code == 200
        assert "A moderator will look at it" in answer.text
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert flag_count(comment) == (1, 1)
    report(client.application.test_client(), comment, reason="spam", words="")
    assert flag_count(comment) == (2, 2)


def test_no_reader_sees_it(client: FlaskClient, easy_article: Article, comment: Comment) -> None:
    report(client, comment)
    for path in (easy_article.permalink, "/", "/feed/", "/comments/feed/", f"/comments/{comment.id}/flag"):
        for browser in (client, client.application.test_client()):
            assert SECRET not in browser.get(path).text


def test_the_newsroom_sees_why_and_keeps_it(client: FlaskClient, comment: Comment, ines: Staff) -> None:
    report(client, comment)
    page = ines.get("/moderation?status=flagged").text
    assert "1 flagged" in page
    assert f"Somebody’s private data: {SECRET}" in page
    assert "Keep" in page
    answer = ines.decide(comment, "approval", expected="flagged")
    assert answer.status_code == 303
    assert "0 flagged" in ines.get("/moderation?status=flagged").text
    assert flag_count(comment) == (0, 1)
    report(client, comment)
    assert flag_count(comment) == (0, 1), "the same reader is not heard twice"


def test_undo_brings_the_flags_back(client: FlaskClient, comment: Comment, ines: Staff) -> None:
    report(client, comment)
    ines.get("/moderation?status=flagged")
    answer = ines.decide(comment, "approval", expected="flagged", htmx=True)
    entry = answer.text.split("/moderation/entries/")[1].split("/")[0]
    ines.post(f"/moderation/entries/{entry}/undo")
    assert flag_count(comment) == (1, 1)
    assert "1 flagged" in ines.get("/moderation?status=flagged").text


@pytest.mark.parametrize("decision", ["trash", "spam", "hold"])
def test_what_is_removed_leaves_the_list(
    client: FlaskClient, easy_article: Article, comment: Comment, decision: str, ines: Staff
) -> None:
    report(client, comment)
    ines.get("/moderation?status=flagged")
    assert ines.decide(comment, decision, expected="flagged").status_code == 303
    assert "0 flagged" in ines.get("/moderation?status=flagged").text
    assert stored(easy_article)[0].status != CommentStatus.approved
    assert "third floor" not in client.application.test_client().get(easy_article.permalink).text


def test_the_own_comment_is_not_reported(client: FlaskClient, easy_article: Article) -> None:
    send(client, easy_article)
    own = stored(easy_article)[0]
    assert "data-flag" not in client.get(easy_article.permalink).text
    answer = report(client, own)
    assert answer.status_code == 409 and "your own comment" in answer.text
    assert flag_count(own) == (0, 0)


@BOTH
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": ""}, "choose a reason"),
        ({"reason": "because"}, "choose a reason"),
        ({"reason": "other", "words": "y" * 301}, "at most 300"),
        ({"reason": "other", "words": "z" * 100_000}, "at most 300"),
    ],
)
def test_a_bad_form_comes_back_as_typed(
    client: FlaskClient, comment: Comment, fields: dict[str, str], words: str, htmx: bool
) -> None:
    answer = report(client, comment, htmx=htmx, **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert (fields.get("words") or SECRET) in answer.text
    assert flag_count(comment) == (0, 0)


def test_words_are_words(client: FlaskClient, comment: Comment, ines: Staff) -> None:
    report(client, comment, words='<img src=x onerror="alert(1)">\x00\u202eevil')
    page = ines.get("/moderation?status=flagged").text
    assert "<img src=x" not in page and "\u202e" not in page


@pytest.mark.parametrize("status", [CommentStatus.held, CommentStatus.spam, CommentStatus.trashed])
def test_what_nobody_sees_cannot_be_reported(
    client: FlaskClient, easy_article: Article, status: CommentStatus
) -> None:
    hidden = make_comment(easy_article, status=status)
    assert client.get(f"/comments/{hidden.id}/flag").status_code == 404
    assert report(client, hidden).status_code == 404


def test_another_sites_form_reports_nothing(client: FlaskClient, comment: Comment) -> None:
    answer = client.post(
        f"/comments/{comment.id}/flag", data={"reason": "spam"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert flag_count(comment) == (0, 0)


@pytest.mark.both_databases
def test_many_readers_at_once_are_counted_exactly(app, comment: Comment) -> None:
    def one(number: int) -> None:
        with app.app_context():
            flags.keep_flag(comment.id, f"writer {number % 8}", "Off topic")

    threads = [threading.Thread(target=one, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert flag_count(comment) == (8, 8)
