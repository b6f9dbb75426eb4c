"""One handler for every error: a page in words, or a fragment for HTMX."""

from __future__ import annotations

import uuid

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError

from webapp.database import db
from webapp.htmx import is_htmx

WORDS = {
    400: ("This request cannot be read", "Something in it is malformed. Go back and try again."),
    401: ("Please sign in", "This page is for the newsroom."),
    403: ("This is not allowed", "You may not do this, or the form came from another site."),
    404: (
        "Page not found",
        "Nothing stands at this address. It may have moved: search for it, or start at the front page.",
    ),
    405: ("This address is not for that", "Go back and try again from the page itself."),
    409: ("Somebody was faster", "This has changed since you loaded the page."),
    410: ("This was taken down", "The article that stood here is no longer published."),
    413: ("This is too large", "Send less at once."),
    429: ("Too fast", "Please wait a little and try again."),
    500: (
        "Something went wrong",
        "It is our mistake, not yours, and it has been noted. Try again in a moment.",
    ),
    503: ("Back in a moment", "The site cannot answer just now. Try again shortly."),
}


def init_app(app: Flask) -> None:
    """Registers the handlers for HTTP errors and for everything unforeseen."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unforeseen)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    title, hint = WORDS.get(error.code, WORDS[400 if error.code < 500 else 500])
    # A description given by our own abort() is shown; werkzeug's stock sentence is not.
    if error.description and error.description != type(error).description:
        hint = error.description
    return _render(error.code, title, hint), error.code, _headers(error)


def _headers(error: HTTPException) -> list[tuple[str, str]]:
    response = error.get_response()
    kept = ("allow", "retry-after", "www-authenticate")
    return [(name, value) for name, value in response.headers if name.lower() in kept] + [
        ("Cache-Control", "no-store")
    ]


def _unforeseen(error: Exception) -> ResponseReturnValue:
    reference = uuid.uuid4().hex[:8]
    current_app.logger.error("error %s at %s %s", reference, request.method, request.path, exc_info=error)
    if current_app.testing:
        raise error
    db.session.rollback()
    title, hint = WORDS[500]
    response = InternalServerError()
    return (
        _render(500, title, f"{hint} (Reference {reference})"),
        response.code or 500,
        {"Cache-Control": "no-store"},
    )


def _render(code: int, title: str, hint: str) -> str:
    template = (
        "errors/_error.html" if is_htmx() or request.path.startswith("/_fragments/") else "errors/error.html"
    )
    try:
        return render_template(template, code=code, title=title, hint=hint)
    except Exception:
        # The layout itself needs the database; when that is what failed, plain words must do.
        current_app.logger.exception("the error page could not be made")
        return render_template("errors/bare.html", code=code, title=title, hint=hint)
