"""What the rules look at, and what they say: dataclasses, no Flask, no SQL."""

from __future__ import annotations

from dataclasses import dataclass, field

from webapp.models import CommentStatus
from webapp.moderating.lists import AddressList, WordList


@dataclass(frozen=True)
class Submission:
    """A comment as it arrives. `text` is what a reader would see of `source`."""

    name: str
    email: str
    website: str
    source: str
    text: str
    link_count: int = 0
    is_by_staff: bool = False
    is_known: bool = False
    """A comment from the same browser (by its signed cookie) was approved before."""
    hosts: tuple[str, ...] = ()
    """Where its links (and the writer's own website) lead, as machines read them."""
    is_disposable: bool = False
    """The e-mail address is of a service that gives them away for minutes."""
    decided: int = 0
    """How many comments from this browser staff have decided on."""
    rejected: int = 0
    """How many of these they put away."""
    is_network_blocked: bool = False
    score: float | None = None
    """How much it is like what the newsroom rejected, 0 to 1; None: too little is known."""
    is_name_unproved: bool = False
    """The name is a proved one, and this browser has not shown that it is its owner's."""

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that word lists look at."""
        return (self.name, self.email, self.website, self.source, self.text)


@dataclass(frozen=True)
class Context:
    """The settings that the phases go by."""

    max_links: int = 1
    holds_first: bool = True
    holds_all: bool = False
    moderation_words: WordList = field(default_factory=WordList)
    disallowed_words: WordList = field(default_factory=WordList)
    blocked_addresses: AddressList = field(default_factory=AddressList)
    held_addresses: AddressList = field(default_factory=AddressList)
    blocked_domains: AddressList = field(default_factory=AddressList)
    held_domains: AddressList = field(default_factory=AddressList)
    holds_disposable: bool = True
    most_rejected: int = 0
    """Percent of rejected comments above which a commenter's next ones wait; 0: never."""
    acts_at: int = 0
    """Percent of the score at which a comment goes to spam by itself; 0: never."""
    holds: tuple[str, ...] = ()
    """Why every comment waits at the moment, in words: switches in force, hours without anybody on duty."""
    link_bans: tuple[str, ...] = ()
    """Why every comment with a link waits."""


@dataclass(frozen=True)
class Verdict:
    """What one rule says: its name, the status it asks for, and why, in words for the moderator."""

    rule: str
    status: CommentStatus
    reason: str
    in_log: str = ""
    """The reason without anything personal, for the log that outlives the comment, where `reason` names somebody."""

    @property
    def logged(self) -> str:
        return self.in_log or self.reason

    def as_json(self) -> dict[str, str]:
        """The form in which `Comment.verdicts` keeps it."""
        return {"rule": self.rule, "status": str(self.status), "reason": self.reason}
