"""Rendered pages as compressed bytes, found before any view runs.

A page is kept for a minute, and only as long as nothing was written that readers may notice (webapp/generation.py):
the number is read before a page is made and kept with it, so a page that was being made during a change is not shown
after it. Whoever carries a cookie of ours goes past the cache. A page is found by scheme, path and the questions that
the site knows; what else stands behind the question mark is dropped before the application sees it.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from werkzeug.http import parse_etags

from webapp import compression
from webapp.generation import Generation
from webapp.pagecache_numbers import Numbers

COOKIES = "standfirst_"
"""What the names of all our cookies begin with."""
KEPT_UNTIL = "standfirst.kept_until"
"""In the environment after the application has run: until when its answer may be kept, in seconds since 1970."""
OURS = (
    "addresses after article author band before category current date days done hours kind next order page q quote "
    "related replies rule saved seen show shown status tab tag text theme url"
)
"""The questions that the code asks (a test compares)."""
WORDPRESS = (
    "attachment_id author_name cat category_name cpage day feed m monthnum name p page_id paged pagename post_type "
    "preview replytocom s year"
)
"""Those that WordPress asked, and that lead on here."""
QUESTIONS = frozenset([*OURS.split(), *WORDPRESS.split()])
NEVER_KEPT = frozenset({"q", "s"})
"""Searches: there is no end of them."""
_LARGEST = 2 * 1024 * 1024
_FRAME = 4000
"""Bytes that a kept page takes besides its text: headers, key, objects."""

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]
"""Status, headers, body."""


@dataclass
class Entry:
    """A page as it is sent in each encoding that somebody has asked for; what it was made as is in these, too."""

    headers: Headers
    etag: str
    generation: int
    until: float
    sent: dict[str, tuple[bytes, Headers]] = field(default_factory=dict)
    size: int = _FRAME

    def add(self, body: bytes, encoding: str) -> None:
        """Compresses the page (`body`) for an encoding; empty keeps it as it is."""
        body = compression.keep(body, encoding)
        headers = [*self.headers, ("ETag", self.etag), ("Content-Length", str(len(body)))]
        if encoding:
            headers.append(("Content-Encoding", encoding))
        self.sent[encoding] = (body, headers)
        self.size += len(body)

    def body(self) -> bytes:
        """The page as it was made."""
        encoding, (body, _) = next(iter(self.sent.items()))
        return compression.undo(body, encoding)


class PageCache:
    """WSGI middleware with the pages of one worker: the least recently used go when there are too many bytes."""

    def __init__(
        self,
        application: Application,
        generation: Generation,
        capacity: int,
        numbers: Numbers | None = None,
        proxies: int = 0,
    ) -> None:
        self.application = application
        self.proxies = proxies
        self.generation = generation
        self.capacity = capacity
        self.numbers = numbers
        self.entries: OrderedDict[str, Entry] = OrderedDict()
        self.size = 0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answers one request."""
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD") or COOKIES in environ.get("HTTP_COOKIE", ""):
            return self._past(environ, start_response)
        query, may_be_kept = _known_questions(environ.get("QUERY_STRING", ""))
        generation = self.generation.current()
        if not (self.capacity and may_be_kept) or generation is None:
            return self._past(environ, start_response)
        environ["QUERY_STRING"] = query
        key = f"{environ['wsgi.url_scheme']}:{environ['PATH_INFO']}?{query}"
        entry = self._find(key, generation)
        if entry is None:
            if method == "HEAD":
                return self._past(environ, start_response)
            return self._make(key, generation, environ, start_response)
        if self.numbers:
            self.numbers.hit()
        answer = self._answer(
            key, entry, environ.get("HTTP_IF_NONE_MATCH", ""), environ.get("HTTP_ACCEPT_ENCODING", "")
        )
        return _said(answer, method, start_response)

    def kept(self, scope: Any) -> Answer | None:
        """The answer to a request of the server's own kind (RSGI), where it is kept; else the request goes the long
        way. The same as above, before anything is made ready for the application."""
        headers = scope.headers
        if (
            scope.method not in ("GET", "HEAD")
            or any(COOKIES in cookie for cookie in headers.get_all("cookie"))
            or "content-length" in headers
            or "transfer-encoding" in headers
        ):
            return None
        query, path = scope.query_string, scope.path
        if query:
            query, may_be_kept = _known_questions(query)
            if not may_be_kept:
                return None
        if not path.isascii():
            path = path.encode("utf-8", "surrogateescape").decode("latin-1")
        scheme = self._scheme(scope) if self.proxies else scope.scheme
        generation = self.generation.current()
        if generation is None:
            return None
        key = f"{scheme}:{path}?{query}"
        entry = self._find(key, generation)
        if entry is None:
            return None
        if self.numbers:
            self.numbers.hit()
        return self._answer(
            key, entry, headers.get("if-none-match") or "", headers.get("accept-encoding") or ""
        )

    def _scheme(self, scope: Any) -> str:
        """What the outermost of our proxies was asked by, as ProxyFix takes it."""
        said = ",".join(scope.headers.get_all("x-forwarded-proto")).split(",")
        return said[-self.proxies].strip() or scope.scheme if len(said) >= self.proxies else scope.scheme

    def _find(self, key: str, generation: int) -> Entry | None:
        entry = self.entries.get(key)
        if entry is None:
            return None
        if entry.generation != generation or entry.until <= time.time():
            self._drop(key)
            return None
        self.entries.move_to_end(key)
        return entry

    def _make(
        self, key: str, generation: int, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        response = Collected(self.application, environ)
        until = environ.get(KEPT_UNTIL)
        if until is None or not response.is_whole:
            return self._send_once(response, environ, start_response)
        if self.numbers:
            self.numbers.miss()
        body = response.body()
        kept = [(name, value) for name, value in response.headers if name.lower() != "content-length"]
        etag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        own = next((value for name, value in kept if name.lower() == "etag"), None)
        headers = [(name, value) for name, value in kept if name.lower() != "etag"]
        entry = Entry(headers, _weak(own) if own else etag, generation, until)
        accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
        entry.add(body, compression.for_keeping(accepted))
        self._keep(key, entry)
        answer = self._answer(key, entry, environ.get("HTTP_IF_NONE_MATCH", ""), accepted)
        return _said(answer, "GET", start_response)

    def _answer(self, key: str, entry: Entry, known: str, accepted: str) -> Answer:
        """`known` and `accepted`: the headers If-None-Match and Accept-Encoding."""
        if known and _matches(known, entry.etag):
            kept = ("cache-control", "vary", "surrogate-key", "last-modified", "cdn-cache-control")
            headers = [pair for pair in entry.headers if pair[0].lower() in kept]
            return 304, [*headers, ("ETag", entry.etag)], b""
        encoding = compression.for_keeping(accepted)
        if encoding not in entry.sent:
            self._drop(key)
            entry.add(entry.body(), encoding)
            self._keep(key, entry)
        body, headers = entry.sent[encoding]
        return 200, headers, body

    def _keep(self, key: str, entry: Entry) -> None:
        self._drop(key)
        self.entries[key] = entry
        self.size += entry.size
        while self.size > self.capacity and self.entries:
            self._drop(next(iter(self.entries)))
        if self.numbers:
            self.numbers.holds(len(self.entries), self.size)

    def _drop(self, key: str) -> None:
        entry = self.entries.pop(key, None)
        if entry is not None:
            self.size -= entry.size

    def _past(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        return self._send_once(Collected(self.application, environ), environ, start_response)

    def _send_once(
        self, response: Collected, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """An answer that is not kept: compressed quickly where it is text and no secret of a session is in it.

        Files of the bundle come compressed as well as can be, or are for browsers that take neither of those forms.
        """
        if not response.is_whole or "standfirst_session" in environ.get("HTTP_COOKIE", ""):
            start_response(response.status, response.headers)
            return response.parts
        body = response.body()
        encoding = compression.for_once(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if encoding and len(body) >= compression.SMALLEST:
            body = compression.at_once(body, encoding)
            response.headers = _compressed_headers(response.headers, len(body), encoding)
        start_response(response.status, response.headers)
        return [body]


class Collected:
    """What the application answered, the body not yet read."""

    def __init__(self, application: Application, environ: Environ) -> None:
        self.status = ""
        self.headers: Headers = []
        self.parts: Iterable[bytes] = application(environ, self._start)
        names = {name.lower(): value for name, value in self.headers}
        size = names.get("content-length", "")
        self.is_whole = (
            environ["REQUEST_METHOD"] != "HEAD"
            and "content-encoding" not in names
            and "immutable" not in names.get("cache-control", "")
            and size.isdecimal()
            and int(size) <= _LARGEST
            and compression.is_text(names.get("content-type", ""))
        )
        """Whether it is one text of a known, moderate size."""

    def _start(self, status: str, headers: Headers, _exc_info: object = None) -> Callable[[bytes], None]:
        self.status, self.headers = status, headers
        return _no_write

    def body(self) -> bytes:
        """All of it; the application is told that it may close."""
        try:
            return b"".join(self.parts)
        finally:
            close = getattr(self.parts, "close", None)
            if close is not None:
                close()


def _no_write(_part: bytes) -> None:
    raise TypeError("the application uses the old write function")


def _known_questions(query: str) -> tuple[str, bool]:
    """The part of a query string that somebody here asks for, and whether such an answer may be kept at all."""
    if not query:
        return "", True
    asked = sorted(pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] in QUESTIONS)
    return urlencode(asked), not any(name in NEVER_KEPT for name, _ in asked)


def _said(answer: Answer, method: str, start_response: StartResponse) -> Iterable[bytes]:
    status, headers, body = answer
    start_response("200 OK" if status == 200 else "304 NOT MODIFIED", headers)
    return [body] if body and method != "HEAD" else []


def _matches(asked: str, etag: str) -> bool:
    return parse_etags(asked[:2000]).contains_weak(etag.removeprefix("W/").strip('"'))


def _weak(etag: str) -> str:
    # The bytes differ by encoding, so a kept page's tag names its text and not its bytes.
    return etag if etag.startswith("W/") else f"W/{etag}"


def _compressed_headers(headers: Headers, size: int, encoding: str) -> Headers:
    def changed() -> Iterator[tuple[str, str]]:
        for name, value in headers:
            lower = name.lower()
            if lower == "etag":
                yield name, _weak(value)
            elif lower != "content-length":
                yield name, value

    return [*changed(), ("Content-Length", str(size)), ("Content-Encoding", encoding)]
