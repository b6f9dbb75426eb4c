"""Imports: each run with its report, and which item of which source became which row here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Model
from webapp.models.base import Json, UTCDateTime


class ImportRun(Model):
    """One run of an import. `report` is the reconciliation report as JSON, None until it has finished."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(500))
    """What was read: the old site's address, or "markdown:<folder name>"."""
    file_name: Mapped[str] = mapped_column(String(500))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    report: Mapped[dict[str, Any] | None] = mapped_column(Json)


class ImportAddress(Model):
    """One address of the old site, as one run met it: rows, since a large site has more than memory should hold."""

    __tablename__ = "import_address"
    __table_args__ = (Index("ix_import_address_run", "run_id", "is_kept", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))
    """Of the item whose address it was, as in the ledger; or file."""
    external_id: Mapped[str] = mapped_column(String(300))
    url: Mapped[str] = mapped_column(Text)
    leads_to: Mapped[str] = mapped_column(Text, default="")
    """A path of this site; empty where a reader gets nothing."""
    status: Mapped[int] = mapped_column(default=0)
    """What a reader gets there now; 0 while that has not been looked up."""
    is_kept: Mapped[bool] = mapped_column(default=False)
    """Whether it leads where it did: directly, or from a form such as /?p=7, which redirected before."""
    note: Mapped[str] = mapped_column(String(200), default="")


class ImportedItem(Model):
    """An item of a source that has been brought. Makes a second run, or one after an interruption, safe."""

    __tablename__ = "imported_item"

    source: Mapped[str] = mapped_column(String(500), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    """post, attachment, comment, author, category, tag, menu, menu_item, …"""
    external_id: Mapped[str] = mapped_column(String(300), primary_key=True)
    local_id: Mapped[int | None] = mapped_column()
    """None: seen and skipped."""
    pending: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """What can be linked only when everything is there: {"parent": 12, "thumbnail": 7}."""


class SiteSetting(Model):
    """A setting that the newsroom or an import has set (see webapp/settings.py), as JSON."""

    __tablename__ = "site_setting"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[Any] = mapped_column(Json)
