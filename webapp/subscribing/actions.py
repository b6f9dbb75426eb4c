"""Who gets the newsletter: asked, confirmed, stopped. A row changes only under its lock."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_, select

from webapp import clock, occurrences
from webapp.database import db, transaction
from webapp.dialects import insert
from webapp.mailing.actions import queue_mail
from webapp.mailing.letters import Action, Letter, Words
from webapp.models import MailState, OutgoingMail, Subscriber, SubscriberState
from webapp.settings import setting
from webapp.subscribing import links

MOST_A_DAY = 3
"""Mails to one address about signing up, whoever types it in."""
UNCONFIRMED = timedelta(days=30)
BATCH = "edition:"


def ask(email: str) -> None:
    """Somebody wants the newsletter at this address: its owner is asked by mail. Nothing tells whether it is known."""
    if occurrences.hit("newsletter mail", email, 86_400)[0] > MOST_A_DAY:
        return
    now = clock.now()
    with transaction(unseen=True):
        values = {"email": email, "state": SubscriberState.asked, "origin": "form", "asked_at": now}
        made = insert(Subscriber).values(**values, bounces=0, problem="").on_conflict_do_nothing()
        db.session.execute(made)
        one = _locked(email)
        if one is None:
            return
        one.asked_at = now
        is_there = one.state == SubscriberState.confirmed
        letter = _already(email) if is_there else _question(email)
        queue_mail(f"newsletter:{one.id}:{int(now.timestamp() * 1000)}", email, letter)


def confirm(email: str) -> bool:
    """The owner says yes. False where the address is not on the list any more. Repeated it changes nothing."""
    with transaction(unseen=True):
        one = _locked(email)
        if one is None:
            return False
        if one.state != SubscriberState.confirmed:
            one.state, one.confirmed_at, one.ended_at = SubscriberState.confirmed, clock.now(), None
            one.bounces, one.bounced_at, one.problem = 0, None, ""
    return True


def stop(email: str) -> None:
    """No more newsletters there, those among them that wait to be sent. The address stays, so that no list that the
    newsroom brings adds it again."""
    with transaction(unseen=True):
        one = _locked(email)
        if one is not None and one.state in (SubscriberState.confirmed, SubscriberState.asked):
            one.state, one.ended_at = SubscriberState.stopped, clock.now()
        drop_mail(email)


def mark_bounced(email: str, *, for_good: bool, words: str) -> bool:
    """Mail to this address came back. For a passing reason it may on two days; on the third, or at once for a lasting
    one, nothing more is sent there. False where the address gets no newsletter."""
    now = clock.now()
    with transaction(unseen=True):
        one = _locked(email)
        if one is None or one.state != SubscriberState.confirmed:
            return False
        one.problem = words[:300]
        if one.bounced_at is None or one.bounced_at < now - timedelta(hours=20):
            one.bounces += 1
            one.bounced_at = now
        if for_good or one.bounces >= 3:
            one.state, one.ended_at = SubscriberState.bounced, now
            drop_mail(email)
    return True


def remove(email: str) -> None:
    """Inside transaction(): takes an address out as if it had never been there."""
    db.session.execute(delete(Subscriber).where(Subscriber.email == email))
    drop_mail(email)


def drop_mail(email: str) -> None:
    """Inside transaction(): editions that wait for this address are not sent."""
    waiting = OutgoingMail.recipient == email, OutgoingMail.state == MailState.waiting
    db.session.execute(
        delete(OutgoingMail).where(*waiting, OutgoingMail.batch.startswith(BATCH)),
        execution_options={"synchronize_session": False},
    )


def purge() -> int:
    """Forgets addresses that were typed in and never confirmed."""
    never = or_(Subscriber.state == SubscriberState.asked, Subscriber.confirmed_at.is_(None))
    old = delete(Subscriber).where(
        never, Subscriber.state != SubscriberState.confirmed, Subscriber.asked_at < clock.now() - UNCONFIRMED
    )
    with transaction(unseen=True):
        return db.session.execute(old).rowcount  # pyright: ignore[reportAttributeAccessIssue]


def _locked(email: str) -> Subscriber | None:
    query = select(Subscriber).where(Subscriber.email == email).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))


def _question(email: str) -> Letter:
    title = setting("SITE_TITLE")
    return Letter(
        f"Do you want the newsletter of {title}?",
        (
            Words(
                f"Somebody has given this address for the newsletter of {title}. If that was you, confirm it."
            ),
            Action("Yes, send it to me", links.confirm_address(email)),
            Words("If it was not you, do nothing: you get no newsletter, and the address is forgotten."),
        ),
        footer="This link works for a week.",
    )


def _already(email: str) -> Letter:
    title = setting("SITE_TITLE")
    return Letter(
        f"You get the newsletter of {title} already",
        (Words("Somebody has given this address for it once more. There is nothing to do."),),
        footer=f"You get the newsletter because you confirmed it at {setting('SITE_URL')}.",
        stop_address=links.stop_address(email),
        stop_words="Stop the newsletter",
    )
