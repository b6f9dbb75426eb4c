"""Plain characters: which of them may be stored, how words are counted, and where a search term stands."""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from markupsafe import Markup, escape

# Three private code points that no text here keeps: the sanitiser uses them for itself.
RESERVED = "\U0010fff0\U0010fff1\U0010fff2"

# Code points that XML 1.0 forbids or discourages (they break feeds), the C1 controls, lone surrogates and
# noncharacters, and the bidirectional embeddings, overrides and isolates (they make a text read as another).
_NONCHARACTERS = "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(17))
_REFUSED = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufdd0-\\ufdef"
    + _NONCHARACTERS
    + RESERVED
    + "]"
    "|[\\u202a-\\u202e\\u2066-\\u2069]"
)

# Joiners shape letters of Arabic and Indic scripts and hold emoji together; anywhere else they only hide.
_JOINED = "\\u0600-\\u109f\\u1780-\\u18af\\u2190-\\u2bff\\ufe0f\\U0001f000-\\U0001faff"
_INVISIBLE = re.compile(
    "[\\u00ad\\u180e\\u200b\\u2060-\\u2065\\u206a-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb]"
    f"|(?<![{_JOINED}])[\\u200c\\u200d]"
)
# Tag characters spell the flags of regions after a black flag; anywhere else they smuggle text.
_TAGS = re.compile("(\\U0001f3f4[\\U000e0020-\\U000e007e]{1,8}\\U000e007f)|[\\U000e0000-\\U000e0fff]")
# Marks that stand over, under or in a letter. More than four on one are no language's spelling: they climb over
# the lines above.
_MARKS = "[\\u0300-\\u036f\\u0483-\\u0489\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f]"
_STACKED_MARKS = re.compile(f"({_MARKS}{{4}}){_MARKS}++")
# Letters and symbols that are drawn as nothing.
_BLANK_SIGNS = "\u115f\u1160\u2800"
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\u0085\u2028\u2029]")

_KANA = "\\u3041-\\u30ff\\u31f0-\\u31ff\\uff66-\\uff9d"
_HAN = "\\u2e80-\\u2fdf\\u3005-\\u3007\\u3021-\\u3029\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff"
_WIDE = f"[{_KANA}{_HAN}\\U00020000-\\U0003ffff]"
_UNSPACED = "[\\u0e01-\\u0edf\\u1000-\\u109f\\u1780-\\u17df]"
_WORDS = re.compile(f"(?P<wide>{_WIDE})|(?P<unspaced>{_UNSPACED}++)|(?:(?!{_WIDE}|{_UNSPACED})[\\w'’‐-])++")


def printable(text: str) -> str:
    """The text without code points that may not be stored; line ends become `\\n`."""
    return _REFUSED.sub("", _LINE_ENDS.sub("\n", text))


def visible(text: str) -> str:
    """A reader's text: `printable`, composed (NFC), without hidden characters and heaps of accents.

    Joiners stay inside emoji and in the scripts that need them; marks of direction (LRM, RLM) stay.
    """
    text = _INVISIBLE.sub("", printable(text))
    text = _TAGS.sub(r"\1", text)
    return _STACKED_MARKS.sub(r"\1", unicodedata.normalize("NFC", text))


def single_line(value: str) -> str:
    """`visible` on one line: any run of white space is one space, and marks of direction are dropped."""
    return " ".join(re.sub("[\u200e\u200f\u061c]", "", visible(value)).split())


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen: only spaces, marks without a letter, or format characters."""
    return not any(
        unicodedata.category(character)[0] in "LNPS" and character not in _BLANK_SIGNS for character in text
    )


def _weighed_words(text: str) -> Iterator[tuple[int, float]]:
    """Each word's end in the text, and how many words it counts for."""
    for match in _WORDS.finditer(text):
        if match["wide"]:
            yield match.end(), 0.5
        elif match["unspaced"]:
            letters = sum(not unicodedata.combining(letter) for letter in match[0])
            yield match.end(), max(1.0, letters / 5)
        elif any(character.isalnum() for character in match[0]):
            yield match.end(), 1.0


def word_count(text: str) -> int:
    """How many words a text takes to read.

    A run of letters and digits (with hyphens and apostrophes inside) is one word. Scripts without spaces are
    counted by length: two Chinese or Japanese characters, or five letters of Thai, Lao, Khmer or Burmese, are
    one word. Halves are rounded up.
    """
    return math.ceil(sum(weight for _, weight in _weighed_words(text)))


