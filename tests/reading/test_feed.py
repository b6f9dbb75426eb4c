"""The news feed: latest and trending, as pages and as fragments."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.factories import make_article, make_category, make_comment
from webapp import clock
from webapp.database import db, transaction
from webapp.models import TallyHour

LATEST, TRENDING = "/_fragments/latest", "/_fragments/trending"


def links(text: str) -> list[str]:
    return re.findall(r'<a class="headline" href="([^"]+)"', text)


def get(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def viewed(article_id: int, count: int, hours_ago: int = 0) -> None:
    with transaction():
        hour = clock.hour_of(clock.now()) - hours_ago
        db.session.add(TallyHour(article_id=article_id, metric="view", hour=hour, count=count))


def test_newest_first_with_ties_in_one_order_and_none_twice(client: FlaskClient) -> None:
    moment = clock.now() - timedelta(hours=2)
    made = [make_article(f"A {n}", published_at=moment).permalink for n in range(30)]
    seen: list[str] = []
    address = "/latest"
    while address:
        text = get(client, address)
        seen += links(text)
        more = re.search(r'class="load-more" href="([^"]+)"', text)
        address = more[1] if more else ""
    assert seen == list(reversed(made))


def test_load_more_goes_on_behind_what_came_in_since(client: FlaskClient) -> None:
    made = [make_article(published_at=clock.now() - timedelta(hours=n + 1)).permalink for n in range(14)]
    more = re.search(r'hx-get="(/_fragments/latest\?after=[^"]+)"', get(client, LATEST))
    assert more is not None
    make_article("Just in", published_at=clock.now())
    assert links(get(client, more[1])) == made[12:]


def test_the_current_article_stands_first_marked_and_never_twice(client: FlaskClient) -> None:
    old = make_article("Being read", published_at=clock.now() - timedelta(days=30))
    for number in range(15):
        make_article(f"Newer {number}")
    first = get(client, f"{LATEST}?current={old.id}")
    assert links(first)[0] == old.permalink
    assert len(links(first)) == 13
    assert first.count('aria-current="page"') == 1
    more = re.search(r'hx-get="([^"]+after=[^"]+)"', first)
    assert more is not None
    rest = links(get(client, more[1].replace("&amp;", "&")))
    assert old.permalink not in rest
    assert len(rest) == 3


def test_a_current_page_or_locked_article_is_not_given_away(client: FlaskClient) -> None:
    locked = make_article("Locked", password="tide")
    make_article("Open")
    text = get(client, f"{LATEST}?current={locked.id}")
    assert "Locked" not in text
    assert 'aria-current="page"' not in text


def test_a_filter_takes_in_what_is_below_and_combines_with_the_tab(client: FlaskClient) -> None:
    science = make_category("Science", slug="science", is_in_feed=True)
    stars = make_category("Stars", slug="stars", parent=science)
    inside, outside = make_article("Inside", categories=[stars]), make_article("Outside")
    viewed(inside.id, 3)
    viewed(outside.id, 9)
    for address in (LATEST, TRENDING, "/latest", "/trending"):
        text = get(client, f"{address}?category=science")
        assert links(text) == [inside.permalink]
        assert re.search(r'aria-current="true"[^>]*>Science<', text)


def test_only_the_categories_that_the_newsroom_chose_are_offered(client: FlaskClient) -> None:
    make_category("Alerts", is_in_feed=True)
    make_category("Quiet")
    filters = get(client, LATEST).split('class="filters"')[1].split("</nav>")[0]
    assert ">Alerts<" in filters and ">Quiet<" not in filters


def test_an_empty_filter_says_so_and_an_unknown_one_is_not_found(client: FlaskClient) -> None:
    make_category("Alerts", slug="alerts", is_in_feed=True)
    assert "Nothing here yet from Alerts." in get(client, f"{LATEST}?category=alerts")
    assert "Nothing has been read here in the last 7 days yet." in get(client, f"{TRENDING}?category=alerts")
    for address in (LATEST, TRENDING, "/latest", "/trending"):
        assert client.get(f"{address}?category=nowhere").status_code == 404


@pytest.mark.parametrize(
    "cursor", ["x", "1", "1.2.3", "-", "99999999999999999.1", "1.99999999999999999999", "%00"]
)
def test_a_made_up_cursor_is_not_found_or_empty(client: FlaskClient, cursor: str) -> None:
    make_article()
    assert client.get(f"{LATEST}?after={cursor}").status_code in (200, 404)


@pytest.mark.parametrize("name", ["latest", "trending"])
def test_a_fragment_is_a_fragment_and_its_page_a_page(client: FlaskClient, name: str) -> None:
    fragment = client.get(f"/_fragments/{name}")
    assert fragment.headers["X-Robots-Tag"] == "noindex"
    assert "max-age=60" in fragment.headers["Cache-Control"]
    text = fragment.get_data(as_text=True)
    assert text.strip().startswith(f'<div id="_{name}">') and "<html" not in text
    page = get(client, f"/{name}")
    assert page.lstrip().startswith("<!doctype html>")
    assert page.count("<h1") == 1
    selected = re.findall(r'id="tab-(\w+)" role="tab" href="/(\w+)" aria-selected="(\w+)"', page)
    assert selected == [
        ("latest", "latest", str(name == "latest").lower()),
        ("trending", "trending", str(name == "trending").lower()),
    ]


def test_trending_ranks_by_what_was_counted_and_says_how(client: FlaskClient) -> None:
    quiet, read, discussed = make_article("Quiet"), make_article("Read"), make_article("Discussed")
    viewed(read.id, 4)
    viewed(discussed.id, 1)
    make_comment(discussed)
    text = get(client, "/trending")
    assert links(text) == [discussed.permalink, read.permalink]
    assert quiet.permalink not in text
    assert "the last 7 days" in text and "counts half" in text
    assert "4 views" in text and "1 view<" in text


def test_a_locked_article_does_not_trend(client: FlaskClient) -> None:
    locked = make_article("Locked", password="tide")
    viewed(locked.id, 50)
    assert "Locked" not in get(client, "/trending")


def test_thumbnails_are_decoration_beside_their_headline(client: FlaskClient) -> None:
    from tests.factories import make_media

    make_article(lead_media=make_media(file="2026/IMG_0042.jpg", alt="A pier", width=600, height=400))
    image = re.search(r"<img[^>]*>", get(client, LATEST))
    assert image is not None
    assert 'alt=""' in image[0]
