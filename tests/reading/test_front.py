"""The front page is good with any content and shows nothing that readers may not see."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from tests.factories import at, make_article, make_author, make_category, make_media
from tests.statements import counted
from webapp import clock
from webapp.models import Kind, Status
from webapp.settings import store

ONE_HOUR = timedelta(hours=1)


def page(client: FlaskClient) -> str:
    response = client.get("/")
    assert response.status_code == 200
    text = response.get_data(as_text=True)
    assert text.count("<h1") == 1
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    return text


def test_an_empty_paper_says_so(client: FlaskClient) -> None:
    text = page(client)
    assert "Nothing has been published yet" in text
    assert "<section" not in text and 'class="rail"' not in text


def test_one_article_stands_once(client: FlaskClient) -> None:
    make_article("Alone", slug="alone", categories=[make_category("Sea")])
    text = page(client)
    assert text.count('href="/alone/"') == 1
    assert 'class="rail"' not in text


@pytest.mark.parametrize("count", [3, 40])
def test_a_fuller_paper_has_a_lead_and_sections(client: FlaskClient, count: int) -> None:
    sections = [make_category(name) for name in ("Sea", "Energy", "Culture")]
    for number in range(count):
        make_article(
            f"Number {number}",
            published_at=clock.now() - number * ONE_HOUR,
            categories=[sections[number % 3]],
        )
    text = page(client)
    assert "Number 0" in text
    assert ('class="rail"' in text) == (count > 3)
    assert all(f"All from {one.name}" in text for one in sections) == (count > 3)


def test_what_readers_may_not_see_is_not_there(client: FlaskClient) -> None:
    make_article("Shown")
    make_article("Secret draft", status=Status.draft)
    make_article("Secret private", status=Status.private)
    make_article("Secret future", published_at=clock.now() + ONE_HOUR)
    make_article("Secret locked", password="tide")
    make_article("Secret page", kind=Kind.page)
    assert "Secret" not in page(client)


def test_a_scheduled_article_appears_when_its_time_has_come(client: FlaskClient) -> None:
    make_article("Tomorrow's tide", status=Status.scheduled, published_at=clock.now() + ONE_HOUR)
    assert "Tomorrow" not in page(client)
    with time_machine.travel(clock.now() + 2 * ONE_HOUR):
        assert "Tomorrow" in page(client)


def test_a_sticky_article_leads(client: FlaskClient) -> None:
    make_article("Kept on top", published_at=clock.now() - 30 * ONE_HOUR, is_sticky=True)
    for number in range(5):
        make_article(f"Newer {number}")
    text = page(client)
    lead = text[text.index("front-lead") :]
    assert lead.index("Kept on top") < lead.index("Newer")


def test_a_headline_is_text_and_not_markup(client: FlaskClient) -> None:
    make_article('</script><script>alert(1)</script> & "quotes"')
    text = page(client)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_pictures_have_their_size_and_missing_ones_a_cover(client: FlaskClient) -> None:
    make_article("Pictured", lead_media=make_media(width=1600, height=1067))
    make_article("Covered", categories=[make_category("Sea")])
    text = page(client)
    images = re.findall(r"<img\b[^>]*>", text)
    assert images
    assert all(' width="' in image and ' height="' in image for image in images)
    assert re.search(r'class="cover ground-\d[^"]*">.*?Covered', text, re.DOTALL)


def test_the_date_line_is_that_of_the_sites_zone(client: FlaskClient) -> None:
    store({"TIME_ZONE": "Pacific/Auckland"})
    with time_machine.travel(at("2025-12-04T12:00:00+00:00"), tick=False):
        text = page(client)
    assert "Friday, December 5, 2025" in text
    assert 'data-date-line="Pacific/Auckland"' in text


def test_the_host_header_changes_nothing(client: FlaskClient) -> None:
    make_article()
    plain = client.get("/").get_data(as_text=True)
    assert client.get("/", headers={"Host": "evil.example"}).get_data(as_text=True) == plain


def test_the_front_page_costs_the_same_for_few_and_for_many(client: FlaskClient) -> None:
    category, author = make_category(), make_author()
    for _ in range(5):
        make_article(categories=[category], authors=[author])
    with counted() as few:
        page(client)
    for _ in range(30):
        make_article(categories=[category], authors=[author])
    with counted() as many:
        page(client)
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("en", "ltr"),
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("fa_IR", "rtl"),
        ("ar-Latn", "ltr"),
        ("az-Arab-IR", "rtl"),
        ("az", "ltr"),
    ],
)
def test_the_page_runs_as_its_language_is_written(client: FlaskClient, language: str, direction: str) -> None:
    store({"LANGUAGE": language})
    assert f'<html lang="{language}" dir="{direction}"' in page(client)


@pytest.mark.parametrize(
    ("language", "early"), [("en", 3), ("en-GB", 3), ("ru", 3), ("fr", 6), ("de_AT", 6), ("PL", 6)]
)
def test_the_page_asks_early_for_the_letters_that_its_language_has(
    client: FlaskClient, language: str, early: int
) -> None:
    store({"LANGUAGE": language})
    asked = re.findall(r'<link rel="preload" href="([^"]+)" as="font"', page(client))
    assert len(asked) == len(set(asked)) == early
    assert len([address for address in asked if "-accents." in address]) == early - 3
    assert {client.get(address).mimetype for address in asked} == {"font/woff2"}
