"""Passkeys of the newsroom's people: kept, named, removed; and whose it is that answers with one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from webapp import clock
from webapp.database import db, transaction
from webapp.markup import clean_text
from webapp.models import Account, Passkey
from webapp.moderating import chain
from webapp.people import ceremony
from webapp.people.ceremony import Question, Refused

MOST = 20
"""Passkeys of one account."""
LONGEST_NAME = 80
NOTHING = "This passkey opens nothing here, or its account is disabled."


def of(account: Account) -> Sequence[Passkey]:
    """The passkeys of an account, the oldest first."""
    return db.session.scalars(
        select(Passkey).where(Passkey.account_id == account.id).order_by(Passkey.id)
    ).all()


def can_answer(account: Account) -> bool:
    """Whether an account has a passkey that this site can ask."""
    query = select(Passkey.id).where(Passkey.account_id == account.id).limit(1)
    return not ceremony.why_not() and db.session.scalar(query) is not None


def name_problem(name: str) -> str:
    """What is wrong with a passkey's name, in words."""
    if not clean_text(name):
        return "Give it a name by which you know it again."
    return f"A name has at most {LONGEST_NAME} characters." if len(clean_text(name)) > LONGEST_NAME else ""


def add(account: Account, name: str, answer: str) -> None:
    """Keeps the passkey that an authenticator has made, under a name that was found good. Raises Refused."""
    question = ceremony.take(ceremony.ADD)
    if question.account_id != account.id:
        raise Refused("This passkey was made for another account.")
    made = ceremony.new_credential(answer, question)
    row = Passkey(
        account_id=account.id,
        name=clean_text(name),
        credential=made.credential,
        public_key=made.public_key,
        handle=question.handle,
        transports=made.transports,
        sign_count=made.sign_count,
        made_at=clock.now(),
    )
    try:
        with transaction(unseen=True):
            # Whoever adds two at once stands in line here, so that there are never more than there may be.
            db.session.get_one(Account, account.id, with_for_update=True)
            mine = select(func.count()).where(Passkey.account_id == account.id)
            if (db.session.scalar(mine) or 0) >= MOST:
                raise Refused(f"There are {MOST} passkeys already. Remove one first.")
            db.session.add(row)
            db.session.flush()
            chain.record("passkey-on", f"account:{account.id}", account_id=account.id)
    except IntegrityError as error:
        raise Refused("This passkey is here already.") from error


def rename(account: Account, passkey_id: int, name: str) -> bool:
    """Another name for a passkey of an account; False where it has none such."""
    with transaction(unseen=True):
        row = _locked(passkey_id)
        if row is None or row.account_id != account.id:
            return False
        row.name = clean_text(name)
        chain.record("passkey-named", f"account:{account.id}", account_id=account.id)
    return True


def remove(account: Account, passkey_id: int) -> bool:
    """A passkey of an account opens nothing any more; False where it has none such."""
    with transaction(unseen=True):
        row = _locked(passkey_id)
        if row is None or row.account_id != account.id:
            return False
        db.session.delete(row)
        chain.record("passkey-off", f"account:{account.id}", account_id=account.id)
    return True


def remove_all(account: Account, by: Account | None) -> int:
    """None of an account's passkeys opens anything any more. Gives how many there were."""
    with transaction(unseen=True):
        gone = delete(Passkey).where(Passkey.account_id == account.id).returning(Passkey.id)
        count = len(db.session.scalars(gone).all())
        if count:
            reason = "" if by else chain.AT_COMMAND_LINE
            by_id = by.id if by else None
            chain.record("passkey-off", f"account:{account.id}", account_id=by_id, reason=reason)
    return count


def answered(answer: str, what: str, *, by: Account | None = None) -> Account:
    """The account whose passkey has answered the question that this browser was asked. Raises Refused.

    `by`: it has to be a passkey of this account.
    """
    question = ceremony.take(what)
    query = select(Passkey).where(Passkey.credential == ceremony.credential_of(answer))
    passkey = db.session.scalar(query)
    if passkey is None or (by and passkey.account_id != by.id) or _is_for_another(question, passkey):
        raise Refused(NOTHING)
    return _used(passkey.id, ceremony.counted(answer, question, passkey))


def _used(passkey_id: int, count: int) -> Account:
    """Notes that a passkey was used, where its account may come in and its counter has gone up. Raises Refused."""
    with transaction(unseen=True):
        passkey = _locked(passkey_id)
        account = db.session.get(Account, passkey.account_id, populate_existing=True) if passkey else None
        if passkey is None or account is None or account.is_disabled:
            raise Refused(NOTHING)
        is_behind = count <= passkey.sign_count and bool(count or passkey.sign_count)
        if is_behind:
            chain.record("passkey-behind", f"account:{account.id}", account_id=account.id)
        else:
            passkey.sign_count, passkey.used_at = count, clock.now()
    if is_behind:
        raise Refused("This passkey's counter did not go up: there may be a copy of it. The log says so.")
    return account


def _is_for_another(question: Question, passkey: Passkey) -> bool:
    return question.account_id not in (0, passkey.account_id)


def _locked(passkey_id: int) -> Passkey | None:
    return db.session.get(Passkey, passkey_id, with_for_update=True, populate_existing=True)
