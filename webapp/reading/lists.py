"""Lists of articles, newest first: of all, or of those with an author, in categories, with a tag.

Each is one walk along an index that has nothing else in it, whatever the size of the paper.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, GenerativeSelect, Select, Table, desc, literal, select

from webapp import dialects, generation
from webapp.database import db
from webapp.models import Article, Category, article_author, article_category, article_tag
from webapp.models.article import at_present
from webapp.models.base import UTCDateTime
from webapp.reading.keyset import Cursor

MOST_BRANCHES = 60
"""Categories under one another whose lists are merged; of a deeper tree the rest is left out."""


@dataclass(frozen=True)
class Members:
    """The articles that a table joins to any of these ids."""

    table: Table
    column: str
    ids: tuple[int, ...]


def with_tag(tag_id: int) -> Members:
    return Members(article_tag, "tag_id", (tag_id,))


def by_author(author_id: int) -> Members:
    return Members(article_author, "author_id", (author_id,))


def in_category(category: Category) -> Members:
    """The articles of a category and of those below it."""
    return in_each([category])[category.id]


def in_each(categories: Iterable[Category]) -> dict[int, Members]:
    """The same for several, by their ids."""
    paths = generation.remembered("category paths", _paths)
    found = {}
    for category in categories:
        below = sorted(one for path, one in paths.items() if path.startswith(category.path + "/"))
        inside = (category.id, *below[: MOST_BRANCHES - 1])
        found[category.id] = Members(article_category, "category_id", inside)
    return found


def _paths() -> dict[str, int]:
    return {path: number for number, path in db.session.execute(select(Category.id, Category.path))}


@dataclass(frozen=True)
class Span:
    """What part of a list is meant: behind a cursor, from and to a moment, past `offset`, at most `limit`."""

    limit: int
    after: Cursor | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    offset: int = 0
    is_open: bool = False
    """Without those that ask for a password."""
    without: int | None = None
    """The article left out."""


def ids(members: Members | None, span: Span) -> GenerativeSelect:
    """The ids (`article_id`) and times (`listed_at`) of a part of a list, newest first."""
    if members is None:
        walks = [_walk(Article.listed_at, Article.id, None, span)]
    else:
        listed_at, article_id = members.table.c.listed_at, members.table.c.article_id
        owner = members.table.c[members.column]
        walks = [_walk(listed_at, article_id, owner == one, span) for one in members.ids]
    # Several are merged as they go; an article of two categories counts once.
    order = ("listed_at", "article_id")
    found = walks[0] if len(walks) == 1 else dialects.merged(walks, order, span.offset + span.limit)
    return found.order_by(*map(desc, order)).offset(span.offset).limit(dialects.at_most(span.limit))


def _walk(
    listed_at: Any, article_id: Any, owned: ColumnElement[bool] | None, span: Span
) -> Select[*tuple[Any, ...]]:
    query = select(article_id.label("article_id"), listed_at.label("listed_at"))
    query = query.where(listed_at <= at_present())
    if owned is not None:
        query = query.where(owned)
    if span.after is not None:
        query = query.where(span.after.rest(listed_at, article_id))
    if span.starts is not None:
        query = query.where(listed_at >= literal(span.starts, UTCDateTime))
    if span.ends is not None:
        query = query.where(listed_at < literal(span.ends, UTCDateTime))
    if span.without is not None:
        query = query.where(article_id != span.without)
    if span.is_open:
        if owned is not None:
            query = query.join(Article, Article.id == article_id)
        query = query.where(Article.password_hash.is_(None))
    return query


def articles(members: Members | None, span: Span) -> Select[Article]:
    """The same as articles, ready for options."""
    part = ids(members, span).subquery()
    return (
        select(Article)
        .join(part, part.c.article_id == Article.id)
        .order_by(part.c.listed_at.desc(), part.c.article_id.desc())
    )
