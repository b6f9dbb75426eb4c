"""Sign-in and sign-out, with a brake on guessing."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from webapp import occurrences, visitors
from webapp.models import Account
from webapp.moderating import account_actions, queries
from webapp.moderating.accounts import (
    begin_session,
    check_token,
    current_account,
    end_session,
    local_path,
    private,
)
from webapp.moderating.forms import SignInForm, sign_in_form
from webapp.people import factors, tokens

bp = Blueprint("accounts", __name__)

WINDOW = 15 * 60
"""Seconds in which failures are counted, from the first on."""
FAILURES_OF_ONE = 5
"""For one e-mail address from one network."""
FAILURES_OF_NETWORK = 50
_BY_ACCOUNT, _BY_NETWORK, _BY_CODE = "sign-in account", "sign-in network", "sign-in code"
WRONG = "E-mail and password do not fit together, or the account is disabled."


class TooMany(Exception):
    """There were too many failures; `seconds` is the time to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@bp.get("/sign-in")
def sign_in_page() -> Response:
    """The form. Sets no cookie: it carries no token, and where it is sent from is checked by header."""
    wanted = local_path(request.args.get("next"))
    if current_account() is not None:
        return private(redirect(wanted, code=303))
    return _form(SignInForm("", "", {}), wanted)


@bp.post("/sign-in")
def sign_in() -> Response:
    """303 to `next`; 422 with one message for whatever was wrong; 429 with the time to wait."""
    form, wanted = sign_in_form(request.form), local_path(request.form.get("next"))
    if form.errors:
        return _form(form, wanted, status=422)
    try:
        account = _tried(form)
    except TooMany as error:
        minutes = -(-error.seconds // 60)
        response = _form(form, wanted, f"Too many tries. Wait {minutes} min, then try again.", status=429)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    if account is None:
        return _form(form, wanted, WRONG, status=422)
    if factors.of(account):
        return _code_form(tokens.token_for(account, tokens.CODE), wanted)
    begin_session(account)
    return private(redirect(_first_page(account, wanted), code=303))


@bp.post("/sign-in/code")
def sign_in_with_code() -> Response:
    """The second step: the code of the authenticator, or a recovery code. 422 for a wrong one, 429 after too many."""
    token, wanted = request.form.get("token", ""), local_path(request.form.get("next"))
    found = tokens.read(token, tokens.CODE)
    if found is None:
        return _form(SignInForm("", "", {}), wanted, "That took too long. Begin again.", status=410)
    account, _ = found
    tries, seconds = occurrences.hit(_BY_CODE, str(account.id), WINDOW)
    if tries > FAILURES_OF_ONE:
        wait = f"Too many tries. Wait {-(-seconds // 60)} min, then sign in again."
        return _code_form(token, wanted, wait, status=429)
    if not factors.accepts(account, request.form.get("code", "")[:40]):
        return _code_form(token, wanted, "This code is not right, or was used already.", status=422)
    occurrences.forget(_BY_CODE, str(account.id))
    begin_session(account)
    return private(redirect(_first_page(account, wanted), code=303))


def _first_page(account: Account, wanted: str) -> str:
    """Where somebody begins who wants nothing in particular: authors do not look after comments."""
    return "/desk/articles" if wanted == "/moderation" and not account.has_role("moderator") else wanted


def _code_form(token: str, wanted: str, problem: str = "", status: int = 200) -> Response:
    page = render_template("people/code.html", token=token, wanted=wanted, problem=problem)
    return private(make_response(page, status))


def _tried(form: SignInForm) -> Account | None:
    """The account, or None for a failure. Counts before it looks, so that parallel tries count, too."""
    network = visitors.network_hash()
    pair = f"{form.email.lower()} {network}"
    of_one, wait_one = occurrences.hit(_BY_ACCOUNT, pair, WINDOW)
    of_network, wait_network = occurrences.hit(_BY_NETWORK, network, WINDOW)
    if of_one > FAILURES_OF_ONE or of_network > FAILURES_OF_NETWORK:
        raise TooMany(wait_one if of_one > FAILURES_OF_ONE else wait_network)
    account = account_actions.verified(queries.account_by_email(form.email), form.password)
    if account is not None:
        occurrences.forget(_BY_ACCOUNT, pair)
        occurrences.take_back(_BY_NETWORK, network)
    return account


@bp.get("/sign-out")
def sign_out_page() -> Response:
    """A button, since a link must not change anything."""
    if current_account() is None:
        return private(redirect("/sign-in", code=302))
    return private(make_response(render_template("moderating/sign_out.html")))


@bp.post("/sign-out")
def sign_out() -> Response:
    """Ends this session and leads to the front page."""
    if current_account() is not None:
        check_token()
        end_session()
    return private(redirect("/", code=303))


def _form(form: SignInForm, wanted: str, message: str = "", status: int = 200) -> Response:
    page = render_template("moderating/sign_in.html", form=form, wanted=wanted, message=message)
    return private(make_response(page, status))
