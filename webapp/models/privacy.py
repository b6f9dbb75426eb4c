"""What people ask about the data that is kept of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Model
from webapp.models.base import UTCDateTime, one_of


class PrivacyWish(StrEnum):
    export = "export"
    erasure = "erasure"


class PrivacyRequest(Model):
    """A wish that somebody has proved by a link to the address. Gone thirty days after it was answered."""

    __tablename__ = "privacy_request"
    __table_args__ = (CheckConstraint(one_of("wish", PrivacyWish), name="wish"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    """Emptied when an erasure is done."""
    wish: Mapped[str] = mapped_column(String(16))
    proved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """Who confirmed it."""
    touched: Mapped[int] = mapped_column(default=0)
    """How many comments it was about."""
