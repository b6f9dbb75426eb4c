"""Networks."""

from __future__ import annotations


def form_origins() -> tuple[str, ...]:
    return ()
