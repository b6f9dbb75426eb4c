"""The desk's pages of the newsletter's readers: found, stopped, brought as a list, taken along as one."""

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

from webapp import clock
from webapp.converters import id_from
from webapp.database import db, transaction
from webapp.models import Subscriber, SubscriberState
from webapp.moderating import chain
from webapp.moderating.accounts import own_account, role_required, told
from webapp.people import confirming, factors, passkeys
from webapp.subscribing import actions, bounces, lists, rules

bp = Blueprint("newsletter_readers", __name__)
ADDRESS = "/desk/newsletter/readers"
SAID = "newsletter readers"
LARGEST = 16 * 1024 * 1024


@bp.before_request
def take_lists() -> None:
    """Lists are larger than forms; said before anything reads the request."""
    request.max_content_length = LARGEST + 1024 * 1024


@bp.get(ADDRESS)
@role_required("editor")
def readers() -> ResponseReturnValue:
    """Addresses by state (?status=), found by their beginning (?q=)."""
    return _page()


@bp.post(ADDRESS + "/<id:subscriber_id>/stop")
@role_required("editor")
def stop(subscriber_id: int) -> ResponseReturnValue:
    """Takes somebody off, as asked by telephone or mail."""
    one = db.session.get(Subscriber, subscriber_id) or abort(
        404, description="This address is not there any more."
    )
    actions.stop(one.email)
    with transaction(unseen=True):
        chain.record("stop-newsletter", f"reader:{one.id}", account_id=own_account().id)
    flash(f"{one.email} gets no newsletter any more.", SAID)
    return redirect(ADDRESS, code=303)


@bp.post(ADDRESS)
@role_required("editor")
def bring() -> ResponseReturnValue:
    """Adds a list of addresses. 422 for a file that is none, or without the word that their owners agreed."""
    file = request.files.get("list")
    content = b""
    if file:
        with file.stream as stream:
            content = stream.read(LARGEST + 1)
    if not content:
        return _page(422, "Choose a file: CSV, or one address a line.")
    if len(content) > LARGEST:
        return _page(422, "The file is larger than 16 MB; split it.")
    if not request.form.get("agreed"):
        return _page(422, "Nothing was added yet: say that these readers agreed to get the newsletter.")
    try:
        found = rules.read_list(content)
    except rules.NotAList as error:
        return _page(422, str(error))
    if not found.emails:
        return _page(422, "There is no e-mail address in this file, so nothing was added.")
    brought = lists.bring(found)
    with transaction(unseen=True):
        chain.record("bring-readers", "", account_id=own_account().id, reason=f"{brought.new} new addresses")
    return _page(200, brought=brought)


@bp.post(ADDRESS + "/csv")
@role_required("editor")
def take_along() -> ResponseReturnValue:
    """The whole list as CSV, after the password was asked again. It is in the log."""
    wrong = confirming.problem(own_account())
    if wrong:
        return _page(422, wrong_password=wrong)
    answer = make_response("".join(lists.export()))
    with transaction(unseen=True):
        chain.record("export-readers", "", account_id=own_account().id)
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f"attachment; filename=newsletter-{clock.now():%Y-%m-%d}.csv"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _page(status: int = 200, problem: str = "", **more: object):  # noqa: ANN202 (an answer)
    state = request.args.get("status", "")
    state = state if state in bounces.STATES else SubscriberState.confirmed
    text = request.args.get("q", "").strip()[:254]
    found, older = lists.page(state, text, id_from(request.args.get("before", "")) or 0)
    values = {"brought": None, "wrong_password": ""} | more
    page = render_template(
        "subscribing/readers.html",
        readers=found,
        older=older,
        state=state,
        states=bounces.STATES,
        counts=lists.counts(),
        text=text,
        problem=problem,
        asks_code=bool(factors.of(own_account())),
        has_passkeys=passkeys.can_answer(own_account()),
        said=told(SAID),
        **values,
    )
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
