"""Mail that waits to be sent, and what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Model
from webapp.models.base import Json, UTCDateTime, one_of


class MailState(StrEnum):
    waiting = "waiting"
    sending = "sending"
    sent = "sent"
    failed = "failed"
    """Refused for good, or tried too often."""
    unclear = "unclear"
    """The connection broke while it was handed over. It may have arrived, so it is not sent again."""


class OutgoingMail(Model):
    """One mail to one address. `key` says what it is about: the same thing is never mailed twice."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        CheckConstraint(one_of("state", MailState), name="state"),
        Index("ix_outgoing_mail_due", "state", "due_at"),
        Index("ix_outgoing_mail_batch", "batch", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    batch: Mapped[str | None] = mapped_column(String(40))
    """What it belongs to together with others: an edition of the newsletter."""
    recipient: Mapped[str] = mapped_column(String(254), index=True)
    subject: Mapped[str] = mapped_column(String(250))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    headers: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    state: Mapped[str] = mapped_column(String(16), default=MailState.waiting)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    """While it waits: when to try (again). While it is being sent: when that began."""
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    """When it was sent, or given up."""
    problem: Mapped[str] = mapped_column(String(500), default="")
