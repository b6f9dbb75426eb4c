"""Made-up papers of any size: what they consist of is whole, counted right, and shown by the site."""

from __future__ import annotations

from itertools import groupby

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import aliased

from tests.factories import make_article
from webapp import dialects
from webapp.cli import cli
from webapp.database import db
from webapp.models import (
    VIEW,
    Address,
    Article,
    ArticleTotals,
    Category,
    Comment,
    CommentStatus,
    ShareTotal,
    TallyHour,
    article_related,
    article_relating,
)
from webapp.publishing import scale, scale_comments


def number(table: type, *conditions: object) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0  # pyright: ignore[reportArgumentType]


@pytest.mark.both_databases
def test_a_paper_is_whole(client: FlaskClient) -> None:
    told: list[int] = []
    scale.make(120, 700, told.append)
    assert sum(told) == 820
    assert (number(Article), number(Address), number(Comment)) == (120, 120, 700)
    assert number(Article, Article.listed()) == 120
    approved = select(func.count()).where(
        Comment.article_id == ArticleTotals.article_id, Comment.status == CommentStatus.approved
    )
    assert number(ArticleTotals, ArticleTotals.comment_count != approved.scalar_subquery()) == 0
    shares = select(func.coalesce(func.sum(TallyHour.count), 0)).where(
        TallyHour.article_id == ArticleTotals.article_id, TallyHour.metric != VIEW
    )
    assert number(ArticleTotals, ArticleTotals.share_count != shares.scalar_subquery()) == 0
    by_network = select(func.coalesce(func.sum(ShareTotal.count), 0)).where(
        ShareTotal.article_id == ArticleTotals.article_id
    )
    assert number(ArticleTotals, ArticleTotals.share_count != by_network.scalar_subquery()) == 0
    parent = aliased(Comment)
    strays = (
        select(func.count())
        .select_from(Comment)
        .join(parent, parent.id == Comment.parent_id)
        .where((parent.root_id != Comment.root_id) | (parent.created_at > Comment.created_at))
    )
    assert db.session.scalar(strays) == 0
    assert number(Comment, Comment.parent_id.is_not(None)) > 100
    assert db.session.scalar(select(func.count()).select_from(article_relating)) == 0
    assert db.session.scalar(select(func.count()).select_from(article_related)) == 120 * 12


def test_the_site_shows_it(client: FlaskClient) -> None:
    make_article("Of our own")
    scale.make(60, 200)
    front = client.get("/").text
    assert "Of our own" in front and 'href="/category/sea/"' in front
    newest = db.session.scalars(select(Article).order_by(Article.id.desc())).first()
    assert newest is not None
    page = client.get(newest.permalink)
    assert page.status_code == 200 and "Related articles" in page.text
    assert newest.permalink in client.get("/sitemaps/articles-1.xml").text
    some = select(Comment).where(Comment.status == CommentStatus.approved).order_by(Comment.article_id)
    talked = db.session.get_one(Article, db.session.scalars(some).all()[-1].article_id)
    assert 'class="comment' in client.get(talked.permalink).text
    word = newest.headline.partition(":")[0]
    assert newest.permalink in client.get("/search", query_string={"q": word}).text


def test_the_same_seed_writes_the_same_and_a_second_run_adds(app: Flask) -> None:
    scale.make(30, 0)
    first = db.session.scalars(select(Article.headline).order_by(Article.id)).all()
    scale.make(30, 0)
    both = db.session.scalars(select(Article.headline).order_by(Article.id)).all()
    assert both == [*first, *first]
    assert number(Category) == 30, "six sections with four kinds each, once"


def test_a_real_paper_is_left_alone_unless_it_is_said(app: Flask) -> None:
    make_article("Real")
    runner = CliRunner()
    refused = runner.invoke(cli, ["demo", "scale", "--articles", "5", "--comments", "5"], obj=app)
    assert refused.exit_code == 1 and "This is a real paper." in refused.output
    assert number(Article) == 1
    done = runner.invoke(cli, ["demo", "scale", "--articles", "5", "--comments", "5", "--yes"], obj=app)
    assert done.exit_code == 0 and "5 articles and 5 comments were added." in done.output
    assert number(Article) == 6


@pytest.mark.both_databases
def test_the_database_looks_at_its_tables_while_they_grow(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else PostgreSQL goes on as with empty tables, and checks each row by reading hundreds."""
    monkeypatch.setattr(scale, "BATCH", 50)
    monkeypatch.setattr(scale_comments, "BATCH", 200)
    monkeypatch.setattr(dialects, "GROWN", (100, 500))
    order: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        words = statement.partition("(")[0].removeprefix("INSERT INTO ").strip()
        if words in ("ANALYZE", "article", "comment"):
            order.append(words)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        scale.make(200, 1000)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    kinds = " ".join(kind for kind, _ in groupby(order))
    assert kinds == "article ANALYZE article comment ANALYZE comment ANALYZE comment ANALYZE"
