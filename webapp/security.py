"""Headers on every answer, and the check that an unsafe request comes from our own pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request

from webapp import assets
from webapp.settings import setting

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
EMBED_ORIGINS = ("https://www.youtube-nocookie.com", "https://player.vimeo.com")
"""Players that a click may load into an article; nothing is asked of them before."""


IN_PAGE = ("theme.js", "later.js")
"""The scripts that stand in pages themselves: one has to run before the first paint, one asks for the rest after it."""

PICTURE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""For a picture, which does nothing and asks for nothing, even when it is opened by itself."""


def policy(form_origins: Iterable[str], script_hashes: Iterable[str]) -> str:
    """The Content-Security-Policy. `form_origins`: where a share form's redirect may lead; `script_hashes`: of what
    stands in pages themselves.
    """
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *script_hashes]),
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "media-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "frame-src": " ".join(EMBED_ORIGINS),
        "form-action": " ".join(["'self'", *form_origins]),
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def init_app(app: Flask, form_origins: Iterable[str]) -> None:
    """Hangs the check before, and the headers behind, every request."""
    origins = list(form_origins)
    policy_with = lru_cache(maxsize=2)(lambda hashes: policy(origins, hashes))

    @app.before_request
    def check_origin() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        if request.method in UNSAFE and not getattr(view, "answers_foreign", False) and not is_same_origin():
            abort(
                403, description="This form was sent from another site. Open the page here and send it again."
            )

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        if (response.mimetype or "").startswith("image/"):
            headers.setdefault("Content-Security-Policy", PICTURE_POLICY)
        else:
            headers.setdefault("Content-Security-Policy", policy_with(script_hashes()))
            headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
            headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
            headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if request.is_secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        # A page may be kept but is asked for again, so that a reader sees an approved comment at once.
        headers.setdefault("Cache-Control", "no-cache")
        return response


def script_hashes() -> tuple[str, ...]:
    """What the policy says of the scripts in pages, in the bundle as it is now."""
    return tuple(assets.source_hash(name) for name in IN_PAGE)


def framed_by_itself(response: Response) -> Response:
    """Lets a page of this site stand in a frame of another page of this site, as a preview does."""
    made = policy((), script_hashes())
    made = made.replace("frame-ancestors 'none'", "frame-ancestors 'self'").replace(
        "frame-src ", "frame-src 'self' "
    )
    response.headers["Content-Security-Policy"] = made
    return response


def answers_foreign(view: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a view that asks is_same_origin() itself and refuses in its own words, with what was typed still there."""
    view.answers_foreign = True  # pyright: ignore[reportFunctionMemberAccess]
    return view


def is_same_origin() -> bool:
    """Whether an unsafe request may pass: browsers say where it comes from, other programs need not."""
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    parts = urlsplit(origin)
    own = urlsplit(setting("SITE_URL"))
    return (parts.scheme, parts.netloc) == (own.scheme, own.netloc) or (
        parts.scheme in ("http", "https") and parts.netloc == request.host
    )