def excerpt(text: str, words: int = 55) -> str:
    """The first words of a plain text on one line, with an ellipsis where something was left out."""
    line = " ".join(text.split())
    total, cut = 0.0, 0
    for end, weight in _weighed_words(line):
        if total + weight > words:
            return line[:cut].rstrip(" ,;:–—-") + "…"
        total, cut = total + weight, end
    return line


# Accents of Latin, Greek and Cyrillic letters and the points of Hebrew and Arabic, which readers leave out when
# they search. The marks of kana and of Indic scripts are letters of their own and stay.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]")


def _without_accents(text: str) -> str:
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def fold(text: str) -> str:
    """The text without case, accents and differences of width, on one line: both sides of a search are folded."""
    return " ".join(unicodedata.normalize("NFKC", _without_accents(text)).split())


_SEARCHED = re.compile(f"{_WIDE}|{_UNSPACED}|(?:(?!{_WIDE}|{_UNSPACED})[^\\W_])++")


def search_words(text: str) -> str:
    """The words of a text as both sides of a search see them: folded, with a space between any two.

    Letters of scripts without spaces stand alone, so that a part of such a text is found as a phrase.

    >>> search_words("Café: 10,000 o'clock")
    'cafe 10 000 o clock'
    """
    return " ".join(_SEARCHED.findall(fold(text)))


@lru_cache(maxsize=4096)
def _folded_character(character: str) -> str:
    return _without_accents(character)


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """The text without case and accents, and for each of its characters the place it came from."""
    if text.isascii():
        return text.lower(), range(len(text))
    parts = list(map(_folded_character, text))
    folded = "".join(parts)
    if len(folded) == len(parts) and "" not in parts:
        return folded, range(len(parts))
    return folded, [place for place, part in enumerate(parts) for _ in part]


@lru_cache(maxsize=64)
def _beginnings(terms: tuple[str, ...]) -> re.Pattern[str] | None:
    """Where one of the terms begins a word of a folded text; None without a term."""
    wanted = sorted({_without_accents(term.strip()) for term in terms} - {""}, key=len, reverse=True)
    if not wanted:
        return None
    # Characters of scripts without spaces are all word characters, so a term may begin after one of them.
    return re.compile(f"(?:(?<!\\w)|(?<={_WIDE})|(?<={_UNSPACED}))(?:{'|'.join(map(re.escape, wanted))})")


def highlight(text: str, terms: Iterable[str]) -> Markup:
    """The plain text, escaped, with `<mark>` around each place where a term begins a word.

    Case and accents do not matter (`cafe` finds `Café`); longer terms win over shorter ones.
    """
    beginnings = _beginnings(tuple(terms))
    if beginnings is None:
        return escape(text)
    folded, places = _folded(text)
    pieces, done = [], 0
    for match in beginnings.finditer(folded):
        start, end = places[match.start()], places[match.end() - 1] + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        if start < done:
            continue
        pieces += escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"
        done = end
    pieces.append(escape(text[done:]))
    return Markup("".join(pieces))  # noqa: S704 (escaped, piece by piece)


def terms_in(text: str, terms: Iterable[str]) -> int:
    """How many different ones of the terms begin a word of the text, as `highlight` would mark them."""
    beginnings = _beginnings(tuple(terms))
    return len(set(beginnings.findall(_without_accents(text)))) if beginnings else 0


_SENTENCE_END = re.compile(r"[.!?…]['\"”’»)]*\s+|[。！？]")
_BEFORE = 120
"""Characters that may stand before the first term of a passage."""


def passage(text: str, terms: Iterable[str], words: int = 55) -> str:
    """The sentence of a plain text in which the first of the terms stands, and what follows it: at most so many words.

    An ellipsis says where something of a sentence was left out; a text without a term is cut like an `excerpt`.

    >>> passage("It rained. The harbour lay still all day.", ["harbour"], 4)
    'The harbour lay still…'
    """
    line = " ".join(text.split())
    beginnings = _beginnings(tuple(terms))
    folded, places = _folded(line)
    first = beginnings.search(folded) if beginnings else None
    if first is None:
        return excerpt(line, words)
    place = places[first.start()]
    starts = max((end.end() for end in _SENTENCE_END.finditer(line, 0, place)), default=0)
    if place - starts <= _BEFORE:
        return excerpt(line[starts:], words)
    starts = line.find(" ", place - _BEFORE, place) + 1 or place
    return f"…{excerpt(line[starts:], words)}"
