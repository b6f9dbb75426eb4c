"""What the newsroom sets against comments for a while or for good, and what its decisions taught."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Model
from webapp.models.account import Account
from webapp.models.article import Article
from webapp.models.base import Json, UTCDateTime
from webapp.models.category import Category
from webapp.models.tag import Tag


class Restriction(Model):
    """A switch for an article, a category, a tag, or (none of them) the whole site, until it ends or is ended."""

    __tablename__ = "restriction"
    __table_args__ = (Index("ix_restriction_in_force", "ended_at", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id", ondelete="CASCADE"))
    tag_id: Mapped[int | None] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"))
    holds_all: Mapped[bool] = mapped_column(default=False)
    holds_links: Mapped[bool] = mapped_column(default=False)
    slow_seconds: Mapped[int] = mapped_column(default=0)
    """Slow mode: seconds between two comments by one visitor under one article; 0 for none."""
    note: Mapped[str] = mapped_column(String(200), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """None: until somebody ends it."""
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When somebody ended it before its time."""

    account: Mapped[Account | None] = relationship(lazy="raise_on_sql")
    article: Mapped[Article | None] = relationship(lazy="raise_on_sql")
    category: Mapped[Category | None] = relationship(lazy="raise_on_sql")
    tag: Mapped[Tag | None] = relationship(lazy="raise_on_sql")


class BlockedNetwork(Model):
    """A network whose comments go to spam. Comments keep only hashes of the day, so a block knows that one at first.

    When somebody comes from there on the same day, the lasting hash is learnt; a block that nobody runs into on its
    day ends with it.
    """

    __tablename__ = "blocked_network"

    id: Mapped[int] = mapped_column(primary_key=True)
    daily_hash: Mapped[str] = mapped_column(String(64), unique=True)
    lasting_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    note: Mapped[str] = mapped_column(String(200), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Lesson(Model):
    """What the newsroom's decisions taught about words: one row, made anew as decisions come."""

    __tablename__ = "lesson"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_entry_id: Mapped[int] = mapped_column(default=0)
    """The newest decision it knows."""
    words: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """webapp.moderating.bayes.Model as JSON."""
    quality: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """How the same method did on the last decisions: {"tested", "precision", "recall", "threshold"}; empty before."""
