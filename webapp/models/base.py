"""Column types and small pieces that every table uses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Index, MetaData, text
from sqlalchemy.types import TypeDecorator, TypeEngine

LARGEST_ID = 2**31 - 1
"""What both databases take for an id."""


class Json(TypeDecorator[Any]):
    """What JSON can say: `jsonb` on PostgreSQL, text on SQLite.

    PostgreSQL's dialect is imported where it is used: it takes a twentieth of a start.
    """

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return dialect.type_descriptor(JSON())
        from sqlalchemy.dialects.postgresql import JSONB

        return dialect.type_descriptor(JSONB())


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: timezone-aware in Python, `timestamptz` on PostgreSQL, naive UTC text on SQLite.

    Raises ValueError for a naive datetime, since it would silently mean another moment on another machine.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def index(name: str, *columns: str, where: str = "", starts: str = "", unique: bool = False) -> Index:
    """An index of some of the rows (`where`), or one by which the beginnings of the column `starts` are found.

    Migrations make it. SQLAlchemy has words of its own for each database, which would import all of their dialects.
    """
    return Index(name, *columns, unique=unique, info={"where": where, "starts": starts})


def tell(metadata: MetaData, dialect: str) -> None:
    """Says it of all tables in the words of one database, so that they can be compared with it."""
    for found in (found for table in metadata.tables.values() for found in table.indexes):
        where, starts = found.info.get("where"), found.info.get("starts")
        if where:
            found.dialect_options[dialect]["where"] = text(where)
        if starts and dialect == "postgresql":
            found.dialect_options[dialect]["ops"] = {starts: "text_pattern_ops"}


def one_of(column: str, values: type) -> str:
    """The SQL of a check constraint: `column` holds one of the values of a StrEnum."""
    allowed = ", ".join(f"'{value}'" for value in values)  # pyright: ignore[reportGeneralTypeIssues]
    return f"{column} IN ({allowed})"
