"""Writers change or withdraw their own comments for a while; nobody else can, and the rules look again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from tests.commenting.talk import HTMX, comments_path, send, shown, stored
from tests.factories import make_comment
from tests.staff import Staff
from webapp import clock, settings
from webapp.models import Article, Comment, CommentStatus
from webapp.moderating import queue_queries

BOTH = pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
NEW = "The bell was on time, I take it back."


@pytest.fixture
def comment(client: FlaskClient, easy_article: Article) -> Comment:
    """Lena's, approved at once, a moment ago; `client` is her browser."""
    send(client, easy_article)
    return stored(easy_article)[0]


def edit(client: FlaskClient, comment: Comment, body: str | list[str] = NEW, *, htmx: bool = False):
    return client.post(f"/comments/{comment.id}/edit", data={"body": body}, headers=HTMX if htmx else {})


def withdraw(client: FlaskClient, comment: Comment, *, htmx: bool = False):
    return client.post(f"/comments/{comment.id}/withdrawal", headers=HTMX if htmx else {})


@pytest.mark.both_databases
def test_new_words_are_on_the_next_page_of_everybody(
    client: FlaskClient, easy_article: Article, comment: Comment
) -> None:
    answer = edit(client, comment)
    assert (answer.status_code, answer.location) == (303, f"{easy_article.permalink}#comment-{comment.id}")
    stranger = client.application.test_client().get(easy_article.permalink).text
    assert NEW in stranger
    assert "bell was late" not in stranger
    assert 'class="comment-edited"' in stranger
    assert stored(easy_article)[0].edited_at is not None


def test_with_htmx_the_comment_comes_back(client: FlaskClient, comment: Comment) -> None:
    form = client.get(f"/comments/{comment.id}/edit", headers=HTMX)
    assert form.text.strip().startswith("<div") and "The bell was late again." in form.text
    answer = edit(client, comment, htmx=True)
    assert answer.status_code == 200
    assert shown(answer.text) == [comment.id] and NEW in answer.text
    assert "autofocus" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_without_a_script_the_form_has_a_page_of_its_own(client: FlaskClient, comment: Comment) -> None:
    page = client.get(f"/comments/{comment.id}/edit")
    assert page.status_code == 200
    assert "The bell was late again." in page.text and "15 more minutes" in page.text
    assert '<meta name="robots" content="noindex">' in page.text
    assert client.get(f"/comments/{comment.id}").location.endswith(f"#comment-{comment.id}")


@pytest.mark.both_databases
@BOTH
def test_a_withdrawn_comment_is_gone_for_everybody(
    client: FlaskClient, easy_article: Article, comment: Comment, htmx: bool, ines: Staff
) -> None:
    answer = withdraw(client, comment, htmx=htmx)
    assert answer.status_code == (200 if htmx else 303)
    for browser in (client, client.application.test_client()):
        page = browser.get(easy_article.permalink).text
        assert "bell was late" not in page
        assert "0 comments" in page
    assert client.get(f"{comments_path(easy_article)}/{comment.id}").status_code == 404
    assert not any(queue_queries.counts().by_status.values())
    assert "bell was late" not in ines.get("/moderation?status=trashed").text
    log = re.sub(r"\s+", " ", ines.get("/moderation/log").text)
    assert "Its writer" in log and "withdrew" in log


@pytest.mark.parametrize("decision", ["approval", "hold", "spam", "trash"])
def test_nobody_can_bring_a_withdrawn_comment_back(
    client: FlaskClient, easy_article: Article, comment: Comment, decision: str, ines: Staff
) -> None:
    withdraw(client, comment)
    assert ines.decide(comment, decision, expected="trashed").status_code == 404
    assert stored(easy_article)[0].status == CommentStatus.trashed


def test_what_was_answered_keeps_its_place(
    client: FlaskClient, easy_article: Article, comment: Comment
) -> None:
    answer = make_comment(easy_article, parent=comment, body="Was it?")
    withdraw(client, comment)
    page = client.get(easy_article.permalink).text
    assert "This comment was withdrawn by its writer." in page
    assert shown(page) == [answer.id]


