"""Menus at the desk: made, placed, filled, moved, deleted; what readers see follows at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories import make_article, make_category, make_tag
from tests.staff import Staff
from webapp import clock
from webapp.database import db, transaction
from webapp.models import Account, Article, Menu, MenuItem, Status
from webapp.publishing import menus
from webapp.social import network_of

pytestmark = pytest.mark.both_databases


@pytest.fixture
def vera(signed_in: Callable[..., Staff]) -> Staff:
    one = signed_in("vera@desk.example", role="editor", name="Vera")
    one.get("/desk/menus")
    return one


def made(vera: Staff, name: str = "Paper", location: str = "paper") -> str:
    address = vera.post("/desk/menus", {"name": name, "location": location}).location
    vera.get(address)
    return address


def add(vera: Staff, address: str, to: str, label: str = ""):
    return vera.post(f"{address}/entries", {"to": to, "label": label})


def ids() -> dict[str, int]:
    """The entries by their labels."""
    db.session.rollback()
    db.session.expire_all()
    return {item.label or item.url: item.id for item in db.session.scalars(select(MenuItem))}


def tree(menu_id: int = 1) -> list[str]:
    """The entries as the desk shows them, a dash for each level."""
    db.session.rollback()
    db.session.expire_all()
    return [f"{'-' * (one.level - 1)}{one.label}" for one in menus.entries_of(menu_id)]


def footer(vera: Staff) -> str:
    return vera.client.get("/how-we-count").text.rpartition("<footer")[2]


def test_a_menu_is_made_filled_and_seen_by_the_next_reader(vera: Staff) -> None:
    article = make_article("About this paper", kind="page", permalink="/about/")
    category, tag = make_category("Sea"), make_tag("Tides")
    address = made(vera)
    for to, label in (
        ("http://localhost/about/", ""),
        (category.url, ""),
        (tag.url, "High water"),
        ("https://social.example/@paper", "On Mastodon"),
        ("/archive?x=1", "All of it"),
        ("mailto:desk@news.example", "Mail"),
    ):
        assert add(vera, address, to, label).status_code == 303, to
    rows = db.session.scalars(select(MenuItem).order_by(MenuItem.position)).all()
    assert [rows[0].article_id, rows[1].category_id, rows[2].tag_id] == [article.id, category.id, tag.id]
    assert [row.url for row in rows[3:]] == [
        "https://social.example/@paper",
        "/archive?x=1",
        "mailto:desk@news.example",
    ]
    shown = footer(vera)
    for words in ("About this paper", "High water", "On Mastodon", "All of it"):
        assert words in shown
    with transaction():
        db.session.get_one(Article, article.id).headline = "Who we are"
    assert "Who we are" in footer(vera), "an entry without a label follows what it leads to"
    assert "changed the menu" in vera.get("/moderation/log").text


@pytest.mark.parametrize(
    ("to", "label", "words"),
    [
        ("", "", "Say where it leads"),
        ("javascript:alert(1)", "", "Only addresses that begin"),
        ("data:text/html,x", "", "Only addresses that begin"),
        ("//evil.example/x", "", "Only addresses that begin"),
        ("about", "", "begins with a slash"),
        ("https://[broken", "", "no address that can be used"),
        ("https://a.example/x y", "", "no spaces"),
        ("/" + "x" * 1000, "", "at most 1000 characters; this one has 1001"),
        ("/about/", "y" * 201, "at most 200 characters"),
    ],
)
def test_what_cannot_be_a_link_is_refused_and_stays_in_its_field(
    vera: Staff, to: str, label: str, words: str
) -> None:
    address = made(vera)
    answer = add(vera, address, to, label)
    assert answer.status_code == 422 and words in answer.text
    assert (to or label)[:10] in answer.text.replace("&#39;", "'")
    assert db.session.scalar(select(MenuItem.id)) is None


def test_entries_are_moved_among_each_other_and_into_each_other(vera: Staff) -> None:
    address = made(vera)
    for name in "abcd":
        add(vera, address, f"/{name}", name)
    number = ids()

    def do(name: str, deed: str) -> None:
        assert vera.post(f"{address}/entries/{number[name]}", {"do": deed}).status_code == 303

    do("c", "up")
    assert tree() == ["a", "c", "b", "d"]
    do("a", "up")
    do("d", "down")
    assert tree() == ["a", "c", "b", "d"], "the ends stay the ends"
    do("c", "in")
    do("b", "in")
    assert tree() == ["a", "-c", "-b", "d"]
    do("b", "in")
    assert tree() == ["a", "-c", "--b", "d"]
    do("d", "in")
    do("d", "in")
    do("d", "in")
    assert tree() == ["a", "-c", "--b", "--d"], "three levels, no more"
    do("a", "in")
    assert tree()[0] == "a", "the first has nothing before it"
    do("c", "out")
    assert tree() == ["a", "c", "-b", "-d"]
    do("c", "remove")
    assert tree() == ["a", "b", "d"], "what stood below takes its place"
    assert vera.post(f"{address}/entries/{number['c']}", {"do": "up"}).status_code == 409


def test_an_entry_gets_another_label_and_aim(vera: Staff) -> None:
    address = made(vera)
    add(vera, address, "/a", "a")
    entry = ids()["a"]
    assert vera.post(f"{address}/entries/{entry}", {"to": "/b", "label": "b"}).status_code == 303
    assert tree() == ["b"]
    wrong = vera.post(f"{address}/entries/{entry}", {"to": "javascript:x", "label": "kept"})
    assert wrong.status_code == 422 and 'value="kept"' in wrong.text and tree() == ["b"]
    other = made(vera, "Other", "")
    assert vera.post(f"{other}/entries/{entry}", {"do": "remove"}).status_code == 409, "not of this menu"
    assert tree() == ["b"]


def test_one_menu_a_place(vera: Staff) -> None:
    first, second = made(vera, "One"), made(vera, "Two")
    assert [(menu.name, menu.location) for menu, _ in menus.all_menus()] == [("Two", "paper"), ("One", None)]
    add(vera, first, "/one", "Number one")
    vera.get(first)
    assert "Number one" not in footer(vera)
    vera.post(first, {"name": "  First\tof all ", "location": "paper"})
    assert "Number one" in footer(vera)
    assert {menu.name: menu.location for menu, _ in menus.all_menus()} == {
        "First of all": "paper",
        "Two": None,
    }
    assert vera.post(second, {"name": "Two", "location": "nowhere-at-all"}).status_code == 422
    assert vera.post(second, {"name": " ", "location": ""}).status_code == 422
    assert vera.post("/desk/menus", {"name": "x" * 191}).status_code == 422


def test_deleting_asks_first_and_a_deleted_one_is_said(vera: Staff) -> None:
    address = made(vera)
    add(vera, address, "/a", "a")
    add(vera, address, "/b", "b")
    vera.post(f"{address}/entries/{ids()['b']}", {"do": "in"})
    assert vera.post(f"{address}/deletion").status_code == 422
    assert vera.post(f"{address}/deletion", {"sure": "1"}).status_code == 303
    assert db.session.scalar(select(Menu.id)) is None and db.session.scalar(select(MenuItem.id)) is None
    for path in (address, f"{address}/entries", f"{address}/deletion"):
        assert vera.post(path, {"name": "x"}).status_code == 404
    assert "deleted the menu" in vera.get("/moderation/log").text


def test_what_leads_to_a_text_that_readers_cannot_see_is_said(vera: Staff, app: Flask) -> None:
    gone = make_article("Taken down", permalink="/gone/")
    soon = make_article(
        "Soon", permalink="/soon/", published_at=clock.now() + timedelta(days=1), status=Status.scheduled
    )
    address = made(vera)
    add(vera, address, "/gone/")
    add(vera, address, "/soon/")
    with transaction():
        db.session.get_one(Article, gone.id).status = Status.unpublished
    page = vera.get(address).text
    assert "cannot be seen by readers" in page and "Taken down" in page and soon.headline in page
    assert "Taken down" not in footer(vera)


@pytest.mark.parametrize(
    ("url", "name", "icon"),
    [
        ("https://www.instagram.com/tidings", "Instagram", "instagram"),
        ("https://social.example/@tidings", "Mastodon", "mastodon"),
        ("https://notx.com/a", "", "link"),
        ("https://mobile.x.com/a", "X", "x"),
        ("mailto:desk@news.example", "E-mail", "mail"),
        ("/feed/", "Feed", "rss"),
        ("https://[broken", "", "link"),
    ],
)
def test_links_to_networks_have_their_names_and_icons(app: Flask, url: str, name: str, icon: str) -> None:
    found = network_of(url)
    assert (found.name, found.icon) == (name, icon)
    assert any(f"\n{icon} " in Path(f"static/{sprite}.txt").read_text() for sprite in ("icons", "brands"))


def test_the_papers_pages_elsewhere_stand_at_the_foot(vera: Staff) -> None:
    address = made(vera, "Elsewhere", "social")
    add(vera, address, "https://www.instagram.com/tidings")
    foot = footer(vera)
    assert "#i-instagram" in foot and ">Instagram</a>" in foot
    assert 'rel="noopener me"' in foot


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JavaScript:alert(1)", " javascript:x", "data:text/html,x", "https://[broken"],
)
def test_what_an_import_brought_is_no_link_that_runs(vera: Staff, url: str) -> None:
    made(vera)
    with transaction():
        db.session.add(MenuItem(menu_id=1, url=url, label="Click me"))
        db.session.add(MenuItem(menu_id=1, url="/fine", label="Fine", position=1))
    assert "Fine" in footer(vera) and "Click me" not in footer(vera)


def test_a_menu_has_an_end(vera: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(menus, "MOST_ENTRIES", 2)
    address = made(vera)
    assert [add(vera, address, f"/{number}").status_code for number in range(3)] == [303, 303, 422]


def test_articles_are_found_and_added(vera: Staff) -> None:
    make_article("The tide table")
    address = made(vera)
    page = vera.get(f"{address}?q=tide").text
    to = re.search(r'name="to" value="(/[^"]+)"', page)
    assert to and "Add: The tide table" in page
    add(vera, address, to[1])
    assert tree() == ["The tide table"]
    assert "No article" in vera.get(f"{address}?q=zebra").text


def test_a_slug_is_found_for_every_name(vera: Staff) -> None:
    by = db.session.scalars(select(Account)).one()
    found = [menus.make(name, None, by=by).slug for name in ("Menu", "Menu", "Menu", "日本", "%_")]
    assert len(set(found)) == 5
