"""Likes: one for a browser, taken back by a second click, plain and with HTMX."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.commenting.talk import HTMX, comments_path, shown
from tests.factories import make_article, make_comment
from webapp import settings
from webapp.commenting import cookies
from webapp.database import db
from webapp.models import Comment, CommentLike, Status

BOTH = pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])


def like_count(comment: Comment) -> int:
    db.session.commit()
    db.session.expire_all()
    return db.session.get_one(Comment, comment.id).like_count


def test_a_like_and_a_second_click(client: FlaskClient) -> None:
    article = make_article()
    comment = make_comment(article)
    response = client.post(f"/comments/{comment.id}/likes")
    assert (response.status_code, response.headers["Location"]) == (
        303,
        f"{article.permalink}#comment-{comment.id}",
    )
    page = client.get(article.permalink).text
    assert f'id="comment-{comment.id}" data-like-count="1"' in page and 'aria-pressed="true"' in page
    stranger = client.application.test_client().get(article.permalink).text
    assert 'data-like-count="1"' in stranger and 'aria-pressed="false"' in stranger
    client.post(f"/comments/{comment.id}/likes")
    assert like_count(comment) == 0
    assert db.session.scalars(db.select(CommentLike)).all() == []


def test_with_htmx_the_comment_comes_back(client: FlaskClient) -> None:
    comment = make_comment(make_article())
    response = client.post(f"/comments/{comment.id}/likes", headers=HTMX)
    assert response.status_code == 200
    assert shown(response.text) == [comment.id] and response.text.strip().startswith("<article")
    assert 'data-like-count="1"' in response.text and re.search(r"Liked<", response.text)
    assert response.headers["Cache-Control"] == "private, no-store"
    cookie = client.get_cookie(cookies.WRITER)
    assert cookie and cookie.http_only and cookie.same_site == "Lax"


def test_two_browsers_are_two_likes(client: FlaskClient) -> None:
    comment = make_comment(make_article())
    for _ in range(2):
        client.application.test_client().post(f"/comments/{comment.id}/likes")
    assert like_count(comment) == 2


def test_a_page_asks_where_no_script_does(client: FlaskClient) -> None:
    article = make_article()
    comment = make_comment(article, name="Ida", body="Moss on stone.")
    link = f'href="/comments/{comment.id}/likes" rel="nofollow"'
    assert link in client.get(article.permalink).text
    page = client.get(f"/comments/{comment.id}/likes")
    assert "Moss on stone." in page.text and "Like a comment</h1>" in page.text
    assert f'method="post" action="/comments/{comment.id}/likes">' in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert like_count(comment) == 0
    client.post(f"/comments/{comment.id}/likes")
    assert "Take your like back" in client.get(f"/comments/{comment.id}/likes").text


@pytest.mark.parametrize("status", ["held", "spam", "trashed"])
def test_no_page_asks_about_what_nobody_sees(client: FlaskClient, status: str) -> None:
    comment = make_comment(make_article(), status=status)
    assert client.get(f"/comments/{comment.id}/likes").status_code == 404
    assert client.get("/comments/999/likes").status_code == 404


@BOTH
@pytest.mark.parametrize("status", ["held", "spam", "trashed"])
def test_what_nobody_sees_cannot_be_liked(client: FlaskClient, status: str, htmx: bool) -> None:
    comment = make_comment(make_article(), status=status)
    response = client.post(f"/comments/{comment.id}/likes", headers=HTMX if htmx else {})
    assert response.status_code == 404 and "Set-Cookie" not in response.headers
    assert like_count(comment) == 0


def test_nothing_there_cannot_be_liked(client: FlaskClient) -> None:
    comment = make_comment(make_article(status=Status.unpublished))
    hidden = make_comment(make_article(comments_hidden=True))
    mention = make_comment(make_article(), kind="pingback")
    for number in (comment.id, hidden.id, mention.id, 999, 10**20):
        assert client.post(f"/comments/{number}/likes").status_code == 404
        assert client.get(f"/comments/{number}/likes").status_code == 404


def test_another_site_cannot_like(client: FlaskClient) -> None:
    comment = make_comment(make_article())
    response = client.post(f"/comments/{comment.id}/likes", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert like_count(comment) == 0


def test_a_like_leads_back_to_the_page_of_its_comment(client: FlaskClient) -> None:
    settings.store({"COMMENTS_PER_PAGE": 1})
    article = make_article()
    make_comment(article)
    second = make_comment(article)
    response = client.post(f"/comments/{second.id}/likes")
    assert response.headers["Location"] == f"{comments_path(article)}/page/2#comment-{second.id}"
