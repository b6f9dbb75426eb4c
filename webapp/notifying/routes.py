"""The pages behind the links in mail. Mail programs follow links by themselves, so a GET shows and a POST does."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from webapp.commenting import cookies
from webapp.notifying import proofs
from webapp.notifying.rules import name_key
from webapp.security import answers_foreign

bp = Blueprint("notifying", __name__)


@bp.get("/confirm/<token>")
def confirmation(token: str) -> ResponseReturnValue:
    """Asks whether the address and the name are the reader's."""
    claim = proofs.read_claim(token)
    return _page("notifying/confirm.html", 200 if claim else 410, claim=claim, is_done=False)


@bp.post("/confirm/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """They are. 410 for a link that is too old or was changed on its way."""
    claim = proofs.read_claim(token)
    if claim is None:
        return _page("notifying/confirm.html", 410, claim=None, is_done=False)
    writer = cookies.current_writer() or cookies.new_writer()
    address = proofs.confirm(claim, writer.hash)
    has_name = address.name_key is not None and address.name_key == name_key(claim.name)
    response = _page("notifying/confirm.html", 200, claim=claim, is_done=True, has_name=has_name)
    cookies.keep_writer(response, writer)
    return response


@bp.get("/stop/<token>")
def stopping(token: str) -> ResponseReturnValue:
    """Asks whether mail about replies shall end."""
    email = proofs.read_stop(token)
    return _page("notifying/stop.html", 200 if email else 404, is_known=bool(email), is_done=False)


@bp.post("/stop/<token>")
@answers_foreign
def stop(token: str) -> ResponseReturnValue:
    """Ends it. Mail programs send this by themselves (RFC 8058), from wherever they are."""
    email = proofs.read_stop(token)
    if email:
        proofs.stop(email)
    return _page("notifying/stop.html", 200 if email else 404, is_known=bool(email), is_done=bool(email))


def _page(template: str, status: int, **context: object) -> Response:
    response = make_response(render_template(template, **context), status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
