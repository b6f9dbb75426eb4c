"""A wish for one's own data on its way: asked for, proved by a link to the address, confirmed by staff, answered."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select

from webapp import clock, occurrences
from webapp.database import db, transaction
from webapp.filters import noun
from webapp.mailing.actions import queue_mail
from webapp.mailing.letters import Action, Letter, Words
from webapp.models import Account, PrivacyRequest, PrivacyWish
from webapp.privacy.actions import erase
from webapp.settings import setting

PROOF_LIFE = timedelta(days=3)
EXPORT_LIFE = timedelta(days=7)
MOST_A_DAY = 3
"""Mails to one address by this form."""
WORDS = {
    PrivacyWish.export: "get a copy of everything that is kept under this address",
    PrivacyWish.erasure: "erase everything that is kept under this address, all its comments among it",
}


def ask(email: str, wish: PrivacyWish) -> None:
    """Mails the link that proves the address; says nothing about whether anything is known of it."""
    email = email.lower()
    with transaction(unseen=True):
        count, _ = occurrences.hit("privacy mail", email, 86400)
        if count > MOST_A_DAY:
            return
        link = f"{setting('SITE_URL')}/privacy/confirm/{_signer('privacy-proof').dumps([email, wish])}"
        letter = Letter(
            f"Your data at {setting('SITE_TITLE')}",
            (
                Words(f"Somebody asked to {WORDS[wish]}. If that was you, confirm it; else do nothing."),
                Action("Confirm", link),
            ),
            footer="The link works for three days. After that somebody of the newsroom looks at the request.",
        )
        queue_mail(f"privacy:{email}:{clock.day_of(clock.now())}:{count}", email, letter)


def read_proof(token: str) -> tuple[str, PrivacyWish] | None:
    """Address and wish of a link; None for a bad or old one."""
    try:
        email, wish = _signer("privacy-proof").loads(token, max_age=int(PROOF_LIFE.total_seconds()))
        return str(email), PrivacyWish(wish)
    except (BadSignature, TypeError, ValueError):
        return None


def prove(email: str, wish: PrivacyWish) -> None:
    """Keeps the wish for the newsroom; once, however often the link is used."""
    with transaction(unseen=True):
        waiting = select(PrivacyRequest.id).where(
            PrivacyRequest.email == email, PrivacyRequest.wish == wish, PrivacyRequest.done_at.is_(None)
        )
        if db.session.scalar(waiting) is None:
            db.session.add(PrivacyRequest(email=email, wish=wish, proved_at=clock.now()))


def fulfil(request_id: int, by: Account) -> PrivacyRequest | None:
    """Does what was asked for, and mails the answer. None where there is no such request, or it is done."""
    with transaction():
        wanted = db.session.get(PrivacyRequest, request_id, with_for_update=True, populate_existing=True)
        if wanted is None or wanted.done_at is not None:
            return None
        email = wanted.email
        wanted.done_at, wanted.account_id = clock.now(), by.id
        if wanted.wish == PrivacyWish.erasure:
            wanted.touched = erase(email)
            wanted.email = ""
            touched = noun(wanted.touched, "comment was", "comments were")
            parts = (Words(f"Everything kept under this address is erased; {wanted.touched} {touched}."),)
        else:
            link = f"{setting('SITE_URL')}/privacy/export/{_signer('privacy-export').dumps(email)}"
            parts = (Words("Here is what is kept under this address, as a file."), Action("Fetch it", link))
        footer = (
            "The link works for seven days."
            if wanted.wish == PrivacyWish.export
            else "This mail goes in a week."
        )
        queue_mail(
            f"privacy done:{request_id}",
            email,
            Letter(f"Your data at {setting('SITE_TITLE')}", parts, footer),
        )
    return wanted


def read_export(token: str) -> str | None:
    """Whose data a link fetches; None for a bad or old one."""
    try:
        return str(_signer("privacy-export").loads(token, max_age=int(EXPORT_LIFE.total_seconds())))
    except BadSignature:
        return None


def waiting() -> list[PrivacyRequest]:
    """What the newsroom has not answered yet, and what it has answered lately, the newest first."""
    query = select(PrivacyRequest).order_by(PrivacyRequest.done_at.is_not(None), PrivacyRequest.id.desc())
    return list(db.session.scalars(query.limit(100)))


def _signer(salt: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=salt)
