"""Fixtures of the discussion's tests."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories import make_article
from webapp import settings
from webapp.models import Article


@pytest.fixture
def easy_article(app: Flask) -> Article:
    """An article under which every comment appears at once, however quickly it is sent."""
    settings.store({"COMMENT_HOLD_FIRST": False, "COMMENT_FLOOD_SECONDS": 0, "COMMENT_MIN_SECONDS": 0})
    return make_article()
