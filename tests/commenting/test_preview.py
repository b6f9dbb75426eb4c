"""The preview and the number of new comments: what they answer to whom, whatever is sent."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.commenting.talk import HTMX, LENA, field, form_in, stored
from tests.factories import make_article, make_comment
from webapp.models import CommentStatus


def preview(client: FlaskClient, article, *, htmx: bool = True, **fields):
    path = article.permalink.rstrip("/") + "/comments/preview"
    return client.post(path, data=fields, headers=HTMX if htmx else {})


def test_a_preview_is_safe_and_keeps_nothing(client: FlaskClient, app) -> None:
    article = make_article()
    response = preview(client, article, body="<em>Yes</em> <script>alert(1)</script> https://example.org")
    assert response.status_code == 200
    assert "<em>Yes</em>" in response.text
    assert "<script>" not in response.text
    assert 'rel="nofollow ugc noopener"' in response.text
    assert response.headers["Cache-Control"] == "private, no-store"
    assert stored(article) == []


def test_the_page_has_form_and_preview(client: FlaskClient, app) -> None:
    article = make_article()
    parent = make_comment(article, "The bell?")
    data = (
        form_in(client.get(article.permalink).text)
        | LENA
        | {"parent": str(parent.id), "website": "no address"}
    )
    page = preview(client, article, htmx=False, **data)
    assert page.status_code == 200
    assert "<p>The bell was late again.</p>" in page.text
    assert field(page.text, "body") == LENA["body"]
    assert field(page.text, "website") == "no address"
    assert f'name="parent" value="{parent.id}"' in page.text


@pytest.mark.parametrize("body", ["", " \n ", "x" * 5001, "<script></script>", "\u200b\u200b"])
@pytest.mark.parametrize("htmx", [True, False])
def test_what_cannot_be_shown_is_said(client: FlaskClient, app, body: str, htmx: bool) -> None:
    article = make_article()
    response = preview(client, article, htmx=htmx, body=body)
    assert response.status_code == 422
    assert 'class="field-error"' in response.text


@pytest.mark.parametrize(
    "fields", [{}, {"parent": "x" * 100_000}, {"body": ["a", "b"]}, {"parent": "99999999999"}]
)
def test_odd_fields_are_no_error(client: FlaskClient, app, fields: dict[str, object]) -> None:
    article = make_article()
    for htmx in (True, False):
        assert preview(client, article, htmx=htmx, **fields).status_code in (200, 422)


def test_a_held_comment_is_neither_parent_nor_quoted(client: FlaskClient, app) -> None:
    article = make_article()
    held = make_comment(article, "A secret.", status=CommentStatus.held)
    page = preview(client, article, htmx=False, body="x", parent=str(held.id))
    assert "A secret." not in page.text
    assert client.get(f"{article.permalink}comments/{held.id}/reply?quote=1").status_code == 404


def test_a_quote_is_plain_and_short(client: FlaskClient, app) -> None:
    article = make_article()
    comment = make_comment(article, "A &lt;b&gt; and " + "word " * 200)
    page = client.get(f"{article.permalink}comments/{comment.id}/reply?quote=1")
    quoted = field(page.text, "body")
    assert quoted.startswith("<blockquote>A &lt;b&gt; and word")
    assert quoted.rstrip().endswith("…</blockquote>")
    assert len(quoted) < 450


def test_elsewhere_there_is_nothing(client: FlaskClient, app) -> None:
    assert client.post("/no-such-article/comments/preview", data={"body": "x"}).status_code == 404
    hidden = make_article(comments_hidden=True)
    assert preview(client, hidden, body="x").status_code == 404
    assert client.get(f"/_fragments/articles/{hidden.id}/new-comments").status_code == 404


def test_new_comments_are_those_beyond_what_was_seen(client: FlaskClient, app) -> None:
    article = make_article()
    make_comment(article)
    make_comment(article, "Another.")
    make_comment(article, "A secret.", status=CommentStatus.held)
    path = f"/_fragments/articles/{article.id}/new-comments"
    assert "1 new comment<" in client.get(f"{path}?seen=1").text
    assert client.get(f"{path}?seen=2").text.strip() == ""
    assert client.get(f"{path}?seen=9").text.strip() == ""
    assert "2 new comments" in client.get(f"{path}?seen=many").text
