"""Takes the place where a photograph was made out of its file; the picture and the length of the file stay the same.

Positions stand in two forms: the GPS directory of Exif (a TIFF file in small, inside JPEG, WebP or AVIF), and
attributes of XMP (text). Both are overwritten where they stand, so nothing has to be compressed again.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

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


@dataclass(frozen=True)
class _Tiff:
    """A TIFF structure that begins at `base`. Reading behind the end of the data raises struct.error."""

    data: bytes
    base: int

    def number(self, form: str, at: int) -> int:
        order = "<" if self.data[self.base : self.base + 2] == b"II" else ">"
        return struct.unpack_from(order + form, self.data, at)[0]

    def pointer(self, at: int) -> int:
        return self.base + self.number("I", at)

    def entries(self, directory: int) -> range:
        """Where the entries of a directory begin; none where there are too many to be true."""
        count = self.number("H", directory)
        return range(directory + 2, directory + 2 + 12 * (count if count <= _MOST_ENTRIES else 0), 12)

    def values(self, entry: int) -> tuple[int, int]:
        """Where the values lie that an entry points at; nowhere for those that stand in the entry itself."""
        size = _SIZES.get(self.number("H", entry + 2), 1) * self.number("I", entry + 4)
        start = self.pointer(entry + 8)
        return (start, start + size) if size > 4 and start + size <= len(self.data) else (entry, entry)


def _places(data: bytes, base: int) -> Iterator[tuple[int, int]]:
    """Where the GPS directory of a TIFF structure at `base` lies, with all that it points at. Broken ones have none."""
    tiff = _Tiff(data, base)
    try:
        found = [e for e in tiff.entries(tiff.pointer(base + 4)) if tiff.number("H", e) == _GPS]
        for directory in (tiff.pointer(entry + 8) for entry in found):
            for inner in tiff.entries(directory):
                yield tiff.values(inner)
                yield inner, inner + 12
            yield directory, directory + 2
    except struct.error:
        return
