"""What is done to accounts by those who may: invited, changed, kept out, let in again by mail."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from webapp import clock
from webapp.database import db, transaction
from webapp.mailing.actions import queue_mail
from webapp.mailing.letters import Action, Letter, Words
from webapp.models import Account, Author, Role
from webapp.moderating import chain
from webapp.moderating.account_actions import EmailTaken, new_session_key
from webapp.passwords import hash_password
from webapp.people import sessions, tokens
from webapp.publishing.slugs import slug_of
from webapp.settings import setting
from webapp.visitors import fixed


class LastAdmin(Exception):
    """It would leave nobody who may change roles."""


def invite(email: str, role: str, name: str, *, by: Account) -> Account:
    """An account without a password, and a mail with which its owner sets one. Raises EmailTaken."""
    account = Account(
        email=email.lower(),
        name=name,
        password_hash="",
        session_key=new_session_key(),
        role=role,
        created_at=clock.now(),
    )
    try:
        with transaction(unseen=True):
            db.session.add(account)
            db.session.flush()
            chain.record("invite", f"account:{account.id}", account_id=by.id, reason=role)
            _mail_invitation(account, by)
    except IntegrityError as error:
        raise EmailTaken from error
    return account


def invite_again(account: Account, *, by: Account) -> None:
    """Another mail for somebody who has not joined yet; the link before is worth nothing any more."""
    with transaction(unseen=True):
        account.session_key = new_session_key()
        _mail_invitation(account, by)


def mail_reset(account: Account) -> None:
    """A mail with which the owner of an account sets a new password."""
    address = tokens.address_for(account, tokens.RESET)
    letter = Letter(
        f"A new password for {setting('SITE_TITLE')}",
        (
            Words("Somebody, probably you, asked for a new password. The link is good for an hour and once."),
            Action("Set a new password", address),
            Words("If it was not you, do nothing: the old password stays."),
        ),
        footer=f"You get this because you work at {setting('SITE_TITLE')}.",
    )
    with transaction(unseen=True):
        queue_mail(f"reset:{account.id}:{int(clock.now().timestamp())}", account.email, letter)


def set_password(account: Account, password: str, *, deed: str) -> None:
    """A new password, which ends every open session and every link that was mailed."""
    password_hash = hash_password(password)
    with transaction(unseen=True):
        account.password_hash = password_hash
        account.session_key = new_session_key()
        chain.record(deed, f"account:{account.id}", account_id=account.id)
    sessions.end_others(account.id)


def change(account: Account, *, name: str, role: str, is_disabled: bool, author_id: int, by: Account) -> None:
    """Sets what an admin may set of an account. Raises LastAdmin. A lesser role and disabling end its sessions."""
    with transaction():
        at_work = Account.role == Role.admin, ~Account.is_disabled, Account.password_hash != ""
        admins = select(Account.id).where(*at_work).with_for_update()
        others = set(db.session.scalars(admins)) - {account.id}
        if not others and (role != Role.admin or is_disabled):
            raise LastAdmin
        was = account.role, account.is_disabled
        account.name, account.role, account.is_disabled = name, role, is_disabled
        if was != (role, is_disabled):
            account.session_key = new_session_key()
            reason = "disabled" if is_disabled else role
            chain.record("account", f"account:{account.id}", account_id=by.id, reason=reason)
        _sign_as(account, author_id)
    if was != (role, is_disabled):
        sessions.end_others(account.id)


def make_author(account: Account) -> Author:
    """A byline for an account that has none, under its name."""
    with transaction():
        slug, number = slug_of(account.display_name), 1
        while db.session.scalar(
            select(func.count()).where(Author.slug == (slug if number == 1 else f"{slug}-{number}"))
        ):
            number += 1
        author = Author(
            name=account.display_name, slug=slug if number == 1 else f"{slug}-{number}", account_id=account.id
        )
        db.session.add(author)
    return author


def rename(account: Account, name: str) -> None:
    with transaction(unseen=True):
        account.name = name


def _sign_as(account: Account, author_id: int) -> None:
    mine = update(Author).where(Author.account_id == account.id, Author.id != author_id)
    db.session.execute(mine.values(account_id=None))
    if author_id:
        db.session.execute(update(Author).where(Author.id == author_id).values(account_id=account.id))


def _mail_invitation(account: Account, by: Account) -> None:
    letter = Letter(
        f"{by.display_name} invites you to {setting('SITE_TITLE')}",
        (
            Words(f"You are to work at {setting('SITE_TITLE')} as {account.role}. Set a password to begin."),
            Action("Join the newsroom", tokens.address_for(account, tokens.INVITATION)),
            Words("The link is good for seven days and once. If you did not expect this, do nothing."),
        ),
        footer=f"{by.display_name} typed your address at {setting('SITE_TITLE')}.",
    )
    # A new link has a key of its own, however soon after the one before.
    queue_mail(f"invitation:{account.id}:{fixed('mail', account.session_key)}", account.email, letter)
