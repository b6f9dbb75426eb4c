"""Media: pictures, sound and documents, whose files lie in the instance's media folder."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Model, db
from webapp.models.base import UTCDateTime


class Media(Model):
    """One file. `file` is its path inside the media folder with forward slashes ("2013/01/pier.jpg")."""

    __tablename__ = "media"
    __table_args__ = (CheckConstraint("width >= 0 AND height >= 0 AND byte_size >= 0", name="sizes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file: Mapped[str] = mapped_column(String(500), unique=True)
    mime: Mapped[str] = mapped_column(String(100), default="application/octet-stream")
    width: Mapped[int] = mapped_column(default=0)
    """Pixels; 0 where the file has none or is missing."""
    height: Mapped[int] = mapped_column(default=0)
    byte_size: Mapped[int] = mapped_column(default=0)
    is_missing: Mapped[bool] = mapped_column(default=False)
    """The import named this file and did not find it."""
    title: Mapped[str] = mapped_column(String(500), default="")
    alt: Mapped[str] = mapped_column(Text, default="")
    caption: Mapped[str] = mapped_column(Text, default="")
    """Plain text."""
    credit: Mapped[str] = mapped_column(String(500), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    article_id: Mapped[int | None] = mapped_column(
        ForeignKey("article.id", ondelete="SET NULL", use_alter=True), index=True
    )
    """The article that it was uploaded to: its attachment page follows that article's visibility."""
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    imported_id: Mapped[int | None] = mapped_column(index=True)
    rendition: Mapped[str] = mapped_column(String(16), default="")
    """The name under which the sizes of a picture lie; empty while they have not been made (`media build`)."""
    rendition_problem: Mapped[str] = mapped_column(String(200), default="")
    """Why there are none and will be none."""
    tint: Mapped[str] = mapped_column(String(3), default="")
    """Its colour at large in four steps for red, green and blue, shown until it has come: "132"."""

    licence: Mapped[str] = mapped_column(String(200), default="", server_default="")
    focus_x: Mapped[int] = mapped_column(default=50, server_default="50")
    """The point that a cut has to keep, in percent from the left …"""
    focus_y: Mapped[int] = mapped_column(default=50, server_default="50")
    """… and from the top."""
    account_id: Mapped[int | None] = mapped_column()
    """Who brought it; None for what came by an import. Accounts are never deleted."""

    @property
    def focus_class(self) -> str:
        """The classes that keep the point in view where a picture is cut (static/css/components/focus.css)."""
        if (self.focus_x, self.focus_y) == (50, 50):
            return ""
        return f"focus-x-{round(self.focus_x / 10)} focus-y-{round(self.focus_y / 10)}"

    @property
    def url(self) -> str:
        """Where the file is served; the same file answers at WordPress's /wp-content/uploads/ too."""
        return f"/media/{self.file}"

    @property
    def is_image(self) -> bool:
        return self.mime.startswith("image/") and self.mime != "image/svg+xml" and not self.is_missing


media_use = Table(
    "media_use",
    db.metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("file", String(500), primary_key=True),
    Column("whole", String(500), nullable=False),
    Index("ix_media_use_file", "file", "article_id"),
    Index("ix_media_use_whole", "whole", "article_id"),
)
"""Which file an article names, in its text or in what waits to be published, and the picture of which that would be a
size (WordPress's `pier-300x200.jpg` of `pier.jpg`): worked out after it was written (webapp.library.uses)."""

media_use_due = Table(
    "media_use_due",
    db.metadata,
    Column("article_id", db.Integer, primary_key=True, autoincrement=False),
)
"""Articles whose files are to be noted (again): the database itself adds them (migration 0018)."""
