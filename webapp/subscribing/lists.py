"""The list of readers: found, brought and taken along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from webapp import clock
from webapp.database import db, transaction
from webapp.dialects import insert
from webapp.models import Subscriber, SubscriberState
from webapp.subscribing.rules import Found, write_list

PAGE_LENGTH = 50
PORTION = 500


@dataclass
class Brought:
    """What became of a list: how many are new, were there, had stopped, cannot be reached; what could not be read."""

    new: int = 0
    there: int = 0
    stopped: int = 0
    bounced: int = 0
    found: Found | None = None


def counts() -> dict[str, int]:
    """How many addresses are in each state."""
    query = select(Subscriber.state, func.count()).group_by(Subscriber.state)
    return {state: count for state, count in db.session.execute(query)}  # noqa: C416 (rows are no plain pairs)


def page(state: str, text: str, before: int = 0) -> tuple[Sequence[Subscriber], int]:
    """Addresses in a state that begin with `text`, the newest first, and the id before which they go on (or 0)."""
    query = select(Subscriber).where(Subscriber.state == state)
    if text:
        query = query.where(Subscriber.email.startswith(text.lower(), autoescape=True))
    if before:
        query = query.where(Subscriber.id < before)
    found = db.session.scalars(query.order_by(Subscriber.id.desc()).limit(PAGE_LENGTH + 1)).all()
    return found[:PAGE_LENGTH], found[PAGE_LENGTH - 1].id if len(found) > PAGE_LENGTH else 0


def bring(found: Found) -> Brought:
    """Adds the addresses of a list as confirmed ones: whoever brings them says that their owners agreed. An address
    that was stopped or cannot be reached stays as it is; one that was only asked is confirmed."""
    done = Brought(found=found)
    for start in range(0, len(found.emails), PORTION):
        _bring(found.emails[start : start + PORTION], done)
    return done


def _bring(emails: Sequence[str], done: Brought) -> None:
    now = clock.now()
    row = {"state": SubscriberState.confirmed, "origin": "list", "asked_at": now, "confirmed_at": now}
    rows = [{"email": email, **row, "bounces": 0, "problem": ""} for email in emails]
    with transaction(unseen=True):
        query = select(Subscriber).where(Subscriber.email.in_(emails)).with_for_update()
        known = {
            one.email: one for one in db.session.scalars(query.execution_options(populate_existing=True))
        }
        for one in known.values():
            if one.state == SubscriberState.asked:
                one.state, one.confirmed_at, one.origin = SubscriberState.confirmed, now, "list"
                done.new += 1
            else:
                done.there += one.state == SubscriberState.confirmed
                done.stopped += one.state == SubscriberState.stopped
                done.bounced += one.state == SubscriberState.bounced
        fresh = [row for row in rows if row["email"] not in known]
        if fresh:
            added = insert(Subscriber).values(fresh).on_conflict_do_nothing().returning(Subscriber.id)
            done.new += len(db.session.scalars(added).all())


def export() -> Iterator[str]:
    """All addresses as lines of CSV."""
    columns = (
        Subscriber.email,
        Subscriber.state,
        Subscriber.asked_at,
        Subscriber.confirmed_at,
        Subscriber.ended_at,
    )
    yield from write_list(_all(columns))


def _all(columns: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    query = select(Subscriber.id, *columns).order_by(Subscriber.id).limit(PORTION)
    last = 0
    while rows := db.session.execute(query.where(Subscriber.id > last)).all():
        last = rows[-1][0]
        yield from (tuple(row[1:]) for row in rows)
