"""Too much at once is refused with the time to wait: by a visitor, by a network, in slow mode under an article."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, String, bindparam, func, select
from sqlalchemy.orm import aliased

from webapp.commenting.refusals import Refused
from webapp.database import db
from webapp.filters import counted
from webapp.models import Comment
from webapp.models.base import UTCDateTime
from webapp.moderating.circumstances import has_switches, in_force
from webapp.settings import setting

HOUR = timedelta(hours=1)


def refuse(article_id: int, visitor_hash: str, network_hash: str, now: datetime) -> None:
    """Raises Refused (429) for whoever has to wait. Staff are never asked."""
    pause = setting("COMMENT_FLOOD_SECONDS")
    if not pause:
        return
    asked = {
        "moment": now,
        "visitor": visitor_hash,
        "network": network_hash,
        "since": now - timedelta(seconds=pause),
        "hour": now - HOUR,
    }
    found = db.session.execute(_lately_query(), asked).one()
    _wait_after(found.last, pause, now, "That was quick.")
    if found.has_switches:
        _refuse_slow(article_id, visitor_hash, pause, now)
    _refuse_network(found.comments, found.first, now)


@cache
def _lately_query() -> Select[*tuple[Any, ...]]:
    """What came lately from a visitor and a network, in one statement; and whether any switch is on at all."""
    moment = UTCDateTime()
    mine = aliased(Comment)
    last = select(func.max(mine.created_at)).where(
        mine.visitor_hash == bindparam("visitor", type_=String()),
        mine.created_at > bindparam("since", type_=moment),
    )
    return select(
        func.count().label("comments"),
        func.min(Comment.created_at).label("first"),
        last.scalar_subquery().label("last"),
        has_switches().label("has_switches"),
    ).where(
        Comment.network_hash == bindparam("network", type_=String()),
        Comment.created_at > bindparam("hour", type_=moment),
    )


def _refuse_slow(article_id: int, visitor_hash: str, pause: int, now: datetime) -> None:
    slow = in_force(article_id, now).slow_seconds
    if slow <= pause:
        return
    own = (Comment.visitor_hash == visitor_hash) & (Comment.article_id == article_id)
    last = select(func.max(Comment.created_at)).where(own, Comment.created_at > now - timedelta(seconds=slow))
    words = f"This discussion is in slow mode: one comment every {_span(slow)}."
    _wait_after(db.session.scalar(last), slow, now, words)


def _wait_after(last: datetime | None, seconds: int, now: datetime, words: str) -> None:
    if last is not None:
        wait = max(1, math.ceil((last + timedelta(seconds=seconds) - now).total_seconds()))
        raise Refused(
            429, f"{words} Please wait {_span(wait)}, then send it again. Your text is kept.", wait=wait
        )


def _refuse_network(count: int, first: datetime, now: datetime) -> None:
    most = setting("COMMENT_NETWORK_HOUR")
    if not most or count < most:
        return
    wait = max(60, math.ceil((first + HOUR - now).total_seconds()))
    raise Refused(
        429,
        f"Very many comments come from your network now. Please try again in {_span(wait)}. Your text is kept.",
        wait=wait,
    )


def _span(seconds: int) -> str:
    """So many seconds, or minutes from two on."""
    return counted(seconds, "second") if seconds < 120 else counted(math.ceil(seconds / 60), "minute")
