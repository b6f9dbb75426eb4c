"""The own account: name, password, where one is signed in, the second factor. (Its passkeys: passkey_pages.)"""

from __future__ import annotations

from dataclasses import dataclass

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from webapp.moderating.accounts import begin_session, own_account, session_number, signed_in_required, told
from webapp.people import actions, ceremony, confirming, factors, forms, passkeys, sessions

bp = Blueprint("account_pages", __name__)
ADDRESS = "/desk/account"
SAID = "account"


@bp.get(ADDRESS)
@signed_in_required
def account() -> ResponseReturnValue:
    """Everything about the own account."""
    return page()


@bp.post(ADDRESS)
@signed_in_required
def rename() -> ResponseReturnValue:
    """Sets the own name."""
    actions.rename(own_account(), forms.name_of(request.form.get("name", "")))
    return done("Saved.")


@bp.post(ADDRESS + "/password")
@signed_in_required
def change_password() -> ResponseReturnValue:
    """A new password. Every other session ends. 422 with what is wrong."""
    me = own_account()
    wrong = confirming.problem(me)
    if wrong:
        return page(422, password_problem=wrong)
    new = request.form.get("password", "")
    weak = forms.password_problem(new, request.form.get("again", ""), me.email)
    if weak:
        return page(422, password_problem=weak)
    actions.set_password(me, new, deed="password")
    begin_session(me)
    return done("The password is changed. Everywhere else you are signed out.")


@bp.post(ADDRESS + "/sessions-end")
@signed_in_required
def end_sessions() -> ResponseReturnValue:
    """Ends one session (`key`), or all others."""
    key = request.form.get("key", "")
    mine = sessions.key_of(session_number())
    if key and key != mine:
        sessions.end(key, own_account().id)
        return done("This session is ended.")
    sessions.end_others(own_account().id, but=mine)
    return done("Everywhere else you are signed out.")


@bp.get(ADDRESS + "/factor")
@signed_in_required
def factor() -> ResponseReturnValue:
    """Sets up a second factor: the picture for the authenticator, and the field for its first code."""
    return _factor_page(factors.new_secret())


@bp.post(ADDRESS + "/factor")
@signed_in_required
def set_factor() -> ResponseReturnValue:
    """Switches the second factor on and shows the recovery codes, once."""
    secret, me = request.form.get("secret", ""), own_account()
    if not (16 <= len(secret) <= 64 and secret.isalnum() and secret.isascii() and secret.isupper()):
        abort(422, description="This form was not sent whole. Open the page again.")
    wrong = confirming.problem(me) if factors.of(me) is None else "A second factor is on already."
    if wrong:
        return _factor_page(secret, wrong)
    codes = factors.set_up(me, secret, request.form.get("code", "")[:20])
    if not codes:
        return _factor_page(
            secret, "This code is not right. Look at the authenticator again: it changes twice a minute."
        )
    return render_template("people/codes.html", codes=codes, is_new=True)


@bp.post(ADDRESS + "/factor/codes")
@signed_in_required
def new_codes() -> ResponseReturnValue:
    """New recovery codes."""
    me = own_account()
    wrong = confirming.problem(me) if factors.of(me) else "No second factor is on."
    if wrong:
        return page(422, factor_problem=wrong)
    return render_template("people/codes.html", codes=factors.renew_codes(me, me), is_new=False)


@bp.post(ADDRESS + "/factor/end")
@signed_in_required
def end_factor() -> ResponseReturnValue:
    """The password alone is enough again."""
    me = own_account()
    wrong = confirming.problem(me)
    if wrong:
        return page(422, factor_problem=wrong)
    factors.switch_off(me, me)
    return done("The second factor is off.")


def _factor_page(secret: str, problem: str = "") -> ResponseReturnValue:
    page = render_template(
        "people/factor.html",
        secret=secret,
        picture=Markup(factors.picture(own_account(), secret)),  # noqa: S704 (drawn here)
        problem=problem,
        has_passkeys=passkeys.can_answer(own_account()),
    )
    return make_response(page, 422 if problem else 200)


@dataclass(frozen=True)
class PasskeyProblem:
    """What is wrong with a form about a passkey (`at`: its id, 0 for a new one), and the name typed there."""

    words: str
    at: int
    name: str


def page(
    status: int = 200,
    *,
    password_problem: str = "",
    factor_problem: str = "",
    passkey_problem: PasskeyProblem | None = None,
) -> ResponseReturnValue:
    """The account's page, with what is wrong beside the form that it is about."""
    me = own_account()
    own_passkeys = passkeys.of(me)
    why_not = ceremony.why_not()
    html = render_template(
        "people/account.html",
        account=me,
        factor=factors.of(me),
        passkeys=own_passkeys,
        has_passkeys=bool(own_passkeys) and not why_not,
        why_no_passkeys=why_not,
        passkey_problem=passkey_problem,
        open_sessions=sessions.all_of(me.id),
        browser=sessions.browser_in_words,
        this_session=sessions.key_of(session_number()),
        password_problem=password_problem,
        factor_problem=factor_problem,
        said=told(SAID),
    )
    return make_response(html, status)


def done(words: str) -> ResponseReturnValue:
    """Says what was done, on the account's page."""
    flash(words, SAID)
    return redirect(ADDRESS, code=303)
