"""How the database is read and written."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests.factories import make_article
from webapp import database as databases
from webapp.database import db, transaction
from webapp.models import Article


@pytest.mark.on_postgresql
def test_what_was_planned_for_a_page_serves_the_next_one(client: FlaskClient) -> None:
    make_article(permalink="/tides/")
    for _ in range(9):
        assert client.get("/tides/").status_code == 200
    # Planned for these very values five times, and then once for all.
    query = text("SELECT count(*) FROM pg_prepared_statements WHERE custom_plans + generic_plans > 2")
    assert (db.session.scalar(query) or 0) >= 3


@pytest.mark.both_databases
def test_what_is_not_finished_is_not_written(client: FlaskClient) -> None:
    article = make_article(headline="As it was")
    number = article.id
    with pytest.raises(ZeroDivisionError), transaction():
        article.headline = "Half"
        db.session.flush()
        raise ZeroDivisionError
    db.session.remove()
    assert db.session.get_one(Article, number).headline == "As it was"


@pytest.fixture
def somebody_writes(app: Flask) -> Iterator[sqlite3.Connection]:
    """Another connection that holds SQLite's write lock."""
    with closing(
        sqlite3.connect(
            f"{app.instance_path}/standfirst.sqlite", isolation_level=None, check_same_thread=False
        )
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_who_writes_waits_for_who_writes_already(
    somebody_writes: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()
    clock = SimpleNamespace(
        monotonic=time.monotonic, sleep=lambda seconds: (asked.set(), time.sleep(seconds))
    )
    monkeypatch.setattr(databases, "time", clock)

    def finish() -> None:
        assert asked.wait(10)
        somebody_writes.execute("UPDATE article SET headline = headline || ', corrected'")
        somebody_writes.execute("COMMIT")

    somebody_writes.execute("COMMIT")
    number = make_article(headline="As it was").id
    somebody_writes.execute("BEGIN IMMEDIATE")
    other = threading.Thread(target=finish)
    other.start()
    with transaction():
        article = db.session.get_one(Article, number, populate_existing=True)
        article.headline += ", at last"
    other.join()
    db.session.expire_all()
    assert db.session.get_one(Article, number).headline == "As it was, corrected, at last"


def test_nobody_waits_for_ever(somebody_writes: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "PATIENCE", 20)
    with pytest.raises(OperationalError, match="database is locked"), transaction():
        pass
    somebody_writes.execute("COMMIT")
    make_article(headline="Afterwards")
    assert db.session.scalar(db.select(Article.headline)) == "Afterwards"
