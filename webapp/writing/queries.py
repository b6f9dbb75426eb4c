"""The desk's lists of articles, and what the editor reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, literal_column, select, tuple_, union_all
from sqlalchemy.orm import aliased, joinedload, selectinload

from webapp import clock, dialects
from webapp.database import db
from webapp.models import (
    Account,
    Article,
    ArticleVersion,
    Comment,
    Kind,
    Media,
    Presence,
    Status,
    WorkingCopy,
    article_author,
    article_listing,
)
from webapp.models.article import PAGES
from webapp.models.base import UTCDateTime
from webapp.moderating.queue_queries import MOST_COUNTED
from webapp.reading.search_queries import matching_ids

PAGE_LENGTH = 40
GROUP_LENGTH = 8
MOST_BEGINNINGS = 200
"""So many articles are found by the beginning of their slug."""
HERE = timedelta(seconds=40)
"""Somebody who was seen so lately still has the article open."""
_PAGE = literal_column("'page'")
"""Without a parameter, so that the index of the few pages is taken."""
TABS = {
    "work": "In work",
    "mine": "Mine",
    "drafts": "Drafts",
    "scheduled": "Scheduled",
    "published": "Published",
    "unpublished": "Unpublished",
    "pages": "Pages",
    "trash": "Trash",
}


@dataclass(frozen=True)
class Filters:
    """What narrows a list."""

    text: str = ""
    author: int = 0
    category: int = 0

    @property
    def is_narrow(self) -> bool:
        return bool(self.text or self.author or self.category)


@dataclass(frozen=True)
class Row:
    """An article of a list with what is being done about it. `missing`: what it lacks before readers see it."""

    article: Article
    copy: WorkingCopy | None
    held: int
    missing: list[str]

    @property
    def headline(self) -> str:
        """What stands in the working copy, for staff."""
        return (self.copy.fields.get("headline", "") if self.copy else "") or self.article.headline

    @property
    def has_changes(self) -> bool:
        return bool(self.copy and self.copy.is_changed)


@dataclass(frozen=True)
class Group:
    title: str
    tab: str
    rows: list[Row] = field(default_factory=list)
    older: str = ""
    """Where the list goes on: a keyset."""


def condition(tab: str, me: Account) -> ColumnElement[bool]:
    """What stands in a tab."""
    now = clock.now()
    changed = Article.id.in_(select(WorkingCopy.article_id).where(WorkingCopy.is_changed))
    article, is_shown = Article.kind == Kind.article, Article.status.in_((Status.published, Status.scheduled))
    # By their numbers, which small indexes give: otherwise a large paper's articles are gone through one by one.
    other = aliased(Article)
    pages = select(other.id).where(other.kind == _PAGE)
    soon = union_all(
        select(other.id).where(other.listed_at > now),
        pages.where(other.published_at > now),
        select(WorkingCopy.article_id).where(WorkingCopy.due_at > now),
    )
    conditions = {
        "mine": and_(Article.account_id == me.id, Article.status != Status.trashed),
        "drafts": and_(article, Article.status.in_((Status.draft, Status.private))),
        "scheduled": and_(is_shown, Article.id.in_(soon)),
        "published": Article.listed_at <= now,
        "unpublished": Article.status == Status.unpublished,
        "pages": and_(Article.id.in_(pages), Article.status != Status.trashed),
        "trash": Article.status == Status.trashed,
        "any": Article.status != Status.trashed,
        "changed": and_(is_shown, changed, Article.published_at <= now),
    }
    return conditions[tab]


def _order(tab: str) -> tuple[Any, bool]:
    """The column by which a tab is ordered, and whether the least comes first."""
    if tab == "scheduled":
        return Article.published_at, True
    if tab == "published":
        return Article.listed_at, False
    return Article.id, False


def rows(
    tab: str, wanted: Filters, me: Account, *, after: str = "", limit: int = PAGE_LENGTH
) -> tuple[list[Row], str]:
    """Some rows of a tab, and the keyset (`after`) with which the list goes on; "" at its end."""
    column, rises = _order(tab)
    query = select(Article.id).where(condition(tab, me), *_narrowed(wanted))
    if not me.has_role("editor"):
        query = query.where(Article.account_id == me.id)
    place = _place(after)
    if place is not None:
        moment, number = place
        if column is Article.id:
            query = query.where(Article.id < number)
        else:
            here = tuple_(column, Article.id)
            there = tuple_(literal(moment, UTCDateTime), literal(number))
            query = query.where(here > there if rises else here < there)
    by = [column, Article.id] if column is not Article.id else [Article.id]
    order = by if rises else [one.desc() for one in by]
    # The ids first, from indexes; only the articles that are shown are read whole.
    some = query.order_by(*order).limit(limit + 1).subquery()
    articles = select(Article).join(some, some.c.id == Article.id).order_by(*order)
    found = list(db.session.scalars(articles.options(*_options())))
    shown = found[:limit]
    rest = ""
    if len(found) > limit:
        last = shown[-1]
        moment = (last.published_at or last.created_at).isoformat()
        rest = f"{moment}_{last.id}"
    return _rows(shown), rest


def in_work(wanted: Filters, me: Account) -> list[Group]:
    """What an editor looks at first: drafts, what is scheduled, changes that are not public yet, the newest."""
    plan = (
        ("Drafts", "drafts"),
        ("Scheduled", "scheduled"),
        ("Changed, not public yet", "changed"),
        ("Published", "published"),
    )
    groups = []
    for title, tab in plan:
        some, rest = rows(tab, wanted, me, limit=GROUP_LENGTH)
        if some:
            groups.append(Group(title, tab if tab in TABS else "published", some, rest))
    return groups


def counts(me: Account) -> dict[str, int]:
    """How many each tab has, counted up to MOST_COUNTED."""
    own = () if me.has_role("editor") else (Article.account_id == me.id,)
    found = {}
    for tab in TABS:
        if tab == "work":
            continue
        some = select(Article.id).where(condition(tab, me), *own).limit(MOST_COUNTED + 1).subquery()
        found[tab] = db.session.scalar(select(func.count()).select_from(some)) or 0
    return found


def next_scheduled() -> datetime | None:
    """When the next article goes live by itself."""
    now = clock.now()
    is_shown = Article.status.in_((Status.scheduled, Status.published))
    articles = select(func.min(Article.listed_at)).where(Article.listed_at > now)
    pages = select(func.min(Article.published_at)).where(
        Article.id.in_(PAGES), is_shown, Article.published_at > now
    )
    return min(filter(None, map(db.session.scalar, (articles, pages))), default=None)


def article(article_id: int) -> Article | None:
    """An article for its editor."""
    return db.session.scalar(select(Article).where(Article.id == article_id).options(*_options()))


def versions(article_id: int) -> list[ArticleVersion]:
    """Every version that was published, the newest first."""
    query = select(ArticleVersion).where(ArticleVersion.article_id == article_id)
    query = query.order_by(ArticleVersion.number.desc()).options(joinedload(ArticleVersion.account))
    return list(db.session.scalars(query))


def others_here(article_id: int, me: Account) -> list[str]:
    """The names of the others who have the article open."""
    query = select(Account).join(Presence, Presence.account_id == Account.id)
    query = query.where(
        Presence.article_id == article_id, Presence.account_id != me.id, Presence.seen_at > clock.now() - HERE
    )
    return [one.display_name for one in db.session.scalars(query)]


def untouched_draft(me: Account, kind: str) -> int | None:
    """The id of a draft of this account into which nothing was written yet."""
    query = select(Article.id).where(
        Article.account_id == me.id,
        Article.kind == kind,
        Article.status == Status.draft,
        Article.headline == "",
        Article.body_html == "",
        Article.standfirst == "",
    )
    return db.session.scalar(query.limit(1))


def missing(one: Article) -> list[str]:
    """What an article lacks, in words, for whoever publishes it."""
    found = []
    if not one.headline:
        found.append("no headline")
    if one.kind == Kind.article and not one.categories:
        found.append("no category")
    if one.kind == Kind.article and not one.authors:
        found.append("no author")
    if one.kind == Kind.article and one.lead_media is None:
        found.append("no lead picture")
    if one.lead_media is not None and not one.lead_media.alt:
        found.append("no alt text on the lead picture")
    without = one.body_html.count("<img") - one.body_html.count('alt="') + one.body_html.count('alt=""')
    if without > 0:
        found.append(f"no alt text on {without} picture{'s' if without > 1 else ''}")
    return found


def _options() -> tuple[Any, ...]:
    return (
        joinedload(Article.totals),
        joinedload(Article.lead_media).load_only(Media.alt, Media.mime, Media.is_missing),
        selectinload(Article.authors),
        selectinload(Article.categories),
    )


def _rows(found: list[Article]) -> list[Row]:
    ids = [one.id for one in found]
    copies = {
        copy.article_id: copy
        for copy in db.session.scalars(
            select(WorkingCopy)
            .where(WorkingCopy.article_id.in_(ids))
            .options(joinedload(WorkingCopy.account))
        )
    }
    counted = db.session.execute(
        select(Comment.article_id, func.count())
        .where(Comment.article_id.in_(ids), Comment.status == "held")
        .group_by(Comment.article_id)
    )
    held = {article_id: number for article_id, number in counted}  # noqa: C416 (rows are no plain pairs)
    return [Row(one, copies.get(one.id), held.get(one.id, 0), missing(one)) for one in found]


def _narrowed(wanted: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        is_address = wanted.text.startswith(("/", "http://", "https://"))
        slug = wanted.text.rstrip("/").rpartition("/")[2] if is_address else wanted.text
        found_ids = None if is_address else matching_ids(wanted.text)
        parts = [_with_slug(slug)] if found_ids is None else [_with_slug(slug), found_ids]
        # By their numbers, each part along its own index and cut: the order of the list comes after.
        some = [select(part.subquery()) for part in parts]
        found.append(Article.id.in_(union_all(*some)))
    if wanted.author:
        some = select(article_author.c.article_id).where(article_author.c.author_id == wanted.author)
        found.append(Article.id.in_(some))
    if wanted.category:
        some = select(article_listing.c.article_id).where(article_listing.c.above_id == wanted.category)
        found.append(Article.id.in_(some))
    return found


def _with_slug(slug: str) -> Select[Any]:
    """The ids of articles with this slug; where it is none of a single word, also those whose slug begins so."""
    other = aliased(Article)
    same = dialects.begins_with(other.slug, slug) if "-" in slug else other.slug == slug
    return select(other.id).where(same).order_by(other.slug).limit(MOST_BEGINNINGS)


def _place(after: str) -> tuple[datetime, int] | None:
    moment, _, number = after.rpartition("_")
    if not number.isdecimal() or len(number) > 10:
        return None
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (found, int(number)) if found.tzinfo else None
