"""Every page that can be reached in the demonstration by links: valid, complete, private, and no link leads nowhere."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.conftest import environment_of
from tests.factories import make_article
from tests.site import pages
from webapp import create_app
from webapp.database import db
from webapp.models import Comment, CommentStatus
from webapp.publishing.demonstration import load

OF_A_KIND = 3
"""Addresses looked at of those that differ only in a number, a name or a query: one page tells for its kind."""


@dataclass(frozen=True)
class Visit:
    path: str
    status: int
    is_html: bool
    text: str


@pytest.fixture(scope="module")
def demonstration(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application over the demonstration, loaded once for this file."""
    folder = tmp_path_factory.mktemp("demonstration")
    shutil.copy(migrated_sqlite, folder / "standfirst.sqlite")
    app = create_app(environment_of(folder, ""))
    app.testing = True
    with app.app_context():
        load(app)
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def visits(demonstration: Flask) -> list[Visit]:
    """What a visitor without cookies finds who follows every link, beginning at the front page."""
    client = demonstration.test_client()
    seen, waiting, kinds, found = {"/"}, ["/"], Counter[str](), []
    while waiting:
        visit = _visit(client, waiting.pop(0))
        found.append(visit)
        for link in sorted(pages.links(visit.text) - seen) if visit.status == 200 else ():
            seen.add(link)
            kind = re.sub(r"[?].*", "?", re.sub(r"\d+", "0", link))
            kinds[kind] += 1
            if kinds[kind] <= OF_A_KIND:
                waiting.append(link)
    return found


def _visit(client: FlaskClient, path: str) -> Visit:
    with client.get(path, buffered=True, follow_redirects=True) as response:
        is_html = response.mimetype == "text/html"
        assert "Set-Cookie" not in response.headers, path
        return Visit(path, response.status_code, is_html, response.text if is_html else "")


def test_every_link_leads_somewhere(visits: list[Visit]) -> None:
    assert [f"{visit.path}: {visit.status}" for visit in visits if visit.status != 200] == []
    assert len(visits) > 80


def test_every_page_is_valid_and_complete(visits: list[Visit]) -> None:
    whole = [visit for visit in visits if visit.is_html and not visit.path.startswith("/_fragments/")]
    assert len(whole) > 50
    assert [f"{visit.path}: {fault}" for visit in whole for fault in pages.faults(visit.text)] == []


def test_what_only_staff_may_see_stands_on_no_page(demonstration: Flask, visits: list[Visit]) -> None:
    with demonstration.app_context():
        comments = db.session.scalars(select(Comment)).all()
        hidden = [c.body_source[:60] for c in comments if c.status != CommentStatus.approved]
        # Staff sign with addresses that they also give in their texts.
        emails = {
            c.email
            for c in comments
            if c.email and c.account_id is None and not c.email.endswith("@standfirst.example")
        }
    assert len(hidden) >= 8
    assert len(emails) > 10
    client = demonstration.test_client()
    texts = [visit.text for visit in visits] + [
        client.get(path).text for path in ("/feed/", "/comments/feed/", "/comments/feed/atom/")
    ]
    assert [words for words in [*hidden, *emails] for text in texts if words in text] == []


@pytest.mark.parametrize("path", ["/", "/latest", "/nowhere", "/sign-in", "/search", "/feed/", "/healthz"])
def test_every_answer_has_the_policy_and_the_other_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for name in ("base-uri", "frame-ancestors", "worker-src", "manifest-src", "frame-src", "form-action"):
        assert f"; {name} " in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "Strict-Transport-Security" not in headers
    assert "Set-Cookie" not in headers


def test_a_made_up_host_changes_no_page(client: FlaskClient) -> None:
    for path in ("/", "/latest", "/feed/", "/sitemap.xml", "/robots.txt", "/nowhere"):
        plain = client.get(path).get_data()
        forged = client.get(
            path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        ).get_data()
        assert b"evil.example" not in forged
        assert len(plain) == len(forged)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 404),
        ({"Sec-Fetch-Site": "none"}, 404),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "http://localhost"}, 404),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 404),
    ],
)
def test_an_unsafe_request_passes_only_from_our_own_pages(
    client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    assert client.post("/articles/999/views", headers=headers).status_code == status


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "path",
    [
        "/_fragments/related/{}",
        "/_fragments/counters/{}",
        "/_fragments/threads/{}",
        "/articles/{}/shares/mastodon",
        "/articles/{}/unlock",
        "/?p={}",
        "/desk/imports/{}",
    ],
)
def test_a_number_that_no_database_takes_is_no_address(client: FlaskClient, path: str) -> None:
    assert client.get(path.format(10**19)).status_code == 404


@pytest.mark.both_databases
def test_a_current_article_that_no_database_knows_is_left_out(client: FlaskClient) -> None:
    make_article("Alone")
    assert "Alone" in client.get(f"/_fragments/latest?current={10**19}").text
