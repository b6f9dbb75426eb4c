"""What every part of one WordPress import shares: the file, the old site, the report, and who became whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from webapp import dialects
from webapp.database import db, transaction
from webapp.models import ImportAddress
from webapp.publishing import ledger, wxr
from webapp.publishing.media_files import MediaSource
from webapp.publishing.report import Report
from webapp.publishing.wordpress_links import OldSite

BIGGEST_KEPT_ID = 1_000_000_000
"""Larger numbers are not kept: PostgreSQL's integers end at two thousand million, and new ids must fit above."""


@dataclass(slots=True)
class Index:
    """What one text may ask about the rest of the file, from its first reading.

    `children`: menu order and number of the attachments of a post; `headlines` by address_key; `patterns`: the
    sources of reusable blocks by their number.
    """

    children: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    headlines: dict[str, str] = field(default_factory=dict)
    patterns: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Run:
    """One run of an import. Ids in the maps are those of our rows."""

    file: Path
    site: OldSite
    survey: wxr.Survey
    zone: tzinfo
    report: Report
    started_at: datetime
    index: Index = field(default_factory=Index)
    media: MediaSource | None = None
    progress: Callable[[int], None] = lambda _steps: None
    shares_are_invented: bool = False
    authors: dict[str, int] = field(default_factory=dict)
    author_numbers: dict[int, int] = field(default_factory=dict)
    categories: dict[str, int] = field(default_factory=dict)
    category_numbers: dict[int, int] = field(default_factory=dict)
    tags: dict[str, int] = field(default_factory=dict)
    tag_numbers: dict[int, int] = field(default_factory=dict)
    menus: dict[str, int] = field(default_factory=dict)
    seen: dict[str, set[str | int]] = field(default_factory=dict)
    _old_links: list[dict[str, Any]] = field(default_factory=list)

    @property
    def source(self) -> str:
        return self.report.source

    @property
    def media_prefix(self) -> str:
        """The folder for files of this site whose own place is taken by another one's."""
        return self.site.source.replace("/", "-") + "/"

    @property
    def exported_at(self) -> datetime:
        """When the export was made: stands in for missing dates, and bounds the imported numbers."""
        made = self.survey.site.exported.at(self.zone)
        return min(made, self.started_at) if made else self.started_at

    def is_first(self, kind: str, external_id: str) -> bool:
        """Whether the file has not named this item before; one that it names twice is brought once."""
        seen = self.seen.setdefault(kind, set())
        # Numbers take a third of the memory of texts, and large sites have very many.
        key = int(external_id) if external_id.isdecimal() else external_id
        if key in seen:
            return False
        seen.add(key)
        return True

    def keep_link(self, path: str, kind: str, external_id: str) -> None:
        """Notes an address of the old site, and the item whose it was; written with the batch."""
        url = self.site.origin + path
        self._old_links.append(
            {"run_id": self.report.run_id, "kind": kind, "external_id": external_id, "url": url}
        )

    @contextmanager
    def batch(self) -> Iterator[None]:
        """The transaction of one batch. Two imports at once wait for each other here."""
        with transaction():
            dialects.lock(ledger.LOCK)
            yield
            if self._old_links:
                db.session.execute(insert(ImportAddress), self._old_links)
        self._old_links.clear()


def external_id(item: wxr.Item) -> str:
    """The item's number, or what else tells it apart where a tool has left the number out."""
    return str(item.id) if item.id else f"{item.guid or item.link or item.title}"[:300]


def small(number: int) -> int | None:
    """A number of the old site as it is kept in `imported_id`; None where it is missing or too large."""
    return number if 0 < number <= BIGGEST_KEPT_ID else None
