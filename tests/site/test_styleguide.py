"""The style guide shows itself to whoever develops, and to nobody else."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import make_article, make_media
from tests.site.pages import faults


def test_readers_never_meet_it(client: FlaskClient) -> None:
    assert client.get("/_styleguide").status_code == 404


@pytest.fixture
def developer(app: Flask) -> FlaskClient:
    app.extensions["standfirst_settings"].values["DEVELOPMENT"] = True
    return app.test_client()


@pytest.mark.parametrize("has_articles", [False, True])
def test_it_is_a_sound_page_with_and_without_articles(developer: FlaskClient, has_articles: bool) -> None:
    if has_articles:
        make_article(lead_media=make_media())
    page = developer.get("/_styleguide")
    assert page.status_code == 200
    assert faults(page.text) == []
    assert "Awaiting moderation" in page.text
    assert "This is not a whole e-mail address." in page.text
    assert ("Load the demonstration" in page.text) is not has_articles
