"""What became of an article's text: the copy that is worked on, every version that was published, who is there."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Model
from webapp.models.account import Account
from webapp.models.article import Article
from webapp.models.base import Json, UTCDateTime, one_of


class Change(StrEnum):
    """What a published version is to readers. A typo is corrected without a word to them."""

    first = "first"
    typo = "typo"
    update = "update"
    correction = "correction"


TOLD = (Change.update, Change.correction)
"""Changes that readers are told of, with a note."""


class WorkingCopy(Model):
    """What staff have typed of an article and not published yet. `fields`: of webapp.writing.fields.Fields, as JSON.

    Of an article that no reader sees the article's own columns say the same; of one that readers see (or will, by the
    clock) they stay as they are until the copy is published.
    """

    __tablename__ = "working_copy"
    __table_args__ = (
        CheckConstraint(one_of("due_change", Change), name="due_change"),
        Index("ix_working_copy_due", "due_at"),
    )

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column()
    """Grows with each save: who saves over a revision that is not the newest is told."""
    fields: Mapped[dict[str, Any]] = mapped_column(Json)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    is_changed: Mapped[bool] = mapped_column(default=True)
    """It says something else than readers see."""
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it replaces what readers see, where a time was set."""
    due_fields: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """What is to be published then: what is typed afterwards waits."""
    due_change: Mapped[str] = mapped_column(String(16), default=Change.typo, server_default="typo")
    due_note: Mapped[str] = mapped_column(Text, default="", server_default="")

    account: Mapped[Account | None] = relationship(lazy="raise_on_sql")
    article: Mapped[Article] = relationship(lazy="raise_on_sql")


class ArticleVersion(Model):
    """A version that readers could see, as it was published. Never changed afterwards."""

    __tablename__ = "article_version"
    __table_args__ = (CheckConstraint(one_of("change", Change), name="change"),)

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Counts from 1."""
    change: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text, default="")
    """What readers are told, plain text."""
    fields: Mapped[dict[str, Any]] = mapped_column(Json)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)

    account: Mapped[Account | None] = relationship(lazy="raise_on_sql")


class Presence(Model):
    """Somebody has an article open in the editor."""

    __tablename__ = "presence"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)

    account: Mapped[Account] = relationship(lazy="raise_on_sql")
