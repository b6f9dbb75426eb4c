"""Learns from the newsroom's decisions in the background: what they taught, how good that is, the queue's order."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select, update

from webapp import clock
from webapp.database import db, transaction
from webapp.models import Comment, CommentKind, CommentStatus, Lesson, ModerationEntry
from webapp.moderating.bayes import LIKELY, Model, band, measured

MOST = 10_000
"""Decisions that count, the newest."""
TESTED = 500
"""The newest of these are what the quality is measured on, by a model that has not seen them."""
RESCORED = 2_000
"""Held comments whose score is brought up to date after a lesson."""


def learn() -> int:
    """Makes the lesson anew when there are decisions that it does not know. Gives how many it knows then, or 0."""
    newest = db.session.scalar(
        select(func.max(ModerationEntry.id)).where(ModerationEntry.account_id.is_not(None))
    )
    known = db.session.scalar(select(Lesson.last_entry_id).where(Lesson.id == 1))
    if newest is None or newest == known:
        return 0
    decisions = _decisions()
    model = Model.learnt(decisions)
    quality = _quality(decisions)
    with transaction(unseen=True):
        db.session.merge(
            Lesson(id=1, made_at=clock.now(), last_entry_id=newest, words=model.as_json(), quality=quality)
        )
        _rescore(model)
    return len(decisions)


def _decisions() -> list[tuple[str, bool]]:
    """What staff decided on, oldest first: name and text, and whether they put it away."""
    last = (
        select(ModerationEntry.comment_id, func.max(ModerationEntry.id).label("entry_id"))
        .where(ModerationEntry.account_id.is_not(None))
        .group_by(ModerationEntry.comment_id)
        .subquery()
    )
    query = (
        select(Comment.name, Comment.body_source, Comment.status)
        .join(last, last.c.comment_id == Comment.id)
        .where(
            Comment.status.in_((CommentStatus.approved, CommentStatus.spam, CommentStatus.trashed)),
            Comment.kind == CommentKind.comment,
            ~Comment.is_withdrawn,
        )
        .order_by(last.c.entry_id.desc())
        .limit(MOST)
    )
    found = [
        (f"{name} {text}", status != CommentStatus.approved)
        for name, text, status in db.session.execute(query)
    ]
    return found[::-1]


def _quality(decisions: list[tuple[str, bool]]) -> dict[str, Any]:
    """How a model of the older decisions does on the newest; empty while there are too few."""
    seen, unseen = decisions[:-TESTED], decisions[-TESTED:]
    if len(decisions) < 2 * TESTED:
        middle = len(decisions) * 2 // 3
        seen, unseen = decisions[:middle], decisions[middle:]
    model = Model.learnt(seen)
    if not model.is_ready or not unseen:
        return {}
    return asdict(measured(model, unseen)) | {"threshold": LIKELY}


def _rescore(model: Model) -> None:
    held = select(Comment.id, Comment.name, Comment.body_source).where(
        Comment.status == CommentStatus.held, ~Comment.is_withdrawn
    )
    rows = db.session.execute(held.order_by(Comment.created_at.desc()).limit(RESCORED)).all()
    changes: list[dict[str, Any]] = []
    for comment_id, name, text in rows:
        score = model.score(f"{name} {text}")
        points = None if score is None else round(100 * score)
        changes.append({"id": comment_id, "score": points, "band": band(score)})
    if changes:
        db.session.execute(update(Comment), changes)


def lesson() -> Lesson | None:
    """What is known, for the page that shows how good it is."""
    return db.session.get(Lesson, 1)
