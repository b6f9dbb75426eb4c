"""Slugs of names."""

from __future__ import annotations

from slugify import slugify

LONGEST = 190


def slug_of(written: str) -> str:
    """The slug under which a name is kept; never empty."""
    return (
        slugify(written, max_length=LONGEST)
        or slugify(written, max_length=LONGEST, allow_unicode=True)
        or "unnamed"
    )
