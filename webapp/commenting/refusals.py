"""Why a comment was not taken."""

from __future__ import annotations


class Refused(Exception):
    """A comment was not taken; the message says why. `status` for HTTP, `wait` in seconds."""

    def __init__(self, status: int, message: str, *, wait: int = 0, field: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.wait = wait
        self.field = field
