"""The newsletter: who gets it, its editions, and the articles in each."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Model
from webapp.models.account import Account
from webapp.models.base import UTCDateTime, one_of


class SubscriberState(StrEnum):
    asked = "asked"
    """Somebody typed the address in; its owner has not confirmed."""
    confirmed = "confirmed"
    stopped = "stopped"
    bounced = "bounced"
    """Mail does not arrive there."""


class Subscriber(Model):
    """An address on the newsletter's list."""

    __tablename__ = "subscriber"
    __table_args__ = (
        CheckConstraint(one_of("state", SubscriberState), name="state"),
        Index("ix_subscriber_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Lower case."""
    state: Mapped[str] = mapped_column(String(16), default=SubscriberState.asked)
    origin: Mapped[str] = mapped_column(String(16), default="form")
    """How it came: form or list (brought by the newsroom)."""
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it was stopped or found not to be reached."""
    bounces: Mapped[int] = mapped_column(default=0)
    """Days on which mail came back for a passing reason, since it was confirmed."""
    bounced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[str] = mapped_column(String(300), default="")
    """What the other server said last."""


class EditionState(StrEnum):
    draft = "draft"
    sending = "sending"
    paused = "paused"
    sent = "sent"
    ended = "ended"
    """Ended before everybody got it."""


class Edition(Model):
    """One letter to everybody on the list. Its sending goes along the readers' ids, from `reached` to `last`."""

    __tablename__ = "edition"
    __table_args__ = (CheckConstraint(one_of("state", EditionState), name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(200), default="")
    intro: Mapped[str] = mapped_column(Text, default="")
    """Plain text; an empty line begins a paragraph."""
    state: Mapped[str] = mapped_column(String(16), default=EditionState.draft, index=True)
    rule_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    """Of an edition that the rule made: which one it is, such as "weekly:2026-12-04"."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the last mail of it was put into the queue, or its sending was ended."""
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it was known what became of each mail."""
    recipients: Mapped[int] = mapped_column(default=0)
    """How many there were when the sending began."""
    reached: Mapped[int] = mapped_column(default=0)
    last: Mapped[int] = mapped_column(default=0)
    queued: Mapped[int] = mapped_column(default=0)
    sent: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(String(300), default="")

    account: Mapped[Account | None] = relationship(lazy="raise_on_sql")
    entries: Mapped[list[EditionArticle]] = relationship(
        lazy="raise_on_sql", order_by="EditionArticle.position", cascade="all, delete-orphan"
    )


class EditionArticle(Model):
    """An article of an edition, and its place in it."""

    __tablename__ = "edition_article"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True)
    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)
