"""The demonstration's discussions: from its files to rows, with likes and what the rules said.

`commenters.toml` says who writes; `discussions/` has a file for each article, named by its slug; `queue.toml` has what
awaits a moderator, and names the article of each comment. `after` is the time since the comment that is answered
(`to`), or since the article was published.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from webapp import dialects, markup
from webapp.database import db
from webapp.models import (
    Article,
    ArticleTotals,
    Author,
    Comment,
    CommentLike,
    CommentStatus,
    ModerationEntry,
    path_segment,
)
from webapp.moderating import chain
from webapp.moderating.links import spelled_out
from webapp.moderating.rules import judge
from webapp.moderating.verdicts import Context, Submission, Verdict

DEEPEST = 5
_SEGMENT = 16
_TIME = re.compile(r"(?:(\d+)h)?\s*(?:(\d+)m)?")


@dataclass(slots=True)
class Written:
    """One comment of the file, cleaned. `parent` is another one's id in the file."""

    id: str
    article: str
    parent: str
    person: Mapping[str, str]
    after: timedelta
    source: str
    html: str
    status: str
    likes: int
    verdicts: list[Verdict]


def prepare(folder: Path, context: Context) -> list[Written]:
    """All comments of the demonstration in `folder`; every parent comes before its replies."""
    people = _read(folder / "commenters.toml")
    made: dict[str, Written] = {}
    for entry in _entries_of(folder):
        parent = made[entry["to"]] if "to" in entry else None
        source = entry["text"].strip()
        person = entry.get("person") or people[entry["by"]]
        html = markup.clean_comment(source)
        status = entry.get("status", CommentStatus.approved)
        made[entry["id"]] = Written(
            id=entry["id"],
            article=entry["article"],
            parent=parent.id if parent else "",
            person=person,
            after=_distance(entry["after"]),
            source=source,
            html=html,
            status=status,
            likes=entry.get("likes", 0),
            verdicts=[]
            if status == CommentStatus.approved
            else _verdicts(person, source, html, context, known="by" in entry),
        )
    return list(made.values())


def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _entries_of(folder: Path) -> Iterator[dict[str, Any]]:
    """Each comment as it is written down, its ids made unique: `slug-of-the-article/id`."""
    for file in sorted((folder / "discussions").glob("*.toml")):
        for entry in _read(file)["comments"]:
            above = {"to": f"{file.stem}/{entry['to']}"} if "to" in entry else {}
            yield entry | above | {"id": f"{file.stem}/{entry['id']}", "article": file.stem}
    yield from _read(folder / "queue.toml")["comments"]


def _distance(written: str) -> timedelta:
    found = _TIME.fullmatch(written)
    if not found or not written:
        raise ValueError(f"no time: {written!r}")
    hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(hours=hours, minutes=minutes)


def _verdicts(
    person: Mapping[str, str], source: str, html: str, context: Context, *, known: bool
) -> list[Verdict]:
    """What the site's own rules say of it, so that the queue of a new site explains itself."""
    submission = Submission(
        name=person["name"],
        email=person["email"],
        website=person.get("website", ""),
        source=source,
        text=markup.plain_text(html),
        link_count=len(spelled_out(html)),
        is_known=known,
    )
    return judge(submission, context)


def write(comments: list[Written], articles: Mapping[str, Article]) -> None:
    """Inside transaction(): adds the comments, their likes and log entries, and counts the approved ones."""
    authors = {author.slug: author for author in db.session.scalars(select(Author))}
    rows: dict[str, Comment] = {}
    for comment, comment_id in zip(comments, dialects.take_ids("comment", len(comments)), strict=True):
        rows[comment.id] = _row(
            comment, comment_id, articles[comment.article], rows.get(comment.parent), authors
        )
        db.session.add(rows[comment.id])
        # A parent must stand in the table before its reply.
        db.session.flush()
    _add_likes(rows.values())
    chain.add(
        sorted((entry for row in rows.values() for entry in _entries(row)), key=lambda one: one.created_at)
    )
    approved = Counter(row.article_id for row in rows.values() if row.status == CommentStatus.approved)
    for article_id, count in approved.items():
        totals = update(ArticleTotals).where(ArticleTotals.article_id == article_id)
        db.session.execute(totals.values(comment_count=ArticleTotals.comment_count + count))


def _row(
    comment: Written, comment_id: int, article: Article, parent: Comment | None, authors: Mapping[str, Author]
) -> Comment:
    before = parent.created_at if parent else article.published_at or article.created_at
    created_at = before + comment.after
    author = authors.get(comment.person.get("author", ""))
    above = parent.path[: (DEEPEST - 1) * _SEGMENT] if parent else ""
    return Comment(
        id=comment_id,
        article_id=article.id,
        parent_id=parent.id if parent else None,
        root_id=parent.root_id if parent else comment_id,
        depth=min(parent.depth + 1, DEEPEST) if parent else 1,
        path=above + path_segment(created_at, comment_id),
        status=comment.status,
        name=author.name if author else comment.person["name"],
        email=author.email if author else comment.person["email"],
        website=comment.person.get("website", ""),
        body_source=comment.source,
        body_html=comment.html,
        created_at=created_at,
        verdicts=[verdict.as_json() for verdict in comment.verdicts],
        is_by_author=author is not None,
        like_count=comment.likes,
    )


def _add_likes(rows: Any) -> None:
    likes = [
        {
            "comment_id": row.id,
            "writer_hash": sha256(f"demonstration reader {number}".encode()).hexdigest(),
            "created_at": row.created_at,
        }
        for row in rows
        for number in range(row.like_count)
    ]
    db.session.execute(insert(CommentLike), likes)


def _entries(row: Comment) -> list[ModerationEntry]:
    """The log of a comment: its arrival, and that a moderator of old trashed it."""
    arrived = CommentStatus.held if row.status == CommentStatus.trashed else row.status
    reason = " ".join(verdict["reason"] for verdict in row.verdicts)
    entries = [_entry(row, "arrival", None, arrived, reason, row.created_at)]
    if row.status == CommentStatus.trashed:
        entries.append(_entry(row, "trash", arrived, row.status, "", row.created_at + timedelta(minutes=4)))
    return entries


def _entry(
    row: Comment, decision: str, before: str | None, after: str, reason: str, moment: datetime
) -> ModerationEntry:
    return ModerationEntry(
        comment_id=row.id,
        decision=decision,
        from_status=before,
        to_status=after,
        reason=reason,
        created_at=moment,
    )
