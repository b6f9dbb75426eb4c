"""What moderators do besides deciding: filters, the commenter's drawer, lists, pin, close, reasons, switches, rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.commenting.talk import send, stored
from tests.factories import make_article, make_category, make_comment, make_tag
from tests.staff import Staff
from webapp import clock
from webapp.database import db
from webapp.models import BlockedNetwork, Comment, CommentStatus, OutgoingMail, Restriction
from webapp.settings import setting, store

HELD = CommentStatus.held


def rows(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<article id="comment-(\d+)" class="queue-row"', page)]


def status_of(comment: Comment) -> str:
    db.session.expire_all()
    return db.session.get_one(Comment, comment.id).status


@pytest.mark.both_databases
def test_filters_narrow_the_list(ines: Staff) -> None:
    sea = make_category("Sea")
    one, two = make_article(categories=[sea]), make_article()
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


@pytest.mark.both_databases
def test_a_switch_holds_for_its_time(app: Flask, ines: Staff, client: FlaskClient) -> None:
    store({"COMMENT_HOLD_FIRST": False})
    storm = make_tag("Storm watch", slug="storm-watch")
    hot, calm = make_article(tags=[storm]), make_article()
    fields = {
        "scope": "tag",
        "which": "storm-watch",
        "holds_all": "1",
        "slow": "0",
        "lasts": "3",
        "note": "Gale tonight",
    }
    assert ines.post("/moderation/switches", fields).status_code == 303
    assert "Every comment waits tagged Storm watch until" in ines.get("/moderation").text
    send(client, hot)
    send(client, calm, body="Elsewhere.")
    assert [stored(hot)[-1].status, stored(calm)[-1].status] == [HELD, "approved"]
    assert "Gale tonight" in stored(hot)[-1].verdicts[0]["reason"]
    with time_machine.travel(clock.now() + timedelta(hours=4)):
        send(client, hot, body="After the storm.")
    assert stored(hot)[-1].status == "approved"
    row = db.session.scalars(db.select(Restriction)).one()
    ines.post(f"/moderation/switches/{row.id}/end")
    assert "In force:" not in ines.get("/moderation").text


@pytest.mark.parametrize(
    "fields",
    [
        {"scope": "tag", "which": "nowhere", "holds_all": "1"},
        {"scope": "planet", "which": "1", "holds_all": "1"},
        {"scope": "site"},
        {"scope": "site", "holds_all": "1", "slow": "7"},
        {"scope": "site", "holds_all": "1", "lasts": "9999999"},
        {"scope": "article", "which": "9" * 100, "holds_all": "1"},
    ],
)
def test_a_switch_that_makes_no_sense_is_refused(ines: Staff, fields: dict[str, Any]) -> None:
    assert ines.post("/moderation/switches", fields).status_code == 422
    assert db.session.scalars(db.select(Restriction)).all() == []


def test_slow_mode_says_how_long_to_wait(app: Flask, ines: Staff, client: FlaskClient) -> None:
    store({"COMMENT_HOLD_FIRST": False})
    app.extensions["standfirst_settings"].values["COMMENT_FLOOD_SECONDS"] = 1
    article = make_article()
    ines.post(
        "/moderation/switches", {"scope": "article", "which": str(article.id), "slow": "300", "lasts": "1"}
    )
    send(client, article)
    with time_machine.travel(clock.now() + timedelta(seconds=30)):
        response = send(client, article, body="Again.")
    assert response.status_code == 429
    assert "one comment every 5 minutes" in response.text
    assert 260 < int(response.headers["Retry-After"]) <= 300


def form_of(page: str) -> dict[str, str]:
    """The rules as the form shows them."""
    numbers = re.findall(r'<input type="number" min="0" value="([^"]*)" id="(\w+)"', page)
    fields = {name: value for value, name in numbers}
    fields |= dict(re.findall(r'<textarea rows="4" id="(\w+)"[^>]*>([^<]*)</textarea>', page))
    fields |= dict.fromkeys(re.findall(r'<input type="checkbox" value="1" checked id="(\w+)"', page), "1")
    fields |= dict(re.findall(r'<select id="(\w+)".*?<option selected>(\w+)', page))
    return fields


@pytest.mark.both_databases
def test_a_rule_is_tried_and_then_saved(signed_in: Callable[..., Staff]) -> None:
    editor, article = signed_in(role="editor"), make_article()
    casino = make_comment(article, "A casino bonus for you.", verdicts=[])
    make_comment(article, "Well observed.", verdicts=[])
    fields = form_of(editor.get("/moderation/rules").text) | {
        "DISALLOWED_WORDS": "casino\r\n\r\n bonus code "
    }
    tried = editor.post("/moderation/rules", fields | {"dry": "1"})
    assert "Of the 2 comments of the last 90 days 1 would have fared otherwise:" in " ".join(
        tried.text.split()
    )
    assert "1 approved → spam" in tried.text
    assert "a disallowed word" in tried.text
    assert setting("DISALLOWED_WORDS") == []
    assert status_of(casino) == "approved"
    assert editor.post("/moderation/rules", fields).headers["Location"] == "/moderation/rules?saved=1"
    assert setting("DISALLOWED_WORDS") == ["casino", "bonus code"]
    assert status_of(casino) == "approved", "what was decided stays"


def test_a_wrong_value_is_said_and_nothing_is_saved(signed_in: Callable[..., Staff]) -> None:
    editor = signed_in(role="editor")
    fields = form_of(editor.get("/moderation/rules").text)
    bad = {"DUTY_HOURS": "always", "COMMENT_MAX_LINKS": "many", "MODERATION_WORDS": "kept"}
    response = editor.post("/moderation/rules", fields | bad)
    assert response.status_code == 422
    assert "2 values cannot be used" in response.text
    assert ">always</textarea>" in response.text
    assert setting("MODERATION_WORDS") == []


def test_moderators_read_the_rules_and_editors_change_them(ines: Staff) -> None:
    page = ines.get("/moderation/rules")
    assert "Editors may change these." in page.text
    assert ines.post("/moderation/rules", form_of(page.text)).status_code == 403


def test_what_is_not_there_is_said(ines: Staff) -> None:
    for part in ("commenter", "thread", "reply"):
        assert ines.get(f"/moderation/comments/999/{part}").status_code == 404
