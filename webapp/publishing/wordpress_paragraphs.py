"""Line breaks become paragraphs, the way WordPress shows texts of its classic editor.

A blank line parts paragraphs and a line end is a `<br>`; block elements stand for themselves, and the text in
them becomes paragraphs only where a blank line parts it (always in a quote). `<pre>` is left alone.
"""

import re
from collections.abc import Iterable

from webapp.markup_tokens import (
    VOID,
    Comment,
    End,
    Start,
    Text,
    Token,
    escape_text,
    serialise,
    start_tag,
    tokenise,
)

_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "caption", "center", "col", "colgroup", "dd", "details", "div",
     "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
     "hgroup", "hr", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody",
     "td", "tfoot", "th", "thead", "tr", "ul"}
)  # fmt: skip
# Text right inside of these is only the space between their parts.
_FRAMES = frozenset({"col", "colgroup", "dl", "menu", "ol", "table", "tbody", "tfoot", "thead", "tr", "ul"})
_ONE_LINE = frozenset(
    {"caption", "dt", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "legend", "pre", "summary"}
)
_REPEATED = frozenset({"dd", "dt", "li", "p", "td", "th", "tr"})
_BLANK_LINES = re.compile(r"\n[ \t\n]*\n")
_PICTURE = re.compile(r"(?:<a\s[^<>]*>\s*+)?<img\s[^<>]*>(?:\s*+</a>)?")
_ALIGN = re.compile(r"\balign(?:left|right|center|none)\b")
# The stack is searched for each end tag: deeper nesting than anybody writes is not followed.
_DEEPEST = 200


class _Paragraphs:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.stack: list[str] = []
        self.chunks: list[list[str]] = [[]]

    def convert(self, tokens: Iterable[Token]) -> str:
        for token in tokens:
            if isinstance(token, Text):
                self._text(token.data)
            elif isinstance(token, Comment):
                self._flush()
                self.out.append(serialise([token]))
            elif isinstance(token, Start | End) and token.name in _BLOCKS:
                self._flush()
                self._block(token)
            else:
                self.chunks[-1].append(serialise([token]))
        self._flush()
        return "".join(self.out)

    def _text(self, data: str) -> None:
        if "pre" in self.stack:
            self.chunks[-1].append(escape_text(data))
            return
        first, *others = _BLANK_LINES.split(data)
        self.chunks[-1].append(escape_text(first))
        self.chunks += [[escape_text(other)] for other in others]

    def _block(self, token: Start | End) -> None:
        if isinstance(token, End):
            if token.name in self.stack:
                while self.stack.pop() != token.name:
                    pass
        elif token.name not in VOID:
            if self.stack and (self.stack[-1] == "p" or self.stack[-1] == token.name in _REPEATED):
                self.stack.pop()
            if len(self.stack) < _DEEPEST:
                self.stack.append(token.name)
        self.out.append(serialise([token]))

    def _flush(self) -> None:
        """Writes the text since the last block."""
        inside = self.stack[-1] if self.stack else ""
        if "pre" in self.stack:
            self.out += self.chunks[0]
        else:
            texts = [text for chunk in self.chunks if (text := _with_breaks("".join(chunk)))]
            self._write(texts, inside)
        self.chunks = [[]]

    def _write(self, texts: list[str], inside: str) -> None:
        if inside == "p":
            self._write_in_paragraph(texts)
        elif inside in _ONE_LINE or inside in _FRAMES:
            self.out.append("<br>".join(texts))
        elif inside in ("", "blockquote") or len(texts) > 1:
            self.out += [_paragraph(text) for text in texts]
        else:
            self.out += texts

    def _write_in_paragraph(self, texts: list[str]) -> None:
        alone = texts[0] if len(texts) == 1 else ""
        if alone and self.out[-1].startswith("<p") and (picture := _PICTURE.fullmatch(alone)):
            self.out[-1] = _paragraph(picture[0])
        else:
            self.out.append("</p>\n<p>".join(texts))


def _paragraph(text: str) -> str:
    """A paragraph; a picture that floats at its beginning, or is all of it, stands before it as a figure."""
    picture = _PICTURE.match(text)
    align = _ALIGN.search(picture[0]) if picture else None
    rest = text[picture.end() :].strip() if picture else text
    if picture is None or (rest and align is None):
        return f"<p>{text}</p>\n"
    start = start_tag("figure", {"class": align[0]} if align else {})
    figure = f"{start}{_ALIGN.sub('', picture[0])}</figure>\n"
    return figure + (f"<p>{rest}</p>\n" if rest else "")


def _with_breaks(chunk: str) -> str:
    """A paragraph's HTML with `<br>` for its line ends; those inside of tags and after a `<br>` stay."""
    chunk = chunk.strip()
    if "\n" not in chunk:
        return chunk
    tokens: list[str] = []
    for piece in re.split(r"(<[^<>]*>)", chunk):
        if piece.startswith("<"):
            tokens.append(piece)
        else:
            after_break = bool(tokens) and tokens[-1] == "<br>"
            head = piece[1:] if after_break and piece.startswith("\n") else piece
            tokens.append(head.replace("\n", "<br>\n"))
    return "".join(tokens)


def paragraphs(source: str) -> str:
    """Classic source as HTML with paragraphs."""
    return _Paragraphs().convert(tokenise(source))
