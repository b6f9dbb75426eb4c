"""Who sees a comment that waits, and what the two cookies do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.http import parse_cookie

from tests.commenting.talk import HTMX, LENA, comments_path, field, form_in, made_known, send, shown, stored
from tests.factories import make_account, make_article, make_comment
from webapp import clock, settings
from webapp.commenting import cookies
from webapp.database import db, transaction
from webapp.models import Comment, CommentStatus, ModerationEntry

SECRET = "Nobody but me may read this."


def wait(client: FlaskClient, **fields: str) -> tuple[Comment, str]:
    """A held comment of this browser, and the path of its discussion."""
    article = make_article()
    send(client, article, body=SECRET, **fields)
    return stored(article)[0], comments_path(article)


def test_nobody_else_sees_a_held_comment_at_any_address(client: FlaskClient) -> None:
    comment, path = wait(client)
    stranger = client.application.test_client()
    base = path.removesuffix("/comments")
    for address in (
        f"{base}/",
        f"{path}/{comment.id}",
        f"{path}/{comment.id}/reply",
        f"{path}/thread/{comment.id}",
        f"{path}/page/1?order=newest",
        f"{path}/page/1?show={comment.id}",
        f"/_fragments/threads/{comment.id}",
        f"{base}/?replytocom={comment.id}",
        f"{base}/feed/",
        "/comments/feed/",
    ):
        response = stranger.get(address, follow_redirects=True)
        assert SECRET not in response.text, address
        assert f"comment-{comment.id}" not in response.text, address
    assert stranger.get(f"{path}/{comment.id}").status_code == 404
    assert stranger.get(f"{path}/thread/{comment.id}").status_code == 404
    assert stranger.post(f"/comments/{comment.id}/likes").status_code == 404
    assert stranger.post(f"/comments/{comment.id}/likes", headers=HTMX).status_code == 404


def test_its_writer_sees_it_and_nothing_may_keep_the_page(client: FlaskClient) -> None:
    comment, path = wait(client)
    response = client.get(path.removesuffix("comments"))
    assert shown(response.text) == [comment.id]
    assert response.headers["Cache-Control"] == "private, no-store"
    assert client.get(f"{path}/{comment.id}").headers["Location"].endswith(f"#comment-{comment.id}")


def test_a_writer_sees_all_the_own_held_comments(client: FlaskClient) -> None:
    article = make_article()
    for number in range(12):
        send(client, article, body=f"Number {number}")
    assert len(shown(client.get(article.permalink).text)) == 12


def test_a_forged_or_renamed_cookie_shows_nothing(client: FlaskClient) -> None:
    comment, path = wait(client, remember="1")
    base = path.removesuffix("comments")
    writer, details = client.get_cookie(cookies.WRITER), client.get_cookie(cookies.DETAILS)
    assert writer and details
    values = (details.value, writer.value[:-1], writer.value + "x", comment.writer_hash, "", "x.y")
    for value in values:
        thief = client.application.test_client()
        thief.set_cookie(cookies.WRITER, value or "")
        assert SECRET not in thief.get(base).text
    thief = client.application.test_client()
    thief.set_cookie(cookies.DETAILS, writer.value)
    assert thief.get(base).status_code == 200


def test_what_is_kept_with_the_comment_is_not_the_cookie(client: FlaskClient) -> None:
    comment, _ = wait(client)
    cookie = client.get_cookie(cookies.WRITER)
    assert cookie and comment.writer_hash and comment.writer_hash not in cookie.value
    assert cookies.Writer("x").hash != "x"


def test_a_comment_taken_for_spam_looks_like_one_that_waits_until_somebody_decides(
    client: FlaskClient,
) -> None:
    settings.store({"DISALLOWED_WORDS": ["nobody"]})
    comment, path = wait(client)
    base = path.removesuffix("comments")
    assert comment.status == CommentStatus.spam
    assert "Awaiting moderation" in client.get(base).text
    assert SECRET not in client.application.test_client().get(base).text
    account = make_account()
    with transaction():
        db.session.add(
            ModerationEntry(
                comment_id=comment.id,
                account_id=account.id,
                decision="spam",
                to_status="spam",
                created_at=clock.now(),
            )
        )
    assert SECRET not in client.get(base).text


@pytest.mark.parametrize("status", ["spam", "trashed"])
def test_a_rejected_comment_is_gone_for_its_writer_too(client: FlaskClient, status: str) -> None:
    comment, path = wait(client)
    account = make_account()
    with transaction():
        db.session.get_one(Comment, comment.id).status = status
        db.session.add(
            ModerationEntry(
                comment_id=comment.id,
                account_id=account.id,
                decision=status,
                to_status=status,
                created_at=clock.now(),
            )
        )
    assert SECRET not in client.get(path.removesuffix("comments")).text


def test_a_held_reply_shows_beyond_the_first_replies(client: FlaskClient) -> None:
    article = make_article()
    top = make_comment(article, created_at=clock.now() - timedelta(hours=2))
    for number in range(25):
        make_comment(
            article, f"Reply {number}", parent=top, created_at=clock.now() - timedelta(minutes=90 - number)
        )
    response = send(client, article, parent=str(top.id), body=SECRET)
    page = client.get(response.headers["Location"]).text
    assert SECRET in page and len(shown(page)) == 22
    assert "5 more replies" in page


def cookie_header(response: object, name: str) -> str:
    return next(h for h in response.headers.getlist("Set-Cookie") if h.startswith(name + "="))  # type: ignore[attr-defined]


def test_cookies_are_closed_to_scripts_and_other_sites(client: FlaskClient) -> None:
    response = send(client, make_article(), remember="1")
    for name in (cookies.WRITER, cookies.DETAILS):
        header = cookie_header(response, name)
        assert "HttpOnly" in header and "SameSite=Lax" in header and "Path=/" in header
        assert "Secure" not in header and "Max-Age=31536000" in header


def test_cookies_are_secure_on_https(environment: dict[str, str]) -> None:
    from webapp import create_app

    app: Flask = create_app(environment | {"STANDFIRST_SITE_URL": "https://paper.example"})
    app.testing = True
    with app.app_context():
        article = make_article()
        browser = app.test_client()
        path, permalink = comments_path(article), article.permalink
        page = browser.get(permalink, base_url="https://paper.example").text
        data = form_in(page) | LENA | {"remember": "1"}
        response = browser.post(path, data=data, base_url="https://paper.example")
        for name in (cookies.WRITER, cookies.DETAILS):
            assert "Secure" in cookie_header(response, name)
        db.session.remove()
        db.engine.dispose()


def test_name_email_and_website_are_kept_when_ticked_and_dropped_when_not(client: FlaskClient) -> None:
    article = make_article()
    assert "checked" not in client.get(article.permalink).text
    send(client, article, website="post.example", remember="1")
    page = client.get(article.permalink)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert [field(page.text, name) for name in ("name", "email", "website")] == [
        "Lena",
        "lena@post.example",
        "https://post.example",
    ]
    assert "checked" in page.text and field(page.text, "body") == ""
    response = send(client, article, body="Again")
    assert cookie_header(response, cookies.DETAILS).startswith(f"{cookies.DETAILS}=;")
    assert field(client.get(article.permalink).text, "email") == ""
    assert parse_cookie(cookie_header(response, cookies.WRITER))


def test_nothing_is_kept_of_a_comment_that_was_refused(client: FlaskClient) -> None:
    article = make_article()
    response = send(client, article, remember="1", name="")
    assert "Set-Cookie" not in response.headers


def test_the_email_address_is_on_no_page_but_the_writers_own_form(client: FlaskClient) -> None:
    article = make_article()
    made_known(client, article)
    send(client, article, body="Second", remember="1")
    stranger = client.application.test_client()
    for address in (article.permalink, f"{article.permalink}feed/", "/comments/feed/", "/feed/"):
        assert "lena@post.example" not in stranger.get(address).text
    own = client.get(article.permalink).text
    assert own.count("lena@post.example") == 1


def test_an_anonymous_reader_gets_no_cookie_and_a_page_that_may_be_kept(client: FlaskClient) -> None:
    article = make_article()
    comment = make_comment(article)
    for address in (
        article.permalink,
        f"{comments_path(article)}/{comment.id}/reply",
        f"/_fragments/threads/{comment.id}",
    ):
        response = client.get(address)
        assert "Set-Cookie" not in response.headers
        assert "no-store" not in response.headers["Cache-Control"]
