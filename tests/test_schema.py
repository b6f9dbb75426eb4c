"""Migrations run up and down on both databases and agree with the models."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from tests.factories import make_article, make_comment
from webapp import schema
from webapp.database import db, transaction
from webapp.models import Comment, TallyDay, TallyHour
from webapp.sharing import queries

pytestmark = pytest.mark.both_databases


def test_the_migrated_database_agrees_with_the_models(app: Flask) -> None:
    assert schema.differences() == []


def test_migrations_run_down_to_nothing_and_up_again(app: Flask) -> None:
    db.session.remove()
    schema.downgrade("base")
    with db.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    assert schema.upgrade() is True
    assert schema.upgrade() is False
    assert schema.differences() == []


def test_an_empty_database_is_migrated_by_itself_and_an_older_one_asks(app: Flask) -> None:
    db.session.remove()
    schema.downgrade("base")
    schema.ensure()
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(schema.Outdated, match="db upgrade"):
        schema.ensure()


def test_a_permalink_is_unique_and_an_article_has_one(app: Flask) -> None:
    make_article(permalink="/tides/")
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        make_article(permalink="/Tides")


def test_a_reply_must_be_on_its_parents_article(app: Flask) -> None:
    here, elsewhere = make_article(), make_article()
    parent = make_comment(here)
    reply = make_comment(here, parent=parent)
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), transaction():
        row = db.session.get_one(Comment, reply.id)
        row.article_id = elsewhere.id


def test_purged_comment_ids_never_return(app: Flask) -> None:
    article = make_article()
    last = make_comment(article)
    last_id = last.id
    with transaction():
        db.session.delete(db.session.get_one(Comment, last_id))
    assert make_comment(article).id > last_id


def test_shares_that_were_counted_before_stand_by_network_afterwards(app: Flask) -> None:
    article = make_article()
    counted = {"mastodon": 2, "x": 1, "view": 9}
    with transaction():
        db.session.add_all(
            TallyHour(article_id=article.id, metric=metric, hour=hour, count=count)
            for metric, count in counted.items()
            for hour in (700_000, 700_001)
        )
        db.session.add(TallyDay(article_id=article.id, metric="mastodon", day=20_000, count=5))
    db.session.remove()
    schema.downgrade("0024")
    schema.upgrade()
    assert queries.shares_by_network(article.id) == {"x": 2, "mastodon": 9}
