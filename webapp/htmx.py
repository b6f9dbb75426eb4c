"""Telling an HTMX request from a plain one, and answering a POST in the form that fits."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, make_response, redirect, request
from werkzeug.wrappers import Response as BaseResponse


def is_htmx() -> bool:
    """Whether HTMX in the page sent this request and will swap the answer in."""
    return request.headers.get("HX-Request") == "true"


def answer(
    *,
    fragment: Callable[[], str],
    page: Callable[[], str] | None = None,
    location: str | None = None,
    status: int = 200,
) -> BaseResponse:
    """What a POST answers.

    With HTMX: `fragment` with `status`. Without: 303 to `location` when there is one, else `page` with `status`.
    """
    if is_htmx():
        response: Response = make_response(fragment(), status)
    elif location is not None:
        return redirect(location, code=303)
    elif page is not None:
        response = make_response(page(), status)
    else:
        raise TypeError("a plain answer needs a page or a location")
    response.headers["Cache-Control"] = "no-store"
    return response
