"""The site itself, for templates: its name, zone, menus and sections. Read once in a request, when first asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask, g, request
from sqlalchemy import and_, select
from sqlalchemy.orm import load_only

from webapp import clock, generation, pictures
from webapp.database import db
from webapp.models import Address, AddressKind, Article, Category, Media, Menu, MenuItem, Status, Tag
from webapp.settings import setting
from webapp.social import Network, network_of

LOGO_WIDTH = 800
"""The widest that is sent: a masthead shows no more, not even on a fine screen."""
SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})
"""What a link of a menu may begin with; nothing that runs."""
RTL_LANGUAGES = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ji", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
)
RTL_SCRIPTS = frozenset({"adlm", "arab", "aran", "hebr", "nkoo", "rohg", "syrc", "thaa"})
"""What is written from right to left."""
ACCENTED_LANGUAGES = frozenset({
    "ca", "cs", "cy", "da", "de", "es", "et", "fi", "fo", "fr", "ga", "gl", "hu", "is", "it", "lb", "nb",
    "nn", "no", "oc", "pl", "pt", "rm", "sk", "sl", "sq", "sv", "tr", "vi",
})  # fmt: skip
"""Languages of which hardly a page does without letters such as é or ü."""
PUBLIC = (Status.published, Status.scheduled)


@dataclass
class Link:
    """One entry of a menu. `is_current`: it leads to the page that is shown; `is_outside`: to another site."""

    label: str
    url: str
    is_current: bool = False
    is_outside: bool = False
    children: list[Link] = field(default_factory=list)

    @property
    def network(self) -> Network:
        """The network that it leads to, with its icon."""
        return network_of(self.url)


@dataclass(frozen=True)
class Logo:
    """A picture: where it is (with its sizes for a `srcset`, or empty), and its size in pixels."""

    src: str
    srcset: str
    width: int
    height: int


class Site:
    """What layouts ask of the site. Each property costs at most one statement a request."""

    @cached_property
    def title(self) -> str:
        return setting("SITE_TITLE")

    @cached_property
    def tagline(self) -> str:
        return setting("SITE_TAGLINE")

    @cached_property
    def language(self) -> str:
        return setting("LANGUAGE")

    @cached_property
    def direction(self) -> str:
        """Which way its language is written: `rtl` or `ltr`. A script that is named (`az-Arab`, `ar-Latn`) decides."""
        language, *others = self.language.lower().replace("_", "-").split("-")
        script = next((part for part in others if len(part) == 4 and part.isalpha()), "")
        return "rtl" if (script in RTL_SCRIPTS if script else language in RTL_LANGUAGES) else "ltr"

    @cached_property
    def has_accents(self) -> bool:
        """Whether its language has letters that English lacks, which pages then ask for early."""
        return self.language.lower().replace("_", "-").split("-")[0] in ACCENTED_LANGUAGES

    @cached_property
    def url(self) -> str:
        """The public origin, without a slash at the end."""
        return setting("SITE_URL")

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(setting("TIME_ZONE"))

    @property
    def year(self) -> int:
        return clock.now().astimezone(self.zone).year

    @cached_property
    def logo(self) -> Logo | None:
        """The picture in place of the name; None: there is none, or it is gone."""
        number = setting("LOGO")
        return generation.remembered(f"logo {number}", lambda: _logo(number)) if number else None

    def absolute(self, path: str) -> str:
        """The whole address of a path of this site."""
        return self.url + path

    def menu(self, location: str) -> list[Link]:
        """The links at `location`: main, top, sections, paper or social.

        Where none were made, main and sections list the categories.
        """
        found = self._menus.get(location, [])
        if not found and location in ("main", "sections"):
            return [_link(category.name, category.url) for category in self.sections]
        return found

    @cached_property
    def sections(self) -> list[Category]:
        """The top categories that the front page shows, in the newsroom's order."""
        return generation.remembered("sections", _sections)

    @cached_property
    def _menus(self) -> dict[str, list[Link]]:
        entries = generation.remembered("menus", _entries)
        now = clock.now()
        shown = [entry for entry in entries if entry.appears_at is None or entry.appears_at <= now]
        links = {entry.id: _link(entry.label, entry.url) for entry in shown}
        tops: dict[str, list[Link]] = defaultdict(list)
        for entry in shown:
            above = links.get(entry.parent_id or 0)
            (above.children if above else tops[entry.location]).append(links[entry.id])
        return tops


