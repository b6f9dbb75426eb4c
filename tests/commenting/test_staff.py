"""Signed-in staff comment as themselves."""

from __future__ import annotations

import html
import re

from flask.testing import FlaskClient

from tests.commenting.talk import comments_path, field, form_in, stored
from tests.factories import make_account, make_article, make_author
from webapp.database import db, transaction
from webapp.models import Account, ArticleTotals, CommentStatus


def signed_in(client: FlaskClient, **fields: str) -> Account:
    account = make_account("ines@desk.example", name="Ines", **fields)
    page = client.get("/sign-in").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', page)
    data = {"email": account.email, "password": "correct horse"}
    data |= {"csrf_token": html.unescape(token[1])} if token else {}
    assert client.post("/sign-in", data=data).status_code == 303
    return account


def test_staff_need_no_name_and_pass_the_rules(client: FlaskClient) -> None:
    account = signed_in(client)
    article = make_article()
    response = client.get(article.permalink)
    assert response.headers["Cache-Control"] == "private, no-store"
    page = response.text
    assert "You write as <b>Ines</b>" in page and 'id="reply-email"' not in page
    links = "https://a.example https://b.example"
    response = client.post(
        comments_path(article), data=form_in(page) | {"body": links, "name": "Somebody else"}
    )
    assert response.status_code == 303
    (comment,) = stored(article)
    assert (comment.name, comment.account_id, comment.status) == ("Ines", account.id, CommentStatus.approved)
    assert comment.verdicts[0]["rule"] == "staff"
    assert db.session.get_one(ArticleTotals, article.id).comment_count == 1
    page = client.application.test_client().get(article.permalink).text
    assert ">Staff<" in page and account.email not in page


def test_the_author_of_the_article_is_marked(client: FlaskClient) -> None:
    account = signed_in(client)
    article = make_article(authors=[make_author(account_id=account.id)])
    client.post(
        comments_path(article), data=form_in(client.get(article.permalink).text) | {"body": "I wrote this."}
    )
    assert stored(article)[0].is_by_author
    assert ">Author<" in client.get(article.permalink).text


def test_staff_send_their_sessions_token(client: FlaskClient) -> None:
    signed_in(client)
    article = make_article()
    data = form_in(client.get(article.permalink).text) | {"body": "Forged?"}
    response = client.post(comments_path(article), data=data | {"csrf_token": "x"})
    assert response.status_code == 422
    assert field(response.text, "body") == "Forged?"
    assert stored(article) == []
    assert (
        client.post(comments_path(article), data=form_in(response.text) | {"body": "Forged?"}).status_code
        == 303
    )


def test_a_disabled_account_is_a_reader(client: FlaskClient) -> None:
    account = signed_in(client)
    article = make_article()
    with transaction():
        db.session.get_one(Account, account.id).is_disabled = True
    page = client.get(article.permalink).text
    assert 'id="reply-email"' in page
