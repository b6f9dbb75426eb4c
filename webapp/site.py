"""The site itself, for templates: its name, zone, menus and sections. Read once in a request, when first asked for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask, g, request
from sqlalchemy import and_, or_, select

from webapp import clock
from webapp.database import db
from webapp.models import Address, AddressKind, Article, Category, Menu, MenuItem, Tag
from webapp.settings import setting


@dataclass
class Link:
    """One entry of a menu. `is_current`: it leads to the page that is shown; `is_outside`: to another site."""

    label: str
    url: str
    is_current: bool = False
    is_outside: bool = False
    children: list[Link] = field(default_factory=list)


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
    def url(self) -> str:
        """The public origin, without a slash at the end."""
        return setting("SITE_URL")

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(setting("TIME_ZONE"))

    @property
    def year(self) -> int:
        return clock.now().astimezone(self.zone).year

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
        query = (
            select(Category)
            .where(Category.parent_id.is_(None), Category.is_on_front)
            .order_by(Category.position, Category.name)
            .limit(12)
        )
        return list(db.session.scalars(query))

    @cached_property
    def _menus(self) -> dict[str, list[Link]]:
        rows = db.session.execute(
            select(Menu.location, MenuItem, Address.path, Article.headline, Category, Tag)
            .join(MenuItem, MenuItem.menu_id == Menu.id)
            .outerjoin(Article, and_(Article.id == MenuItem.article_id, Article.live()))
            .outerjoin(Address, and_(Address.article_id == Article.id, Address.kind == AddressKind.permalink))
            .outerjoin(Category, Category.id == MenuItem.category_id)
            .outerjoin(Tag, Tag.id == MenuItem.tag_id)
            .where(Menu.location.is_not(None), or_(MenuItem.article_id.is_(None), Article.id.is_not(None)))
            .order_by(MenuItem.position, MenuItem.id)
        ).all()
        links: dict[int, Link] = {}
        for _, item, path, headline, category, tag in rows:
            label = item.label or headline or (category and category.name) or (tag and tag.name) or item.url
            url = path or (category and category.url) or (tag and tag.url) or item.url or "/"
            links[item.id] = _link(label, url)
        tops: dict[str, list[Link]] = defaultdict(list)
        for location, item, *_ in rows:
            above = links.get(item.parent_id or 0)
            (above.children if above else tops[location or ""]).append(links[item.id])
        return tops


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
