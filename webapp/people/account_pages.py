"""The own account: name, password, where one is signed in, the second factor."""

from __future__ import annotations

from flask import (
    Blueprint,
    abort,
    flash,
    get_flashed_messages,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from webapp.models import Account
from webapp.moderating.accounts import begin_session, current_account, session_number, signed_in_required
from webapp.people import actions, confirming, factors, forms, sessions

bp = Blueprint("account_pages", __name__)
ADDRESS = "/desk/account"
SAID = "account"


@bp.get(ADDRESS)
@signed_in_required
def account() -> ResponseReturnValue:
    """Everything about the own account."""
    return _page()


@bp.post(ADDRESS)
@signed_in_required
def rename() -> ResponseReturnValue:
    """Sets the own name."""
    actions.rename(_me(), forms.name_of(request.form.get("name", "")))
    return _done("Saved.")


@bp.post(ADDRESS + "/password")
@signed_in_required
def change_password() -> ResponseReturnValue:
    """A new password. Every other session ends. 422 with what is wrong."""
    me = _me()
    wrong = confirming.problem(me)
    if wrong:
        return _page(422, password_problem=wrong)
    new = request.form.get("password", "")
    weak = forms.password_problem(new, request.form.get("again", ""), me.email)
    if weak:
        return _page(422, password_problem=weak)
    actions.set_password(me, new, deed="password")
    begin_session(me)
    return _done("The password is changed. Everywhere else you are signed out.")


@bp.post(ADDRESS + "/sessions-end")
@signed_in_required
def end_sessions() -> ResponseReturnValue:
    """Ends one session (`key`), or all others."""
    key = request.form.get("key", "")
    mine = sessions.key_of(session_number())
    if key and key != mine:
        sessions.end(key, _me().id)
        return _done("This session is ended.")
    sessions.end_others(_me().id, but=mine)
    return _done("Everywhere else you are signed out.")


@bp.get(ADDRESS + "/factor")
@signed_in_required
def factor() -> ResponseReturnValue:
    """Sets up a second factor: the picture for the authenticator, and the field for its first code."""
    return _factor_page(factors.new_secret())


@bp.post(ADDRESS + "/factor")
@signed_in_required
def set_factor() -> ResponseReturnValue:
    """Switches the second factor on and shows the recovery codes, once."""
    secret, me = request.form.get("secret", ""), _me()
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
    me = _me()
    wrong = confirming.problem(me) if factors.of(me) else "No second factor is on."
    if wrong:
        return _page(422, factor_problem=wrong)
    return render_template("people/codes.html", codes=factors.renew_codes(me, me), is_new=False)


@bp.post(ADDRESS + "/factor/end")
@signed_in_required
def end_factor() -> ResponseReturnValue:
    """The password alone is enough again."""
    me = _me()
    wrong = confirming.problem(me)
    if wrong:
        return _page(422, factor_problem=wrong)
    factors.switch_off(me, me)
    return _done("The second factor is off.")


def _factor_page(secret: str, problem: str = "") -> ResponseReturnValue:
    page = render_template(
        "people/factor.html",
        secret=secret,
        picture=Markup(factors.picture(_me(), secret)),  # noqa: S704 (drawn here)
        problem=problem,
    )
    return make_response(page, 422 if problem else 200)


def _page(status: int = 200, *, password_problem: str = "", factor_problem: str = "") -> ResponseReturnValue:
    me = _me()
    page = render_template(
        "people/account.html",
        account=me,
        factor=factors.of(me),
        open_sessions=sessions.all_of(me.id),
        browser=sessions.browser_in_words,
        this_session=sessions.key_of(session_number()),
        password_problem=password_problem,
        factor_problem=factor_problem,
        said=[str(words) for words in get_flashed_messages(category_filter=[SAID])],
    )
    return make_response(page, status)


def _done(words: str) -> ResponseReturnValue:
    flash(words, SAID)
    return redirect(ADDRESS, code=303)


def _me() -> Account:
    return current_account() or abort(401)
