"""The text of an item as HTML of this site: looks up what `wordpress_markup` asks about the rest of the export."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

from sqlalchemy import select

from webapp.database import db
from webapp.models import Media, address_key
from webapp.publishing import ledger, media_files, wxr
from webapp.publishing.wordpress_markup import Context, Converted, MediaInfo, convert
from webapp.publishing.wordpress_run import Run

_VARIANT = re.compile(r"-\d{1,5}x\d{1,5}(?=\.[A-Za-z0-9]+$)")
_MOST_KEPT = 2_000


class Bodies:
    """Converts the texts of one run. Remembers the media that it has looked up, up to a bound."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._media: dict[int, Media | None] = {}
        self._served: dict[str, str | None] = {}

    def convert(self, item: wxr.Item) -> Converted:
        """The item's text, clean; what was found out on the way goes into the report."""
        converted = convert(item.content, self._context(item))
        self.run.report.unknown_shortcodes.update(converted.unknown_shortcodes)
        for note in converted.notes:
            self.run.report.note(note)
        return converted

    def media(self, number: int) -> Media | None:
        """The attachment of this number on the old site, once it is here."""
        if number not in self._media:
            if len(self._media) >= _MOST_KEPT:
                self._media.clear()
            local = ledger.known(self.run.source, "attachment", [number]).get(str(number))
            self._media[number] = db.session.get(Media, local) if local else None
        return self._media[number]

    def _context(self, item: wxr.Item) -> Context:
        index = self.run.index
        pictures = (self._info(number) for _, number in sorted(index.children.get(item.id, ())))
        return Context(
            base_urls=[f"https://{host}" for host in self.run.site.hosts],
            attachment=self._info,
            attachments_of_post=[picture for picture in pictures if picture],
            media_address=self._media_address,
            headline=lambda path: index.headlines.get(address_key(path)),
            reusable=index.patterns.get,
            footnotes=_footnotes(item),
        )

    def _info(self, number: int) -> MediaInfo | None:
        media = self.media(number)
        if media is None:
            return None
        return MediaInfo(
            url=quote(media.url),
            width=media.width,
            height=media.height,
            alt=media.alt,
            caption=media.caption,
            title=media.title,
            mime=media.mime,
            id=number,
        )

    def _media_address(self, address: str) -> str | None:
        """Where a file that a text shows or links to is served here, whatever host or size the text asked for."""
        if address not in self._served:
            if len(self._served) >= _MOST_KEPT:
                self._served.clear()
            self._served[address] = self._found(address)
        return self._served[address]

    def _found(self, address: str) -> str | None:
        relative = media_files.relative_path(address)
        if not relative:
            return None
        prefix = self.run.media_prefix
        forms = (relative, _VARIANT.sub("", relative))
        query = select(Media.file).where(Media.file.in_([*forms, *(prefix + form for form in forms)]))
        files = set(db.session.scalars(query))
        if not files:
            return self._taken(address, relative)
        is_prefixed = any(file.startswith(prefix) for file in files)
        return quote(f"/media/{prefix if is_prefixed else ''}{relative}")

    def _taken(self, address: str, relative: str) -> str | None:
        """A file of the old site that no attachment stands for: texts may name it all the same."""
        if not self.run.site.is_own(address):
            return None
        taken = self.run.media and self.run.media.take(relative, others=[_VARIANT.sub("", relative)])
        if not taken and address not in self.run.report.missing_media:
            self.run.report.missing_media.append(address)
        return quote(f"/media/{relative}")


def _footnotes(item: wxr.Item) -> list[tuple[str, str]]:
    """The block editor keeps footnotes beside the text, as JSON."""
    try:
        rows = json.loads(item.meta_value("footnotes") or "[]")
        return [(str(row["id"]), str(row["content"])) for row in rows]
    except (ValueError, TypeError, KeyError):
        return []
