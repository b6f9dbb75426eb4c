"""Links of a comment as a moderator reads them: spelled out with their real host, and never one click away."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup

from webapp.markup_tokens import End, Start, serialise, tokenise


@dataclass(frozen=True)
class Link:
    """Where a link leads: `host` as machines read it, and `rest`, the path behind it. `written`: the host in the
    writer's letters where these differ, as in a look-alike."""

    host: str
    rest: str
    written: str = ""


def spelled_out(html: str) -> list[Link]:
    """The links in a comment's clean HTML, in their order, each address once."""
    links = (token for token in tokenise(html) if isinstance(token, Start) and token.name == "a")
    hrefs = [token.attributes.get("href", "") for token in links]
    return [link for href in dict.fromkeys(hrefs) if (link := link_to(href))]


def link_to(address: str) -> Link | None:
    """One address taken apart; None where it has no host."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return Link(address, "")
    if not host:
        return None
    query = f"?{parts.query}" if parts.query else ""
    rest = parts.path.removesuffix("/") if not query else parts.path
    plain = _punycode(host)
    return Link(plain + port, rest + query, written="" if plain == host else host)


def without_links(html: str) -> Markup:
    """A comment's clean HTML with its links as marked words."""
    tokens = list(tokenise(html))
    for token in tokens:
        if isinstance(token, Start | End) and token.name == "a":
            token.name = "mark"
            if isinstance(token, Start):
                token.attributes = {}
    return Markup(serialise(tokens))  # noqa: S704 (clean HTML, written again with everything escaped)


def _punycode(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host.encode("ascii", "backslashreplace").decode("ascii")
