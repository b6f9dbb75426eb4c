"""Where a file stands: kept as a relation of articles and files, so that asking costs the same in a paper of any size.

The database itself notes each article whose text or working copy was written (migration 0018). `note_uses` reads those
and keeps what they name; until it has, whoever asks reads them, too, so that the answer is always right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from sqlalchemy import ColumnElement, Select, delete, exists, insert, literal, or_, select

from webapp.database import db, transaction
from webapp.models import Article, Media, WorkingCopy, media_use, media_use_due
from webapp.settings import setting

BATCH = 50
"""Articles of one transaction, so that nobody waits long for it."""
_SERVED = ("/media/", "/wp-content/uploads/")
_ADDRESSES = frozenset({"src", "href", "poster", "cite"})
_PLAIN = re.compile(r"[A-Za-z0-9/._-]+")
_SIZE = re.compile(r"-\d{1,5}x\d{1,5}(?=\.[A-Za-z0-9]+$)")


def articles_with(one: Media, most: int) -> list[int]:
    """The ids of the articles in which a file stands, the newest first, at most so many."""
    arms = [
        select(Article.id).where(Article.lead_media_id == one.id).order_by(Article.id.desc()),
        select(Article.id).where(Article.share_media_id == one.id).order_by(Article.id.desc()),
        _noted(media_use.c.file == one.file),
        # A size that WordPress once made is answered by the whole picture, unless it is a file of its own.
        _noted((media_use.c.whole == one.file) & ~exists().where(Media.file == media_use.c.file)),
    ]
    found = {number for arm in arms for number in db.session.scalars(arm.limit(most))}
    return sorted(found | set(_not_noted_yet(one)), reverse=True)[:most]


def note_uses(most: int = BATCH) -> int:
    """Keeps what articles name that were written since, at most so many; says how many it read."""
    numbers = list(
        db.session.scalars(
            select(media_use_due.c.article_id).order_by(media_use_due.c.article_id).limit(most)
        )
    )
    if not numbers:
        return 0
    with transaction(unseen=True):
        # What somebody is writing at this moment waits for the next round; the database notes it again.
        held = {"skip_locked": True, "of": Article.__table__}
        here = list(db.session.scalars(_read(numbers).with_for_update(**held)))
        copies = select(WorkingCopy).where(WorkingCopy.article_id.in_(numbers))
        by_id = {one.article_id: one for one in db.session.scalars(copies.with_for_update())}
        there = set(db.session.scalars(select(Article.id).where(Article.id.in_(numbers))))
        done = [one.id for one in here] + [number for number in numbers if number not in there]
        db.session.execute(delete(media_use_due).where(media_use_due.c.article_id.in_(done)))
        db.session.execute(delete(media_use).where(media_use.c.article_id.in_(done)))
        rows = [
            {"article_id": article.id, "file": file, "whole": _SIZE.sub("", file)}
            for article in here
            for file in sorted(files_of(article, by_id.get(article.id)))
        ]
        if rows:
            db.session.execute(insert(media_use), rows)
    return len(done)


def note_all() -> None:
    """Reads all that waits, each once: after an import."""
    while note_uses():
        pass


def files_of(article: Article, copy: WorkingCopy | None) -> set[str]:
    """The files that an article names in its text, its appendix and what is typed of it and waits."""
    found = set(_named(article.body_html)) | set(_named(article.appendix_html))
    for typed in (copy.fields, copy.due_fields) if copy else ():
        if typed:
            found.update(_named(typed.get("body", "")))
            ids = [typed.get("lead_media"), typed.get("share_media")]
            found.update(
                db.session.scalars(select(Media.file).where(Media.id.in_([one for one in ids if one])))
            )
    return found


def _read(numbers: Iterable[int]) -> Select[Article]:
    return select(Article).where(Article.id.in_(numbers)).execution_options(populate_existing=True)


def _noted(condition: ColumnElement[bool]) -> Select[int]:
    waits = exists().where(media_use_due.c.article_id == media_use.c.article_id)
    return select(media_use.c.article_id).where(condition, ~waits).order_by(media_use.c.article_id.desc())


def _not_noted_yet(one: Media) -> Iterator[int]:
    """Of the articles that wait to be read, those in which the file stands."""
    stem = one.file.rpartition(".")[0]
    # Letters that an address may write in several ways are left to the reading itself.
    words = [stem] if _PLAIN.fullmatch(stem) else _SERVED
    texts = (Article.body_html, Article.appendix_html)
    may = or_(
        *(text.contains(word, autoescape=True) for text in texts for word in words),
        WorkingCopy.article_id.is_not(None),
    )
    query = (
        select(Article, WorkingCopy).outerjoin(WorkingCopy, WorkingCopy.article_id == Article.id).where(may)
    )
    # By their numbers, so that the database does not go through all articles for the few that wait.
    waiting = db.session.scalars(select(media_use_due.c.article_id)).all()
    for begins in range(0, len(waiting), 500):
        numbers = waiting[begins : begins + 500]
        for article, copy in db.session.execute(query.where(Article.id.in_(numbers))):
            named = files_of(article, copy)
            if one.file in named or any(_stands_for(file, one.file) for file in named):
                yield article.id


def _stands_for(file: str, whole: str) -> bool:
    is_its_own = select(literal(1)).where(Media.file == file)
    return _SIZE.sub("", file) == whole and db.session.scalar(is_its_own) is None


def _named(html: str) -> set[str]:
    """The files of our own that clean HTML shows or links to."""
    if not any(folder in html for folder in _SERVED):
        return set()
    reader = _Addresses()
    reader.feed(html)
    reader.close()
    return {file for address in reader.found if (file := _file(address)) and len(file) <= 500}


def _file(address: str) -> str:
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    if parts.netloc and parts.netloc != urlsplit(setting("SITE_URL")).netloc:
        return ""
    folder = next((one for one in _SERVED if parts.path.startswith(one)), "")
    return unquote(parts.path[len(folder) :]) if folder else ""


class _Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        for name, value in attrs:
            if value and name in _ADDRESSES:
                self.found.append(value)
            elif value and name == "srcset":
                self.found += [part.split()[0] for part in value.split(",") if part.strip()]
