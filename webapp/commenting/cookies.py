"""The two cookies of a commenter, both signed, both set only by a POST.

One holds a random id by which a writer sees the own held comments, is known, and likes once. The other holds name,
e-mail and website, for those who ticked the box. Each is signed for its purpose, so that renaming one gains nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from flask import after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from webapp.visitors import fixed

WRITER = "standfirst_writer"
DETAILS = "standfirst_commenter"
DETAIL_FIELDS = ("name", "email", "website")
_YEAR = 365 * 86400


@dataclass(frozen=True)
class Writer:
    """A browser that writes or likes. `hash` is what the database keeps, `id` what the cookie holds."""

    id: str

    @property
    def hash(self) -> str:
        return fixed("writer", self.id)


def current_writer() -> Writer | None:
    """Who this browser is by its cookie; the answer becomes private then, since it may differ from others'."""
    found = _read(WRITER)
    return Writer(found) if isinstance(found, str) and found else None


def new_writer() -> Writer:
    """An id for a browser without one."""
    return Writer(secrets.token_urlsafe(16))


def keep_writer(response: Response, writer: Writer) -> None:
    """Sets the writer's cookie for a year from now."""
    _set(response, WRITER, writer.id)


def saved_details() -> dict[str, str]:
    """Name, e-mail and website as the commenter asked to keep them; empty without the cookie."""
    found = _read(DETAILS)
    if not isinstance(found, dict):
        return {}
    return {key: str(found.get(key, "")) for key in DETAIL_FIELDS}


def keep_details(response: Response, details: dict[str, str]) -> None:
    """Keeps name, e-mail and website in the commenter's browser for a year."""
    _set(response, DETAILS, {key: details.get(key, "") for key in DETAIL_FIELDS})


def forget_details(response: Response) -> None:
    """Deletes them again."""
    if DETAILS in request.cookies:
        response.delete_cookie(DETAILS, **_attributes())


def mark_private() -> None:
    """Forbids every cache to keep the answer to this request."""

    @after_this_request
    def forbid(response: Any) -> Any:
        response.headers["Cache-Control"] = "private, no-store"
        return response


def _read(name: str) -> Any:
    value = request.cookies.get(name)
    if value is None:
        return None
    mark_private()
    try:
        return _signer(name).loads(value)
    except BadSignature:
        return None


def _set(response: Response, name: str, content: Any) -> None:
    value = _signer(name).dumps(content)
    text = value.decode() if isinstance(value, bytes) else value
    response.set_cookie(name, text, max_age=_YEAR, **_attributes())


def _attributes() -> dict[str, Any]:
    is_https = request.is_secure or bool(current_app.config["SESSION_COOKIE_SECURE"])
    return {"httponly": True, "samesite": "Lax", "secure": is_https, "path": "/"}


def _signer(name: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=name)
