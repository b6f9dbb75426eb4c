"""What staff change: the status of comments, each time with its entry in the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from webapp import clock
from webapp.database import db, transaction
from webapp.models import (
    Account,
    ArticleTotals,
    Comment,
    CommentFlag,
    CommentKind,
    CommentStatus,
    ModerationEntry,
)
from webapp.moderating import chain
from webapp.moderating.verdicts import Verdict
from webapp.notifying.notices import note_reply


class Decision(StrEnum):
    """What a moderator may decide on a comment; restoring one is `hold`."""

    approval = "approval"
    spam = "spam"
    hold = "hold"
    trash = "trash"

    @property
    def status(self) -> CommentStatus:
        """Where the decision puts a comment."""
        return _STATUS_AFTER[self]


WRITERS_OWN = ("edit", "withdrawal", "erasure")
"""Entries of the log that stand for what the writer of a comment did with it."""
_STATUS_AFTER = {
    Decision.approval: CommentStatus.approved,
    Decision.spam: CommentStatus.spam,
    Decision.hold: CommentStatus.held,
    Decision.trash: CommentStatus.trashed,
}


@dataclass(frozen=True)
class Change:
    """A comment and an entry of its log: the one just written, or the last one by whoever was faster."""

    comment: Comment
    entry: ModerationEntry | None


@dataclass
class Outcome:
    """What became of a decision on some comments; each is in one of the lists."""

    changed: list[Change] = field(default_factory=list)
    unchanged: list[Comment] = field(default_factory=list)
    """They stood there already."""
    taken: list[Change] = field(default_factory=list)
    """Another decision had come first; left as they are."""
    missing: list[int] = field(default_factory=list)


def decide(ids: Sequence[int], decision: Decision, *, by: Account, expected: str | None = None) -> Outcome:
    """Puts comments where `decision` says, each with its log entry, all in one transaction.

    With `expected`, only those that still have this status.
    """
    outcome = Outcome()
    with transaction():
        found = _locked(ids)
        outcome.missing = [comment_id for comment_id in dict.fromkeys(ids) if comment_id not in found]
        taken = [comment for comment in found.values() if expected and comment.status != expected]
        last = last_entries(comment.id for comment in taken)
        outcome.taken = [Change(comment, last.get(comment.id)) for comment in taken]
        for comment in found.values():
            if comment in taken:
                continue
            is_answered = decision == Decision.approval and comment.flag_count
            if comment.status == decision.status and not is_answered:
                outcome.unchanged.append(comment)
            else:
                if is_answered:
                    # Approving answers what readers have said against it; their reasons stay on record.
                    comment.flag_count = 0
                entry = _move(comment, decision.status, decision=decision, account_id=by.id)
                outcome.changed.append(Change(comment, entry))
        _write([change.entry for change in outcome.changed if change.entry], found)
    return outcome


class CannotUndo(Exception):
    """An entry cannot be taken back; the message says why. `change`: the comment and who changed it since."""


def undo(entry_ids: Sequence[int], *, by: Account) -> list[Change]:
    """Puts comments back where they were before these entries, all or none. Gives the new entries.

    Raises KeyError for an unknown entry or a purged comment, CannotUndo when a comment has moved on since.
    """
    with transaction():
        wanted = list(db.session.scalars(select(ModerationEntry).where(ModerationEntry.id.in_(entry_ids))))
        if len(wanted) != len(set(entry_ids)):
            raise KeyError("entry")
        found = _locked([entry.comment_id for entry in wanted])
        last = last_entries(found)
        changes = [_take_back(entry, found[entry.comment_id], last[entry.comment_id], by) for entry in wanted]
        _write([change.entry for change in changes if change.entry], found)
    return changes


def _take_back(entry: ModerationEntry, comment: Comment, last: ModerationEntry, by: Account) -> Change:
    if last.undoes_id == entry.id:
        raise CannotUndo(f"{who(last)} has taken this back already.")
    if entry.decision not in set(Decision) or entry.from_status is None:
        raise CannotUndo("Only a decision can be taken back. Decide on the comment anew.")
    if last.id != entry.id or comment.status != entry.to_status:
        raise CannotUndo(f"{who(last)} has decided on this comment since. Decide on it anew.")
    status = CommentStatus(entry.from_status)
    if entry.decision == Decision.approval:
        flags = select(func.count()).where(CommentFlag.comment_id == comment.id)
        comment.flag_count = db.session.scalars(flags).one()
    return Change(comment, _move(comment, status, decision="undo", account_id=by.id, undoes_id=entry.id))


def who(entry: ModerationEntry | None) -> str:
    """Who stands behind an entry, in words."""
    if entry is None or entry.reason == chain.AT_COMMAND_LINE:
        return "Somebody"
    if entry.account is not None:
        return entry.account.display_name
    return {"arrival": "A rule"}.get(entry.decision) or (
        "Its writer" if entry.decision in WRITERS_OWN else "A former account"
    )


def record_arrival(comment: Comment, verdicts: Iterable[Verdict]) -> ModerationEntry:
    """Called inside the transaction that adds a comment (flushed, its status set): keeps what the
    rules said, writes the first entry of its log, and counts it in the article's totals when it is approved."""
    said = list(verdicts)
    with transaction(unseen=comment.status != CommentStatus.approved):
        comment.verdicts = [verdict.as_json() for verdict in said]
        entry = ModerationEntry(
            comment_id=comment.id,
            decision="arrival",
            from_status=None,
            to_status=comment.status,
            reason=" ".join(verdict.logged for verdict in said),
            created_at=clock.now(),
        )
        _write([entry], {comment.id: comment})
    return entry


