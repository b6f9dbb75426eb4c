"""Lists of words, addresses and domains, and what of a comment stands on them. Pure functions and dataclasses."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from webapp.markup_text import fold

# Scripts without spaces have no word ends to look for: there each character counts as a word, so that a phrase is
# found wherever it stands.
_UNSPACED = (
    "\\u0e01-\\u0eff\\u1000-\\u109f\\u1780-\\u17df\\u3041-\\u30ff\\u3400-\\u9fff"
    "\\uf900-\\ufaff\\U00020000-\\U0003ffff"
)
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W{_UNSPACED}]+|[^\\w\\s]")


def _words(text: str) -> Iterator[str]:
    """The words of a folded text, and its symbols (emoji, signs of money); punctuation is left out."""
    for word in _WORD.findall(fold(text)):
        if word[0].isalnum() or word[0] == "_" or unicodedata.category(word[0])[0] == "S":
            yield word


@dataclass(frozen=True)
class WordList:
    """Words and phrases, found as whole words whatever their case and accents, in one pass over the text."""

    phrases: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    """The words of each phrase, and the phrase as it was entered."""
    lengths: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """The first word of each phrase: how many words phrases have that begin with it."""

    @classmethod
    def of(cls, phrases: Iterable[str]) -> WordList:
        """Of a setting. Each is made once, as long as the newsroom leaves it as it is."""
        return _word_list(tuple(phrases))

    @classmethod
    def made_of(cls, phrases: Iterable[str]) -> WordList:
        found: dict[tuple[str, ...], str] = {}
        lengths: dict[str, set[int]] = defaultdict(set)
        for phrase in phrases:
            words = tuple(_words(phrase))
            if words:
                found.setdefault(words, phrase.strip())
                lengths[words[0]].add(len(words))
        return cls(found, {word: sorted(known) for word, known in lengths.items()})

    def first_in(self, texts: Iterable[str]) -> str | None:
        """The first entry that stands in one of the texts, as it was entered.

        One pass over each text, however many entries there are: at each word only the lengths of the phrases that
        begin with it are tried.
        """
        if not self.phrases:
            return None
        for text in texts:
            words = tuple(_words(text))
            for place, word in enumerate(words):
                for length in self.lengths.get(word, ()):
                    phrase = self.phrases.get(words[place : place + length])
                    if phrase is not None:
                        return phrase
        return None


@dataclass(frozen=True)
class AddressList:
    """E-mail addresses and domains as the newsroom lists them: `kim@post.example`, `post.example` and all below it."""

    entries: frozenset[str] = frozenset()

    @classmethod
    def of(cls, entries: Iterable[str]) -> AddressList:
        """Of a setting, made once like a list of words."""
        return _address_list(tuple(entries))

    def find_address(self, email: str) -> str | None:
        """The entry that an e-mail address falls under."""
        if email.lower() in self.entries:
            return email.lower()
        return self.find_host(email.rpartition("@")[2])

    def find_host(self, host: str) -> str | None:
        """The entry that a host falls under: its own, or one of a domain above it."""
        labels = host.lower().rstrip(".").split(".")
        names = (".".join(labels[place:]) for place in range(len(labels))) if self.entries else ()
        return next((name for name in names if name in self.entries), None)


@lru_cache(maxsize=16)
def _word_list(phrases: tuple[str, ...]) -> WordList:
    return WordList.made_of(phrases)


@lru_cache(maxsize=16)
def _address_list(entries: tuple[str, ...]) -> AddressList:
    return AddressList(
        frozenset(entry.strip().lower().removeprefix("@").removeprefix("www.") for entry in entries)
    )


_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")


def is_mixed(text: str) -> bool:
    """Whether one word of a text has letters of two alphabets whose letters look alike."""
    return any(len(_alphabets(word)) > 1 for word in re.findall(r"[^\W\d_]+", text))


def _alphabets(word: str) -> set[str]:
    names = {unicodedata.name(letter, "").partition(" ")[0] for letter in unicodedata.normalize("NFKC", word)}
    return names.intersection(_ALPHABETS)
