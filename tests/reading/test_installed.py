"""The manifest, the worker for journeys without network, and its page."""

from __future__ import annotations

import json
import re

from flask.testing import FlaskClient

from webapp import settings


def test_the_manifest_names_the_paper_and_icons_that_are_there(client: FlaskClient) -> None:
    settings.store({"SITE_TITLE": "The Tide", "SITE_TAGLINE": "Twice a day."})
    answer = client.get("/site.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = json.loads(answer.text)
    assert (manifest["name"], manifest["description"]) == ("The Tide", "Twice a day.")
    assert {icon.get("purpose", "any") for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).mimetype == icon["type"]


def test_a_page_names_manifest_and_icon(client: FlaskClient) -> None:
    page = client.get("/").text
    assert '<link rel="manifest" href="/site.webmanifest">' in page
    touch = re.search(r'rel="apple-touch-icon" href="([^"]+)"', page)
    assert touch
    assert client.get(touch[1]).mimetype == "image/png"


def test_the_worker_is_asked_for_anew_and_keeps_files_that_are_there(client: FlaskClient) -> None:
    answer = client.get("/service-worker.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.mimetype == "text/javascript"
    files = re.search(r"const FILES = (\[.*?\]);", answer.text)
    assert files
    for name in json.loads(files[1]):
        assert client.get(name).status_code == 200, name


def test_the_page_for_a_journey_is_no_page_for_search_engines(client: FlaskClient) -> None:
    page = client.get("/offline").text
    assert "The network does not answer." in page
    assert '<meta name="robots" content="noindex">' in page
    assert "The network does not answer." not in client.get("/bookmarks").text
