"""Composes an SVG sprite from a list such as `static/icons.txt`: one `<symbol id="i-name">` for each line."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

STROKE_WIDTH = "1.75"
_OUTER_SVG = re.compile(r"<svg\b([^>]*)>(.*)</svg>", re.DOTALL)
_PATH = re.compile(r' d="([^"]+)"')
_STEP = re.compile(r"[\s,]*(?:([a-zA-Z])|(-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?))")
_ARC_FLAG = re.compile(r"[\s,]*()([01])")
_VIEW_BOX = re.compile(r'viewBox="([^"]+)"')


def compose(listing: Path, own_drawings: Path, packages: Path) -> str:
    """Answer the sprite for the icons that `listing` names.

    `own_drawings` holds our SVG files, `packages` is npm's folder. ValueError names a line that leads
    nowhere.
    """
    sets: dict[str, dict[str, Any]] = {}
    symbols: list[str] = []
    for number, line in enumerate(listing.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, source = line.partition(" ")
        try:
            symbols.append(_symbol(name, source.strip(), own_drawings, packages, sets))
        except (KeyError, OSError) as error:
            raise ValueError(f"{listing}, line {number}: there is no icon {source.strip()!r}") from error
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def _symbol(
    name: str, source: str, own_drawings: Path, packages: Path, sets: dict[str, dict[str, Any]]
) -> str:
    collection, colon, icon = source.partition(":")
    if not colon:
        return _own_symbol(name, (own_drawings / source).read_text(encoding="utf-8"))
    if collection not in sets:
        text = (packages / "@iconify-json" / collection / "icons.json").read_text(encoding="utf-8")
        sets[collection] = json.loads(text)
    drawings = sets[collection]
    icon = drawings.get("aliases", {}).get(icon, {}).get("parent", icon)
    drawing = drawings["icons"][icon]
    width = drawing.get("width", drawings.get("width", 16))
    height = drawing.get("height", drawings.get("height", 16))
    # Hairlines suit the page better than the two pixels that these drawings come with.
    body = drawing["body"].replace('stroke-width="2"', f'stroke-width="{STROKE_WIDTH}"')
    body = _PATH.sub(lambda path: f' d="{_rounded(path[1])}"', body)
    return f'<symbol id="i-{name}" viewBox="0 0 {width} {height}">{body}</symbol>'


def _rounded(path: str) -> str:
    """The lines of a path with two decimals, of some 24 units. ValueError for what is no path."""
    parts, command, count, at = [""], "", 0, 0
    while at < len(path.rstrip()):
        # The two flags of an arc may stand without anything between them and the next number.
        is_flag = command in ("a", "A") and count % 7 in (3, 4)
        found = (is_flag and _ARC_FLAG.match(path, at)) or _STEP.match(path, at)
        if found is None:
            raise ValueError(path[at:])
        at = found.end()
        if found[1]:
            command, count = found[1], 0
            parts.append(command)
            continue
        number = f"{float(found[2]):.2f}".rstrip("0").rstrip(".").replace("-0.", "-.")
        number = (
            "0" if number in ("-0", "-") else number.removeprefix("0") if number.startswith("0.") else number
        )
        count += 1
        # A sign, or a second point, ends the number before it.
        joins = (
            not parts[-1]
            or parts[-1].isalpha()
            or number[0] == "-"
            or (number[0] == "." and "." in parts[-1])
        )
        parts.append(number if joins else f" {number}")
    return "".join(parts)


def _own_symbol(name: str, text: str) -> str:
    outer = _OUTER_SVG.search(text)
    box = _VIEW_BOX.search(outer[1]) if outer else None
    if outer is None or box is None:
        raise KeyError(name)
    return f'<symbol id="i-{name}" viewBox="{box[1]}">{outer[2].strip()}</symbol>'


def drawn() -> Iterator[tuple[str, bytes]]:
    """The mark of static/img/favicon.svg as pictures, for home screens: its name and its PNG."""
    for name, size, margin in (
        ("icon-180", 180, 0),
        ("icon-192", 192, 0),
        ("icon-512", 512, 0),
        ("icon-mask", 512, 72),
    ):
        yield name, _mark(size, margin)


def _mark(size: int, margin: int) -> bytes:
    """`margin`: what a round mask may cut away on each side."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (size, size), "#fdfcf9")
    pen = ImageDraw.Draw(picture)
    unit = (size - 2 * margin) / 32
    for colour, left, top, width, height in (
        ("#b32a20", 5, 5, 13, 3.5),
        ("#191b22", 5, 12, 22, 2.5),
        ("#191b22", 5, 18, 22, 2.5),
        ("#191b22", 5, 24, 14, 2.5),
    ):
        box = (left, top, left + width, top + height)
        pen.rectangle([margin + round(edge * unit) for edge in box], fill=colour)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()
