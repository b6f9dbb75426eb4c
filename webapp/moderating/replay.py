"""A dry run: what changed rules would have said about the comments of the last weeks. Nothing is changed by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp import clock
from webapp.database import db
from webapp.markup import plain_text
from webapp.models import Comment, CommentKind
from webapp.moderating.circumstances import context_for, hosts_of, is_disposable
from webapp.moderating.histories import histories_of
from webapp.moderating.rules import judge, outcome
from webapp.moderating.verdicts import Submission, Verdict

DAYS = 90
MOST = 20_000
"""Comments that a dry run looks at, the newest."""
NOWHERE = 0
"""No article: the rules without switches that happen to be in force."""


@dataclass(frozen=True)
class Difference:
    """A comment that would have fared otherwise: with the rules in force, and with the changed ones."""

    comment: Comment
    was: str
    would: str
    reasons: list[Verdict]
    """What the changed rules say."""


@dataclass(frozen=True)
class Replay:
    """How many comments were looked at, and which would have fared otherwise, the newest first."""

    looked_at: int
    differences: list[Difference]

    def counted(self) -> dict[str, int]:
        """How many go from where to where: {"approved → spam": 3}."""
        found: dict[str, int] = {}
        for one in self.differences:
            name = f"{one.was} → {one.would}"
            found[name] = found.get(name, 0) + 1
        return found


def replay(changed: Mapping[str, Any], days: int = DAYS) -> Replay:
    """Judges what was written in these days twice: by the settings in force, and by the changed ones."""
    query = (
        select(Comment)
        .where(
            Comment.created_at > clock.now() - timedelta(days=days),
            Comment.kind == CommentKind.comment,
            ~Comment.is_withdrawn,
        )
        .options(joinedload(Comment.article))
        .order_by(Comment.created_at.desc())
        .limit(MOST)
    )
    comments = db.session.scalars(query).all()
    histories = histories_of({one.writer_hash for one in comments if one.writer_hash})
    before, after = context_for(NOWHERE), context_for(NOWHERE, changed)
    differences: list[Difference] = []
    for comment in comments:
        submission = _as_it_came(comment, histories.get(comment.writer_hash or "", (0, 0)))
        was, said = outcome(judge(submission, before)), judge(submission, after)
        if outcome(said) != was:
            differences.append(Difference(comment, was, outcome(said), said))
    return Replay(len(comments), differences)


def _as_it_came(comment: Comment, history: tuple[int, int]) -> Submission:
    """What the rules saw, as far as that was kept: whether a writer was known is read from what they said then."""
    rules = {verdict.get("rule") for verdict in comment.verdicts}
    return Submission(
        name=comment.name,
        email=comment.email,
        website=comment.website,
        source=comment.body_source,
        text=plain_text(comment.body_html),
        link_count=comment.body_html.count("<a "),
        hosts=hosts_of(comment.body_html, comment.website),
        is_by_staff=comment.account_id is not None,
        is_known="first_comment" not in rules,
        is_name_unproved="unproved_name" in rules,
        is_disposable=is_disposable(comment.email),
        decided=history[0],
        rejected=history[1],
        score=None if comment.score is None else comment.score / 100,
    )
