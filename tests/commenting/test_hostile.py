"""Markup that means harm, through the real form and out of the real page."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient

from tests.commenting.talk import comments_path, form_in, stored
from tests.factories import make_article
from tests.hostile import COMMENTS
from tests.site.pages import faults, parse
from webapp import settings

BATCHES = [COMMENTS[start : start + 40] for start in range(0, len(COMMENTS), 40)]
TAGS = {
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "cite",
    "code",
    "del",
    "em",
    "i",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "s",
}
TAGS |= {"strong", "ul"}


def texts(page: str) -> list[Element]:
    document, errors = parse(page)
    assert errors == []
    return [e for e in document.iter("div") if e.get("class") == "comment-text"]


@pytest.mark.parametrize("vectors", BATCHES, ids=range(len(BATCHES)))
def test_nothing_of_it_survives(client: FlaskClient, vectors: list[str]) -> None:
    settings.store({"COMMENT_HOLD_FIRST": False, "COMMENT_MAX_LINKS": 100, "COMMENTS_PER_PAGE": 200})
    article = make_article()
    form = form_in(client.get(article.permalink).text)
    taken = 0
    for number, vector in enumerate(vectors):
        text = vector.encode("utf-8", "replace").decode()
        fields = {"name": f"{number} {text[:200]}", "email": "lena@post.example", "body": text}
        response = client.post(comments_path(article), data=form | fields)
        assert response.status_code in (303, 422), vector
        taken += response.status_code == 303
        if response.status_code == 422:
            assert faults(response.text) == [], vector
    assert taken == len(stored(article)) > 0
    page = client.application.test_client().get(article.permalink).text
    assert faults(page) == []
    bodies = texts(page)
    assert len(bodies) == taken
    for body in bodies:
        for element in body.iter():
            assert element is body or element.tag in TAGS, element.tag
            if element is body:
                continue
            allowed = {"a": {"href", "rel"}, "abbr": {"title"}}.get(element.tag, set())
            assert set(element.attrib) <= allowed, element.attrib
            if element.tag == "a":
                assert re.match(r"https?://", element.get("href") or ""), element.get("href")
                assert element.get("rel") == "nofollow ugc noopener"


@pytest.mark.parametrize("field", ["name", "email", "website", "parent", "token", "form_key", "subject"])
def test_it_harms_no_other_field(client: FlaskClient, field: str) -> None:
    article = make_article()
    form = form_in(client.get(article.permalink).text)
    for vector in (
        '"><script>alert(1)</script>',
        "'\"` autofocus onfocus=alert(1) x=",
        "</textarea><img src=x onerror=alert(1)>",
    ):
        fields = {"name": "Lena", "email": "x", "body": vector, field: vector}
        response = client.post(comments_path(article), data=form | fields)
        assert response.status_code == 422
        assert faults(response.text) == []
        document, _ = parse(response.text)
        assert not [e for e in document.iter("img") if e.get("onerror")]
