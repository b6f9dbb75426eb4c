"""What readers write to the newsroom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Model
from webapp.models.account import Account
from webapp.models.base import UTCDateTime


class Message(Model):
    """A message from the contact page. Gone half a year after it came."""

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(245))
    email: Mapped[str] = mapped_column(String(254), index=True)
    """In lower case."""
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    """Plain text, as typed."""
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When somebody of the newsroom put it away."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    account: Mapped[Account | None] = relationship(lazy="raise_on_sql")
