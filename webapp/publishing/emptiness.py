"""Whether a site has anything in it yet. Each start asks, so nothing else is imported here."""

from __future__ import annotations

from sqlalchemy import select

from webapp.database import db
from webapp.models import Article, Author, Category, ImportRun


def is_empty() -> bool:
    """Whether the site has neither articles nor an import behind it."""
    return not any(
        db.session.scalar(select(model.id).limit(1)) for model in (Article, Author, Category, ImportRun)
    )
