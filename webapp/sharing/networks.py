"""The networks an article can be shared to, and the prefilled address that each one takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

BLUESKY_LIMIT = 300
"""Graphemes a Bluesky post may have."""


@dataclass(frozen=True)
class Share:
    """What is shared: the article's headline and absolute address, and the absolute address of its picture."""

    headline: str
    url: str
    picture: str = ""


@dataclass(frozen=True)
class Network:
    """`intent` makes the address that a click leads to; None where the click stays on our own pages."""

    name: str
    label: str
    intent: Callable[[Share], str] | None
    is_main: bool = False
    """Stands in the bar itself; the others behind "More"."""

    @property
    def icon(self) -> str:
        return {"email": "mail", "copy": "link", "device": "share"}.get(self.name, self.name)


def _query(base: str, **fields: str) -> str:
    return f"{base}?{urlencode(fields, quote_via=quote)}"


def shorten(text: str, limit: int) -> str:
    """`text` in at most `limit` code points (so at most as many graphemes), cut between words where that can be.

    Never cuts inside a grapheme made of joined, combined or flagged code points.
    """
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    words = cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else _whole_graphemes(text, limit - 1)
    return words.rstrip(" ,;:–—-") + "…"


def _whole_graphemes(text: str, limit: int) -> str:
    end = limit
    while end > 1 and (_joins(text[end]) or text[end - 1] == "\u200d" or _is_half_flag(text, end)):
        end -= 1
    return text[:end]


def _joins(char: str) -> bool:
    return unicodedata.combining(char) > 0 or char in "\u200d\ufe0e\ufe0f" or 0x1F3FB <= ord(char) <= 0x1F3FF


def _is_half_flag(text: str, end: int) -> bool:
    before = re.search("[\U0001f1e6-\U0001f1ff]*$", text[:end])
    return before is not None and len(before.group()) % 2 == 1 and 0x1F1E6 <= ord(text[end]) <= 0x1F1FF


def _bluesky(share: Share) -> str:
    room = BLUESKY_LIMIT - len(share.url) - 1
    text = f"{shorten(share.headline, room)} {share.url}" if room > 20 else share.url
    return _query("https://bsky.app/intent/compose", text=text)


def _pinterest(share: Share) -> str:
    fields = {"url": share.url, "description": share.headline}
    return _query(
        "https://www.pinterest.com/pin/create/button/",
        **fields,
        **({"media": share.picture} if share.picture else {}),
    )


NETWORKS: tuple[Network, ...] = (
    Network(
        "facebook", "Facebook", lambda s: _query("https://www.facebook.com/sharer/sharer.php", u=s.url), True
    ),
    Network("x", "X", lambda s: _query("https://x.com/intent/post", text=s.headline, url=s.url), True),
    Network("whatsapp", "WhatsApp", lambda s: _query("https://wa.me/", text=f"{s.headline} {s.url}"), True),
    Network("bluesky", "Bluesky", _bluesky, True),
    Network(
        "email",
        "E-mail",
        lambda s: _query("mailto:", subject=s.headline, body=f"{s.headline}\r\n{s.url}"),
        True,
    ),
    Network(
        "linkedin", "LinkedIn", lambda s: _query("https://www.linkedin.com/sharing/share-offsite/", url=s.url)
    ),
    Network(
        "reddit", "Reddit", lambda s: _query("https://www.reddit.com/submit", url=s.url, title=s.headline)
    ),
    Network("telegram", "Telegram", lambda s: _query("https://t.me/share/url", url=s.url, text=s.headline)),
    Network(
        "threads",
        "Threads",
        lambda s: _query("https://www.threads.net/intent/post", text=f"{s.headline} {s.url}"),
    ),
    Network("mastodon", "Mastodon", None),
    Network("pinterest", "Pinterest", _pinterest),
    Network("copy", "Copy link", None, True),
    Network("device", "This device", None),
)
BY_NAME = {network.name: network for network in NETWORKS}

ONWARD = (
    "https://twitter.com",
    "https://api.whatsapp.com",
    "https://web.whatsapp.com",
    "https://www.threads.com",
)
"""Where some of the intents redirect to on their own side: browsers hold these against the policy, too."""

HOST_NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")


def mastodon_host(value: str) -> str:
    """The host name of a reader's server from what they typed: a name, an address, or @them@server.

    Raises ValueError, in words for the reader, for anything that is not a plain https host name.
    """
    typed = value.strip().lower()
    if "://" in typed:
        parts = urlsplit(typed)
        if parts.scheme != "https" or parts.username or parts.port:
            raise ValueError("Only https servers without a port can be used.")
        typed = parts.hostname or ""
    typed = typed.rsplit("@", 1)[-1].strip("/")
    try:
        host = typed.encode("idna").decode("ascii") if typed else ""
    except UnicodeError:
        host = ""
    if not HOST_NAME.fullmatch(host):
        raise ValueError("Type the name of your server, such as mastodon.example.")
    return host


def mastodon_intent(host: str, share: Share) -> str:
    return _query(f"https://{host}/share", text=f"{share.headline} {share.url}")


def form_origins() -> tuple[str, ...]:
    """Where a share form's redirect may lead, for the form-action of the Content-Security-Policy.

    Any https host, since a reader's Mastodon server can be anywhere, would undo the list; so that one page uses a
    plain link to the server instead of a redirect.
    """
    example = Share("", "https://site.example/")
    origins = []
    for network in NETWORKS:
        if network.intent:
            parts = urlsplit(network.intent(example))
            origins.append(f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:")
    return (*origins, *ONWARD)
