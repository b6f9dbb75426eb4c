"""Versions one after the other, each with what it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp import markup
from webapp.models import ArticleVersion
from webapp.writing.differences import Piece, paragraphs, words
from webapp.writing.fields import Fields, from_json

_NAMED = {"headline": "Headline", "kicker": "Kicker", "standfirst": "Standfirst"}


@dataclass(frozen=True)
class Step:
    """A version: `named` are changed fields by their label, `body` the paragraphs that changed. Both empty for the
    first."""

    version: ArticleVersion
    headline: str
    named: dict[str, list[Piece]]
    body: list[list[Piece]]
    word_count: int

    @property
    def is_same(self) -> bool:
        return not self.named and not self.body


def steps(newest_first: Sequence[ArticleVersion]) -> list[Step]:
    """Each version with what it changed since the one before."""
    found = []
    for place, version in enumerate(newest_first):
        before = newest_first[place + 1] if place + 1 < len(newest_first) else None
        found.append(_step(version, from_json(before.fields) if before else None))
    return found


def _step(version: ArticleVersion, before: Fields | None) -> Step:
    now = from_json(version.fields)
    text = markup.plain_text(now.body)
    named: dict[str, list[Piece]] = {}
    body: list[list[Piece]] = []
    if before is not None:
        for name, label in _NAMED.items():
            old, new = getattr(before, name), getattr(now, name)
            if old != new:
                named[label] = list(words(old, new))
        body = paragraphs(markup.plain_text(before.body), text) if before.body != now.body else []
    return Step(version, now.headline, named, body, markup.word_count(text))
