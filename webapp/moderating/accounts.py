"""Who is signed in: flask-login over the `account` table, and the guard of every staff page.

A session's ticket holds the account, its session key, and a number whose hash is kept (webapp.people.sessions). A new
password or disabling changes the session key and ends every session; signing out ends its own, even a copied one.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, abort, get_flashed_messages, make_response, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.wrappers import Response as BaseResponse

from webapp import clock
from webapp.htmx import is_htmx
from webapp.models import Account
from webapp.moderating import account_actions, queries
from webapp.people import sessions
from webapp.security import UNSAFE

SESSION_LIFE = timedelta(days=14)
"""A session ends after this long at the latest, used or not."""
TOKEN_LIFE = timedelta(hours=12)
"""A form of a staff page may be sent this long after the page was loaded: a queue stays open for a shift."""
FIRST_EMAIL = "editor@standfirst.example"

csrf = CSRFProtect()


class SignedIn(UserMixin):
    """What flask-login knows of a member of staff."""

    def __init__(self, account: Account, ticket: str) -> None:
        self.account = account
        self.ticket = ticket

    def get_id(self) -> str:
        return self.ticket


class _Manager(LoginManager):
    def init_app(self, app: Flask, add_context_processor: bool = True) -> None:  # noqa: ARG002
        # Its own hook looks into the session after each answer, for a "remember me" that we do not offer, and its
        # context processor does so in each template: both would mark every reader's page `Vary: Cookie`.
        app.login_manager = self  # pyright: ignore[reportAttributeAccessIssue]


_manager = _Manager()


def init_app(app: Flask) -> None:
    """Registers sign-in and the staff's form token; neither touches an anonymous reader's session."""
    # flask-login's "basic" protection writes into the session when an address changes, and guards nothing by that.
    app.config["SESSION_PROTECTION"] = None
    app.config["WTF_CSRF_TIME_LIMIT"] = int(TOKEN_LIFE.total_seconds())
    csrf.init_app(app)
    _manager.init_app(app)
    app.jinja_env.globals["current_account"] = current_account


def current_account() -> Account | None:
    """The signed-in account of this request, or None. Reads the session, so the answer varies by cookie."""
    return getattr(current_user, "account", None)


def role_required(role: str) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., BaseResponse]]:
    """Guards a staff page: signed out leads to /sign-in, a lesser role answers 403, an unsafe request without a
    valid token 400. Whatever it answers is private and not stored."""

    def decorate(view: Callable[..., ResponseReturnValue]) -> Callable[..., BaseResponse]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> BaseResponse:
            account = current_account()
            if account is None:
                return private(_to_sign_in())
            check_token()
            if role and not account.has_role(role):
                abort(
                    403, description="Your account does not include this. Ask somebody who may change roles."
                )
            return private(make_response(view(*args, **kwargs)))

        return guarded

    return decorate


def signed_in_required(view: Callable[..., ResponseReturnValue]) -> Callable[..., BaseResponse]:
    """Guards a page that everybody of the newsroom has."""
    return role_required("")(view)


def own_account() -> Account:
    """Who is signed in. 401 for nobody."""
    return current_account() or abort(401)


def told(category: str) -> list[str]:
    """What the last action has left to say on the page that follows it."""
    return [str(words) for words in get_flashed_messages(category_filter=[category])]


def private(response: BaseResponse) -> BaseResponse:
    """Marks an answer as one person's own."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def check_token() -> None:
    """Refuses (400) an unsafe request without the token of this session's pages."""
    if request.method not in UNSAFE:
        return
    try:
        csrf.protect()
    except CSRFError:
        abort(
            400,
            description="This form is too old or from another session. Load the page again and repeat what you did. "
            "Nothing was changed.",
        )


def _to_sign_in() -> Response | BaseResponse:
    if is_htmx():
        abort(
            401,
            description="You are signed out. Sign in again in a new tab, then reload. Nothing was changed.",
        )
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/moderation"
    return redirect("/sign-in?" + urlencode({"next": wanted}), code=302 if request.method == "GET" else 303)


def local_path(value: str | None, default: str = "/moderation") -> str:
    """`value` where it is a path of this site, else `default`.

    Refused are other hosts, schemes, and what browsers would read as such: `//`, backslashes, control characters.
    """
    if not value or len(value) > 2000 or not value.startswith("/") or value.startswith("//"):
        return default
    if "\\" in value or any(ord(character) < 0x21 or ord(character) == 0x7F for character in value):
        return default
    return value


def begin_session(account: Account) -> None:
    """Signs in, in a session that shares nothing with the one before."""
    session.clear()
    number = sessions.begin(account.id)
    login_user(SignedIn(account, ":".join((str(account.id), account.session_key, number))))


def end_session() -> None:
    """Signs out. A copy of the cookie is worth nothing afterwards."""
    account = current_account()
    if account is not None:
        sessions.end(sessions.key_of(session_number()), account.id)
    session.clear()


def session_number() -> str:
    """The number of this request's session; empty where nobody is signed in."""
    return getattr(current_user, "ticket", "").rpartition(":")[2]


@_manager.user_loader
def _load(ticket: str) -> SignedIn | None:
    parts = ticket.split(":")
    if len(parts) != 3 or not parts[0].isdecimal():
        return None
    account_id, session_key, number = parts
    account = queries.account(int(account_id))
    if account is None or account.is_disabled or not hmac.compare_digest(account.session_key, session_key):
        return None
    is_open = sessions.is_open(number, account.id, clock.now() - SESSION_LIFE)
    return SignedIn(account, ticket) if is_open else None


def first_account(app: Flask) -> tuple[str, str] | None:
    """Where there is no account yet: makes an admin and gives the e-mail and password, which are known only now."""
    with app.app_context():
        if queries.has_accounts():
            return None
        password = secrets.token_urlsafe(12)
        try:
            account_actions.create_account(FIRST_EMAIL, password, role="admin", name="First editor")
        except account_actions.EmailTaken:
            # Another process was faster; it has the password.
            return None
        return FIRST_EMAIL, password
