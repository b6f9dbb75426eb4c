"""Cuts the web fonts down to the axes, letters and features that the site uses, and keeps the results.

Limiting a variable font takes seconds, so each finished font lies in a cache under a name made of its source and
its recipe, and of what is written here.
"""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# The `unicode-range` of the @font-face rules in static/css has to say the same as these.
BASIC = (
    "U+0020-007E,U+00A0,U+00A3,U+00A7,U+00A9,U+00AB,U+00AD,U+00B0,U+00B7,U+00BB,U+00D7,U+2000-201F,U+2021-206F,"
    "U+20AC,U+2212"
)
"""What an English page is set in: ASCII, and what newspapers set beside it: dashes, quotes, ellipsis, £, €, °, −, ×."""
ACCENTS = (
    "U+00A1-00A2,U+00A4-00A6,U+00A8,U+00AA,U+00AC,U+00AE-00AF,U+00B1-00B6,U+00B8-00BA,U+00BC-00D6,U+00D8-00FF,"
    "U+0131,U+0152-0153,U+02C6,U+02DA,U+02DC,U+2122,U+2215,U+FEFF,U+FFFD"
)
"""The rest of Latin-1 and its like. Where the site's language has such letters, its pages ask for them early, too."""
LATIN = f"{BASIC},{ACCENTS}"
LATIN_EXT = "U+0100-0130,U+0132-0151,U+0154-024F,U+0259,U+1E00-1EFF,U+2020"
"""The rest of Latin, for names such as Łódź or Dvořák: a browser loads it only where a page needs it."""
FEATURES = ("kern", "liga", "calt", "ccmp", "mark", "mkmk", "locl", "tnum", "lnum", "onum", "pnum")
KERNING_STEP = 0.008
"""Kerning is rounded to this part of an em, 0.3 pixels in a large headline: half of a cut was its numbers."""
LABEL_KERNING_STEP = 0.03
"""The same for labels, of 16 pixels at most."""
LABEL_FEATURES = ("kern", "tnum")
"""Labels in the letters of English: no ligatures, no forms that only other languages have."""
NAMES = (0, 14)
"""What is told of a font in its file: whose it is, and its licence."""

_PAIRS = 2
"""The number that OpenType gives a lookup of pairs."""
_NEEDLESS = {"GDEF", "HVAR", "STAT"}
"""Which letters are marks (none is), widths by weight (the outlines say them as well), what menus of fonts show."""
_VARIATIONS = 0x40
"""The bit of a distance that differs by weight."""


@dataclass(frozen=True)
class Recipe:
    """One finished font: the file in its npm package, the limits of its axes, its letters."""

    name: str
    package: str
    file: str
    axes: tuple[tuple[str, float, float], ...]
    letters: str = LATIN
    kerning_step: float = KERNING_STEP
    features: tuple[str, ...] = FEATURES
    flavor: str = "woff2"
    """Or "ttf", for pictures that the server draws; browsers never get that."""

    def source(self, packages: Path) -> Path:
        """Answer the file that npm brought."""
        return packages / "@fontsource-variable" / self.package / "files" / self.file


# A page first shows two cuts, each a third of a font with both axes; bold letters come where a text has some. What is
# asked for early is cut once more, into the letters of every page and the accents.
_TEXT_AXES = (("opsz", 18, 18), ("wght", 400, 400))
_HEADLINE_AXES = (("opsz", 36, 36), ("wght", 500, 500))
_BOLD_AXES = (("opsz", 18, 18), ("wght", 700, 700))
_ITALIC_AXES = (("opsz", 18, 18), ("wght", 400, 400))
_SANS_AXES = (("wght", 400, 700),)
_FILE = "newsreader-latin-opsz-normal.woff2"
_SANS_FILE = "public-sans-latin-wght-normal.woff2"
_EXT_FILE = "newsreader-latin-ext-opsz-normal.woff2"

