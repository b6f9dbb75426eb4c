"""The old site's own addresses: which hosts were its, and what a link of the export says. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

_NUMBERED = ("p", "page_id", "attachment_id", "post_type", "preview", "cat")


def split(url: str) -> SplitResult:
    """urlsplit for addresses from outside: what can't be read is an address of nothing."""
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts


def host_of(url: str) -> str:
    """The host in lower case, without `www.`; empty for a path."""
    return (split(url).hostname or "").removeprefix("www.")


@dataclass(slots=True)
class OldSite:
    """The site that an export comes from."""

    base_url: str
    hosts: set[str] = field(default_factory=set)

    @property
    def source(self) -> str:
        """The name under which the ledger keeps what came from it, the same for every export of the site."""
        parts = split(self.base_url)
        return (host_of(self.base_url) + parts.path.rstrip("/"))[:500] or "unknown site"

    @property
    def origin(self) -> str:
        """Scheme and host as the export names them; empty when it names none."""
        parts = split(self.base_url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    @property
    def root(self) -> str:
        """The folder that it stood in on its host, without slashes; mostly empty."""
        return split(self.base_url).path.strip("/")

    def is_own(self, url: str) -> bool:
        """Whether the address is one of the old site: a path, or an address on one of its hosts."""
        host = host_of(url)
        return host in self.hosts if host else url.startswith("/")

    def permalink(self, link: str) -> str:
        """The lasting path that a link names; empty for `?p=7`, another host, or no link at all."""
        parts = split(link)
        if not self.is_own(link) or _is_numbered(parts):
            return ""
        return parts.path or "/"

    def local(self, url: str) -> str:
        """An own address as a path with its query and fragment; another http(s) address as it is; else empty."""
        parts = split(url)
        if self.is_own(url) or (not parts.netloc and not parts.scheme and url.startswith(("/", "#", "?"))):
            path = parts.path or ("/" if parts.netloc or parts.query else "")
            query = f"?{parts.query}" if parts.query else ""
            fragment = f"#{parts.fragment}" if parts.fragment or url.endswith("#") else ""
            return re.sub(r"^/{2,}", "/", path) + query + fragment
        return url.strip() if parts.scheme in ("http", "https") and parts.netloc else ""


def _is_numbered(parts: SplitResult) -> bool:
    return any(name in _NUMBERED for name in parse_qs(parts.query))


def own_hosts(base_urls: Iterable[str], links: Counter[str]) -> set[str]:
    """The old site's hosts: those it names, and the one that most of its items' links are on.

    A single link elsewhere is a plugin that sends readers away, and not an address of the site.
    """
    hosts = {host_of(url) for url in base_urls} - {""}
    if links:
        host, number = links.most_common(1)[0]
        if number > links.total() / 2:
            hosts.add(host)
    return hosts


def permalink_rule(path: str, slug: str, published: datetime | None, number: int) -> str:
    """The rule (as in the setting PERMALINKS) by which WordPress made this path; empty when none shows.

    >>> permalink_rule("/2013/01/05/pier/", "pier", datetime(2013, 1, 5), 7)
    '/{year}/{month}/{day}/{slug}/'
    """
    parts = [unquote(part) for part in path.strip("/").split("/")]
    if not slug or unquote(slug) != parts[-1] or published is None:
        return ""
    filled = {
        "{year}": f"{published.year:04d}",
        "{month}": f"{published.month:02d}",
        "{day}": f"{published.day:02d}",
        "{id}": str(number),
        "{slug}": parts[-1],
    }
    shapes = [["{slug}"], ["{id}", "{slug}"], ["{category}", "{slug}"]]
    shapes += [["{year}", "{month}", "{slug}"], ["{year}", "{month}", "{day}", "{slug}"]]
    for shape in shapes:
        if len(shape) != len(parts):
            continue
        pairs = zip(shape, parts, strict=True)
        if all(filled.get(name, "" if part.isdigit() else part) == part for name, part in pairs):
            return "/" + "/".join(shape) + ("/" if path.endswith("/") else "")
    return ""


def with_slug(path: str, slug: str, old_slug: str) -> str:
    """The path as it was when the slug was `old_slug`; empty where the path doesn't end in the slug."""
    stem, _, last = path.rstrip("/").rpartition("/")
    if not old_slug or unquote(last) != unquote(slug):
        return ""
    return f"{stem}/{quote(unquote(old_slug))}" + ("/" if path.endswith("/") else "")


def with_date(path: str, old_date: str) -> str:
    """The path as it was when the article stood under `old_date` (2013-01-05); empty where it has no date."""
    found = re.match(r"(\d{4})-(\d{2})-(\d{2})$", old_date)
    if found is None:
        return ""
    year, month, day = found.groups()
    for pattern, new in (
        (r"/\d{4}/\d\d/\d\d/", f"/{year}/{month}/{day}/"),
        (r"/\d{4}/\d\d/", f"/{year}/{month}/"),
    ):
        changed, number = re.subn(pattern, new, path, count=1)
        if number:
            return changed if changed != path else ""
    return ""
