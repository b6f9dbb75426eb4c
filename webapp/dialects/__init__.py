"""The only place where SQLite and PostgreSQL differ."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.dialects import postgresql, sqlite

from webapp.database import db


def name() -> str:
    """ "sqlite" or "postgresql"."""
    return db.engine.dialect.name


def insert(table: Any) -> Any:
    """An INSERT that knows on_conflict_do_nothing and on_conflict_do_update."""
    return sqlite.insert(table) if name() == "sqlite" else postgresql.insert(table)


def lock(key: int) -> None:
    """Inside transaction(): waits until no other transaction holds the lock `key` (a 63-bit number).

    SQLite has one writer at a time anyway.
    """
    if name() == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(key)))


def advance_sequence(table: str, column: str = "id") -> None:
    """After ids were given by hand: the next one made by the database is higher than all there are."""
    if name() == "postgresql":
        highest = func.coalesce(select(func.max(db.metadata.tables[table].c[column])).scalar_subquery(), 0)
        sequence = func.pg_get_serial_sequence(table, column)
        db.session.execute(select(func.setval(sequence, func.greatest(highest, 1), highest > 0)))


def raise_ids(table: str, at_least: int) -> None:
    """Inside transaction(): from now on the database gives ids above `at_least`, and never lower ones than before.

    An import calls it first, so that a reader's comment never takes an id that the import is about to keep.
    """
    if name() == "postgresql":
        sequence = func.pg_get_serial_sequence(table, "id")
        db.session.execute(select(func.setval(sequence, func.greatest(func.nextval(sequence), at_least))))
        return
    _make_sqlite_sequence(table)
    raised = text("UPDATE sqlite_sequence SET seq = max(seq, :at_least) WHERE name = :table")
    db.session.execute(raised, {"at_least": at_least, "table": table})


def take_ids(table: str, count: int) -> list[int]:
    """Inside transaction(): `count` ids of the table's own that nobody else will get, in rising order."""
    if name() == "postgresql":
        sequence = func.pg_get_serial_sequence(table, "id")
        rows = select(func.nextval(sequence)).select_from(func.generate_series(1, count).alias())
        return sorted(db.session.scalars(rows))
    _make_sqlite_sequence(table)
    taken = text("UPDATE sqlite_sequence SET seq = seq + :count WHERE name = :table RETURNING seq")
    last = db.session.execute(taken, {"count": count, "table": table}).scalar_one()
    return list(range(last - count + 1, last + 1))


def _make_sqlite_sequence(table: str) -> None:
    """SQLite makes the row only with the table's first insert; sqlite_sequence has no unique key to rely on."""
    made = text(
        "INSERT INTO sqlite_sequence (name, seq)"
        " SELECT :table, 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = :table)"
    )
    db.session.execute(made, {"table": table})
