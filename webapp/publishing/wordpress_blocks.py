"""WordPress's blocks: `<!-- wp:name {"attribute":1} -->…<!-- /wp:name -->` read into a tree."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_EDGE = re.compile(r"<!--|-->")
_DELIMITER = re.compile(
    r"<!--\s++(?P<closing>/)?wp:(?P<name>[a-z][a-z0-9_-]*+(?:/[a-z][a-z0-9_-]*+)?)"
    r"(?P<rest>\s[^\0]*|)-->",
)
# Blocks within blocks beyond this are read as part of the block around them.
_DEEPEST = 50


@dataclass(slots=True)
class Block:
    """One block: its name with its namespace (`core/paragraph`), and its HTML and inner blocks in order.

    `start`: where its first delimiter stands in the source.
    """

    name: str
    attributes: dict[str, Any] = field(default_factory=dict)
    children: "list[str | Block]" = field(default_factory=list)
    start: int = 0

    def text(self, name: str) -> str:
        """An attribute that must be a text; empty when it is none."""
        value = self.attributes.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """An attribute that must be a whole number; 0 when it is none."""
        value = self.attributes.get(name)
        return value if isinstance(value, int) else 0

    def html(self) -> str:
        """The block's own HTML with that of its inner blocks."""
        return "".join(child if isinstance(child, str) else child.html() for child in self.children)


@dataclass(slots=True)
class _Delimiter:
    start: int
    end: int
    name: str
    attributes: dict[str, Any]
    closing: bool
    empty: bool


def has_blocks(source: str) -> bool:
    """Whether the text was written in the block editor."""
    return "<!-- wp:" in source


def _delimiters(source: str) -> Iterator[_Delimiter]:
    at = source.find("<!--")
    while at >= 0:
        edge = _EDGE.search(source, at + 4)
        if edge is None:
            return
        if edge[0] == "<!--":
            at = edge.start()
            continue
        match = _DELIMITER.fullmatch(source, at, edge.end())
        found = _delimiter(match) if match else None
        if found:
            yield found
        at = source.find("<!--", edge.end())


def _delimiter(match: re.Match[str]) -> _Delimiter | None:
    rest = match["rest"].strip()
    empty = rest.endswith("/")
    rest = rest.removesuffix("/").rstrip()
    if rest and not (rest.startswith("{") and rest.endswith("}")):
        return None
    name = match["name"] if "/" in match["name"] else f"core/{match['name']}"
    return _Delimiter(match.start(), match.end(), name, _attributes(rest), bool(match["closing"]), empty)


def _attributes(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def parse(source: str) -> list[str | Block]:
    """The text's outermost blocks, and the HTML between them.

    A block that is never closed ends where the one around it ends; an end without a beginning is dropped.
    """
    root = Block("")
    stack = [root]
    at = 0
    for found in _delimiters(source):
        _append(stack[-1], source[at : found.start])
        at = found.end
        if found.closing:
            _close(stack, found.name)
            continue
        block = Block(found.name, found.attributes, start=found.start)
        if found.empty or len(stack) <= _DEEPEST:
            stack[-1].children.append(block)
        if not found.empty and len(stack) <= _DEEPEST:
            stack.append(block)
    _append(stack[-1], source[at:])
    return root.children


def _append(block: Block, html: str) -> None:
    if html:
        block.children.append(html)


def _close(stack: list[Block], name: str) -> None:
    names = [block.name for block in stack[1:]]
    if name in names:
        while stack.pop().name != name:
            pass
