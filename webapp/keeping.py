"""Which answers the page cache may keep, and until when; and the cache's place in front of the application."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask, Response, current_app, request

from webapp import clock, compression, generation
from webapp.filters import next_midnight
from webapp.pagecache import KEPT_UNTIL, PageCache
from webapp.pagecache_numbers import Numbers
from webapp.reading.queries import next_appearance
from webapp.settings import setting

SECONDS = 60
"""How long a page may be kept, so that its counters and times are never older than that."""
_MAY_BE_KEPT = ("no-cache", f"public, max-age={SECONDS}")
_NEXT = "standfirst-next-appearance"


def init_app(app: Flask) -> None:
    """Puts the cache in front of the application; before the headers' hook, so that it sees what that one says."""
    generation.init_app(app)
    values = app.extensions["standfirst_settings"].values
    numbers = Numbers(numbers_path(app))
    number: generation.Generation = app.extensions[generation.EXTENSION]
    # Whoever develops wants to see a change of a template or a style at once.
    megabytes = 0 if values["DEVELOPMENT"] else values["PAGE_CACHE"]
    cache = PageCache(app.wsgi_app, number, megabytes * 1024 * 1024, numbers, values["TRUSTED_PROXIES"])
    app.wsgi_app = cache
    # The server asks it first (webapp/gateway.py).
    app.kept_answer = cache.kept  # pyright: ignore[reportAttributeAccessIssue]
    app.after_request(_mark)


def numbers_path(app: Flask) -> Path:
    """Where the workers write down what their caches did."""
    return Path(app.instance_path) / "pages.numbers"


def _mark(response: Response) -> Response:
    """Says of each answer whether it may be kept, and that its bytes depend on what the browser takes."""
    if compression.is_text(response.content_type or ""):
        response.vary.add("Accept-Encoding")
    if (
        setting("PAGE_CACHE")
        and request.method == "GET"
        and response.status_code == 200
        and response.headers.get("Cache-Control") in _MAY_BE_KEPT
        and "Set-Cookie" not in response.headers
        and not response.direct_passthrough
        and (response.mimetype or "").endswith(("html", "xml"))
    ):
        request.environ[KEPT_UNTIL] = _until().timestamp()
    return response


def _until() -> datetime:
    """A minute from now; sooner where an article appears before that, or the day on the page ends."""
    now = clock.now()
    moments = [now + timedelta(seconds=SECONDS), next_midnight(now)]
    appears = _next_appearance(now)
    return min([*moments, appears] if appears else moments)


def _next_appearance(now: datetime) -> datetime | None:
    """When the next scheduled article appears; asked again only when something was written or that moment has come."""
    number = current_app.extensions[generation.EXTENSION].current()
    known = current_app.extensions.get(_NEXT)
    if known is None or known[0] != number or (known[1] is not None and known[1] <= now):
        known = current_app.extensions[_NEXT] = (number, next_appearance(now))
    return known[1]
