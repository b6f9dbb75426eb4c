"""The floors: what the machine, the server and the framework allow for the same bytes, with nothing of ours in between.

`bin/serve --app bench.floor:wsgi` and `--app bench.floor:flask_view` run them under the very same server and options.
The bytes are those of the page under measurement, in the file that STANDFIRST_BENCH_BODY names.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, render_template, request

from webapp import compression

BODY = Path(os.environ.get("STANDFIRST_BENCH_BODY", os.devnull)).read_bytes()
HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Length", str(len(BODY))),
    ("Content-Encoding", "br"),
]
PAGE_HEADERS = [*map(tuple, json.loads(os.environ.get("STANDFIRST_BENCH_HEADERS", "[]")))]
"""Those of the page under measurement, as pairs."""


def answer(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A bare WSGI application that answers the body with the very headers of the page."""
    start_response("200 OK", PAGE_HEADERS)
    return [BODY]


def wsgi(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A bare WSGI application that answers the body."""
    start_response("200 OK", HEADERS)
    return [BODY]


flask_view = Flask(__name__)


@flask_view.get("/")
def constant() -> bytes:
    """A bare Flask view that answers the body."""
    return BODY


@flask_view.post("/")
def take() -> tuple[str, int]:
    """A bare Flask POST that reads its form and answers one line."""
    return f"{len(request.form)}\n", 201


def template(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The article's own template, from what it was rendered with once: no statement, no route, no cache."""
    app, name, values = _rendered_once(environ["PATH_INFO"])
    encoding = compression.for_once(environ.get("HTTP_ACCEPT_ENCODING", ""))
    with app.request_context(environ):
        body = compression.at_once(render_template(name, **values).encode(), encoding)
    headers = [*HEADERS[:1], ("Content-Length", str(len(body))), ("Content-Encoding", encoding or "identity")]
    start_response("200 OK", headers)
    return [body]


@lru_cache(maxsize=1)
def _rendered_once(path: str) -> tuple[Flask, str, dict[str, Any]]:
    from webapp import create_app
    from webapp.reading import pages

    kept: dict[str, Any] = {}

    def keep(name: str, **values: Any) -> str:
        kept.update(name=name, values=values)
        return render_template(name, **values)

    app = create_app()
    original, pages.render_template = pages.render_template, keep
    try:
        app.test_client().get(path)
    finally:
        pages.render_template = original
    return app, kept["name"], kept["values"]
