"""The floors: what the machine, the server and the framework allow for the same bytes, with nothing of ours in between.

`bin/serve --app bench.floor:wsgi` and `--app bench.floor:flask_view` run them under the very same server and options.
The bytes are those of the page under measurement, in the file that STANDFIRST_BENCH_BODY names.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, request

BODY = Path(os.environ.get("STANDFIRST_BENCH_BODY", os.devnull)).read_bytes()
HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Length", str(len(BODY))),
    ("Content-Encoding", "br"),
]


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
