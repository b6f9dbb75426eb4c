"""What may be brought into the library: by content, never by name."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
KINDS: dict[str, tuple[str, ...]] = {
    "picture": (".jpg", ".png", ".webp", ".avif", ".gif"),
    "document": (".pdf",),
    "sound": (".mp3", ".ogg", ".wav", ".m4a"),
    "film": (".mp4", ".webm"),
}
ACCEPTED = ",".join(ending for endings in KINDS.values() for ending in (*endings, ".jpeg"))
_FTYP = {
    b"avif": ".avif",
    b"avis": ".avif",
    b"M4A ": ".m4a",
    b"isom": ".mp4",
    b"iso2": ".mp4",
    b"iso5": ".mp4",
    b"iso6": ".mp4",
    b"mp41": ".mp4",
    b"mp42": ".mp4",
    b"avc1": ".mp4",
    b"dash": ".mp4",
}
_STARTS = (
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"GIF87a", ".gif"),
    (b"GIF89a", ".gif"),
    (b"%PDF-", ".pdf"),
    (b"ID3", ".mp3"),
    (b"\xff\xfb", ".mp3"),
    (b"\xff\xf3", ".mp3"),
    (b"\xff\xf2", ".mp3"),
    (b"OggS", ".ogg"),
    (b"\x1aE\xdf\xa3", ".webm"),
)


class Refused(ValueError):
    """A file is not taken; the message says why, without its name."""


def ending_of(start: bytes) -> str:
    """The ending that a file's first bytes call for. Raises Refused for what the library does not take.

    >>> ending_of(bytes([0x89]) + b"PNG" + bytes([13, 10, 26, 10]))
    '.png'
    """
    for signature, ending in _STARTS:
        if start.startswith(signature):
            return ending
    if start[:4] == b"RIFF" and start[8:12] in (b"WEBP", b"WAVE"):
        return ".webp" if start[8:12] == b"WEBP" else ".wav"
    if start[4:8] == b"ftyp" and start[8:12] in _FTYP:
        return _FTYP[start[8:12]]
    if b"<svg" in start[:1000].lower():
        raise Refused("is an SVG drawing, which can hold programs. Bring it as PNG.")
    raise Refused(
        "is none of the kinds taken here: JPEG, PNG, WebP, AVIF, GIF, PDF, MP3, OGG, WAV, M4A, MP4, WebM."
    )


def kind_of(ending: str) -> str:
    """picture, document, sound or film."""
    return next(kind for kind, endings in KINDS.items() if ending in endings)


@dataclass(frozen=True)
class Box:
    """A part of a picture, in percent of its width and height."""

    left: float
    top: float
    width: float
    height: float

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom. Raises Refused where nothing would be left."""
        left, top = round(width * self.left / 100), round(height * self.top / 100)
        right = min(width, round(width * (self.left + self.width) / 100))
        bottom = min(height, round(height * (self.top + self.height) / 100))
        if not (0 <= left < right and 0 <= top < bottom) or right - left < 16 or bottom - top < 16:
            raise Refused("The part to be kept lies outside of the picture, or is smaller than 16 pixels.")
        return left, top, right, bottom
