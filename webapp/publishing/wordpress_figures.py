"""Pieces of HTML that blocks and shortcodes are turned into: pictures, galleries, players, cards and links.

All of it is cleaned afterwards like everything else; what is written here is well-formed, not yet trusted.
"""

import re
from collections.abc import Iterable

from webapp import markup
from webapp.markup_embeds import card, provider_of
from webapp.markup_tokens import End, Start, Text, Token, escape_text, serialise, start_tag
from webapp.publishing.wordpress_context import Context, MediaInfo

_SOUND = re.compile(r"\.(?:mp3|m4a|ogg|oga|wav|flac|opus)$", re.IGNORECASE)
_FILM = re.compile(r"\.(?:mp4|m4v|webm|ogv|mov)$", re.IGNORECASE)


def picture(info: MediaInfo) -> str:
    """An attachment as `<img>`."""
    attributes = {"src": info.url, "alt": info.alt}
    if info.width and info.height:
        attributes |= {"width": str(info.width), "height": str(info.height)}
    return start_tag("img", attributes)


def figure(inner: str, caption: str = "", classes: str = "") -> str:
    """A figure with an optional caption, both as HTML on one line."""
    under = f"<figcaption>{caption}</figcaption>" if caption.strip() else ""
    return start_tag("figure", {"class": classes} if classes else {}) + f"{inner}{under}</figure>"


def gallery(pictures: Iterable[MediaInfo], columns: int, *, linked: bool) -> str:
    """A figure of figures; `linked` pictures lead to their file."""
    items: list[str] = []
    for info in pictures:
        image = picture(info)
        if linked:
            image = start_tag("a", {"href": info.url}) + image + "</a>"
        items.append(figure(image, escape_text(markup.plain_text(info.caption))))
    classes = f"body-gallery body-gallery-{columns}" if 1 <= columns <= 9 else "body-gallery"
    return start_tag("figure", {"class": classes}) + "".join(items) + "</figure>" if items else ""


def player(kind: str, address: str, attributes: dict[str, str] | None = None, caption: str = "") -> str:
    """A figure with an `audio` or `video` player."""
    return figure(start_tag(kind, {"src": address, **(attributes or {})}) + f"</{kind}>", caption)


def embedded(address: str, context: Context, caption: list[Token] | None = None) -> str:
    """What stands for an address on a line of its own: a player, a card, or a link. Nothing is fetched."""
    path = address.partition("?")[0]
    if _SOUND.search(path) or _FILM.search(path):
        return player("audio" if _SOUND.search(path) else "video", address, caption=serialise(caption or []))
    local = context.local(address)
    if local is not None:
        return _own(local, address, context)
    if provider_of(address):
        return serialise(card(address, caption=caption))
    return _paragraph_with_link(address, address) + (f"<p>{serialise(caption)}</p>" if caption else "")


def _own(local: str, address: str, context: Context) -> str:
    headline = context.headline(local.partition("#")[0])
    return _paragraph_with_link(local, f"Read as well: {headline}" if headline else address)


def _paragraph_with_link(address: str, words: str) -> str:
    return serialise([Start("p"), Start("a", {"href": address}), Text(words), End("a"), End("p")])
