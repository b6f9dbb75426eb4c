"""The picture that a link to an article without a photograph shows elsewhere: its headline on its category's colour."""

from __future__ import annotations

import hashlib
from pathlib import Path

from webapp.models import Article
from webapp.reading.rules import headline_of

WIDTH, HEIGHT = 1200, 630
VERSION = "1"
"""Raise it when the picture is to be drawn differently: its address changes with it."""
GROUNDS = ((22, 75, 101), (124, 64, 20), (56, 63, 83), (33, 79, 61), (108, 34, 49), (79, 49, 93))
"""The grounds of covers in static/css/tokens.css, in sRGB."""


def key(article: Article) -> str:
    """Changes with everything that the picture shows."""
    category = article.category
    shown = (
        VERSION,
        headline_of(article),
        category.name if category else "",
        str(category.ground if category else 2),
    )
    return hashlib.blake2b("\0".join(shown).encode(), digest_size=8).hexdigest()


def address(article: Article) -> str:
    """Where it is served."""
    return f"/share-pictures/{article.id}-{key(article)}.png"


def drawn(article: Article, site_title: str, folder: Path) -> Path:
    """The file of an article's picture, drawn when it is asked for first."""
    path = folder / f"{article.id}-{key(article)}.png"
    if not path.is_file():
        from webapp.syndicating.share_drawing import draw  # Here, since drawing takes long to import.

        folder.mkdir(parents=True, exist_ok=True)
        category = article.category
        picture = draw(
            headline_of(article),
            category.name if category else "",
            site_title,
            GROUNDS[category.ground if category else 2],
        )
        draft = path.with_suffix(".part")
        picture.save(draft, "PNG", optimize=True)
        draft.replace(path)
    return path
