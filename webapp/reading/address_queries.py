"""Who lives at an address, and which article, list or file an old number means."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import Select, bindparam, case, or_, select
from sqlalchemy.orm import load_only

from webapp.database import db
from webapp.models import Address, AddressKind, Article, Author, Category, Media, Tag, address_key
from webapp.models.base import LARGEST_ID
from webapp.reading.around import whole_options

_SLIM = load_only(
    Article.kind,
    Article.path,
    Article.status,
    Article.headline,
    Article.excerpt,
    Article.published_at,
    Article.updated_at,
    Article.password_hash,
    Article.comments_open,
    Article.comments_hidden,
    Article.imported_id,
)

_Numbered = TypeVar("_Numbered", Article, Category, Author)


def owners(paths: Iterable[str]) -> dict[str, tuple[Address, Article | None]]:
    """Who has each of the paths, by its key, with the whole article behind it. One statement."""
    asked = {"keys": list({address_key(path) for path in paths})}
    return {address.key: (address, article) for address, article in db.session.execute(_owners(), asked)}


@lru_cache(maxsize=1)
def _owners() -> Select[Address, Article]:
    return (
        select(Address, Article)
        .outerjoin(Article, Article.id == Address.article_id)
        .where(Address.key.in_(bindparam("keys", expanding=True)))
        .options(*whole_options())
        .execution_options(populate_existing=True)
    )


def article_by_id(article_id: int) -> Article | None:
    """The article with this id, without its texts."""
    if article_id > LARGEST_ID:
        return None
    return db.session.scalar(select(Article).where(Article.id == article_id).options(_SLIM))


def article_by_number(number: int) -> Article | None:
    """The article that WordPress knew by this number, else the one with this id here."""
    return db.session.scalar(_by_number(Article, number).options(_SLIM))


def category_by_number(number: int) -> Category | None:
    return db.session.scalar(_by_number(Category, number))


def author_by_number(number: int) -> Author | None:
    return db.session.scalar(_by_number(Author, number))


def tag_by_slug(slug: str) -> Tag | None:
    return db.session.scalar(select(Tag).where(Tag.slug == slug))


def attachment_path(number: int) -> str | None:
    """The page of the media file that WordPress knew by this number."""
    query = (
        select(Address.path)
        .join(Media, Media.id == Address.media_id)
        .where(Media.imported_id == number, Address.kind == AddressKind.attachment)
    )
    return db.session.scalar(query)


def media_with_parent(media_id: int) -> tuple[Media, Article | None]:
    """A media file and the article that it was uploaded to."""
    query = (
        select(Media, Article)
        .outerjoin(Article, Article.id == Media.article_id)
        .where(Media.id == media_id)
        .options(_SLIM)
    )
    return db.session.execute(query).one()


def _by_number(model: type[_Numbered], number: int) -> Select[_Numbered]:
    return (
        select(model)
        .where(or_(model.imported_id == number, model.id == number))
        .order_by(case((model.imported_id == number, 0), else_=1), model.id)
        .limit(1)
    )
