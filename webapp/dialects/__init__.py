"""The only place where SQLite and PostgreSQL differ."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
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
