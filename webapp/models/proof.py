"""Commenters' proved e-mail addresses, and the replies that they are told about."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Model
from webapp.models.base import UTCDateTime


class ProvedAddress(Model):
    """An e-mail address whose owner has opened a link sent there, and the name that nobody else may use now."""

    __tablename__ = "proved_address"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Lower case."""
    name: Mapped[str] = mapped_column(String(245), default="")
    name_key: Mapped[str | None] = mapped_column(String(245), unique=True)
    """The name without case, accents and look-alike letters; None: it belonged to somebody else already."""
    proved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Its owner wants no mail about replies."""


class ProvedWriter(Model):
    """A browser (by the hash of its writer's cookie) whose user owns the address."""

    __tablename__ = "proved_writer"
    __table_args__ = (Index("ix_proved_writer_writer", "writer_hash"),)

    address_id: Mapped[int] = mapped_column(
        ForeignKey("proved_address.id", ondelete="CASCADE"), primary_key=True
    )
    writer_hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class ReplyNotice(Model):
    """An approved reply that the writer of the comment above it is to hear of."""

    __tablename__ = "reply_notice"
    __table_args__ = (
        UniqueConstraint("comment_id", "address_id", name="uq_reply_notice_once"),
        Index("ix_reply_notice_waiting", "mailed_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    address_id: Mapped[int] = mapped_column(ForeignKey("proved_address.id", ondelete="CASCADE"))
    is_daily: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    mailed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it was mailed, or found to be past."""
