"""Cleaning the HTML that others write: comments, articles, single lines of text.

The only importer of bleach. A text goes through three hands: the reader and the balancer of our own
(`markup_tokens`, `markup_balance`) write it anew from an allow-list in linear time, bleach sanitises that and
makes links of addresses, and nh3 cleans the result with the same allow-list, so that what one of them lets through
is caught by another. Texts are cleaned when they are written; templates show the result as it is.
"""

import threading
from collections.abc import Iterable
from functools import partial
from typing import Any

import bleach.linkifier
import bleach.sanitizer
import nh3

from webapp.markup_article import embeds_as_cards, identifiers, players, prefixed
from webapp.markup_balance import Balancer
from webapp.markup_links import AUTOLINK, reader_address
from webapp.markup_plain import blocks, plain_text
from webapp.markup_rules import ARTICLE, BODY_CLASSES, COMMENT, COMMENT_REL, Policy
from webapp.markup_text import (
    RESERVED,
    excerpt,
    fold,
    highlight,
    is_blank,
    passage,
    printable,
    search_words,
    single_line,
    terms_in,
    word_count,
)
from webapp.markup_tokens import Token, tokenise, without_hidden

__all__ = [
    "BODY_CLASSES",
    "COMMENT_LIMIT",
    "PAGE_BREAK",
    "TooLong",
    "blocks",
    "clean_article",
    "clean_comment",
    "clean_text",
    "excerpt",
    "fold",
    "highlight",
    "is_blank",
    "passage",
    "plain_text",
    "search_words",
    "terms_in",
    "word_count",
]

PAGE_BREAK = "<!--nextpage-->"
COMMENT_LIMIT = 65_525
"""The longest comment in bytes of UTF-8."""

# Take the place of escaped characters while bleach works: it decodes `&amp;lt;` twice when it looks for links, and is
# slow where many references stand in a row.
_STAND_INS = dict(zip(("&amp;", "&lt;", "&gt;"), RESERVED, strict=True))
_AMPERSAND = _STAND_INS["&amp;"]


class TooLong(ValueError):
    """A text has more bytes of UTF-8 than `limit`."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"The text is longer than {limit} bytes.")
        self.limit = limit


class _Cleaners(threading.local):
    """One pair of bleach's cleaners a thread: a shared one mixes up the texts of two threads."""

    def __init__(self) -> None:
        callbacks: Any = [_judge_link]  # The stubs do not know that None drops a link.
        links = partial(
            bleach.linkifier.LinkifyFilter,
            callbacks=callbacks,
            skip_tags={"code", "pre"},
            url_re=AUTOLINK,
        )
        self.comment = _bleach_cleaner(COMMENT, filters=[links])
        self.article = _bleach_cleaner(ARTICLE, filters=[])


def _judge_link(attrs: dict[Any, str], new: bool = False) -> dict[Any, str] | None:
    """Called by bleach for each link: refuses addresses, and says what the link is to search engines."""
    address = reader_address(attrs.get((None, "href"), "").replace(_AMPERSAND, "&"))
    if address is None:
        return None
    if new:
        attrs[None, "href"] = address.replace("&", _AMPERSAND)
    attrs[None, "rel"] = COMMENT_REL
    return attrs


def _bleach_cleaner(policy: Policy, filters: list[Any]) -> bleach.sanitizer.Cleaner:
    def allow(tag: str, name: str, value: str) -> bool:
        if name == "class":
            return "*" in policy.allowed and BODY_CLASSES.issuperset(value.split())
        return name in policy.allowed.get(tag, ()) or name in policy.allowed.get("*", ())

    return bleach.sanitizer.Cleaner(
        tags=policy.tags, attributes=allow, protocols=policy.schemes, strip=True, filters=filters
    )


def _second_cleaner(policy: Policy) -> nh3.Cleaner:
    classes = {tag: set(BODY_CLASSES) for tag in policy.tags} if "*" in policy.allowed else {}
    return nh3.Cleaner(
        tags=set(policy.tags),
        attributes={tag: set(names) for tag, names in policy.allowed.items()},
        url_schemes=set(policy.schemes),
        url_relative="deny" if policy is COMMENT else "pass_through",
        allowed_classes=classes,
        link_rel=None,
    )


_cleaners = _Cleaners()
_SECOND_COMMENT = _second_cleaner(COMMENT)
_SECOND_ARTICLE = _second_cleaner(ARTICLE)


def _sanitise(pieces: Iterable[str], first: bleach.sanitizer.Cleaner, second: nh3.Cleaner) -> str:
    """Balanced pieces through both sanitisers, one by one: bleach takes longer than in proportion to the length."""
    return second.clean("".join(_sanitise_once(piece, first) for piece in pieces)).strip()


def _sanitise_once(piece: str, cleaner: bleach.sanitizer.Cleaner) -> str:
    for escaped, stand_in in _STAND_INS.items():
        piece = piece.replace(escaped, stand_in)
    piece = cleaner.clean(piece)
    for escaped, stand_in in _STAND_INS.items():
        piece = piece.replace(stand_in, escaped)
    return piece


def clean_comment(source: str) -> str:
    """A reader's text, plain or with a few tags, as safe HTML.

    Blank lines part paragraphs, line ends become `<br>`, http and https addresses become links that search engines
    do not follow. Cleaning the result again changes nothing. Empty when nothing can be seen.
    Raises TooLong over COMMENT_LIMIT bytes; a smaller limit is the caller's.
    """
    if len(source.encode("utf-8", "surrogatepass")) > COMMENT_LIMIT:
        raise TooLong(COMMENT_LIMIT)
    pieces = Balancer(COMMENT).write(without_hidden(tokenise(printable(source))))
    cleaned = _sanitise(pieces, _cleaners.comment, _SECOND_COMMENT)
    return "" if is_blank(plain_text(cleaned)) else cleaned


def clean_text(value: str) -> str:
    """A single-line field: composed, without line ends, hidden characters and runs of spaces. Not HTML."""
    return single_line(value)


def clean_article(html: str, *, prefix: str = "a-") -> str:
    """An article's HTML with a wide allow-list; its pages are parted by PAGE_BREAK.

    Each page is cleaned by itself, so that no tag reaches into the next. `prefix` is put before every id and the
    links to it; ids that have it keep it, so that cleaning again changes nothing. Frames become cards with a link.
    Classes other than BODY_CLASSES, styles, data and event attributes are dropped.
    """
    pages = [list(embeds_as_cards(tokenise(page))) for page in printable(html).split(PAGE_BREAK)]
    known = {identifier for page in pages for identifier in identifiers(page)}
    cleaned = (_clean_page(page, prefix, known) for page in pages)
    return PAGE_BREAK.join(page for page in cleaned if page)


def _clean_page(tokens: list[Token], prefix: str, known: set[str]) -> str:
    prepared = without_hidden(players(prefixed(tokens, prefix, known)))
    return _sanitise(Balancer(ARTICLE).write(prepared), _cleaners.article, _SECOND_ARTICLE)
