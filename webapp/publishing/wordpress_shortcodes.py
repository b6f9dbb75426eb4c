"""Shortcodes: `[gallery ids="1,2"]`, `[caption]…[/caption]` and the other built-in ones of WordPress.

Those that are known become HTML; `[[escaped]]` ones lose a pair of brackets; unknown ones stay as text and are
reported. One pass from left to right, in linear time.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from webapp.markup_embeds import provider_of
from webapp.markup_links import web_address
from webapp.markup_tokens import escape_text, unescape
from webapp.publishing.wordpress_context import Context, Findings, MediaInfo
from webapp.publishing.wordpress_figures import embedded, figure, gallery, player

_TAG = re.compile(r"\[(\[?)(/?)([a-zA-Z][a-zA-Z0-9_-]*+)(?=[\s/\]])([^\[\]]*+)\](\]?)")
_ATTRIBUTE = re.compile(
    r"""([\w-]++)\s*=\s*"([^"]*)"|([\w-]++)\s*=\s*'([^']*)'|([\w-]++)\s*=\s*([^\s"']+)|"([^"]*)"|'([^']*)'|(\S+)"""
)
_CURLY = str.maketrans("“”„″‘’′", '""""\'\'\'')
_IMAGE_PART = re.compile(r"\s*+(?:<a\s[^<>]*>\s*+)?<img\s[^<>]*>(?:\s*+</a>)?", re.IGNORECASE)

_SOUNDS = ("src", "mp3", "m4a", "ogg", "wav", "wma", "flac")
_FILMS = ("src", "mp4", "m4v", "webm", "ogv", "wmv", "flv")


@dataclass(frozen=True, slots=True)
class Shortcode:
    """One use: attributes by lower-case name, values without a name in order, and what it encloses (HTML)."""

    name: str
    named: dict[str, str]
    values: list[str]
    content: str

    def address(self, names: Iterable[str] = ("src", "url")) -> str | None:
        """The first web address among the attributes, the values and the content."""
        candidates = [self.named.get(name, "") for name in names] + [*self.values, unescape(self.content)]
        return next((found for value in candidates if (found := web_address(value))), None)


Handler = Callable[[Shortcode, Context, Findings], str | None]


def expand(source: str, context: Context, findings: Findings) -> str:
    """The source with its known shortcodes as HTML."""
    return _Expansion(source, context, findings).whole() if "[" in source else source


class _Expansion:
    def __init__(self, source: str, context: Context, findings: Findings) -> None:
        self.source = source
        self.context = context
        self.findings = findings
        self.closings: defaultdict[str, list[re.Match[str]]] = defaultdict(list)
        if "[/" in source:
            for match in _TAG.finditer(source):
                if match[2]:
                    self.closings[match[3].lower()].append(match)

    def whole(self) -> str:
        pieces: list[str] = []
        at = 0
        while match := _TAG.search(self.source, at):
            pieces.append(self.source[at : match.start()])
            text, at = self._one(match)
            pieces.append(text)
        return "".join([*pieces, self.source[at:]])

    def _one(self, match: re.Match[str]) -> tuple[str, int]:
        """What stands for the tag at `match`, and where to go on."""
        if match[1] and match[5]:
            return match[0][1:-1], match.end()
        name = match[3].lower()
        handler = _HANDLERS.get(name)
        if match[2] or handler is None:
            if handler is None and self._is_meant(match):
                self.findings.unknown_shortcode(name)
            return match[0], match.end()
        closing = self._closing_of(match) if name in _ENCLOSING else None
        last = closing or match
        if match[1] and last[5]:
            return self.source[match.start() + 1 : last.end() - 1], last.end()
        named, values = attributes(match[4].removesuffix("/"))
        content = self.source[match.end() : closing.start()] if closing else ""
        html = handler(Shortcode(name, named, values, content), self.context, self.findings)
        if html is None:
            return self.source[match.start() : last.end()], last.end()
        return match[1] + html + last[5], last.end()

    def _closing_of(self, match: re.Match[str]) -> re.Match[str] | None:
        """The next end of the same shortcode."""
        if match[4].endswith("/"):
            return None
        candidates = self.closings.get(match[3].lower(), [])
        place = bisect_left(candidates, match.end(), key=lambda found: found.start())
        return candidates[place] if place < len(candidates) else None

    def _is_meant(self, match: re.Match[str]) -> bool:
        """Whether brackets that nobody knows look like a shortcode, and not like `[sic]`."""
        before = self.source[max(0, match.start() - 3) : match.start()].rstrip(" \t")
        after = self.source[match.end() : match.end() + 3].lstrip(" \t")
        begins = not before or before.endswith(("\n", ">"))
        ends = not after or after.startswith(("\n", "<"))
        return (begins and ends) or "=" in match[4] or match[3].lower() in self.closings or "_" in match[3]


def attributes(source: str) -> tuple[dict[str, str], list[str]]:
    """A shortcode's attributes: those with a name, and the values without.

    >>> attributes('ids="1,2" columns=3 https://example.org/')
    ({'ids': '1,2', 'columns': '3'}, ['https://example.org/'])
    """
    named: dict[str, str] = {}
    values: list[str] = []
    for match in _ATTRIBUTE.finditer(unescape(source).translate(_CURLY)):
        groups = match.groups()
        name = groups[0] or groups[2] or groups[4]
        value = next(group for group in (*groups[1:6:2], *groups[6:]) if group is not None)
        if name:
            named[name.lower()] = value
        else:
            values.append(value)
    return named, values


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d{1,12}", text)]


def _chosen(shortcode: Shortcode, kind: str, context: Context, findings: Findings) -> list[MediaInfo]:
    """The attachments that a gallery or a playlist names; those of its post when it names none."""
    numbers = _numbers(shortcode.named.get("ids") or shortcode.named.get("include", ""))
    if not numbers:
        left_out = set(_numbers(shortcode.named.get("exclude", "")))
        found = [info for info in context.attachments_of_post if info.is_a(kind) and info.id not in left_out]
    else:
        found = []
        for number in numbers:
            info = context.attachment(number)
            findings.media_refs.add_id(number)
            if info is None:
                findings.note(
                    f"The attachment {number}, which [{shortcode.name}] names, is not in the export."
                )
            else:
                found.append(info)
    if shortcode.named.get("orderby", "").lower() == "title":
        found.sort(key=lambda info: info.title.casefold())
    return found[::-1] if shortcode.named.get("order", "").upper() == "DESC" else found


def _gallery(shortcode: Shortcode, context: Context, findings: Findings) -> str:
    columns = (_numbers(shortcode.named.get("columns", "")) or [3])[0]
    pictures = _chosen(shortcode, "image", context, findings)
    if not pictures:
        findings.note("A [gallery] without pictures was left out.")
    return gallery(pictures, columns, linked=shortcode.named.get("link", "").lower() == "file")


def _caption(shortcode: Shortcode, _context: Context, findings: Findings) -> str | None:
    content = shortcode.content
    image = _IMAGE_PART.match(content)
    part = image[0] if image else content
    words = shortcode.named.get("caption", "") or (content[image.end() :] if image else "")
    number = (_numbers(shortcode.named.get("id", "")) or [0])[0]
    findings.media_refs.add_id(number)
    if not part.strip():
        return ""
    lines = "<br>".join(line.strip() for line in words.strip().split("\n") if line.strip())
    return figure(" ".join(part.split("\n")).strip(), lines, shortcode.named.get("align", "alignnone"))


def _embed(shortcode: Shortcode, context: Context, _findings: Findings) -> str | None:
    address = shortcode.address()
    return embedded(address, context) if address else None


def _uploaded(kind: str, context: Context) -> str | None:
    return next((info.url for info in context.attachments_of_post if info.is_a(kind)), None)


def _audio(shortcode: Shortcode, context: Context, _findings: Findings) -> str | None:
    address = _player_source(shortcode, _SOUNDS, "audio", context)
    return player("audio", address) if address else None


def _video(shortcode: Shortcode, context: Context, _findings: Findings) -> str | None:
    address = _player_source(shortcode, _FILMS, "video", context)
    if address is None or provider_of(address):
        return embedded(address, context) if address else None
    kept = ("poster", "width", "height")
    return player("video", address, {name: shortcode.named[name] for name in kept if name in shortcode.named})


def _player_source(shortcode: Shortcode, names: Iterable[str], kind: str, context: Context) -> str | None:
    path = next(
        (shortcode.named[name] for name in names if shortcode.named.get(name, "").startswith("/")), None
    )
    return path or shortcode.address(names) or _uploaded(kind, context)


def _playlist(shortcode: Shortcode, context: Context, findings: Findings) -> str:
    kind = "video" if shortcode.named.get("type") == "video" else "audio"
    items = (
        f"<li>{escape_text(info.title)}{player(kind, info.url)}</li>"
        for info in _chosen(shortcode, kind, context, findings)
    )
    listed = "".join(items)
    return f"<ol>{listed}</ol>" if listed else ""


_HANDLERS: dict[str, Handler] = {
    "audio": _audio,
    "caption": _caption,
    "embed": _embed,
    "gallery": _gallery,
    "playlist": _playlist,
    "video": _video,
    "wp_caption": _caption,
    # Of the usual embedding plugins: each gives an address.
    **dict.fromkeys(
        ("dailymotion", "facebook", "flickr", "instagram", "reddit", "soundcloud", "spotify", "ted", "tiktok",
         "tumblr", "tweet", "twitter", "vimeo", "youtube"),
        _embed,
    ),
}  # fmt: skip
_ENCLOSING = frozenset(_HANDLERS) - {"gallery", "playlist"}
