"""The newsroom's people: who there is, inviting, roles; and the way in by a link that was mailed."""

from __future__ import annotations

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
from werkzeug.wrappers import Response

from webapp import occurrences, visitors
from webapp.converters import id_from
from webapp.models import Account
from webapp.moderating import queries
from webapp.moderating.account_actions import EmailTaken
from webapp.moderating.accounts import begin_session, own_account, private, role_required, told
from webapp.people import (
    account_pages,
    actions,
    confirming,
    factors,
    forms,
    passkey_pages,
    passkeys,
    roles,
    tokens,
)
from webapp.writing.lookups import author_of, authors

bp = Blueprint("people", __name__)
bp.register_blueprint(account_pages.bp)
bp.register_blueprint(passkey_pages.bp)
ADDRESS = "/desk/people"
ONE = ADDRESS + "/<id:account_id>"
SAID = "people"
_ASKED, _ASKED_FROM = "reset asked", "reset asked from"


@bp.get(ADDRESS)
@role_required("admin")
def people() -> ResponseReturnValue:
    """Everybody, and the form for inviting somebody."""
    return _list()


@bp.post(ADDRESS)
@role_required("admin")
def invite() -> ResponseReturnValue:
    """Invites somebody by mail. 422 with the form for what is wrong."""
    email, role = request.form.get("email", "").strip(), request.form.get("role", "")
    errors = {"email": forms.email_problem(email)} if forms.email_problem(email) else {}
    if not forms.is_role(role):
        errors["role"] = "Choose a role."
    wrong = "" if errors else confirming.problem(own_account())
    if wrong:
        errors["your_password"] = wrong
    if not errors:
        try:
            actions.invite(email, role, forms.name_of(request.form.get("name", "")), by=own_account())
        except EmailTaken:
            errors["email"] = "Somebody with this address is here already."
    if errors:
        return _list(422, errors)
    flash(f"{email} is invited. The mail is on its way.", SAID)
    return redirect(ADDRESS, code=303)


@bp.get(ONE)
@role_required("admin")
def person(account_id: int) -> ResponseReturnValue:
    """An account and what may be changed of it."""
    return _person(_account(account_id))


@bp.post(ONE)
@role_required("admin")
def change(account_id: int) -> ResponseReturnValue:
    """Sets name, role, byline, and whether it may sign in. 422 for what is wrong, 409 for the last admin."""
    account, role = _account(account_id), request.form.get("role", "")
    if not forms.is_role(role):
        return _person(account, 422, "Choose a role.")
    wrong = confirming.problem(own_account())
    if wrong:
        return _person(account, 422, wrong)
    author_id = id_from(request.form.get("author", "")) or 0
    if request.form.get("author") == "new":
        author_id = actions.make_author(account).id
    try:
        actions.change(
            account,
            name=forms.name_of(request.form.get("name", "")),
            role=role,
            is_disabled=bool(request.form.get("is_disabled")),
            author_id=author_id,
            by=own_account(),
        )
    except actions.LastAdmin:
        return _person(account, 409, "This is the last admin: somebody has to be able to change roles.")
    flash(f"{account.display_name}: saved.", SAID)
    return redirect(ADDRESS, code=303)


@bp.post(ONE + "/factor-end")
@role_required("admin")
def end_factor(account_id: int) -> ResponseReturnValue:
    """Switches a colleague's second factor off and removes the passkeys, for somebody who has lost everything."""
    account = _account(account_id)
    wrong = confirming.problem(own_account())
    if wrong:
        return _person(account, 422, wrong)
    factors.switch_off(account, own_account())
    passkeys.remove_all(account, own_account())
    flash(f"{account.display_name} signs in with the password alone.", SAID)
    return redirect(ADDRESS, code=303)


