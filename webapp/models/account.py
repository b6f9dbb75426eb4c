"""Accounts: the staff who sign in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Model
from webapp.models.base import UTCDateTime, one_of


class Role(StrEnum):
    """What an account may do; INCLUDES says which roles it has besides."""

    author = "author"
    moderator = "moderator"
    editor = "editor"
    admin = "admin"


INCLUDES: dict[str, frozenset[str]] = {
    Role.author: frozenset({Role.author}),
    Role.moderator: frozenset({Role.moderator}),
    Role.editor: frozenset({Role.author, Role.moderator, Role.editor}),
    Role.admin: frozenset(Role),
}
"""The roles that an account of each role has. Authors write drafts of their own, moderators look after comments."""


class Account(Model):
    """A member of staff. `session_key` changes with the password, which ends every open session."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint(one_of("role", Role), name="role"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Stored in lower case."""
    name: Mapped[str] = mapped_column(String(245), default="")
    password_hash: Mapped[str] = mapped_column(String(255))
    session_key: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16), default=Role.moderator)
    is_disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def display_name(self) -> str:
        return self.name or self.email.partition("@")[0]

    def has_role(self, role: str) -> bool:
        """Whether this account's role is `role` or one that includes it."""
        return role in INCLUDES[self.role]
