"""What made-up papers are written with: sentences of the demonstration's own articles, and places out of syllables."""

from __future__ import annotations

import itertools
import random
import re
from bisect import bisect
from dataclasses import dataclass

from webapp import paths

STARTS = (
    "Skel", "Nor", "Har", "Vik", "Tor", "Lang", "Stor", "Gren", "Bal", "Mor",
    "Fal", "Dun", "Kel", "Ros", "Lin", "Hav", "Ost", "Sund", "Bre", "Al",
)  # fmt: skip
ENDS = (
    "vik", "haven", "ness", "mouth", "ford", "by", "stad", "holm", "dale", "wick",
    "sund", "berg", "nes", "mere", "ton", "gate", "fell", "strand", "moor", "quay",
)  # fmt: skip
_PLAIN = re.compile(r"(?m)^(?:[#>|!\\-]|\d+\.|\[\^|---|\w+:).*$|\[\^\w+\]|[*_`]|!?\[([^\]]*)\]\([^)]*\)")


class Zipf:
    """Draws ranks from 0 on: rank n about 1 / (n + 1) as often as the first."""

    def __init__(self, size: int, dice: random.Random, steepness: float = 1.0) -> None:
        self._sums = list(itertools.accumulate(1 / (rank + 1) ** steepness for rank in range(size)))
        self._dice = dice

    def draw(self) -> int:
        return bisect(self._sums, self._dice.random() * self._sums[-1])


@dataclass
class Words:
    """Sentences and names to write with."""

    sentences: list[str]
    places: list[str]
    dice: random.Random

    def headline(self) -> str:
        """A few words of a sentence, and a place."""
        words = self.dice.choice(self.sentences).rstrip(".").split()
        begins = self.dice.randrange(max(1, len(words) - 6))
        some = " ".join(words[begins : begins + 6]).strip(",;:“”’ ")
        return f"{self.dice.choice(self.places)}: {some}"

    def paragraphs(self, words: int) -> list[list[str]]:
        """Paragraphs of a place and three to six sentences each, about so many words in all."""
        found: list[list[str]] = []
        while words > 0:
            some = self.dice.choices(self.sentences, k=self.dice.randint(3, 6))
            some[0] = some[0][:1].lower() + some[0][1:]
            some.insert(0, f"In {self.dice.choice(self.places)},")
            found.append(some)
            words -= sum(one.count(" ") + 1 for one in some)
        return found


def words_to_write_with(dice: random.Random) -> Words:
    """From the demonstration's articles."""
    text = " ".join(
        _PLAIN.sub(r"\1", path.read_text(encoding="utf-8").partition("\n---\n")[2])
        for path in sorted((paths.demonstration_dir() / "articles").glob("*.md"))
    )
    sentences = [
        one.replace("&", "and").replace("<", "").replace(">", "")
        for one in re.split(r"(?<=[.!?])\s+", " ".join(text.split()))
        if 5 <= one.count(" ") <= 40
    ]
    places = [f"{start}{middle}{end}" for start in STARTS for middle in ("", "en", "er", "a") for end in ENDS]
    return Words(sentences, places, dice)
