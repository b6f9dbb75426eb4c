"""What feeds and sitemaps list, each in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select, text, true
from sqlalchemy.orm import joinedload, load_only, selectinload

from webapp import clock
from webapp.database import db
from webapp.models import Address, AddressKind, Article, Category, Comment, CommentKind, CommentStatus, Kind
from webapp.models import article_category as in_category
from webapp.reading import lists
from webapp.reading.keyset import NEWEST_FIRST
from webapp.reading.lists import Members
from webapp.reading.queries import listed

FEED_LENGTH = 20
SITEMAP_LENGTH = 5000
NEWS_HOURS = 48
NEWS_LENGTH = 1000

_CHANGED = func.coalesce(Article.updated_at, Article.published_at, type_=Article.published_at.type)

_PART = Article.id // SITEMAP_LENGTH + 1


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
        pages = (
            select(_PART, func.max(_CHANGED)).where(text("article.kind = 'page'"), _open()).group_by(_PART)
        )
        return sorted((first, second) for first, second in db.session.execute(pages))
    # Walks along indexes that have nothing else in them. Those that ask for a password are few.
    locked = select(Article.id).where(text("article.password_hash IS NOT NULL"))
    changed: dict[int, datetime] = {}
    for moment in (Article.listed_at, Article.updated_at):
        known = (moment.is_not(None), moment <= clock.now(), Article.id.not_in(locked))
        newest = select(_PART, func.max(moment)).where(*known).group_by(_PART)
        rows: Sequence[Any] = db.session.execute(newest).all()
        for part, latest in rows:
            if moment is Article.listed_at or part in changed:
                changed[part] = max(latest, changed.get(part, latest))
    return sorted(changed.items())


def sitemap_places(kind: Kind, part: int) -> list[Place]:
    """The articles of one part."""
    query = (
        select(Address.path, _CHANGED)
        .join(Article, and_(Article.id == Address.article_id, Address.kind == AddressKind.permalink))
        .where(
            _open(),
            Article.kind == kind,
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
        .options(load_only(Article.headline, Article.excerpt, Article.published_at, Article.password_hash))
        .order_by(*NEWEST_FIRST)
        .limit(NEWS_LENGTH)
    )
    return db.session.scalars(query).all()


def _open() -> ColumnElement[bool]:
    return and_(Article.live(), Article.password_hash.is_(None))
