"""Menus in a WordPress export: each a term, each of its links an item that says what it leads to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from sqlalchemy import select

from webapp import clock
from webapp.database import db
from webapp.leaving import wordpress_parts as parts
from webapp.leaving.elements import Elements
from webapp.models import Article, Menu, MenuItem
from webapp.publishing.wordpress_menus import PLACE_KEY
from webapp.settings import setting

_NO_CLASSES = 'a:1:{i:0;s:0:"";}'
"""A list without a class, as PHP writes it."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Above which numbers ours stand in the export, where everything of a kind shares one row of numbers."""

    tags: int
    menus: int
    items: int


def terms(out: Elements, numbers: Numbers) -> None:
    """The menus themselves. Where one stands is the theme's business in WordPress; it is told beside the name."""
    for menu in db.session.scalars(select(Menu).order_by(Menu.id)):
        out.open("wp:term")
        out.put("wp:term_id", numbers.menus + menu.id)
        out.put("wp:term_taxonomy", "nav_menu")
        out.put("wp:term_slug", menu.slug)
        out.put("wp:term_name", menu.name)
        out.meta(PLACE_KEY, menu.location or "nowhere", of="term")
        out.close("wp:term")


def items(out: Elements, numbers: Numbers) -> None:
    """The links of every menu in the order in which they are read, each after the one that it stands under."""
    for menu in db.session.scalars(select(Menu).order_by(Menu.id)).all():
        query = (
            select(MenuItem, Article.kind)
            .outerjoin(Article, Article.id == MenuItem.article_id)
            .where(MenuItem.menu_id == menu.id)
            .order_by(MenuItem.position, MenuItem.id)
        )
        rows = [(item, kind) for item, kind in db.session.execute(query)]
        kinds = {item.id: kind for item, kind in rows}
        for order, item in enumerate(_as_read([item for item, _kind in rows]), 1):
            _item(out, menu, item, order, kinds[item.id], numbers)


def _as_read(found: Iterable[MenuItem]) -> Iterator[MenuItem]:
    below: dict[int | None, list[MenuItem]] = defaultdict(list)
    for item in found:
        below[item.parent_id].append(item)
    waiting = below[None][::-1]
    while waiting:
        item = waiting.pop()
        yield item
        waiting.extend(below[item.id][::-1])


def _item(
    out: Elements, menu: Menu, item: MenuItem, order: int, article_kind: str | None, numbers: Numbers
) -> None:
    number = numbers.items + item.id
    out.open("item")
    # WordPress reads a title as HTML; an empty one is that of what it leads to.
    out.put("title", escape(item.label, quote=False))
    out.put("link", f"{setting('SITE_URL')}/?p={number}")
    out.put("dc:creator", "")
    out.put("guid", f"{setting('SITE_URL')}/?p={number}", isPermaLink="false")
    out.put("description", "")
    out.put("content:encoded", escape(item.description, quote=False))
    out.put("excerpt:encoded", "")
    out.put("wp:post_id", number)
    parts.moments(out, clock.now())
    out.put("wp:comment_status", "closed")
    out.put("wp:ping_status", "closed")
    out.put("wp:post_name", number)
    out.put("wp:status", "publish")
    out.put("wp:post_parent", 0)
    out.put("wp:menu_order", order)
    out.put("wp:post_type", "nav_menu_item")
    out.put("wp:post_password", "")
    out.put("wp:is_sticky", 0)
    out.put("category", menu.name, domain="nav_menu", nicename=menu.slug)
    kind, thing, object_id = _target(item, article_kind, numbers)
    for key, value in {
        "type": kind,
        "menu_item_parent": numbers.items + item.parent_id if item.parent_id else 0,
        "object_id": object_id or number,
        "object": thing,
        "target": "",
        "classes": _NO_CLASSES,
        "xfn": "",
        "url": "" if object_id else _address(item.url),
    }.items():
        out.every_meta(f"_menu_item_{key}", value)
    out.close("item")


def _target(item: MenuItem, article_kind: str | None, numbers: Numbers) -> tuple[str, str, int]:
    """WordPress's words for what an item leads to, and its number there; 0 for a plain address."""
    if item.article_id:
        return "post_type", "page" if article_kind == "page" else "post", item.article_id
    if item.category_id:
        return "taxonomy", "category", item.category_id
    if item.tag_id:
        return "taxonomy", "post_tag", numbers.tags + item.tag_id
    return "custom", "custom", 0


def _address(url: str) -> str:
    """Whole, since the next site may stand elsewhere in its host; a bare `#` leads nowhere here and there."""
    url = url or "/"
    return setting("SITE_URL") + url if url.startswith("/") and not url.startswith("//") else url
