"""Reads a Markdown file with front matter as an article. Pure: no database, no clock, no files.

The front matter is YAML between two lines of three dashes; every value is taken as it is written, so that a
headline such as `No` or `1e3` stays one. What cannot be used is a `Mistake` with its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta, tzinfo
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import Any

import yaml
from slugify import slugify

from webapp.models import Kind, Status

ALIASES = {"title": "headline", "date": "published", "author": "authors", "category": "categories"}
_OFFSET = re.compile(r"([+-])\s*(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?")
_FENCE = re.compile(r"---[ \t]*")
_END = re.compile(r"(?:---|\.\.\.)[ \t]*")


class Mistake(Exception):
    """One thing that is wrong in one file: what, where, and what to do. `line` counts from 1."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        self.file, self.line, self.reason = file, line, reason
        super().__init__(f"{file}, line {line}: {reason}")


@dataclass(slots=True)
class Piece:
    """One file: the article that it describes. `lines` is where each key stands, `body_line` where the text begins."""

    file: str
    headline: str
    slug: str = ""
    kind: str = Kind.article
    status: str = Status.published
    kicker: str = ""
    standfirst: str = ""
    excerpt: str = ""
    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    picture: str = ""
    alt: str = ""
    caption: str = ""
    credit: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    sticky: bool = False
    password: str = ""
    parent: str = ""
    comments: str = ""
    permalink: str = ""
    order: int = 0
    appendix: str = ""
    body: str = ""
    body_line: int = 1
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def is_page(self) -> bool:
        return self.kind == Kind.page

    def mistake(self, key: str, reason: str) -> Mistake:
        """A mistake at the line of this key, or at the top of the file when the key isn't there."""
        return Mistake(self.file, self.lines.get(key, 1), reason)


def read(source: str, file: str, *, now: datetime, zone: tzinfo) -> Piece:
    """The piece that the text of `file` (its path in the folder) describes. Raises Mistake.

    `now` is what times such as `-3h` count from, `zone` where times without one of their own are meant.
    """
    head, body, body_line = _split(source.removeprefix("\ufeff"), file)
    values, lines = _mapping(head, file)
    made: dict[str, Any] = {}
    for key, node in values.items():
        try:
            made[key] = _PARSERS[key](node, now, zone)
        except (ValueError, TypeError) as error:
            raise Mistake(file, lines[key], f"{key}: {error}") from error
    if not made.get("headline"):
        raise Mistake(file, lines.get("headline", 1), "the headline is missing: write a line “headline: …”")
    piece = Piece(file=file, body=body, body_line=body_line, lines=lines, **made)
    return _completed(piece, now)


def _completed(piece: Piece, now: datetime) -> Piece:
    """Fills in what follows from the rest: slug from the file's name, publication, comments."""
    piece.slug = slugify(piece.slug or PurePosixPath(piece.file).stem, max_length=190)
    if not piece.slug:
        raise piece.mistake("slug", "the file's name gives no address: write a line “slug: …”")
    if piece.status in (Status.published, Status.scheduled):
        piece.published = piece.published or now
        piece.status = Status.scheduled if piece.published > now else Status.published
    if piece.updated and piece.published and piece.updated < piece.published:
        raise piece.mistake("updated", "updated lies before published: correct one of the two")
    if piece.parent and not piece.is_page:
        raise piece.mistake("parent", "only a page has a parent: add “kind: page”, or remove the line")
    piece.comments = piece.comments or ("none" if piece.is_page else "open")
    return piece


def _split(source: str, file: str) -> tuple[str, str, int]:
    """Front matter, body, and the line on which the body begins."""
    lines = source.splitlines(keepends=True)
    if not lines or not _FENCE.fullmatch(lines[0].rstrip("\r\n")):
        raise Mistake(file, 1, "the file doesn’t begin with front matter: put it between two lines of “---”")
    for number, line in enumerate(lines[1:], 1):
        if _END.fullmatch(line.rstrip("\r\n")):
            return "".join(lines[1:number]), "".join(lines[number + 1 :]), number + 2
    raise Mistake(file, 1, "the front matter has no end: close it with a line of “---”")


