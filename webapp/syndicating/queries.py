"""What feeds and sitemaps list, each in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, TextClause, and_, exists, func, literal, select, text, true
from sqlalchemy.orm import joinedload, load_only, selectinload

from webapp import clock
from webapp.database import db
from webapp.models import Address, AddressKind, Article, Category, Comment, CommentKind, CommentStatus, Kind
from webapp.models import article_category as in_category
from webapp.models.article import OPEN, PAGES, SITEMAP_LENGTH
from webapp.reading import lists
from webapp.reading.keyset import NEWEST_FIRST
from webapp.reading.lists import Members
from webapp.reading.queries import listed

FEED_LENGTH = 20
NEWS_HOURS = 48
NEWS_LENGTH = 1000

_CHANGED = func.coalesce(Article.updated_at, Article.published_at, type_=Article.published_at.type)


def newest(
    members: Members | None = None, starts: datetime | None = None, ends: datetime | None = None
) -> list[Article]:
    """The newest articles with their texts and relations; none that asks for a password. Four statements."""
    span = lists.Span(FEED_LENGTH, starts=starts, ends=ends, is_open=True)
    options = (
        joinedload(Article.lead_media),
        selectinload(Article.authors),
        selectinload(Article.categories),
        selectinload(Article.tags),
    )
    return list(db.session.scalars(lists.articles(members, span).options(*options)))


def newest_comments(article: Article | None = None) -> list[tuple[Comment, Article]]:
    """The newest approved comments, of one article or of all, where readers may see them."""
    slim = load_only(
        Article.headline,
        Article.path,
        Article.excerpt,
        Article.published_at,
        Article.created_at,
        Article.imported_id,
        Article.password_hash,
    )
    query = (
        select(Comment, Article)
        .join(Article, Article.id == Comment.article_id)
        .where(
            Comment.status == CommentStatus.approved,
            Comment.kind == CommentKind.comment,
            Article.live(),
            Article.password_hash.is_(None),
            Article.comments_hidden.is_(False),
            true() if article is None else Comment.article_id == article.id,
        )
        .options(slim)
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(FEED_LENGTH)
    )
    return [(first, second) for first, second in db.session.execute(query)]


@dataclass(frozen=True)
class Place:
    """An entry of a sitemap: a path and when what stands there was changed."""

    path: str
    changed: datetime | None = None


def sitemap_parts(kind: Kind) -> list[tuple[int, datetime]]:
    """The numbers of the sitemaps that hold articles of a kind, each with its latest change.

    Part n holds the ids from (n - 1) * SITEMAP_LENGTH on, so that an article never moves to another part.
    """
    if kind == Kind.page:
        part = Article.id // SITEMAP_LENGTH + 1
        pages = select(part, func.max(_CHANGED)).where(Article.id.in_(PAGES), _open()).group_by(part)
        return sorted((first, second) for first, second in db.session.execute(pages))
    # One look at the end of an index for each part. The conditions stand there without parameters, as in the indexes.
    parts = select(literal(0).label("part")).cte("parts", recursive=True)
    last = select(func.max(Article.id) // SITEMAP_LENGTH).scalar_subquery()
    parts = parts.union_all(select(parts.c.part + 1).where(parts.c.part < last))
    published = _latest(Article.listed_at, parts.c.part, text(OPEN))
    updated = _latest(Article.updated_at, parts.c.part, text(f"{OPEN} AND updated_at IS NOT NULL"))
    query = select(parts.c.part + 1, published, updated)
    return [(part, max(first, latest or first)) for part, first, latest in db.session.execute(query) if first]


def _latest(moment: Any, part: ColumnElement[int], where: TextClause) -> ColumnElement[Any]:
    known = (part == Article.sitemap_part, where, Article.listed_at <= clock.now(), moment <= clock.now())
    return select(moment).where(*known).order_by(moment.desc()).limit(1).scalar_subquery()


def sitemap_places(kind: Kind, part: int) -> list[Place]:
    """The articles of one part."""
    query = (
        select(Address.path, _CHANGED)
        .join(Article, and_(Article.id == Address.article_id, Address.kind == AddressKind.permalink))
        .where(
            _open(),
            Article.id.in_(PAGES) if kind == Kind.page else Article.kind == kind,
            Article.id >= (part - 1) * SITEMAP_LENGTH,
            Article.id < part * SITEMAP_LENGTH,
        )
        .order_by(Article.id)
    )
    return [Place(path, changed) for path, changed in db.session.execute(query)]


def sitemap_categories() -> list[Place]:
    """The categories with articles that readers may see; those above them have a list, too, but not of their own."""
    filled = (
        exists()
        .where(in_category.c.category_id == Category.id, in_category.c.listed_at <= clock.now())
        .where(Article.id == in_category.c.article_id, Article.password_hash.is_(None))
    )
    query = select(Category).where(filled).order_by(Category.path)
    return [Place(category.url) for category in db.session.scalars(query)]


def news() -> Sequence[Article]:
    """The articles of the last 48 hours."""
    since = clock.now() - timedelta(hours=NEWS_HOURS)
    query = (
        select(Article)
        .where(listed(), Article.listed_at >= since)
        .options(
            load_only(
                Article.headline, Article.path, Article.excerpt, Article.published_at, Article.password_hash
            )
        )
        .order_by(*NEWEST_FIRST)
        .limit(NEWS_LENGTH)
    )
    return db.session.scalars(query).all()


def _open() -> ColumnElement[bool]:
    return and_(Article.live(), Article.password_hash.is_(None))
