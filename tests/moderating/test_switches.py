"""Switches for hot hours, and rules that are tried before they are saved."""

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
from tests.moderating.reading_back import status_of
from tests.staff import Staff
from webapp import clock
from webapp.database import db
from webapp.models import CommentStatus, Restriction
from webapp.settings import setting, store

HELD = CommentStatus.held


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


@pytest.mark.both_databases
def test_a_switch_for_a_section_holds_what_is_below_it(app: Flask, ines: Staff, client: FlaskClient) -> None:
    store({"COMMENT_HOLD_FIRST": False})
    sea = make_category("Sea", slug="sea")
    coast, other = make_category("Coast", slug="coast", parent=sea), make_category("Energy", slug="energy")
    hot, calm = make_article(categories=[coast]), make_article(categories=[other])
    fields = {"scope": "category", "which": "sea", "holds_all": "1", "slow": "0", "lasts": "3"}
    assert ines.post("/moderation/switches", fields).status_code == 303
    send(client, hot)
    send(client, calm, body="Elsewhere.")
    assert [stored(hot)[-1].status, stored(calm)[-1].status] == [HELD, "approved"]


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


def test_a_switch_takes_an_address_and_offers_what_there_is(ines: Staff) -> None:
    sea, storm = make_category("Sea", slug="sea"), make_tag("Storm watch", slug="storm-watch")
    article = make_article(headline="Boats stay in", categories=[sea], tags=[storm])
    make_comment(article, "All of them?")
    page = ines.get("/moderation/rules").text
    offered = re.search(r"<datalist.*?</datalist>", page, re.DOTALL)
    assert offered
    for slug, name in [
        (article.slug, "Article: Boats stay in"),
        ("sea", "Category: Sea"),
        ("storm-watch", "Tag: Storm watch"),
    ]:
        assert f'<option value="{slug}">{name}</option>' in offered[0]
    pasted = f"https://paper.example{article.permalink}?from=mail#comments"
    ines.post("/moderation/switches", {"scope": "article", "which": pasted, "slow": "60", "lasts": "1"})
    assert [row.article_id for row in db.session.scalars(db.select(Restriction))] == [article.id]
