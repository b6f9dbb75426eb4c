"""An article for its own page, and everything that the page shows beside it, in a handful of statements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    bindparam,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import joinedload, with_expression
from sqlalchemy.sql.base import ExecutableOption

from webapp.database import db
from webapp.models import Article, article_related
from webapp.models.base import UTCDateTime
from webapp.reading import cards
from webapp.reading.keyset import NEWEST_FIRST
from webapp.reading.queries import listed
from webapp.sharing.queries import share_lines

RELATED_LENGTH = 4


def whole_options() -> tuple[ExecutableOption, ...]:
    """All of an article that stands in rows of its own, its numbers and its lead picture: no further statement."""
    numbers = with_expression(Article.share_lines, share_lines())
    pictures = joinedload(Article.lead_media), joinedload(Article.share_media)
    return *pictures, joinedload(Article.totals), numbers


def whole(article_id: int) -> Article:
    """The article with `whole_options`. Raises NoResultFound."""
    query = select(Article).where(Article.id == article_id).options(*whole_options())
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


@dataclass(frozen=True)
class Around:
    """What a page shows beside its article: the listed ones just before and after it in time, and what is like it."""

    older: Article | None
    newer: Article | None
    related: list[Article]
    has_more: bool


def around(article: Article, page: int = 1) -> Around:
    """Everything around an article, with the authors, categories and tags of all of them. Two statements.

    `page`: of the related ones, as far as they have been worked out.
    """
    asked = {"article": article.id, "place": article.listed_at, "skipped": (page - 1) * RELATED_LENGTH}
    rows = db.session.execute(_beside(article.listed_at is not None), asked).all()
    found: dict[str, list[Article]] = {"older": [], "newer": [], "related": []}
    for role, one in rows:
        found[role].append(one)
    cards.attach([article, *(one for _, one in rows)], article)
    like = found["related"]
    return Around(
        next(iter(found["older"]), None),
        next(iter(found["newer"]), None),
        like[:RELATED_LENGTH],
        len(like) > RELATED_LENGTH,
    )


# Making a statement out of SQLAlchemy's parts takes longer than running it, so each is made once.
@lru_cache(maxsize=2)
def _beside(has_place: bool) -> Select[*tuple[Any, ...]]:
    """What stands beside `article`, with what each is there for. `has_place`: it stands in lists itself, at `place`."""
    article = bindparam("article", type_=Integer())
    parts: list[Select[*tuple[Any, ...]]] = []
    if has_place:
        behind = tuple_(Article.listed_at, Article.id) < tuple_(
            bindparam("place", type_=UTCDateTime()), article
        )
        open_ones = select(Article.id.label("article_id")).where(listed(), Article.id != article).limit(1)
        older = open_ones.where(behind).order_by(*NEWEST_FIRST).subquery()
        newer = open_ones.where(~behind).order_by(Article.listed_at, Article.id).subquery()
        parts = [_role("older", older), _role("newer", newer)]
    like = (
        select(article_related.c.related_id.label("article_id"), article_related.c.position)
        .join(Article, Article.id == article_related.c.related_id)
        .where(article_related.c.article_id == article, listed())
        .order_by(article_related.c.position)
        .offset(bindparam("skipped", type_=Integer()))
        .limit(RELATED_LENGTH + 1)
        .subquery()
    )
    near = union_all(*parts, _role("related", like, like.c.position)).subquery()
    query = select(near.c.role, Article).join(near, near.c.article_id == Article.id)
    return query.options(*cards.columns()).order_by(near.c.role, near.c.position)


def _role(role: str, part: Subquery, position: ColumnElement[int] | None = None) -> Select[*tuple[Any, ...]]:
    place = literal(0) if position is None else position
    return select(literal(role).label("role"), place.label("position"), part.c.article_id)
