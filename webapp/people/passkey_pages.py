"""The own passkeys: adding, naming and removing them, and the question that confirms something dangerous.

What a script asks for is answered as JSON: `publicKey` as browsers take it, or a `problem` in words.
"""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, make_response, request
from flask.typing import ResponseReturnValue

from webapp.moderating.accounts import own_account, signed_in_required
from webapp.people import ceremony, confirming, passkeys
from webapp.people.account_pages import ADDRESS as ACCOUNT
from webapp.people.account_pages import PasskeyProblem, done, page

bp = Blueprint("passkey_pages", __name__)
ADDRESS = ACCOUNT + "/passkeys"
ONE = ADDRESS + "/<id:passkey_id>"


@bp.post(ADDRESS + "/new")
@signed_in_required
def ask_for_new() -> ResponseReturnValue:
    """What the browser is to make a passkey for. 422 for a bad name or who is not the owner, 409 where none can be."""
    me = own_account()
    if ceremony.why_not():
        return _problem(ceremony.why_not(), 409)
    wrong = passkeys.name_problem(_name()) or confirming.problem(me)
    if wrong:
        return _problem(wrong, 422)
    return jsonify(publicKey=ceremony.ask_for_new(me, passkeys.of(me)))


@bp.post(ADDRESS)
@signed_in_required
def add() -> ResponseReturnValue:
    """Keeps what the browser has made. 422 with the page for what is no passkey, or comes too late."""
    wrong = passkeys.name_problem(_name())
    try:
        if not wrong:
            passkeys.add(own_account(), _name(), request.form.get("passkey", ""))
    except ceremony.Refused as error:
        wrong = str(error)
    return _page(wrong, 0) if wrong else done("The passkey is added. It signs you in from now on.")


@bp.post(ADDRESS + "/question")
@signed_in_required
def ask_to_confirm() -> ResponseReturnValue:
    """What a passkey is to sign in place of the password. 409 where there is none."""
    me = own_account()
    if not passkeys.can_answer(me):
        return _problem(ceremony.why_not() or "You have no passkey.", 409)
    return jsonify(publicKey=ceremony.ask_for_known(ceremony.CONFIRM, me.id, passkeys.of(me)))


@bp.post(ONE + "/name")
@signed_in_required
def rename(passkey_id: int) -> ResponseReturnValue:
    """Another name. 422 with the page for a bad one."""
    wrong = passkeys.name_problem(_name())
    if wrong:
        return _page(wrong, passkey_id)
    return _done_or_404(passkeys.rename(own_account(), passkey_id, _name()), "The passkey has its new name.")


@bp.post(ONE + "/removal")
@signed_in_required
def remove(passkey_id: int) -> ResponseReturnValue:
    """Removes one. 422 with the page for who is not the owner."""
    wrong = confirming.problem(own_account())
    if wrong:
        return _page(wrong, passkey_id)
    return _done_or_404(
        passkeys.remove(own_account(), passkey_id), "The passkey is removed: it opens nothing here."
    )


def _page(words: str, at: int) -> ResponseReturnValue:
    return page(422, passkey_problem=PasskeyProblem(words, at, _name()))


def _done_or_404(is_done: bool, words: str) -> ResponseReturnValue:
    return done(words) if is_done else abort(404, description="You have no such passkey.")


def _problem(words: str, status: int) -> ResponseReturnValue:
    return make_response(jsonify(problem=words), status)


def _name() -> str:
    return request.form.get("name", "")
