"""Where staff are signed in: kept, so that it can be listed and ended."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import request
from sqlalchemy import delete, select, update

from webapp import clock
from webapp.database import db, transaction
from webapp.markup import clean_text
from webapp.models import StaffSession
from webapp.visitors import fixed

SEEN_EVERY = timedelta(minutes=5)


def begin(account_id: int) -> str:
    """A new session: its number, which only the cookie knows."""
    number, now = secrets.token_urlsafe(24), clock.now()
    row = StaffSession(
        key=key_of(number),
        account_id=account_id,
        browser=clean_text(request.user_agent.string)[:200],
        began_at=now,
        seen_at=now,
    )
    with transaction(unseen=True):
        db.session.add(row)
    return number


def is_open(number: str, account_id: int, not_before: datetime) -> bool:
    """Whether a session goes on; that it is used is noted now and then."""
    row = db.session.get(StaffSession, key_of(number))
    if row is None or row.account_id != account_id or row.began_at < not_before:
        return False
    if row.seen_at < clock.now() - SEEN_EVERY and request.method == "GET":
        with transaction(unseen=True, relaxed=True):
            seen = update(StaffSession).where(StaffSession.key == row.key).values(seen_at=clock.now())
            db.session.execute(seen.execution_options(synchronize_session=False))
    return True


_BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


def browser_in_words(said: str) -> str:
    """What a browser calls itself, short: "Firefox on Linux"."""
    browser = next((name for sign, name in _BROWSERS.items() if sign in said), "")
    system = next((name for sign, name in _SYSTEMS.items() if sign in said), "")
    return f"{browser} on {system}" if browser and system else said[:80] or "An unknown browser"


def all_of(account_id: int) -> Sequence[StaffSession]:
    """The open sessions of an account, the last used first."""
    query = select(StaffSession).where(StaffSession.account_id == account_id)
    return db.session.scalars(query.order_by(StaffSession.seen_at.desc())).all()


def end(key: str, account_id: int) -> bool:
    """Ends a session of an account by its key; False where there is none."""
    query = delete(StaffSession).where(StaffSession.key == key, StaffSession.account_id == account_id)
    with transaction(unseen=True):
        return bool(db.session.execute(query).rowcount)  # pyright: ignore[reportAttributeAccessIssue]


def end_others(account_id: int, but: str = "") -> None:
    """Ends every session of an account but the one with the key `but`."""
    query = delete(StaffSession).where(StaffSession.account_id == account_id, StaffSession.key != but)
    with transaction(unseen=True):
        db.session.execute(query)


def purge(before: datetime) -> int:
    """Forgets sessions that began too long ago."""
    query = delete(StaffSession).where(StaffSession.began_at < before)
    with transaction(unseen=True):
        return db.session.execute(query).rowcount  # pyright: ignore[reportAttributeAccessIssue]


def key_of(number: str) -> str:
    """What is kept of a session's number."""
    return fixed("staff session", number)
