"""Names that look the same, and what may stand in links: no Flask, no SQL."""

from __future__ import annotations

import unicodedata

from webapp.markup_text import fold

# Letters of other scripts that readers take for Latin ones. Not every look-alike there is: those that spell names.
_ALIKE = str.maketrans(
    "аеорсухіјѕԁһԛԝкмтвнгıɡɑοαερτυνικβηγωсı01",
    "aeopcyxijsdhqwkmtbhrigaoaeptuvikbnywcioi",
)


def name_key(name: str) -> str:
    """The same for names that a reader would take for each other: without case, accents, spaces, signs, look-alikes."""
    folded = fold(name).casefold().translate(_ALIKE)
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")[:245]
