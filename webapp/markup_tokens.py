"""HTML as a flat list of tokens, read in linear time whatever is sent.

A parser that builds a tree can be made to work for minutes, or to fill the memory, by a few kilobytes of badly
nested tags. This reader builds no tree: it only says which tags, texts and comments follow one another, in the
way that a browser would tell them apart. What it yields is written again by `serialise` with everything
escaped, so it needs not be trusted to agree with browsers on each odd case.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

# What stands in these is no markup to a browser.
RAW_TEXT = frozenset(
    {"script", "style", "xmp", "iframe", "noembed", "noframes", "noscript", "textarea", "title"}
)
VOID = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    }
)
# Their content goes with them.
HIDDEN = frozenset(
    {"script", "style", "template", "svg", "math", "object", "applet", "iframe", "noscript", "noembed", "noframes",
     "textarea", "select", "title", "xmp", "frameset", "audio", "video", "canvas", "datalist"}
)  # fmt: skip
_MOST_ATTRIBUTES = 64

_GAP = re.compile(r"[\s/]*+")
_NAME = re.compile(r"=?[^\s/>=]*+")
_EQUALS = re.compile(r"\s*+=\s*+")
_UNQUOTED = re.compile(r"[^\s>]*+")
_TAG_NAME = re.compile(r"/?([a-zA-Z][^\s/>]*+)")
_COMMENT_END = re.compile(r"--!?>")

_LEADING_ZEROS = re.compile(r"&#([xX]?)0+(?=[0-9a-fA-F])")
_HUGE_NUMBER = re.compile(r"&#(?:[xX][0-9a-fA-F]{7,}+|[0-9]{8,}+);?")
_WHOLE_ENTITY = re.compile(r"&(?:#[0-9]{1,7}+;?|#[xX][0-9a-fA-F]{1,6}+;?|[a-zA-Z][a-zA-Z0-9]{1,31}+;)")


@dataclass(slots=True)
class Start:
    """A start tag: lower-case name, decoded attributes (the first of each name)."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    self_closing: bool = False


@dataclass(slots=True)
class End:
    """An end tag."""

    name: str


@dataclass(slots=True)
class Text:
    """Decoded text between tags."""

    data: str


@dataclass(slots=True)
class Comment:
    """What stands between `<!--` and `-->`."""

    data: str


@dataclass(slots=True)
class Atom:
    """Finished source that counts as one letter of the text; the reader never yields it."""

    source: str


Token = Start | End | Text | Comment | Atom


def _tame_numbers(text: str) -> str:
    """Numeric references without leading zeros and of a size that exists, so that decoding them is cheap."""
    return _HUGE_NUMBER.sub("\N{REPLACEMENT CHARACTER}", _LEADING_ZEROS.sub(r"&#\1", text))


def unescape(text: str) -> str:
    """Text with its character references decoded."""
    return html.unescape(_tame_numbers(text)) if "&" in text else text


def _unescape_value(value: str) -> str:
    """An attribute's value decoded: a name without `;` stays, for it is part of an address (`?a=1&copy=2`)."""
    if "&" not in value:
        return value
    return _WHOLE_ENTITY.sub(lambda match: html.unescape(match[0]), _tame_numbers(value))


def _attributes(source: str, at: int) -> tuple[dict[str, str], int] | None:
    """The attributes from `at` on, and where the tag ends; None when it never does."""
    found: dict[str, str] = {}
    while True:
        gap = _GAP.match(source, at)
        at = gap.end() if gap else at
        if at >= len(source):
            return None
        if source[at] == ">":
            return found, at + 1
        name = _NAME.match(source, at)
        assert name is not None  # noqa: S101 - the pattern matches anywhere, this tells the type checker.
        value, at = _value(source, name.end())
        if at < 0:
            return None
        if len(found) < _MOST_ATTRIBUTES:
            found.setdefault(name[0].lower(), _unescape_value(value))


