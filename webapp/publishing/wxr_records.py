"""What a WordPress export holds, as plain records in the words of the export itself.

The reader (`wxr`) makes them, the importer (`wordpress*`) turns them into articles, comments and people.
Texts are as they stand in the file, without the spaces around them; numbers that are missing or odd are 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from webapp.publishing.wxr_dates import Moment


@dataclass(frozen=True, slots=True)
class Site:
    """The channel's own lines: the first record of every export."""

    title: str = ""
    tagline: str = ""
    link: str = ""
    language: str = ""
    exported: Moment = field(default_factory=Moment)
    version: str = ""
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    id: int
    login: str
    email: str
    display_name: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class Category:
    id: int
    slug: str
    name: str
    parent: str
    description: str


@dataclass(frozen=True, slots=True)
class Tag:
    id: int
    slug: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Term:
    """A term of any other taxonomy; menus are the terms of `nav_menu`."""

    id: int
    taxonomy: str
    slug: str
    name: str
    parent: str
    description: str
    meta: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """One category, tag or other term that stands on an item."""

    taxonomy: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Comment:
    id: int
    parent: int
    author: str
    email: str
    url: str
    written: Moment
    content: str
    approved: str
    kind: str
    user_id: int
    meta: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A post, page, attachment, menu item or anything else that WordPress keeps among its posts."""

    id: int
    kind: str
    status: str
    title: str
    link: str
    guid: str
    author: str
    content: str
    excerpt: str
    slug: str
    published: Moment
    updated: Moment
    parent: int
    menu_order: int
    sticky: bool
    password: str
    comments_open: bool
    attachment_url: str
    labels: tuple[Label, ...]
    meta: tuple[tuple[str, str], ...]
    comments: tuple[Comment, ...]

    def meta_value(self, key: str) -> str:
        """The last value kept under `key`, or an empty text; WordPress allows a key many times."""
        return next((value for name, value in reversed(self.meta) if name == key), "")

    def meta_values(self, key: str) -> list[str]:
        """Every value kept under `key`, in the order of the file."""
        return [value for name, value in self.meta if name == key]


Record = Site | Author | Category | Tag | Term | Item
