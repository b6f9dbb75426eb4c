"""The place where balanced HTML is written: which elements are open, and what waits to be written before the next
letter. It closes in order what it opens; where something may stand is the balancer's to know.
"""

from collections import Counter
from dataclasses import dataclass

from webapp.markup_nesting import KEPT_EMPTY
from webapp.markup_rules import Attributes, Policy
from webapp.markup_tokens import start_tag

# Formatting that reaches over many blocks is opened again this often at most, and less often when it has
# attributes, for they can be long: so what is written stays in proportion to what was sent.
_REOPENED = 64
_REOPENED_WITH_ATTRIBUTES = 4
# A piece is cut at the next end of an outermost block after so many characters.
_PIECE = 4000


@dataclass(slots=True)
class Block:
    """An open block: where its start tag was written, whether a link may lead to it, whether nobody wrote it."""

    tag: str
    at: int
    named: bool = False
    implied: bool = False


@dataclass(slots=True, eq=False)
class Inline:
    """Formatting that is wanted: its start tag, the one to open it again with, and how often that may happen."""

    tag: str
    start: str
    again: str
    level: int
    left: int


class Writer:
    """Open elements, and the source written so far.

    `wanted` is the formatting that the next letter must have, `opened` what is open in the innermost block;
    `fresh` says that nothing stands before the next letter that it must be parted from.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.out: list[str] = []
        self.stack = [Block("", -1)]
        self.wanted: list[Inline] = []
        self.opened: list[Inline] = []
        self.ignored: Counter[str] = Counter()
        self.space = False
        self.breaks = 0
        self.fresh = True
        self.after_text = -1
        self.after_br = False
        self.pieces: list[str] = []

    def cut(self) -> None:
        """Ends a piece. Only where no element is open."""
        piece = "".join(self.out)
        if piece:
            self.pieces.append(piece)
        self.out.clear()
        self.after_text = -1

    def sync(self) -> None:
        """Closes what is not wanted any more, opens what is, with the waiting break or space between."""
        same = 0
        while same < min(len(self.opened), len(self.wanted)) and self.opened[same] is self.wanted[same]:
            same += 1
        self.close_inlines(down_to=same)
        if self.breaks and not self.fresh:
            self.out.append("<br>")
        elif self.space and not self.fresh and self.out[-1:] != ["<br>"]:
            self.out.append(" ")
        self.breaks, self.space, self.after_br = 0, False, False
        for inline in self.wanted[same:]:
            self.out.append(inline.start)
            inline.start = inline.again
            self.opened.append(inline)
            inline.left -= 1

    def close_inlines(self, down_to: int = 0) -> None:
        """Closes the open formatting but for the first `down_to`; what is still wanted is opened again later."""
        while len(self.opened) > down_to:
            inline = self.opened.pop()
            self.out.append(f"</{inline.tag}>")
            if inline.left <= 0 and inline in self.wanted:
                self.wanted.remove(inline)

    def inline(self, tag: str, attributes: Attributes) -> Inline:
        """An element that is opened when its text comes; its id stays where it is opened first."""
        again = {name: value for name, value in attributes.items() if name != "id"}
        left = _REOPENED_WITH_ATTRIBUTES if attributes else _REOPENED
        if tag == "a" and "href" not in again:
            left = 1
        return Inline(tag, start_tag(tag, attributes), start_tag(tag, again), self.level(), left)

    def level(self) -> int:
        """How many blocks are open that somebody wrote."""
        return sum(not block.implied for block in self.stack)

    def push(self, tag: str, attributes: Attributes, *, implied: bool = False) -> None:
        """Opens a block."""
        self.close_inlines()
        self.stack.append(Block(tag, len(self.out), "id" in attributes, implied))
        self.out.append(start_tag(tag, attributes))
        self.refresh()

    def pop(self, *, ending: bool = True) -> None:
        """Closes the innermost block; one without content vanishes, unless a link may lead to it.

        `ending`: formatting that was begun in it ends with it.
        """
        self.close_inlines()
        while self.out[-1:] == ["<br>"]:
            self.out.pop()
        level = self.level()
        block = self.stack.pop()
        if ending and not block.implied:
            self.wanted = [inline for inline in self.wanted if inline.level < level]
        if len(self.out) == block.at + 1 and not block.named and block.tag not in KEPT_EMPTY:
            self.out.pop()
        else:
            self.out.append(f"</{block.tag}>\n")
        self.refresh()
        if len(self.stack) == 1 and sum(map(len, self.out)) > _PIECE:
            self.cut()

    def refresh(self) -> None:
        """Forgets the waiting break or space: at an edge of a block there is none."""
        self.fresh, self.space, self.breaks, self.after_br = True, False, 0, False
