"""Looks up, in the database, where every address of the old site leads now. Nothing is taken on trust."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import unquote

from sqlalchemy import delete, select, update
from sqlalchemy.orm import load_only

from webapp.database import db
from webapp.models import (
    Address,
    AddressKind,
    Article,
    Author,
    Category,
    ImportAddress,
    ImportRun,
    Media,
    Tag,
    address_key,
)
from webapp.publishing import ledger
from webapp.publishing.addresses import tidy
from webapp.publishing.report import KEPT, MISSING, REDIRECTED, OldAddress
from webapp.publishing.wordpress_run import Run

_CHUNK = 500
_SERVED = "/wp-content/uploads/"
_SITE_OWN = "this address is the site's own"
_ANOTHER = "another one has this address"
_REMOVED = "was removed here"
_SLIM = load_only(
    Article.kind,
    Article.path,
    Article.status,
    Article.published_at,
    Article.password_hash,
    Article.imported_id,
)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a reader gets at an old address."""

    leads_to: str
    status: int
    note: str = ""

    def is_kept(self, path: str) -> bool:
        """Whether it is as it was; forms such as /?p=7 have always redirected."""
        if "?" in path:
            return self.status == REDIRECTED
        return self.status == KEPT and address_key(self.leads_to) == address_key(path)


def reconcile(run: Run) -> None:
    """Looks every old address of this run up, and counts the answers in the report."""
    for rows in _rows(run.report.run_id):
        values = []
        for kind, group in groupby(rows, key=lambda row: row.kind):
            of_kind = list(group)
            for row, answer in zip(of_kind, _answers(run, kind, of_kind), strict=True):
                is_kept = answer.is_kept(_path(run, row))
                address = OldAddress(row.url, answer.leads_to, answer.status, answer.note)
                run.report.answers_with(address, is_kept=is_kept)
                values.append(
                    {
                        "id": row.id,
                        "leads_to": answer.leads_to,
                        "status": answer.status,
                        "is_kept": is_kept,
                        "note": answer.note,
                    }
                )
        with run.batch():
            db.session.execute(update(ImportAddress), values)
        db.session.expunge_all()
    _forget_older(run)


def _rows(run_id: int) -> Iterator[list[ImportAddress]]:
    after = 0
    while True:
        query = select(ImportAddress).where(ImportAddress.run_id == run_id, ImportAddress.id > after)
        rows = list(db.session.scalars(query.order_by(ImportAddress.id).limit(_CHUNK)))
        if not rows:
            return
        after = rows[-1].id
        yield rows


def _forget_older(run: Run) -> None:
    """The list of an earlier run of the same source is part of this one's."""
    older = select(ImportRun.id).where(ImportRun.source == run.source, ImportRun.id < run.report.run_id)
    with run.batch():
        db.session.execute(delete(ImportAddress).where(ImportAddress.run_id.in_(older)))


def _path(run: Run, row: ImportAddress) -> str:
    return row.url.removeprefix(run.site.origin)


def _answers(run: Run, kind: str, rows: list[ImportAddress]) -> list[_Answer]:
    """One answer for each row; all rows are of this kind."""
    ledger_kind = "attachment" if kind == "file" else kind
    known = ledger.known(run.source, ledger_kind, (row.external_id for row in rows))
    asked = [(_path(run, row), known.get(row.external_id) or 0) for row in rows]
    ids = {local for _, local in asked}
    if kind in ("author", "category", "tag"):
        lists = _lists(kind, ids)
        return [_of_list(path, lists.get(local)) for path, local in asked]
    owners = _owners(path for path, _ in asked)
    if kind == "post":
        query = select(Article).where(Article.id.in_(ids)).options(_SLIM)
        articles = {row.id: row for row in db.session.scalars(query)}
        return [_of_article(path, articles.get(local), owners) for path, local in asked]
    media = _media(ids)
    if kind == "file":
        return [_of_file(path, media.get(local, (None, None))[0]) for path, local in asked]
    pages = _pages(ids)
    return [_of_attachment(path, media.get(local), pages.get(local, ""), owners) for path, local in asked]


def _lists(kind: str, ids: set[int]) -> dict[int, str]:
    """The addresses of the lists of authors, categories or tags, by id."""
    if kind == "author":
        query = select(Author.id, Author.slug).where(Author.id.in_(ids))
        return {author_id: f"/author/{slug}/" for author_id, slug in db.session.execute(query)}
    model = Category if kind == "category" else Tag
    return {row.id: row.url for row in db.session.scalars(select(model).where(model.id.in_(ids)))}


def _owners(paths: Iterable[str]) -> dict[str, Address]:
    """Who has each path now, by its key."""
    keys = {address_key(path) for path in paths if "?" not in path}
    return {row.key: row for row in db.session.scalars(select(Address).where(Address.key.in_(keys)))}


def _media(ids: set[int]) -> dict[int, tuple[Media, Article | None]]:
    query = select(Media, Article).outerjoin(Article, Article.id == Media.article_id).where(Media.id.in_(ids))
    return {media.id: (media, article) for media, article in db.session.execute(query.options(_SLIM))}


def _pages(ids: set[int]) -> dict[int, str]:
    """The page of each media file."""
    query = select(Address.media_id, Address.path).where(
        Address.media_id.in_(ids), Address.kind == AddressKind.attachment
    )
    return {media_id: path for media_id, path in db.session.execute(query) if media_id}


def _of_list(path: str, url: str | None) -> _Answer:
    if url is None:
        return _Answer("", MISSING, _REMOVED)
    is_same = address_key(url) == address_key(path)
    return _Answer(tidy(url), KEPT, "" if is_same else "stands at another address here")


def _of_article(path: str, article: Article | None, owners: Mapping[str, Address]) -> _Answer:
    if article is None:
        return _Answer("", MISSING, _REMOVED)
    if not article.is_live():
        return _Answer("", MISSING, f"the {article.kind} is {_state(article)}")
    note = "asks for its password" if article.is_protected else ""
    if "?" in path:
        return _Answer(article.permalink, REDIRECTED, note)
    owner = owners.get(address_key(path))
    if owner is None:
        return _Answer(article.permalink, MISSING, _SITE_OWN)
    if owner.article_id != article.id:
        return _Answer(article.permalink, KEPT, _ANOTHER)
    is_same = owner.kind == AddressKind.permalink and owner.path == path
    return _Answer(article.permalink, KEPT if is_same else REDIRECTED, note)


def _state(article: Article) -> str:
    return "scheduled" if article.status == "published" else article.status


def _of_attachment(
    path: str, found: tuple[Media, Article | None] | None, page: str, owners: Mapping[str, Address]
) -> _Answer:
    if found is None or not page:
        return _Answer("", MISSING, _REMOVED)
    media, article = found
    if article is not None and not article.is_live():
        return _Answer("", MISSING, f"its {article.kind} is {_state(article)}")
    if "?" in path:
        return _Answer(page, REDIRECTED)
    owner = owners.get(address_key(path))
    if owner is None:
        return _Answer(page, MISSING, _SITE_OWN)
    if owner.media_id != media.id:
        return _Answer(page, KEPT, _ANOTHER)
    return _Answer(owner.path, KEPT if owner.path == path else REDIRECTED)


def _of_file(path: str, media: Media | None) -> _Answer:
    if media is None:
        return _Answer("", MISSING, _REMOVED)
    if media.is_missing:
        return _Answer("", MISSING, "the file was not found")
    if unquote(path) == _SERVED + media.file:
        return _Answer(path, KEPT)
    return _Answer(media.url, REDIRECTED)
