"""Authors, categories and tags of Markdown files: found by slug, made when they are new, linked in written order.

Writes; call inside transaction().
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from slugify import slugify
from sqlalchemy import Table, select

from webapp import markup
from webapp.database import db
from webapp.models import Author, Category, Tag, article_author, article_category, article_tag
from webapp.publishing.markdown import Piece
from webapp.publishing.report import Report
from webapp.publishing.slugs import LONGEST, slug_of


def category_path(written: str) -> str:
    """The slugs of `Sea / Harbours`, joined: `sea/harbours`."""
    return "/".join(slug_of(part) for part in written.split("/") if part.strip())


def link_terms(report: Report, pieces: Sequence[tuple[Piece, int]]) -> None:
    """Links each article (by id) with the authors, categories and tags that its piece names."""
    authors = _Authors(report)
    categories = _Categories(report)
    tags = _Tags(report)
    for piece, article_id in pieces:
        _join(article_author, "author_id", article_id, [authors.id_of(name) for name in piece.authors])
        _join(
            article_category, "category_id", article_id, [categories.id_of(name) for name in piece.categories]
        )
        _join(article_tag, "tag_id", article_id, [tags.id_of(name) for name in piece.tags])


def _join(table: Table, column: str, article_id: int, ids: Iterable[int]) -> None:
    """Rows in written order: the first category is the section, the first author comes first in the byline."""
    rows = [
        {"article_id": article_id, column: local_id, "position": position}
        for position, local_id in enumerate(dict.fromkeys(ids))
    ]
    if rows:
        db.session.execute(table.insert(), rows)


class _Terms:
    """What is there, by slug; `id_of` makes what isn't."""

    model: type[Any]
    kind: str

    def __init__(self, report: Report) -> None:
        self.report = report
        self.ids: dict[str, int] = dict(db.session.execute(select(self.model.slug, self.model.id)).all())

    def id_of(self, written: str) -> int:
        slug = slug_of(written)
        if slug not in self.ids:
            self.ids[slug] = self._made(self.model(slug=slug, name=named(written)))
        return self.ids[slug]

    def _made(self, row: Any) -> int:
        db.session.add(row)
        db.session.flush()
        self.report.found(self.kind)
        self.report.brought(self.kind)
        return row.id


class _Authors(_Terms):
    model, kind = Author, "author"


class _Tags(_Terms):
    model, kind = Tag, "tag"


class _Categories(_Terms):
    """A category is written as a path from the top; the ones above it are made too."""

    model, kind = Category, "category"

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.paths: dict[int, str] = dict(db.session.execute(select(Category.id, Category.path)).all())

    def id_of(self, written: str) -> int:
        parent = 0
        for part in [part for part in written.split("/") if part.strip()] or [written]:
            slug = slug_of(part)
            if slug not in self.ids:
                path = f"{self.paths[parent]}/{slug}" if parent else slug
                row = Category(slug=slug, name=named(part), path=path, parent_id=parent or None)
                self.ids[slug] = self._made(row)
                self.paths[row.id] = path
            parent = self.ids[slug]
        return parent


def named(written: str) -> str:
    """The name as written; one that is written as a slug gets its capitals."""
    name = markup.clean_text(written)[:LONGEST]
    return name if name != slugify(name) else name.replace("-", " ").title()
