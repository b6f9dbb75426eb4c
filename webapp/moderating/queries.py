"""What the log shows, in a fixed number of statements, and the accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, load_only

from webapp.database import db
from webapp.models import Account, Article, Comment, ModerationEntry
from webapp.models.base import LARGEST_ID
from webapp.moderating.actions import Change, Decision

PAGE_LENGTH = 50
LATELY = 500
"""Comments, the newest, whose articles are offered where one has to be chosen."""
MOST_ARTICLES = 40


@dataclass(frozen=True)
class LogRow:
    """An entry of the log. `comment` is None once it was purged."""

    entry: ModerationEntry
    comment: Comment | None
    can_undo: bool


def log(before: int | None = None) -> tuple[list[LogRow], int | None]:
    """A page of the log, newest first, and the id of the entry after which the next one begins."""
    query = select(ModerationEntry).options(joinedload(ModerationEntry.account))
    if before is not None:
        query = query.where(ModerationEntry.id < before)
    found = list(db.session.scalars(query.order_by(ModerationEntry.id.desc()).limit(PAGE_LENGTH + 1)))
    shown = found[:PAGE_LENGTH]
    ids = {entry.comment_id for entry in shown}
    comments = {
        comment.id: comment
        for comment in db.session.scalars(
            select(Comment).where(Comment.id.in_(ids)).options(joinedload(Comment.article))
        )
    }
    latest = select(func.max(ModerationEntry.id)).where(ModerationEntry.comment_id.in_(ids))
    last_ids = set(db.session.scalars(latest.group_by(ModerationEntry.comment_id)))
    made = [
        LogRow(
            entry, comments.get(entry.comment_id), _can_undo(entry, comments.get(entry.comment_id), last_ids)
        )
        for entry in shown
    ]
    return made, shown[-1].id if len(found) > PAGE_LENGTH else None


def _can_undo(entry: ModerationEntry, comment: Comment | None, last_ids: set[int]) -> bool:
    decided = entry.decision in set(Decision) and entry.id in last_ids
    return decided and comment is not None and comment.status == entry.to_status


def newest_entry() -> int:
    """The id of the newest entry of the log; 0 before the first."""
    return db.session.scalar(select(func.max(ModerationEntry.id))) or 0


def entries_since(after: int, comment_ids: Iterable[int]) -> dict[int, ModerationEntry]:
    """The newest entry beyond `after` of each of these comments, by comment."""
    query = (
        select(ModerationEntry)
        .where(ModerationEntry.id > after, ModerationEntry.comment_id.in_(list(comment_ids)))
        .order_by(ModerationEntry.id)
        .options(joinedload(ModerationEntry.account))
    )
    return {entry.comment_id: entry for entry in db.session.scalars(query)}


def changes_of(entries: dict[int, ModerationEntry]) -> list[Change]:
    """The comments of these entries with them, as they stand now."""
    found = db.session.scalars(select(Comment).where(Comment.id.in_(list(entries)))) if entries else ()
    return [Change(comment, entries[comment.id]) for comment in found]


def discussed(*conditions: ColumnElement[bool], and_also: int = 0) -> list[Article]:
    """The articles (id, slug and headline) of the newest comments for which the conditions hold, the latest first;
    `and_also`: the id of one that has to be among them."""
    said = select(Comment.article_id, Comment.created_at).where(*conditions)
    # The newest of a list stand at the end of the queue's index; those of all comments at the end of the table.
    order = (Comment.created_at.desc(), Comment.id.desc()) if conditions else (Comment.id.desc(),)
    said = said.order_by(*order).limit(LATELY).subquery()
    newest = func.max(said.c.created_at).label("newest")
    talked = (
        select(said.c.article_id, newest)
        .group_by(said.c.article_id)
        .order_by(newest.desc(), said.c.article_id.desc())
    )
    talked = talked.limit(MOST_ARTICLES).subquery()
    some = load_only(Article.id, Article.slug, Article.headline)
    query = (
        select(Article)
        .join(talked, talked.c.article_id == Article.id)
        .order_by(talked.c.newest.desc(), Article.id.desc())
    )
    found = list(db.session.scalars(query.options(some)))
    if and_also and and_also not in {article.id for article in found}:
        found += db.session.scalars(select(Article).where(Article.id == and_also).options(some))
    return found


def account(account_id: int) -> Account | None:
    """The account with this id."""
    return db.session.get(Account, account_id) if account_id <= LARGEST_ID else None


def account_by_email(email: str) -> Account | None:
    """The account with this e-mail address, in any case."""
    return db.session.scalar(select(Account).where(Account.email == email.strip().lower()))


def accounts() -> list[Account]:
    """All accounts, by e-mail address."""
    return list(db.session.scalars(select(Account).order_by(Account.email)))


def has_accounts() -> bool:
    return db.session.scalar(select(Account.id).limit(1)) is not None