def test_the_rules_look_again(client: FlaskClient, easy_article: Article, comment: Comment) -> None:
    edit(client, comment, "See https://one.example/ and https://two.example/ and https://three.example/")
    assert stored(easy_article)[0].status == CommentStatus.held
    stranger = client.application.test_client().get(easy_article.permalink).text
    assert "one.example" not in stranger and "0 comments" in stranger
    assert "Awaiting moderation" in client.get(easy_article.permalink).text
    edit(client, comment)
    assert stored(easy_article)[0].status == CommentStatus.approved


def test_what_a_moderator_has_held_stays_held(
    client: FlaskClient, easy_article: Article, comment: Comment, ines: Staff
) -> None:
    ines.decide(comment, "hold", expected="approved")
    assert edit(client, comment).status_code == 303
    assert stored(easy_article)[0].status == CommentStatus.held
    assert stored(easy_article)[0].body_source == NEW


@BOTH
@pytest.mark.parametrize("decision", ["spam", "trash"])
def test_what_a_moderator_has_removed_cannot_be_changed_and_the_new_words_come_back(
    client: FlaskClient, easy_article: Article, comment: Comment, decision: str, htmx: bool, ines: Staff
) -> None:
    ines.decide(comment, decision, expected="approved")
    answer = edit(client, comment, htmx=htmx)
    assert answer.status_code == 409
    assert NEW in answer.text and "not there any more" in answer.text
    assert withdraw(client, comment).status_code == 404
    assert stored(easy_article)[0].body_source != NEW


@BOTH
def test_after_the_time_the_typed_text_comes_back_with_a_word(
    client: FlaskClient, easy_article: Article, comment: Comment, htmx: bool
) -> None:
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        page = client.get(easy_article.permalink).text
        assert "Change or withdraw" not in page
        assert client.get(f"/comments/{comment.id}/edit").status_code == 404
        answer = edit(client, comment, htmx=htmx)
        assert answer.status_code == 403
        assert NEW in answer.text and "That time is over" in answer.text
        assert withdraw(client, comment, htmx=htmx).status_code == 403
    assert stored(easy_article)[0].body_source != NEW


def test_it_can_be_switched_off(client: FlaskClient, easy_article: Article, comment: Comment) -> None:
    settings.store({"COMMENT_EDIT_MINUTES": 0})
    assert "Change or withdraw" not in client.get(easy_article.permalink).text
    assert edit(client, comment).status_code == 403


@BOTH
def test_nobody_else_can(client: FlaskClient, easy_article: Article, comment: Comment, htmx: bool) -> None:
    stranger = client.application.test_client()
    send(stranger, easy_article, name="Mo", email="mo@post.example", body="Hello from somebody else.")
    assert f"/comments/{comment.id}/edit" not in stranger.get(easy_article.permalink).text
    assert edit(stranger, comment, htmx=htmx).status_code == 404
    assert withdraw(stranger, comment, htmx=htmx).status_code == 404
    assert stranger.get(f"/comments/{comment.id}/edit").status_code == 404
    assert client.application.test_client().get(f"/comments/{comment.id}").status_code == 404
    assert stored(easy_article)[0].body_source != NEW


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "Please write something."),
        ("   ", "Please write something."),
        ("x" * 100_000, "characters"),
        (["one", "two"], "more than once"),
        ("<script></script>", "Nothing is left"),
    ],
)
def test_a_bad_text_comes_back_as_it_was_typed(
    client: FlaskClient, easy_article: Article, comment: Comment, body: str | list[str], words: str
) -> None:
    answer = edit(client, comment, body)
    assert answer.status_code == 422
    assert words in answer.text
    assert stored(easy_article)[0].body_source == "The bell was late again."


def test_markup_is_cleaned_as_ever(client: FlaskClient, easy_article: Article, comment: Comment) -> None:
    edit(client, comment, '<img src=x onerror=alert(1)><a href="javascript:alert(1)">here</a> <em>fine</em>')
    page = client.application.test_client().get(easy_article.permalink).text
    assert "onerror" not in page and "javascript:" not in page
    assert "<em>fine</em>" in page


def test_another_sites_form_changes_nothing(
    client: FlaskClient, easy_article: Article, comment: Comment
) -> None:
    for address in ("edit", "withdrawal"):
        answer = client.post(
            f"/comments/{comment.id}/{address}", data={"body": NEW}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 403
    assert stored(easy_article)[0].body_source != NEW