def _mapping(head: str, file: str) -> tuple[dict[str, yaml.Node], dict[str, int]]:
    """The keys of the front matter with their values as YAML nodes, and the lines on which they stand."""
    try:
        node = yaml.compose(head, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else 1
        advice = "; a value with a colon or quotes in it goes between double quotes"
        raise Mistake(file, line, f"the front matter is no YAML: {error.problem}{advice}") from error
    except yaml.YAMLError as error:
        raise Mistake(file, 1, f"the front matter is no YAML: {error}") from error
    if not isinstance(node, yaml.MappingNode):
        raise Mistake(file, 2, "the front matter holds no “key: value” lines")
    values: dict[str, yaml.Node] = {}
    lines: dict[str, int] = {}
    for key_node, value in node.value:
        line = key_node.start_mark.line + 2
        key = _known_key(key_node, file, line)
        if key in values:
            raise Mistake(file, line, f"“{key}” stands there twice (first on line {lines[key]}): keep one")
        values[key], lines[key] = value, line
    return values, lines


def _known_key(node: yaml.Node, file: str, line: int) -> str:
    written = str(node.value)
    key = ALIASES.get(written.lower(), written.lower())
    if key in _PARSERS:
        return key
    close = get_close_matches(key, _PARSERS, 1)
    hint = f"did you mean “{close[0]}”?" if close else f"known are {', '.join(_PARSERS)}"
    raise Mistake(file, line, f"“{written}” is not a key that can be used here; {hint}")


def _text(node: yaml.Node, _now: datetime, _zone: tzinfo) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise TypeError("must be one text, not a list")
    return "" if node.tag.endswith(":null") else node.value.strip()


def _texts(node: yaml.Node, now: datetime, zone: tzinfo) -> list[str]:
    """A list; or one line, its entries parted by commas."""
    if isinstance(node, yaml.SequenceNode):
        entries = [_text(entry, now, zone) for entry in node.value]
    else:
        entries = [entry.strip() for entry in _text(node, now, zone).split(",")]
    return list(dict.fromkeys(entry for entry in entries if entry))


def _flag(node: yaml.Node, now: datetime, zone: tzinfo) -> bool:
    word = _text(node, now, zone).lower()
    if word not in ("yes", "true", "on", "1", "no", "false", "off", "0", ""):
        raise ValueError(f"must be yes or no, not “{word}”")
    return word in ("yes", "true", "on", "1")


def _number(node: yaml.Node, now: datetime, zone: tzinfo) -> int:
    written = _text(node, now, zone)
    if not re.fullmatch(r"-?\d{1,6}", written):
        raise ValueError(f"must be a whole number, not “{written}”")
    return int(written)


def _moment(node: yaml.Node, now: datetime, zone: tzinfo) -> datetime | None:
    return moment(_text(node, now, zone), now=now, zone=zone)


def moment(written: str, *, now: datetime, zone: tzinfo) -> datetime | None:
    """A date, with a time or without, or an offset from now such as `-2d 4h`, in UTC. Raises ValueError."""
    if not written:
        return None
    offset = _OFFSET.fullmatch(written)
    if offset and any(offset.groups()[1:]):
        days, hours, minutes = (int(part or 0) for part in offset.groups()[1:])
        distance = timedelta(days=days, hours=hours, minutes=minutes)
        return now + distance if offset.group(1) == "+" else now - distance
    try:
        given = datetime.fromisoformat(written)
    except ValueError as error:
        raise ValueError(
            f"“{written}” is no date: write 2026-12-04, 2026-12-04 09:30, or a time from now such as -2d 4h"
        ) from error
    return (given if given.tzinfo else given.replace(tzinfo=zone)).astimezone(UTC)


def _one_of(*words: str) -> Callable[[yaml.Node, datetime, tzinfo], str]:
    def parse(node: yaml.Node, now: datetime, zone: tzinfo) -> str:
        word = _text(node, now, zone).lower()
        if word not in words:
            raise ValueError(f"must be {', '.join(words[:-1])} or {words[-1]}, not “{word}”")
        return word

    return parse


def _path(node: yaml.Node, now: datetime, zone: tzinfo) -> str:
    written = _text(node, now, zone)
    if not written.startswith("/") or re.search(r"[?#\s]", written):
        raise ValueError(f"must be a path such as /2026/12/tides/, not “{written}”")
    return written


_SPECIAL: dict[str, Callable[[yaml.Node, datetime, tzinfo], Any]] = {
    "kind": _one_of(*Kind),
    "status": _one_of(*(status for status in Status if status != Status.trashed)),
    "comments": _one_of("open", "closed", "none"),
    "authors": _texts,
    "categories": _texts,
    "tags": _texts,
    "published": _moment,
    "updated": _moment,
    "sticky": _flag,
    "order": _number,
    "permalink": _path,
}
_PARSERS: dict[str, Callable[[yaml.Node, datetime, tzinfo], Any]] = {
    made.name: _SPECIAL.get(made.name, _text)
    for made in fields(Piece)
    if made.name not in ("file", "body", "body_line", "lines")
}
