"""Brings a folder of Markdown files: `standfirst import markdown DIR`, and the way the demonstration comes in.

`prepare` reads, checks and cleans everything; `write` brings it in one transaction. A piece that was brought before
(the same slug from the same source) is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import current_app
from slugify import slugify
from sqlalchemy import select

from webapp import clock, dialects, markup
from webapp.database import db, transaction
from webapp.models import (
    Address,
    AddressKind,
    Article,
    ArticleTotals,
    ImportRun,
    Kind,
)
from webapp.passwords import hash_password
from webapp.publishing import addresses, bodies, ledger, markdown_folder, markdown_terms
from webapp.publishing.markdown import Piece
from webapp.publishing.markdown_folder import Folder, Mistakes, placeholder
from webapp.publishing.markdown_media import MediaNames, link_pictures
from webapp.publishing.report import Report
from webapp.settings import setting

__all__ = ["Mistakes", "Prepared", "bring", "import_folder", "prepare", "step_count", "write"]

KIND = "markdown"
Progress = Callable[[int, int], None]
"""Is told how many steps are done, and of how many."""


def _silent(_done: int, _total: int) -> None:
    pass


@dataclass(slots=True)
class Prepared:
    """A folder that was checked and cleaned, with its pictures in the media folder; nothing is in the database yet."""

    folder: Folder
    source: str
    started_at: datetime
    report: Report
    articles: dict[str, Article] = field(default_factory=dict)
    """The new ones by slug: complete but for what they are linked with."""
    media_names: dict[str, str] = field(default_factory=dict)
    """Where each picture lies in the media folder, by its path below the root."""


def step_count(root: Path) -> int:
    """How many files there are to read, for a progress bar."""
    return len(markdown_folder.markdown_files(root))


def import_folder(root: Path, *, source: str = "", progress: Progress = _silent) -> Report:
    """Brings a folder of Markdown files with their pictures. Raises Mistakes, with nothing changed."""
    return bring(prepare(root, source=source, progress=progress))


def bring(prepared: Prepared, *, before: Callable[[], None] | None = None) -> Report:
    """Writes what was prepared, in one transaction; `before` runs in it ahead of everything else."""
    with transaction():
        if before:
            before()
        write(prepared)
    return prepared.report


def prepare(
    root: Path, *, source: str = "", into_empty: bool = False, progress: Progress = _silent
) -> Prepared:
    """Reads and checks the folder, cleans its texts, takes its pictures. Raises Mistakes.

    `into_empty`: what the site holds now will be gone when this is written, so nothing is taken from it.
    """
    started_at = clock.now()
    source = source or f"markdown:{root.resolve().name}"
    names = MediaNames(root, slugify(source))
    zone = ZoneInfo(_own_zone() if into_empty else setting("TIME_ZONE"))
    folder = markdown_folder.read(
        root,
        now=started_at,
        zone=zone,
        media_url=names.url,
        known_pages=lambda slug: not into_empty and _page_id(slug) is not None,
    )
    report = Report(root.name, source, started_at, format="Markdown", time_zone=str(zone))
    report.site_title = setting("SITE_TITLE")
    prepared = Prepared(folder, source, started_at, report)
    prepared.media_names = names.take(folder.pictures)
    known = {} if into_empty else ledger.known(source, KIND, folder.pieces)
    fresh = [piece for piece in folder.pieces.values() if piece.slug not in known]
    for done, piece in enumerate(fresh, 1):
        prepared.articles[piece.slug] = _article(piece, folder.bodies[piece.slug], started_at)
        progress(done, len(fresh))
    return prepared


def _own_zone() -> str:
    """The time zone that the environment or the file of settings gives, whatever is stored in the database."""
    return current_app.extensions["standfirst_settings"].values["TIME_ZONE"]


def _article(piece: Piece, html: str, now: datetime) -> Article:
    """The article of a piece, with all that is derived from its text."""
    article = Article(
        kind=piece.kind,
        status=piece.status,
        headline=markup.clean_text(piece.headline),
        slug=piece.slug,
        kicker=markup.clean_text(piece.kicker)[:200],
        standfirst=markup.clean_text(piece.standfirst),
        body_source=piece.body,
        body_format="markdown",
        created_at=min(piece.published or now, now),
        published_at=piece.published,
        updated_at=piece.updated,
        is_sticky=piece.sticky,
        comments_open=piece.comments == "open",
        comments_hidden=piece.comments == "none",
        menu_order=piece.order,
        password_hash=hash_password(piece.password) if piece.password else None,
    )
    article.totals = ArticleTotals()
    bodies.fill(article, html, appendix=piece.appendix, excerpt=piece.excerpt)
    return article


def write(prepared: Prepared) -> None:
    """Inside transaction(): brings what was prepared, with its terms, pictures, addresses and the ledger."""
    dialects.lock(ledger.LOCK)
    report, pieces = prepared.report, prepared.folder.pieces
    known = ledger.known(prepared.source, KIND, pieces)
    fresh = {slug: article for slug, article in prepared.articles.items() if slug not in known}
    for piece in pieces.values():
        report.found(piece.kind)
        (report.brought if piece.slug in fresh else report.already_here)(piece.kind)
    db.session.add_all(fresh.values())
    db.session.flush()
    ids = {slug: local_id for slug, local_id in known.items() if local_id}
    ids |= {slug: article.id for slug, article in fresh.items()}
    markdown_terms.link_terms(report, [(pieces[slug], article.id) for slug, article in fresh.items()])
    link_pictures(prepared.folder, prepared.media_names, fresh, prepared.started_at)
    for slug, article in fresh.items():
        if pieces[slug].parent:
            article.parent_id = ids.get(pieces[slug].parent) or _page_id(pieces[slug].parent)
    paths = _give_addresses(prepared, fresh, ids)
    for article in fresh.values():
        article.body_html = _with_addresses(article.body_html, paths)
        article.appendix_html = _with_addresses(article.appendix_html, paths)
    ledger.remember(prepared.source, KIND, {slug: article.id for slug, article in fresh.items()})
    _record(prepared)


def _give_addresses(prepared: Prepared, fresh: dict[str, Article], ids: dict[str, int]) -> dict[str, str]:
    """Claims a permalink for each new article; the result has the path of every piece by slug."""
    pieces = prepared.folder.pieces
    query = select(Address.article_id, Address.path).where(
        Address.kind == AddressKind.permalink, Address.article_id.in_(ids.values())
    )
    by_id = dict(db.session.execute(query).all())
    paths = {slug: by_id[local_id] for slug, local_id in ids.items() if local_id in by_id}
    for slug in sorted(fresh, key=lambda slug: _depth(slug, pieces)):
        wanted = _wanted_path(prepared, fresh[slug], paths)
        paths[slug] = addresses.claim(wanted, AddressKind.permalink, article_id=fresh[slug].id)
        if paths[slug] != addresses.tidy(wanted):
            prepared.report.note(f"{wanted} was taken, so {pieces[slug].file} is at {paths[slug]}.")
    return paths


def _depth(slug: str, pieces: dict[str, Piece]) -> int:
    depth = 0
    while (slug := pieces[slug].parent) in pieces:
        depth += 1
    return depth


def _wanted_path(prepared: Prepared, article: Article, paths: dict[str, str]) -> str:
    piece = prepared.folder.pieces[article.slug]
    if piece.permalink:
        return piece.permalink
    if article.kind == Kind.page:
        above = paths.get(piece.parent) or (_page_path(piece.parent) if piece.parent else "")
        return f"{above.rstrip('/')}/{article.slug}/"
    zone = ZoneInfo(setting("TIME_ZONE"))
    category = markdown_terms.category_path(piece.categories[0]) if piece.categories else ""
    return addresses.new_path(
        article.slug, article.published_at or article.created_at, zone, category, article.id
    )


def _with_addresses(html: str, paths: dict[str, str]) -> str:
    if "/@piece/" not in html:
        return html
    for slug, path in paths.items():
        html = html.replace(placeholder(slug), escape(path))
    return html


def _page_id(slug: str) -> int | None:
    query = (
        select(Article.id)
        .where(Article.kind == Kind.page, Article.slug == slug)
        .order_by(Article.id)
        .limit(1)
    )
    return db.session.scalar(query)


def _page_path(slug: str) -> str:
    query = select(Address.path).where(
        Address.article_id == _page_id(slug), Address.kind == AddressKind.permalink
    )
    return db.session.scalar(query) or ""


def _record(prepared: Prepared) -> None:
    """Keeps the report with the run, for staff."""
    prepared.report.finished_at = clock.now()
    run = ImportRun(
        source=prepared.source,
        file_name=prepared.report.file,
        started_at=prepared.started_at,
        finished_at=prepared.report.finished_at,
        report=prepared.report.to_json(),
    )
    db.session.add(run)
