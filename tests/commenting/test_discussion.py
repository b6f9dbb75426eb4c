"""The discussion as it is read: order, pages, threads, gaps, mentions, permalinks."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.commenting.talk import comments_path, form_in, send, shown
from tests.factories import make_article, make_comment
from tests.site.pages import faults
from tests.statements import counted
from webapp import clock, settings
from webapp.commenting.pages import discussion_for
from webapp.database import db, transaction
from webapp.models import Article, Comment

START = clock.now() - timedelta(days=1)


def talk(
    article: Article, *bodies: str, parent: Comment | None = None, after: int = 0, **fields: object
) -> list[Comment]:
    """Comments a minute apart."""
    return [
        make_comment(
            article, body, parent=parent, created_at=START + timedelta(minutes=after + number), **fields
        )
        for number, body in enumerate(bodies)
    ]


def threads(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="thread-(\d+)"', page)]


def test_replies_stand_below_what_they_answer(client: FlaskClient) -> None:
    article = make_article()
    first, second = talk(article, "first", "second")
    answer, late = talk(article, "answer", "late answer", parent=first, after=5)
    (deeper,) = talk(article, "deeper", parent=answer, after=30)
    page = client.get(article.permalink).text
    assert shown(page) == [first.id, answer.id, deeper.id, late.id, second.id]
    assert page.index(f'id="replies-{answer.id}"') < page.index(f'id="comment-{deeper.id}"')
    assert ">5 comments<" in page and 'data-comment-count="5"' in page
    assert faults(page) == []


@pytest.mark.parametrize(("count", "words"), [(0, "0 comments"), (1, "1 comment"), (2, "2 comments")])
def test_the_count_is_said_in_words(client: FlaskClient, count: int, words: str) -> None:
    article = make_article()
    talk(article, *"ab"[:count])
    make_comment(article, status="held")
    page = client.get(article.permalink).text
    assert f">{words}<" in page
    assert ("Be the first to reply" in page) is (count == 0)


def test_orders(client: FlaskClient) -> None:
    article = make_article()
    a, b, c = talk(article, "a", "b", "c")
    with transaction():
        db.session.get_one(Comment, b.id).like_count = 3
    path = f"{comments_path(article)}/page/1"
    assert threads(client.get(article.permalink).text) == [a.id, b.id, c.id]
    assert threads(client.get(f"{path}?order=newest").text) == [c.id, b.id, a.id]
    liked = client.get(f"{path}?order=liked")
    assert threads(liked.text) == [b.id, a.id, c.id]
    assert liked.headers["X-Robots-Tag"] == "noindex"
    assert client.get(f"{path}?order=worst").status_code == 404
    assert faults(liked.text) == []


def test_fifty_threads_a_page(client: FlaskClient) -> None:
    article = make_article()
    settings.store({"COMMENTS_PER_PAGE": 3})
    made = talk(article, *"abcdefg")
    (late,) = talk(article, "late reply", parent=made[0], after=60)
    path = comments_path(article)
    first = client.get(article.permalink).text
    assert threads(first) == [c.id for c in made[:3]]
    assert "Page 1 of 3" in first and f'href="{path}/page/2#comments" rel="next"' in first
    last = client.get(f"{path}/page/3").text
    assert threads(last) == [made[6].id]
    assert f'href="{path}/page/2#comments" rel="prev"' in last
    assert f'href="{article.permalink}#comments" rel="prev"' in client.get(f"{path}/page/2").text
    assert client.get(f"{path}/page/4").status_code == client.get(f"{path}/page/0").status_code == 404
    assert client.get(f"{path}/page/1").headers["Location"] == article.permalink
    assert client.get(f"{path}/{made[3].id}").headers["Location"] == f"{path}/page/2#comment-{made[3].id}"
    assert client.get(f"{path}/{late.id}").headers["Location"] == f"{article.permalink}#comment-{late.id}"
    assert threads(client.get(f"{path}/page/3?order=newest").text) == [made[0].id]


def test_a_new_comment_leads_to_the_page_where_it_stands(client: FlaskClient) -> None:
    article = make_article()
    settings.store({"COMMENTS_PER_PAGE": 2, "COMMENT_HOLD_FIRST": False})
    made = talk(article, "a", "b", "c", "d")
    location = send(client, article).headers["Location"]
    page = client.get(location).text
    assert location.startswith(f"{comments_path(article)}/page/3#comment-")
    assert f'id="{location.partition("#")[2]}"' in page
    reply = send(client, article, parent=str(made[2].id), body="To c").headers["Location"]
    assert reply.startswith(f"{comments_path(article)}/page/2#comment-")


def test_twenty_replies_then_more(client: FlaskClient) -> None:
    article = make_article()
    (top,) = talk(article, "top", name="Marit")
    replies = talk(article, *(f"reply {n}" for n in range(24)), parent=top, after=1)
    path = comments_path(article)
    page = client.get(article.permalink).text
    assert shown(page) == [top.id, *(c.id for c in replies[:20])]
    assert "4 more replies to <bdi>Marit</bdi>" in page
    more = re.search(rf'href="({path}/thread/{top.id}[^"]*)"', page)
    fragment = re.search(rf'hx-get="(/_fragments/threads/{top.id}[^"]*)"', page)
    assert more and fragment
    whole = client.get(more[1])
    assert shown(whole.text) == [top.id, *(c.id for c in replies)]
    assert "more repl" not in whole.text and faults(whole.text) == []
    part = client.get(fragment[1])
    assert shown(part.text) == shown(whole.text) and part.text.lstrip().startswith('<li class="thread"')
    assert part.headers["X-Robots-Tag"] == "noindex"
    one = client.get(f"/_fragments/threads/{top.id}?replies=23").text
    assert "1 more reply" in one


def test_the_permalink_of_a_reply_behind_more_shows_it(client: FlaskClient) -> None:
    article = make_article()
    settings.store({"REPLIES_SHOWN": 2})
    (top,) = talk(article, "top")
    replies = talk(article, *"abcd", parent=top, after=1)
    (deep,) = talk(article, "deep", parent=replies[3], after=9)
    location = client.get(f"{comments_path(article)}/{deep.id}").headers["Location"]
    page = client.get(location).text
    assert shown(page) == [top.id, replies[0].id, replies[1].id, replies[3].id, deep.id]
    assert "1 more reply" in page
    page = client.get(f"{comments_path(article)}/{deep.id}/reply").text
    assert deep.id in shown(page) and form_in(page)["parent"] == str(deep.id)


def test_a_removed_comment_keeps_the_place_of_its_replies(client: FlaskClient) -> None:
    article = make_article()
    top, empty = talk(article, "wicked words", "lonely wicked words", status="trashed", name="Oskar")
    (held,) = talk(article, "held again", parent=top, after=1, status="held")
    (answer,) = talk(article, "answer", parent=held, after=2)
    page = client.get(article.permalink).text
    assert shown(page) == [answer.id]
    assert "removed by a moderator" in page and "looked at by a moderator" in page
    for hidden in (
        "wicked",
        "held again",
        "Oskar",
        f"comment-{top.id}",
        f"comment-{empty.id}",
        f"thread-{empty.id}",
    ):
        assert hidden not in page
    assert client.get(f"{comments_path(article)}/{top.id}").status_code == 404
    assert faults(page) == []


def test_the_name_of_a_removed_commenter_is_gone_from_the_deepest_answers(client: FlaskClient) -> None:
    article = make_article()
    (parent,) = talk(article, "1")
    for level in range(4):
        (parent,) = talk(article, str(level), parent=parent, after=level + 1, name="Oskar the Rude")
    (answer,) = talk(article, "answer", parent=parent, after=9)
    assert f'to <a href="{comments_path(article)}/{parent.id}">' in client.get(article.permalink).text
    with transaction():
        for comment in db.session.scalars(db.select(Comment).where(Comment.name == "Oskar the Rude")):
            comment.status = "trashed"
    page = client.get(article.permalink).text
    assert answer.id in shown(page) and "Oskar" not in page


def test_mentions_stand_apart_and_are_not_counted(client: FlaskClient) -> None:
    article = make_article()
    comment = make_comment(article)
    mention = make_comment(
        article, kind="pingback", status="held", name="A blog", website="https://blog.example/x"
    )
    hidden = make_comment(article, kind="trackback", status="spam")
    with transaction():
        db.session.get_one(Comment, mention.id).status = "approved"
    page = client.get(article.permalink).text
    assert shown(page) == [comment.id]
    assert f'id="mention-{mention.id}"' in page and f"mention-{hidden.id}" not in page
    assert 'rel="nofollow ugc noopener"' in page and ">1 comment<" in page


def test_badges_names_and_sites(client: FlaskClient) -> None:
    from tests.factories import make_account

    article = make_article()
    account = make_account()
    make_comment(article, account_id=account.id, name="Kofi")
    make_comment(article, account_id=account.id, is_by_author=True, name="Ines")
    make_comment(article, name="<b>م</b>", website="https://post.example/?a=1&b=2")
    page = client.get(article.permalink).text
    assert page.count('<span class="badge badge--staff">Staff</span>') == 1
    assert page.count('<span class="badge badge--author">Author</span>') == 1
    assert (
        '<a href="https://post.example/?a=1&amp;b=2" rel="nofollow ugc noopener"><bdi>&lt;b&gt;م&lt;/b&gt;</bdi></a>'
        in page
    )


def test_the_reply_link_leads_to_the_page_with_the_form_under_the_comment(client: FlaskClient) -> None:
    article = make_article()
    first, second = talk(article, "first", "second", name="Ruben")
    page = client.get(article.permalink).text
    link = re.search(rf'href="([^"#]*)#reply"[^>]*data-reply="{first.id}"', page)
    assert link
    answer = client.get(link[1])
    assert answer.headers["X-Robots-Tag"] == "noindex"
    page = answer.text
    assert form_in(page)["parent"] == str(first.id)
    assert (
        page.index(f'id="comment-{first.id}"')
        < page.index('id="_reply"')
        < page.index(f'id="comment-{second.id}"')
    )
    assert "Reply to <bdi>Ruben</bdi>" in page and "Cancel reply" in page
    assert faults(page) == []


def test_wordpress_reply_links_and_pages_lead_on(client: FlaskClient) -> None:
    article = make_article()
    settings.store({"COMMENTS_PER_PAGE": 1})
    first, _ = talk(article, "first", "second")
    path = comments_path(article)
    assert (
        client.get(f"{article.permalink}?replytocom={first.id}").headers["Location"]
        == f"{path}/{first.id}/reply#reply"
    )
    assert client.get(f"{article.permalink}?replytocom=99").status_code == 200
    response = client.get(f"{article.permalink}comment-page-2/", follow_redirects=True)
    assert response.status_code == 200 and response.request.path == f"{path}/page/2"


def test_a_closed_discussion_can_be_read(client: FlaskClient) -> None:
    article = make_article(comments_open=False)
    (comment,) = talk(article, "still here")
    page = client.get(article.permalink).text
    assert shown(page) == [comment.id]
    assert "closed this discussion" in page and "_reply" not in page and "/reply#reply" not in page
    assert client.get(f"{comments_path(article)}/{comment.id}/reply").status_code == 302
    assert faults(page) == []


def test_addresses_that_lead_nowhere(client: FlaskClient) -> None:
    article, other = make_article(), make_article()
    (elsewhere,) = talk(other, "elsewhere")
    path = comments_path(article)
    for address in (
        f"{path}/{elsewhere.id}",
        f"{path}/{elsewhere.id}/reply",
        f"{path}/thread/{elsewhere.id}",
        f"{path}/999",
        f"{path}/99999999999999999999",
        "/_fragments/threads/999",
        "/no/such/comments",
        "/no/such/comments/page/2",
        "/no/such/comments/1",
    ):
        assert client.get(address).status_code == 404, address
    assert client.get(path).headers["Location"] == f"{article.permalink}#comments"


def test_an_old_or_capital_address_leads_to_the_one_that_lasts(client: FlaskClient) -> None:
    article = make_article(permalink="/2026/heat/")
    talk(article, *"ab")
    settings.store({"COMMENTS_PER_PAGE": 1})
    assert client.get("/2026/HEAT/comments/page/2").headers["Location"] == "/2026/heat/comments/page/2"


def test_a_protected_article_shows_its_discussion_to_nobody_without_the_password(client: FlaskClient) -> None:
    article = make_article(password="open sesame")
    (comment,) = talk(article, "whispered")
    path = comments_path(article)
    for address in (
        f"{path}/page/1?order=newest",
        f"{path}/{comment.id}",
        f"{path}/{comment.id}/reply",
        f"{path}/thread/{comment.id}",
    ):
        response = client.get(address, follow_redirects=True)
        assert "whispered" not in response.text
    assert client.get(f"/_fragments/threads/{comment.id}").status_code == 404
    assert client.post(f"/comments/{comment.id}/likes").status_code == 404
    client.post(f"/articles/{article.id}/unlock", data={"password": "open sesame"})
    response = client.get(f"{path}/thread/{comment.id}")
    assert "whispered" in response.text and response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.both_databases
def test_one_comment_or_two_hundred_cost_the_same_statements(client: FlaskClient) -> None:
    short, long = make_article(), make_article()
    talk(short, "alone")
    for number in range(5):
        top, *_ = talk(long, *(f"{number} {n}" for n in range(20)), after=number)
        answers = talk(long, *(f"answer {n}" for n in range(20)), parent=top, after=100)
        talk(long, "deep", parent=answers[0], after=500)
    counts = []
    with client.application.test_request_context():
        for article in (short, long):
            db.session.commit()
            fresh = db.session.get_one(Article, article.id, populate_existing=True)
            settings.stored()
            with counted() as sent:
                found = discussion_for(fresh)
            counts.append(len(sent))
            assert found is not None
    assert found.total == 205 and len(found.threads) == 50
    assert counts[0] == counts[1] <= 4


@pytest.mark.both_databases
def test_a_pinned_reply_deep_in_a_thread_changes_nothing_of_the_thread(client: FlaskClient) -> None:
    settings.store({"REPLIES_SHOWN": 1})
    article = make_article()
    top, *_ = talk(article, "top")
    talk(article, "first", parent=top, after=10)
    second, *_ = talk(article, "second", parent=top, after=20)
    deep, *_ = talk(article, "deep", parent=second, after=30)
    with client.application.test_request_context():
        before = discussion_for(article)
        assert before is not None
        deep.is_pinned = True
        db.session.commit()
        after = discussion_for(article)
    assert after is not None
    assert after.pinned is not None and after.pinned.id == deep.id
    assert [one.size for one in after.threads] == [one.size for one in before.threads]
    assert [one.more for one in after.threads] == [one.more for one in before.threads] == [2]
