"""Fixtures of the newsletter: switched on, with readers."""

from __future__ import annotations

import pytest
from flask import Flask

from webapp.database import db
from webapp.models import Subscriber
from webapp.settings import store
from webapp.subscribing import lists
from webapp.subscribing.rules import Found


@pytest.fixture
def newsletter(app: Flask) -> None:
    """There is one, sent by hand."""
    store({"NEWSLETTER": "by hand"})


def bring(*emails: str) -> None:
    """Readers who have agreed."""
    lists.bring(Found(list(emails)))


def reader(email: str) -> Subscriber | None:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalar(db.select(Subscriber).where(Subscriber.email == email))


def state(email: str) -> str | None:
    one = reader(email)
    return one.state if one else None
