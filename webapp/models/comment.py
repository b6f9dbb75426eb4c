"""Comments, their likes and flags."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Model
from webapp.models.account import Account
from webapp.models.article import Article
from webapp.models.base import Json, UTCDateTime, index, one_of


class CommentStatus(StrEnum):
    held = "held"
    approved = "approved"
    spam = "spam"
    trashed = "trashed"


class CommentKind(StrEnum):
    comment = "comment"
    pingback = "pingback"
    trackback = "trackback"


def path_segment(created_at: datetime, comment_id: int) -> str:
    """One level of a comment's `path`: sorts by time, then by id (8 + 8 hexadecimal digits)."""
    return f"{max(0, int(created_at.timestamp())):08x}{comment_id:08x}"


class Comment(Model):
    """A reader's text under an article.

    `path` joins the segments of the comment's ancestors and itself, so that one ordered query gives the whole
    discussion, oldest first. `parent_id` is what was answered; at the deepest level the reply stands beside it.
    """

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint(one_of("status", CommentStatus), name="status"),
        CheckConstraint(one_of("kind", CommentKind), name="kind"),
        CheckConstraint("depth >= 1 AND like_count >= 0 AND flag_count >= 0", name="counts"),
        UniqueConstraint("id", "article_id", name="uq_comment_id_article"),
        # A reply's parent is on the same article: the database itself holds that.
        ForeignKeyConstraint(
            ["parent_id", "article_id"], ["comment.id", "comment.article_id"], name="fk_comment_parent"
        ),
        # All that is needed to find the threads of a page stands in it, so that no comment itself is read for that.
        Index("ix_comment_discussion", "article_id", "status", "path", "kind", "root_id"),
        Index("ix_comment_thread", "root_id", "path"),
        Index("ix_comment_queue", "status", "created_at", "id"),
        Index("ix_comment_bands", "status", "band", "created_at", "id"),
        Index("ix_comment_fingerprint", "article_id", "fingerprint"),
        Index("ix_comment_visitor", "visitor_hash", "created_at"),
        Index("ix_comment_network", "network_hash", "created_at"),
        index("ix_comment_pinned", "article_id", where="is_pinned", unique=True),
        index("ix_comment_flagged", "status", "created_at", "id", where="flag_count > 0"),
        index("ix_comment_mentions", "article_id", where="kind <> 'comment'"),
        Index("ix_comment_parent", "parent_id"),
        # The numbers of the last days.
        Index("ix_comment_created", "created_at", "article_id", "kind", "status"),
        # All that is asked of a writer's past, without reading a comment.
        index(
            "ix_comment_decided",
            "writer_hash",
            "created_at",
            "id",
            "status",
            "is_withdrawn",
            # Constant here, but SQLite looks into the comment for it where the index does not hold it.
            "is_decided",
            where="is_decided",
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column()
    root_id: Mapped[int | None] = mapped_column()
    """The top comment of its thread: its own id for a top comment (set in the same transaction)."""
    depth: Mapped[int] = mapped_column(default=1)
    """1 for a top comment, at most the setting COMMENT_DEPTH."""
    path: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(16), default=CommentKind.comment)
    status: Mapped[str] = mapped_column(String(16), default=CommentStatus.held)
    name: Mapped[str] = mapped_column(String(245))
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    """Lower case; for staff only, on no page, feed or address."""
    website: Mapped[str] = mapped_column(String(200), default="")
    """An http(s) address or empty."""
    body_source: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_withdrawn: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Its writer has taken it back: trashed, and nobody can restore it."""
    is_decided: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Staff have decided on it at least once: the database itself marks it by the log (migration 0020)."""
    verdicts: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    """What the rules said on arrival: [{"rule": "links", "status": "held", "reason": "3 links; …"}]."""
    visitor_hash: Mapped[str | None] = mapped_column(String(64))
    network_hash: Mapped[str | None] = mapped_column(String(64))
    writer_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    """Hash of the random id in the writer's own cookie."""
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    """Hash of article, parent, name, e-mail and text: finds duplicates."""
    retry_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Hash of form key, fingerprint and visitor: a retry finds the comment that it already made."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    """Set when staff wrote it while signed in."""
    is_proved: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Written under a name that its owner has proved, in a browser of theirs."""
    notify: Mapped[str] = mapped_column(String(8), default="", server_default="")
    """Whether its writer wants to hear of replies: empty, `at once` or `daily`."""
    is_by_author: Mapped[bool] = mapped_column(default=False)
    is_pinned: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Shown above the discussion; one of an article at most."""
    score: Mapped[int | None] = mapped_column()
    """How much it is like what the newsroom rejected, 0 to 100 (webapp.moderating.bayes); None: nothing learnt yet."""
    band: Mapped[int] = mapped_column(default=1, server_default="1")
    """Of the score: 0 likely fine, 1 unsure or unknown, 2 likely spam. The queue's order."""
    like_count: Mapped[int] = mapped_column(default=0)
    flag_count: Mapped[int] = mapped_column(default=0)
    imported_id: Mapped[int | None] = mapped_column(index=True)

    article: Mapped[Article] = relationship(lazy="raise_on_sql")
    seen_version: Mapped[int | None] = mapped_column()
    """The article's version that its writer had read."""

    account: Mapped[Account | None] = relationship(lazy="raise_on_sql")


class CommentLike(Model):
    """One reader's like. `writer_hash` is the hash of the id in the reader's own cookie."""

    __tablename__ = "comment_like"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True)
    writer_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CommentFlag(Model):
    """One reader's complaint about a comment."""

    __tablename__ = "comment_flag"
    __table_args__ = (Index("ix_comment_flag_created", "created_at"),)

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True)
    writer_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    reason: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
