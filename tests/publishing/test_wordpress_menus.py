"""Menus of an import: nested items that lead to articles, lists and addresses."""

from __future__ import annotations

from sqlalchemy import select

from tests.publishing import exports
from tests.publishing.helpers import article, bring, numbers
from webapp.database import db
from webapp.models import Category, Menu, MenuItem, Tag
from webapp.publishing import actions

SITE = exports.SITE


def items() -> list[MenuItem]:
    return list(db.session.scalars(select(MenuItem).order_by(MenuItem.menu_id, MenuItem.position)))


def locations() -> dict[str, str | None]:
    return {menu.slug: menu.location for menu in db.session.scalars(select(Menu))}


def test_items_lead_where_they_did(app, client, tmp_path):
    bring(
        tmp_path,
        exports.category(11, "world"),
        exports.tag(12, "sea"),
        exports.term(9, "nav_menu", "main-menu", "Main menu"),
        exports.item(1, kind="page", link=f"{SITE}/about/", title="About us"),
        exports.menu_item(21, "main-menu", type="post_type", object="page", object_id=1),
        exports.menu_item(22, "main-menu", "Abroad", type="taxonomy", object="category", object_id=11),
        exports.menu_item(23, "main-menu", type="taxonomy", object="post_tag", object_id=12),
        exports.menu_item(24, "main-menu", "Shop", url="https://shop.example/"),
        exports.menu_item(25, "main-menu", "Contact", url=f"{SITE}/contact/?a=1"),
    )

    found = items()
    assert found[0].article_id == article(1).id
    assert found[1].category_id == db.session.scalars(select(Category.id)).one()
    assert found[2].tag_id == db.session.scalars(select(Tag.id)).one()
    assert [row.url for row in found[3:]] == ["https://shop.example/", "/contact/?a=1"]
    assert locations() == {"main-menu": "main"}
    page = client.get("/about/").text
    for words in ("About us", "Abroad", "Shop", "/contact/?a=1"):
        assert words in page


def test_items_nest_in_any_order_and_without_circles(app, tmp_path):
    bring(
        tmp_path,
        exports.menu_item(1, "m", "Child", parent=2),
        exports.menu_item(2, "m", "Parent"),
        exports.menu_item(3, "m", "Hen", parent=4),
        exports.menu_item(4, "m", "Egg", parent=3),
        exports.menu_item(5, "m", "Orphan", parent=99),
    )

    found = {row.label: row for row in items()}
    assert found["Child"].parent_id == found["Parent"].id
    assert [found[name].parent_id for name in ("Hen", "Egg", "Orphan")] == [None, None, None]


def test_one_number_in_two_menus(app, tmp_path):
    report = bring(tmp_path, exports.menu_item(1, "a", "A"), exports.menu_item(1, "b", "B"))

    assert numbers(report, "menu item") == (2, 2, 0, 0)
    assert [row.label for row in items()] == ["A", "B"]


def test_what_leads_nowhere_is_reported(app, tmp_path):
    report = bring(
        tmp_path,
        exports.menu_item(1, "m", type="post_type", object="page", object_id=77),
        exports.menu_item(2, "m", "Bad", url="javascript:alert(1)"),
        exports.item(3, kind="nav_menu_item"),
        exports.menu_item(4, "m", "Fine"),
    )

    assert numbers(report, "menu item") == (4, 1, 0, 3)
    assert dict(report.tally("menu item").skipped) == {
        "it belongs to no menu": 1,
        "what it leads to is not here": 2,
    }


def test_menus_are_placed_by_their_names_and_by_hand(app, tmp_path):
    bring(
        tmp_path,
        exports.term(1, "nav_menu", "primary"),
        exports.term(2, "nav_menu", "header-2"),
        exports.term(3, "nav_menu", "footer-links"),
        exports.term(4, "nav_menu", "domains"),
    )
    assert locations() == {"primary": "main", "header-2": None, "footer-links": "paper", "domains": None}

    assert actions.place_menu("header-2", "main")
    assert not actions.place_menu("unknown", "main")

    db.session.expire_all()
    assert locations() == {"primary": None, "header-2": "main", "footer-links": "paper", "domains": None}
