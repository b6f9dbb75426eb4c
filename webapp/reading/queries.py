"""What the reading pages show: each function answers it in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal, select, text, union_all

from webapp import clock, generation
from webapp.database import db, read_rows
from webapp.models import Article, Category, Media, Status
from webapp.reading import lists
from webapp.reading.cards import columns, read
from webapp.reading.keyset import NEWEST_FIRST, Cursor, Slice
from webapp.site import apart

FEED_LIMIT = 12
FRONT_NEWEST = 60
FRONT_SHOWN = 20
"""Of the newest that are not sticky: as many as the rail and what stands above it can show, however many are pinned."""
FRONT_SECTION = 10


def listed() -> ColumnElement[bool]:
    """The condition for lists of articles: live ones, no pages, and none that asks for a password."""
    return and_(Article.listed(), Article.password_hash.is_(None))


def next_appearance(after: datetime) -> datetime | None:
    """When the first article appears whose time has not come by `after`."""
    article = select(func.min(Article.listed_at)).where(Article.listed_at > after).scalar_subquery()
    coming = and_(Article.status.in_((Status.published, Status.scheduled)), Article.published_at > after)
    page = select(func.min(Article.published_at)).where(text("article.kind = 'page'"), coming)
    found = db.session.execute(select(article, page.scalar_subquery())).one()
    return min(filter(None, found), default=None)


def cards(ids: Iterable[int]) -> dict[int, Article]:
    """The listed articles among `ids`, by id, ready for a list."""
    return {article.id: article for article in read(_cards_query(), {"ids": list(set(ids))})}


@cache
def _cards_query() -> Select[Article]:
    chosen = Article.id.in_(bindparam("ids", expanding=True))
    return select(Article).where(chosen, listed()).options(*columns())


def category_by_slug(slug: str) -> Category | None:
    """The category that a filter of the feed names."""
    return db.session.scalar(select(Category).where(Category.slug == slug)) if slug else None


def all_categories() -> Sequence[Category]:
    """Every category, each behind the one above it."""
    return db.session.scalars(select(Category).order_by(Category.path).limit(200)).all()


def feed_categories() -> Sequence[Category]:
    """The categories that the newsroom offers as filters of the feed, in its order."""
    return generation.remembered("feed categories", _feed_categories)


def _feed_categories() -> list[Category]:
    query = select(Category).where(Category.is_in_feed).order_by(Category.position, Category.name)
    return apart(db.session.scalars(query))


def latest(category: Category | None, after: Cursor | None, *, without: int | None = None) -> Slice:
    """The newest articles, of a category or of all; `without` leaves out the one that stands first anyway."""
    members = lists.in_category(category.id) if category else None
    span = lists.Span(FEED_LIMIT + 1, after=after, without=without, is_open=True)
    found = read(lists.articles(members, span).options(*columns()))
    return Slice.of(found, FEED_LIMIT)


def front_ids(sections: Sequence[Category]) -> tuple[list[int], dict[int, list[int]]]:
    """Ids for the front page: the newest, sticky ones first, and the newest of each section by its id.

    Three statements. An article is sticky as long as it is among the newest sixty, so that none stays for years.
    """
    newest = read_rows(_newest_query())
    sticky = [row.id for row in newest if row.is_sticky]
    others = [row.id for row in newest if not row.is_sticky]
    by_section: dict[int, list[int]] = {section.id: [] for section in sections}
    if sections:
        each = tuple(section.id for section in sections)
        for section_id, article_id in read_rows(_newest_of_each(each)):
            by_section[section_id].append(article_id)
    return [*sticky, *others[:FRONT_SHOWN]], by_section


def pinned_ids() -> dict[int, int]:
    """What the newsroom has pinned on the front page: place to article, as far as readers may see it listed."""
    # The one condition of the index of pinned articles; with another the database might walk all that are listed.
    query = select(Article.front_place, Article.id, Article.listed_at, Article.password_hash)
    pinned = read_rows(query.where(Article.front_place.is_not(None)))
    now = clock.now()
    return {
        place: article_id
        for place, article_id, listed_at, password in pinned
        if place is not None and listed_at is not None and listed_at <= now and password is None
    }


@cache
def _newest_query() -> Select[int, bool]:
    newest = select(Article.id, Article.is_sticky).where(listed())
    return newest.order_by(*NEWEST_FIRST).limit(FRONT_NEWEST)


@lru_cache(maxsize=8)
def _newest_of_each(sections: tuple[int, ...]) -> Select[int, int]:
    """One statement for all sections: each its own short walk along the index, newest first.

    Building it took a fifth of the front page's time, so it is kept for these sections.
    """
    parts: list[Select[Any]] = []
    for section_id in sections:
        newest = lists.ids(lists.in_category(section_id), lists.Span(FRONT_SECTION, is_open=True)).subquery()
        parts.append(select(literal(section_id).label("section_id"), newest))
    together = union_all(*parts).subquery()
    ordered = select(together.c.section_id, together.c.article_id)
    return ordered.order_by(together.c.listed_at.desc(), together.c.article_id.desc())


def pictures(files: Iterable[str]) -> dict[str, Media]:
    """The pictures, by their files, of which sizes have been made: no more of each than it takes to show it."""
    found = read_rows(_pictures_query(), {"files": list(set(files))})
    return {row.file: Media(**row._mapping) for row in found}


@cache
def _pictures_query() -> Select[*tuple[Any, ...]]:
    shown = (
        Media.file, Media.rendition, Media.width, Media.height, Media.tint, Media.focus_x, Media.focus_y,
    )  # fmt: skip
    return select(*shown).where(Media.file.in_(bindparam("files", expanding=True)), Media.rendition != "")
