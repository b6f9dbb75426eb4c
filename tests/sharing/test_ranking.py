"""Rankings are made once a minute in the background and read as one row; pages make them where nobody else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import make_article, make_category
from tests.statements import counted
from webapp import clock
from webapp.database import db
from webapp.models import VIEW, Article, Category, Status
from webapp.reading.rules import TRENDING_HOURS
from webapp.sharing.actions import add
from webapp.sharing.queries import trending
from webapp.sharing.ranking import rank

pytestmark = pytest.mark.both_databases


def viewed(article: Article, count: int) -> None:
    add(article.id, VIEW, clock.hour_of(clock.now()), count)
    db.session.commit()


def ranking(category: Category | None = None, hours: int = TRENDING_HOURS) -> list[int]:
    return [row.article_id for row in trending(hours, category)]


def test_a_ranking_is_read_in_one_statement_until_it_is_made_again(app: Flask) -> None:
    first, second = make_article("First"), make_article("Second")
    viewed(first, 5)
    assert rank() == 3, "a list of all articles for each window"
    viewed(second, 50)
    with counted() as statements:
        assert ranking() == [first.id]
    assert len(statements) == 1
    assert rank() == 0, "another process has just done so"
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        assert rank() == 2, "a month is ranked less often"
        assert ranking() == [second.id, first.id]


def test_without_the_background_process_pages_add_up_themselves(app: Flask) -> None:
    first, second = make_article("First"), make_article("Second")
    viewed(first, 5)
    assert ranking() == [first.id]
    rank()
    viewed(second, 50)
    with time_machine.travel(clock.now() + timedelta(minutes=4)):
        assert ranking() == [second.id, first.id]


def test_a_category_has_its_own_with_those_below_it(app: Flask) -> None:
    science = make_category("Science")
    physics = make_category("Physics", parent=science)
    empty = make_category("Empty")
    inside, outside = make_article("In", categories=[physics]), make_article("Out")
    viewed(inside, 5)
    viewed(outside, 9)
    assert rank() == 3 * 4
    assert ranking() == [outside.id, inside.id]
    assert ranking(science) == ranking(physics) == [inside.id]
    assert ranking(empty) == []


def test_what_was_taken_down_since_is_not_shown(client: FlaskClient) -> None:
    gone, stays = make_article("Taken down since"), make_article("Stays")
    viewed(gone, 9)
    viewed(stays, 5)
    rank()
    gone.status = Status.unpublished
    db.session.commit()
    page = client.get("/_fragments/trending").text
    assert "Stays" in page and "Taken down since" not in page


def test_each_window_has_a_ranking_and_an_address(client: FlaskClient) -> None:
    day, week, month = make_article("Of the day"), make_article("Of the week"), make_article("Of the month")
    now = clock.hour_of(clock.now())
    for article, hours in ((day, 2), (week, 3 * 24), (month, 20 * 24)):
        add(article.id, VIEW, now - hours, 5)
    db.session.commit()
    rank()
    assert ranking(hours=24) == [day.id]
    assert set(ranking(hours=7 * 24)) == {day.id, week.id}
    assert set(ranking(hours=30 * 24)) == {day.id, week.id, month.id}
    shown = {days: client.get(f"/trending?days={days}").text for days in ("1", "7", "30", "0", "x")}
    assert "Of the week" not in shown["1"] and "the last 24 hours" in shown["1"]
    assert "Of the month" not in shown["7"] and "Of the month" in shown["30"]
    assert shown["0"] == shown["x"] == client.get("/trending").text, "anything else is the usual week"
    with counted() as statements:
        client.get("/trending?days=30")
    with counted() as usual:
        client.get("/trending")
    assert len(statements) == len(usual)


def test_window_and_category_are_chosen_together(client: FlaskClient) -> None:
    make_category("Sea", slug="sea", is_in_feed=True)
    page = client.get("/trending?days=1&category=sea").text
    assert 'href="/trending?category=sea&amp;days=30"' in page and 'href="/trending?days=1"' in page
    assert 'href="/trending?category=sea"' in page
    assert "How far back" not in client.get("/_fragments/trending").text
