"""The ledger of imports: which item of which source has become which row here.

It makes a second run safe, and one after an interruption: an item is entered in the transaction that brings it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from sqlalchemy import null, select, update

from webapp.database import db
from webapp.dialects import insert
from webapp.models import ImportedItem

T = TypeVar("T")
_MOST_IDS = 500
LOCK = 0x5374616E64696D70
"""Taken by every transaction of an import, so that two imports at once do not bring an item twice."""


def chunks(values: Iterable[T], size: int = _MOST_IDS) -> Iterator[list[T]]:
    """The values in lists of at most `size`: a statement takes only so many parameters."""
    chunk: list[T] = []
    for value in values:
        chunk.append(value)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def known(source: str, kind: str, external_ids: Iterable[object]) -> dict[str, int | None]:
    """Those of the ids that have been dealt with, and the row that each became (None: it was left out)."""
    found: dict[str, int | None] = {}
    for chunk in chunks(dict.fromkeys(str(external_id) for external_id in external_ids)):
        query = select(ImportedItem.external_id, ImportedItem.local_id).where(
            ImportedItem.source == source, ImportedItem.kind == kind, ImportedItem.external_id.in_(chunk)
        )
        found |= dict(db.session.execute(query).all())
    return found


def remember(
    source: str,
    kind: str,
    rows: Mapping[str, int | None],
    pending: Mapping[str, dict[str, Any]] | None = None,
) -> None:
    """Inside transaction(): enters what was brought. `pending` holds what can be linked only later, by external id."""
    waiting = pending or {}
    values = [
        {
            "source": source,
            "kind": kind,
            "external_id": external_id,
            "local_id": local_id,
            "pending": waiting.get(external_id) or null(),
        }
        for external_id, local_id in rows.items()
    ]
    for chunk in chunks(values, 200):
        db.session.execute(insert(ImportedItem).values(chunk).on_conflict_do_nothing())


def pending(source: str, kind: str) -> Iterator[list[ImportedItem]]:
    """What still waits to be linked, in lists; what `settle` is not called for is met again in the next run."""
    after = ""
    while True:
        query = (
            select(ImportedItem)
            .where(
                ImportedItem.source == source,
                ImportedItem.kind == kind,
                ImportedItem.pending.is_not(null()),
                ImportedItem.external_id > after,
            )
            .order_by(ImportedItem.external_id)
            .limit(_MOST_IDS)
        )
        rows = list(db.session.scalars(query))
        if not rows:
            return
        after = rows[-1].external_id
        yield rows


def settle(source: str, kind: str, external_ids: Iterable[str]) -> None:
    """Inside transaction(): everything that these items waited for is linked."""
    for chunk in chunks(external_ids):
        db.session.execute(
            update(ImportedItem)
            .where(
                ImportedItem.source == source,
                ImportedItem.kind == kind,
                ImportedItem.external_id.in_(chunk),
            )
            .values(pending=null())
        )
