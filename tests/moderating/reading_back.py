"""What the database holds now, whatever the test's own session remembers."""

from __future__ import annotations

from sqlalchemy import select

from webapp.database import db
from webapp.models import Article, ArticleTotals, Comment, ModerationEntry


def status_of(comment: Comment) -> str:
    db.session.rollback()
    return db.session.scalars(select(Comment.status).where(Comment.id == comment.id)).one()


def comment_count(article: Article) -> int:
    db.session.rollback()
    query = select(ArticleTotals.comment_count).where(ArticleTotals.article_id == article.id)
    return db.session.scalars(query).one()


def entries_of(comment: Comment) -> list[ModerationEntry]:
    """The log of a comment, oldest first."""
    db.session.rollback()
    query = (
        select(ModerationEntry).where(ModerationEntry.comment_id == comment.id).order_by(ModerationEntry.id)
    )
    return list(db.session.scalars(query.execution_options(populate_existing=True)))
