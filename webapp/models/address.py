"""Addresses: the one table that owns every permalink, attachment page and redirect."""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import unquote

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Model
from webapp.models.base import index, one_of


class AddressKind(StrEnum):
    permalink = "permalink"
    """The one lasting address of an article or page."""
    attachment = "attachment"
    """The page of a media file."""
    redirect = "redirect"
    """An old address: leads to the article's permalink, or to `target`."""
    gone = "gone"
    """Answers 410."""


def address_key(path: str) -> str:
    """The form in which addresses are compared: percent-decoded, slashes folded, lower case, none at the end.

    >>> address_key("/2013//01/Caf%C3%A9/")
    '/2013/01/café'
    """
    parts = [part for part in unquote(path).split("/") if part]
    return "/" + "/".join(parts).lower()


class Address(Model):
    """One path of the site. `path` is its exact form (leading slash; ending slash as published), `key` unique."""

    __tablename__ = "address"
    __table_args__ = (
        CheckConstraint(one_of("kind", AddressKind), name="kind"),
        CheckConstraint("kind <> 'permalink' OR article_id IS NOT NULL", name="permalink"),
        CheckConstraint("kind <> 'attachment' OR media_id IS NOT NULL", name="attachment"),
        CheckConstraint("kind <> 'redirect' OR article_id IS NOT NULL OR target <> ''", name="redirect"),
        index("uq_address_permalink", "article_id", where="kind = 'permalink'", unique=True),
        Index("ix_address_article", "article_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(1000), unique=True)
    path: Mapped[str] = mapped_column(String(1000))
    kind: Mapped[str] = mapped_column(String(16))
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id", ondelete="CASCADE"), index=True)
    target: Mapped[str] = mapped_column(String(1000), default="")
    """Of a redirect without an article: a path on this site."""