@bp.post(ONE + "/invitation")
@role_required("admin")
def invite_again(account_id: int) -> ResponseReturnValue:
    """Mails the invitation again. 409 for somebody who has joined."""
    account = _account(account_id)
    if account.password_hash:
        return _person(
            account, 409, "They have joined already. They can ask for a new password on the sign-in page."
        )
    actions.invite_again(account, by=own_account())
    flash(f"{account.email} is invited again. The link before is worth nothing any more.", SAID)
    return redirect(ADDRESS, code=303)


@bp.get("/welcome/<token>")
def welcome(token: str) -> Response:
    """The form for a first or a new password, for whoever holds the link. 410 when it is over."""
    return _welcome(token)


@bp.post("/welcome/<token>")
def join(token: str) -> Response:
    """Sets the password and signs in (or asks for the second factor). 422 for a weak one, 410 for an old link."""
    found = tokens.read(token, tokens.INVITATION, tokens.RESET)
    if found is None:
        return _welcome(token)
    account, what = found
    problem = forms.password_problem(
        request.form.get("password", ""), request.form.get("again", ""), account.email
    )
    if problem:
        return _welcome(token, problem, 422)
    deed = "join" if what == tokens.INVITATION else "password-reset"
    actions.set_password(account, request.form.get("password", ""), deed=deed)
    if factors.of(account):
        return private(redirect("/sign-in", code=303))
    begin_session(account)
    return private(redirect("/desk/account", code=303))


@bp.get("/sign-in/forgotten")
def forgotten() -> Response:
    """The form for somebody who has forgotten the password."""
    return private(
        make_response(render_template("people/forgotten.html", email="", problem="", is_done=False))
    )


@bp.post("/sign-in/forgotten")
def ask_for_reset() -> Response:
    """Mails a link where there is such an account; says the same where there is none. 429 after too many."""
    email = request.form.get("email", "").strip()
    problem = forms.email_problem(email)
    status = 422 if problem else 200
    if not problem:
        of_network, wait = occurrences.hit(_ASKED_FROM, visitors.network_hash(), 3600)
        of_address, _ = occurrences.hit(_ASKED, email.lower(), 3600)
        if of_network > 20:
            problem, status = f"Too many tries. Wait {-(-wait // 60)} min, then try again.", 429
        elif of_address <= 3:
            account = queries.account_by_email(email)
            if account is not None and not account.is_disabled and account.password_hash:
                actions.mail_reset(account)
    page = render_template("people/forgotten.html", email=email[:254], problem=problem, is_done=not problem)
    return private(make_response(page, status))


def _welcome(token: str, problem: str = "", status: int = 200) -> Response:
    found = tokens.read(token, tokens.INVITATION, tokens.RESET)
    context = {
        "guest": found[0] if found else None,
        "is_new": bool(found and found[1] == tokens.INVITATION),
    }
    page = render_template(
        "people/welcome.html", **context, token=token, problem=problem, shortest=forms.SHORTEST
    )
    response = private(make_response(page, status if found else 410))
    # The link is a key: it goes nowhere as the address that somebody came from.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _list(status: int = 200, errors: dict[str, str] | None = None) -> ResponseReturnValue:
    page = render_template(
        "people/people.html",
        people=queries.accounts(),
        roles=roles.WORDS,
        errors=errors or {},
        typed=request.form if errors else {},
        asks_code=factors.of(own_account()) is not None,
        has_passkeys=passkeys.can_answer(own_account()),
        said=told(SAID),
    )
    return make_response(page, status)


def _person(account: Account, status: int = 200, problem: str = "") -> ResponseReturnValue:
    page = render_template(
        "people/person.html",
        person=account,
        roles=roles.WORDS,
        factor=factors.of(account),
        passkeys=passkeys.of(account),
        authors=authors(),
        author_id=author_of(account.id),
        problem=problem,
        asks_code=factors.of(own_account()) is not None,
        has_passkeys=passkeys.can_answer(own_account()),
    )
    return make_response(page, status)


def _account(account_id: int) -> Account:
    return queries.account(account_id) or abort(404, description="There is no such account.")
