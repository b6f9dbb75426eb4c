"""The pictures of a folder of Markdown files: where they go in the media folder, and their rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from webapp import markup
from webapp.database import db
from webapp.models import Article, Media
from webapp.publishing.markdown import Piece
from webapp.publishing.markdown_folder import Folder
from webapp.publishing.media_files import MediaSource


def media_folder() -> Path:
    """Where the site keeps its files."""
    return Path(current_app.instance_path) / "media"


class MediaNames:
    """Gives each picture its place in the media folder: under the name of its source, as it lies in the folder."""

    def __init__(self, root: Path, prefix: str) -> None:
        self.files = MediaSource(root, media_folder())
        self.prefix = prefix
        self.given: dict[str, str] = {}

    def name(self, path: str) -> str:
        """A free name, or the one under which this very picture lies there already."""
        if path not in self.given:
            stem, dot, ending = path.rpartition(".")
            candidate, number = f"{self.prefix}/{path}", 1
            while (self.files.into / candidate).exists() and not self.files.is_same(path, candidate):
                number += 1
                candidate = f"{self.prefix}/{stem}-{number}{dot}{ending}"
            self.given[path] = candidate
        return self.given[path]

    def take(self, paths: Iterable[str]) -> dict[str, str]:
        """Copies the pictures; the result has the name of each in the media folder."""
        for path in paths:
            self.files.take(path, self.name(path))
        return {path: self.name(path) for path in paths}

    def url(self, path: str) -> str:
        """The address at which the picture will be served."""
        return Media(file=self.name(path)).url


def link_pictures(
    folder: Folder, names: Mapping[str, str], articles: Mapping[str, Article], now: datetime
) -> None:
    """Inside transaction(): a row for each picture, and each article's lead. `names` are those in the media folder.

    The words of a picture come from the first article that leads with it, else its alt text from a text that shows it.
    """
    here = select(Media).where(Media.file.in_(names.values()))
    rows = {row.file: row for row in db.session.scalars(here)}
    users = {path: slug for slug, path in reversed(folder.leads.items()) if slug in articles}
    for path, taken in folder.pictures.items():
        if names[path] not in rows:
            words = _words(folder.pieces[users[path]]) if path in users else _shown(folder, path)
            rows[names[path]] = Media(
                file=names[path],
                mime=taken.mime,
                width=taken.width,
                height=taken.height,
                byte_size=taken.byte_size,
                created_at=now,
                **words,
            )
            db.session.add(rows[names[path]])
    db.session.flush()
    for slug, path in folder.leads.items():
        if slug in articles:
            articles[slug].lead_media_id = rows[names[path]].id


def _shown(folder: Folder, path: str) -> dict[str, Any]:
    return {"alt": markup.clean_text(folder.alts.get(path, ""))}


def _words(piece: Piece) -> dict[str, Any]:
    return {
        "title": markup.clean_text(piece.headline)[:500],
        "alt": markup.clean_text(piece.alt),
        "caption": markup.clean_text(piece.caption),
        "credit": markup.clean_text(piece.credit)[:500],
    }
