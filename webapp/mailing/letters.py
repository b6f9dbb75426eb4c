"""What a mail says, once: its plain text and its HTML are made of the same parts. Pure functions and dataclasses."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

WIDTH = 72


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str
    kind = "words"

    def as_text(self) -> str:
        return textwrap.fill(self.text, WIDTH, break_long_words=False, break_on_hyphens=False)


@dataclass(frozen=True)
class Quote:
    """What somebody wrote, with the line above it that says who and where."""

    head: str
    text: str
    kind = "quote"

    def as_text(self) -> str:
        lines: list[str] = []
        for line in self.text.splitlines():
            lines += textwrap.wrap(line, WIDTH - 2, break_long_words=False, break_on_hyphens=False) or [""]
        return "\n".join([self.head, *(f"> {line}".rstrip() for line in lines)])


@dataclass(frozen=True)
class Action:
    """Where a click leads."""

    label: str
    address: str
    kind = "action"

    def as_text(self) -> str:
        return f"{self.label}:\n{self.address}"


@dataclass(frozen=True)
class Story:
    """An article, to be read on the site. `picture`: the address of a JPEG with its alternative text, or empty."""

    headline: str
    text: str
    address: str
    kicker: str = ""
    picture: str = ""
    alt: str = ""
    kind = "story"

    def as_text(self) -> str:
        lines = [*Words(self.headline).as_text().splitlines()]
        underline = "-" * min(WIDTH, max(map(len, lines), default=0))
        return "\n".join(
            [*lines, underline, *([Words(self.text).as_text()] if self.text else []), self.address]
        )


Part = Words | Quote | Action | Story


@dataclass(frozen=True)
class Letter:
    """A mail before it has an address. `stop_address`: where one click (RFC 8058) ends mail of this kind."""

    subject: str
    parts: tuple[Part, ...]
    footer: str = ""
    """Why the reader gets it."""
    stop_address: str = ""
    stop_words: str = "Stop this mail"
    auto: str = "auto-generated"
    """What RFC 3834 calls it; empty for what people wrote."""

    def as_text(self) -> str:
        """The plain text: parts with a line between them, the footer under a signature's dashes."""
        body = "\n\n".join(part.as_text() for part in self.parts)
        foot = [Words(self.footer).as_text()] if self.footer else []
        if self.stop_address:
            foot.append(f"{self.stop_words}:\n{self.stop_address}")
        return body + ("\n\n-- \n" + "\n\n".join(foot) if foot else "") + "\n"

    def headers(self) -> dict[str, str]:
        """RFC 8058: programs may stop it with one POST. Auto-Submitted keeps holiday answers away."""
        made = {"Auto-Submitted": self.auto} if self.auto else {"Precedence": "bulk"}
        if self.stop_address:
            made["List-Unsubscribe"] = f"<{self.stop_address}>"
            made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return made
