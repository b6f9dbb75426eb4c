"""What moderators do besides deciding: filters, the commenter's drawer, lists, pin, close, reasons."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.commenting.talk import send, stored
from tests.factories import make_article, make_category, make_comment
from tests.moderating.reading_back import entries_of, status_of
from tests.staff import Staff
from webapp import clock
from webapp.database import db
from webapp.models import BlockedNetwork, Comment, CommentStatus, OutgoingMail
from webapp.settings import setting, store

HELD = CommentStatus.held


def rows(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<article id="comment-(\d+)" class="queue-row"', page)]


@pytest.mark.both_databases
def test_filters_narrow_the_list(ines: Staff) -> None:
    sea = make_category("Sea")
    one, two = make_article(categories=[make_category("Coast", parent=sea)]), make_article()
    links = [{"rule": "links", "status": "held", "reason": "2 links."}]
    first = make_comment(one, "First.", status=HELD, verdicts=links, band=2, score=93)
    second = make_comment(
        two, "Second.", status=HELD, created_at=clock.now() - timedelta(days=2), band=0, score=3
    )
    assert rows(ines.get("/moderation").text) == [second.id, first.id], "likely fine first"
    assert rows(ines.get("/moderation?order=newest").text) == [first.id, second.id]
    for question, found in {
        f"article={two.id}": [second.id],
        f"category={sea.id}": [first.id],
        "rule=links": [first.id],
        "rule=link": [],
        "hours=24": [first.id],
        "band=0": [second.id],
        "band=0&rule=links": [],
        "article=x&category=-1&hours=7&band=9&rule=%25": [],
        "q=Second": [second.id],
    }.items():
        assert rows(ines.get(f"/moderation?{question}").text) == found, question


def test_the_order_goes_on_over_pages(ines: Staff) -> None:
    article = make_article()
    for number in range(55):
        make_comment(
            article,
            f"Number {number}",
            status=HELD,
            band=number % 3,
            created_at=clock.now() - timedelta(hours=number),
        )
    page = ines.get("/moderation").text
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older
    both = rows(page) + rows(ines.get(older[1].replace("&amp;", "&")).text)
    assert len(both) == len(set(both)) == 55
    bands = [db.session.get_one(Comment, number).band for number in both]
    assert bands == sorted(bands)


def test_my_own_decisions(ines: Staff, signed_in: Callable[..., Staff]) -> None:
    article = make_article()
    mine, others = make_comment(article, "Mine.", status=HELD), make_comment(article, "Others.", status=HELD)
    ines.decide(mine, "approval")
    signed_in("teo@desk.example").decide(others, "approval")
    assert rows(ines.get("/moderation?status=mine").text) == [mine.id]


def test_the_drawer_says_what_is_known(ines: Staff) -> None:
    article = make_article()
    waiting = make_comment(
        article, "Now.", status=HELD, name="Tomas", email="tomas@kran.example", writer_hash="w"
    )
    for number in range(4):
        past = make_comment(article, f"Past {number}", status=HELD, name="Tomas", writer_hash="w")
        ines.decide(past, "trash" if number == 0 else "approval")
    page = ines.get(f"/moderation/comments/{waiting.id}/commenter").text
    assert "<b>25 %</b> 1 rejected, 3 approved." in page
    assert "Past 3" in page
    assert "tomas@kran.example" in page
    queue = ines.get("/moderation").text
    assert "1 of 4 rejected, 25 %" in queue


def test_an_address_goes_on_a_list_and_off_again(app: Flask, ines: Staff, client: FlaskClient) -> None:
    store({"COMMENT_HOLD_FIRST": False})
    article = make_article()
    comment = make_comment(article, status=HELD, email="kim@post.example")
    path = f"/moderation/comments/{comment.id}/listing"
    assert 'aria-pressed="true"' in ines.post(path, {"list": "held"}, htmx=True).text
    send(client, article, email="kim@post.example")
    assert (stored(article)[-1].status, stored(article)[-1].verdicts[0]["rule"]) == (HELD, "hold_list")
    ines.post(path, {"list": "held"})
    assert setting("HELD_ADDRESSES") == []
    assert ines.post(path, {"list": "none"}).status_code == 422


@pytest.mark.both_databases
def test_a_network_is_blocked_from_its_own_day_on(
    app: Flask, signed_in: Callable[..., Staff], client: FlaskClient
) -> None:
    store({"COMMENT_HOLD_FIRST": False})
    editor, article = signed_in(role="editor"), make_article()
    send(client, article)
    path = f"/moderation/comments/{stored(article)[0].id}/network-block"
    assert editor.post(path).status_code == 200
    send(app.test_client(), article, body="From next door.")
    assert (stored(article)[-1].status, stored(article)[-1].verdicts[0]["rule"]) == ("spam", "blocked")
    with time_machine.travel(clock.now() + timedelta(days=3)):
        send(app.test_client(), article, body="Days later.")
        assert stored(article)[-1].status == "spam", "the lasting hash was learnt"
    assert db.session.scalars(db.select(BlockedNetwork)).one().lasting_hash


def test_a_moderator_cannot_block_networks(ines: Staff) -> None:
    comment = make_comment(make_article(), network_hash="x")
    assert ines.post(f"/moderation/comments/{comment.id}/network-block").status_code == 403


def test_everything_by_one_commenter_is_rejected_with_the_name_typed(ines: Staff) -> None:
    article = make_article()
    first = make_comment(article, "One.", name="Best Offers", writer_hash="w")
    second = make_comment(article, "Two.", status=HELD, name="Best Offers", writer_hash="w")
    other = make_comment(article, "Three.", name="Best Offers", writer_hash="other")
    path = f"/moderation/comments/{second.id}/rejections"
    wrong = ines.post(path, {"name": "best offers"}, htmx=True)
    assert (wrong.status_code, status_of(first)) == (422, "approved")
    assert (
        "2 comments by Best Offers are in the trash"
        in ines.post(path, {"name": "Best Offers"}, htmx=True).text
    )
    assert [status_of(one) for one in (first, second, other)] == ["trashed", "trashed", "approved"]


def test_the_last_decisions_on_a_commenter_are_drawn(ines: Staff) -> None:
    article = make_article()
    earlier = [make_comment(article, f"Number {n}.", writer_hash="w" * 32, status=HELD) for n in range(3)]
    for comment, verb in zip(earlier, ("approval", "trash", "approval"), strict=True):
        ines.post("/moderation/decisions", {"decision": verb, "comment": comment.id})
    make_comment(article, "The newest.", writer_hash="w" * 32, status=HELD)
    page = ines.get("/moderation").text
    assert re.findall(r'<rect class="strip-(\w+)"', page) == ["up", "down", "up"]
    assert "1 of 3 rejected" in page


def test_one_comment_stands_above_the_others(ines: Staff, client: FlaskClient) -> None:
    article = make_article()
    first, second = make_comment(article, "First."), make_comment(article, "Second.")
    waiting = make_comment(article, "Waits.", status=HELD)
    assert "Pinned by the newsroom" not in client.get(article.permalink).text
    ines.post(f"/moderation/comments/{first.id}/pin", htmx=True)
    ines.post(f"/moderation/comments/{second.id}/pin", htmx=True)
    page = client.get(article.permalink).text
    assert page.count("Pinned by the newsroom</p>") == 1
    assert "Second." in page[page.index("Pinned by") :][:600]
    ines.post(f"/moderation/comments/{second.id}/pin")
    ines.post(f"/moderation/comments/{second.id}/pin")
    assert [entry.decision for entry in entries_of(second)] == ["pin", "unpin", "pin"]
    log = " ".join(ines.get("/moderation/log").text.split())
    assert "above its discussion" in log and "down from above its discussion" in log
    assert ines.post(f"/moderation/comments/{waiting.id}/pin").status_code == 409
    ines.decide(second, "trash", expected="approved")
    assert "Pinned by the newsroom" not in client.get(article.permalink).text


def test_a_discussion_is_closed_and_opened(ines: Staff, client: FlaskClient) -> None:
    article = make_article()
    comment = make_comment(article)
    path = f"/moderation/articles/{article.id}/closing"
    assert "is closed" in ines.post(path, htmx=True).text
    assert "The newsroom has closed this discussion." in client.get(article.permalink).text
    assert "is open again" in ines.post(path, htmx=True).text
    assert db.session.get_one(Comment, comment.id).status == "approved"


def test_a_writer_is_told_why_once(ines: Staff) -> None:
    comment = make_comment(make_article(), "Buy this.", status=HELD, name="Pavel", email="pavel@post.example")
    path = f"/moderation/comments/{comment.id}/reason"
    assert ines.post(path, {"reason": "advertising"}).status_code == 409
    toast = ines.decide(comment, "trash", htmx=True).text
    assert "Tell the writer why:" in toast
    assert "Pavel is told: advertising." in ines.post(path, {"reason": "advertising"}, htmx=True).text
    assert "has been told already" in ines.post(path, {"reason": "personal"}, htmx=True).text
    mail = db.session.scalars(db.select(OutgoingMail)).one()
    assert "because it advertises something." in " ".join(mail.text.split())
    assert mail.recipient == "pavel@post.example"
    assert ines.post(path, {"reason": "none"}).status_code == 422


def test_a_reply_from_the_queue_approves_and_answers_once(ines: Staff, client: FlaskClient) -> None:
    article = make_article()
    comment = make_comment(article, "Is it open?", status=HELD)
    path = f"/moderation/comments/{comment.id}/reply"
    assert ines.post(path, {"body": " "}, htmx=True).status_code == 422
    assert status_of(comment) == HELD
    for _ in range(2):
        answer = ines.post(path, {"body": "From ten to six.", "form_key": "k"}, htmx=True)
        assert "Your reply to Hana stands in the discussion." in answer.text
    page = client.get(article.permalink).text
    assert page.count("From ten to six.") == 1
    assert "badge--staff" in page
    assert status_of(comment) == "approved"


def test_what_others_decide_leaves_the_queue(ines: Staff, signed_in: Callable[..., Staff]) -> None:
    article = make_article()
    first, second = make_comment(article, "One.", status=HELD), make_comment(article, "Two.", status=HELD)
    signed_in("teo@desk.example", name="Teo").decide(first, "approval")
    page = ines.get(f"/moderation/changes?after=0&status=held&shown={first.id},{second.id}").text
    assert "Teo approved the comment by Hana" in page
    assert f"#comment-{second.id}" not in page
    after = re.search(r'data-after="(\d+)"', page)
    assert after
    again = ines.get(f"/moderation/changes?after={after[1]}&status=held&shown={first.id},{second.id}").text
    assert "Teo approved" not in again
    assert ines.get("/moderation/changes?after=x&shown=a,,-1&status=%00").status_code == 200


def test_what_is_not_there_is_said(ines: Staff) -> None:
    for part in ("commenter", "thread", "reply"):
        assert ines.get(f"/moderation/comments/999/{part}").status_code == 404
