"""Handing in a comment: taken or refused, plain and with HTMX, and nothing that was typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.commenting.talk import HTMX, LENA, comments_path, field, form_in, made_known, send, shown, stored
from tests.factories import make_article, make_comment
from webapp import clock, settings
from webapp.database import db
from webapp.models import ArticleTotals, CommentStatus, ModerationEntry, Status

BOTH = pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])


def test_a_first_comment_waits_and_leads_to_itself(client: FlaskClient) -> None:
    article = make_article()
    response = send(client, article)
    (comment,) = stored(article)
    assert response.status_code == 303
    assert response.headers["Location"] == f"{article.permalink}#comment-{comment.id}"
    assert comment.status == CommentStatus.held
    assert comment.verdicts[0]["rule"] == "first_comment"
    assert comment.body_source == "The bell was late again."
    assert comment.body_html == "<p>The bell was late again.</p>"
    page = client.get(article.permalink).text
    assert f'id="comment-{comment.id}"' in page and "Awaiting moderation" in page
    assert 'data-comment-count="0"' in page and ">0 comments<" in page


def test_the_arrival_is_in_the_log(client: FlaskClient) -> None:
    article = make_article()
    send(client, article)
    entry = db.session.scalars(db.select(ModerationEntry)).one()
    assert (entry.decision, entry.to_status, entry.account_id) == ("arrival", "held", None)
    assert "approved before" in entry.reason


def test_with_htmx_the_comment_comes_for_its_place_and_the_form_is_empty(client: FlaskClient) -> None:
    article = make_article()
    response = send(client, article, htmx=True)
    assert response.status_code == 201
    assert response.headers["Cache-Control"] == "private, no-store"
    (comment,) = stored(article)
    assert 'hx-target="#threads" hx-swap="beforeend"' in response.text
    assert shown(response.text) == [comment.id]
    assert "Awaiting moderation" in response.text
    assert field(response.text, "body") == field(response.text, "email") == ""


def test_a_known_commenter_passes_and_is_counted(client: FlaskClient) -> None:
    article = make_article()
    made_known(client, article)
    response = send(client, article, htmx=True, body="Once more.")
    comment = stored(article)[-1]
    assert comment.status == CommentStatus.approved
    assert db.session.get_one(ArticleTotals, article.id).comment_count == 1
    assert 'data-total="1">1 comment<' in response.text
    other = client.application.test_client()
    assert f'id="comment-{comment.id}"' in other.get(article.permalink).text


def test_a_name_and_an_address_that_somebody_typed_make_nobody_known(client: FlaskClient) -> None:
    article = make_article()
    made_known(client, article)
    stranger = client.application.test_client()
    send(stranger, article, body="I am Lena, too.")
    assert stored(article)[-1].status == CommentStatus.held


@BOTH
def test_a_reply_stands_under_its_parent(client: FlaskClient, htmx: bool) -> None:
    article = make_article()
    parent = make_comment(article)
    response = send(client, article, parent=str(parent.id), htmx=htmx)
    reply = stored(article)[-1]
    assert (reply.parent_id, reply.root_id, reply.depth) == (parent.id, parent.id, 2)
    assert reply.path.startswith(parent.path)
    if htmx:
        assert f'hx-target="#replies-{parent.id}" hx-swap="beforeend"' in response.text


def test_at_the_deepest_level_a_reply_stands_beside_its_parent(client: FlaskClient) -> None:
    article = make_article()
    parent = make_comment(article)
    for _ in range(4):
        parent = make_comment(article, parent=parent, name="Kofi")
    send(client, article, parent=str(parent.id))
    reply = stored(article)[-1]
    assert (reply.depth, len(reply.path)) == (5, 80)
    assert reply.path[:64] == parent.path[:64] and reply.path > parent.path
    page = client.get(article.permalink).text
    assert f'to <a href="{comments_path(article)}/{parent.id}"><bdi>Kofi</bdi></a>' in page


WRONG = {
    "no text": ({"body": ""}, "body", "Please write something"),
    "spaces": ({"body": " \n\t "}, "body", "Please write something"),
    "nothing visible": ({"body": "\u200b\u2060"}, "body", "Please write something"),
    "nothing left": ({"body": "<script>1</script><!-- x -->"}, "body", "Nothing is left"),
    "no body field": ({"body": None}, "body", "Please write something"),
    "too long": ({"body": "a" * 100_000}, "body", "100,000 characters; 5,000 is the most"),
    "too long in emoji": ({"body": "🫖" * 100_000}, "body", "100,000 characters"),
    "no name": ({"name": ""}, "name", "Please fill in a name"),
    "invisible name": ({"name": "\u202e\u200b"}, "name", "Please fill in a name"),
    "long name": ({"name": "n" * 246}, "name", "246 characters; 245 is the most"),
    "huge name": ({"name": "n" * 100_000}, "name", "100,000 characters"),
    "no e-mail": ({"email": ""}, "email", "Please fill in your e-mail address"),
    "half an e-mail": ({"email": "lena@"}, "email", "something after the @"),
    "no @": ({"email": "lena"}, "email", "must have an @"),
    "long e-mail": ({"email": "l" * 60 + "@" + "p" * 50 + ".example"}, "email", "100 is the most"),
    "script as website": ({"website": "javascript:alert(1)"}, "website", "no web address"),
    "script with a port": ({"website": "javascript:123"}, "website", "no web address"),
    "data as website": ({"website": "data:text/html,x"}, "website", "no web address"),
    "ftp": ({"website": "ftp://example.org/"}, "website", "no web address"),
    "a bad port": ({"website": "https://example.org:99999/"}, "website", "no web address"),
    "long website": ({"website": "https://example.org/" + "w" * 200}, "website", "200 is the most"),
    "spaces in website": ({"website": "my site"}, "website", "no web address"),
    "doubled text": ({"body": ["one", "two"]}, "body", "more than once"),
    "doubled name": ({"name": ["Lena", "Mara"]}, "name", "more than once"),
    "doubled e-mail": ({"email": ["a@post.example", "b@post.example"]}, "email", "more than once"),
}


@BOTH
@pytest.mark.parametrize(("fields", "where", "words"), WRONG.values(), ids=WRONG)
def test_a_field_in_error_says_so_and_everything_is_kept(
    client: FlaskClient, fields: dict[str, str], where: str, words: str, htmx: bool
) -> None:
    article = make_article()
    response = send(client, article, htmx=htmx, **fields)
    assert response.status_code == 422
    assert stored(article) == []
    page = response.text
    assert re.search(
        rf'id="reply-{where}"[^>]*aria-invalid="true"[^>]*aria-describedby="reply-{where}-error', page
    )
    error = re.search(rf'id="reply-{where}-error">([^<]*)<', page)
    assert error and words in error[1]
    assert f'<a href="#reply-{where}">' in page
    for name in ("body", "name", "email"):
        typed = fields.get(name, LENA[name])
        typed = typed[0] if isinstance(typed, list) else typed or ""
        assert field(page, name) == typed.replace("\u202e", "")
    assert ("<html" in page) is not htmx


@BOTH
@pytest.mark.parametrize("parent", ["x", "-1", "1.5", "999999", "99999999999999999999", "²", "0"])
def test_an_answer_to_nothing_is_refused(client: FlaskClient, parent: str, htmx: bool) -> None:
    article = make_article()
    response = send(client, article, parent=parent, htmx=htmx)
    assert response.status_code == 422
    assert "comment that you answer" in response.text
    assert field(response.text, "body") == LENA["body"]
    assert form_in(response.text)["parent"] == ""
    assert stored(article) == []


@BOTH
@pytest.mark.parametrize("status", ["held", "spam", "trashed"])
def test_an_answer_to_what_nobody_sees_is_refused(client: FlaskClient, status: str, htmx: bool) -> None:
    article = make_article()
    parent = make_comment(article, status=status)
    response = send(client, article, parent=str(parent.id), htmx=htmx)
    assert response.status_code == 422
    assert field(response.text, "body") == LENA["body"]
    assert len(stored(article)) == 1


def test_an_answer_to_a_comment_on_another_article_is_refused(client: FlaskClient) -> None:
    article, other = make_article(), make_article()
    parent = make_comment(other)
    assert send(client, article, parent=str(parent.id)).status_code == 422
    assert stored(article) == []


def test_an_answer_to_two_comments_is_refused(client: FlaskClient) -> None:
    article = make_article()
    parents = [str(make_comment(article).id), str(make_comment(article).id)]
    assert send(client, article, parent=parents).status_code == 422
    assert len(stored(article)) == 2


@BOTH
def test_after_an_error_the_form_stays_under_the_comment_that_is_answered(
    client: FlaskClient, htmx: bool
) -> None:
    article = make_article()
    parent = make_comment(article, name="Ruben")
    response = send(client, article, parent=str(parent.id), name="", htmx=htmx)
    assert response.status_code == 422
    assert "Reply to <bdi>Ruben</bdi>" in response.text
    assert form_in(response.text)["parent"] == str(parent.id)


@BOTH
def test_the_honeypot_stores_nothing_and_lets_a_person_try_again(client: FlaskClient, htmx: bool) -> None:
    article = make_article()
    response = send(client, article, subject="Offer", htmx=htmx)
    assert response.status_code == 422
    assert "people never see" in response.text
    assert stored(article) == []
    again = client.post(comments_path(article), data=form_in(response.text) | LENA)
    assert again.status_code == 303


@BOTH
def test_a_closed_discussion_refuses_and_gives_the_text_back(client: FlaskClient, htmx: bool) -> None:
    open_one, article = make_article(), make_article(comments_open=False)
    data = form_in(client.get(open_one.permalink).text) | LENA
    response = client.post(comments_path(article), data=data, headers=HTMX if htmx else {})
    assert response.status_code == 403
    assert "was closed" in response.text
    assert field(response.text, "body") == LENA["body"]
    assert stored(article) == []


def test_a_discussion_closes_by_age(client: FlaskClient) -> None:
    settings.store({"CLOSE_COMMENTS_AFTER_DAYS": 14})
    fresh = make_article(published_at=clock.now() - timedelta(days=13))
    old = make_article(published_at=clock.now() - timedelta(days=15))
    assert send(client, fresh).status_code == 303
    page = client.get(old.permalink).text
    assert 'id="_reply"' not in page and "14 days after the article appeared" in page
    response = client.post(comments_path(old), data=LENA)
    assert response.status_code == 403 and "14 days" in response.text


@BOTH
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
    ids=lambda headers: next(iter(headers.values())),
)
def test_a_form_from_another_site_is_refused_with_what_it_says(
    client: FlaskClient, headers: dict[str, str], htmx: bool
) -> None:
    article = make_article()
    response = send(client, article, headers=headers, htmx=htmx)
    assert response.status_code == 403
    assert "sent from another site" in response.text
    assert field(response.text, "body") == LENA["body"]
    assert "Set-Cookie" not in response.headers
    assert stored(article) == []


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}]
)
def test_a_form_from_here_passes(client: FlaskClient, headers: dict[str, str]) -> None:
    assert send(client, make_article(), headers=headers).status_code == 303


@BOTH
def test_the_same_words_twice_are_refused(client: FlaskClient, htmx: bool) -> None:
    article = make_article()
    send(client, article)
    response = send(client, article, htmx=htmx)
    assert response.status_code == 409
    assert "exactly this here before" in response.text
    assert field(response.text, "body") == LENA["body"]
    assert len(stored(article)) == 1


def test_the_same_words_elsewhere_or_by_another_are_no_duplicate(client: FlaskClient) -> None:
    article, other = make_article(), make_article()
    parent = make_comment(article)
    send(client, article)
    assert send(client, other).status_code == 303
    assert send(client, article, parent=str(parent.id)).status_code == 303
    assert send(client, article, name="Mara").status_code == 303
    assert send(client, article, email="mara@post.example").status_code == 303


@BOTH
def test_a_retry_leads_to_the_comment_that_exists(client: FlaskClient, htmx: bool) -> None:
    article = make_article()
    data = form_in(client.get(article.permalink).text) | LENA
    headers = HTMX if htmx else {}
    first = client.post(comments_path(article), data=data, headers=headers)
    second = client.post(comments_path(article), data=data, headers=headers)
    assert second.status_code == first.status_code
    assert second.headers.get("Location") == first.headers.get("Location")
    assert len(stored(article)) == 1
    if htmx:
        assert shown(second.text) == [stored(article)[0].id]


@BOTH
def test_a_retry_without_the_cookie_gives_no_rights(client: FlaskClient, htmx: bool) -> None:
    article = make_article()
    data = form_in(client.get(article.permalink).text) | LENA
    client.post(comments_path(article), data=data)
    again = client.application.test_client()
    response = again.post(comments_path(article), data=data, headers=HTMX if htmx else {})
    assert response.status_code == (201 if htmx else 303)
    assert "Set-Cookie" not in response.headers
    assert shown(response.text) == [] and LENA["body"] not in response.text
    assert shown(again.get(article.permalink).text) == []


def test_two_readers_of_one_page_are_two_visitors(client: FlaskClient) -> None:
    article = make_article()
    data = form_in(client.get(article.permalink).text) | LENA
    client.post(comments_path(article), data=data)
    other = client.application.test_client()
    response = other.post(comments_path(article), data=data, headers={"User-Agent": "another browser"})
    assert response.status_code == 409


def test_the_same_form_may_say_something_else(client: FlaskClient) -> None:
    article = make_article()
    data = form_in(client.get(article.permalink).text) | LENA
    client.post(comments_path(article), data=data)
    assert client.post(comments_path(article), data=data | {"body": "And another thing."}).status_code == 303
    assert len(stored(article)) == 2


@BOTH
@pytest.mark.parametrize(
    "fields",
    [
        {"status": Status.draft},
        {"status": Status.private},
        {"status": Status.unpublished},
        {"published_at": "later"},
    ],
    ids=str,
)
def test_an_article_that_nobody_may_see_takes_no_comment_and_gives_the_text_back(
    client: FlaskClient, fields: dict[str, object], htmx: bool
) -> None:
    if "published_at" in fields:
        fields = {"published_at": clock.now() + timedelta(days=1), "status": Status.scheduled}
    article = make_article(headline="Secret plans", **fields)
    headers = HTMX if htmx else {}
    response = client.post(comments_path(article), data=LENA | {"token": "x"}, headers=headers)
    assert response.status_code == 404
    assert field(response.text, "body") == LENA["body"]
    assert "Secret plans" not in response.text
    assert stored(article) == []


def test_an_unknown_address_gives_the_text_back(client: FlaskClient) -> None:
    response = client.post("/no/such/article/comments", data=LENA)
    assert response.status_code == 404
    assert field(response.text, "body") == LENA["body"]


def test_a_protected_article_takes_comments_from_who_knows_the_password(client: FlaskClient) -> None:
    article = make_article(password="open sesame")
    data = form_in(client.get(make_article().permalink).text) | LENA
    assert client.post(comments_path(article), data=data).status_code == 404
    client.post(f"/articles/{article.id}/unlock", data={"password": "open sesame"})
    assert send(client, article).status_code == 303


def test_a_page_without_a_discussion_takes_no_comment(client: FlaskClient) -> None:
    article = make_article(kind="page", comments_hidden=True)
    assert 'id="_discussion"' not in client.get(article.permalink).text
    assert client.post(comments_path(article), data=LENA).status_code == 403


def test_an_old_address_of_the_article_takes_comments_too(client: FlaskClient) -> None:
    from webapp.database import transaction
    from webapp.models import Address, AddressKind

    article = make_article()
    with transaction():
        db.session.add(Address(key="/old", path="/old/", kind=AddressKind.redirect, article_id=article.id))
    data = form_in(client.get(article.permalink).text) | LENA
    assert client.post("/old/comments", data=data).headers["Location"].startswith(article.permalink)


@pytest.mark.parametrize("content", ['{"body": "x"}', "[1]", "null", "{"])
def test_odd_bodies_are_answered_with_the_form(client: FlaskClient, content: str) -> None:
    article = make_article()
    response = client.post(comments_path(article), data=content, content_type="application/json")
    assert response.status_code == 422
    assert form_in(response.text)["token"]


def test_a_form_without_its_hidden_fields_is_refused(client: FlaskClient) -> None:
    article = make_article()
    response = client.post(comments_path(article), data=LENA)
    assert response.status_code == 422
    assert field(response.text, "body") == LENA["body"]
    assert client.post(comments_path(article), data=form_in(response.text) | LENA).status_code == 303


def test_the_token_of_another_article_is_refused(client: FlaskClient) -> None:
    article, other = make_article(), make_article()
    data = form_in(client.get(other.permalink).text) | LENA
    assert client.post(comments_path(article), data=data).status_code == 422


def test_a_website_is_kept_with_its_scheme(client: FlaskClient) -> None:
    article = make_article()
    for number, (typed, kept) in enumerate(
        [
            ("post.example", "https://post.example"),
            ("http://post.example/me", "http://post.example/me"),
            ("post.example:8080/a?b=c", "https://post.example:8080/a?b=c"),
            ("HTTPS://Post.example", "HTTPS://Post.example"),
            ("", ""),
        ]
    ):
        assert send(client, article, website=typed, body=f"Number {number}").status_code == 303, typed
        assert stored(article)[-1].website == kept


def test_forbidden_characters_never_reach_the_database(client: FlaskClient) -> None:
    article = make_article()
    send(
        client,
        article,
        name="Le\x00na\u202e\x07",
        body="a\x00b\x0bc\ud83e\ufffe \u202exyz".encode("utf-8", "replace").decode(),
    )
    (comment,) = stored(article)
    assert comment.name == "Lena"
    assert not re.search("[\x00\x07\x0b\u202e\ufffe]", comment.body_source + comment.body_html)


def test_rules_hold_links_and_words_and_send_disallowed_ones_to_spam(client: FlaskClient) -> None:
    settings.store(
        {"COMMENT_HOLD_FIRST": False, "MODERATION_WORDS": ["tram"], "DISALLOWED_WORDS": ["casino royale"]}
    )
    article = make_article()

    def status(body: str) -> str:
        assert send(client, article, body=body).status_code == 303
        return stored(article)[-1].status

    assert status("One link: https://a.example") == "approved"
    assert status("Two: https://a.example and https://b.example") == "held"
    assert status("The TRÁM is late") == "held"
    assert status("Trams are late") == "approved"
    assert status("Come to <b>Casino</b>  Royale") == "spam"
    assert status("A casino, royally") == "approved"
    settings.store({"COMMENT_HOLD_ALL": True})
    assert status("Nothing special") == "held"
    assert db.session.get_one(ArticleTotals, article.id).comment_count == 3


def test_the_page_of_the_form_holds_no_cookie_and_no_address(client: FlaskClient) -> None:
    article = make_article()
    make_comment(article, email="secret@post.example")
    response = client.get(article.permalink)
    assert "Set-Cookie" not in response.headers
    assert "secret" not in response.text
