"""How much a comment is like what the newsroom rejected: a naive Bayes over its own decisions. No Flask, no SQL.

Each word of a comment (and a few marks of its form) counts once. A word's weight is the logarithm of how much oftener
it stood in what was rejected than in what was approved, with a half added to each count (Jeffreys' prior), so that a
word seen once decides little.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from webapp.markup_text import fold

FEWEST = 20
"""Decisions of each kind without which nothing is said."""
MOST_WORDS = 20_000
LIKELY = 0.8
"""From here on a comment counts as likely spam."""
FINE = 0.2
_WORD = re.compile(r"\w+")
_MARKS = (
    ("<links>", re.compile(r"https?://|www\.", re.IGNORECASE)),
    ("<shouts>", re.compile(r"\b[A-Z]{4,}\b")),
    ("<signs>", re.compile(r"[!?$€£]{2,}")),
    ("<digits>", re.compile(r"\d{5,}")),
)


def features(text: str) -> set[str]:
    """The words of a text, folded, its pairs of words, and the marks of its form."""
    words = [word[:30] for word in _WORD.findall(fold(text))][:600]
    found = set(words) | {f"{one} {two}" for one, two in pairwise(words)}
    found |= {name for name, pattern in _MARKS if pattern.search(text)}
    if len(words) < 4:
        found.add("<short>")
    return found


@dataclass
class Model:
    """How many decisions there were of each kind, and in how many of them each word stood: {word: (fine, rejected)}."""

    fine: int = 0
    rejected: int = 0
    words: dict[str, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def learnt(cls, decisions: Iterable[tuple[str, bool]]) -> Model:
        """From texts and whether each was rejected. Words that stood in one comment only are left out."""
        counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        numbers = [0, 0]
        for text, is_rejected in decisions:
            numbers[is_rejected] += 1
            counts[is_rejected].update(features(text))
        total = counts[0] + counts[1]
        kept = [word for word, count in total.most_common(MOST_WORDS) if count > 1]
        return cls(numbers[0], numbers[1], {word: (counts[0][word], counts[1][word]) for word in kept})

    @property
    def is_ready(self) -> bool:
        """Whether there were enough decisions of both kinds."""
        return self.fine >= FEWEST and self.rejected >= FEWEST

    def score(self, text: str) -> float | None:
        """Between 0 (like what was approved) and 1 (like what was rejected); None as long as too little is known."""
        return self.score_of(features(text)) if self.is_ready else None

    def score_of(self, found: Iterable[str]) -> float | None:
        """The same of a text's features."""
        if not self.is_ready:
            return None
        odds = math.log(self.rejected / self.fine)
        for word in found:
            fine, rejected = self.words.get(word, (0, 0))
            if fine or rejected:
                odds += math.log((rejected + 0.5) / (self.rejected + 1)) - math.log(
                    (fine + 0.5) / (self.fine + 1)
                )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))

    def as_json(self) -> dict[str, Any]:
        return {
            "fine": self.fine,
            "rejected": self.rejected,
            "words": {w: list(c) for w, c in self.words.items()},
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Model:
        words = {word: (counts[0], counts[1]) for word, counts in found.get("words", {}).items()}
        return cls(found.get("fine", 0), found.get("rejected", 0), words)


@dataclass(frozen=True)
class Quality:
    """How well a model told apart what it had not seen: of those it called likely spam, how many were (precision);
    of the rejected ones, how many it called so (recall). None where there was nothing to divide by."""

    tested: int
    precision: float | None
    recall: float | None


def measured(model: Model, decisions: Sequence[tuple[str, bool]]) -> Quality:
    """Compares what the model says with what was decided."""
    said = [((model.score(text) or 0) >= LIKELY, is_rejected) for text, is_rejected in decisions]
    right = sum(called and is_rejected for called, is_rejected in said)
    called_spam = sum(called for called, _ in said)
    rejected = sum(is_rejected for _, is_rejected in said)
    return Quality(
        len(said), right / called_spam if called_spam else None, right / rejected if rejected else None
    )


def band(score: float | None) -> int:
    """0 likely fine, 1 unsure or unknown, 2 likely spam."""
    if score is None:
        return 1
    return 0 if score < FINE else 2 if score >= LIKELY else 1
