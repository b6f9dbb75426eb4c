"""The text of an item as HTML of this site: what `wordpress_markup` needs to know is looked up here."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from webapp.models import Media
from webapp.publishing import wxr
from webapp.publishing.wordpress_run import Run


_NUMBERS = re.compile(r'(?:wp-image-|attachment_|"(?:id|mediaId)":\s*)(\d{1,12})')
_NUMBER_LISTS = re.compile(r"""\[gallery[^\]]*?\bids\s*=\s*["']?([\d,\s]+)|"ids":\s*\[([\d,\s"]*)\]""")


@dataclass(slots=True)
class Body:
    html: str
    appendix: str = ""
    unknown_shortcodes: Counter[str] = field(default_factory=Counter)


def body_of(run: Run, item: wxr.Item, attachments: dict[int, Media]) -> Body:
    return Body(item.content)


def media_numbers(item: wxr.Item) -> set[int]:
    """The numbers of the attachments that an item names: its featured image, pictures in blocks, galleries."""
    named = _NUMBERS.findall(item.content)
    lists = [
        number for ids in _NUMBER_LISTS.findall(item.content) for number in re.findall(r"\d+", "".join(ids))
    ]
    numbers = {
        int(number) for number in [*named, *lists, item.meta_value("_thumbnail_id")] if number.isdecimal()
    }
    return numbers - {0}
