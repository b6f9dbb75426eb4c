"""Categories: the sections of the paper, nested."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.database import Model, db


class Category(Model):
    """A section. `path` joins the slugs from the top ("science/astronomy") and is its archive's address."""

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    path: Mapped[str] = mapped_column(String(1000), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("category.id", ondelete="SET NULL"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    """Order on the front page and in filters; ties by name."""
    is_in_feed: Mapped[bool] = mapped_column(default=False)
    """Whether the news feed sidebar offers it as a filter."""
    is_on_front: Mapped[bool] = mapped_column(default=True)
    imported_id: Mapped[int | None] = mapped_column(index=True)

    parent: Mapped[Category | None] = relationship(remote_side="Category.id", lazy="raise_on_sql")

    @property
    def url(self) -> str:
        return f"/category/{self.path}/"

    @property
    def ground(self) -> int:
        """Which of the six cover grounds (0 to 5) stands for this category where there is no photograph."""
        return sum(self.slug.encode()) % 6


category_above = Table(
    "category_above",
    db.metadata,
    Column("category_id", ForeignKey("category.id", ondelete="CASCADE"), primary_key=True),
    Column("above_id", ForeignKey("category.id", ondelete="CASCADE"), primary_key=True, index=True),
)
"""Each category with itself and with all above it: the database keeps it, by `parent_id` alone (migration 0026)."""
