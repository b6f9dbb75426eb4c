"""Too much at once is refused with the time to wait: by a visitor, by a network, in slow mode under an article."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from webapp.commenting.refusals import Refused
from webapp.database import db
from webapp.filters import counted
from webapp.models import Comment
from webapp.moderating.circumstances import in_force
from webapp.settings import setting


def refuse(article_id: int, visitor_hash: str, network_hash: str, now: datetime) -> None:
    """Raises Refused (429) for whoever has to wait. Staff are never asked."""
    pause = setting("COMMENT_FLOOD_SECONDS")
    if not pause:
        return
    _wait_after_last(Comment.visitor_hash == visitor_hash, pause, now, "That was quick.")
    slow = in_force(article_id, now).slow_seconds
    if slow > pause:
        own = (Comment.visitor_hash == visitor_hash) & (Comment.article_id == article_id)
        words = f"This discussion is in slow mode: one comment every {_span(slow)}."
        _wait_after_last(own, slow, now, words)
    _refuse_network(network_hash, now)


def _wait_after_last(whose: ColumnElement[bool], seconds: int, now: datetime, words: str) -> None:
    pause = timedelta(seconds=seconds)
    query = select(Comment.created_at).where(whose, Comment.created_at > now - pause)
    last = db.session.scalar(query.order_by(Comment.created_at.desc()).limit(1))
    if last is not None:
        wait = max(1, math.ceil((last + pause - now).total_seconds()))
        raise Refused(
            429, f"{words} Please wait {_span(wait)}, then send it again. Your text is kept.", wait=wait
        )


def _refuse_network(network_hash: str, now: datetime) -> None:
    most = setting("COMMENT_NETWORK_HOUR")
    hour = timedelta(hours=1)
    whose = (Comment.network_hash == network_hash) & (Comment.created_at > now - hour)
    if not most or db.session.scalars(select(func.count()).select_from(Comment).where(whose)).one() < most:
        return
    first = db.session.scalars(select(func.min(Comment.created_at)).where(whose)).one()
    wait = max(60, math.ceil((first + hour - now).total_seconds()))
    raise Refused(
        429,
        f"Very many comments come from your network now. Please try again in {_span(wait)}. Your text is kept.",
        wait=wait,
    )


def _span(seconds: int) -> str:
    """So many seconds, or minutes from two on."""
    return counted(seconds, "second") if seconds < 120 else counted(math.ceil(seconds / 60), "minute")
