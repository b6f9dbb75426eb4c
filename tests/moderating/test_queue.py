"""The queue and the log as a moderator reads them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.factories import at, make_account, make_article, make_category, make_comment
from tests.moderating.reading_back import entries_of
from webapp import clock
from webapp.database import db, transaction
from webapp.models import article_category
from webapp.moderating import actions, queries, queue_queries
from webapp.moderating.actions import Decision


def rows(page: str) -> list[int]:
    return [int(found) for found in re.findall(r'<article id="comment-(\d+)"', page)]


def test_the_queue_says_how_much_there_is_to_do(ines):
    article = make_article()
    for _ in range(18):
        make_comment(article, status="held", created_at=clock.now() - timedelta(minutes=41))
    page = ines.get("/moderation").text
    assert "18 held, <em>about 6 min</em>" in page
    assert "<title>(18) Held comments – Standfirst desk</title>" in page
    assert "41 min ago" in page
    assert '<b id="_nav_count" class="desk-count">18' in page


def test_each_list_has_its_comments_and_its_count(ines):
    article = make_article()
    made = {
        status: make_comment(article, status=status).id for status in ("held", "approved", "spam", "trashed")
    }
    for status, comment_id in made.items():
        page = ines.get(f"/moderation?status={status}").text
        assert rows(page) == [comment_id]
        assert f'<a href="/moderation?status={status}" aria-current="page">' in page
    assert re.findall(r'class="desk-count">(\d+)</span></a>', page) == ["1", "0", "1", "1", "1", "0"]


@pytest.mark.both_databases
def test_a_very_long_list_is_not_counted_to_its_end(ines, monkeypatch):
    monkeypatch.setattr(queue_queries, "MOST_COUNTED", 2)
    article = make_article()
    for _ in range(4):
        make_comment(article, status="spam")
    page = ines.get("/moderation?status=spam").text
    assert "2+ spam" in page
    assert '>Spam <span class="desk-count">2+</span>' in page
    assert len(rows(page)) == 4


@pytest.mark.parametrize("status", ["held", "flagged", "approved", "spam", "trashed"])
def test_an_empty_list_says_so(ines, status: str):
    words = {
        "held": "Nothing waits for you.",
        "flagged": "No reader has reported a comment.",
        "spam": "No spam.",
        "trashed": "The trash is empty.",
    }
    assert (
        words.get(status, "No comment has been approved yet.")
        in ines.get(f"/moderation?status={status}").text
    )


@pytest.mark.parametrize(
    "query", ["status=pending", "before=x", "before=4711", "before=99999999999999999999"]
)
def test_lists_that_do_not_exist_are_not_found(ines, query: str):
    assert ines.get(f"/moderation?{query}").status_code == 404


def test_a_row_shows_all_that_a_decision_needs(ines):
    article = make_article("Night trains return to the coast")
    with transaction():
        section = make_category("Cities")
        db.session.execute(article_category.insert().values(article_id=article.id, category_id=section.id))
    parent = make_comment(article, "Which carriages go through?", name="Hana")
    comment = make_comment(
        article,
        "The operator does publish it.",
        parent=parent,
        status="held",
        name="Tomas",
        email="tomas@kran.example",
        website="https://mailbox.example/shop",
        verdicts=[{"rule": "first_comment", "status": "held", "reason": "No comment was approved before."}],
    )
    with transaction():
        comment.body_html = '<p>See <a href="https://hаvn.example/a?b=1" rel="nofollow">this</a>.</p>'
    page = ines.get("/moderation").text
    for words in (
        "tomas@kran.example",
        "Cities,",
        "Night trains return to the coast",
        "1 comment.",
        "Reply, level 2.",
        "Which carriages go through?",
        "<dt>First comment</dt><dd>No comment was approved before.</dd>",
        "<b>xn--hvn-6cd.example</b>/a?b=1, written as hаvn.example",
        "<b>mailbox.example</b>/shop",
        "See <mark>this</mark>.",
    ):
        assert words in page
    # What is linked in a comment is never one click away.
    assert 'href="https://' not in page


def test_a_row_can_be_decided_without_a_script(ines):
    comment = make_comment(make_article(), status="held")
    page = ines.get("/moderation").text
    for decision in ("approval", "spam", "trash"):
        assert f'form="queue" formaction="/moderation/comments/{comment.id}/{decision}"' in page
    assert f"/moderation/comments/{comment.id}/hold" not in page
    assert '<input type="hidden" name="expected" value="held">' in page
    assert '<input type="hidden" name="next" value="/moderation">' in page


def test_hostile_names_and_words_stay_text(ines):
    make_comment(
        make_article("</title><script>alert(1)</script>"),
        status="held",
        name='"><script>alert(2)</script>',
        email="x'@post.example",
        verdicts=[{"rule": "<b>", "status": "held", "reason": "<img src=x>"}],
    )
    page = ines.get('/moderation?q="><script>').text
    assert "<script>alert" not in page
    page = ines.get("/moderation").text
    assert "<script>alert" not in page
    assert "<img" not in page


def test_newest_first_and_older_by_keyset(ines, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_LENGTH", 3)
    article, moment = make_article(), at("2026-11-01T10:00+00:00")
    made = [make_comment(article, status="held", created_at=moment).id for _ in range(7)]
    seen: list[int] = []
    address = "/moderation?status=held"
    while address:
        page = ines.get(address).text
        seen += rows(page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found[1].replace("&amp;", "&") if found else ""
    assert seen == made[::-1]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("carriages", True),
        ("CARRIAGES", True),
        ("étoile", True),
        ("ÉTOILE", True),
        ("Tomas", True),
        ("kran.example", True),
        ("mailbox", True),
        ("100%", True),
        ("1_0%", False),
        ("%", True),
        ("'; drop", False),
        ("nowhere", False),
    ],
)
def test_search_looks_in_text_name_address_and_website(ines, text: str, is_found: bool):
    comment = make_comment(
        make_article(),
        "Which Carriages? 100% of them, Étoile says.",
        status="held",
        name="Tomas",
        email="tomas@kran.example",
        website="https://mailbox.example/",
    )
    page = ines.client.get("/moderation", query_string={"q": text}).text
    assert rows(page) == ([comment.id] if is_found else [])
    if not is_found:
        assert "No held comment here holds" in page


def test_search_keeps_to_its_list(ines):
    make_comment(make_article(), "Which carriages?", status="spam")
    assert rows(ines.get("/moderation?q=carriages").text) == []
    assert len(rows(ines.get("/moderation?status=spam&q=carriages").text)) == 1


@pytest.mark.both_databases
def test_a_long_list_costs_no_more_statements_than_a_short_one(ines):
    counted: list[str] = []
    event.listen(
        ines.client.application.extensions["sqlalchemy"].engine,
        "before_cursor_execute",
        lambda *arguments: counted.append(arguments[2]),
    )
    article = make_article()

    def cost() -> int:
        counted.clear()
        assert ines.get("/moderation").status_code == 200
        return len(counted)

    parent = make_comment(article)
    make_comment(article, parent=parent, status="held")
    short = cost()
    for _ in range(30):
        make_comment(make_article(), parent=None, status="held")
        make_comment(article, parent=parent, status="held")
    assert cost() == short


def test_the_log_says_who_did_what_and_when(ines, signed_in):
    comment = make_comment(make_article("Ice on the estuary"), status="held", name="Marit")
    ines.decide(comment, "spam")
    signed_in("teo@desk.example", name="Teo").decide(comment, "hold", expected="spam")
    page = " ".join(re.sub(r"<[^>]+>", "", ines.get("/moderation/log").text).split())
    assert "Teo held the comment by Marit on Ice on the estuary, which was spam. just now Undo" in page
    assert "Ines marked the comment by Marit on Ice on the estuary as spam, which was held." in page
    assert page.count("just now Undo") == 1


def test_the_log_undoes(ines):
    comment = make_comment(make_article(), status="held")
    ines.decide(comment, "trash")
    entry = entries_of(comment)[0]
    assert f'action="/moderation/entries/{entry.id}/undo"' in ines.get("/moderation/log").text
    response = ines.post(f"/moderation/entries/{entry.id}/undo", {"next": "/moderation/log"})
    assert response.location == "/moderation/log"
    page = ines.get("/moderation/log").text
    assert "is held again." in page
    assert "/undo" not in page


def test_the_log_outlives_a_comment_and_an_account(ines):
    comment, account = make_comment(make_article(), status="held"), make_account("gone@desk.example")
    actions.decide([comment.id], Decision.trash, by=account)
    with transaction():
        db.session.delete(comment)
        db.session.delete(account)
    page = ines.get("/moderation/log").text
    assert f"comment {comment.id}, which is gone" in page
    assert "A former account" in page


def test_the_log_goes_on(ines, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_LENGTH", 2)
    for _ in range(3):
        ines.decide(make_comment(make_article(), status="held"), "approval")
    page = ines.get("/moderation/log").text
    older = re.search(r'href="(/moderation/log\?before=\d+)"', page)
    assert older
    assert ines.get(older[1]).text.count('class="log-row"') == 1


@pytest.mark.parametrize("path", ["/moderation", "/moderation/log", "/moderation?status=spam"])
def test_pages_have_one_heading_and_a_title(ines, path: str):
    make_comment(make_article(), status="held")
    page = ines.get(path).text
    assert page.count("<h1") == 1
    assert '<html lang="en">' in page
    identifiers = re.findall(r'\bid="([^"]+)"', page)
    assert len(identifiers) == len(set(identifiers))
    assert "style=" not in page
