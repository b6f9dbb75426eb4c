"""The sizes in which a picture is sent: which there are, what they are called, and how wide a place shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass

WIDTHS = (100, 200, 400, 600, 750, 800, 1200, 1600, 2000)
"""Pixels. Each is at most twice the one before, so that no place gets more than twice what it shows. Phones
show 720 or 750 (360 and 375 twice), others 780 or 824."""
FALLBACK_WIDTHS = (400, 800, 1200)
"""Of JPEG, for browsers that know neither AVIF nor WebP, and for other sites' previews."""
FORMATS = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
ADDRESS = "/pictures"


@dataclass(frozen=True)
class Place:
    """Where a picture stands: how wide it is shown, as a `sizes` attribute says it, and the JPEG of about that size."""

    sizes: str
    fallback: int


PLACES = {
    "lead": Place("(min-width: 75rem) 824px, (min-width: 64rem) calc(100vw - 27rem), 100vw", 1200),
    "front": Place("(min-width: 75rem) 792px, (min-width: 64rem) 66vw, 100vw", 1200),
    "story": Place("(min-width: 64rem) 400px, (min-width: 48rem) 50vw, 100vw", 800),
    "row": Place("(min-width: 48rem) 240px, 112px", 400),
    "thumb": Place("84px", 400),
    "text": Place("(min-width: 48rem) 600px, 100vw", 800),
    "whole": Place("(min-width: 75rem) 1200px, 100vw", 1200),
}


def widths(original: int, of: tuple[int, ...] = WIDTHS) -> list[int]:
    """The widths made of a picture, the narrowest first: none wider than it is, and its own where it is small."""
    fitting = [width for width in of if width < original]
    return fitting if len(fitting) == len(of) else [*fitting, original]


def address(rendition: str, width: int, ending: str) -> str:
    """Where one size is served."""
    return f"{ADDRESS}/{rendition}/{width}.{ending}"


def srcset(rendition: str, original: int, ending: str) -> str:
    """All sizes in one format, as the attribute lists them."""
    return ", ".join(f"{address(rendition, width, ending)} {width}w" for width in widths(original))


def fallback(rendition: str, original: int, wanted: int) -> str:
    """The JPEG nearest to `wanted`, which an `<img>` names for browsers that know nothing better."""
    offered = widths(original, FALLBACK_WIDTHS)
    fitting = [width for width in offered if width >= wanted]
    return address(rendition, fitting[0] if fitting else offered[-1], "jpg")


_IMAGE = re.compile(r"<img\b[^>]*>")
_SOURCE = re.compile(r'\bsrc="/(?:media|wp-content/uploads)/([^"?#]+)"')
_ATTRIBUTE = re.compile(r'\b(alt|width|height)="([^"]*)"')


@dataclass(frozen=True)
class Shown:
    """An `<img>` of a clean text: the file that it names, its alternative text (escaped), the size it asks for."""

    file: str
    alt: str = ""
    width: int = 0
    height: int = 0


def in_text(html: str) -> dict[str, Shown]:
    """The pictures of our own in clean HTML, by their tags."""
    found = {}
    for tag in dict.fromkeys(_IMAGE.findall(html)):
        source = _SOURCE.search(tag)
        if source:
            given = dict(_ATTRIBUTE.findall(tag))
            sizes = {
                name: int(given[name]) for name in ("width", "height") if given.get(name, "").isdecimal()
            }
            found[tag] = Shown(source[1], given.get("alt", ""), **sizes)
    return found
