"""Column types and small pieces that every table uses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

LARGEST_ID = 2**31 - 1
"""What both databases take for an id."""
Json = JSON().with_variant(JSONB(), "postgresql")


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


def one_of(column: str, values: type) -> str:
    """The SQL of a check constraint: `column` holds one of the values of a StrEnum."""
    allowed = ", ".join(f"'{value}'" for value in values)  # pyright: ignore[reportGeneralTypeIssues]
    return f"{column} IN ({allowed})"
