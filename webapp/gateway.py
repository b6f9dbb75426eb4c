"""Runs a WSGI application behind granian's asynchronous interface (RSGI).

Through granian's own WSGI interface a worker's thread is taken as soon as the head of a request has come, and stays
taken while the body trickles in: a handful of slow clients stops the site. Here a body is read whole, in the event
loop, with a limit on its size and on the time it may take; only then does the application run, one request at a time
in a worker, which is as quick as threads are (docs/decisions/server.md has the figures).
"""

import asyncio
import io
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

# granian documents these names; it does not mark them as exported.
from granian.rsgi import (
    HTTPProtocol,  # pyright: ignore[reportPrivateImportUsage]
    ProtocolClosed,  # pyright: ignore[reportPrivateImportUsage]
    ProtocolError,  # pyright: ignore[reportPrivateImportUsage]
    Scope,
)
from werkzeug.wsgi import FileWrapper

WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

LARGEST_BODY = 64 * 1024 * 1024
"""In bytes. The application has lower limits of its own; this one protects the disk."""
LONGEST_BODY = 120.0
"""Seconds from the head of a request to the end of its body."""
LONGEST_SILENCE = 20.0
"""Seconds between two parts of a body."""
_IN_MEMORY = 256 * 1024
_FILE_CHUNK = 256 * 1024
_WITHOUT_BODY = {204, 304}


class TooLarge(Exception):
    """The body is longer than LARGEST_BODY."""


class Gateway:
    """An RSGI application that hands each request to a WSGI application.

    Unless that has an answer at hand: its attribute `kept_answer`, where there is one, is called with the request as it
    came and gives status, headers and body, or None. `begin_serving`, where there is one, is called in each worker with
    a function that calls another in so many seconds, in a thread beside the requests; `end_serving` when the worker has
    answered its last request.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self.kept: Callable[[Scope], tuple[int, list[tuple[str, str]], bytes] | None] = getattr(
            application, "kept_answer", lambda _scope: None
        )

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """The server calls it before the first request."""

        def later(seconds: float, call: Callable[[], None]) -> None:
            loop.call_soon_threadsafe(lambda: loop.call_later(seconds, loop.run_in_executor, None, call))

        getattr(self.application, "begin_serving", _nothing)(later)

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """The server calls it after the last one, where it stops the worker and nobody kills it."""
        getattr(self.application, "end_serving", _nothing)()

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answers one request."""
        found = self.kept(scope)
        if found is not None:
            status, headers, body = found
            if scope.method == "HEAD" or status in _WITHOUT_BODY:
                protocol.response_empty(status, headers)
            else:
                protocol.response_bytes(status, headers, body)
            return
        try:
            body, length = await _read_body(scope, protocol)
        except ProtocolClosed:
            return
        except TimeoutError:
            _refuse(protocol, 408, "The request took too long to arrive.\n")
            return
        except TooLarge:
            _refuse(protocol, 413, "The request is too large.\n")
            return
        with body:
            await _answer(self.application, make_environ(scope, body, length), protocol)


def _nothing(*_: object) -> None:
    pass


async def _read_body(scope: Scope, protocol: HTTPProtocol) -> tuple[IO[bytes], int | None]:
    """The body as a file, and its length; None as length when the request has none."""
    headers = scope.headers
    declared = headers.get("content-length")
    if declared in (None, "0") and "transfer-encoding" not in headers:
        return io.BytesIO(), None
    if declared and declared.isdecimal() and int(declared) > LARGEST_BODY:
        raise TooLarge
    # SIM115 does not see that the caller closes it.
    body = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
    try:
        length = await _copy(protocol, body)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body, length


async def _copy(protocol: HTTPProtocol, body: IO[bytes]) -> int:
    loop = asyncio.get_running_loop()
    end = loop.time() + LONGEST_BODY
    length = 0
    async with asyncio.timeout_at(min(end, loop.time() + LONGEST_SILENCE)) as limit:
        async for chunk in protocol:
            length += len(chunk)
            if length > LARGEST_BODY:
                raise TooLarge
            body.write(chunk)
            limit.reschedule(min(end, loop.time() + LONGEST_SILENCE))
    return length


def _refuse(protocol: HTTPProtocol, status: int, text: str) -> None:
    # The rest of the body may still come, so the connection cannot serve another request.
    headers = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
    protocol.response_str(status, headers, text)


def make_environ(scope: Scope, body: IO[bytes], length: int | None) -> dict[str, Any]:
    """The WSGI environment of a request (PEP 3333)."""
    server, _, port = scope.server.rpartition(":")
    client, _, client_port = scope.client.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client.strip("[]"),
        "REMOTE_PORT": client_port,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": _wrap_file,
    }
    for name, value in scope.headers.items():
        # A name with an underscore would pass for the one with a hyphen: X_Forwarded_For for X-Forwarded-For.
        if "_" in name or name in ("content-length", "transfer-encoding"):
            continue
        key = "CONTENT_TYPE" if name == "content-type" else "HTTP_" + name.upper().replace("-", "_")
        joined = "; " if name == "cookie" else ","
        environ[key] = f"{environ[key]}{joined}{value}" if key in environ else value
    if length is not None:
        environ["CONTENT_LENGTH"] = str(length)
    return environ


def _wrap_file(file: IO[bytes], _buffer_size: int = 0) -> FileWrapper:
    return FileWrapper(file, _FILE_CHUNK)


class _Response:
    """What the application said with start_response, and what it sent with the old write function."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.written: list[bytes] = []

    def start(
        self, status: str, headers: list[tuple[str, str]], _exc_info: object = None
    ) -> Callable[[bytes], None]:
        self.status, self.headers = int(status[:3]), headers
        return self.written.append


async def _answer(application: WSGIApplication, environ: dict[str, Any], protocol: HTTPProtocol) -> None:
    response = _Response()
    parts = application(environ, response.start)
    try:
        await _send(response, iter(parts), environ["REQUEST_METHOD"], protocol)
    except (ProtocolClosed, ProtocolError):
        pass  # The client has gone away in the middle of a long answer.
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()


async def _send(response: _Response, parts: Iterator[bytes], method: str, protocol: HTTPProtocol) -> None:
    """Sends the whole answer at once where it is in one part, else part by part as the client takes them."""
    first = next(parts, b"")
    second = next(parts, None)
    if method == "HEAD" or response.status in _WITHOUT_BODY:
        protocol.response_empty(response.status, response.headers)
    elif second is None and not response.written:
        protocol.response_bytes(response.status, response.headers, first)
    else:
        transport = protocol.response_stream(response.status, response.headers)
        for part in (*response.written, first, second):
            if part:
                await transport.send_bytes(part)
        for part in parts:
            await transport.send_bytes(part)
