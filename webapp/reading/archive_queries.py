"""Archives: the articles of a category, a tag, an author or a stretch of time, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, and_, column, func, select, values

from webapp import clock
from webapp.database import db
from webapp.models import Article, Author, Category, Tag
from webapp.models.base import UTCDateTime
from webapp.reading import cards, lists
from webapp.reading.keyset import Cursor, Slice
from webapp.reading.lists import Members, Span

MOST_MONTHS = 1500
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Archive:
    """A list of articles with an address of its own.

    `url` ends in a slash; `question` is what names the list to /_fragments/archive; `above` leads down to it.
    """

    kind: str
    heading: str
    url: str
    members: Members | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    question: str = ""
    description: str = ""
    above: list[Category] = field(default_factory=list)
    subject: Category | Tag | Author | None = None

    @property
    def feed_url(self) -> str:
        """The list's RSS feed, or "" where it has none of its own. Atom is one step further: `atom/`."""
        return f"{self.url}feed/" if self.subject else ""


def shown() -> ColumnElement[bool]:
    """The condition for archives: live articles, protected ones among them (their headlines are no secret)."""
    return Article.listed()


def everything() -> Archive:
    return Archive("all", "All articles", "/", description="Everything that has appeared, the newest first.")


def of_category(path: str) -> Archive | None:
    """The archive of the category that the last part of a path names, wherever it stands now."""
    slug = path.strip("/").rpartition("/")[2].lower()
    category = db.session.scalar(select(Category).where(Category.slug == slug))
    if category is None:
        return None
    parts = category.path.split("/")
    paths = ["/".join(parts[:length]) for length in range(1, len(parts))]
    above = db.session.scalars(select(Category).where(Category.path.in_(paths))).all() if paths else []
    return Archive(
        "category",
        category.name,
        category.url,
        lists.in_category(category.id),
        question=f"category={category.slug}",
        description=category.description,
        above=sorted(above, key=lambda one: len(one.path)),
        subject=category,
    )


def of_tag(slug: str) -> Archive | None:
    tag = db.session.scalar(select(Tag).where(Tag.slug == slug.lower()))
    if tag is None:
        return None
    return Archive(
        "tag",
        tag.name,
        tag.url,
        lists.with_tag(tag.id),
        question=f"tag={tag.slug}",
        description=tag.description,
        subject=tag,
    )


def author_by_slug(slug: str) -> Author | None:
    return db.session.scalar(select(Author).where(Author.slug == slug.lower()))


def of_author(slug: str) -> Archive | None:
    author = author_by_slug(slug)
    if author is None:
        return None
    return Archive(
        "author",
        author.name,
        author.url,
        lists.by_author(author.id),
        question=f"author={author.slug}",
        description=author.bio,
        subject=author,
    )


def of_time(zone: ZoneInfo, year: int, month: int | None = None, day: int | None = None) -> Archive | None:
    """The archive of a year, a month or a day on the site's own clock; None when there is no such time."""
    try:
        first = date(year, 1 if month is None else month, 1 if day is None else day)
        starts, ends = _midnight(first, zone), _midnight(_end(first, month, day), zone)
    except (ValueError, OverflowError):
        return None
    name = "-".join([f"{year:04d}", *(f"{part:02d}" for part in (month, day) if part)])
    heading = f"{MONTHS[month - 1]} {f'{day}, ' if day else ''}{year}" if month else f"The year {year}"
    url = f"/{name.replace('-', '/')}/"
    return Archive("date", heading, url, starts=starts, ends=ends, question=f"date={name}")


def _end(first: date, month: int | None, day: int | None) -> date:
    if day:
        return first + timedelta(days=1)
    if month:
        return (first + timedelta(days=31)).replace(day=1)
    return date(first.year + 1, 1, 1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def from_question(args: Mapping[str, str], zone: ZoneInfo) -> Archive | None:
    """The archive that the parameters of /_fragments/archive name; None for an unknown one."""
    for name, find in (("category", of_category), ("tag", of_tag), ("author", of_author)):
        if args.get(name):
            return find(args[name])
    if args.get("date"):
        parts = args["date"].split("-")
        is_date = len(parts) <= 3 and all(
            part.isascii() and part.isdigit() and len(part) <= 4 for part in parts
        )
        return of_time(zone, *map(int, parts)) if is_date else None
    return everything()


def is_there(endpoint: str, given: Mapping[str, Any]) -> bool:
    """Whether a route of the archives has a list for these values. Stretches of time give way to permalinks."""
    if "path" in given:
        return of_category(given["path"]) is not None
    if "slug" in given:
        return (of_tag if endpoint.endswith("tag") else of_author)(given["slug"]) is not None
    return False


def slice_of(archive: Archive, after: Cursor | None, limit: int) -> Slice:
    """The articles of an archive, newest first, behind `after`. Two statements."""
    return _slice(archive, Span(limit + 1, after=after, starts=archive.starts, ends=archive.ends))


def page_of(archive: Archive, page: int, limit: int) -> Slice:
    """The same by number, as WordPress pages its lists: empty behind the last page."""
    offset = (page - 1) * limit
    return _slice(archive, Span(limit + 1, starts=archive.starts, ends=archive.ends, offset=offset))


def _slice(archive: Archive, span: Span) -> Slice:
    found = cards.read(lists.articles(archive.members, span).options(*cards.columns()))
    return Slice.of(found, span.limit - 1)


@dataclass(frozen=True)
class Month:
    """A month with articles in it, and how many."""

    starts: date
    count: int

    @property
    def name(self) -> str:
        return MONTHS[self.starts.month - 1]

    @property
    def url(self) -> str:
        return f"/{self.starts:%Y/%m}/"


def months(zone: ZoneInfo) -> list[Month]:
    """All months with articles, the newest first, cut on the site's own clock. Two statements."""
    # Each by itself: then the database only looks at the two ends of the index.
    first = select(func.min(Article.listed_at)).where(shown())
    last = select(func.max(Article.listed_at)).where(shown())
    oldest, newest = db.session.execute(select(first.scalar_subquery(), last.scalar_subquery())).one()
    if oldest is None or newest is None:
        return []
    firsts = _firsts(oldest.astimezone(zone).date(), newest.astimezone(zone).date())
    now = clock.now() + timedelta(microseconds=1)
    rows = [
        (str(first), _midnight(first, zone), min(now, _midnight(end, zone)))
        for first, end in pairwise(firsts)
    ]
    calendar = (
        values(
            column("name", String),
            column("starts", UTCDateTime),
            column("ends", UTCDateTime),
            name="calendar",
        )
        .data(rows)
        .cte("calendar")
    )
    # The time is within the last month's own bounds: another condition would make the database walk all of the index.
    within = and_(Article.listed_at >= calendar.c.starts, Article.listed_at < calendar.c.ends)
    query = (
        select(calendar.c.name, func.count())
        .join(Article, within)
        .group_by(calendar.c.name)
        .order_by(calendar.c.name.desc())
    )
    return [Month(date.fromisoformat(name), count) for name, count in db.session.execute(query)]


def _firsts(oldest: date, newest: date) -> list[date]:
    """The first days of all months between two dates, and of the one after; at most MOST_MONTHS, the latest."""
    last = newest.year * 12 + newest.month
    first = max(oldest.year * 12 + oldest.month - 1, last - MOST_MONTHS)
    return [date(number // 12, number % 12 + 1, 1) for number in range(first, last + 1)]
