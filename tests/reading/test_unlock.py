"""Articles with a password: the way in, and that nothing of them stands anywhere else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories import make_article, make_author, make_category, make_comment, make_tag
from webapp import clock
from webapp.database import db, transaction
from webapp.models import Address, AddressKind, Article, Category, Media, Tag, address_key
from webapp.passwords import hash_password
from webapp.reading import unlock as unlocking

SECRETS = (
    "Buried standfirst",
    "Buried excerpt",
    "Buried body",
    "Buried comment",
    "Buried appendix",
    "buried.jpg",
)


@pytest.fixture
def article() -> Article:
    media = Media(
        file="2013/buried.jpg", mime="image/jpeg", width=8, height=8, byte_size=9, created_at=clock.now()
    )
    with transaction():
        db.session.add(media)
    made = make_article(
        "The vault",
        permalink="/vault/",
        password="Open Sesame",
        standfirst="Buried standfirst",
        body="<p>Buried body</p><!--nextpage--><p>Buried body, part two</p>",
        appendix="<p>Buried appendix</p>",
        authors=[make_author(slug="mara")],
        categories=[make_category("Sea", slug="sea")],
        tags=[make_tag(slug="tides")],
        lead_media=media,
    )
    with transaction():
        made.excerpt = "Buried excerpt"
        media.article_id = made.id
        path = "/vault/buried/"
        db.session.add(
            Address(
                key=address_key(path), path=path, kind=AddressKind.attachment, media_id=media.id, target=""
            )
        )
    make_comment(made, "Buried comment")
    return made


def unlock(client: FlaskClient, article: Article, password: str = "Open Sesame", **options: Any) -> Any:
    return client.post(f"/articles/{article.id}/unlock", data={"password": password}, **options)


def test_the_page_asks_and_says_only_the_headline(client: FlaskClient, article: Article) -> None:
    page = client.get("/vault/")
    assert page.status_code == 200
    assert "The vault" in page.text
    assert f'action="/articles/{article.id}/unlock"' in page.text
    assert page.text.count("<h1") == 1
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in page.headers
    assert [secret for secret in SECRETS if secret in page.text] == []


def test_nothing_of_it_stands_anywhere(client: FlaskClient, article: Article) -> None:
    beside = {
        "categories": list(db.session.scalars(select(Category))),
        "tags": list(db.session.scalars(select(Tag))),
    }
    make_article("A neighbour", permalink="/neighbour/", **beside)
    paths = [
        "/",
        "/latest",
        "/trending",
        "/_fragments/latest",
        "/neighbour/",
        "/archive",
        "/page/2/",
        "/2013/",
    ]
    paths += [
        "/category/sea/",
        "/tag/tides/",
        "/author/mara/",
        f"/{clock.now():%Y/%m}/",
        "/_fragments/archive",
    ]
    paths += ["/feed/", "/feed/atom/", "/category/sea/feed/", "/tag/tides/feed/", "/author/mara/feed/atom/"]
    paths += [
        "/comments/feed/",
        "/vault/feed/",
        "/vault/2/",
        "/vault/buried/",
        "/vault/comments",
        "/sitemap.xml",
    ]
    paths += ["/sitemaps/articles-1.xml", "/news-sitemap.xml", f"/_fragments/related/{article.id}"]
    paths += [
        "/search?q=buried",
        "/search?q=vault",
        "/_fragments/search?q=buried",
        "/_fragments/search?q=vault",
    ]
    for path in paths:
        text = client.get(path).text
        assert [secret for secret in SECRETS if secret in text] == [], path


def test_lists_show_the_headline_as_protected(client: FlaskClient, article: Article) -> None:
    for path in ("/category/sea/", "/tag/tides/", "/author/mara/", "/search?q=vault"):
        text = client.get(path).text
        assert "Protected" in text, path
        assert 'href="/vault/"' in text, path


def test_feeds_and_sitemaps_leave_it_out(client: FlaskClient, article: Article) -> None:
    for path in ("/feed/", "/category/sea/feed/", "/sitemaps/articles-1.xml", "/news-sitemap.xml"):
        assert "vault" not in client.get(path).text.lower(), path
    assert client.get("/vault/feed/").status_code == 404
    assert client.get("/vault/buried/").headers["Location"] == "/vault/"


def test_the_right_password_opens_it(client: FlaskClient, article: Article) -> None:
    answer = unlock(client, article)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/vault/"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert "Sesame" not in cookie
    page = client.get("/vault/")
    assert "Buried body" in page.text
    assert "Buried comment" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Buried body, part two" in client.get("/vault/2/").text
    attachment = client.get("/vault/buried/")
    assert "buried.jpg" in attachment.text
    assert attachment.headers["Cache-Control"] == "private, no-store"
    assert client.get("/vault/feed/").status_code == 404


def test_metadata_of_an_open_one_keep_its_secrets(client: FlaskClient, article: Article) -> None:
    unlock(client, article)
    head = client.get("/vault/").text.partition("</head>")[0]
    assert [secret for secret in SECRETS if secret in head] == []


def test_with_htmx_the_browser_is_sent_there(client: FlaskClient, article: Article) -> None:
    answer = unlock(client, article, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/vault/"
    assert "Set-Cookie" in answer.headers


@pytest.mark.parametrize("password", ["", "open sesame", "x" * 5000, "\0", "🔑", "Open Sesame "])
def test_a_wrong_password(client: FlaskClient, article: Article, password: str) -> None:
    answer = unlock(client, article, password)
    assert answer.status_code == 422
    assert "not the password" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Buried" not in answer.text
    assert client.get("/vault/").text.count("Buried") == 0


def test_a_wrong_password_with_htmx(client: FlaskClient, article: Article) -> None:
    answer = unlock(client, article, "wrong", headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert answer.text.lstrip().startswith('<form id="_unlock"')


def test_a_cookie_opens_one_article_until_its_password_changes(client: FlaskClient, article: Article) -> None:
    other = make_article(permalink="/other/", password="Open Sesame", body="<p>Buried body</p>")
    unlock(client, article)
    assert "Buried" not in client.get("/other/").text
    unlock(client, other)
    assert "Buried" in client.get("/other/").text
    changed = hash_password("Another one")
    with transaction():
        db.session.get_one(Article, article.id).password_hash = changed
    assert "Buried" not in client.get("/vault/").text
    assert "Buried" in client.get("/other/").text


def test_a_cookie_lasts_ten_days(client: FlaskClient, article: Article) -> None:
    start = clock.now()
    unlock(client, article)
    cookie = next(found for found in client._cookies.values() if "unlocked" in found.key)  # pyright: ignore
    for days, is_open in ((9, True), (11, False)):
        with time_machine.travel(start + timedelta(days=days), tick=False):
            page = client.get("/vault/", headers={"Cookie": f"{cookie.key}={cookie.value}"})
            assert ("Buried body" in page.text) is is_open


def test_a_forged_cookie_opens_nothing(client: FlaskClient, article: Article) -> None:
    for value in ("1", "true", "eyJ9.x.y", "é"):
        client.set_cookie(f"standfirst_unlocked_{article.id}", value)
        assert "Buried" not in client.get("/vault/").text


def test_tries_are_throttled_with_words(client: FlaskClient, article: Article) -> None:
    for _ in range(8):
        assert unlock(client, article, "wrong").status_code == 422
    answer = unlock(client, article)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert "Too many tries" in answer.text
    assert "Set-Cookie" not in answer.headers
    other = make_article(permalink="/other/", password="Open Sesame")
    assert unlock(client, other).status_code == 303
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert unlock(client, article).status_code == 303


def test_another_browser_name_does_not_get_round_the_throttle(
    client: FlaskClient, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unlocking, "NETWORK_TRIES", 3)
    for number in range(3):
        assert (
            unlock(client, article, "wrong", headers={"User-Agent": f"Browser {number}"}).status_code == 422
        )
    assert unlock(client, article, headers={"User-Agent": "Browser 4"}).status_code == 429


def test_the_form_of_another_site_is_refused(client: FlaskClient, article: Article) -> None:
    assert unlock(client, article, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_only_live_articles_have_a_lock(client: FlaskClient, app: Flask) -> None:
    draft = make_article(permalink="/draft/", status="draft", password="x")
    assert unlock(client, draft, "x").status_code == 404
    assert client.post("/articles/99999/unlock", data={"password": "x"}).status_code == 404
    assert client.post("/articles/99999999999999999999/unlock").status_code == 404
    plain = make_article(permalink="/plain/")
    assert unlock(client, plain, "x").headers["Location"] == "/plain/"
    assert client.get(f"/articles/{plain.id}/unlock").headers["Location"] == "/plain/"
