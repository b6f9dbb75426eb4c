"""The words of a piece of HTML without its tags."""

import re
from collections.abc import Iterator
from html import unescape

from webapp.markup_text import printable
from webapp.markup_tokens import End, Start, Text, tokenise, without_hidden

_LINES = frozenset(
    {"address", "article", "aside", "blockquote", "br", "center", "dd", "details", "div", "dl", "dt", "figcaption",
     "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p",
     "pre", "section", "summary", "table", "tr", "ul"}
)  # fmt: skip
_CELLS = frozenset({"caption", "td", "th"})
_TAG_END = r'[^<>"]*(?:"[^"]*"[^<>"]*)*>'
_BLOCK = re.compile(rf"</?(?:{'|'.join(sorted(_LINES | _CELLS))})\b{_TAG_END}")
_TAG = re.compile(rf"</?[a-z]{_TAG_END}")
_LONGEST_BLOCK = 5000


def plain_text(html: str) -> str:
    """The text that a reader sees, one line a block, cells of a table parted by a space.

    Scripts, styles and comments are left out; line ends in the source are spaces.
    """
    pieces: list[str] = []
    for token in without_hidden(tokenise(html)):
        match token:
            case Text():
                pieces.append(re.sub(r"\s+", " ", token.data))
            case Start() | End():
                pieces.append(_gap(token.name))
            case _:
                pass
    lines = (" ".join(line.split()) for line in printable("".join(pieces)).split("\n"))
    return "\n".join(line for line in lines if line)


def _gap(name: str) -> str:
    if name in _LINES:
        return "\n"
    return " " if name in _CELLS else ""


def blocks(html: str) -> Iterator[str]:
    """The text of each block of HTML that was cleaned here, fast, one after the other; a very long one in pieces."""
    for block in _BLOCK.split(html):
        text = unescape(_TAG.sub("", block))
        for begins in range(0, len(text), _LONGEST_BLOCK):
            yield text[begins : begins + _LONGEST_BLOCK]
