"""Who has an article open."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from webapp import clock, dialects
from webapp.database import db, transaction
from webapp.models import Account, Presence

FORGOTTEN = timedelta(days=1)


def note(article_id: int, account: Account) -> None:
    """Somebody has the article open now."""
    now = clock.now()
    row = {"article_id": article_id, "account_id": account.id, "seen_at": now}
    statement = dialects.insert(Presence).values(row)
    statement = statement.on_conflict_do_update(
        index_elements=["article_id", "account_id"], set_={"seen_at": now}
    )
    with transaction(unseen=True, relaxed=True):
        db.session.execute(statement)
        db.session.execute(
            delete(Presence).where(Presence.article_id == article_id, Presence.seen_at < now - FORGOTTEN)
        )
