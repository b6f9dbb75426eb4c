"""What other sites would put into a page becomes a card with a link: nothing of theirs loads before a click."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from webapp.markup_links import web_address
from webapp.markup_text import single_line
from webapp.markup_tokens import End, Start, Text, Token


@dataclass(frozen=True, slots=True)
class Provider:
    """A site whose pages are embedded: its name, and what a click on the card does."""

    name: str
    invitation: str


def _providers(invitation: str, hosts: dict[str, str]) -> dict[str, Provider]:
    return {host: Provider(name, invitation) for host, name in hosts.items()}


# By registered host; subdomains belong to it.
PROVIDERS: dict[str, Provider] = {
    **_providers(
        "Watch",
        {
            "youtube.com": "YouTube",
            "youtu.be": "YouTube",
            "youtube-nocookie.com": "YouTube",
            "vimeo.com": "Vimeo",
            "dailymotion.com": "Dailymotion",
            "dai.ly": "Dailymotion",
            "tiktok.com": "TikTok",
            "ted.com": "TED",
            "videopress.com": "VideoPress",
            "wordpress.tv": "WordPress.tv",
            "twitch.tv": "Twitch",
            "rumble.com": "Rumble",
        },
    ),
    **_providers(
        "Listen",
        {
            "soundcloud.com": "SoundCloud",
            "spotify.com": "Spotify",
            "mixcloud.com": "Mixcloud",
            "reverbnation.com": "ReverbNation",
        },
    ),
    **_providers(
        "See the post",
        {
            "twitter.com": "X",
            "x.com": "X",
            "facebook.com": "Facebook",
            "instagram.com": "Instagram",
            "threads.net": "Threads",
            "bsky.app": "Bluesky",
            "reddit.com": "Reddit",
            "tumblr.com": "Tumblr",
            "t.me": "Telegram",
        },
    ),
    **_providers(
        "Open",
        {
            "pinterest.com": "Pinterest",
            "flickr.com": "Flickr",
            "slideshare.net": "SlideShare",
            "scribd.com": "Scribd",
            "issuu.com": "Issuu",
            "kickstarter.com": "Kickstarter",
            "crowdsignal.com": "Crowdsignal",
            "polldaddy.com": "Crowdsignal",
            "google.com": "Google",
            "openstreetmap.org": "OpenStreetMap",
            "datawrapper.dwcdn.net": "Datawrapper",
            "flourish.studio": "Flourish",
            "documentcloud.org": "DocumentCloud",
            "codepen.io": "CodePen",
        },
    ),
}


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:  # A bracketed host that is no IPv6 address.
        return ""


def provider_of(address: str) -> Provider | None:
    """The known provider that an absolute address belongs to."""
    parts = _host(address).split(".")
    for start in range(max(0, len(parts) - 3), len(parts) - 1):
        provider = PROVIDERS.get(".".join(parts[start:]))
        if provider:
            return provider
    return None


_PLAYERS = (
    (
        re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]{6,20})", re.I),
        "https://www.youtube.com/watch?v=",
    ),
    (re.compile(r"https?://player\.vimeo\.com/video/(\d+)", re.I), "https://vimeo.com/"),
    (
        re.compile(r"https?://(?:www\.)?dailymotion\.com/embed/video/(\w+)", re.I),
        "https://www.dailymotion.com/video/",
    ),
    (re.compile(r"https?://open\.spotify\.com/embed/(\w+/\w+)", re.I), "https://open.spotify.com/"),
)


def page_of_player(address: str) -> str:
    """The page that a reader can open, for the address of a player in a frame."""
    for pattern, page in _PLAYERS:
        match = pattern.match(address)
        if match:
            return page + match[1]
    if re.match(r"https?://w\.soundcloud\.com/player/", address, re.I):
        inner = web_address(parse_qs(urlsplit(address).query).get("url", [""])[0])
        return inner if inner and provider_of(inner) and "api." not in inner else address
    return address


def invitation(address: str, title: str = "") -> str:
    """The words of the card's link: what it is, where it is, and its title when that is known."""
    provider = provider_of(address)
    title = single_line(title)
    if provider is None:
        return f"{title or 'Open the embedded page'} ({_host(address)})"
    what = f"{provider.invitation}: “{title}”" if title else provider.invitation
    return f"{what} on {provider.name}"


def card(address: str, title: str = "", caption: list[Token] | None = None) -> list[Token]:
    """A figure with a link to an absolute address that another site would have embedded.

    Empty for an address that is not http or https. `caption` is put under the link.
    """
    value = f"https:{address.strip()}" if address.strip().startswith("//") else address
    found = web_address(value)
    if found is None:
        return []
    link = page_of_player(found)
    under = [Start("figcaption"), *caption, End("figcaption")] if caption else []
    return [
        Start("figure", {"class": "body-embed"}),
        Start("a", {"href": link}),
        Text(invitation(link, title)),
        End("a"),
        *under,
        End("figure"),
    ]
