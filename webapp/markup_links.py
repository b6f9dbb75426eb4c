"""Addresses in markup: which are let through, and which words of a text become links."""

import re
from urllib.parse import quote

import nh3

from webapp.markup_text import RESERVED, printable, visible
from webapp.markup_tokens import start_tag

# Longer ones are no addresses that anybody would follow.
LONGEST_ADDRESS = 2048

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*(?=:)")
# A host never holds what ends it in one parser and not in another.
_HOST = r"(?:\[[0-9a-f:.]+\]|[^/?#\s\\<>\"'`{}|^@:\[\]]*\w[^/?#\s\\<>\"'`{}|^@:\[\]]*)"
_WEB = re.compile(
    rf"https?://(?P<user>[^/?#\s\\<>\"@]*@)?{_HOST}(?::\d{{1,5}})?(?:[/?#][^\\<>\"]*)?", re.IGNORECASE
)
# The sanitiser that comes last drops addresses whose host can't exist (`http://1.2.3.999/`); asked before, it
# leaves no link without an address.
_LAST_WORD = nh3.Cleaner(tags={"a"}, attributes={"a": {"href"}}, url_schemes={"http", "https"}, link_rel=None)
_MAIL = re.compile(r"mailto:[^\s<>\"\\]+@[^\s<>\"\\]+", re.IGNORECASE)
_PHONE = re.compile(r"tel:[+0-9().;=a-z-]+", re.IGNORECASE)
_LOCAL = re.compile(r"(?:/(?![/\\])|#|\?)[^\\<>\"]*")

# Sentence marks at the end and brackets without their partner do not belong to an address; a run of them is
# looked at once, so that no text makes this slow.
_ENDING = r"\s<>\"“”«»()、。，；！？「」" + RESERVED[1:]
AUTOLINK = re.compile(
    r"(?<![\w@./:-])(?:https?://|www\.(?=\w))"
    rf"(?=[\w\[])(?:[^{_ENDING}]|\([^{_ENDING}]*+\))+"
    r"(?<![.,:;!?'’*_~…])",
    re.IGNORECASE,
)


def web_address(value: str) -> str | None:
    """An absolute http or https address, or None for anything else.

    Browsers drop tabs and line ends inside an address, so they are dropped before it is judged.
    """
    value = _tidied(value)
    return value if _is_web(value) else None


def _is_web(value: str) -> bool:
    return bool(_WEB.fullmatch(value)) and "href" in _LAST_WORD.clean(start_tag("a", {"href": value}))


def reader_address(value: str) -> str | None:
    """An address that a reader may link to: `web_address` without a user's name before the host."""
    address = web_address(visible(value))
    parts = _WEB.fullmatch(address) if address else None
    return address if parts and not parts["user"] else None


def article_address(value: str) -> str | None:
    """An address that an article may link to: http, https, mail, telephone, or a place on the site itself."""
    value = _tidied(value)
    if value.startswith("//"):
        value = f"https:{value}"
    scheme = _SCHEME.match(value)
    if scheme is None:
        return value if value and _LOCAL.fullmatch(value) else None
    fitting = {"mailto": _MAIL, "tel": _PHONE}.get(scheme[0].lower())
    return value if (fitting.fullmatch(value) if fitting else _is_web(value)) else None


def media_address(value: str) -> str | None:
    """An address that a picture, film or sound may come from: http, https or a path of the site."""
    address = article_address(value)
    return address if address and address.startswith(("/", "http:", "https:", "HTTP")) else None


def is_external(address: str) -> bool:
    """Whether the address names a host."""
    return address[:4].lower() == "http"


def _tidied(value: str) -> str:
    """The value without what browsers ignore in an address; empty when it is too long."""
    value = re.sub(r"[\t\n]", "", printable(value).strip())
    return re.sub(r"\s", lambda match: quote(match[0]), value) if len(value) <= LONGEST_ADDRESS else ""
