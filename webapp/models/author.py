"""Authors: the people of the bylines."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Model


class Author(Model):
    """A person who signs articles. May also be staff (`account_id`); most imported ones are not."""

    __tablename__ = "author"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(245))
    bio: Mapped[str] = mapped_column(Text, default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    """Never shown to readers; lets a staff reply be recognised after an import."""
    website: Mapped[str] = mapped_column(String(500), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    imported_id: Mapped[int | None] = mapped_column(index=True)

    @property
    def url(self) -> str:
        return f"/author/{self.slug}/"

    @property
    def initials(self) -> str:
        """One or two letters for the monogram that stands where a portrait would."""
        words = [word for word in self.name.split() if word[0].isalnum()]
        letters = words[:1] + words[1:][-1:]
        return "".join(word[0] for word in letters).upper() or "·"
