"""Menus at the desk: made, placed, their entries added, moved and taken out. Each change holds its menu's lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import load_only

from webapp.database import db, transaction
from webapp.models import Account, Article, Category, Menu, MenuItem, Tag, address_key
from webapp.moderating import chain
from webapp.publishing.menu_tree import LEVELS, MOVES, Tree
from webapp.publishing.slugs import slug_of
from webapp.reading.rules import headline_of
from webapp.settings import setting
from webapp.site import PUBLIC
from webapp.social import network_of
from webapp.writing.lookups import articles_at

MOST_ENTRIES = 200
LONGEST_NAME, LONGEST_LABEL, LONGEST_ADDRESS = 190, 200, 1000
PLACES = {
    "main": "the main menu, beside the name; without one it lists the sections",
    "top": "the thin line above the name",
    "sections": "“Sections” at the foot; without one it lists the sections",
    "paper": "“The paper” at the foot",
    "social": "“Follow us” at the foot: the paper’s pages on other networks",
}
SCHEMES = ("http", "https", "mailto")


class Unusable(ValueError):
    """What was typed cannot be used; the message says why."""


class Gone(LookupError):
    """A colleague has taken the entry or the menu out meanwhile."""


@dataclass
class Entry:
    """An entry as the desk shows it: its label, where it leads, whether readers see it, and its place in the tree."""

    id: int
    label: str
    own_label: str
    url: str
    is_seen: bool = True
    level: int = 1
    is_first: bool = False
    is_last: bool = False
    can_go_in: bool = False
    below: list[Entry] = field(default_factory=list)


def all_menus() -> list[tuple[Menu, int]]:
    """Every menu with the number of its entries, those that stand somewhere first."""
    count = select(func.count()).where(MenuItem.menu_id == Menu.id).correlate(Menu).scalar_subquery()
    query = select(Menu, count).order_by(Menu.location.is_(None), Menu.location, Menu.name)
    return [(menu, number) for menu, number in db.session.execute(query)]


def menu_at(menu_id: int) -> Menu | None:
    return db.session.get(Menu, menu_id)


def entries_of(menu_id: int) -> list[Entry]:
    """The entries in the order in which they are shown, each behind the one above it."""
    rows = db.session.execute(
        select(MenuItem, Article, Category, Tag)
        .outerjoin(Article, Article.id == MenuItem.article_id)
        .outerjoin(Category, Category.id == MenuItem.category_id)
        .outerjoin(Tag, Tag.id == MenuItem.tag_id)
        .where(MenuItem.menu_id == menu_id)
        .options(
            load_only(
                Article.headline,
                Article.path,
                Article.excerpt,
                Article.status,
                Article.published_at,
                Article.password_hash,
            )
        )
        .order_by(MenuItem.position, MenuItem.id)
    ).all()
    made = {item.id: _entry(item, article, category or tag) for item, article, category, tag in rows}
    tops: list[Entry] = []
    for item, *_ in rows:
        above = made.get(item.parent_id or 0)
        (above.below if above else tops).append(made[item.id])
    found: list[Entry] = []
    _flatten(tops, 1, found)
    return found


def _entry(item: MenuItem, article: Article | None, term: Category | Tag | None) -> Entry:
    own = item.label.strip()
    if article is not None:
        is_seen = article.status in PUBLIC and article.published_at is not None
        url = article.permalink if is_seen else ""
        return Entry(item.id, own or headline_of(article), own, url, is_seen)
    if term is not None:
        return Entry(item.id, own or term.name, own, term.url)
    return Entry(item.id, own or network_of(item.url).name or item.url, own, item.url)


def _flatten(entries: Sequence[Entry], level: int, into: list[Entry]) -> None:
    for place, entry in enumerate(entries):
        entry.level = level
        entry.is_first, entry.is_last = place == 0, place == len(entries) - 1
        entry.can_go_in = place > 0 and level - 1 + _height(entry) < LEVELS
        into.append(entry)
        _flatten(entry.below, level + 1, into)


def _height(entry: Entry) -> int:
    return 1 + max(map(_height, entry.below), default=0)


def make(name: str, location: str | None, *, by: Account) -> Menu:
    """A new, empty menu. Raises Unusable."""
    name = _checked_name(name)
    with transaction():
        menu = Menu(name=name, slug=_free_slug(name))
        db.session.add(menu)
        db.session.flush()
        _place(menu, location)
        chain.record("menu", f"menu:{menu.id}", account_id=by.id)
    return menu


def change(menu_id: int, name: str, location: str | None, *, by: Account) -> None:
    """Renames a menu and puts it somewhere; what stood there stands nowhere then. Raises Unusable, Gone."""
    name = _checked_name(name)
    with transaction():
        menu = _locked(menu_id)
        menu.name = name
        _place(menu, location)
        chain.record("menu", f"menu:{menu_id}", account_id=by.id)


def remove(menu_id: int, *, by: Account) -> None:
    """Deletes a menu with its entries. Raises Gone."""
    with transaction():
        menu = _locked(menu_id)
        db.session.execute(update(MenuItem).where(MenuItem.menu_id == menu_id).values(parent_id=None))
        db.session.execute(delete(MenuItem).where(MenuItem.menu_id == menu_id))
        db.session.execute(delete(Menu).where(Menu.id == menu_id))
        chain.record("delete-menu", f"menu:{menu.name}", account_id=by.id)


def add(menu_id: int, leads_to: str, label: str, *, by: Account) -> None:
    """A new last entry. `leads_to`: an address of this site, of another one, or mailto:. Raises Unusable, Gone."""
    values = _target(leads_to) | {"label": _checked_label(label)}
    with transaction():
        _locked(menu_id)
        numbers = select(func.count(), func.max(MenuItem.position)).where(MenuItem.menu_id == menu_id)
        count, last = db.session.execute(numbers).one()
        if count >= MOST_ENTRIES:
            raise Unusable(f"A menu has {MOST_ENTRIES} entries at most.")
        db.session.add(MenuItem(menu_id=menu_id, position=(last or 0) + 1, **values))
        chain.record("menu", f"menu:{menu_id}", account_id=by.id)


def change_entry(menu_id: int, entry_id: int, leads_to: str, label: str, *, by: Account) -> None:
    """Another label or aim. Raises Unusable, Gone."""
    values = _target(leads_to) | {"label": _checked_label(label)}
    with transaction():
        _locked(menu_id)
        item = _item(menu_id, entry_id)
        for name, value in values.items():
            setattr(item, name, value)
        chain.record("menu", f"menu:{menu_id}", account_id=by.id)


def move(menu_id: int, entry_id: int, deed: str, *, by: Account) -> None:
    """`up`, `down` among its neighbours; `in` below the one before it, `out` behind the one above it; `remove`, when
    what stood below it takes its place. What cannot be done changes nothing. Raises Gone."""
    with transaction():
        _locked(menu_id)
        query = select(MenuItem).where(MenuItem.menu_id == menu_id).order_by(MenuItem.position, MenuItem.id)
        items = list(db.session.scalars(query.execution_options(populate_existing=True)))
        item = next((one for one in items if one.id == entry_id), None)
        if item is None:
            raise Gone
        MOVES[deed](Tree(items), item)
        chain.record("menu", f"menu:{menu_id}", account_id=by.id)


def _place(menu: Menu, location: str | None) -> None:
    # First the place is cleared: two menus at one location would break the constraint on the way.
    if location:
        same = update(Menu).where(Menu.location == location, Menu.id != menu.id)
        db.session.execute(same.values(location=None))
    menu.location = location or None


def _target(leads_to: str) -> dict[str, object]:
    """What the columns of an entry say for an address. Raises Unusable."""
    text = leads_to.strip()
    if not text:
        raise Unusable("Say where it leads: paste an address.")
    if len(text) > LONGEST_ADDRESS:
        raise Unusable(f"An address has at most {LONGEST_ADDRESS} characters; this one has {len(text)}.")
    if any(sign.isspace() or ord(sign) < 32 for sign in text):
        raise Unusable("An address has no spaces in it.")
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise Unusable("This is no address that can be used.") from error
    own = setting("SITE_URL")
    if text.startswith(own + "/") or not (parts.scheme or parts.netloc):
        return _NOTHING | _within(text.removeprefix(own))
    if parts.scheme not in SCHEMES or not (parts.netloc or parts.scheme == "mailto"):
        raise Unusable("Only addresses that begin with https://, http://, mailto: or a slash can be used.")
    return _NOTHING | {"url": text}


_NOTHING: dict[str, object] = {"article_id": None, "category_id": None, "tag_id": None, "url": ""}


def _within(text: str) -> dict[str, object]:
    """The same for an address of this paper."""
    if not text.startswith("/"):
        raise Unusable(
            "An address of this paper begins with a slash, such as /about/; another begins with https://."
        )
    parts = urlsplit(text)
    found = None if text == "/" or parts.query or parts.fragment else _ours(parts.path)
    return found or {"url": text}


def _ours(path: str) -> dict[str, object] | None:
    """The article, category or tag at a path of this site, so that the entry follows it when its address changes."""
    for prefix, model, column in (("/category/", Category, "category_id"), ("/tag/", Tag, "tag_id")):
        if path.startswith(prefix):
            name = path.removeprefix(prefix).strip("/")
            key = Category.path if model is Category else Tag.slug
            number = db.session.scalar(select(model.id).where(key == name))
            return {column: number} if number else None
    ids, _ = articles_at([path]) if address_key(path) else ([], [])
    return {"article_id": ids[0]} if ids else None


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Unusable("Give the menu a name.")
    if len(name) > LONGEST_NAME:
        raise Unusable(f"A name has at most {LONGEST_NAME} characters; this one has {len(name)}.")
    return name


def _checked_label(label: str) -> str:
    label = " ".join(label.split())
    if len(label) > LONGEST_LABEL:
        raise Unusable(f"A label has at most {LONGEST_LABEL} characters; this one has {len(label)}.")
    return label


def _free_slug(name: str) -> str:
    base = slug_of(name)[:180] or "menu"
    taken = set(db.session.scalars(select(Menu.slug).where(Menu.slug.startswith(base, autoescape=True))))
    return next(
        slug
        for number in range(len(taken) + 1)
        if (slug := f"{base}-{number + 1}" if number else base) not in taken
    )


def _locked(menu_id: int) -> Menu:
    menu = db.session.get(Menu, menu_id, with_for_update=True, populate_existing=True)
    if menu is None:
        raise Gone
    return menu


def _item(menu_id: int, entry_id: int) -> MenuItem:
    item = db.session.get(MenuItem, entry_id, populate_existing=True)
    if item is None or item.menu_id != menu_id:
        raise Gone
    return item