RECIPES = (
    Recipe("newsreader", "newsreader", _FILE, _TEXT_AXES, BASIC),
    Recipe("newsreader-accents", "newsreader", _FILE, _TEXT_AXES, ACCENTS),
    Recipe("newsreader-headline", "newsreader", _FILE, _HEADLINE_AXES, BASIC),
    Recipe("newsreader-headline-accents", "newsreader", _FILE, _HEADLINE_AXES, ACCENTS),
    Recipe("newsreader-bold", "newsreader", _FILE, _BOLD_AXES),
    Recipe("newsreader-italic", "newsreader", "newsreader-latin-opsz-italic.woff2", _ITALIC_AXES),
    Recipe("newsreader-ext", "newsreader", _EXT_FILE, _TEXT_AXES, LATIN_EXT),
    Recipe("newsreader-headline-ext", "newsreader", _EXT_FILE, _HEADLINE_AXES, LATIN_EXT),
    Recipe("newsreader-bold-ext", "newsreader", _EXT_FILE, _BOLD_AXES, LATIN_EXT),
    Recipe(
        "share-picture",
        "newsreader",
        _FILE,
        (("opsz", 60, 60), ("wght", 500, 500)),
        flavor="ttf",
    ),
    Recipe("public-sans", "public-sans", _SANS_FILE, _SANS_AXES, BASIC, LABEL_KERNING_STEP, LABEL_FEATURES),
    Recipe("public-sans-accents", "public-sans", _SANS_FILE, _SANS_AXES, ACCENTS, LABEL_KERNING_STEP),
    Recipe(
        "public-sans-ext",
        "public-sans",
        "public-sans-latin-ext-wght-normal.woff2",
        _SANS_AXES,
        LATIN_EXT,
        LABEL_KERNING_STEP,
    ),
)


def finished(recipe: Recipe, packages: Path, cache: Path) -> bytes:
    """Answer the font file for a recipe, out of the cache where it has been made before."""
    source = recipe.source(packages).read_bytes()
    key = hashlib.sha256(source + repr(recipe).encode() + Path(__file__).read_bytes()).hexdigest()[:20]
    stored = cache / f"{recipe.name}.{key}.{recipe.flavor}"
    if not stored.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        unfinished = stored.with_suffix(".part")
        _cut(recipe, recipe.source(packages), unfinished)
        unfinished.replace(stored)
    return stored.read_bytes()


def _cut(recipe: Recipe, source: Path, target: Path) -> None:
    from fontTools.subset import Options, Subsetter, parse_unicodes, save_font
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    font = TTFont(source)
    # Letters first: limiting the axes of fewer glyphs is quicker, and the result is the same.
    flavor = None if recipe.flavor == "ttf" else recipe.flavor
    options = Options(
        flavor=flavor, layout_features=list(recipe.features), hinting=False, notdef_outline=True
    )
    options.desubroutinize = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=parse_unicodes(recipe.letters))
    subsetter.subset(font)
    limits = {tag: low if low == high else (low, high) for tag, low, high in recipe.axes}
    font = instancer.instantiateVariableFont(font, limits)
    _round_kerning(font, recipe.kerning_step)
    for table in _NEEDLESS & set(font.keys()):
        del font[table]
    font["name"].names = [name for name in font["name"].names if name.nameID in NAMES]
    font.flavor = flavor
    save_font(font, str(target), options)


def _round_kerning(font: Any, part: float) -> None:
    """Round the distances of pairs of letters, and let all weights have the same.

    A pair that comes to nothing stays: its class may say otherwise.
    """
    step = round(part * font["head"].unitsPerEm)
    for lookup in font["GPOS"].table.LookupList.Lookup if "GPOS" in font else ():
        for table in (getattr(one, "ExtSubTable", one) for one in lookup.SubTable):
            if table.LookupType == _PAIRS:
                table.ValueFormat1 &= ~_VARIATIONS
                for value in _distances(table):
                    value.XAdvance = step * round(value.XAdvance / step)
                    vars(value).pop("XAdvDevice", None)


def _distances(table: Any) -> Iterator[Any]:
    """What a table of pairs says, of letters or of classes of letters."""
    if table.Format == 1:
        yield from (one.Value1 for pairs in table.PairSet for one in pairs.PairValueRecord)
    else:
        yield from (cell.Value1 for row in table.Class1Record for cell in row.Class2Record)
