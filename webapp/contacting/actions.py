"""Keeping what readers write, and telling the newsroom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from webapp import clock, dialects
from webapp.contacting.forms import Typed
from webapp.database import db, transaction
from webapp.mailing.actions import queue_mail
from webapp.mailing.letters import Action, Letter, Quote, Words
from webapp.models import Account, Message
from webapp.settings import setting
from webapp.visitors import fixed

KEPT = timedelta(days=180)
SAME = timedelta(hours=1)
PAGE_LENGTH = 40


def keep(typed: Typed) -> Message:
    """Keeps a message and mails it to the newsroom. The same one within the hour is the one before: a retry."""
    fingerprint = fixed("message", typed.name, typed.email, typed.subject, typed.body)
    now = clock.now()
    with transaction(unseen=True):
        dialects.lock(int(fingerprint[:15], 16))
        same = Message.fingerprint == fingerprint, Message.created_at > now - SAME
        earlier = db.session.scalar(select(Message).where(*same).limit(1))
        if earlier is not None:
            return earlier
        message = Message(
            name=typed.name,
            email=typed.email,
            subject=typed.subject,
            body=typed.body,
            fingerprint=fingerprint,
            created_at=now,
        )
        db.session.add(message)
        db.session.flush()
        if setting("CONTACT_MAIL"):
            queue_mail(f"message:{message.id}", setting("CONTACT_MAIL"), _letter(message))
    return message


def page(before: int = 0, *, done: bool = False) -> tuple[Sequence[Message], int]:
    """Messages that wait (or that were put away), the newest first, and the id before which they go on (0: the end)."""
    query = select(Message).where(Message.done_at.is_not(None) if done else Message.done_at.is_(None))
    if before:
        query = query.where(Message.id < before)
    query = query.options(joinedload(Message.account)).order_by(Message.id.desc()).limit(PAGE_LENGTH + 1)
    found = db.session.scalars(query).all()
    return found[:PAGE_LENGTH], found[PAGE_LENGTH - 1].id if len(found) > PAGE_LENGTH else 0


def waiting() -> int:
    """How many messages nobody has put away."""
    return db.session.scalar(select(func.count()).select_from(Message).where(Message.done_at.is_(None))) or 0


def put_away(message_id: int, *, by: Account) -> bool:
    """Says that a message is done with, or (again) that it is not. False where there is none."""
    with transaction(unseen=True):
        message = db.session.get(Message, message_id, with_for_update=True, populate_existing=True)
        if message is None:
            return False
        message.done_at, message.account_id = (None, None) if message.done_at else (clock.now(), by.id)
    return True


def purge() -> int:
    """Deletes messages whose time is over."""
    with transaction(unseen=True):
        query = delete(Message).where(Message.created_at < clock.now() - KEPT)
        return db.session.execute(query).rowcount  # pyright: ignore[reportAttributeAccessIssue]


def _letter(message: Message) -> Letter:
    return Letter(
        f"Message from {message.name}: {message.subject or 'no subject'}",
        (
            Words(f"{message.name} wrote through the contact page. Answer to {message.email}."),
            Quote(f"{message.subject or 'No subject'}:", message.body[:5000]),
            Action("All messages", f"{setting('SITE_URL')}/desk/messages"),
        ),
        footer=f"You get this because {setting('SITE_TITLE')} sends its messages to this address.",
    )
