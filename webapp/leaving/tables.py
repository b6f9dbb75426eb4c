"""Every table as JSON Lines and back: one object a row, moments as ISO 8601, whatever the database is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, func, insert, select, text, update

from webapp.database import db
from webapp.models.base import UTCDateTime

PASSING = frozenset(
    {
        "article_listing",
        "article_relating",
        "category_above",
        "daily_key",
        "media_use",
        "media_use_due",
        "occurrence",
        "presence",
        "site_hour",
        "staff_session",
    }
)
"""Tables that hold what matters for minutes or is worked out again: who is here, counting windows, sessions, sums."""
PORTION = 500


def kept() -> list[Table]:
    """The tables that leave, each behind those it refers to (as far as that can be)."""
    return [table for table in db.metadata.sorted_tables if table.name not in PASSING]


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection that sees one moment of the database, while the site runs on."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            # SQLite takes its view of things with the first reading.
            connection.execute(text("SELECT 1 FROM account LIMIT 1"))
            yield connection


def count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def lines(connection: Connection, table: Table) -> Iterator[str]:
    """The rows of a table in the order of its key, a line each."""
    columns = _stored(table)
    query = select(*columns).order_by(*table.primary_key.columns).execution_options(yield_per=PORTION)
    for row in connection.execute(query):
        said = {column.name: _out(value) for column, value in zip(columns, row, strict=True)}
        yield json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def read(line: str, table: Table) -> dict[str, Any]:
    """A row for inserting. Raises ValueError for a line that is none of this table's."""
    said = json.loads(line)
    columns = {column.name: column for column in _stored(table)}
    if not isinstance(said, dict) or not said.keys() <= columns.keys():
        raise ValueError(f"a row of {table.name} has columns that this version does not know")
    return {name: _in(value, columns[name]) for name, value in said.items()}


def put(table: Table, rows: Iterable[dict[str, Any]]) -> int:
    """Inside transaction(): inserts rows with their ids; what refers to rows that come later is set by `refer`."""
    late = _late(table)
    done = 0
    for some in _portions(rows):
        now = [{name: None if name in late else value for name, value in row.items()} for row in some]
        db.session.execute(insert(table), now)
        done += len(some)
    return done


def refer(table: Table, rows: Iterable[dict[str, Any]]) -> None:
    """Inside transaction(), when all tables are there: sets what `put` has left out."""
    for name in _late(table):
        key = [column.name for column in table.primary_key.columns]
        for some in _portions(row for row in rows if row.get(name) is not None):
            for row in some:
                where = [table.c[part] == row[part] for part in key]
                db.session.execute(update(table).where(*where).values({name: row[name]}))


def has_late(table: Table) -> bool:
    return bool(_late(table))


def _late(table: Table) -> set[str]:
    """Columns that refer to the table itself, or to one that comes later."""
    place = {one.name: number for number, one in enumerate(db.metadata.sorted_tables)}
    found = set()
    for column in table.columns:
        for key in column.foreign_keys:
            target = key.column.table.name
            if place[target] >= place[table.name] and column.nullable:
                found.add(column.name)
    return found


def _stored(table: Table) -> list[Column[Any]]:
    # What the database works out itself is not kept: listed_at of an article, and its copies beside tags.
    return [
        column
        for column in table.columns
        if column.computed is None and not (column.name == "listed_at" and table.name.startswith("article_"))
    ]


def _out(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _in(value: Any, column: Column[Any]) -> Any:
    if value is not None and isinstance(column.type, UTCDateTime):
        return datetime.fromisoformat(value)
    return value


def _portions(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    some: list[dict[str, Any]] = []
    for row in rows:
        some.append(row)
        if len(some) == PORTION:
            yield some
            some = []
    if some:
        yield some
