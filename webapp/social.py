"""The networks that links of a menu lead to: what each is called and which icon it has, told by the address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Network:
    """`name`: for readers, where a link has no label of its own; `icon`: in static/icons.txt or brands.txt."""

    name: str
    icon: str
    is_brand: bool = True


_HOSTS = {
    "facebook.com": Network("Facebook", "facebook"),
    "fb.com": Network("Facebook", "facebook"),
    "x.com": Network("X", "x"),
    "twitter.com": Network("X", "x"),
    "linkedin.com": Network("LinkedIn", "linkedin"),
    "reddit.com": Network("Reddit", "reddit"),
    "whatsapp.com": Network("WhatsApp", "whatsapp"),
    "wa.me": Network("WhatsApp", "whatsapp"),
    "telegram.me": Network("Telegram", "telegram"),
    "t.me": Network("Telegram", "telegram"),
    "bsky.app": Network("Bluesky", "bluesky"),
    "threads.net": Network("Threads", "threads"),
    "threads.com": Network("Threads", "threads"),
    "pinterest.com": Network("Pinterest", "pinterest"),
    "instagram.com": Network("Instagram", "instagram"),
    "youtube.com": Network("YouTube", "youtube"),
    "youtu.be": Network("YouTube", "youtube"),
    "tiktok.com": Network("TikTok", "tiktok"),
    "github.com": Network("GitHub", "github"),
}
_MASTODON = Network("Mastodon", "mastodon")
_MASTODON_HOST = re.compile(r"(^|[.-])(mastodon|mstdn|mastodonapp)[.-]|^mas\.to$")
_MASTODON_PATH = re.compile(r"/@[\w.-]+(@[\w.-]+)?/?")
_ALSO_WITH_AT = ("medium.com", "flipboard.com", "substack.com", "vimeo.com")
_MAIL, _FEED, _OTHER = (
    Network("E-mail", "mail", False),
    Network("Feed", "rss", False),
    Network("", "link", False),
)


def name_of(url: str) -> str:
    """What a link to an address is called that has no label: its network, or the address without what says nothing.

    >>> name_of("https://www.zine.example/")
    'zine.example'
    """
    return network_of(url).name or url.partition("://")[2].removeprefix("www.").rstrip("/") or url


def network_of(url: str) -> Network:
    """The network that an address belongs to; one without a name for any other address.

    >>> network_of("https://www.instagram.com/tidings").name
    'Instagram'
    >>> network_of("https://social.example/@tidings").icon
    'mastodon'
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return _OTHER
    if parts.scheme == "mailto":
        return _MAIL
    path = parts.path.rstrip("/")
    if not host:
        return _FEED if path.endswith(("/feed", "/atom", "/rss")) else _OTHER
    names = [host[start:] for start in (0, *(place + 1 for place, sign in enumerate(host) if sign == "."))]
    for name in names:
        if name in _HOSTS:
            return _HOSTS[name]
    if _MASTODON_HOST.search(host):
        return _MASTODON
    if _MASTODON_PATH.fullmatch(parts.path) and not set(names) & set(_ALSO_WITH_AT):
        return _MASTODON
    return _FEED if path.endswith(("/feed", "/atom", "/rss", ".rss")) else _OTHER
