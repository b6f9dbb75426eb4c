"""What readers see of the newsletter. Mail programs follow links by themselves, so a GET shows and a POST does."""

from __future__ import annotations

import hmac

from flask import Blueprint, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from webapp import occurrences, visitors
from webapp.security import answers_foreign
from webapp.settings import setting
from webapp.subscribing import actions, bounces, forms, links, pages

bp = Blueprint("subscribing", __name__)
bp.register_blueprint(pages.bp)
ADDRESS = "/newsletter"
AN_HOUR = 3600
OF_ONE, OF_NETWORK = 5, 30


@bp.get(ADDRESS)
def newsletter() -> ResponseReturnValue:
    """The form. Whoever signs up needs no account and gets no cookie. 404 while there is no newsletter."""
    _there()
    return render_template("subscribing/newsletter.html", wish=None, is_asked=False)


@bp.post(ADDRESS)
def ask() -> ResponseReturnValue:
    """Asks the owner of the address by mail. 422 with what is wrong, 429 after too many; the address comes back."""
    _there()
    wish = forms.wish(request.form)
    if wish.problem:
        return _form(wish, 422)
    of_one, wait = occurrences.hit("newsletter", visitors.visitor_hash(), AN_HOUR)
    of_network, _ = occurrences.hit("newsletter from", visitors.network_hash(), AN_HOUR)
    if of_one > OF_ONE or of_network > OF_NETWORK:
        wish.problem = f"That is a lot at once. Send it again in {-(-wait // 60)} min."
        answer = _form(wish, 429)
        answer.headers["Retry-After"] = str(wait)
        return answer
    actions.ask(wish.email)
    return redirect(f"{ADDRESS}/asked", code=303)


@bp.get(ADDRESS + "/asked")
def asked() -> ResponseReturnValue:
    """Says what comes next: the same whether the address is known or not."""
    return render_template("subscribing/newsletter.html", wish=None, is_asked=True)


@bp.get(ADDRESS + "/confirm/<token>")
def confirmation(token: str) -> ResponseReturnValue:
    """Asks whether the address is the reader's."""
    email = links.read_confirmation(token)
    return _page("subscribing/confirm.html", 200 if email else 410, email=email, is_done=False)


@bp.post(ADDRESS + "/confirm/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """It is. 410 for a link that is too old, was changed on its way, or whose address was taken out."""
    email = links.read_confirmation(token)
    if email is None or not actions.confirm(email):
        return _page("subscribing/confirm.html", 410, email=None, is_done=False)
    return _page("subscribing/confirm.html", 200, email=email, is_done=True)


@bp.get(ADDRESS + "/stop/<token>")
def stopping(token: str) -> ResponseReturnValue:
    """Asks whether the newsletter shall end."""
    email = links.read_stop(token)
    return _page("subscribing/stop.html", 200 if email else 404, email=email, is_done=False)


@bp.post(ADDRESS + "/stop/<token>")
@answers_foreign
def stop(token: str) -> ResponseReturnValue:
    """Ends it. Mail programs send this by themselves (RFC 8058), from wherever they are."""
    email = links.read_stop(token)
    if email:
        actions.stop(email)
    return _page("subscribing/stop.html", 200 if email else 404, email=email, is_done=bool(email))


@bp.post(ADDRESS + "/bounces")
@answers_foreign
def bounced() -> ResponseReturnValue:
    """A mail service says that mail came back: JSON with `email` and `kind`, or the report itself as message/rfc822.

    401 without `Authorization: Bearer` and BOUNCE_SECRET (404 where none is set), 422 for what cannot be read.
    """
    secret = setting("BOUNCE_SECRET")
    if not secret:
        abort(404)
    shown = request.headers.get("Authorization", "")
    if not hmac.compare_digest(shown.encode(), f"Bearer {secret}".encode()):
        return {"error": "The secret is missing or wrong."}, 401
    if request.mimetype == "message/rfc822":
        outcome = bounces.take_message(request.get_data())
        return {"said": outcome.words}, 200
    said = request.get_json(silent=True)
    outcome = bounces.take_notice(said.get("email"), said.get("kind")) if isinstance(said, dict) else None
    if outcome is None:
        return {"error": 'Send {"email": "…", "kind": "hard", "soft" or "complaint"}.'}, 422
    return {"said": outcome.words}, 200


def _there() -> None:
    if setting("NEWSLETTER") == "no":
        abort(404, description="This paper sends no newsletter.")


def _form(wish: forms.Wish, status: int) -> Response:
    return _page("subscribing/newsletter.html", status, wish=wish, is_asked=False)


def _page(template: str, status: int, **context: object) -> Response:
    response = make_response(render_template(template, **context), status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
