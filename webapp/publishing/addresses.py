"""Giving out addresses: a permalink for each article, a page for each media file, redirects from old addresses.

An address of the site's own (/search, /moderation, …) is never given away, nor one that somebody has.
Writes; call inside transaction().
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, tzinfo
from urllib.parse import quote

from sqlalchemy import select

from webapp.database import db
from webapp.dialects import insert
from webapp.models import Address, AddressKind, address_key
from webapp.reading.addresses import reserved
from webapp.settings import setting

LONGEST = 1000
ELSEWHERE = "/archived"
"""Before the path of what cannot keep its own, since the site itself answers there."""
_NUMBERED = 1000
_SAFE = "/-._~!$&'()*+,;=:@%"


def tidy(path: str) -> str:
    """The form in which a path is kept: one slash at a time, percent-encoded where it must be, its end as it was.

    >>> tidy("//news/café/")
    '/news/caf%C3%A9/'
    """
    folded = re.sub(r"/{2,}", "/", "/" + path)
    return quote(folded, safe=_SAFE)


def new_path(slug: str, published_at: datetime, zone: tzinfo, category: str = "", article_id: int = 0) -> str:
    """The path that the site's own rule (the setting PERMALINKS) gives; cut in the site's time zone."""
    local = published_at.astimezone(zone)
    parts = {
        "year": f"{local.year:04d}",
        "month": f"{local.month:02d}",
        "day": f"{local.day:02d}",
        "slug": slug,
        "category": category or "news",
        "id": str(article_id),
    }
    filled = re.sub(r"\{(\w+)\}", lambda match: parts.get(match.group(1), ""), setting("PERMALINKS"))
    return tidy(filled)


def claim(path: str, kind: AddressKind, *, article_id: int | None = None, media_id: int | None = None) -> str:
    """Gives the path, or the nearest free one (`/slug-2/`), and returns the one that was given."""
    for candidate in _candidates(tidy(path)):
        if not reserved(candidate) and _insert(candidate, kind, article_id, media_id):
            return candidate
    raise AssertionError("the candidates never end")


def redirect(path: str, *, article_id: int | None = None, target: str = "") -> bool:
    """Makes an old path lead to an article (or to `target`), unless the path is taken; says whether it does."""
    path = tidy(path)
    if len(path) > LONGEST or reserved(path):
        return False
    return _insert(path, AddressKind.redirect, article_id, None, target)


def holder(path: str) -> Address | None:
    """Who has the path now."""
    return db.session.scalar(select(Address).where(Address.key == address_key(path)))


def _candidates(path: str) -> Iterator[str]:
    ending = "/" if path.endswith("/") else ""
    stem = path.rstrip("/")
    if len(path) <= LONGEST:
        yield path
    stem = stem[: LONGEST - len(ELSEWHERE) - 12]
    # A percent-encoded letter that was cut in the middle would be another letter.
    stem = re.sub(r"%[0-9A-Fa-f]?$", "", stem)
    for number in range(2, _NUMBERED + 2):
        yield f"{stem}-{number}{ending}"
    # Everything below an address of the site's own (/media/…) belongs to the site, whatever number it has.
    number = 1
    while True:
        yield f"{ELSEWHERE}{stem}{f'-{number}' if number > 1 else ''}{ending}"
        number += 1


def _insert(
    path: str, kind: AddressKind, article_id: int | None, media_id: int | None, target: str = ""
) -> bool:
    statement = (
        insert(Address)
        .values(
            key=address_key(path),
            path=path,
            kind=kind,
            article_id=article_id,
            media_id=media_id,
            target=target,
        )
        .on_conflict_do_nothing(index_elements=[Address.key])
        .returning(Address.id)
    )
    return db.session.execute(statement).first() is not None
