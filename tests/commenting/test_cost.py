"""What a comment costs: the statements that it sends to the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from tests.commenting.talk import HTMX, LENA, comments_path, form_in, made_known, send, stored
from tests.factories import make_article
from tests.statements import counted
from webapp import clock
from webapp.database import db

BESIDE = {"sqlite": 1, "postgresql": 3}
"""The settings, which a server that runs remembers; PostgreSQL is asked for locks besides: on article and visitor
together, and on the log."""


@pytest.mark.both_databases
def test_a_first_comment_takes_nine_statements(client: FlaskClient) -> None:
    article = make_article()
    send(client, article, body="So that what a process reads once is read.")
    data = form_in(client.get(article.permalink).text) | LENA
    path = comments_path(article)
    with counted() as statements:
        response = client.post(path, data=data, headers=HTMX)
    assert response.status_code == 201
    assert len(statements) <= 9 + BESIDE[db.engine.dialect.name], statements


@pytest.mark.both_databases
def test_one_that_passes_and_answers_takes_three_more(client: FlaskClient) -> None:
    """The comment answered, whether its writer wants to hear of it, and the article's number of comments."""
    article = make_article()
    made_known(client, article)
    (first,) = stored(article)
    data = form_in(client.get(article.permalink).text) | LENA | {"parent": str(first.id), "body": "Yes."}
    path = comments_path(article)
    with counted() as statements:
        response = client.post(path, data=data, headers=HTMX)
    assert response.status_code == 201 and "Awaiting moderation" not in response.text
    assert len(statements) <= 12 + BESIDE[db.engine.dialect.name], statements


@pytest.mark.both_databases
def test_comments_are_written_whole_and_in_the_order_of_their_ids(client: FlaskClient) -> None:
    article = make_article()
    with counted() as statements:
        for number in range(3):
            send(client, article, body=f"Number {number}.")
    found = stored(article)
    assert [comment.root_id for comment in found] == [comment.id for comment in found]
    assert all(int(comment.path[8:], 16) == comment.id for comment in found)
    assert not [statement for statement in statements if statement.startswith("UPDATE comment")]


@pytest.mark.both_databases
def test_the_same_form_hours_later_is_a_comment_that_was_kept(client: FlaskClient) -> None:
    """Also where the words were changed since, so that only the form is the same. Within one day: visitors are known
    by a key that midnight renews."""
    article = make_article()
    noon = (clock.now() + timedelta(days=1)).replace(hour=12)
    with time_machine.travel(noon, tick=False) as now:
        data = form_in(client.get(article.permalink).text) | LENA
        client.post(comments_path(article), data=data)
        (comment,) = stored(article)
        edited = {"body": "Other words."}
        client.post(f"/comments/{comment.id}/edit", data=edited, headers=HTMX)
        assert stored(article)[0].body_source == "Other words."
        now.shift(timedelta(hours=2))
        response = client.post(comments_path(article), data=data)
    assert response.status_code == 409 and "kept the first time" in response.text
    assert len(stored(article)) == 1
