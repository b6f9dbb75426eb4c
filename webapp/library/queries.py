"""What the library shows."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from webapp.database import db
from webapp.library import uses
from webapp.models import Article, Media

PAGE_LENGTH = 48
MOST_USES = 50
KINDS = {"": "Everything", "picture": "Pictures", "untold": "Without alt text", "other": "Other files"}


def found(
    text: str = "", kind: str = "", before: int = 0, *, pictures_only: bool = False
) -> tuple[list[Media], int]:
    """A page of the library, the newest first, and the id before which it goes on (0: at its end)."""
    query = select(Media).where(
        ~Media.is_missing, *_narrowed(text, "picture" if pictures_only and not kind else kind)
    )
    if before:
        query = query.where(Media.id < before)
    rows = list(db.session.scalars(query.order_by(Media.id.desc()).limit(PAGE_LENGTH + 1)))
    shown = rows[:PAGE_LENGTH]
    return shown, shown[-1].id if len(rows) > PAGE_LENGTH else 0


def media(media_id: int) -> Media | None:
    return db.session.get(Media, media_id)


def uses_of(one: Media) -> list[Article]:
    """The articles in which a file stands, the newest first, at most so many."""
    here = Article.id.in_(uses.articles_with(one, MOST_USES))
    return list(db.session.scalars(select(Article).where(here).order_by(Article.id.desc())))


def _narrowed(text: str, kind: str) -> list[ColumnElement[bool]]:
    is_picture = Media.mime.startswith("image/")
    conditions: list[ColumnElement[bool]] = []
    if kind in ("picture", "untold"):
        conditions.append(is_picture)
    if kind == "untold":
        conditions.append(Media.alt == "")
    if kind == "other":
        conditions.append(~is_picture)
    if text:
        variants = {text} if text.isascii() else {text, text.lower(), text.upper(), text.title()}
        columns = (Media.file, Media.title, Media.alt, Media.caption, Media.credit)
        conditions.append(
            or_(*(column.icontains(one, autoescape=True) for column in columns for one in variants))
        )
    return conditions
