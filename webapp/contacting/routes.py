"""The contact page, and the newsroom's list of what came."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from webapp import occurrences, visitors
from webapp.contacting import actions, forms
from webapp.converters import id_from
from webapp.moderating.accounts import own_account, role_required

bp = Blueprint("contacting", __name__)
ADDRESS = "/write-to-us"
AN_HOUR = 3600
OF_ONE, OF_NETWORK = 5, 30


@bp.get(ADDRESS)
def contact() -> ResponseReturnValue:
    """The form. Whoever writes needs no account and gets no cookie."""
    return render_template("contacting/contact.html", typed=None, problem="", is_sent=False)


@bp.post(ADDRESS)
def write() -> ResponseReturnValue:
    """Keeps a message. 422 with what is wrong, 429 after too many; what was typed comes back with either."""
    typed = forms.typed(request.form)
    if typed.errors:
        return _page(typed, 422)
    if typed.is_trap:
        return _page(
            typed,
            422,
            "A field that people never see was filled in, as programs do. Please send it once more.",
        )
    of_one, wait = occurrences.hit("message", visitors.visitor_hash(), AN_HOUR)
    of_network, _ = occurrences.hit("message from", visitors.network_hash(), AN_HOUR)
    if of_one > OF_ONE or of_network > OF_NETWORK:
        answer = _page(
            typed, 429, f"That is a lot at once. Your text is kept here: send it in {-(-wait // 60)} min."
        )
        answer.headers["Retry-After"] = str(wait)
        return answer
    actions.keep(typed)
    return redirect(f"{ADDRESS}/sent", code=303)


@bp.get(ADDRESS + "/sent")
def sent() -> ResponseReturnValue:
    """Says that it came."""
    return render_template("contacting/contact.html", typed=None, problem="", is_sent=True)


@bp.get("/desk/messages")
@role_required("editor")
def messages() -> ResponseReturnValue:
    """What waits for an answer, or with ?done=1 what was put away."""
    is_done = request.args.get("done") == "1"
    found, older = actions.page(id_from(request.args.get("before", "")) or 0, done=is_done)
    return render_template(
        "contacting/messages.html", messages=found, older=older, is_done=is_done, waiting=actions.waiting()
    )


@bp.post("/desk/messages/<id:message_id>/done")
@role_required("editor")
def put_away(message_id: int) -> ResponseReturnValue:
    """Puts a message away, or takes it out again."""
    account = own_account()
    if not actions.put_away(message_id, by=account):
        abort(404, description="This message is not there any more.")
    return redirect("/desk/messages" + ("?done=1" if request.form.get("done") else ""), code=303)


def _page(typed: forms.Typed, status: int, problem: str = ""):  # noqa: ANN202 (an answer)
    page = render_template("contacting/contact.html", typed=typed, problem=problem, is_sent=False)
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
