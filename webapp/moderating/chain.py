"""The log's entries, each chained by a hash to the one before: who rewrites one has to rewrite all that follow, and the
newest hash (the head) goes out by mail every day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from webapp import clock, dialects
from webapp.database import db
from webapp.models import ModerationEntry

LOCK = 0x6C6F67
DEEDS = {
    "close": "closed the discussion of",
    "reopen": "opened the discussion again of",
    "switch-on": "switched on:",
    "switch-off": "switched off:",
    "publish": "published",
    "schedule": "set a time for",
    "hold-back": "took away the time set for",
    "typo": "corrected a typo in",
    "update": "updated",
    "correction": "corrected",
    "unpublish": "took down",
    "trash-article": "put into the trash",
    "restore-article": "took out of the trash",
    "delete-article": "deleted for good",
    "term": "changed",
    "merge": "merged another tag into",
    "delete-term": "deleted",
    "setting": "changed the setting",
    "menu": "changed the menu",
    "delete-menu": "deleted the menu",
    "invite": "invited",
    "account": "changed the account of",
    "join": "joined as",
    "password": "changed the password of",
    "password-reset": "set a new password, by mail, of",
    "factor-on": "switched on the second factor of",
    "factor-off": "switched off the second factor of",
    "codes-new": "made new recovery codes of",
    "code-used": "signed in with a recovery code as",
    "passkey-on": "added a passkey of",
    "passkey-named": "renamed a passkey of",
    "passkey-off": "removed a passkey of",
    "passkey-behind": "was refused, by a passkey that may have been copied, as",
    "replace-media": "replaced a file of the library:",
    "delete-media": "deleted a file of the library:",
    "send-edition": "sent the newsletter",
    "pause-edition": "paused the newsletter",
    "resume-edition": "let go on the newsletter",
    "end-edition": "ended the newsletter",
    "stop-newsletter": "took off the newsletter:",
    "bring-readers": "brought a list of readers to the newsletter",
    "export-readers": "took along the newsletter’s list of readers",
    "hand-over": "handed over",
    "take-back": "took back",
}
"""What staff do to things that are no comments, and the words that stand between their name and the thing."""
AT_COMMAND_LINE = "at the command line"
"""The reason of what no account did."""
START = ""
"""What stands before the first entry."""
_HEAD = select(ModerationEntry.hash).order_by(ModerationEntry.id.desc()).limit(1)


def hash_of(previous: str, entry: ModerationEntry) -> str:
    """An entry's hash (64 hexadecimal digits): of the one before it and of everything that it says."""
    said = [
        previous,
        entry.comment_id,
        entry.account_id,
        entry.decision,
        entry.from_status,
        entry.to_status,
        entry.reason or "",
        entry.undoes_id,
        _microseconds(entry.created_at),
    ]
    if entry.subject:
        said.append(entry.subject)
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def add(entries: Iterable[ModerationEntry]) -> None:
    """Called inside a transaction, at its end: adds entries in this order. Until it commits nobody else adds any."""
    dialects.lock(LOCK)
    previous = head()
    for entry in entries:
        entry.hash = previous = hash_of(previous, entry)
        db.session.add(entry)
    db.session.flush()


def record(deed: str, subject: str, *, account_id: int | None, reason: str = "") -> None:
    """Called inside the transaction in which staff change something that is no comment: its entry in the log.

    `deed`: one of DEEDS; `subject`: its kind and id, such as "article:12".
    """
    entry = ModerationEntry(
        comment_id=0,
        subject=subject,
        account_id=account_id,
        decision=deed,
        to_status="",
        reason=reason,
        created_at=clock.now(),
    )
    if deed not in DEEDS:
        raise ValueError(f"{deed!r} is no deed that the log knows")
    add([entry])


def head() -> str:
    """The hash of the newest entry."""
    return db.session.scalar(_HEAD) or START


@dataclass(frozen=True)
class Verified:
    """What a look at the whole log found. `broken_at`: the first entry that does not follow from the one before."""

    entries: int
    head: str
    broken_at: int | None = None
    has_head: bool = True
    """The head that was asked about stands in the log (or none was)."""


def verify(known_head: str = "") -> Verified:
    """Goes through the whole log. `known_head`: a hash that was kept elsewhere, and must be there."""
    previous, count, seen = START, 0, not known_head
    for entry in _all():
        if entry.hash != hash_of(previous, entry):
            return Verified(count, previous, broken_at=entry.id, has_head=seen)
        previous, count = entry.hash, count + 1
        seen = seen or entry.hash == known_head
    return Verified(count, previous, has_head=seen)


def _all() -> Iterator[ModerationEntry]:
    query = select(ModerationEntry).order_by(ModerationEntry.id).limit(1000)
    last = 0
    while entries := db.session.scalars(query.where(ModerationEntry.id > last)).all():
        last = entries[-1].id
        for entry in entries:
            yield entry
            db.session.expunge(entry)


def _microseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)
