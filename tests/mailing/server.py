"""A mail server for tests: takes everything, or answers one command as it is told."""

from __future__ import annotations

import socketserver
import threading
from typing import Any


class MailServer:
    """`received`: (sender, recipients, bytes). `answers`: what to say to a command instead of yes."""

    def __init__(self) -> None:
        self.received: list[tuple[str, list[str], bytes]] = []
        self.answers: dict[str, str] = {}
        self.hangs_up_after_data = False
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                outer._talk(self)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]

    def __enter__(self) -> MailServer:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _talk(self, line: Any) -> None:
        line.wfile.write(b"220 test server\r\n")
        sender, recipients = "", []
        while raw := line.rfile.readline():
            text = raw.decode().strip()
            verb = text[:4].upper()
            named = text[text.find("<") + 1 : text.find(">")]
            sender, recipients = (named, []) if verb == "MAIL" else (sender, recipients)
            recipients += [named] if verb == "RCPT" else []
            answer = (
                self._take(line, sender, recipients) if verb == "DATA" else self.answers.get(verb, "250 ok")
            )
            if not answer or verb == "QUIT":
                return
            line.wfile.write(answer.encode() + b"\r\n")

    def _take(self, line: Any, sender: str, recipients: list[str]) -> str:
        """Reads a mail's text and gives the answer to it; empty: hangs up."""
        line.wfile.write(b"354 go on\r\n")
        body = b""
        while (part := line.rfile.readline()) != b".\r\n":
            body += part[1:] if part.startswith(b"..") else part
        if self.hangs_up_after_data:
            return ""
        if "DATA" not in self.answers:
            self.received.append((sender, recipients, body))
        return self.answers.get("DATA", "250 taken")
