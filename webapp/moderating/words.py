"""What the queue says, in words. Pure functions."""

from __future__ import annotations

from webapp.moderating.actions import CannotUndo, Change, Decision, Outcome, who

SECONDS_A_COMMENT = 20
"""A moderator's usual pace, from which the heading's minutes come."""

DECIDED = {
    Decision.approval: "Approved",
    Decision.spam: "Marked as spam",
    Decision.hold: "Held",
    Decision.trash: "Trashed",
}
DONE = {"approved": "approved", "spam": "marked as spam", "held": "held", "trashed": "trashed"}
"""What somebody did who put a comment there."""


def effort(count: int) -> str:
    """How long so many comments take: "about 6 min", "about 2 h", or nothing for none."""
    minutes = -(-count * SECONDS_A_COMMENT // 60)
    if minutes >= 90:
        return f"about {round(minutes / 60)} h"
    return f"about {minutes} min" if count else ""


def rule_label(rule: str) -> str:
    """A rule's name as a label: "first_comment" is "First comment"."""
    return rule.replace("_", " ").replace("-", " ").strip().capitalize() or "Rule"


def said(outcome: Outcome, decision: Decision) -> str:
    """What a decision did, for the note at the foot of the queue."""
    sentences: list[str] = []
    if len(outcome.changed) == 1:
        sentences.append(f"{DECIDED[decision]} the comment by {outcome.changed[0].comment.name}.")
    elif outcome.changed:
        sentences.append(f"{DECIDED[decision]} {len(outcome.changed)} comments.")
    if outcome.unchanged:
        sentences.append(_number(len(outcome.unchanged), f"stood there already ({decision.status})."))
    if len(outcome.taken) == 1:
        sentences.append(taken(outcome.taken[0]))
    elif outcome.taken:
        sentences.append(_number(len(outcome.taken), "had been decided by others and stay as they are."))
    if outcome.missing:
        sentences.append(_number(len(outcome.missing), "could not be found."))
    return " ".join(sentences)


def taken(change: Change) -> str:
    """Who was faster, and with what."""
    done = DONE[change.comment.status]
    return f"{who(change.entry)} {done} the comment by {change.comment.name}. Yours changed nothing."


def said_back(changes: list[Change]) -> str:
    """What an undo did."""
    if len(changes) == 1:
        comment = changes[0].comment
        return f"Taken back: the comment by {comment.name} is {DONE[comment.status]} again."
    return f"Taken back: {len(changes)} comments are where they were."


def refused(error: CannotUndo) -> str:
    return f"{error} Nothing was changed."


def _number(number: int, rest: str) -> str:
    return f"{number} {'comment' if number == 1 else 'comments'} {rest}"
