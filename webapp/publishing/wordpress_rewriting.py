"""The last pass over converted HTML before it is cleaned: WordPress's classes, addresses and pictures.

Its classes for alignment and kinds of blocks become the `body-*` classes that the sanitiser lets through, own
addresses become paths, and pictures get the size and the alternative text of their attachment.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from webapp.markup_tokens import VOID, End, Start, Token
from webapp.publishing.wordpress_context import Context, Findings, MediaInfo

_CLASSES = {
    "aligncenter": "body-center",
    "alignfull": "body-full",
    "alignleft": "body-left",
    "alignright": "body-right",
    "alignwide": "body-wide",
    "gallery": "body-gallery",
    "has-text-align-center": "body-text-center",
    "has-text-align-right": "body-text-right",
    "wp-block-button__link": "body-button",
    "wp-block-column": "body-column",
    "wp-block-columns": "body-columns",
    "wp-block-cover": "body-cover",
    "wp-block-gallery": "body-gallery",
    "wp-block-media-text": "body-media",
    "wp-block-pullquote": "body-pull",
    "wp-block-verse": "body-verse",
}
_COLUMNS = re.compile(r"(?:gallery-)?columns-([1-9])$")
_NUMBER_CLASS = re.compile(r"(?:wp-image-|attachment_)(\d{1,12})$")
_BACKGROUND = re.compile(r"background-image\s*:\s*url\(\s*['\"]?([^'\")\s]+)", re.IGNORECASE)
_TEXT_ALIGN = re.compile(r"text-align\s*:\s*(center|right)", re.IGNORECASE)
_SIZED_FILE = re.compile(r"-(\d{2,4})x(\d{2,4})\.\w+$")
_UPLOADS = "/wp-content/uploads/"
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-file")
_FILE_BUTTON = "wp-block-file__button"
# Captions of the classic editor were plain boxes before HTML had figures.
_RENAMED = {
    ("div", "wp-caption"): "figure",
    ("p", "wp-caption-text"): "figcaption",
    ("div", "wp-block-file"): "p",
    # Only held a floating figure in place: the tag goes, what is in it stays.
    ("div", "wp-block-image"): "",
}


class Rewriter:
    """Rewrites the tokens of one text."""

    def __init__(self, context: Context, findings: Findings) -> None:
        self.context = context
        self.findings = findings
        self.names: dict[str, list[str]] = {}

    def rewrite(self, tokens: Iterable[Token]) -> Iterator[Token]:
        """The tokens as the sanitiser may get them."""
        in_button = False
        for token in tokens:
            if isinstance(token, Start):
                in_button = in_button or _FILE_BUTTON in _class_list(token)
            if not in_button:
                yield from self._rewritten(token)
            elif isinstance(token, End) and token.name == "a":
                in_button = False

    def _rewritten(self, token: Token) -> Iterator[Token]:
        if isinstance(token, Start):
            yield from self._start(token)
        elif isinstance(token, End):
            stack = self.names.get(token.name)
            name = stack.pop() if stack else token.name
            yield from [End(name)] if name else []
        else:
            yield token

    def _start(self, token: Start) -> Iterator[Token]:
        classes = _class_list(token)
        style = token.attributes.get("style", "")
        name = next(
            (new for (old, mark), new in _RENAMED.items() if token.name == old and mark in classes),
            token.name,
        )
        if token.name not in VOID:
            self.names.setdefault(token.name, []).append(name)
        if not name:
            return
        attributes = dict(token.attributes)
        attributes["class"] = " ".join(self._body_classes(token, classes, style))
        if name == "img":
            self._picture(attributes, classes)
        self._addresses(attributes)
        yield Start(name, attributes, token.self_closing)
        background = (
            _BACKGROUND.search(style) if any(mark.startswith("wp-block-cover") for mark in classes) else None
        )
        if background:
            picture = {"src": background[1], "alt": token.attributes.get("aria-label", "")}
            self._picture(picture, classes)
            self._addresses(picture)
            yield Start("img", picture)

    def _body_classes(self, token: Start, classes: list[str], style: str) -> Iterator[str]:
        for name in classes:
            if name in _CLASSES:
                yield _CLASSES[name]
            elif name.startswith("body-"):
                yield name
            columns = _COLUMNS.match(name)
            if columns:
                yield f"body-gallery-{columns[1]}"
        align = token.attributes.get("align", "").lower()
        text_align = _TEXT_ALIGN.search(style)
        if token.name in ("img", "table", "figure", "iframe"):
            yield from [f"body-{align}"] if align in ("left", "right", "center") else []
        elif text_align or align in ("center", "right") or token.name == "center":
            yield f"body-text-{text_align[1].lower() if text_align else align or 'center'}"

    def _picture(self, attributes: dict[str, str], classes: list[str]) -> None:
        """Fills in what the export knows of the picture's attachment and what its file name says."""
        if not attributes.get("src") or attributes["src"].startswith("data:"):
            attributes["src"] = next((attributes[name] for name in _LAZY if attributes.get(name)), "")
        number = _number(attributes, classes)
        self.findings.media_refs.add_id(number)
        info = self.context.attachment(number) if number else None
        if info and not attributes.get("alt"):
            attributes["alt"] = info.alt
        if attributes.get("width") or attributes.get("height"):
            return
        if info and info.width and info.height:
            width, height = _size_of(attributes["src"], info)
            attributes["width"], attributes["height"] = str(width), str(height)

    def _addresses(self, attributes: dict[str, str]) -> None:
        for name in ("href", "src", "poster"):
            if attributes.get(name):
                attributes[name] = self._address(attributes[name].strip())

    def _address(self, address: str) -> str:
        """Where an address of the text leads on this site; files are noted for the report."""
        served = self.context.media_address(address)
        if served is not None or _UPLOADS in urlpath(address):
            self.findings.media_refs.add(address)
        return served or self.context.local(address) or address


def urlpath(address: str) -> str:
    """The path of an address; empty when it can't be read."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _size_of(address: str, info: MediaInfo) -> tuple[int, int]:
    """The size of a picture's file: that in its name, when it is a smaller one of the same shape, or the whole."""
    sized = _SIZED_FILE.search(address.partition("?")[0])
    width, height = (int(sized[1]), int(sized[2])) if sized else (0, 0)
    same_shape = abs(width * info.height - height * info.width) <= max(info.width, info.height)
    return (width, height) if width and same_shape else (info.width, info.height)


def _class_list(token: Start) -> list[str]:
    return token.attributes.get("class", "").split()


def _number(attributes: dict[str, str], classes: list[str]) -> int:
    found = next((match for name in classes if (match := _NUMBER_CLASS.match(name))), None)
    given = found[1] if found else attributes.get("data-id", "")
    return int(given) if given.isdecimal() and len(given) <= 12 else 0
