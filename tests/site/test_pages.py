"""Every page that can be reached in the demonstration by links: valid, complete, private, and no link leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Browser
from tests.site import pages
from webapp.database import db
from webapp.models import Comment, CommentStatus

LIMIT = 400
"""Pages looked at; the demonstration has fewer."""


@pytest.fixture
def demonstration(app: Flask) -> Flask:
    from webapp.publishing import demonstration

    demonstration.load(app)
    db.session.commit()
    return app


def crawl(client: FlaskClient) -> Iterator[tuple[str, int, str, str]]:
    """Path, status, content type and text of each page, starting at the front."""
    seen, waiting = {"/"}, ["/"]
    while waiting and len(seen) < LIMIT * 5:
        path = waiting.pop(0)
        response = client.get(path)
        if response.is_streamed or not (response.mimetype or "").startswith("text/html"):
            yield path, response.status_code, response.mimetype or "", ""
            continue
        text = response.get_data(as_text=True)
        yield path, response.status_code, "text/html", text
        found = pages.links(text) if response.status_code == 200 else set()
        if response.status_code in (301, 302, 303):
            found = {response.location}
        for link in sorted(found - seen):
            seen.add(link)
            waiting.append(link)


def test_every_page_is_valid_and_every_link_leads_somewhere(demonstration: Flask) -> None:
    client = Browser(demonstration)
    troubles: list[str] = []
    titles: dict[str, str] = {}
    count = 0
    for path, status, kind, text in crawl(client):
        if status not in (200, 301, 302, 303):
            troubles.append(f"{path}: {status}")
        if kind != "text/html" or status != 200:
            continue
        if path.startswith("/_fragments/"):
            continue
        count += 1
        troubles += [f"{path}: {fault}" for fault in pages.faults(text)]
        title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
        titles.setdefault(title[1] if title else "", path)
    assert troubles == []
    assert count > 40


def test_an_anonymous_reader_gets_no_cookie_and_no_address_of_anybody(demonstration: Flask) -> None:
    emails = {email.encode() for (email,) in db.session.query(Comment.email).distinct() if email}
    assert len(emails) > 10
    client = Browser(demonstration)
    for path in (
        "/",
        "/latest",
        "/trending",
        "/search?q=tide",
        "/feed/",
        "/comments/feed/",
        "/sign-in",
        "/how-we-count",
    ):
        response = client.get(path)
        assert "Set-Cookie" not in response.headers, path
        assert not any(email in response.data for email in emails), path


def test_held_comments_stand_on_no_page(demonstration: Flask) -> None:
    held = db.session.query(Comment).filter(Comment.status != CommentStatus.approved).all()
    assert len(held) >= 8
    hidden = [comment.body_source[:40] for comment in held]
    for path, _, _, text in crawl(Browser(demonstration)):
        for words in hidden:
            assert words not in text, path


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
