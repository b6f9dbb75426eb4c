"""RSS 2.0 and Atom as documents: feedgenerator's, with full texts, several authors, and times that stand still."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from feedgenerator import Atom1Feed, Rss201rev2Feed

from webapp.markup_text import printable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ROOTED = re.compile(r"""(\s(?:src|href|poster|cite)\s*=\s*["'])/(?!/)""", re.IGNORECASE)
_SRCSET = re.compile(r"""(\ssrcset\s*=\s*["'])([^"']*)""", re.IGNORECASE)


def with_absolute_links(html: str, origin: str) -> str:
    """Clean HTML whose links and pictures work outside of the site."""

    def candidates(match: re.Match[str]) -> str:
        parts = [part.strip() for part in match[2].split(",")]
        whole = [
            origin + part if part.startswith("/") and not part.startswith("//") else part for part in parts
        ]
        return match[1] + ", ".join(whole)

    return _SRCSET.sub(candidates, _ROOTED.sub(rf"\g<1>{origin}/", html))


class _Lasting:
    """An empty feed has the oldest date there is, and not the current one, so that its ETag holds."""

    items: list[dict[str, Any]]

    def latest_post_date(self) -> datetime:
        dates = [item.get(name) for item in self.items for name in ("updateddate", "pubdate")]
        return max((date for date in dates if date), default=_EPOCH)


class Rss(_Lasting, Rss201rev2Feed):
    content_type = "application/rss+xml; charset=utf-8"

    def rss_attributes(self) -> dict[str, str]:
        spaces = {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }
        return super().rss_attributes() | spaces

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["names"]:
            handler.addQuickElement("dc:creator", name)
        handler.addQuickElement("content:encoded", item["content"])


class Atom(_Lasting, Atom1Feed):
    content_type = "application/atom+xml; charset=utf-8"

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["names"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")


FORMATS: dict[str, type[Rss] | type[Atom]] = {"rss": Rss, "atom": Atom}


def clean(value: Any) -> Any:
    """Without the code points that XML forbids."""
    if isinstance(value, str):
        return printable(value)
    return [clean(item) for item in value] if isinstance(value, list) else value
