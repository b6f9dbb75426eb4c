"""How the database is read and written."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.factories import make_article
from webapp.database import db, transaction
from webapp.models import Article


@pytest.mark.on_postgresql
def test_what_was_planned_for_a_page_serves_the_next_one(client: FlaskClient) -> None:
    make_article(permalink="/tides/")
    for _ in range(9):
        assert client.get("/tides/").status_code == 200
    # Planned for these very values five times, and then once for all.
    query = text("SELECT count(*) FROM pg_prepared_statements WHERE custom_plans + generic_plans > 2")
    assert (db.session.scalar(query) or 0) >= 3


@pytest.mark.both_databases
def test_what_is_not_finished_is_not_written(client: FlaskClient) -> None:
    article = make_article(headline="As it was")
    number = article.id
    with pytest.raises(ZeroDivisionError), transaction():
        article.headline = "Half"
        db.session.flush()
        raise ZeroDivisionError
    db.session.remove()
    assert db.session.get_one(Article, number).headline == "As it was"
