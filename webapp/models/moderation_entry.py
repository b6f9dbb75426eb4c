"""The moderation log: one entry for each decision, never changed afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Model
from webapp.models.account import Account
from webapp.models.base import UTCDateTime


class ModerationEntry(Model):
    """What staff did: a comment went from one status to another, or something else was changed (`subject`).

    Who decided, when and why. Holds ids and reasons, no reader's text.
    """

    __tablename__ = "moderation_entry"
    __table_args__ = (
        Index("ix_moderation_entry_comment", "comment_id", "id"),
        Index("ix_moderation_entry_created", "created_at"),
        # How many comments somebody decided on is counted along it.
        Index("ix_moderation_entry_account", "account_id", "comment_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column()
    """No foreign key: the log outlives a purged comment. 0: the entry is about its `subject`."""
    subject: Mapped[str] = mapped_column(String(80), default="", server_default="")
    """What it is about beside comments, as kind and id ("article:12"); empty for a comment."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """None: a rule decided on arrival, or the writer changed the comment."""
    decision: Mapped[str] = mapped_column(String(16))
    """approval, hold, spam, trash, undo, or arrival; pin or unpin, which leave the status;
    edit, withdrawal or erasure by the wish of the comment's writer; about a subject: one of chain.DEEDS."""
    from_status: Mapped[str | None] = mapped_column(String(16))
    to_status: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("moderation_entry.id"), unique=True)
    """Of an undo: the entry that it takes back. Unique, so an entry is undone once."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Of the entry before and of all that this one says (webapp.moderating.chain)."""

    account: Mapped[Account | None] = relationship(lazy="raise_on_sql")
