"""What comments and articles may hold: tags, attributes, and how deep they nest."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from webapp.markup_links import article_address, is_external, media_address, reader_address
from webapp.markup_text import printable, single_line

Attributes = dict[str, str]

# The classes of our own that say what a part of an article is. They are harmless wherever they stand, so that
# an import may bring them; every other class is dropped.
BODY_CLASSES = frozenset(
    {
        "body-button", "body-center", "body-column", "body-columns", "body-cover", "body-embed", "body-full",
        "body-gallery", "body-left", "body-media", "body-pull", "body-right", "body-text-center",
        "body-text-right", "body-verse", "body-wide",
        *(f"body-gallery-{columns}" for columns in range(1, 10)),
    }
)  # fmt: skip

COMMENT_REL = "nofollow ugc noopener"

_FORMATTING = frozenset({"a", "abbr", "b", "cite", "code", "del", "em", "i", "q", "s", "strong"})
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_TABLE = frozenset({"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"})


@dataclass(frozen=True)
class Policy:
    """One allow-list.

    `paragraphs`: text outside of a block becomes paragraphs, blank lines and line ends are breaks.
    `attributes` gives what a tag keeps, or None when the tag is dropped and its content stays.
    """

    inline: frozenset[str]
    blocks: frozenset[str]
    voids: frozenset[str]
    allowed: dict[str, frozenset[str]]
    attributes: Callable[[str, Attributes], Attributes | None]
    schemes: frozenset[str]
    renamed: dict[str, str]
    paragraphs: bool
    deepest_block: int
    deepest_inline: int

    @property
    def tags(self) -> frozenset[str]:
        """Every tag that may be in the result."""
        return self.inline | self.blocks | self.voids | frozenset(self.allowed) - {"*"}


def _comment_attributes(tag: str, given: Attributes) -> Attributes | None:
    if tag == "a":
        address = reader_address(given.get("href", ""))
        return {"href": address, "rel": COMMENT_REL} if address else None
    title = single_line(given.get("title", ""))[:200].rstrip() if tag == "abbr" else ""
    return {"title": title} if title else {}


COMMENT = Policy(
    inline=_FORMATTING,
    blocks=frozenset({"blockquote", "li", "ol", "p", "pre", "ul"}),
    voids=frozenset({"br"}),
    allowed={"a": frozenset({"href", "rel"}), "abbr": frozenset({"title"})},
    attributes=_comment_attributes,
    schemes=frozenset({"http", "https"}),
    renamed={"strike": "s"},
    paragraphs=True,
    deepest_block=7,
    deepest_inline=4,
)


def _matching(pattern: str) -> Callable[[str], str | None]:
    """A rule for values that must be of a form, letter case aside."""
    form = re.compile(pattern, re.IGNORECASE)

    def rule(value: str) -> str | None:
        value = printable(value).strip()
        return value if form.fullmatch(value) else None

    return rule


def _flag(_value: str) -> str:
    return ""


def _words(value: str) -> str | None:
    return single_line(value)[:1000] or None


_size = _matching(r"[1-9]\d{0,4}")
_span = _matching(r"[1-9]\d?")
_moment = _matching(r"[\w :.+,-]{1,40}")
_mime = _matching(r"(?:audio|video)/[\w.+-]{1,40}(?:; ?codecs=[\w.,\" -]{1,60})?")
_identifier = _matching(r"[^\s\"'<>&`]{1,120}")

_EVERYWHERE: dict[str, Callable[[str], str | None]] = {
    "id": _identifier,
    "lang": _matching(r"[a-z]{2,8}(?:-[a-z0-9]{1,8}){0,4}"),
    "dir": _matching(r"ltr|rtl|auto"),
    "class": lambda value: " ".join(name for name in value.split() if name in BODY_CLASSES) or None,
}
_CELL = {"colspan": _span, "rowspan": _span, "scope": _matching(r"col|row|colgroup|rowgroup")}
_PLAYER = {"src": media_address, "controls": _flag, "preload": _flag}
_ARTICLE_VALUES: dict[str, dict[str, Callable[[str], str | None]]] = {
    "a": {"href": article_address, "rel": _words},
    "abbr": {"title": _words},
    "audio": _PLAYER,
    "blockquote": {"cite": article_address},
    "del": {"datetime": _moment},
    "details": {"open": _flag},
    "img": {"src": media_address, "alt": lambda value: single_line(value)[:1000], "width": _size, "height": _size,
            "loading": _matching(r"lazy|eager")},
    "ins": {"datetime": _moment},
    "li": {"value": _matching(r"-?\d{1,6}")},
    "ol": {"start": _matching(r"-?\d{1,6}"), "reversed": _flag, "type": _matching(r"[1ai]")},
    "q": {"cite": article_address},
    "source": {"src": media_address, "type": _mime},
    "td": _CELL,
    "th": _CELL,
    "time": {"datetime": _moment},
    "track": {"src": media_address, "kind": _matching(r"subtitles|captions|descriptions|chapters"),
              "srclang": _matching(r"[a-z-]{2,20}"), "label": _words, "default": _flag},
    "video": {**_PLAYER, "poster": media_address, "width": _size, "height": _size},
}  # fmt: skip


def _article_attributes(tag: str, given: Attributes) -> Attributes | None:
    rules = _EVERYWHERE | _ARTICLE_VALUES.get(tag, {})
    kept: Attributes = {}
    for name, value in given.items():
        result = rules[name](value) if name in rules else None
        if result is not None:
            kept[name] = result
    finish = _FINISHES.get(tag)
    return finish(kept) if finish else kept


def _link(kept: Attributes) -> Attributes | None:
    """A link keeps what it says about search engines, and a page opened by it learns nothing of this one."""
    given = kept.pop("rel", "").lower().split()
    if "href" not in kept:
        return kept if "id" in kept else None
    if is_external(kept["href"]):
        kept["rel"] = " ".join(
            [word for word in ("nofollow", "sponsored", "ugc") if word in given] + ["noopener"]
        )
    return kept


def _picture(kept: Attributes) -> Attributes | None:
    return {"alt": "", "loading": "lazy"} | kept if "src" in kept else None


def _player(kept: Attributes) -> Attributes | None:
    """Sound and film wait for a click before anything is fetched."""
    return kept | {"controls": "", "preload": "none"}


def _sourced(kept: Attributes) -> Attributes | None:
    return kept if "src" in kept else None


_FINISHES: dict[str, Callable[[Attributes], Attributes | None]] = {
    "a": _link,
    "audio": _player,
    "img": _picture,
    "source": _sourced,
    "track": _sourced,
    "video": _player,
}

_DIVISIONS = (
    "address",
    "article",
    "aside",
    "center",
    "fieldset",
    "footer",
    "form",
    "header",
    "main",
    "nav",
    "section",
)

ARTICLE = Policy(
    inline=_FORMATTING
    | {"bdi", "bdo", "dfn", "ins", "kbd", "mark", "samp", "small", "sub", "sup", "time", "u", "var"},
    blocks=_HEADINGS
    | _TABLE
    | {"blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "li", "ol", "p", "pre", "summary",
       "ul"},
    voids=frozenset({"br", "hr", "img", "wbr"}),
    allowed={
        "*": frozenset(_EVERYWHERE) - {"class"},
        **{tag: frozenset(rules) for tag, rules in _ARTICLE_VALUES.items()},
    },
    attributes=_article_attributes,
    schemes=frozenset({"http", "https", "mailto", "tel"}),
    renamed={"acronym": "abbr", "h1": "h2", "strike": "s", "tt": "code", "menu": "ul", "dir": "ul"}
    | dict.fromkeys(_DIVISIONS, "div"),
    paragraphs=False,
    deepest_block=40,
    deepest_inline=8,
)  # fmt: skip
