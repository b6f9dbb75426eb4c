"""Paging by keyset: a list of articles, newest first, goes on after the last one shown, whatever came in since."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, literal, tuple_

from webapp.models import Article
from webapp.models.base import UTCDateTime

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(r"(-?\d{1,17})\.(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Cursor:
    """A place in a list: behind the article with this id, published at this moment."""

    published_at: datetime
    article_id: int

    @classmethod
    def behind(cls, article: Article) -> Cursor:
        """The place behind a listed article. Raises ValueError for one that stands in no list."""
        if article.listed_at is None:
            raise ValueError("an article that stands in no list has no place in one")
        return cls(article.listed_at, article.id)

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Reads what `str` wrote into an address. Raises ValueError for anything else."""
        found = _FORM.fullmatch(text)
        if found is None:
            raise ValueError("not a place in a list")
        try:
            return cls(_EPOCH + timedelta(microseconds=int(found[1])), int(found[2]))
        except OverflowError as error:
            raise ValueError("not a place in a list") from error

    def __str__(self) -> str:
        return f"{(self.published_at - _EPOCH) // timedelta(microseconds=1)}.{self.article_id}"

    def rest(
        self, listed_at: ColumnElement[Any] | None = None, article_id: ColumnElement[int] | None = None
    ) -> ColumnElement[bool]:
        """The condition for what follows in the order `NEWEST_FIRST`, in the columns of an article or in others."""
        place = tuple_(literal(self.published_at, UTCDateTime), literal(self.article_id))
        columns = (
            Article.listed_at if listed_at is None else listed_at,
            Article.id if article_id is None else article_id,
        )
        return tuple_(*columns) < place


NEWEST_FIRST = (Article.listed_at.desc(), Article.id.desc())


@dataclass(frozen=True)
class Slice:
    """Some articles of a longer list; `next` is the cursor for the rest, or None at its end."""

    articles: list[Article]
    next: Cursor | None = None

    @classmethod
    def of(cls, found: Sequence[Article], limit: int) -> Slice:
        """Cuts what a query for `limit + 1` articles found."""
        shown = list(found[:limit])
        return cls(shown, Cursor.behind(shown[-1]) if len(found) > limit else None)