def _value(source: str, at: int) -> tuple[str, int]:
    """The value after an attribute's name and where it ends; -1 when its quote is never closed."""
    equals = _EQUALS.match(source, at)
    if equals is None:
        return "", at
    at = equals.end()
    quote = source[at : at + 1]
    if quote and quote in "\"'":
        end = source.find(quote, at + 1)
        return (source[at + 1 : end], end + 1) if end >= 0 else ("", -1)
    bare = _UNQUOTED.match(source, at)
    return (bare[0], bare.end()) if bare else ("", at)


def _comment(source: str, at: int) -> tuple[Comment, int]:
    """The comment or declaration that begins at `at` with `<!`, `<?` or `</`, and where it ends."""
    if not source.startswith("<!--", at):
        end = source.find(">", at)
        return Comment(""), (end + 1 if end >= 0 else len(source))
    for early in (">", "->"):
        if source.startswith(early, at + 4):
            return Comment(""), at + 4 + len(early)
    end = _COMMENT_END.search(source, at + 4)
    return (Comment(source[at + 4 : end.start()]), end.end()) if end else (Comment(""), len(source))


def _raw_end(source: str, at: int, name: str) -> int:
    """Where the end tag of a raw text element begins, or the end of the source."""
    end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(source, at)
    return end.start() if end else len(source)


def _tag(source: str, at: int) -> tuple[Token, int] | None:
    """The tag that begins at `at`, and where it ends; None when it is never closed."""
    name = _TAG_NAME.match(source, at + 1)
    if name is None:
        return _comment(source, at)
    parsed = _attributes(source, name.end())
    if parsed is None:
        return None
    attributes, end = parsed
    if source[at + 1] == "/":
        return End(name[1].lower()), end
    return Start(name[1].lower(), attributes, source[end - 2] == "/"), end


def tokenise(source: str) -> Iterator[Token]:
    """The source's tokens in order; the text of scripts, styles and their like is left out.

    A tag that is never closed by `>` is text to the end of the source, so that nothing typed is lost.
    """
    at = 0
    while at < len(source):
        opening = _next_opening(source, at)
        if opening > at:
            yield Text(unescape(source[at:opening]))
        if opening >= len(source):
            return
        found = _tag(source, opening)
        if found is None:
            yield Text(unescape(source[opening:]))
            return
        token, at = found
        yield token
        if isinstance(token, Start) and token.name in RAW_TEXT:
            at = _raw_end(source, at, token.name)


_OPENING = re.compile(r"<(?=[a-zA-Z!?/])")


def _next_opening(source: str, at: int) -> int:
    match = _OPENING.search(source, at)
    return match.start() if match else len(source)


def without_hidden(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens without scripts, drawings and other elements whose content is not text, and what is in them."""
    inside = ""
    depth = 0
    for token in tokens:
        name = token.name if isinstance(token, Start | End) else ""
        if not depth and name in HIDDEN:
            if isinstance(token, Start) and not (token.self_closing and name in ("svg", "math")):
                inside, depth = name, 1
        elif not depth:
            yield token
        elif name == inside:
            depth += 1 if isinstance(token, Start) else -1


def escape_text(text: str) -> str:
    """Text for between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def start_tag(name: str, attributes: dict[str, str]) -> str:
    """A start tag as source."""
    written = "".join(
        f' {key}="{escape_text(value).replace(chr(34), "&quot;")}"' for key, value in attributes.items()
    )
    return f"<{name}{written}>"


def serialise(tokens: Iterable[Token]) -> str:
    """Tokens as source again."""
    return "".join(_serialised(token) for token in tokens)


def _serialised(token: Token) -> str:
    match token:
        case Start():
            return start_tag(token.name, token.attributes)
        case End():
            return f"</{token.name}>"
        case Text():
            return escape_text(token.data)
        case Atom():
            return token.source
        case Comment():
            return f"<!--{token.data.replace('-->', '')}-->"
