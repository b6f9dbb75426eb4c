"""Links in mails with which somebody sets a password: signed, for a time, and good once."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from webapp.models import Account
from webapp.moderating import queries
from webapp.settings import setting
from webapp.visitors import fixed

INVITATION, RESET, CODE = "invitation", "reset", "code"
LIVES = {INVITATION: timedelta(days=7), RESET: timedelta(hours=1), CODE: timedelta(minutes=10)}


def address_for(account: Account, what: str) -> str:
    return f"{setting('SITE_URL')}/welcome/{token_for(account, what)}"


def token_for(account: Account, what: str) -> str:
    """Worth nothing once the account's session key changes, as it does with each new password."""
    return _signer().dumps([what, account.id, fixed("token", account.session_key)])


def read(token: str, *whats: str) -> tuple[Account, str] | None:
    """The account and what the link is for; None for one that is over, used, or not ours."""
    try:
        found, issued_at = _signer().loads(token, return_timestamp=True)
        what, account_id, key = found
        _signer().loads(token, max_age=int(LIVES[what].total_seconds()))
    except (BadSignature, SignatureExpired, ValueError, KeyError, TypeError):
        return None
    account = queries.account(account_id)
    if account is None or account.is_disabled or what not in whats or issued_at is None:
        return None
    return (account, what) if key == fixed("token", account.session_key) else None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="people")
