"""Brings menus and their items, once articles, categories and tags are there to be linked to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from webapp import markup
from webapp.database import db
from webapp.models import Menu, MenuItem
from webapp.publishing import ledger, wordpress_comments, wxr
from webapp.publishing.wordpress_run import Run, small
from webapp.publishing.wordpress_slugs import decoded, free

KIND = "menu item"
PLACE_KEY = "standfirst_place"
"""The key under which an export of this program says where a menu stands: one of PLACES, or `nowhere`."""
PLACES = ("main", "top", "sections", "paper", "social")
_LOCATIONS = {
    "main": re.compile(r"\b(main|primary|header|head|navigation|haupt\w*|principal)\b", re.IGNORECASE),
    "social": re.compile(r"\b(social|follow)\b", re.IGNORECASE),
    "top": re.compile(r"\btop\b", re.IGNORECASE),
    "paper": re.compile(r"\b(footer|foot|bottom|secondary)\b", re.IGNORECASE),
}


@dataclass(slots=True)
class _Target:
    """What an item leads to: one of the three ids, or an address."""

    url: str = ""
    article_id: int | None = None
    category_id: int | None = None
    tag_id: int | None = None


def bring_menus(run: Run, menus: Iterable[wxr.Term], items: Iterable[wxr.Item]) -> None:
    """Brings every menu with its items; `menus` are the terms, `items` the menu items of the file."""
    by_menu: dict[str, list[wxr.Item]] = defaultdict(list)
    names = {decoded(menu.slug): menu for menu in menus}
    for item in items:
        run.report.found(KIND)
        wordpress_comments.skip_all(run, item, "it stands under a menu item")
        labels = [label for label in item.labels if label.taxonomy == "nav_menu"]
        if not labels or item.status != "publish":
            reason = "it is a draft" if labels else "it belongs to no menu"
            run.report.skip(KIND, reason, item.id, item.title)
            continue
        slug = decoded(labels[0].slug)
        if slug not in names:
            run.report.found("menu")
            names[slug] = wxr.Term(0, "nav_menu", slug, labels[0].name, "", "")
        by_menu[slug].append(item)
    for slug, menu in names.items():
        with run.batch():
            menu_id = _bring_menu(run, slug, menu)
            _bring_items(run, slug, menu_id, by_menu[slug])


def _bring_menu(run: Run, slug: str, menu: wxr.Term) -> int | None:
    known = ledger.known(run.source, "menu", [slug])
    if slug in known:
        here = db.session.get(Menu, known[slug] or 0)
        if here is None:
            run.report.skip("menu", "was brought before and has been removed here", menu.id, menu.name)
            return None
        run.report.already_here("menu")
        return here.id
    name = markup.clean_text(markup.plain_text(menu.name))[:200] or slug
    slugs = set(db.session.scalars(select(Menu.slug)))
    made = Menu(slug=free(slug, slugs), name=name, location=_location(menu, f"{name} {slug}"))
    db.session.add(made)
    db.session.flush()
    ledger.remember(run.source, "menu", {slug: made.id})
    run.report.brought("menu")
    where = f"stands at: {made.location}" if made.location else "stands nowhere yet"
    run.report.note(f"The menu “{name}” {where} (see `standfirst menus`).")
    return made.id


def _location(menu: wxr.Term, words: str) -> str | None:
    """Where the export says or a menu of this name is likely to have stood, unless another one stands there."""
    taken = set(db.session.scalars(select(Menu.location).where(Menu.location.is_not(None))))
    if told := dict(menu.meta).get(PLACE_KEY):
        return told if told in PLACES and told not in taken else None
    words = words.replace("-", " ")
    return next(
        (place for place, name in _LOCATIONS.items() if name.search(words) and place not in taken), None
    )


def _bring_items(run: Run, slug: str, menu_id: int | None, items: list[wxr.Item]) -> None:
    keys = {f"{slug}:{item.id}": item for item in sorted(items, key=lambda item: (item.menu_order, item.id))}
    for _ in range(len(items) - len(keys)):
        run.report.skip(KIND, "the menu has another item of this number")
    known = ledger.known(run.source, "menu_item", keys)
    run.report.already_here(KIND, len(known))
    articles = ledger.known(run.source, "post", (_object(item) for item in items))
    made: dict[int, MenuItem] = {}
    for key, item in keys.items():
        if key in known:
            continue
        target = _target(run, item, articles) if menu_id is not None else None
        if target is None or menu_id is None:
            reason = (
                "what it leads to is not here" if menu_id is not None else "its menu has been removed here"
            )
            run.report.skip(KIND, reason, item.id, item.title)
            continue
        made[item.id] = _made(menu_id, item, target)
        run.report.brought(KIND)
    db.session.add_all(made.values())
    db.session.flush()
    _nest(made, keys.values())
    ledger.remember(run.source, "menu_item", {f"{slug}:{number}": row.id for number, row in made.items()})


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _object(item: wxr.Item) -> str:
    return item.meta_value("_menu_item_object_id")


def _target(run: Run, item: wxr.Item, articles: Mapping[str, int | None]) -> _Target | None:
    kind, thing = item.meta_value("_menu_item_type"), item.meta_value("_menu_item_object")
    number = _number(_object(item))
    if kind == "post_type":
        article_id = articles.get(str(number))
        return _Target(article_id=article_id) if article_id else None
    if kind == "taxonomy":
        category, tag = run.category_numbers.get(number), run.tag_numbers.get(number)
        if thing == "post_tag":
            return _Target(tag_id=tag) if tag else None
        return _Target(category_id=category) if category else None
    url = run.site.local(item.meta_value("_menu_item_url"))
    return _Target(url=url) if url and len(url) <= 1000 else None


def _made(menu_id: int, item: wxr.Item, target: _Target) -> MenuItem:
    return MenuItem(
        menu_id=menu_id,
        position=item.menu_order,
        label=markup.clean_text(markup.plain_text(item.title))[:500],
        url=target.url,
        description=markup.plain_text(item.content),
        article_id=target.article_id,
        category_id=target.category_id,
        tag_id=target.tag_id,
        imported_id=small(item.id),
    )


def _nest(made: Mapping[int, MenuItem], items: Iterable[wxr.Item]) -> None:
    """Sets the parents, wherever they stand in the file. An item above itself, over any number of steps, is not."""
    above = {
        item.id: int(item.meta_value("_menu_item_menu_item_parent") or 0) for item in items if item.id in made
    }
    for number, row in made.items():
        chain = [number]
        while (parent := above.get(chain[-1], 0)) in made and parent not in chain:
            chain.append(parent)
        closes_a_circle = parent in chain
        if len(chain) > 1 and not closes_a_circle:
            row.parent_id = made[chain[1]].id
    db.session.flush()
