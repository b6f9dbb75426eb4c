"""What the reading pages show: each function answers it in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, true, union_all
from sqlalchemy.orm import joinedload, load_only, selectinload
from sqlalchemy.sql.base import ExecutableOption

from webapp.database import db
from webapp.models import Article, Category, Kind, Media, Status, article_category, article_tag
from webapp.reading.keyset import NEWEST_FIRST, Cursor, Slice

FEED_LIMIT = 12
RELATED_LIMIT = 4
FRONT_NEWEST = 60
FRONT_SECTION = 10


def listed() -> ColumnElement[bool]:
    """The condition for lists of articles: live ones, no pages, and none that asks for a password."""
    return and_(Article.live(), Article.kind == Kind.article, Article.password_hash.is_(None))


def card_options() -> tuple[ExecutableOption, ...]:
    """What a list needs of its articles, without their long texts (three more statements, however many articles)."""
    columns = load_only(
        Article.kind,
        Article.status,
        Article.headline,
        Article.slug,
        Article.kicker,
        Article.standfirst,
        Article.excerpt,
        Article.word_count,
        Article.published_at,
        Article.updated_at,
        Article.is_sticky,
        Article.password_hash,
        raiseload=True,
    )
    return (
        columns,
        joinedload(Article.lead_media),
        joinedload(Article.totals),
        selectinload(Article.authors),
        selectinload(Article.categories),
    )


def in_category(category: Category) -> ColumnElement[bool]:
    """The condition for articles of a category or of one below it."""
    joined = article_category.join(Category, Category.id == article_category.c.category_id)
    return Article.id.in_(
        select(article_category.c.article_id).select_from(joined).where(_is_inside(category))
    )


def next_appearance(after: datetime) -> datetime | None:
    """When the first article appears whose time has not come by `after`."""
    coming = Article.status.in_((Status.published, Status.scheduled))
    return db.session.scalar(
        select(func.min(Article.published_at)).where(coming, Article.published_at > after)
    )


def _is_inside(category: Category) -> ColumnElement[bool]:
    return or_(Category.id == category.id, Category.path.startswith(category.path + "/", autoescape=True))


def cards(ids: Iterable[int]) -> dict[int, Article]:
    """The listed articles among `ids`, by id, ready for a list."""
    query = select(Article).where(Article.id.in_(set(ids)), listed()).options(*card_options())
    return {article.id: article for article in db.session.scalars(query)}


def slice_of(condition: ColumnElement[bool], after: Cursor | None, limit: int) -> Slice:
    """Listed articles under a condition, newest first, `limit` of them behind `after`."""
    query = select(Article).where(listed(), condition).options(*card_options()).order_by(*NEWEST_FIRST)
    if after is not None:
        query = query.where(after.rest())
    return Slice.of(db.session.scalars(query.limit(limit + 1)).all(), limit)


def category_by_slug(slug: str) -> Category | None:
    """The category that a filter of the feed names."""
    return db.session.scalar(select(Category).where(Category.slug == slug))


def feed_categories() -> Sequence[Category]:
    """The categories that the newsroom offers as filters of the feed, in its order."""
    query = select(Category).where(Category.is_in_feed).order_by(Category.position, Category.name)
    return db.session.scalars(query).all()


def latest(category: Category | None, after: Cursor | None, *, without: int | None = None) -> Slice:
    """The newest articles, of a category or of all; `without` leaves out the one that stands first anyway."""
    condition = in_category(category) if category else true()
    if without is not None:
        condition = and_(condition, Article.id != without)
    return slice_of(condition, after, FEED_LIMIT)


def front_ids(sections: Sequence[Category]) -> tuple[list[int], dict[int, list[int]]]:
    """Ids for the front page: the newest, sticky ones first, and the newest of each section by its id.

    Two statements. An article is sticky as long as it is among the newest sixty, so that none stays for years.
    """
    newest = select(Article.id, Article.is_sticky).where(listed()).order_by(*NEWEST_FIRST).limit(FRONT_NEWEST)
    rows = sorted(db.session.execute(newest).all(), key=lambda row: not row.is_sticky)
    by_section: dict[int, list[int]] = {section.id: [] for section in sections}
    if sections:
        for section_id, article_id in db.session.execute(_newest_of_each(sections)):
            by_section[section_id].append(article_id)
    return [row.id for row in rows], by_section


def pinned_ids() -> dict[int, int]:
    """What the newsroom has pinned on the front page: place to article, as far as readers may see it listed."""
    pinned = select(Article.front_place, Article.id).where(Article.front_place.is_not(None), listed())
    return {place: article_id for place, article_id in db.session.execute(pinned) if place is not None}


def _newest_of_each(sections: Sequence[Category]) -> Select[int, int]:
    """One statement for all sections: each its own short walk along the index, newest first."""
    parts: list[Select[Any]] = []
    for section in sections:
        newest = (
            select(
                literal(section.id).label("section_id"), Article.id.label("article_id"), Article.published_at
            )
            .where(listed(), in_category(section))
            .order_by(*NEWEST_FIRST)
            .limit(FRONT_SECTION)
            .subquery()
        )
        parts.append(select(newest))
    together = union_all(*parts).subquery()
    ordered = select(together.c.section_id, together.c.article_id)
    return ordered.order_by(together.c.published_at.desc(), together.c.article_id.desc())


def with_all(article_id: int) -> Article:
    """The article with everything that its own page shows (five statements). Raises NoResultFound."""
    options = (
        joinedload(Article.lead_media),
        joinedload(Article.totals),
        selectinload(Article.authors),
        selectinload(Article.categories),
        selectinload(Article.tags),
    )
    query = select(Article).where(Article.id == article_id).options(*options)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def pictures(files: Iterable[str]) -> dict[str, Media]:
    """The pictures, by their files, of which sizes have been made."""
    query = select(Media).where(Media.file.in_(set(files)), Media.rendition != "")
    return {media.file: media for media in db.session.scalars(query)}


def neighbours(article: Article) -> tuple[Article | None, Article | None]:
    """The listed articles just before and just after it in time; ties go by id. Two statements."""
    place = Cursor.behind(article)
    slim = load_only(
        Article.headline, Article.excerpt, Article.published_at, Article.password_hash, raiseload=True
    )
    lists = select(Article).where(listed(), Article.id != article.id).options(slim).limit(1)
    before = lists.where(place.rest()).order_by(*NEWEST_FIRST)
    after = lists.where(~place.rest()).order_by(Article.published_at, Article.id)
    return db.session.scalar(before), db.session.scalar(after)


def related(article_id: int, page: int = 1) -> tuple[list[Article], bool]:
    """One page of what is like an article, and whether there is more.

    Shared tags count the more, the rarer they are; then a shared category, then age. The order is total, so that
    no article stands on two pages.
    """
    score = _tag_score(article_id)
    categories = select(article_category.c.category_id).where(article_category.c.article_id == article_id)
    siblings = select(article_category.c.article_id).where(article_category.c.category_id.in_(categories))
    is_sibling = Article.id.in_(siblings)
    query = (
        select(Article)
        .outerjoin(score, score.c.article_id == Article.id)
        .where(listed(), Article.id != article_id, or_(score.c.score > 0, is_sibling))
        .options(*card_options())
        .order_by(
            func.coalesce(score.c.score, 0).desc(), case((is_sibling, 1), else_=0).desc(), *NEWEST_FIRST
        )
        .offset((page - 1) * RELATED_LIMIT)
        .limit(RELATED_LIMIT + 1)
    )
    found = db.session.scalars(query).all()
    return list(found[:RELATED_LIMIT]), len(found) > RELATED_LIMIT


def _tag_score(article_id: int) -> Any:
    """Per article the sum, over the tags it shares, of a million divided by how often the tag is used.

    Whole numbers: sums of fractions would depend on their order and differ between databases.
    """
    own = select(article_tag.c.tag_id).where(article_tag.c.article_id == article_id)
    weight = (
        select(article_tag.c.tag_id, (literal(1_000_000) // func.count()).label("weight"))
        .where(article_tag.c.tag_id.in_(own))
        .group_by(article_tag.c.tag_id)
        .subquery()
    )
    return (
        select(article_tag.c.article_id, func.sum(weight.c.weight).label("score"))
        .join(weight, weight.c.tag_id == article_tag.c.tag_id)
        .group_by(article_tag.c.article_id)
        .subquery()
    )
