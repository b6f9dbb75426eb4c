"""Tokens of any kind in, well-formed HTML of one allow-list out.

The sanitisers behind this build trees, and bad nesting makes them slow or makes them guess. So the nesting is put
right here, in one pass over the tokens with a stack of limited depth: every tag that is opened is closed in
order, blocks stand only where HTML lets them stand, and formatting that crosses a block is closed before it and
opened again inside. Written so, the result reads the same to every parser, and cleaning it again changes nothing.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import dropwhile

from webapp.markup_nesting import (
    AROUND,
    HEADINGS,
    IMPLIED,
    LEAVES,
    PARENTS,
    PARTING,
    PHRASING_ONLY,
    ROOM,
    TABLE,
    WALLS,
)
from webapp.markup_rules import Attributes
from webapp.markup_text import printable, visible
from webapp.markup_tokens import Atom, Comment, End, Start, Text, Token, escape_text, start_tag
from webapp.markup_writer import Writer

_SPACES = " \t\n\f"
_RUN_OF_SPACES = re.compile(f"[{_SPACES}]+")


def _joins(character: str) -> bool:
    """Whether the character is a mark, or the second half of a Korean syllable."""
    return unicodedata.category(character)[0] == "M" or "\u1160" <= character <= "\u11ff"


class Balancer(Writer):
    """Writes the tokens that it is fed as balanced HTML. One object a text."""

    def write(self, tokens: Iterable[Token]) -> list[str]:
        """The whole text as HTML, in pieces that are well-formed each, so that long texts can be cleaned bit by bit.

        A piece ends between two outermost blocks.
        """
        for token in tokens:
            match token:
                case Text():
                    self._text(token.data)
                case Start():
                    self._start(self.policy.renamed.get(token.name, token.name), token.attributes)
                case End():
                    self._end(self.policy.renamed.get(token.name, token.name))
                case Atom():
                    self._atom(token.source)
                case Comment():
                    pass
        while len(self.stack) > 1:
            self.pop()
        self.close_inlines()
        self.cut()
        return self.pieces

    # Text

    def _text(self, data: str) -> None:
        if self.stack[-1].tag == "pre":
            self._preformatted(data)
        elif self.policy.paragraphs:
            for number, line in enumerate(visible(data).split("\n")):
                if number:
                    self._line_end()
                self._words(line)
        else:
            self._words(printable(data))

    def _preformatted(self, data: str) -> None:
        data = visible(data) if self.policy.paragraphs else printable(data)
        # A parser drops a line end right after <pre>, so none is left there.
        data = data.lstrip("\n") if self.fresh else data
        if data:
            self.sync()
            self._letters(data)

    def _line_end(self) -> None:
        self.breaks += not self.after_br
        self.after_br = False
        self.space = True

    def _words(self, data: str) -> None:
        core = data.strip(_SPACES)
        if not core:
            self.space = self.space or bool(data)
            return
        self.space = self.space or data[0] in _SPACES
        self._phrase()
        self._letters(_RUN_OF_SPACES.sub(" ", core))
        self.space = data[-1] in _SPACES

    def _letters(self, text: str) -> None:
        """Writes text. A mark that would join a letter written before, were no tag dropped in between, is dropped."""
        if self.policy.paragraphs and self.after_text == len(self.out):
            text = "".join(dropwhile(_joins, text))
        self.out.append(escape_text(text))
        self.after_text = len(self.out)
        self.fresh = False

    def _phrase(self) -> None:
        """Goes to where text and inline tags may stand, with the breaks, the space and the formatting before."""
        while self.stack[-1].tag in IMPLIED:
            self.push(IMPLIED[self.stack[-1].tag], {})
        if self.policy.paragraphs:
            if self.breaks > 1 and self.stack[-1].tag == "p" and not self.fresh:
                self.pop(ending=False)
            if self.stack[-1].tag in ("", "blockquote"):
                self.push("p", {}, implied=True)
        self.sync()

    # Tags

    def _start(self, tag: str, given: Attributes) -> None:
        if tag in self.policy.voids:
            self._void(tag, given)
        elif tag in self.policy.inline:
            self._start_inline(tag, given)
        elif tag in self.policy.blocks:
            self._start_block(tag, given)
        elif tag in PARTING:
            self._part()

    def _void(self, tag: str, given: Attributes) -> None:
        attributes = self.policy.attributes(tag, given)
        if attributes is None:
            return
        if tag == "hr":
            self._rule(attributes)
        elif tag == "br":
            self._br()
        else:
            self._atom(start_tag(tag, attributes))

    def _rule(self, attributes: Attributes) -> None:
        if self._make_room("hr"):
            self.close_inlines()
            self.out.append(start_tag("hr", attributes) + "\n")
            self.refresh()

    def _br(self) -> None:
        if self.stack[-1].tag == "pre":
            self._preformatted("\n")
        elif self.policy.paragraphs:
            self.breaks += 1
            self.after_br = True
        elif not self.fresh:
            self.space = False
            self._phrase()
            self.out.append("<br>")

    def _atom(self, source: str) -> None:
        """Writes something that counts as one letter of the text: a picture, a player."""
        self._phrase()
        self.out.append(source)
        self.fresh = False

    def _start_inline(self, tag: str, given: Attributes) -> None:
        attributes = self.policy.attributes(tag, given)
        if tag == "a":
            self.wanted = [inline for inline in self.wanted if inline.tag != "a"]
        again = not attributes and tag != "q" and any(inline.tag == tag for inline in self.wanted)
        if attributes is None or again or len(self.wanted) >= self.policy.deepest_inline:
            self.ignored[tag] += 1
            return
        self.wanted.append(self.inline(tag, attributes))
        if "id" in attributes:
            self._phrase()
            self.fresh = False

    def _start_block(self, tag: str, given: Attributes) -> None:
        attributes = self.policy.attributes(tag, given)
        if attributes is None or not self._make_room(tag):
            self.ignored[tag] += 1
            self._part()
            return
        self.push(tag, attributes)

    def _end(self, tag: str) -> None:
        if self.ignored[tag]:
            self.ignored[tag] -= 1
            if tag in PARTING:
                self._part()
        elif tag in self.policy.inline:
            self._end_inline(tag)
        elif tag in self.policy.blocks:
            self._end_block(tag)
        elif tag in PARTING:
            self._part()

    def _end_inline(self, tag: str) -> None:
        for place in range(len(self.wanted) - 1, -1, -1):
            if self.wanted[place].tag == tag:
                del self.wanted[place]
                return

    def _end_block(self, tag: str) -> None:
        place = self._find(HEADINGS if tag in HEADINGS else frozenset({tag}), tag)
        if place:
            while len(self.stack) > place:
                self.pop()
        else:
            self._part()

    def _part(self) -> None:
        """Keeps words apart that stood on both sides of a block's tag."""
        if self.stack[-1].tag == "pre":
            self._preformatted("\n")
            return
        self.space = True
        self.breaks = max(self.breaks, 2) if self.policy.paragraphs else 0

    # Blocks

    def _find(self, tags: frozenset[str], looking_for: str) -> int:
        """The place in the stack of the nearest of these tags that can be reached from here, or 0."""
        walls = frozenset({"table"}) if looking_for in TABLE else WALLS
        for place in range(len(self.stack) - 1, 0, -1):
            if self.stack[place].tag in tags:
                return place
            if self.stack[place].tag in walls:
                return 0
        return 0

    def _make_room(self, tag: str) -> bool:
        """Goes to where the block may stand; False when it can't stand here."""
        parents = PARENTS.get(tag)
        if parents is None:
            return self._make_room_anywhere(tag)
        place = self._find(parents, tag)
        around = AROUND.get(tag)
        if not place and around and self._make_room(around):
            self.push(around, {})
            return True
        if not place:
            return False
        while len(self.stack) > place + 1:
            self.pop()
        return True

    def _make_room_anywhere(self, tag: str) -> bool:
        if self.stack[-1].tag == "p":
            self.pop()
        if self.stack[-1].tag in PHRASING_ONLY:
            return False
        while self.stack[-1].tag in IMPLIED:
            self.push(IMPLIED[self.stack[-1].tag], {})
        return tag in LEAVES or len(self.stack) + ROOM.get(tag, 1) <= self.policy.deepest_block
