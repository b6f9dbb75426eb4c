"""Articles as lists show them: without their long texts, with their lead pictures, numbers, authors and categories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, Table, and_, bindparam, literal, select, union_all
from sqlalchemy.orm import joinedload, load_only
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.base import ExecutableOption

from webapp.database import db
from webapp.models import Article, Author, Category, Tag, article_author, article_category, article_tag


@cache
def columns() -> tuple[ExecutableOption, ...]:
    """What a list needs of the articles themselves, without their long texts: options for a query, for `read`."""
    columns = load_only(
        Article.kind,
        Article.status,
        Article.headline,
        Article.path,
        Article.slug,
        Article.kicker,
        Article.standfirst,
        Article.excerpt,
        Article.word_count,
        Article.published_at,
        Article.listed_at,
        Article.updated_at,
        Article.is_sticky,
        Article.password_hash,
        raiseload=True,
    )
    return columns, joinedload(Article.lead_media), joinedload(Article.totals)


def read(query: Select[Article], parameters: Mapping[str, Any] | None = None) -> list[Article]:
    """What a query with `columns` finds, ready for a list. Two statements, however many articles."""
    found = list(db.session.scalars(query, parameters))
    attach(found)
    return found


def attach(articles: Iterable[Article], whole: Article | None = None) -> None:
    """Gives articles their authors and categories, and `whole`, which may be one of them, its tags too. One statement
    for all of them together."""
    found = list({article.id: article for article in articles}.values())
    if not found:
        return
    asked = {"articles": [article.id for article in found], "whole": whole.id if whole else 0}
    members: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for name, article_id, *owners in db.session.execute(_members(), asked):
        members[name, article_id] += filter(None, owners)
    for article in found:
        for name in ("authors", "categories"):
            set_committed_value(article, name, members[name, article.id])
    if whole:
        set_committed_value(whole, "tags", members["tags", whole.id])


@cache
def _members() -> Select[*tuple[Any, ...]]:
    """What articles have of each kind: its name, the article, and of three columns the one that is filled."""
    kinds = (
        ("authors", article_author, Author, bindparam("articles", expanding=True)),
        ("categories", article_category, Category, bindparam("articles", expanding=True)),
        ("tags", article_tag, Tag, [bindparam("whole", type_=Integer())]),
    )
    links = union_all(
        *(_links(name, table, owner, articles) for name, table, owner, articles in kinds)
    ).subquery()
    query = select(links.c.name, links.c.article_id, *(owner for _, _, owner, _ in kinds))
    for name, _, owner, _ in kinds:
        query = query.outerjoin(owner, and_(links.c.name == name, owner.id == links.c.owner_id))
    return query.order_by(links.c.position, links.c.owner_id)


def _links(name: str, table: Table, owner: Any, articles: Any) -> Select[*tuple[Any, ...]]:
    members = select(literal(name).label("name"), table.c.article_id, table.c.position)
    members = members.add_columns(table.c[f"{owner.__tablename__}_id"].label("owner_id"))
    return members.where(table.c.article_id.in_(articles))
