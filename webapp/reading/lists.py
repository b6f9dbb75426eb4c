"""Lists of articles, newest first: of all, or of those with an author, in categories, with a tag.

Each is one walk along an index that has nothing else in it, whatever the size of the paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, literal, select

from webapp import dialects
from webapp.models import Article, article_author, article_listing, article_tag
from webapp.models.article import at_present
from webapp.models.base import UTCDateTime
from webapp.reading.keyset import Cursor


@dataclass(frozen=True)
class Members:
    """The articles that a table joins to what has this id."""

    table: Table
    column: str
    id: int


def with_tag(tag_id: int) -> Members:
    return Members(article_tag, "tag_id", tag_id)


def by_author(author_id: int) -> Members:
    return Members(article_author, "author_id", author_id)


def in_category(category_id: int) -> Members:
    """The articles of a category and of those below it."""
    return Members(article_listing, "above_id", category_id)


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


def ids(members: Members | None, span: Span) -> Select[int, datetime]:
    """The ids (`article_id`) and times (`listed_at`) of a part of a list, newest first."""
    source = Article.__table__.c if members is None else members.table.c
    listed_at, article_id = source.listed_at, source.id if members is None else source.article_id
    query = select(article_id.label("article_id"), listed_at.label("listed_at"))
    query = query.where(listed_at <= at_present(), *_within(span, listed_at, article_id))
    if members is not None:
        query = query.where(source[members.column] == members.id)
        if span.is_open:
            query = query.join(Article, Article.id == article_id)
    if span.is_open:
        query = query.where(Article.password_hash.is_(None))
    newest_first = (listed_at.desc(), article_id.desc())
    return query.order_by(*newest_first).offset(span.offset).limit(dialects.at_most(span.limit))


def _within(span: Span, listed_at: Any, article_id: Any) -> list[ColumnElement[bool]]:
    found = []
    if span.after is not None:
        found.append(span.after.rest(listed_at, article_id))
    if span.starts is not None:
        found.append(listed_at >= literal(span.starts, UTCDateTime))
    if span.ends is not None:
        found.append(listed_at < literal(span.ends, UTCDateTime))
    if span.without is not None:
        found.append(article_id != span.without)
    return found


def articles(members: Members | None, span: Span) -> Select[Article]:
    """The same as articles, ready for options."""
    part = ids(members, span).subquery()
    return (
        select(Article)
        .join(part, part.c.article_id == Article.id)
        .order_by(part.c.listed_at.desc(), part.c.article_id.desc())
    )
