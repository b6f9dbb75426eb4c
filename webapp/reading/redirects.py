"""Answers of 301 that never look at the Host header: every address in them is a path of this site."""

from __future__ import annotations

from urllib.parse import quote

from flask import redirect, request
from werkzeug.wrappers import Response

_SAFE = "/-._~!$&'()*+,;=:@%"


def encoded(path: str) -> str:
    """A path as it may stand in a header: percent-encoded where it must be, never starting with two slashes.

    >>> encoded("//category/café/")
    '/category/caf%C3%A9/'
    """
    return quote("/" + path.lstrip("/\\"), safe=_SAFE)


def moved(path: str, *, keep_query: bool = True) -> Response:
    """301 to a path of this site, with the query string of the request unless that has done its work."""
    query = request.query_string.decode("utf-8", "replace") if keep_query else ""
    before, mark, own = path.partition("?")
    query = "&".join(part for part in (own if mark else "", query) if part)
    return redirect(encoded(before) + (f"?{query}" if query else ""), code=301)


def folded(path: str) -> str:
    """A decoded path with one slash at a time, percent-encoded.

    >>> folded("//2013///tides/")
    '/2013/tides/'
    """
    parts = "/".join(part for part in path.split("/") if part)
    return quote(f"/{parts}{'/' if parts and path.endswith('/') else ''}", safe=_SAFE.removesuffix("%"))


def joined(base: str, rest: str) -> str:
    """A path below another one, ending in a slash where the other one does.

    >>> joined("/2013/01/tides/", "2"), joined("/tides", "2")
    ('/2013/01/tides/2/', '/tides/2')
    """
    return f"{base.rstrip('/')}/{rest}{'/' if base.endswith('/') else ''}"
