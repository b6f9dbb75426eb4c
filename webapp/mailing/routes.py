"""`/_mail`: what was written instead of sent, for whoever develops. It holds signed links, so nobody else gets it."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from flask import Blueprint, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from webapp.mailing.sending import folder
from webapp.settings import setting

bp = Blueprint("mailing", __name__)


@bp.before_request
def only_in_development() -> None:
    """Anywhere else there is no such page."""
    if not setting("DEVELOPMENT"):
        abort(404)


@bp.get("/_mail")
def inbox() -> ResponseReturnValue:
    """Every mail in the instance, the newest first."""
    numbers = sorted(
        (int(file.stem) for file in folder().glob("*.eml") if file.stem.isdecimal()), reverse=True
    )
    return _private(
        render_template("mailing/inbox.html", mails=[(number, _read(number)) for number in numbers[:200]])
    )


@bp.get("/_mail/<id:number>")
def mail(number: int) -> ResponseReturnValue:
    """One mail, as text, with its headers."""
    found = _read(number)
    body = found.get_body(("plain",))
    text = body.get_content() if body else ""
    return _private(render_template("mailing/mail.html", mail=found, text=text))


def _read(number: int) -> EmailMessage:
    path = folder() / f"{number}.eml"
    if not path.is_file():
        abort(404)
    found = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(found, EmailMessage)  # noqa: S101 (the policy makes nothing else)
    return found


def _private(page: str) -> ResponseReturnValue:
    response = make_response(page)
    response.headers["Cache-Control"] = "private, no-store"
    return response
