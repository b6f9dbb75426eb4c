"""A proved name: marked in its owner's browser, refused to others, held where the owner's browser is a new one."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.commenting.talk import field, send, stored
from tests.factories import make_article
from tests.notifying.test_notices import link_in, mails
from webapp.models import Article, CommentStatus
from webapp.settings import store


@pytest.fixture
def article(app: Flask) -> Article:
    store({"COMMENT_HOLD_FIRST": False})
    return make_article()


@pytest.fixture
def lena(app: Flask, article: Article) -> FlaskClient:
    """A browser whose user has proved the name Lena."""
    browser = app.test_client()
    send(browser, article, notify="at once")
    assert "nobody else can use the name" in browser.post(link_in(mails()[0], "confirm")).text
    return browser


def test_its_owner_writes_with_a_mark(lena: FlaskClient, article: Article) -> None:
    send(lena, article, body="Again.")
    assert stored(article)[-1].is_proved
    page = lena.get(article.permalink).text
    assert page.count("badge--verified") == 1, "and not on what was written before"


@pytest.mark.parametrize("name", ["Lena", "LÉNA", "Lenа"])
def test_nobody_else_can_use_it(app: Flask, lena: FlaskClient, article: Article, name: str) -> None:
    response = send(app.test_client(), article, name=name, email="kim@post.example", body="It is me, Lena.")
    assert response.status_code == 422
    assert "This name belongs to a commenter who has proved it" in response.text
    assert field(response.text, "body") == "It is me, Lena."
    assert 'href="#reply-name"' in response.text
    assert len(stored(article)) == 1


@pytest.mark.both_databases
def test_its_owner_in_another_browser_confirms_again(app: Flask, lena: FlaskClient, article: Article) -> None:
    other = app.test_client()
    assert send(other, article, body="From my telephone.").status_code == 303
    waiting = stored(article)[-1]
    assert (waiting.status, waiting.is_proved) == (CommentStatus.held, False)
    assert waiting.verdicts[0]["rule"] == "unproved_name"
    other.post(link_in(mails()[-1], "confirm"))
    send(other, article, body="Now it is me.")
    assert (stored(article)[-1].status, stored(article)[-1].is_proved) == (CommentStatus.approved, True)


def test_the_address_alone_is_not_enough(app: Flask, lena: FlaskClient, article: Article) -> None:
    """Whoever knows name and address still waits, and the comment carries no mark."""
    send(app.test_client(), article, body="I know her address.")
    assert "I know her address." not in app.test_client().get(article.permalink).text


def test_the_second_of_a_name_keeps_the_address_without_it(app: Flask, article: Article) -> None:
    first, second = app.test_client(), app.test_client()
    send(first, article, notify="at once")
    send(second, article, email="other@post.example", body="Another Lena.", notify="at once")
    links = [link_in(mail, "confirm") for mail in mails()]
    first.post(links[0])
    assert "belongs to somebody else already" in second.post(links[1]).text


def test_who_proved_an_address_is_known_in_each_of_the_own_browsers(app: Flask, article: Article) -> None:
    from tests.commenting.talk import made_known

    store({"COMMENT_HOLD_FIRST": True})
    first, second = app.test_client(), app.test_client()
    made_known(first, article)
    send(first, article, body="Tell me.", notify="at once")
    path = link_in(mails()[-1], "confirm")
    first.post(path)
    second.post(path)
    send(second, article, body="From the other browser.")
    assert stored(article)[-1].status == CommentStatus.approved
