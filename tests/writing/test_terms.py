"""Categories and tags are changed, and their old addresses lead on."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories import make_article, make_category, make_tag
from tests.staff import Staff
from webapp.database import db
from webapp.models import Category, Tag, article_tag

pytestmark = pytest.mark.both_databases


def leads(client: FlaskClient, path: str) -> tuple[int, str]:
    answer = client.get(path)
    return answer.status_code, answer.location or ""


def test_a_tag_is_renamed_and_back(editor: Staff, client: FlaskClient) -> None:
    tag = make_tag("Tides", slug="tides")
    make_article("Ice", tags=[tag])
    editor.get("/desk/tags")
    assert editor.post(f"/desk/tags/{tag.id}", {"name": "High & low", "slug": "tide"}).status_code == 303
    assert leads(client, "/tag/tides/") == (301, "/tag/tide/")
    assert "High &amp; low" in client.get("/tag/tide/").text
    assert editor.post(f"/desk/tags/{tag.id}", {"name": "Tides", "slug": "tides"}).status_code == 303
    assert client.get("/tag/tides/").status_code == 200
    assert leads(client, "/tag/tide/") == (301, "/tag/tides/")


def test_tags_are_merged_and_articles_keep_one(editor: Staff, client: FlaskClient) -> None:
    one, other = make_tag("Tide", slug="tide"), make_tag("Tides", slug="tides")
    both, first = make_article("Both", tags=[one, other]), make_article("First", tags=[one])
    editor.get("/desk/tags")
    nothing = editor.post(f"/desk/tags/{one.id}/merge", {"into": "Tide"})
    assert nothing.status_code == 422 and "no other tag called" in nothing.text
    assert editor.post(f"/desk/tags/{one.id}/merge", {"into": "tides"}).status_code == 303
    rows = {tuple(row) for row in db.session.execute(select(article_tag.c.article_id, article_tag.c.tag_id))}
    assert rows == {(both.id, other.id), (first.id, other.id)}
    assert leads(client, "/tag/tide/") == (301, "/tag/tides/")
    assert "First" in client.get("/tag/tides/").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": " "}, "has a name"),
        ({"name": "x" * 191}, "has a name"),
        ({"name": "Kelp", "slug": "kelp"}, "Another tag stands at /tag/kelp/"),
    ],
)
def test_a_bad_name_changes_nothing(editor: Staff, fields: dict[str, str], words: str) -> None:
    tag = make_tag("Tides", slug="tides")
    make_tag("Other", slug="kelp")
    editor.get("/desk/tags")
    answer = editor.post(f"/desk/tags/{tag.id}", fields)
    assert answer.status_code == 422 and words in answer.text
    db.session.expire_all()
    assert db.session.get_one(Tag, tag.id).name == "Tides"


def test_a_tag_is_deleted_and_its_articles_stay(editor: Staff, client: FlaskClient) -> None:
    tag = make_tag("Tides", slug="tides")
    article = make_article("Ice", tags=[tag])
    editor.get("/desk/tags")
    number = tag.id
    assert editor.post(f"/desk/tags/{number}/deletion").status_code == 303
    assert client.get(article.permalink).status_code == 200 and client.get("/tag/tides/").status_code == 404
    assert editor.post(f"/desk/tags/{number}/deletion").status_code == 404


def test_a_category_moves_with_those_below_it(editor: Staff, client: FlaskClient) -> None:
    sea = make_category("Sea", slug="sea")
    harbours = make_category("Harbours", slug="harbours", parent=sea)
    make_article("Ice", categories=[harbours])
    editor.get("/desk/categories")
    fields = {"name": "Coast", "slug": "coast", "is_on_front": "1", "is_in_feed": "1", "position": "3"}
    assert editor.post(f"/desk/categories/{sea.id}", fields).status_code == 303
    assert leads(client, "/category/sea/") == (301, "/category/coast/")
    assert leads(client, "/category/sea/harbours/")[0] == 301
    assert "Ice" in client.get("/category/coast/harbours/").text
    assert "Coast" in client.get("/").text
    for bad in ({"name": "X", "parent": str(harbours.id)}, {"name": "X", "slug": "harbours"}, {"name": ""}):
        assert editor.post(f"/desk/categories/{sea.id}", bad).status_code == 422
    made = editor.post("/desk/categories", {"name": "Night Sky", "parent": str(sea.id)})
    assert made.status_code == 303
    db.session.expire_all()
    assert (
        db.session.scalars(select(Category.path).where(Category.name == "Night Sky")).one()
        == "coast/night-sky"
    )