def record_change(comment: Comment, status: CommentStatus, decision: str, reason: str = "") -> None:
    """Called inside the transaction in which a writer changes the own comment: moves it, with its log entry."""
    entry = _move(comment, status, decision=decision, account_id=None)
    entry.reason = reason
    _write([entry], {comment.id: comment})


def record_pin(comment: Comment, *, is_pinned: bool, account_id: int) -> None:
    """Called inside the transaction that pins a comment or takes it down: its log entry; the status stays."""
    decision = "pin" if is_pinned else "unpin"
    entry = _move(comment, CommentStatus(comment.status), decision=decision, account_id=account_id)
    _write([entry], {comment.id: comment})


def was_decided(comment: Comment) -> bool:
    """Whether staff have ever decided on a comment."""
    query = select(ModerationEntry.id).where(
        ModerationEntry.comment_id == comment.id, ModerationEntry.account_id.is_not(None)
    )
    return db.session.scalar(query.limit(1)) is not None


def _locked(ids: Iterable[int]) -> dict[int, Comment]:
    """The comments as they are now, by id; nobody else changes them until the transaction ends. What its writer
    has withdrawn is gone.

    Locked in the order of ids, so that two moderators never wait for each other.
    """
    query = (
        select(Comment)
        .where(Comment.id.in_(set(ids)), ~Comment.is_withdrawn)
        .order_by(Comment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {comment.id: comment for comment in db.session.scalars(query)}


def last_entries(comment_ids: Iterable[int]) -> dict[int, ModerationEntry]:
    """The newest entry of each of these comments, by comment."""
    ids = select(func.max(ModerationEntry.id)).where(ModerationEntry.comment_id.in_(list(comment_ids)))
    query = (
        select(ModerationEntry)
        .where(ModerationEntry.id.in_(ids.group_by(ModerationEntry.comment_id)))
        .options(joinedload(ModerationEntry.account))
    )
    return {entry.comment_id: entry for entry in db.session.scalars(query)}


def _move(
    comment: Comment,
    status: CommentStatus,
    *,
    decision: str,
    account_id: int | None,
    undoes_id: int | None = None,
) -> ModerationEntry:
    entry = ModerationEntry(
        comment_id=comment.id,
        account_id=account_id,
        decision=str(decision),
        from_status=comment.status,
        to_status=str(status),
        undoes_id=undoes_id,
        created_at=clock.now(),
    )
    comment.status = str(status)
    return entry


def _write(entries: Sequence[ModerationEntry], comments: dict[int, Comment]) -> None:
    """Adds the entries and moves the articles' numbers of approved comments by exactly what they changed."""
    moved: Counter[int] = Counter()
    for entry in entries:
        comment = comments[entry.comment_id]
        if comment.kind == CommentKind.comment:
            approved = CommentStatus.approved
            moved[comment.article_id] += (entry.to_status == approved) - (entry.from_status == approved)
        if entry.to_status == CommentStatus.approved and entry.from_status != entry.to_status:
            note_reply(comment)
    for article_id, difference in sorted(moved.items()):
        if difference:
            totals = update(ArticleTotals).where(ArticleTotals.article_id == article_id)
            db.session.execute(totals.values(comment_count=ArticleTotals.comment_count + difference))
    # Last, since whoever adds to the log after this one waits until the transaction ends.
    chain.add(entries)
