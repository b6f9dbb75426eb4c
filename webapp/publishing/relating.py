"""Working out what is like an article, after it or its tags have changed, and storing it for its page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import delete, insert, select

from webapp.database import db, transaction
from webapp.models import Article, article_related, article_relating
from webapp.reading.related import ranked

BATCH = 20
"""Articles of one round, so that what else waits is never late."""


def relate_due(most: int = BATCH) -> int:
    """Works out what waits, at most so many articles; says how many. Those whose time has not come wait on.

    What an article is most like gets it in its own list, too, so that a new one appears under older ones.
    """
    done = 0
    for article_id in _due(most):
        related = _relate(article_id, is_due=True)
        if related is not None:
            done += 1
            for other in related:
                _relate(other)
    return done


def relate_all(progress: Callable[[int], None] = lambda _steps: None) -> int:
    """Works out all that waits, each once: after an import, when everything is there already."""
    done = 0
    while due := _due(BATCH):
        for article_id in due:
            _relate(article_id, is_due=True)
        done += len(due)
        progress(len(due))
    return done


def waiting() -> int:
    """How many articles wait for it."""
    query = select(article_relating.c.article_id).join(Article, Article.id == article_relating.c.article_id)
    return len(db.session.scalars(query.where(Article.listed())).all())


def _there(ids: Sequence[int]) -> list[int]:
    known = set(db.session.scalars(select(Article.id).where(Article.id.in_(ids)))) if ids else set()
    return [one for one in ids if one in known]


def _due(most: int) -> Sequence[int]:
    query = (
        select(article_relating.c.article_id)
        .join(Article, Article.id == article_relating.c.article_id)
        .where(Article.listed())
        .order_by(article_relating.c.article_id.desc())
        .limit(most)
    )
    return db.session.scalars(query).all()


def _relate(article_id: int, *, is_due: bool = False) -> list[int] | None:
    """Stores what is like an article; None where another process was faster."""
    pins = db.session.scalar(select(Article.related_pins).where(Article.id == article_id)) or []
    found = list(dict.fromkeys([*_there(pins), *ranked(article_id)]))
    with transaction(unseen=True):
        claim = delete(article_relating).where(article_relating.c.article_id == article_id)
        claimed = db.session.execute(claim).rowcount  # pyright: ignore[reportAttributeAccessIssue]
        if is_due and not claimed:
            return None
        db.session.execute(delete(article_related).where(article_related.c.article_id == article_id))
        rows = [
            {"article_id": article_id, "position": position, "related_id": related_id}
            for position, related_id in enumerate(found)
        ]
        if rows:
            db.session.execute(insert(article_related), rows)
    return found