@dataclass(frozen=True)
class Entry:
    """An item of a menu. `appears_at`: when what it leads to is there; None: it is."""

    location: str
    id: int
    parent_id: int | None
    label: str
    url: str
    appears_at: datetime | None = None


def _entries() -> list[Entry]:
    """All items of all menus that stand somewhere, in their order; none that leads to what was taken down."""
    rows = db.session.execute(
        select(Menu.location, MenuItem, Address.path, Article, Category, Tag)
        .join(MenuItem, MenuItem.menu_id == Menu.id)
        .outerjoin(Article, Article.id == MenuItem.article_id)
        .outerjoin(Address, and_(Address.article_id == Article.id, Address.kind == AddressKind.permalink))
        .outerjoin(Category, Category.id == MenuItem.category_id)
        .outerjoin(Tag, Tag.id == MenuItem.tag_id)
        .where(Menu.location.is_not(None))
        .options(load_only(Article.headline, Article.path, Article.status, Article.published_at))
        .order_by(MenuItem.position, MenuItem.id)
    )
    found = []
    for location, item, path, article, category, tag in rows:
        list_of = category or tag
        if item.article_id is not None and not (
            article and article.status in PUBLIC and article.published_at
        ):
            continue
        name = article.headline if article else list_of.name if list_of else ""
        label = item.label or name or network_of(item.url).name or item.url
        url = path or (list_of.url if list_of else "") or item.url or "/"
        # What an import brought is no better than what it came from.
        if not _is_usable(url):
            continue
        appears_at = article.published_at if article else None
        found.append(Entry(location or "", item.id, item.parent_id, label, url, appears_at))
    return found


def _logo(number: int) -> Logo | None:
    media = db.session.get(Media, number)
    if media is None or not media.is_image or not (media.width and media.height):
        return None
    if not media.rendition:
        return Logo(media.url, "", media.width, media.height)
    # WebP alone: every browser of today knows it, and unlike JPEG it keeps what is transparent.
    offered = [width for width in pictures.widths(media.width) if width <= LOGO_WIDTH] or [media.width]
    address = {width: pictures.address(media.rendition, width, "webp") for width in offered}
    srcset = ", ".join(f"{address[width]} {width}w" for width in offered)
    return Logo(address[offered[-1]], srcset, media.width, media.height)


def _is_usable(url: str) -> bool:
    try:
        return urlsplit(url).scheme.lower() in SCHEMES
    except ValueError:
        return False


def _sections() -> list[Category]:
    query = (
        select(Category)
        .where(Category.parent_id.is_(None), Category.is_on_front)
        .order_by(Category.position, Category.name)
        .limit(12)
    )
    return apart(db.session.scalars(query))


def apart(rows: Iterable[Category]) -> list[Category]:
    """Rows that have left their session, as what is remembered must have."""
    found = list(rows)
    for row in found:
        db.session.expunge(row)
    return found


def _link(label: str, url: str) -> Link:
    parts = urlsplit(url)
    outside = bool(parts.netloc) and not url.startswith(setting("SITE_URL"))
    return Link(label, url, is_current=not outside and parts.path == request.path, is_outside=outside)


def current_site() -> Site:
    """The site of this request."""
    if "site" not in g:
        g.site = Site()
    return g.site


def init_app(app: Flask) -> None:
    @app.context_processor
    def give_site() -> dict[str, Any]:
        return {"site": current_site(), "setting": setting, "now": clock.now()}
