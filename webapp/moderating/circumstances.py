"""What the rules need to know about a comment and about this moment, from the database and the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlsplit

from disposable_email_domains import blocklist
from flask import current_app
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from webapp import clock, duty, visitors
from webapp.database import db
from webapp.filters import day_and_clock, in_zone
from webapp.models import (
    BlockedNetwork,
    Comment,
    CommentStatus,
    Lesson,
    ProvedWriter,
    Restriction,
    article_listing,
    article_tag,
)
from webapp.models.base import UTCDateTime
from webapp.moderating.bayes import Model, features
from webapp.moderating.histories import decided_of
from webapp.moderating.links import spelled_out
from webapp.moderating.lists import AddressList, WordList
from webapp.moderating.rules import judge
from webapp.moderating.verdicts import Context, Submission, Verdict
from webapp.settings import setting

_LESSON = "standfirst-lesson"
_DISPOSABLE = AddressList(frozenset(blocklist))


@dataclass(frozen=True)
class Written:
    """A comment before it is judged. `writer_hash`: of the browser that it comes from."""

    name: str
    email: str
    website: str
    source: str
    html: str
    text: str
    writer_hash: str
    network_hash: str = ""
    is_by_staff: bool = False

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        return hosts_of(self.html, self.website)

    @cached_property
    def features(self) -> set[str]:
        return features(f"{self.name} {self.text}")

    def read(self) -> Written:
        """Works out what needs no database, before a transaction keeps others waiting."""
        _ = self.hosts, self.features
        return self


@dataclass(frozen=True)
class Switches:
    """The restrictions in force for an article, taken together."""

    holds: tuple[str, ...] = ()
    link_bans: tuple[str, ...] = ()
    slow_seconds: int = 0
    rows: list[Restriction] = field(default_factory=list)


def judged(
    written: Written, article_id: int, *, is_name_unproved: bool = False
) -> tuple[Submission, list[Verdict]]:
    """What the rules look at of a comment on its arrival under an article, and what they say."""
    now = clock.now()
    asked = {"writer": written.writer_hash, "moment": now}
    known = db.session.execute(_known_query(), asked).one()
    model = learnt(known.learnt_at)
    submission = Submission(
        name=written.name,
        email=written.email,
        website=written.website,
        source=written.source,
        text=written.text,
        link_count=written.html.count("<a "),
        hosts=written.hosts,
        is_by_staff=written.is_by_staff,
        is_known=bool(known.is_known),
        is_name_unproved=is_name_unproved,
        is_disposable=is_disposable(written.email),
        decided=int(known.decided),
        rejected=int(known.rejected or 0),
        is_network_blocked=bool(known.has_blocks) and is_network_blocked(written.network_hash),
        score=model.score_of(written.features) if model else None,
    )
    switches = in_force(article_id, now) if known.has_switches else Switches()
    return submission, judge(submission, context_for(article_id, switches=switches))


@cache
def _known_query() -> Select[*tuple[Any, ...]]:
    """All that is asked for each comment, in one statement: about the browser it comes from, about what was learnt,
    and whether there is any block or switch at all, which few sites have at a time."""
    writer = bindparam("writer", type_=String())
    learnt_at = select(Lesson.made_at).where(Lesson.id == 1)
    some = decided_of(writer)
    return select(
        func.count().label("decided"),
        func.sum(case((some.c.away, 1), else_=0)).label("rejected"),
        _is_known(writer).label("is_known"),
        learnt_at.scalar_subquery().label("learnt_at"),
        exists(select(BlockedNetwork.id)).label("has_blocks"),
        has_switches().label("has_switches"),
    ).select_from(some)


def has_switches() -> ColumnElement[bool]:
    """Whether any restriction is in force at the parameter `moment`, on whatever article."""
    ends = or_(Restriction.ends_at.is_(None), Restriction.ends_at > bindparam("moment", type_=UTCDateTime()))
    return exists(select(Restriction.id).where(Restriction.ended_at.is_(None), ends))


def hosts_of(html: str, website: str) -> tuple[str, ...]:
    """Where a comment's links and its writer's website lead: hosts in the writer's own letters."""
    hosts = [link.written or link.host for link in spelled_out(html)]
    own = urlsplit(website).hostname if website else None
    return tuple(dict.fromkeys([*hosts, *([own] if own else [])]))


def is_disposable(email: str) -> bool:
    """Whether an address is of a service that gives addresses away for minutes."""
    return _DISPOSABLE.find_host(email.rpartition("@")[2]) is not None


