"""XML elements one after the other, for exports that no memory would hold."""

from __future__ import annotations

from typing import IO, Any
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from webapp.markup_text import printable


class Elements:
    """Elements one after the other. Characters that XML forbids are left out."""

    def __init__(self, file: IO[str]) -> None:
        out: Any = file  # The stubs do not know that text will do.
        self.xml = XMLGenerator(out, "utf-8", short_empty_elements=False)

    def open(self, name: str, **attributes: str) -> None:
        self.xml.startElement(name, AttributesImpl(attributes))
        self.xml.ignorableWhitespace("\n")

    def close(self, name: str) -> None:
        self.xml.endElement(name)
        self.xml.ignorableWhitespace("\n")

    def put(self, name: str, value: Any, **attributes: str) -> None:
        self.xml.startElement(
            name, AttributesImpl({key: printable(text) for key, text in attributes.items()})
        )
        self.xml.characters(printable(str(value)))
        self.xml.endElement(name)
        self.xml.ignorableWhitespace("\n")

    def meta(self, key: str, value: Any, of: str = "post") -> None:
        """A value that an `of` (post, comment, term) has beside its own; none where there is nothing to say."""
        if value:
            self.every_meta(key, value, of)

    def every_meta(self, key: str, value: Any, of: str = "post") -> None:
        """The same, empty values too."""
        self.open(f"wp:{of}meta")
        self.put("wp:meta_key", key)
        self.put("wp:meta_value", value)
        self.close(f"wp:{of}meta")
