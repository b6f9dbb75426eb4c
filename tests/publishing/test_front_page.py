"""Editors choose what leads the front page; what they leave alone fills itself."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.factories import make_article
from tests.staff import Staff
from webapp import clock
from webapp.database import db, transaction
from webapp.models import Article, Status

PINS, UNPINS = "/desk/front/pins", "/desk/front/unpins"


@pytest.fixture
def editor(signed_in) -> Staff:
    return signed_in(role="editor")


def paper(count: int = 6) -> list[Article]:
    """Articles named A, B, C …, the newest first."""
    return [
        make_article(
            chr(65 + number), slug=f"a{number}", published_at=clock.now() - timedelta(hours=number + 1)
        )
        for number in range(count)
    ]


def on_top(editor: Staff) -> list[str]:
    """The headlines of the lead and the two below it, as a reader finds them."""
    page = editor.get("/").text
    return re.findall(r'<h[23][^>]*>\s*<a href="/a\d/">(\w)</a>', page)[:3]


@pytest.mark.both_databases
def test_a_pin_leads_until_it_is_let_go(editor):
    articles = paper()
    assert on_top(editor) == ["A", "B", "C"]
    assert editor.post(PINS, {"article": articles[4].id, "place": "1"}).location == "/desk/front"
    assert "Lead: “E” is pinned." in editor.get("/desk/front").text
    assert on_top(editor) == ["E", "A", "B"]
    editor.post(PINS, {"article": articles[5].id, "place": "3"})
    assert on_top(editor) == ["E", "A", "F"]
    editor.post(UNPINS, {"place": "1"})
    assert "filled by itself again" in editor.get("/desk/front").text
    assert on_top(editor) == ["A", "B", "F"]


@pytest.mark.both_databases
def test_a_place_holds_one_article_and_an_article_one_place(editor):
    articles = paper()
    for article, place in ((articles[3], 1), (articles[4], 1), (articles[4], 2)):
        assert editor.post(PINS, {"article": article.id, "place": place}).status_code == 303
    assert on_top(editor) == ["A", "E", "B"]


def test_a_pin_never_shows_what_readers_may_not_see(editor):
    articles = paper()
    draft = make_article("Draft", status=Status.draft)
    locked = make_article("Locked", password="open sesame")
    for hidden in (draft, locked):
        assert editor.post(PINS, {"article": hidden.id, "place": "1"}).status_code == 404
    editor.post(PINS, {"article": articles[4].id, "place": "1"})
    with transaction():
        db.session.get_one(Article, articles[4].id).status = Status.unpublished
    assert on_top(editor) == ["A", "B", "C"]
    assert editor.get("/desk/front").status_code == 200


@pytest.mark.parametrize("place", ["0", "4", "-1", "lead", "", "99999999999999999999"])
def test_there_are_three_places(editor, place):
    article = paper(1)[0]
    for address in (PINS, UNPINS):
        assert editor.post(address, {"article": article.id, "place": place}).status_code == 422


@pytest.mark.parametrize("article", ["", "x", "0", "99999999", "99999999999999999999"])
def test_an_unknown_article_changes_nothing(editor, article):
    paper(2)
    assert editor.post(PINS, {"article": article, "place": "1"}).status_code == 404
    assert on_top(editor) == ["A", "B"]


def test_the_page_finds_articles_to_pin(editor):
    assert "Nothing has been published yet" in editor.get("/desk/front").text
    paper()
    make_article("A kettle on the boil")
    assert "A kettle on the boil" in editor.get("/desk/front?q=kettle").text
    assert "No article that readers can see" in editor.get("/desk/front?q=%22%3Cb%3Exyz").text
    assert "<b>xyz" not in editor.get("/desk/front?q=%22%3Cb%3Exyz").text
    assert editor.get("/desk/front?q=" + "x" * 5000).status_code == 200


def test_moderators_do_not_choose(signed_in):
    moderator = signed_in()
    assert moderator.get("/desk/front").status_code == 403
    assert moderator.post(PINS, {"article": "1", "place": "1"}).status_code == 403
