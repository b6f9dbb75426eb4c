"""Answers most view beacons before Flask does: a reader's ordinary ones, of an article whose answer is at hand.

What is doubtful in any way goes the long way, to the route, which alone decides what is refused and what is not
counted. An answer is kept as the route gave it, with all its headers, until something is counted or written that
readers may notice, such as that an article was taken down.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import Flask

from webapp import clock, compression, generation, visitors
from webapp.pagecache import COOKIES, Application, Environ, Headers, StartResponse
from webapp.settings import setting
from webapp.sharing import telling
from webapp.sharing.beacons import Beacon
from webapp.sharing.rules import came_from, is_bot

LIFE = 5.0
"""Seconds that an answer may be kept: what other machines have counted is seen after that."""
MOST = 500
"""Answers that a worker keeps."""
TOLD = "standfirst.view_told"
"""In the environment: the route need not count this view any more."""
_LARGEST_BODY = 300
_PATH = re.compile(r"/articles/([1-9][0-9]{0,8})/views")
_BODY = re.compile(rb"from=([A-Za-z0-9.-]*)(?:%3A[0-9]{1,5})?")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")
_DOUBTFUL = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ", "HTTP_TRANSFER_ENCODING")
Key = tuple[int, str, str]
"""Article, scheme of the address, encoding of the answer."""


class Kept(NamedTuple):
    """An answer, and what it depends on: numbers of what was written and of what was counted, and a time."""

    truth: tuple[int | None, int]
    until: float
    status: str
    headers: Headers
    body: bytes


class Shortcut:
    """WSGI middleware, behind the one that believes proxies. Does nothing where views are counted at once (telling)."""

    def __init__(self, app: Flask, application: Application) -> None:
        self.app, self.application = app, application
        self.kept: dict[Key, Kept] = {}
        self.generation: generation.Generation = app.extensions[generation.EXTENSION]

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answers one request."""
        noting = telling.noting(self.app)
        asked = _ordinary(environ) if noting else None
        if noting is None or asked is None:
            return self.application(environ, start_response)
        article_id, host = asked
        encoding = compression.for_once(environ.get("HTTP_ACCEPT_ENCODING", ""))
        key = (article_id, environ["wsgi.url_scheme"], encoding)
        if self._find(key, noting):
            with self.app.app_context():
                telling.tell(_beacon(article_id, host, environ))
            environ[TOLD] = True
            # It may have been counted just now, and then its reader is to see that.
            kept = self._find(key, noting)
            if kept is not None:
                start_response(kept.status, kept.headers)
                return [kept.body]
        return self._make(key, noting, environ, start_response)

    def _truth(self, noting: telling.Noting) -> tuple[int | None, int]:
        return self.generation.current(), noting.journal.stamp()

    def _find(self, key: Key, noting: telling.Noting) -> Kept | None:
        kept = self.kept.get(key)
        is_true = kept is not None and kept.truth == self._truth(noting) and kept.until > time.monotonic()
        return kept if is_true else None

    def _make(
        self, key: Key, noting: telling.Noting, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Lets the route answer, and keeps that for others. What the answer depends on is read before."""
        truth, until = self._truth(noting), time.monotonic() + LIFE
        said: list[tuple[str, Headers]] = []

        def note(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            said.append((status, headers))
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        parts = self.application(environ, note)
        try:
            body = b"".join(parts)
        finally:
            getattr(parts, "close", lambda: None)()
        status, headers = said[-1]
        if status.startswith("200 ") and truth[0] is not None and not _is_own(headers):
            if len(self.kept) >= MOST:
                self.kept.clear()
            self.kept[key] = Kept(truth, until, status, headers, body)
        return [body]


def init_app(app: Flask) -> None:
    """Stands in front of the application; behind it stands ProxyFix, so that addresses are the readers'."""
    app.wsgi_app = Shortcut(app, app.wsgi_app)


def _ordinary(environ: Environ) -> tuple[int, str] | None:
    """The article and the host that the page named, where this is a view that surely counts; else None.

    The body is read and put back.
    """
    if environ["REQUEST_METHOD"] != "POST" or environ["QUERY_STRING"]:
        return None
    path = _PATH.fullmatch(environ["PATH_INFO"])
    if path is None or not _is_readers(environ):
        return None
    size = environ.get("CONTENT_LENGTH", "")
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded" or not size.isdecimal() or int(size) > _LARGEST_BODY:
        return None
    body = environ["wsgi.input"].read(int(size))
    environ["wsgi.input"] = io.BytesIO(body)
    told = _BODY.fullmatch(body)
    return (int(path[1]), told[1].decode()) if told else None


def _is_readers(environ: Environ) -> bool:
    """Whether a browser sent it from a page of ours, for somebody who is nobody to us."""
    host = environ.get("HTTP_HOST", "")
    return (
        COOKIES not in environ.get("HTTP_COOKIE", "")
        and not any(name in environ for name in _DOUBTFUL)
        and _HOST.fullmatch(host) is not None
        and _is_from_here(environ, host)
        and not is_bot(environ.get("HTTP_USER_AGENT", ""))
    )


def _is_from_here(environ: Environ, host: str) -> bool:
    """What security.is_same_origin() lets pass, in its two usual forms."""
    fetch_site, origin = environ.get("HTTP_SEC_FETCH_SITE"), environ.get("HTTP_ORIGIN")
    if fetch_site is not None:
        return fetch_site in ("same-origin", "none")
    return origin is None or origin in (f"http://{host}", f"https://{host}")


def _beacon(article_id: int, host: str, environ: Environ) -> Beacon:
    own = (environ["HTTP_HOST"], urlsplit(setting("SITE_URL")).netloc)
    visitor = visitors.visitor_of(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_USER_AGENT", ""))
    return Beacon(article_id, visitor, clock.now(), came_from(host, own))


def _is_own(headers: Headers) -> bool:
    return any(name.lower() == "set-cookie" for name, _ in headers)
