"""An article for its own page, and everything that the page shows beside it, in a handful of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
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
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.base import ExecutableOption

from webapp.database import db
from webapp.models import (
    Article,
    Author,
    Category,
    Tag,
    article_author,
    article_category,
    article_related,
    article_tag,
)
from webapp.models.base import UTCDateTime
from webapp.reading.keyset import NEWEST_FIRST
from webapp.reading.queries import card_columns, listed
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
    """Everything around an article, with authors, categories and tags of all of them. Four statements.

    `page`: of the related ones, as far as they have been worked out.
    """
    asked = {"article": article.id, "place": article.listed_at, "skipped": (page - 1) * RELATED_LENGTH}
    rows = db.session.execute(_beside(article.listed_at is not None), asked).all()
    found: dict[str, list[Article]] = {"older": [], "newer": [], "related": []}
    for role, one in rows:
        found[role].append(one)
    attach(one for _, one in [*rows, ("", article)])
    _attach(Article.tags, [article])
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
    return query.options(*card_columns()).order_by(near.c.role, near.c.position)


def _role(role: str, part: Subquery, position: ColumnElement[int] | None = None) -> Select[*tuple[Any, ...]]:
    place = literal(0) if position is None else position
    return select(literal(role).label("role"), place.label("position"), part.c.article_id)


def attach(articles: Iterable[Article]) -> None:
    """Gives articles their authors and categories. Two statements for all of them together."""
    found = list({article.id: article for article in articles}.values())
    _attach(Article.authors, found)
    _attach(Article.categories, found)


def _attach(attribute: Any, articles: Sequence[Article]) -> None:
    asked = {"articles": [article.id for article in articles]}
    members: dict[int, list[Any]] = defaultdict(list)
    for article_id, one in db.session.execute(_members(attribute.key), asked):
        members[article_id].append(one)
    for article in articles:
        set_committed_value(article, attribute.key, members[article.id])


@lru_cache(maxsize=3)
def _members(name: str) -> Select[*tuple[Any, ...]]:
    table, model = {
        "authors": (article_author, Author),
        "categories": (article_category, Category),
        "tags": (article_tag, Tag),
    }[name]
    owner = table.c[f"{model.__tablename__}_id"]
    query = select(table.c.article_id, model).join(model, model.id == owner)
    query = query.where(table.c.article_id.in_(bindparam("articles", expanding=True)))
    return query.order_by(table.c.position, model.id)
