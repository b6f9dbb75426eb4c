"""Slugs as WordPress makes and writes them."""

from __future__ import annotations

import re
from collections.abc import Container
from urllib.parse import unquote

from slugify import slugify

LONGEST = 200


def decoded(slug: str) -> str:
    """A slug as people read it: exports keep those outside ASCII percent-encoded."""
    return unquote(slug, errors="replace").replace("/", "-").strip()[:LONGEST]


def made_from(text: str) -> str:
    """The slug that WordPress would make of a name, in ASCII; may be empty."""
    return slugify(re.sub(r"['’]", "", text), max_length=LONGEST)


def free(slug: str, taken: Container[str]) -> str:
    """The slug itself, or the first of slug-2, slug-3, … that is not taken."""
    number, candidate = 1, slug
    while candidate in taken:
        number += 1
        candidate = f"{slug[: LONGEST - 8]}-{number}"
    return candidate
