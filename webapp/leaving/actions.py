"""Bringing a whole site back: everything, or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import current_app, g
from sqlalchemy import Table, select

from webapp import dialects
from webapp.database import db, transaction
from webapp.leaving import bundle, tables
from webapp.leaving.bundle import SECRET, Manifest, Progress, Unusable
from webapp.models import Account, Article, Media


def is_empty() -> bool:
    """Whether nothing would be lost: no article, and nobody who signs in."""
    return db.session.scalar(select(Article.id).limit(1)) is None and (
        db.session.scalar(select(Account.id).limit(1)) is None
    )


def bring_back(root: Path, manifest: Manifest, progress: Progress = lambda _steps: None) -> None:
    """Makes this site the one in the folder (checked before), in one transaction. Raises Unusable with nothing changed.

    What was here is gone. Sizes of pictures that are not in this instance are made anew by `standfirst work`.
    """
    names = {table.name for table in tables.kept()}
    if set(manifest.rows) != names:
        raise Unusable("The tables are not those of this version.")
    try:
        with transaction():
            _bring_rows(root, manifest, progress)
            _forget_sizes_that_are_not_here()
            dialects.analyse()
            _bring_media(root)
    except (ValueError, KeyError) as error:
        raise Unusable(f"A row cannot be read: {error}. Nothing was changed.") from error
    _bring_secret(root)
    g.pop("stored_settings", None)
    db.session.expire_all()


def _bring_rows(root: Path, manifest: Manifest, progress: Progress) -> None:
    for table in reversed(db.metadata.sorted_tables):
        db.session.execute(table.delete())
    for table in tables.kept():
        put = tables.put(table, _rows(root, table))
        if put != manifest.rows[table.name]:
            raise Unusable(f"{table.name} has {put} rows and should have {manifest.rows[table.name]}.")
        progress(1)
    for table in tables.kept():
        if tables.has_late(table):
            tables.refer(table, _rows(root, table))
        if _counts(table):
            dialects.advance_sequence(table.name)


def _counts(table: Table) -> bool:
    """Whether the database gives its rows numbers."""
    return table.primary_key.columns.keys() == ["id"] and table.c.id.type.python_type is int


def _rows(root: Path, table: Table) -> Iterator[dict[str, Any]]:
    with (root / "tables" / f"{table.name}.jsonl").open(encoding="utf-8") as file:
        for line in file:
            yield tables.read(line, table)


def _bring_media(root: Path) -> None:
    source, target = root / "media", Path(current_app.instance_path) / "media"
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            draft = place.with_name(f".{place.name[:200]}.part")
            shutil.copyfile(path, draft)
            draft.replace(place)


def _forget_sizes_that_are_not_here() -> None:
    folder = Path(current_app.instance_path) / "pictures"
    for media in db.session.scalars(select(Media).where(Media.rendition != "")):
        if not (folder / media.rendition[:2] / media.rendition).is_dir():
            media.rendition, media.tint = "", ""


def _bring_secret(root: Path) -> None:
    """Cookies, hashes of visitors and recovery codes are made with it. Workers that run take it at their next start."""
    secret = (root / SECRET).read_text(encoding="utf-8").strip()
    path = Path(current_app.instance_path) / "secret_key"
    if secret and secret != current_app.secret_key:
        draft = path.with_name(".secret_key.part")
        draft.touch(mode=0o600)
        draft.write_text(secret, encoding="utf-8")
        draft.replace(path)
        current_app.secret_key = secret


__all__ = ["Unusable", "bring_back", "bundle", "is_empty"]
