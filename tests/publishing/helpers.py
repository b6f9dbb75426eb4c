"""What the tests of the import share: bringing a file, and looking at what came."""

from __future__ import annotations

from pathlib import Path

from flask import current_app
from sqlalchemy import select

from tests.publishing import exports
from webapp.database import db
from webapp.models import Article, Comment
from webapp.publishing import queries, wordpress
from webapp.publishing.media_files import MediaSource
from webapp.publishing.report import OldAddress, Report


def bring(folder: Path, *parts: str, media: Path | None = None, **options: str) -> Report:
    """Writes an export of these parts and brings it; every item must be accounted for."""
    return bring_file(exports.write(folder, *parts, **options), media=media)


def bring_file(path: Path, *, media: Path | None = None) -> Report:
    source = MediaSource(media, Path(current_app.instance_path) / "media") if media else None
    report = wordpress.bring(wordpress.inspect(path), media=source)
    assert report.is_complete, report.tallies
    db.session.expire_all()
    return report


def addresses(report: Report) -> list[OldAddress]:
    """Every address of the old site, and where it leads now."""
    return list(queries.every_address(report.run_id))


def article(number: int) -> Article:
    """The article that had this number on the old site."""
    return db.session.scalars(select(Article).where(Article.imported_id == number)).one()


def comments(number: int) -> list[Comment]:
    """The comments of that article, in reading order."""
    query = select(Comment).where(Comment.article_id == article(number).id).order_by(Comment.path)
    return list(db.session.scalars(query))


def numbers(report: Report, kind: str) -> tuple[int, int, int, int]:
    """Found, brought, already here, skipped."""
    tally = report.tally(kind)
    return tally.found, tally.brought, tally.already_here, tally.skipped.total()
