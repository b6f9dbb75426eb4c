"""Mail on its way: queued in the transaction that causes it, claimed, and what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import render_template
from sqlalchemy import delete, func, select, update

from webapp import clock
from webapp.database import db, transaction
from webapp.dialects import insert
from webapp.mailing.letters import Letter
from webapp.markup import clean_text
from webapp.markup_text import printable
from webapp.models import MailState, OutgoingMail

LONGEST_SUBJECT = 250
PAUSES = (1, 5, 15, 60, 240, 720, 1440)
"""Minutes after each attempt that failed; after the last there is no other."""
KEPT = timedelta(days=7)
"""So long a mail that is done with stays, so that an operator can see what became of it."""
HELD = timedelta(days=36_500)
LOST_AFTER = timedelta(minutes=10)
"""A mail that has been "being sent" for so long belonged to a process that is gone."""


def queue_mail(
    key: str, recipient: str, letter: Letter, *, wait: timedelta = timedelta(), batch: str | None = None
) -> bool:
    """Called inside the transaction that causes the mail. False when this `key` has been mailed (or waits) already.

    `batch`: what it belongs to together with others, which are counted, held back and taken out together.
    """
    now = clock.now()
    values = {
        "key": key,
        "batch": batch,
        "recipient": recipient,
        "subject": clean_text(letter.subject)[:LONGEST_SUBJECT],
        "text": printable(letter.as_text()),
        "html": printable(render_template("mailing/letter.html", letter=letter)),
        "headers": letter.headers(),
        "state": MailState.waiting,
        "attempts": 0,
        "created_at": now,
        "due_at": now + wait,
        "problem": "",
    }
    with transaction(unseen=True):
        made = insert(OutgoingMail).values(**values).on_conflict_do_nothing().returning(OutgoingMail.id)
        return db.session.scalar(made) is not None


def claim() -> OutgoingMail | None:
    """The mail that is due first, marked as being sent, so that no other process sends it, too."""
    now = clock.now()
    due = (
        select(OutgoingMail)
        .where(OutgoingMail.state == MailState.waiting, OutgoingMail.due_at <= now)
        .order_by(OutgoingMail.due_at)
        .limit(1)
    )
    if db.session.scalar(due.with_only_columns(OutgoingMail.id)) is None:
        return None
    with transaction(unseen=True):
        mail = db.session.scalar(
            due.with_for_update(skip_locked=True).execution_options(populate_existing=True)
        )
        if mail is not None:
            mail.state, mail.attempts, mail.due_at = MailState.sending, mail.attempts + 1, now
    return mail


def settle(mail: OutgoingMail, state: MailState, problem: str = "") -> None:
    """Writes down how an attempt ended. `waiting` tries again after a pause that grows, and gives up in the end."""
    now = clock.now()
    with transaction(unseen=True):
        mail.problem = problem[:500]
        if state == MailState.waiting and mail.attempts <= len(PAUSES):
            mail.state, mail.due_at = state, now + timedelta(minutes=PAUSES[mail.attempts - 1])
        else:
            mail.state = MailState.failed if state == MailState.waiting else state
            mail.done_at = now


def batch_numbers(batch: str) -> dict[str, int]:
    """How many mails of a batch are in each state."""
    query = select(OutgoingMail.state, func.count()).where(OutgoingMail.batch == batch)
    return {state: count for state, count in db.session.execute(query.group_by(OutgoingMail.state))}  # noqa: C416 (rows are no plain pairs)


def hold_batch(batch: str) -> None:
    """Inside transaction(): what waits of a batch is not sent, until it is let go."""
    _waiting_of(batch, update(OutgoingMail).values(due_at=clock.now() + HELD))


def let_go_batch(batch: str) -> None:
    """Inside transaction(): what waits of a batch is due now."""
    _waiting_of(batch, update(OutgoingMail).values(due_at=clock.now()))


def drop_waiting(batch: str) -> None:
    """Inside transaction(): what waits of a batch is never sent."""
    _waiting_of(batch, delete(OutgoingMail))


def _waiting_of(batch: str, change: Any) -> None:
    db.session.execute(
        change.where(OutgoingMail.batch == batch, OutgoingMail.state == MailState.waiting),
        execution_options={"synchronize_session": False},
    )


def give_up_lost() -> None:
    """What a process was sending when it died may have arrived; it is not sent again."""
    gone = update(OutgoingMail).where(
        OutgoingMail.state == MailState.sending, OutgoingMail.due_at < clock.now() - LOST_AFTER
    )
    words = "The process that sent it ended meanwhile."
    with transaction(unseen=True):
        db.session.execute(gone.values(state=MailState.unclear, done_at=clock.now(), problem=words))


def purge_mail() -> int:
    """Deletes what was done with more than a week ago."""
    with transaction(unseen=True):
        old = delete(OutgoingMail).where(OutgoingMail.done_at < clock.now() - KEPT)
        return db.session.execute(old).rowcount  # pyright: ignore[reportAttributeAccessIssue]
