"""Takes the place where a photograph was made out of its file; the picture and the length of the file stay the same.

Positions stand in two forms: the GPS directory of Exif (a TIFF file in small, inside JPEG, WebP or AVIF), and
attributes of XMP (text). Both are overwritten where they stand, so nothing has to be compressed again.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

ENDINGS = frozenset({".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".avif", ".heic"})
"""Files that may hold a position. (PNG guards its parts by sums, and cameras don't write it.)"""
_TIFF = re.compile(rb"II\*\0|MM\0\*")
_XMP = re.compile(rb"(exif:GPS\w+\s*=\s*)(\"[^\"]*\"|'[^']*')|(<exif:GPS\w+[^>]*>)([^<]*)(?=</exif:GPS)")
_GPS, _SIZES = 0x8825, {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_MOST_ENTRIES = 512


def without(data: bytes) -> bytes:
    """The same file without a position; `data` itself where it has none, or is no picture at all."""
    if not (_TIFF.search(data) or b"exif:GPS" in data):
        return data
    blanked = bytearray(_XMP.sub(_blank_text, data))
    for found in _TIFF.finditer(data):
        for start, end in _places(data, found.start()):
            blanked[start:end] = bytes(end - start)
    return bytes(blanked)


def _blank_text(found: re.Match[bytes]) -> bytes:
    if found[1] is not None:
        quote = found[2][:1]
        return found[1] + quote + b" " * (len(found[2]) - 2) + quote
    return found[3] + b" " * len(found[4])


def _places(data: bytes, base: int) -> Iterator[tuple[int, int]]:
    """Where the GPS directory of a TIFF structure at `base` lies, with all that it points at. Broken ones have none."""
    order = "<" if data[base : base + 2] == b"II" else ">"

    def number(form: str, at: int) -> int:
        return struct.unpack_from(order + form, data, at)[0]

    def entries(directory: int) -> Iterator[int]:
        count = number("H", directory)
        if count <= _MOST_ENTRIES:
            yield from range(directory + 2, directory + 2 + 12 * count, 12)

    try:
        for entry in entries(base + number("I", base + 4)):
            if number("H", entry) != _GPS:
                continue
            directory = base + number("I", entry + 8)
            for inner in entries(directory):
                size = _SIZES.get(number("H", inner + 2), 1) * number("I", inner + 4)
                start = base + number("I", inner + 8)
                if 4 < size <= len(data) and start + size <= len(data):
                    yield start, start + size
                yield inner, inner + 12
            yield directory, directory + 2
    except struct.error:
        return
