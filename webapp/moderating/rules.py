"""What is decided about a comment when it arrives: an ordered list of small phases, pure functions all.

Each phase looks at a Submission in its Context and returns a Verdict with its reason in words, or nothing. What is
refused outright (closed, too long, too fast, doubled) never gets here: `webapp.commenting` says no to that.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from webapp.markup_text import fold
from webapp.models import CommentStatus

# Scripts without spaces have no word ends to look for: there each character counts as a word, so that a phrase is
# found wherever it stands.
_UNSPACED = (
    "\\u0e01-\\u0eff\\u1000-\\u109f\\u1780-\\u17df\\u3041-\\u30ff\\u3400-\\u9fff"
    "\\uf900-\\ufaff\\U00020000-\\U0003ffff"
)
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W{_UNSPACED}]+|[^\\w\\s]")


def _words(text: str) -> Iterator[str]:
    """The words of a folded text, and its symbols (emoji, signs of money); punctuation is left out."""
    for word in _WORD.findall(fold(text)):
        if word[0].isalnum() or word[0] == "_" or unicodedata.category(word[0])[0] == "S":
            yield word


@dataclass(frozen=True)
class WordList:
    """Words and phrases, found as whole words whatever their case and accents, in one pass over the text."""

    by_first_word: Mapping[str, Sequence[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    """The first word of each phrase: its words, and the phrase as it was entered."""

    @classmethod
    def of(cls, phrases: Iterable[str]) -> WordList:
        entries: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for phrase in phrases:
            words = tuple(_words(phrase))
            if words:
                entries[words[0]].append((words, phrase.strip()))
        return cls(entries)

    def first_in(self, texts: Iterable[str]) -> str | None:
        """The first entry that stands in one of the texts, as it was entered."""
        if not self.by_first_word:
            return None
        for text in texts:
            words = tuple(_words(text))
            for place, word in enumerate(words):
                for wanted, phrase in self.by_first_word.get(word, ()):
                    if words[place : place + len(wanted)] == wanted:
                        return phrase
        return None


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


@dataclass(frozen=True)
class Verdict:
    """What one rule says: its name, the status it asks for, and why, in words for the moderator."""

    rule: str
    status: CommentStatus
    reason: str

    def as_json(self) -> dict[str, str]:
        """The form in which `Comment.verdicts` keeps it."""
        return {key: str(value) for key, value in asdict(self).items()}


Phase = Callable[[Submission, Context], Verdict | None]


def staff(submission: Submission, _context: Context) -> Verdict | None:
    """Signed-in staff pass, whatever they write."""
    if submission.is_by_staff:
        return Verdict("staff", CommentStatus.approved, "Written by signed-in staff.")
    return None


def disallowed_words(submission: Submission, context: Context) -> Verdict | None:
    """A disallowed word makes spam."""
    found = context.disallowed_words.first_in(submission.texts)
    if found is None:
        return None
    return Verdict(
        "disallowed_words",
        CommentStatus.spam,
        f"Contains “{found}”, a disallowed word.",
    )


def hold_all(_submission: Submission, context: Context) -> Verdict | None:
    """Pre-moderation holds everything."""
    if context.holds_all:
        return Verdict("hold_all", CommentStatus.held, "Every comment waits for a moderator at the moment.")
    return None


def first_comment(submission: Submission, context: Context) -> Verdict | None:
    """A first comment waits; name and e-mail prove nothing, since anybody can type them."""
    if submission.is_known or not context.holds_first:
        return None
    return Verdict(
        "first_comment", CommentStatus.held, "No comment from this browser has been approved before."
    )


def unproved_name(submission: Submission, _context: Context) -> Verdict | None:
    """A proved name from another browser waits until the link in the mail is opened there."""
    if not submission.is_name_unproved:
        return None
    return Verdict(
        "unproved_name",
        CommentStatus.held,
        "The name and address are proved, but not from this browser. A link was mailed to the address.",
    )


def links(submission: Submission, context: Context) -> Verdict | None:
    """Many links hold."""
    count, most = submission.link_count, context.max_links
    if count <= most:
        return None
    counted = f"{count} link" if count == 1 else f"{count} links"
    return Verdict("links", CommentStatus.held, f"{counted}; a comment with more than {most} waits.")


def moderation_words(submission: Submission, context: Context) -> Verdict | None:
    """A moderation word holds."""
    found = context.moderation_words.first_in(submission.texts)
    if found is None:
        return None
    return Verdict(
        "moderation_words",
        CommentStatus.held,
        f"Contains “{found}”, a moderation word.",
    )


PHASES: tuple[Phase, ...] = (
    staff,
    disallowed_words,
    hold_all,
    first_comment,
    unproved_name,
    links,
    moderation_words,
)


def judge(submission: Submission, context: Context, phases: Iterable[Phase] = PHASES) -> list[Verdict]:
    """What every phase has to say, in order, so that a moderator sees all reasons. One that lets pass ends it."""
    verdicts: list[Verdict] = []
    for phase in phases:
        verdict = phase(submission, context)
        if verdict is not None:
            verdicts.append(verdict)
            if verdict.status == CommentStatus.approved:
                break
    return verdicts


def outcome(verdicts: Iterable[Verdict]) -> CommentStatus:
    """The strictest status among the verdicts; approved where nobody minds."""
    wanted = {verdict.status for verdict in verdicts}
    order = (CommentStatus.spam, CommentStatus.held)
    return next((status for status in order if status in wanted), CommentStatus.approved)
