"""What the conversion of a WordPress text must be told about the rest of the export, and what it finds out."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

_IMAGE = re.compile(r"\.(?:avif|bmp|gif|jpe?g|png|webp)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """One attachment of the export. `url` is where this site serves it; sizes are pixels, 0 where unknown."""

    url: str
    width: int = 0
    height: int = 0
    alt: str = ""
    caption: str = ""
    title: str = ""
    mime: str = ""
    id: int = 0

    def is_a(self, kind: str) -> bool:
        """Whether it is an `image`, `audio` or `video`."""
        if self.mime:
            return self.mime.startswith(f"{kind}/")
        return kind == "image" and bool(_IMAGE.search(self.url.partition("?")[0]))


def _nothing(_key: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Context:
    """What is known when one text is converted.

    `base_urls`: the old site's addresses; links to their hosts (with or without `www.`, http or https) become paths.
    `attachment`: an attachment by its number. `attachments_of_post`: what was uploaded to this post, in order.
    `media_address`: where this site serves a file, for any address in the text; None leaves it as it is.
    `headline`: what the article at a path of the old site is called, for addresses on a line of their own.
    `reusable`: the source of a reusable block by its number. `footnotes`: ids and HTML of the post's footnotes.
    """

    base_urls: Sequence[str] = ()
    attachment: Callable[[int], MediaInfo | None] = _nothing
    attachments_of_post: Sequence[MediaInfo] = ()
    media_address: Callable[[str], str | None] = _nothing
    headline: Callable[[str], str | None] = _nothing
    reusable: Callable[[int], str | None] = _nothing
    footnotes: Sequence[tuple[str, str]] = ()

    def local(self, address: str) -> str | None:
        """The path (with query and fragment) of an absolute address of the old site, None for any other."""
        parts = _split(address)
        if parts is None or parts.scheme not in ("http", "https", "") or not parts.netloc:
            return None
        own = {_host(base) for base in self.base_urls} - {""}
        if _host(address) not in own:
            return None
        path = "/" + parts.path.lstrip("/")
        query = f"?{parts.query}" if parts.query else ""
        return path + query + (f"#{parts.fragment}" if parts.fragment else "")


@dataclass(slots=True)
class MediaRefs:
    """The media that a text uses: addresses of files as the text gave them, and numbers of attachments."""

    urls: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)

    def add(self, url: str) -> None:
        """Notes an address once."""
        if url not in self.urls:
            self.urls.append(url)

    def add_id(self, number: int) -> None:
        """Notes an attachment once."""
        if number and number not in self.ids:
            self.ids.append(number)


@dataclass(slots=True)
class Findings:
    """What is found out on the way, for the report. Each thing is told once."""

    unknown_shortcodes: list[str] = field(default_factory=list)
    media_refs: MediaRefs = field(default_factory=MediaRefs)
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Keeps a sentence for the report."""
        if text not in self.notes:
            self.notes.append(text)

    def unknown_shortcode(self, name: str) -> None:
        """Keeps the name of a shortcode that stays as text."""
        if name not in self.unknown_shortcodes:
            self.unknown_shortcodes.append(name)


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address.strip())
    except ValueError:
        return None


def _host(address: str) -> str:
    parts = _split(address)
    return ((parts.hostname if parts else "") or "").removeprefix("www.")
