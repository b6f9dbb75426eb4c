"""What the queue says, in words. Pure functions."""

from __future__ import annotations

import unicodedata

from webapp.models import Comment
from webapp.moderating.actions import CannotUndo, Change, Decision, Outcome, who

SECONDS_A_COMMENT = 20
"""A moderator's usual pace, from which the heading's minutes come."""
LONGEST_NAME = 60

_PAST = {"approved": "approved {}", "spam": "marked {} as spam", "held": "held {}", "trashed": "trashed {}"}
_IS = {"approved": "approved", "spam": "spam", "held": "held", "trashed": "in the trash"}


def effort(count: int) -> str:
    """How long so many comments take: "about 6 min", "about 2 h", or nothing for none."""
    minutes = -(-count * SECONDS_A_COMMENT // 60)
    if minutes >= 90:
        return f"about {round(minutes / 60)} h"
    return f"about {minutes} min" if count else ""


def rule_label(rule: str) -> str:
    """A rule's name as a label: "first_comment" is "First comment"."""
    if rule == "work":
        return "Proof of work"
    return rule.replace("_", " ").replace("-", " ").strip().capitalize() or "Rule"


_LABELS = {
    "COMMENT_HOLD_ALL": "Every comment waits",
    "COMMENT_HOLD_FIRST": "First comments wait",
    "COMMENT_MAX_LINKS": "Links without waiting",
    "COMMENT_MAX_REJECTED": "Rejected comments, percent",
    "COMMENT_HOLD_DISPOSABLE": "Throw-away addresses wait",
    "PROOF_OF_WORK": "Without proof of work waits",
    "COMMENT_MAX_LENGTH": "Characters at most",
    "COMMENT_MIN_SECONDS": "Seconds to write, at least",
    "COMMENT_FLOOD_SECONDS": "Seconds between comments",
    "COMMENT_NETWORK_HOUR": "From one network in an hour",
    "CLOSE_COMMENTS_AFTER_DAYS": "Closes after days",
    "SPAM_ACTS_AT": "Score that makes spam by itself",
    "MODERATOR_MAIL": "Mail to moderators",
}


def setting_label(name: str) -> str:
    """A setting's name as a label."""
    return _LABELS.get(name) or rule_label(name.lower())


def said(outcome: Outcome, decision: Decision) -> str:
    """What a decision did, for the note at the foot of the queue."""
    sentences: list[str] = []
    if outcome.changed:
        what = _which([change.comment for change in outcome.changed])
        sentence = _PAST[decision.status].format(what)
        sentences.append(f"{sentence[0].upper()}{sentence[1:]}.")
    if outcome.unchanged:
        verb = "was" if len(outcome.unchanged) == 1 else "were"
        sentences.append(f"{_number(outcome.unchanged)} {verb} {_IS[decision.status]} already.")
    if len(outcome.taken) == 1:
        sentences.append(f"{faster(outcome.taken[0])}. Yours changed nothing there.")
    elif outcome.taken:
        sentences.append(f"{_number(outcome.taken)} had been decided by others and stay as they are.")
    if outcome.missing:
        sentences.append(f"{_number(outcome.missing)} could not be found.")
    return " ".join(sentences)


def faster(change: Change) -> str:
    """Who was faster, and with what: "Teo approved the comment by Lena"."""
    return f"{who(change.entry)} {_PAST[change.comment.status].format(_which([change.comment]))}"


def said_back(changes: list[Change]) -> str:
    """What an undo did."""
    comments = [change.comment for change in changes]
    if len(comments) == 1:
        return f"Taken back: {_which(comments)} is {_IS[comments[0].status]} again."
    return f"Taken back: {_which(comments)} are where they were."


def refused(error: CannotUndo) -> str:
    """Why an undo did nothing."""
    return f"{error} Nothing was changed."


def _which(comments: list[Comment]) -> str:
    return f"the comment by {_name(comments[0].name)}" if len(comments) == 1 else _number(comments)


def _name(name: str) -> str:
    """A name that fits into a sentence; one from right to left is set apart, so that the sentence keeps its order."""
    if len(name) > LONGEST_NAME:
        name = name[: LONGEST_NAME - 1] + "…"
    is_leftward = any(unicodedata.bidirectional(character) in ("R", "AL") for character in name)
    return f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}" if is_leftward else name


def _number(things: list[Comment] | list[Change] | list[int]) -> str:
    return f"{len(things)} {'comment' if len(things) == 1 else 'comments'}"
