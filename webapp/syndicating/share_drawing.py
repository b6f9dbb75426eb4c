"""How the picture of a link is drawn (webapp/syndicating/share_picture.py says for which article)."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from webapp import paths
from webapp.syndicating.share_picture import HEIGHT, WIDTH

INK = (250, 245, 236)
_EDGE = 80
_SIZES = (96, 84, 72, 62, 54, 46)
_MOST_LINES = 5


def draw(headline: str, category: str, site_title: str, ground: tuple[int, int, int]) -> Image.Image:
    """The picture itself. What the typeface has no letters for is left out, all of it."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), ground)
    pen = ImageDraw.Draw(picture)
    small = _font(34)
    pen.rectangle((_EDGE, _EDGE + 14, _EDGE + 72, _EDGE + 20), fill=INK)
    if _has_letters(category):
        pen.text((_EDGE + 96, _EDGE), category, font=small, fill=INK)
    if _has_letters(site_title):
        pen.text((_EDGE, HEIGHT - _EDGE - 34), site_title, font=small, fill=INK)
    if not _has_letters(headline):
        return picture
    font, lines = _set(headline)
    height = int(font.size * 1.1)
    top = HEIGHT - _EDGE - 80 - height * len(lines)
    for number, line in enumerate(lines):
        pen.text((_EDGE, top + number * height), line, font=font, fill=INK)
    return picture


def _set(headline: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest type in which the headline fits; too long for the smallest, it ends with an ellipsis."""
    room = HEIGHT - 2 * _EDGE - 140
    font, lines = _font(_SIZES[-1]), [headline]
    for size in _SIZES:
        font = _font(size)
        lines = _lines(headline, font)
        if len(lines) <= _MOST_LINES and len(lines) * size * 1.1 <= room:
            return font, lines
    kept = lines[:_MOST_LINES]
    kept[-1] = kept[-1].rstrip(" ,;:") + "…"
    return font, kept


def _lines(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Broken between words; a word that is longer than a line is broken where it must."""
    lines: list[str] = [""]
    for word in text[:400].split():
        wanted = f"{lines[-1]} {word}".strip()
        if _fits(wanted, font):
            lines[-1] = wanted
            continue
        lines.append(word)
        while not _fits(lines[-1], font):
            whole = lines[-1]
            fitting = next(end for end in range(len(whole) - 1, 0, -1) if _fits(whole[:end], font))
            lines[-1:] = [whole[:fitting], whole[fitting:]]
    return [line for line in lines if line]


def _fits(line: str, font: ImageFont.FreeTypeFont) -> bool:
    return font.getbbox(line)[2] <= WIDTH - 2 * _EDGE


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    found = next((paths.dist_dir() / "fonts").glob("share-picture.*.ttf"))
    return ImageFont.truetype(str(found), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1)
def _letters() -> frozenset[str]:
    """The characters that the typeface draws: those of tools/fonts.py."""
    ranges = (
        (0x20, 0x7E),
        (0xA0, 0xFF),
        (0x152, 0x153),
        (0x2010, 0x201F),
        (0x2026, 0x2026),
        (0x20AC, 0x20AC),
    )
    return frozenset(chr(code) for first, last in ranges for code in range(first, last + 1)) | {"−", "™"}


def _has_letters(text: str) -> bool:
    return bool(text.strip()) and set(text) <= _letters()
