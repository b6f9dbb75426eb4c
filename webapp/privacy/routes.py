"""The pages on which people ask for their own data, and the newsroom's list of what they asked."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from flask import (
    Blueprint,
    abort,
    flash,
    get_flashed_messages,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from webapp import occurrences, visitors
from webapp.models import PrivacyWish
from webapp.moderating import queue_queries
from webapp.moderating.accounts import current_account, role_required
from webapp.privacy import actions, requests
from webapp.settings import setting

bp = Blueprint("privacy", __name__)
ASKED_AN_HOUR = 10


@bp.get("/privacy")
def form() -> ResponseReturnValue:
    """What is kept for how long, and the form."""
    return render_template("privacy/form.html", **_form())


@bp.post("/privacy")
def ask() -> ResponseReturnValue:
    """Sends the link that proves the address. The answer is the same whether anything is known of it."""
    typed, wish = request.form.get("email", "").strip()[:300], request.form.get("wish", "")
    if wish not in set(PrivacyWish):
        return _refused(typed, wish, "Choose what you would like.")
    try:
        email = validate_email(typed, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        return _refused(typed, wish, f"{error} For example: lena@post.example")
    count, wait = occurrences.hit("privacy form", visitors.visitor_hash(), 3600)
    if count > ASKED_AN_HOUR:
        answer = _refused(
            typed, wish, "You have asked often within the last hour. Please try again later.", 429
        )
        answer.headers["Retry-After"] = str(wait)
        return answer
    requests.ask(email, PrivacyWish(wish))
    return _private(make_response(render_template("privacy/form.html", **_form(is_sent=True))))


@bp.get("/privacy/confirm/<token>")
def confirmation(token: str) -> ResponseReturnValue:
    """Asks whether it was meant. Mail programs follow links by themselves."""
    return _proof(token, is_done=False)


@bp.post("/privacy/confirm/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Hands the wish to the newsroom. 410 for a link that is over."""
    found = requests.read_proof(token)
    if found:
        requests.prove(*found)
    return _proof(token, is_done=True)


@bp.get("/privacy/export/<token>")
def export(token: str) -> ResponseReturnValue:
    """Everything that is kept under the address, as a JSON file."""
    email = requests.read_export(token) or abort(
        404, description="This link is over or was changed on its way."
    )
    response = jsonify(actions.collect(email))
    response.headers["Content-Disposition"] = 'attachment; filename="my-comments.json"'
    return _private(response)


@bp.get("/moderation/privacy")
@role_required("editor")
def wishes() -> ResponseReturnValue:
    """What people have asked for and proved."""
    said = get_flashed_messages(category_filter=["privacy"])
    return render_template(
        "privacy/wishes.html",
        wishes=requests.waiting(),
        words=requests.WORDS,
        said=said,
        counts=queue_queries.counts(),
        tabs=queue_queries.TABS,
    )


@bp.post("/moderation/privacy/<id:request_id>")
@role_required("editor")
def fulfil(request_id: int) -> ResponseReturnValue:
    """Does what was asked. 409 when a colleague was faster."""
    account = current_account() or abort(401)
    done = requests.fulfil(request_id, account)
    if done is None:
        abort(
            409,
            description="This request is not there any more, or a colleague has answered it. Nothing was changed.",
        )
    flash(
        "It is erased." if done.wish == PrivacyWish.erasure else "A link to the data is on its way.",
        "privacy",
    )
    return redirect("/moderation/privacy", code=303)


def _form(**values: object) -> dict[str, object]:
    keeps = {name: setting(name) for name in ("KEEP_SPAM_DAYS", "KEEP_TRASH_DAYS", "KEEP_EMAIL_DAYS")}
    return {
        "typed": "",
        "wish": "",
        "problem": "",
        "is_sent": False,
        "words": requests.WORDS,
        "keeps": keeps,
    } | values


def _refused(typed: str, wish: str, problem: str, status: int = 422) -> Response:
    page = render_template("privacy/form.html", **_form(typed=typed, wish=wish, problem=problem))
    return _private(make_response(page, status))


def _proof(token: str, *, is_done: bool) -> Response:
    found = requests.read_proof(token)
    page = render_template("privacy/confirm.html", found=found, words=requests.WORDS, is_done=is_done)
    return _private(make_response(page, 200 if found else 410))


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
