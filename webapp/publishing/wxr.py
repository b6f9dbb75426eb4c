"""Reads a WordPress export (WXR 1.0 to 1.2) as a stream: no database, one item in memory at a time.

`check` reads the whole file for its form, so that a broken one changes nothing; `read` yields its records.
Entities of the file's own, external entities and document types are refused by defusedxml.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import errors as expat

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, iterparse

from webapp.publishing.wxr_dates import Moment, guess_zone, moment
from webapp.publishing.wxr_elements import MAKERS, item, name_of, version_of
from webapp.publishing.wxr_records import Author, Category, Comment, Item, Label, Record, Site, Tag, Term
from webapp.publishing.wxr_source import Malformed, Source

__all__ = [
    "Author",
    "Category",
    "Comment",
    "Item",
    "Label",
    "Malformed",
    "Record",
    "Site",
    "Survey",
    "Tag",
    "Term",
]
__all__ += ["check", "read"]

KNOWN_VERSIONS = ("1.0", "1.1", "1.2")
_DATES_KEPT = 20_000
_REASONS = {
    expat.XML_ERROR_TAG_MISMATCH: "a tag is closed that is not the one opened last",
    expat.XML_ERROR_NO_ELEMENTS: "the file ends before it is complete",
    expat.XML_ERROR_UNCLOSED_TOKEN: "the file ends in the middle of a tag",
    expat.XML_ERROR_UNCLOSED_CDATA_SECTION: "the file ends inside a CDATA section",
    expat.XML_ERROR_UNDEFINED_ENTITY: "an entity is used that XML does not know (an & that should be &amp;?)",
    expat.XML_ERROR_INVALID_TOKEN: "a character stands where XML does not allow it (an unescaped & or <?)",
    expat.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: "there is something after the end of the export",
    expat.XML_ERROR_DUPLICATE_ATTRIBUTE: "a tag has the same attribute twice",
    expat.XML_ERROR_BAD_CHAR_REF: "a number names a character that XML forbids",
    expat.XML_ERROR_UNBOUND_PREFIX: "a tag has a prefix that is declared nowhere",
}


@dataclass(slots=True)
class Survey:
    """What the first pass over a file found.

    `counts` is by kind: every post type, and `author`, `category`, `tag`, `term`, `comment`.
    """

    version: str = ""
    encoding: str = ""
    zone: str = "UTC"
    site: Site = field(default_factory=Site)
    counts: Counter[str] = field(default_factory=Counter)
    records: int = 0
    notes: list[str] = field(default_factory=list)


def check(
    path: Path,
    observe: Callable[[Record], None] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Survey:
    """Reads the whole file once and says what is in it.

    `observe` is handed every record, `progress` the number of bytes read since it was last called.

    Raises `Malformed` with line, column and reason where the file is broken or is no export.
    """
    survey = Survey()
    moments: list[Moment] = []
    told = 0
    with Source(path) as source:
        survey.encoding = source.encoding
        for record in _records(source):
            _count(survey, record, moments)
            if observe:
                observe(record)
            if progress and source.read_bytes > told:
                progress(source.read_bytes - told)
                told = source.read_bytes
        if source.dropped:
            where = f"the first on line {source.first_dropped}"
            survey.notes.append(
                f"{source.dropped} control characters that XML forbids were left out, {where}."
            )
    survey.version = survey.site.version
    if survey.version not in KNOWN_VERSIONS:
        survey.notes.append(f"The export's version is {survey.version or 'unknown'}; it was read like 1.2.")
    survey.zone = guess_zone(moments)
    return survey


def read(path: Path) -> Iterator[Record]:
    """Yields the records of the file in its order, the site first; raises `Malformed` where it is broken."""
    with Source(path) as source:
        yield from _records(source)


def _count(survey: Survey, record: Record, moments: list[Moment]) -> None:
    survey.records += 1
    match record:
        case Site():
            survey.site = record
        case Item():
            survey.counts[record.kind] += 1
            survey.counts["comment"] += len(record.comments)
            if len(moments) < _DATES_KEPT:
                moments.append(record.published)
        case _:
            survey.counts[type(record).__name__.lower()] += 1


def _records(source: Source) -> Iterator[Record]:
    parser = DefusedXMLParser(encoding="utf-8", forbid_dtd=True)
    try:
        yield from _walk(iterparse(source, ("start", "end"), parser=parser, forbid_dtd=True))
    except ParseError as error:
        line, column = error.position
        reason = _REASONS.get(expat.messages.get(error.code, ""), str(error).partition(":")[0])
        raise Malformed(reason, line, column + 1) from error
    except DefusedXmlException as error:
        place = parser.parser
        reason = (
            "the file declares a document type or entities of its own; exports never do, so it is refused"
        )
        raise Malformed(reason, place.CurrentLineNumber, place.CurrentColumnNumber + 1) from error


def _walk(events: Iterator[tuple[str, Element]]) -> Iterator[Record]:
    """Turns the children of the channel into records and forgets each one at its end."""
    path: list[Element] = []
    head: dict[str, str] = {}
    sent = False
    for event, element in events:
        if event == "start":
            path.append(element)
            _refuse_other_roots(path)
            continue
        path.pop()
        if len(path) != 2:
            continue
        record = _record(element, head)
        path[1].clear()
        if record is not None:
            if not sent:
                yield _site(head)
                sent = True
            yield record
    if not sent:
        yield _site(head)


def _refuse_other_roots(path: list[Element]) -> None:
    if len(path) == 1 and path[0].tag != "rss":
        raise Malformed(
            f"this is XML, but not a WordPress export: it begins with <{name_of(path[0].tag)[1]}>, not <rss>",
            1,
            1,
        )


def _record(element: Element, head: dict[str, str]) -> Record | None:
    """The record that a child of the channel stands for; the channel's own lines are collected in `head`."""
    space, local = name_of(element.tag)
    if space == "wp" or local == "item":
        head.setdefault("namespace", version_of(element))
    if (space, local) == ("", "item"):
        return item(element)
    if space == "wp" and local in MAKERS:
        return MAKERS[local](element)
    if space in ("", "wp"):
        head.setdefault(local, (element.text or "").strip())
    return None


def _site(head: dict[str, str]) -> Site:
    if not (head.get("wxr_version") or head.get("namespace")):
        raise Malformed(
            "this is an ordinary feed, not a WordPress export: use Tools > Export in WordPress", 1, 1
        )
    return Site(
        title=head.get("title", ""),
        tagline=head.get("description", ""),
        link=head.get("link", ""),
        language=head.get("language", ""),
        exported=moment(feed=head.get("pubDate", "")),
        version=head.get("wxr_version") or head.get("namespace", ""),
        base_url=head.get("base_blog_url") or head.get("base_site_url") or head.get("link", ""),
    )
