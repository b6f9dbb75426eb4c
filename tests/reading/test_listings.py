"""In which lists of categories an article stands: the database keeps that up, whatever is moved, joined and removed."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import OperationalError

from tests.factories import at, make_article, make_category
from webapp import schema
from webapp.database import db, transaction
from webapp.models import Article, Category, article_category, article_listing
from webapp.models.category import category_above
from webapp.reading import archive_queries

Row = tuple[int, int, datetime | None]


def kept() -> set[Row]:
    columns = article_listing.c
    found = db.session.execute(select(columns.article_id, columns.above_id, columns.listed_at))
    return {tuple(row) for row in found}


def reckoned() -> set[Row]:
    """The same from parents, memberships and times, one after the other."""
    parents = dict(db.session.execute(select(Category.id, Category.parent_id)).all())
    times = dict(db.session.execute(select(Article.id, Article.listed_at)).all())
    rows = set()
    joined = select(article_category.c.article_id, article_category.c.category_id)
    for article_id, category_id in db.session.execute(joined):
        above: int | None = category_id
        while above is not None:
            rows.add((article_id, above, times[article_id]))
            above = parents[above]
    return rows


def below(number: int) -> set[int]:
    """The category itself and all below it."""
    found, parents = {number}, dict(db.session.execute(select(Category.id, Category.parent_id)).all())
    for _ in parents:
        found |= {one for one, parent in parents.items() if parent in found}
    return found


def move(dice: random.Random) -> None:
    numbers = list(db.session.scalars(select(Category.id)))
    moved = dice.choice(numbers)
    places = [None, *(one for one in numbers if one not in below(moved))]
    db.session.execute(update(Category).where(Category.id == moved).values(parent_id=dice.choice(places)))


def join(dice: random.Random) -> None:
    categories = list(db.session.scalars(select(Category.id)))
    article_id = dice.choice(list(db.session.scalars(select(Article.id))))
    mine = select(article_category.c.category_id).where(article_category.c.article_id == article_id)
    free = sorted(set(categories) - set(db.session.scalars(mine)))
    if free:
        row = {"article_id": article_id, "category_id": dice.choice(free), "position": 0}
        db.session.execute(insert(article_category).values(row))


def part(dice: random.Random) -> None:
    row = dice.choice(db.session.execute(select(article_category)).all() or [None])
    if row is not None:
        one = article_category.c
        gone = (one.article_id == row.article_id) & (one.category_id == row.category_id)
        db.session.execute(delete(article_category).where(gone))


def found_section(dice: random.Random) -> None:
    numbers = [None, *db.session.scalars(select(Category.id))]
    slug = f"new-{dice.randrange(10**9)}"
    db.session.execute(
        insert(Category).values(
            slug=slug, name=slug, path=slug, parent_id=dice.choice(numbers), description=""
        )
    )


def close_section(dice: random.Random) -> None:
    numbers = list(db.session.scalars(select(Category.id)))
    if len(numbers) > 3:
        db.session.execute(delete(Category).where(Category.id == dice.choice(numbers)))


def take_down(dice: random.Random) -> None:
    article_id = dice.choice(list(db.session.scalars(select(Article.id))))
    status = dice.choice(("draft", "published", "trashed"))
    time = at("2026-01-01T09:00+00:00") + timedelta(hours=dice.randrange(500))
    db.session.execute(
        update(Article).where(Article.id == article_id).values(status=status, published_at=time)
    )


DEEDS: tuple[Callable[[random.Random], None], ...] = (
    move, move, join, join, part, found_section, close_section, take_down,
)  # fmt: skip


@pytest.mark.both_databases
@pytest.mark.parametrize("seed", range(4))
def test_lists_follow_whatever_is_done(app: Flask, seed: int) -> None:
    dice = random.Random(seed)
    top = make_category("Sea", slug="sea")
    coast = make_category("Coast", slug="coast", parent=top)
    make_category("Tides", slug="tides", parent=coast)
    for number in range(4):
        make_article(slug=f"a{number}", categories=[coast] if number % 2 else [])
    assert kept() == reckoned() != set()
    for turn in range(40):
        deed = dice.choice(DEEDS)
        with transaction():
            deed(dice)
        db.session.expire_all()
        assert kept() == reckoned(), f"turn {turn}: {deed.__name__}"


@pytest.mark.both_databases
def test_an_article_that_goes_leaves_all_lists(app: Flask) -> None:
    article = make_article(
        categories=[make_category("Coast", slug="coast", parent=make_category("Sea", slug="sea"))]
    )
    assert len(kept()) == 2
    with transaction():
        db.session.execute(delete(Article).where(Article.id == article.id))
    assert kept() == set()


@pytest.mark.both_databases
def test_an_article_of_two_kinds_of_a_section_is_counted_once(app: Flask) -> None:
    sea = make_category("Sea", slug="sea")
    both = [make_category(name, slug=name.lower(), parent=sea) for name in ("News", "Reports")]
    for number in range(6):
        time = at("2026-01-01T09:00+00:00") - timedelta(hours=number)
        make_article(slug=f"a{number}", categories=both, published_at=time)
    archive = archive_queries.of_category("sea")
    assert archive is not None
    pages = [archive_queries.page_of(archive, page, 2) for page in (1, 2, 3, 4)]
    assert [[one.slug for one in page.articles] for page in pages] == [
        ["a0", "a1"],
        ["a2", "a3"],
        ["a4", "a5"],
        [],
    ]
    assert [page.next is None for page in pages] == [False, False, True, True]


@pytest.mark.on_postgresql
def test_a_category_moves_when_nobody_is_giving_articles_categories(app: Flask) -> None:
    sea, coast = make_category("Sea", slug="sea"), make_category("Coast", slug="coast")
    news = make_category("News", slug="news", parent=sea)
    article = make_article(categories=[news, coast])
    moved = update(Category).where(Category.id == coast.id).values(parent_id=sea.id)
    mine, left = article_category.c.article_id == article.id, article_category.c.category_id == news.id
    stays = {sea.id, coast.id}
    db.session.remove()
    writing = db.engine.execution_options(isolation_level="READ COMMITTED")
    gone = delete(article_category).where(mine, left)
    with writing.begin() as one, writing.connect() as other:
        # By itself the other one would not see that Coast comes below Sea, and take the article out of its list.
        one.execute(moved)
        with pytest.raises(OperationalError, match="lock timeout"), other.begin():
            other.execute(text("SET LOCAL lock_timeout = '200ms'"))
            other.execute(gone)
    with transaction():
        db.session.execute(gone)
    assert kept() == reckoned()
    assert {above for _, above, _ in kept()} == stays


@pytest.mark.both_databases
def test_what_was_there_before_stands_in_lists_afterwards(app: Flask) -> None:
    sea = make_category("Sea", slug="sea")
    coast = make_category("Coast", slug="coast", parent=sea)
    make_article(slug="tide", categories=[make_category("Tides", slug="tides", parent=coast), coast])
    before = kept()
    db.session.remove()
    schema.downgrade("0025")
    schema.upgrade()
    assert kept() == before == reckoned()
    above = set(db.session.execute(select(category_above.c.category_id, category_above.c.above_id)).all())
    assert len(above) == 6