def _is_known(writer: BindParameter[str]) -> ColumnElement[bool]:
    """Whether a comment by this browser, or by another one of the same proved address, has been approved before."""
    own, earlier = aliased(ProvedWriter), aliased(Comment)
    others = (
        select(ProvedWriter.writer_hash)
        .join(own, own.address_id == ProvedWriter.address_id)
        .where(own.writer_hash == writer)
    )
    writers = or_(earlier.writer_hash == writer, earlier.writer_hash.in_(others))
    return exists(select(earlier.id).where(writers, earlier.status == CommentStatus.approved))


def is_network_blocked(daily_hash: str) -> bool:
    """Whether a request's network is blocked. A block that only knew today's hash learns the lasting one by that."""
    if not daily_hash:
        return False
    lasting = visitors.lasting_network_hash()
    query = select(BlockedNetwork).where(
        or_(BlockedNetwork.daily_hash == daily_hash, BlockedNetwork.lasting_hash == lasting)
    )
    found = db.session.scalar(query.limit(1))
    if found is not None and found.lasting_hash is None:
        found.lasting_hash = lasting
    return found is not None


def context_for(
    article_id: int, changed: Mapping[str, Any] | None = None, switches: Switches | None = None
) -> Context:
    """What the rules go by at this moment under an article. `changed`: settings to try instead of those in force;
    `switches`: where they have been read already."""
    value = (changed or {}).get
    now = clock.now()
    switches = switches or in_force(article_id, now)
    holds = switches.holds
    if setting("OFF_DUTY") == "hold" and (opens := duty_begins(now)):
        holds += (f"Nobody is on duty until {day_and_clock(opens)}.",)

    def of(name: str) -> Any:
        found = value(name)
        return setting(name) if found is None else found

    return Context(
        max_links=of("COMMENT_MAX_LINKS"),
        holds_first=of("COMMENT_HOLD_FIRST"),
        holds_all=of("COMMENT_HOLD_ALL"),
        moderation_words=WordList.of(of("MODERATION_WORDS")),
        disallowed_words=WordList.of(of("DISALLOWED_WORDS")),
        blocked_addresses=AddressList.of(of("BLOCKED_ADDRESSES")),
        held_addresses=AddressList.of(of("HELD_ADDRESSES")),
        blocked_domains=AddressList.of(of("BLOCKED_DOMAINS")),
        held_domains=AddressList.of(of("HELD_DOMAINS")),
        holds_disposable=of("COMMENT_HOLD_DISPOSABLE"),
        most_rejected=of("COMMENT_MAX_REJECTED"),
        acts_at=of("SPAM_ACTS_AT"),
        holds=holds,
        link_bans=switches.link_bans,
    )


def in_force(article_id: int, now: datetime) -> Switches:
    """The restrictions for an article: its own, those of its tags, of its categories and all above these, and those of
    the whole site."""
    categories = select(article_listing.c.above_id).where(article_listing.c.article_id == article_id)
    tags = select(article_tag.c.tag_id).where(article_tag.c.article_id == article_id)
    whole = and_(
        Restriction.article_id.is_(None), Restriction.category_id.is_(None), Restriction.tag_id.is_(None)
    )
    rows = db.session.scalars(
        select(Restriction)
        .where(
            Restriction.ended_at.is_(None),
            or_(Restriction.ends_at.is_(None), Restriction.ends_at > now),
            or_(
                Restriction.article_id == article_id,
                Restriction.category_id.in_(categories),
                Restriction.tag_id.in_(tags),
                whole,
            ),
        )
        .order_by(Restriction.id)
    ).all()
    return Switches(
        holds=tuple(f"Every comment waits{_until(row)}." for row in rows if row.holds_all),
        link_bans=tuple(f"Every comment with a link waits{_until(row)}." for row in rows if row.holds_links),
        slow_seconds=max((row.slow_seconds for row in rows), default=0),
        rows=list(rows),
    )


def _until(row: Restriction) -> str:
    note = f" ({row.note})" if row.note else ""
    return f"{note} until {day_and_clock(row.ends_at)}" if row.ends_at else note


def duty_begins(now: datetime) -> datetime | None:
    """When somebody is on duty again; None while somebody is."""
    hours = duty.spans(setting("DUTY_HOURS"))
    return duty.begins_next(hours, in_zone(now)) if hours else None


def learnt(made_at: datetime | None) -> Model | None:
    """What decisions have taught until `made_at`, the lesson's own time; None as long as that is nothing. Read anew
    only when it was made anew."""
    if made_at is None:
        return None
    kept = current_app.extensions.get(_LESSON)
    if kept is None or kept[0] != made_at:
        lesson = db.session.get_one(Lesson, 1, populate_existing=True)
        kept = current_app.extensions[_LESSON] = (lesson.made_at, Model.from_json(lesson.words))
    return kept[1] if kept[1].is_ready else None
