"""/_mail: for whoever develops, and for nobody else, since it holds signed links."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp.database import transaction
from webapp.mailing import actions, sending
from webapp.mailing.letters import Action, Letter


@pytest.fixture
def environment(environment: dict[str, str], request: pytest.FixtureRequest) -> dict[str, str]:
    is_public = "public" in request.node.name
    return environment if is_public else environment | {"STANDFIRST_DEVELOPMENT": "1"}


def write() -> None:
    with transaction():
        actions.queue_mail(
            "one", "lena@post.example", Letter("A <b>subject</b>", (Action("Go", "http://localhost/x"),))
        )
    sending.send_due()


def test_mail_can_be_read_in_development(client: FlaskClient) -> None:
    assert "No mail has been written yet" in client.get("/_mail").text
    write()
    assert "A &lt;b&gt;subject&lt;/b&gt;" in client.get("/_mail").text
    page = client.get("/_mail/1")
    assert '<a href="http://localhost/x"' in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert client.get("/_mail/2").status_code == 404


def test_a_public_site_has_no_such_page(app: Flask, client: FlaskClient) -> None:
    write()
    assert [client.get(path).status_code for path in ("/_mail", "/_mail/1")] == [404, 404]
