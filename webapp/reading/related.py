"""What is like an article: by the rarity of shared tags and the likeness of headlines, then by category, then by age.

Worked out after publication and stored (webapp.publishing.relating), so that a page only reads. What it costs does not
grow with the paper: of each tag and category only the newest articles are looked at.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all

from webapp.database import db
from webapp.models import Article, article_category, article_related, article_tag
from webapp.reading import cards, lists
from webapp.reading.around import RELATED_LENGTH
from webapp.reading.queries import listed

KEPT = 12
"""How many are stored of each article: three pages."""
NEWEST = 100
"""Of each tag and each category."""
MOST_TAGS = 20
COUNTED = 20_000
"""A tag that stands on more articles is as rare as one on so many."""
COMPARED = 200
"""Of how many, the best by tags, headlines are compared."""
ONE_TAG, SAME_HEADLINE = 1_000_000, 200_000
"""A tag that nobody else has would be worth the first, a headline of the same words the second. Whole numbers: sums of
fractions would depend on their order and differ between databases."""


def related(article_id: int, page: int = 1) -> tuple[list[Article], bool]:
    """One page of what is like an article, and whether there is more. Two statements where it is stored."""
    stored = (
        select(Article)
        .join(article_related, article_related.c.related_id == Article.id)
        .where(article_related.c.article_id == article_id, listed())
        .order_by(article_related.c.position)
    )
    found = cards.read(stored.options(*cards.columns()))
    if not found:
        ids = ranked(article_id)
        near = select(Article).where(Article.id.in_(ids), listed()).options(*cards.columns())
        found = sorted(cards.read(near), key=lambda one: ids.index(one.id))
    begins = (page - 1) * RELATED_LENGTH
    return found[begins : begins + RELATED_LENGTH], len(found) > begins + RELATED_LENGTH


def ranked(article_id: int) -> list[int]:
    """The ids of the KEPT articles most like one, the best first. Five statements."""
    tags = _of(article_tag, "tag_id", article_id, MOST_TAGS)
    categories = _of(article_category, "category_id", article_id, MOST_TAGS)
    points: Counter[int] = Counter()
    siblings: set[int] = set()
    ages: dict[int, Any] = {}
    worth = {tag: ONE_TAG // count for tag, count in _uses(tags).items() if count}
    for kind, owner, number, listed_at in _newest(tags, categories):
        if number != article_id:
            ages[number] = listed_at
            if kind == "tag":
                points[number] += worth.get(owner, 0)
            else:
                siblings.add(number)

    def order(number: int) -> tuple[Any, ...]:
        return points[number], number in siblings, ages[number], number

    best = sorted(ages, key=order, reverse=True)[:COMPARED]
    words = _headlines([article_id, *best])
    own = words.get(article_id, set())
    for number in best:
        other = words.get(number, set())
        together = own | other
        points[number] += SAME_HEADLINE * len(own & other) // len(together) if together else 0
    return sorted(best, key=order, reverse=True)[:KEPT]


def _of(table: Any, column: str, article_id: int, most: int) -> list[int]:
    query = select(table.c[column]).where(table.c.article_id == article_id)
    return list(db.session.scalars(query.order_by(table.c.position).limit(most)))


def _uses(tags: list[int]) -> dict[int, int]:
    """On how many articles each tag stands, counted up to COUNTED."""
    if not tags:
        return {}
    parts: list[Select[*tuple[Any, ...]]] = []
    for tag in tags:
        some = select(article_tag.c.article_id).where(article_tag.c.tag_id == tag).limit(COUNTED).subquery()
        parts.append(select(literal(tag).label("tag"), func.count().label("uses")).select_from(some))
    rows: Any = db.session.execute(union_all(*parts))
    return {tag: uses for tag, uses in rows}  # noqa: C416 (rows are no plain pairs)


def _newest(tags: list[int], categories: list[int]) -> list[tuple[str, int, int, Any]]:
    """The newest articles with each tag and in each category: kind, its id, article, time."""
    parts: list[Select[*tuple[Any, ...]]] = []
    for kind, table, column, owners in (
        ("tag", article_tag, "tag_id", tags),
        ("category", article_category, "category_id", categories),
    ):
        for owner in owners:
            members = lists.Members(table, column, owner)
            newest = lists.ids(members, lists.Span(NEWEST)).subquery()
            named = (literal(kind).label("kind"), literal(owner).label("owner"))
            parts.append(select(*named, newest.c.article_id, newest.c.listed_at))
    if not parts:
        return []
    return [tuple(row) for row in db.session.execute(union_all(*parts))]


def _headlines(ids: list[int]) -> dict[int, set[str]]:
    """The longer words of headlines and standfirsts, by article: of open ones alone."""
    query = select(Article.id, Article.search_headline, Article.search_standfirst).where(
        Article.id.in_(ids), Article.password_hash.is_(None)
    )
    found: dict[int, set[str]] = defaultdict(set)
    for number, headline, standfirst in db.session.execute(query):
        found[number] = {word for word in f"{headline} {standfirst}".split() if len(word) > 3}
    return found
