"""An article for its own page, and everything that the page shows beside it, in a handful of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, Subquery, Table, literal, select, union_all
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
from webapp.reading.keyset import NEWEST_FIRST, Cursor
from webapp.reading.queries import card_columns, listed
from webapp.sharing.queries import share_lines

RELATED_LENGTH = 4


def whole_options() -> tuple[ExecutableOption, ...]:
    """All of an article that stands in rows of its own, its numbers and its lead picture: no further statement."""
    numbers = with_expression(Article.share_lines, share_lines())
    return joinedload(Article.lead_media), joinedload(Article.totals), numbers


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
    near = _near(article, page).subquery()
    query = select(near.c.role, Article).join(near, near.c.article_id == Article.id)
    rows = db.session.execute(query.options(*card_columns()).order_by(near.c.role, near.c.position)).all()
    found: dict[str, list[Article]] = {"older": [], "newer": [], "related": []}
    for role, one in rows:
        found[role].append(one)
    attach(one for _, one in [*rows, ("", article)])
    _attach(Article.tags, article_tag, Tag, [article])
    like = found["related"]
    return Around(
        next(iter(found["older"]), None),
        next(iter(found["newer"]), None),
        like[:RELATED_LENGTH],
        len(like) > RELATED_LENGTH,
    )


def _near(article: Article, page: int) -> CompoundSelect[Any]:
    """Ids and what each is there for."""
    parts: list[Select[*tuple[Any, ...]]] = []
    if article.listed_at is not None:
        place = Cursor.behind(article)
        open_ones = select(Article.id.label("article_id")).where(listed(), Article.id != article.id).limit(1)
        older = open_ones.where(place.rest()).order_by(*NEWEST_FIRST).subquery()
        newer = open_ones.where(~place.rest()).order_by(Article.listed_at, Article.id).subquery()
        parts = [_role("older", older), _role("newer", newer)]
    like = (
        select(article_related.c.related_id.label("article_id"), article_related.c.position)
        .join(Article, Article.id == article_related.c.related_id)
        .where(article_related.c.article_id == article.id, listed())
        .order_by(article_related.c.position)
        .offset((page - 1) * RELATED_LENGTH)
        .limit(RELATED_LENGTH + 1)
        .subquery()
    )
    return union_all(*parts, _role("related", like, like.c.position))


def _role(role: str, part: Subquery, position: ColumnElement[int] | None = None) -> Select[*tuple[Any, ...]]:
    place = literal(0) if position is None else position
    return select(literal(role).label("role"), place.label("position"), part.c.article_id)


def attach(articles: Iterable[Article]) -> None:
    """Gives articles their authors and categories. Two statements for all of them together."""
    found = list({article.id: article for article in articles}.values())
    _attach(Article.authors, article_author, Author, found)
    _attach(Article.categories, article_category, Category, found)


def _attach(attribute: Any, table: Table, model: Any, articles: Sequence[Article]) -> None:
    owner = table.c[f"{model.__tablename__}_id"]
    query = select(table.c.article_id, model).join(model, model.id == owner)
    query = query.where(table.c.article_id.in_([article.id for article in articles]))
    members: dict[int, list[Any]] = defaultdict(list)
    for article_id, one in db.session.execute(query.order_by(table.c.position, model.id)):
        members[article_id].append(one)
    for article in articles:
        set_committed_value(article, attribute.key, members[article.id])
