"""Sign-in, by password and code or by a passkey, and sign-out, with a brake on guessing."""

from __future__ import annotations

from flask import Blueprint, jsonify, make_response, redirect, render_template, request
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
from webapp.people import ceremony, factors, passkeys, tokens

bp = Blueprint("accounts", __name__)

WINDOW = 15 * 60
"""Seconds in which failures are counted, from the first on."""
FAILURES_OF_ONE = 5
"""For one e-mail address from one network."""
FAILURES_OF_NETWORK = 50
_BY_ACCOUNT, _BY_NETWORK, _BY_CODE = "sign-in account", "sign-in network", "sign-in code"
_BY_PASSKEY = "sign-in passkey"
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
        return _too_many(form, wanted, error)
    if account is None:
        return _form(form, wanted, WRONG, status=422)
    if factors.of(account):
        return _code_form(account, tokens.token_for(account, tokens.CODE), wanted)
    begin_session(account)
    return private(redirect(_first_page(account, wanted), code=303))


@bp.post("/sign-in/code")
def sign_in_with_code() -> Response:
    """The second step: the code of the authenticator, a recovery code, or a passkey. 422 for a wrong one, 429 after too
    many."""
    token, wanted = request.form.get("token", ""), local_path(request.form.get("next"))
    found = tokens.read(token, tokens.CODE)
    if found is None:
        return _form(SignInForm("", "", {}), wanted, "That took too long. Begin again.", status=410)
    account, _ = found
    tries, seconds = occurrences.hit(_BY_CODE, str(account.id), WINDOW)
    if tries > FAILURES_OF_ONE:
        wait = f"Too many tries. Wait {-(-seconds // 60)} min, then sign in again."
        return _code_form(account, token, wanted, wait, status=429)
    wrong = _second_step_problem(account)
    if wrong:
        return _code_form(account, token, wanted, wrong, status=422)
    occurrences.forget(_BY_CODE, str(account.id))
    begin_session(account)
    return private(redirect(_first_page(account, wanted), code=303))


@bp.post("/sign-in/passkey/question")
def ask_for_passkey() -> Response:
    """What a passkey is to sign, as JSON: any, or with the `token` of the second step one of that account. 409 where
    this site can have none, 410 when the token is over."""
    if ceremony.why_not():
        return private(make_response(jsonify(problem=ceremony.why_not()), 409))
    token = request.form.get("token")
    if token is None:
        return private(jsonify(publicKey=ceremony.ask_for_known(ceremony.SIGN_IN)))
    found = tokens.read(token, tokens.CODE)
    if found is None:
        return private(make_response(jsonify(problem="That took too long. Begin again."), 410))
    account, _ = found
    known = passkeys.of(account)
    return private(jsonify(publicKey=ceremony.ask_for_known(ceremony.CODE, account.id, known)))


@bp.post("/sign-in/passkey")
def sign_in_with_passkey() -> Response:
    """A passkey alone, which stands for both factors. 422 for one that opens nothing, 429 after too many tries."""
    form, wanted = SignInForm("", "", {}), local_path(request.form.get("next"))
    try:
        account = _tried_passkey(request.form.get("passkey", ""))
    except TooMany as error:
        return _too_many(form, wanted, error)
    except ceremony.Refused as error:
        return _form(form, wanted, str(error), status=422)
    account_actions.note_sign_in(account)
    begin_session(account)
    return private(redirect(_first_page(account, wanted), code=303))


def _first_page(account: Account, wanted: str) -> str:
    """Where somebody begins who wants nothing in particular: authors do not look after comments."""
    return "/desk/articles" if wanted == "/moderation" and not account.has_role("moderator") else wanted


def _second_step_problem(account: Account) -> str:
    if not request.form.get("passkey"):
        is_right = factors.accepts(account, request.form.get("code", "")[:40])
        return "" if is_right else "This code is not right, or was used already."
    try:
        passkeys.answered(request.form["passkey"], ceremony.CODE, by=account)
    except ceremony.Refused as error:
        return str(error)
    return ""


def _code_form(account: Account, token: str, wanted: str, problem: str = "", status: int = 200) -> Response:
    has_passkeys = passkeys.can_answer(account)
    page = render_template(
        "people/code.html", token=token, wanted=wanted, problem=problem, has_passkeys=has_passkeys
    )
    return private(make_response(page, status))


def _tried(form: SignInForm) -> Account | None:
    """The account, or None for a failure. Counts before it looks, so that parallel tries count, too."""
    pair = _count(_BY_ACCOUNT, form.email.lower())
    account = account_actions.verified(queries.account_by_email(form.email), form.password)
    if account is not None:
        _uncount(_BY_ACCOUNT, pair)
    return account


def _tried_passkey(answer: str) -> Account:
    """The account of the passkey, counted in the same way. Raises Refused."""
    pair = _count(_BY_PASSKEY, ceremony.credential_of(answer))
    account = passkeys.answered(answer, ceremony.SIGN_IN)
    _uncount(_BY_PASSKEY, pair)
    return account


def _count(what: str, who: str) -> str:
    """Counts a try of `who` and of this network. Gives what is to be uncounted when it was right. Raises TooMany."""
    network = visitors.network_hash()
    pair = f"{who} {network}"
    of_one, wait_one = occurrences.hit(what, pair, WINDOW)
    of_network, wait_network = occurrences.hit(_BY_NETWORK, network, WINDOW)
    if of_one > FAILURES_OF_ONE or of_network > FAILURES_OF_NETWORK:
        raise TooMany(wait_one if of_one > FAILURES_OF_ONE else wait_network)
    return pair


def _uncount(what: str, pair: str) -> None:
    occurrences.forget(what, pair)
    occurrences.take_back(_BY_NETWORK, visitors.network_hash())


def _too_many(form: SignInForm, wanted: str, error: TooMany) -> Response:
    minutes = -(-error.seconds // 60)
    response = _form(form, wanted, f"Too many tries. Wait {minutes} min, then try again.", status=429)
    response.headers["Retry-After"] = str(error.seconds)
    return response


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
    page = render_template(
        "moderating/sign_in.html",
        form=form,
        wanted=wanted,
        message=message,
        has_passkeys=not ceremony.why_not(),
    )
    return private(make_response(page, status))
