"""GET /healthz tells whether the process and its database work."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp import schema
from webapp.database import db


@pytest.mark.both_databases
def test_it_answers_200_while_the_database_works(client: FlaskClient) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.text) == (200, "ok\n")


def test_it_answers_503_and_keeps_the_reason_to_the_log(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    db.session.remove()
    schema.downgrade("base")
    response = client.get("/healthz")
    assert (response.status_code, response.text) == (503, "unavailable\n")
    assert "no such table" in caplog.text
