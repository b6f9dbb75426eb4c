"""What the rules need to know about a comment and about this moment, from the database and the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from disposable_email_domains import blocklist
from flask import current_app
from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from webapp import clock, duty, visitors
from webapp.database import db
from webapp.filters import day_and_clock, in_zone
from webapp.models import (
    BlockedNetwork,
    Comment,
    CommentStatus,
    Lesson,
    ModerationEntry,
    ProvedWriter,
    Restriction,
    article_category,
    article_tag,
)
from webapp.moderating.bayes import Model
from webapp.moderating.links import spelled_out
from webapp.moderating.lists import AddressList, WordList
from webapp.moderating.verdicts import Context, Submission
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
    is_name_unproved: bool = False


@dataclass(frozen=True)
class Switches:
    """The restrictions in force for an article, taken together."""

    holds: tuple[str, ...] = ()
    link_bans: tuple[str, ...] = ()
    slow_seconds: int = 0
    rows: list[Restriction] = field(default_factory=list)


def submission_of(written: Written) -> Submission:
    """What the rules look at."""
    decided, rejected = histories_of({written.writer_hash}).get(written.writer_hash, (0, 0))
    model = learnt()
    return Submission(
        name=written.name,
        email=written.email,
        website=written.website,
        source=written.source,
        text=written.text,
        link_count=written.html.count("<a "),
        hosts=hosts_of(written.html, written.website),
        is_by_staff=written.is_by_staff,
        is_known=is_known(written.writer_hash),
        is_name_unproved=written.is_name_unproved,
        is_disposable=is_disposable(written.email),
        decided=decided,
        rejected=rejected,
        is_network_blocked=is_network_blocked(written.network_hash),
        score=model.score(f"{written.name} {written.text}") if model else None,
    )


def hosts_of(html: str, website: str) -> tuple[str, ...]:
    """Where a comment's links and its writer's website lead: hosts in the writer's own letters."""
    hosts = [link.written or link.host for link in spelled_out(html)]
    own = urlsplit(website).hostname if website else None
    return tuple(dict.fromkeys([*hosts, *([own] if own else [])]))


def is_disposable(email: str) -> bool:
    """Whether an address is of a service that gives addresses away for minutes."""
    return _DISPOSABLE.find_host(email.rpartition("@")[2]) is not None


def is_known(writer_hash: str) -> bool:
    """Whether a comment by this browser, or by another one of the same proved address, has been approved before."""
    own = aliased(ProvedWriter)
    others = (
        select(ProvedWriter.writer_hash)
        .join(own, own.address_id == ProvedWriter.address_id)
        .where(own.writer_hash == writer_hash)
    )
    writers = or_(Comment.writer_hash == writer_hash, Comment.writer_hash.in_(others))
    known = exists().where(writers, Comment.status == CommentStatus.approved)
    return bool(db.session.scalar(select(known)))


def histories_of(writers: set[str]) -> dict[str, tuple[int, int]]:
    """Of each browser: how many of its comments staff decided on, and how many they put away."""
    if not writers:
        return {}
    away = func.sum(case((_PUT_AWAY, 1), else_=0))
    query = select(Comment.writer_hash, func.count(), away).where(_decided_by(writers))
    rows = db.session.execute(query.group_by(Comment.writer_hash))
    return {writer or "": (int(count), int(rejected or 0)) for writer, count, rejected in rows}


def strips_of(writers: set[str], length: int) -> dict[str, list[bool]]:
    """Of each browser: its last `length` comments that staff decided on, oldest first, and which were put away."""
    if not writers:
        return {}
    newest = func.row_number().over(
        partition_by=Comment.writer_hash, order_by=(Comment.created_at.desc(), Comment.id.desc())
    )
    ranked = select(Comment.writer_hash, _PUT_AWAY.label("away"), newest.label("place")).where(
        _decided_by(writers)
    )
    last = ranked.subquery()
    query = (
        select(last.c.writer_hash, last.c.away).where(last.c.place <= length).order_by(last.c.place.desc())
    )
    found: dict[str, list[bool]] = {}
    for writer, is_away in db.session.execute(query):
        found.setdefault(writer, []).append(bool(is_away))
    return found


_PUT_AWAY = Comment.status.in_((CommentStatus.spam, CommentStatus.trashed))


def _decided_by(writers: set[str]) -> ColumnElement[bool]:
    by_staff = exists().where(
        ModerationEntry.comment_id == Comment.id, ModerationEntry.account_id.is_not(None)
    )
    stands = and_(Comment.status != CommentStatus.held, ~Comment.is_withdrawn)
    return and_(Comment.writer_hash.in_(writers), stands, by_staff)


def is_network_blocked(daily_hash: str) -> bool:
    """Whether a request's network is blocked. A block that only knew today's hash learns the lasting one by that."""
    if not daily_hash or db.session.scalar(select(BlockedNetwork.id).limit(1)) is None:
        return False
    lasting = visitors.lasting_network_hash()
    query = select(BlockedNetwork).where(
        or_(BlockedNetwork.daily_hash == daily_hash, BlockedNetwork.lasting_hash == lasting)
    )
    found = db.session.scalar(query.limit(1))
    if found is not None and found.lasting_hash is None:
        found.lasting_hash = lasting
    return found is not None


def context_for(article_id: int, changed: Mapping[str, Any] | None = None) -> Context:
    """What the rules go by at this moment under an article. `changed`: settings to try instead of those in force."""
    value = (changed or {}).get
    now = clock.now()
    switches = in_force(article_id, now)
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
    """The restrictions for an article: its own, those of its categories and tags, and those of the whole site."""
    categories = select(article_category.c.category_id).where(article_category.c.article_id == article_id)
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


def learnt() -> Model | None:
    """What decisions have taught so far; None as long as that is nothing. Read anew only when it was made anew."""
    made_at = db.session.scalar(select(Lesson.made_at).where(Lesson.id == 1))
    if made_at is None:
        return None
    kept = current_app.extensions.get(_LESSON)
    if kept is None or kept[0] != made_at:
        lesson = db.session.get_one(Lesson, 1, populate_existing=True)
        kept = current_app.extensions[_LESSON] = (lesson.made_at, Model.from_json(lesson.words))
    return kept[1] if kept[1].is_ready else None
