"""Asking again who somebody is, before something dangerous: password, and code where a second factor is on; or a
passkey."""

from __future__ import annotations

from flask import request

from webapp import occurrences
from webapp.models import Account
from webapp.passwords import is_password
from webapp.people import ceremony, factors, passkeys

WINDOW = 15 * 60
FAILURES = 8
_WHAT = "confirmation"


def problem(account: Account) -> str:
    """What is wrong with `your_password` (and `your_code`), or with `your_passkey`, of this form; empty when it is the
    account's owner."""
    count, seconds = occurrences.hit(_WHAT, str(account.id), WINDOW)
    if count > FAILURES:
        return f"Too many tries. Wait {-(-seconds // 60)} min, then try again."
    wrong = _passkey_problem(account) if request.form.get("your_passkey") else _password_problem(account)
    if not wrong:
        occurrences.forget(_WHAT, str(account.id))
    return wrong


def _passkey_problem(account: Account) -> str:
    try:
        passkeys.answered(request.form["your_passkey"], ceremony.CONFIRM, by=account)
    except ceremony.Refused as error:
        return f"{error} Nothing was changed."
    return ""


def _password_problem(account: Account) -> str:
    if not is_password(account.password_hash, request.form.get("your_password", "")[:1000]):
        return "This is not your password. Nothing was changed."
    if factors.of(account) and not factors.accepts(account, request.form.get("your_code", "")[:40]):
        return "This code is not right, or was used already. Nothing was changed."
    return ""
