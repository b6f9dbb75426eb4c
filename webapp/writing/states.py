"""What staff do to an article as a whole: taken down, trashed, restored, copied, handed over."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import delete

from webapp import clock
from webapp.database import db, transaction
from webapp.models import Account, Article, Kind, Status, WorkingCopy
from webapp.writing.actions import NotNow, copy_of, create, locked, log
from webapp.writing.fields import from_json


def unpublish(article_id: int, note: str, *, by: Account) -> Article:
    """Takes an article down: its address answers 410 with the note."""
    with transaction():
        article = locked(article_id)
        if not article.is_live():
            raise NotNow("Readers do not see this article.")
        article.status, article.gone_note, article.front_place = Status.unpublished, note, None
        copy = db.session.get(WorkingCopy, article_id, populate_existing=True)
        if copy is not None:
            copy.due_at = None
        log("unpublish", article, by, note)
    return article


def trash(article_id: int, *, by: Account) -> Article:
    """Puts an article away; it can be restored."""
    with transaction():
        article = locked(article_id)
        article.status, article.front_place = Status.trashed, None
        copy = db.session.get(WorkingCopy, article_id, populate_existing=True)
        if copy is not None:
            copy.due_at = None
        log("trash-article", article, by)
    return article


def restore(article_id: int, *, by: Account) -> Article:
    """Takes an article out of the trash: a draft, or unpublished where readers had seen it."""
    with transaction():
        article = locked(article_id)
        if article.status != Status.trashed:
            raise NotNow("This article is not in the trash.")
        was_seen = article.published_at is not None and article.published_at <= clock.now()
        article.status = Status.unpublished if was_seen else Status.draft
        log("restore-article", article, by)
    return article


def duplicate(article_id: int, *, by: Account) -> Article:
    """A new draft that says the same."""
    article = db.session.get_one(Article, article_id)
    fields = from_json(copy_of(article).fields)
    headline = f"{fields.headline} (copy)".strip()
    return create(
        by, Kind(article.kind), replace(fields, headline=headline, slug="", dated="", is_sticky=False)
    )


def hand_over(article_id: int, *, by: Account, back: bool = False) -> Article:
    """Says that a draft waits to be read by an editor; `back`: that it does not any more."""
    with transaction(unseen=True):
        article = locked(article_id)
        if article.status != Status.draft:
            raise NotNow("Only a draft can be handed over.")
        article.handed_over_at = None if back else clock.now()
        log("take-back" if back else "hand-over", article, by)
    return article


def purge_trash(article_id: int, *, by: Account) -> None:
    """Deletes a draft in the trash for good. What readers have seen stays, since its address and comments do."""
    with transaction():
        article = locked(article_id)
        if article.status != Status.trashed or article.version or article.published_at:
            raise NotNow("Only drafts that nobody has seen can be deleted for good.")
        db.session.execute(delete(Article).where(Article.id == article_id))
        log("delete-article", article, by, article.headline)
