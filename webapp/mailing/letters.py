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


Part = Words | Quote | Action


@dataclass(frozen=True)
class Letter:
    """A mail before it has an address. `stop_address`: where one click (RFC 8058) ends mail of this kind."""

    subject: str
    parts: tuple[Part, ...]
    footer: str = ""
    """Why the reader gets it."""
    stop_address: str = ""

    def as_text(self) -> str:
        """The plain text: parts with a line between them, the footer under a signature's dashes."""
        body = "\n\n".join(part.as_text() for part in self.parts)
        foot = [Words(self.footer).as_text()] if self.footer else []
        if self.stop_address:
            foot.append(f"Stop this mail:\n{self.stop_address}")
        return body + ("\n\n-- \n" + "\n\n".join(foot) if foot else "") + "\n"

    def headers(self) -> dict[str, str]:
        """RFC 8058: programs may stop it with one POST. Auto-Submitted keeps holiday answers away."""
        made = {"Auto-Submitted": "auto-generated"}
        if self.stop_address:
            made["List-Unsubscribe"] = f"<{self.stop_address}>"
            made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return made
