"""The desk's search: by words and by addresses, the newest first, whatever an article's state."""

from __future__ import annotations

import re

import pytest

from tests.factories import make_article, make_comment
from tests.staff import Staff
from webapp.database import db, transaction
from webapp.models import Account, Article
from webapp.writing import queries

pytestmark = pytest.mark.both_databases


def found(desk: Staff, question: str, tab: str = "work") -> list[str]:
    page = desk.get(f"/desk/articles?tab={tab}&q={question}").text
    return re.findall(r'href="/desk/articles/\d+">\s*([^<]+?)\s*</a>', page)


def test_words_find_the_newest_first_in_any_state(editor: Staff) -> None:
    make_article("Zephyr one")
    make_article("Wind")
    make_article("Zephyr two", status="draft", published_at=None)
    make_article("Zephyr three", status="trashed")
    assert found(editor, "zephyr") == ["Zephyr two", "Zephyr one"]
    assert found(editor, "zephyr", "trash") == ["Zephyr three"]
    assert found(editor, "zephyr", "published") == ["Zephyr one"]
    assert found(editor, "kettle") == []


def test_an_address_finds_its_article_and_those_that_begin_so(editor: Staff) -> None:
    make_article("First", slug="harbour-walls")
    make_article("Second", slug="harbour-walls-again")
    make_article("Third", slug="harbour")
    make_article("Fourth", slug="harbour-zoo")
    assert found(editor, "harbour-walls") == ["Second", "First"]
    assert found(editor, "https://paper.example/2026/04/harbour-walls/") == ["Second", "First"]
    assert found(editor, "/harbour") == ["Third"]
    assert found(editor, "harbour-%25") == []


def test_a_beginning_finds_so_many_at_most(editor: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_BEGINNINGS", 2)
    for number in range(4):
        make_article(f"Number {number}", slug=f"ice-{number}")
    assert found(editor, "ice-") == ["Number 1", "Number 0"]


def test_mine_are_my_own_newest_first_and_counted(editor: Staff, author: Staff) -> None:
    editor.get("/desk/articles")
    mine = [make_article(f"Mine {number}").id for number in range(3)]
    make_article("Somebody's")
    with transaction():
        me = db.session.query(Account).filter_by(role="editor").one()
        for article in db.session.query(Article).filter(Article.id.in_(mine)):
            article.account_id = me.id
        db.session.get_one(Article, mine[1]).status = "trashed"
    assert found(editor, "", "mine") == ["Mine 2", "Mine 0"]
    page = editor.get("/desk/articles?tab=mine").text
    assert re.search(r"Mine <span class=\"desk-count\">2</span>", page)


def test_a_row_says_one_comment_and_two_comments(editor: Staff) -> None:
    article = make_article("Tides")
    make_comment(article)
    assert re.search(r"<b>0</b> views</a>.*>1 comment<", editor.get("/desk/articles").text, re.DOTALL)
    make_comment(article)
    assert ">2 comments<" in editor.get("/desk/articles").text
