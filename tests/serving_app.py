"""A WSGI application for tests/test_serving.py, which starts it in processes of its own."""

import os
import sys
import time


def application(environ, start_response):
    """Answers the id of its process; `/slow` after a while, `/echo` what was sent, `/parts` in many pieces."""
    path = environ["PATH_INFO"]
    parts = [str(os.getpid()).encode()]
    if path == "/slow":
        print("working on /slow", file=sys.stderr, flush=True)
        time.sleep(1)
    elif path == "/echo":
        parts = [environ["wsgi.input"].read()]
    elif path == "/parts":
        parts = [b"part " * 1000 for _ in range(50)]
    elif path == "/address":
        names = ("REMOTE_ADDR", "wsgi.url_scheme", "HTTP_X_FORWARDED_FOR", "PATH_INFO", "QUERY_STRING")
        parts = ["\n".join(environ.get(name, "-") for name in names).encode("latin-1")]
    elif path == "/fails":
        raise ValueError("as it should")
    start_response("200 OK", [("Content-Type", "text/plain")], None)
    return parts
