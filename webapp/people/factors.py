"""Second factors: time-based codes (RFC 6238) of an authenticator, and recovery codes."""

from __future__ import annotations

import secrets

from pyotp import random_base32
from pyotp.totp import TOTP

from webapp import clock
from webapp.database import db, transaction
from webapp.models import Account, SecondFactor
from webapp.moderating import chain
from webapp.settings import setting
from webapp.visitors import fixed

RECOVERY = 10
"""Codes that are given out at once."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
STEP = 30


def of(account: Account) -> SecondFactor | None:
    """The second factor of an account, where it has one."""
    return db.session.get(SecondFactor, account.id, populate_existing=True)


def new_secret() -> str:
    return random_base32()


def address(account: Account, secret: str) -> str:
    """What an authenticator reads off the picture."""
    return TOTP(secret).provisioning_uri(name=account.email, issuer_name=setting("SITE_TITLE"))


def picture(account: Account, secret: str) -> str:
    """The same as an SVG drawing (a QR code), without colours or styles of its own."""
    import segno  # Here, since it takes long to import and is needed once for an account.

    drawn = segno.make(address(account, secret), error="m")
    return drawn.svg_inline(scale=5, border=3, svgclass="qr", lineclass="qr-line", omitsize=True)


def is_right(secret: str, code: str, *, after: int = 0) -> int:
    """The half minute that a code belongs to, where it is right and later than `after`; else 0.

    One half minute earlier or later is good as well, since clocks differ.
    """
    typed = code.replace(" ", "")
    if not (typed.isascii() and typed.isdecimal() and len(typed) == 6):
        return 0
    now = int(clock.now().timestamp()) // STEP
    totp = TOTP(secret)
    steps = [step for step in (now - 1, now, now + 1) if step > after]
    found = [step for step in steps if secrets.compare_digest(totp.at(step * STEP), typed)]
    return found[0] if found else 0


def set_up(account: Account, secret: str, code: str) -> list[str]:
    """Switches the factor on; gives the recovery codes, which are known only now. Empty: the code was wrong."""
    step = is_right(secret, code)
    if not step:
        return []
    codes = _new_codes()
    with transaction(unseen=True):
        db.session.merge(
            SecondFactor(
                account_id=account.id,
                secret=secret,
                codes=[_hash(one) for one in codes],
                used_at_step=step,
                since=clock.now(),
            )
        )
        chain.record("factor-on", f"account:{account.id}", account_id=account.id)
    return codes


def renew_codes(account: Account, by: Account) -> list[str]:
    """New recovery codes; the ones before are worth nothing any more."""
    codes = _new_codes()
    with transaction(unseen=True):
        factor = db.session.get_one(SecondFactor, account.id, with_for_update=True)
        factor.codes = [_hash(one) for one in codes]
        chain.record("codes-new", f"account:{account.id}", account_id=by.id)
    return codes


def switch_off(account: Account, by: Account | None) -> None:
    """The password alone is enough again; harmless where it was."""
    with transaction(unseen=True):
        factor = db.session.get(SecondFactor, account.id, with_for_update=True)
        if factor is not None:
            db.session.delete(factor)
            reason = "" if by else chain.AT_COMMAND_LINE
            by_id = by.id if by else None
            chain.record("factor-off", f"account:{account.id}", account_id=by_id, reason=reason)


def accepts(account: Account, code: str) -> bool:
    """Whether a code lets in: of the authenticator, or one of the recovery codes; either only once."""
    with transaction(unseen=True):
        factor = db.session.get(SecondFactor, account.id, with_for_update=True, populate_existing=True)
        if factor is None:
            return False
        step = is_right(factor.secret, code, after=factor.used_at_step)
        if step:
            factor.used_at_step = step
            return True
        typed = _hash(code.strip().lower().replace(" ", ""))
        if typed in factor.codes:
            factor.codes = [one for one in factor.codes if one != typed]
            chain.record("code-used", f"account:{account.id}", account_id=account.id)
            return True
    return False


def _new_codes() -> list[str]:
    return [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(2))
        for _ in range(RECOVERY)
    ]


def _hash(code: str) -> str:
    return fixed("recovery code", code)
