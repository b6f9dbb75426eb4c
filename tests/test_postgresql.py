"""The database of tests on PostgreSQL is for each as if it were new."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests import postgresql
from tests.conftest import POSTGRESQL
from tests.postgresql import OneDatabase, connected

TAG = "INSERT INTO tag (name, slug, description) VALUES ('Tides', 'tides', '') RETURNING id"


@pytest.fixture
def one(migrated_postgresql: OneDatabase) -> Iterator[OneDatabase]:
    """One of its own, so that what goes wrong here is not taken by other tests."""
    made = OneDatabase(POSTGRESQL, migrated_postgresql.template)
    yield made
    made.drop()


def run(name: str, statement: str) -> list[tuple[Any, ...]]:
    with connected(POSTGRESQL, name) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def oid(name: str) -> int:
    """What the server knows the database by, under any name."""
    return run(name, "SELECT oid FROM pg_database WHERE datname = current_database()")[0][0]


def given_back(one: OneDatabase, *statements: str) -> tuple[int, int]:
    """Runs the statements as a test would; the database before and the one that is taken after it."""
    name = one.take()
    before = oid(name)
    for statement in statements:
        run(name, statement)
    one.give_back()
    return before, oid(one.take())


def test_a_filled_table_is_empty_again_and_its_ids_start_at_one(one: OneDatabase) -> None:
    revision = run(one.take(), "SELECT * FROM alembic_version")
    before, after = given_back(
        one, TAG, "INSERT INTO author (name, slug, bio, email, website) VALUES ('Mara', 'mara', '', '', '')"
    )
    assert before == after
    assert run(one.take(), "SELECT (SELECT count(*) FROM tag), (SELECT count(*) FROM author)") == [(0, 0)]
    assert run(one.take(), "SELECT * FROM alembic_version") == revision
    assert run(one.take(), TAG) == [(1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE tag ADD COLUMN colour text",
        "ALTER TABLE tag ALTER COLUMN name DROP NOT NULL",
        "ALTER TABLE article_tag DISABLE TRIGGER USER",
        "CREATE TABLE other (id integer)",
        "CREATE INDEX other ON tag (name)",
        "ALTER TABLE tag ADD CHECK (id > 0)",
        "DROP FUNCTION media_use_copy CASCADE",
        "CREATE SCHEMA other",
        "UPDATE alembic_version SET version_num = '0000'",
        "DELETE FROM alembic_version",
        "ANALYZE tag",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = 64', current_database()); END $$",
    ],
)
def test_a_changed_database_is_not_taken_again(one: OneDatabase, statement: str) -> None:
    before, after = given_back(one, statement)
    assert before != after
    run(one.take(), TAG)


def test_what_planners_know_of_rows_is_not_taken_again(one: OneDatabase) -> None:
    before, after = given_back(one, TAG, "ANALYZE")
    assert before != after
    assert run(one.take(), "SELECT count(*) FROM pg_stats WHERE tablename = 'tag'") == [(0,)]


def test_one_that_grew_large_is_not_taken_again(one: OneDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "PAGES", 1)
    before, after = given_back(one, TAG)
    assert before == after
    many = "INSERT INTO tag (name, slug, description) SELECT 'Tides', 'tides-' || n, '' FROM generate_series(1, 999) n"
    before, after = given_back(one, many)
    assert before != after


def test_somebody_who_is_still_connected_neither_blocks_nor_comes_back(one: OneDatabase) -> None:
    old = one.take()
    with connected(POSTGRESQL, old) as still:
        before = oid(old)
        still.execute("BEGIN; LOCK TABLE tag; SELECT pg_advisory_lock(1)")
        still.execute(TAG)
        one.give_back()
        with pytest.raises(psycopg.OperationalError):
            still.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        run(old, TAG)
    assert oid(one.take()) == before
    assert run(one.take(), "SELECT pg_try_advisory_lock(1), (SELECT count(*) FROM tag)") == [(True, 0)]


def test_one_that_a_test_has_dropped_is_made_anew(one: OneDatabase) -> None:
    run("", f"DROP DATABASE {one.take()}")
    one.give_back()
    assert run(one.take(), TAG) == [(1,)]
