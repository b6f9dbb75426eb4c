"""What the tests of the discussion do again and again: fetch a form, send it, find comments in a page."""

from __future__ import annotations

import html
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from webapp.database import db
from webapp.models import Article, Comment

HTMX = {"HX-Request": "true"}
LENA = {"name": "Lena", "email": "lena@post.example", "body": "The bell was late again."}


def form_in(page: str) -> dict[str, str]:
    """The hidden fields of the comment form in a page, as a browser would send them back."""
    form = page[page.index('id="_reply"') :]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def field(page: str, name: str) -> str:
    """What stands in a field of the comment form."""
    form = page[page.index('id="_reply"') :]
    text = re.search(rf'<textarea[^>]*name="{name}"[^>]*>([^<]*)</textarea>', form)
    value = re.search(rf'<input[^>]*value="([^"]*)"[^>]*name="{name}"', form)
    found = text or value
    assert found, f"no field {name}"
    return html.unescape(found[1])


def comments_path(article: Article) -> str:
    return article.permalink.rstrip("/") + "/comments"


def send(
    client: FlaskClient, article: Article, *, htmx: bool = False, headers: Any = None, **fields: Any
) -> TestResponse:
    """Fetches the article, fills its form in as Lena with `fields`, and sends it. None leaves a field out."""
    page = client.get(article.permalink).text
    data = form_in(page) | LENA | fields
    data = {name: value for name, value in data.items() if value is not None}
    return client.post(comments_path(article), data=data, headers=(HTMX if htmx else {}) | (headers or {}))


def shown(page: str) -> list[int]:
    """The ids of the comments in a page, in order."""
    return [int(number) for number in re.findall(r'<article class="comment[^"]*" id="comment-(\d+)"', page)]


def stored(article: Article) -> list[Comment]:
    db.session.commit()
    db.session.expire_all()
    query = db.select(Comment).where(Comment.article_id == article.id).order_by(Comment.id)
    return list(db.session.scalars(query))


def made_known(client: FlaskClient, article: Article) -> None:
    """Posts a first comment in this browser and has it approved, so that the next ones pass."""
    from webapp.database import transaction
    from webapp.models import CommentStatus

    assert send(client, article, body="A first word.").status_code == 303
    with transaction():
        stored(article)[-1].status = CommentStatus.approved
