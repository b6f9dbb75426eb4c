"""What changes accounts: making them, their passwords, keeping them out."""

from __future__ import annotations

import secrets
from functools import cache

from sqlalchemy.exc import IntegrityError

from webapp import clock
from webapp.database import db, transaction
from webapp.models import Account
from webapp.passwords import hash_password, is_password, needs_rehash


class EmailTaken(Exception):
    """There is an account with this e-mail address already."""


def create_account(email: str, password: str, *, role: str, name: str = "") -> Account:
    """Makes an account; `email` in any case. Raises EmailTaken."""
    account = Account(
        email=email.lower(),
        name=name,
        password_hash=hash_password(password),
        session_key=new_session_key(),
        role=role,
        created_at=clock.now(),
    )
    try:
        with transaction():
            db.session.add(account)
    except IntegrityError as error:
        raise EmailTaken from error
    return account


def change_password(account: Account, password: str) -> None:
    """Sets a new password, which ends every open session of the account."""
    password_hash = hash_password(password)
    with transaction():
        account.password_hash = password_hash
        account.session_key = new_session_key()


def set_disabled(account: Account, is_disabled: bool) -> None:
    """Keeps an account out, ending its open sessions, or lets it in again."""
    with transaction():
        account.is_disabled = is_disabled
        account.session_key = new_session_key()


def verified(account: Account | None, password: str) -> Account | None:
    """The account, where the password is its own and it is not disabled; its sign-in is noted.

    Takes the same time for an account that does not exist.
    """
    stored = account.password_hash if account else _no_password()
    matches = is_password(stored, password)
    if account is None or account.is_disabled or not matches:
        return None
    fresh = hash_password(password) if needs_rehash(stored) else stored
    with transaction(unseen=True):
        account.password_hash = fresh
        account.signed_in_at = clock.now()
    return account


def note_sign_in(account: Account) -> None:
    """That somebody has signed in without a password."""
    with transaction(unseen=True):
        account.signed_in_at = clock.now()


@cache
def _no_password() -> str:
    """A hash that no password fits."""
    return hash_password(secrets.token_hex(32))


def new_session_key() -> str:
    """What a session's ticket has to hold; a new one ends every session."""
    return secrets.token_urlsafe(24)
