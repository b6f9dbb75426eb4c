"""What changed between two texts, word by word: pure functions over plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

LONGEST = 4000
"""Words of a paragraph that are compared one by one."""


@dataclass(frozen=True)
class Piece:
    """Some words: `same`, `old` (they are gone) or `new`."""

    kind: str
    text: str


def paragraphs(before: str, after: str) -> list[list[Piece]]:
    """The paragraphs (parted by line ends) that differ, each as pieces in reading order; what is the same between
    them is left out."""
    old = [line.strip() for line in before.splitlines() if line.strip()]
    new = [line.strip() for line in after.splitlines() if line.strip()]
    found: list[list[Piece]] = []
    for kind, from_old, to_old, from_new, to_new in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            continue
        pairs = max(to_old - from_old, to_new - from_new)
        for place in range(pairs):
            one = old[from_old + place] if from_old + place < to_old else ""
            other = new[from_new + place] if from_new + place < to_new else ""
            found.append(list(words(one, other)))
    return found


def words(before: str, after: str) -> Iterator[Piece]:
    """Two texts as pieces."""
    if not before or not after:
        yield from [Piece("old", before)] if before else []
        yield from [Piece("new", after)] if after else []
        return
    old, new = before.split()[:LONGEST], after.split()[:LONGEST]
    for kind, from_old, to_old, from_new, to_new in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            yield Piece("same", _joined(new[from_new:to_new]))
            continue
        if to_old > from_old:
            yield Piece("old", _joined(old[from_old:to_old]))
        if to_new > from_new:
            yield Piece("new", _joined(new[from_new:to_new]))


def _joined(some: Sequence[str]) -> str:
    return " ".join(some) + " "
