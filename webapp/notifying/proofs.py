"""A commenter proves an address by a link that was sent there: the name is theirs then, and replies are mailed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import bindparam, select

from webapp import clock, occurrences
from webapp.database import db, transaction
from webapp.dialects import insert
from webapp.mailing.actions import queue_mail
from webapp.mailing.letters import Action, Letter, Quote, Words
from webapp.models import Comment, ProvedAddress, ProvedWriter
from webapp.notifying.rules import name_key
from webapp.settings import setting

LIFE = timedelta(days=3)
MOST_A_DAY = 3
"""Confirmation mails to one address."""

_OWNER = select(ProvedAddress).where(ProvedAddress.name_key == bindparam("key"))


@dataclass(frozen=True)
class Claim:
    """What a link in a confirmation mail says: who wrote with this address, in which browser, under which name."""

    email: str
    name: str
    writer_hash: str


def owner_of(name: str) -> ProvedAddress | None:
    """Whose name it is, where somebody has proved it."""
    key = name_key(name)
    return db.session.scalar(_OWNER, {"key": key}) if key else None


def is_proved(email: str, writer_hash: str) -> bool:
    """Whether this browser's user has proved the address."""
    query = select(ProvedAddress.id).join(ProvedWriter, ProvedWriter.address_id == ProvedAddress.id)
    return (
        db.session.scalar(query.where(ProvedAddress.email == email, ProvedWriter.writer_hash == writer_hash))
        is not None
    )


def ask_for_proof(comment: Comment) -> None:
    """Called inside the transaction that keeps a comment: mails the link, once a day for an address and a browser.

    An address gets a few a day at most, whoever types it in.
    """
    if occurrences.hit("confirmation mail", comment.email, 86400)[0] > MOST_A_DAY:
        return
    claim = {"e": comment.email, "n": comment.name, "w": comment.writer_hash}
    link = f"{setting('SITE_URL')}/confirm/{_signer().dumps(claim)}"
    letter = Letter(
        f"Is this your comment on {setting('SITE_TITLE')}?",
        (
            Words(
                f"Somebody has written a comment with this e-mail address, as {comment.name}. If that was you, confirm"
                " it: then nobody else can comment under your name, and you hear of replies where you asked for it."
            ),
            Quote(f"{comment.name} wrote:", comment.body_source[:500]),
            Action("Confirm the address", link),
            Words("If it was not you, do nothing. The address is not used for anything then."),
        ),
        footer="This link works for three days.",
    )
    day = clock.day_of(clock.now())
    queue_mail(f"confirm:{comment.email}:{(comment.writer_hash or '')[:16]}:{day}", comment.email, letter)


def read_claim(token: str) -> Claim | None:
    """What a confirmation link says; None for a forged or old one."""
    try:
        found = _signer().loads(token, max_age=int(LIFE.total_seconds()))
        return Claim(str(found["e"]), str(found["n"]), str(found["w"]))
    except (BadSignature, KeyError, TypeError):
        return None


def confirm(claim: Claim, *writers: str) -> ProvedAddress:
    """The address is proved, for the browser that wrote and for those in `writers` (the one that opened the link).

    The name becomes its owner's unless it is somebody else's already. Repeated it changes nothing.
    """
    with transaction(unseen=True):
        values = {"email": claim.email, "name": claim.name, "proved_at": clock.now()}
        db.session.execute(insert(ProvedAddress).values(**values).on_conflict_do_nothing())
        query = select(ProvedAddress).where(ProvedAddress.email == claim.email)
        address = db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()
        owner = owner_of(claim.name)
        if owner is None or owner.id == address.id:
            address.name, address.name_key = claim.name, name_key(claim.name) or None
        address.stopped_at = None
        for writer in {claim.writer_hash, *writers}:
            pair = {"address_id": address.id, "writer_hash": writer}
            db.session.execute(insert(ProvedWriter).values(**pair).on_conflict_do_nothing())
    return address


def stop_address(address: ProvedAddress) -> str:
    """Where one click ends the mail about replies. The link has no end, as the law of several countries wants it."""
    return f"{setting('SITE_URL')}/stop/{_stopper().dumps(address.email)}"


def read_stop(token: str) -> str | None:
    """The address that a stop link is about; None for a forged one."""
    try:
        return str(_stopper().loads(token))
    except BadSignature:
        return None


def stop(email: str) -> None:
    """No more mail about replies to this address, until its owner confirms it again."""
    with transaction(unseen=True):
        address = db.session.scalar(
            select(ProvedAddress).where(ProvedAddress.email == email).with_for_update()
        )
        if address is not None and address.stopped_at is None:
            address.stopped_at = clock.now()


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="confirm-address")


def _stopper() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="stop-notices")
