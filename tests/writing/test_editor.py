"""Writing, saving and publishing an article through the desk."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories import make_article, make_author, make_category
from tests.staff import Staff
from webapp.database import db
from webapp.models import Address, Article, ArticleVersion, Status, WorkingCopy

pytestmark = pytest.mark.both_databases


def begin(desk: Staff) -> int:
    """A new draft: its id. The form's token is that of the editor's page."""
    desk.get("/desk/articles")
    answer = desk.post("/desk/articles")
    assert answer.status_code == 303
    desk.get(answer.location)
    return int(answer.location.rpartition("/")[2])


def revision_of(desk: Staff, article_id: int) -> str:
    page = desk.get(f"/desk/articles/{article_id}").text
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found
    return found[1]


def send(desk: Staff, article_id: int, part: str = "", *, htmx: bool = False, **fields: Any):
    """Sends the editor's form as its page would."""
    fields.setdefault("revision", revision_of(desk, article_id))
    return desk.post(
        f"/desk/articles/{article_id}{part}",
        {"with_ticks": "1", "comments_open": "1", "were_open": "1", **fields},
        htmx=htmx,
    )


def stored(article_id: int) -> Article:
    db.session.expire_all()
    return db.session.get_one(Article, article_id)


def test_a_draft_is_written_and_published(editor: Staff, client: FlaskClient) -> None:
    mara, sea = make_author("Mara Lindqvist"), make_category("Sea")
    number = begin(editor)
    fields = {
        "headline": "  Ice on the estuary ",
        "kicker": "Winter",
        "standfirst": "The first ferry stayed in port.",
        "body": '<p onclick="x()">It came at <b>night</b>.</p><script>alert(1)</script>',
        "authors": "mara lindqvist",
        "section": str(sea.id),
        "tags": "Ice, Ferries, ice",
    }
    answer = send(editor, number, "/publication", when="now", **fields)
    assert answer.status_code == 303, answer.text
    article = stored(number)
    assert article.permalink.endswith("/ice-on-the-estuary/")
    page = client.get(article.permalink)
    assert page.status_code == 200
    for words in (
        "Ice on the estuary",
        "Winter",
        "The first ferry stayed in port.",
        "<b>night</b>",
        mara.name,
        "Ferries",
    ):
        assert words in page.text
    assert "onclick" not in page.text and "alert(1)" not in page.text
    assert [one.change for one in db.session.scalars(db.select(ArticleVersion))] == ["first"]
    assert "Ice on the estuary" in client.get("/").text
    assert "ice on the estuary" in client.get("/search?q=ferry+port").text.lower()


def test_a_draft_is_seen_by_nobody_else(editor: Staff, client: FlaskClient) -> None:
    number = begin(editor)
    send(editor, number, headline="Secret harbour", body="<p>Not yet.</p>", slug="secret-harbour")
    assert stored(number).headline == "Secret harbour"
    for path in (
        "/",
        "/latest",
        "/search?q=secret",
        "/feed/",
        "/sitemap.xml",
        "/secret-harbour/",
        f"/?p={number}",
    ):
        assert "Secret harbour" not in client.get(path).text
    assert client.get(f"/desk/articles/{number}/preview/page").status_code == 302


def test_what_is_typed_into_a_public_article_waits_until_it_is_published(
    editor: Staff, client: FlaskClient
) -> None:
    article = make_article("The tide table", body="<p>High at ten.</p>")
    send(editor, article.id, headline="The tide table, mended", body="<p>High at eleven.</p>")
    assert "High at ten." in client.get(article.permalink).text
    assert "High at eleven." in editor.get(f"/desk/articles/{article.id}").text
    assert "High at eleven." in editor.get(f"/desk/articles/{article.id}/preview/page").text
    assert "A change is not public yet" in editor.get("/desk/articles?tab=published").text
    answer = send(
        editor,
        article.id,
        "/publication",
        change="correction",
        note="High tide was at eleven, not at ten.",
        when="now",
    )
    assert answer.status_code == 303, answer.text
    page = client.get(article.permalink).text
    assert "High at eleven." in page and "High tide was at eleven, not at ten." in page
    assert stored(article.id).updated_at is not None


def test_a_stale_save_is_refused_with_both_texts(editor: Staff, signed_in: Any) -> None:
    article = make_article("Kelp", body="<p>Kelp grows.</p>")
    hana = signed_in("hana@desk.example", role="editor", name="Hana")
    mine, theirs = revision_of(editor, article.id), revision_of(hana, article.id)
    assert (
        send(hana, article.id, revision=theirs, headline="Kelp", body="<p>Kelp grows fast.</p>").status_code
        == 303
    )
    answer = send(editor, article.id, revision=mine, headline="Kelp forests", body="<p>Kelp grows tall.</p>")
    assert answer.status_code == 409
    text = answer.text
    assert "Hana saved this article" in text
    assert "Kelp grows tall." in text and "Kelp grows fast." in text and "Kelp forests" in text
    kept = db.session.get_one(WorkingCopy, article.id)
    assert kept.fields["body"] == "<p>Kelp grows fast.</p>"
    # The page stands on the newer revision, so saving it again keeps mine.
    newer = re.search(r'name="revision" value="(\d+)"', text)
    assert (
        newer
        and send(
            editor, article.id, revision=newer[1], headline="Kelp forests", body="<p>Kelp grows tall.</p>"
        ).status_code
        == 303
    )


def test_autosave_answers_with_its_state_and_says_when_it_is_stale(editor: Staff) -> None:
    article = make_article("Kelp")
    answer = send(editor, article.id, htmx=True, headline="Kelp forests")
    assert answer.status_code == 200 and 'value="1"' in answer.text and "not public yet" in answer.text
    stale = send(editor, article.id, htmx=True, revision="0", headline="Kelp meadows")
    assert stale.status_code == 409 and "Yours is still here" in stale.text
    assert db.session.get_one(WorkingCopy, article.id).fields["headline"] == "Kelp forests"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"headline": ""}, "needs a headline"),
        ({"headline": "x" * 301}, "At most 300 characters; these are 301."),
        ({"authors": "Nobody Known"}, "There is no author called Nobody Known."),
        ({"canonical_url": "javascript:alert(1)"}, "Type a whole address"),
        ({"related": "/nowhere/"}, "No article stands at /nowhere/."),
        ({"when": "later", "day": "2026-13-40", "time": "x"}, "Type a day and a time"),
        ({"when": "later", "day": "2001-01-01", "time": "10:00"}, "This time is over."),
        ({"tags": "x" * 191}, "At most 60 tags"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    editor: Staff, fields: dict[str, str], words: str
) -> None:
    number = begin(editor)
    typed = {"headline": "Ice", "standfirst": "Typed & kept.", **fields}
    answer = send(editor, number, "/publication", **typed)
    assert answer.status_code == 422
    assert words in answer.text and "Typed &amp; kept." in answer.text
    assert stored(number).status == Status.draft


def test_a_correction_needs_its_note(editor: Staff, client: FlaskClient) -> None:
    article = make_article("Wind", body="<p>Force 7.</p>")
    answer = send(editor, article.id, "/publication", change="correction", body="<p>Force 8.</p>")
    assert (
        answer.status_code == 422
        and "Say in a sentence what changed" in answer.text
        and "Force 8." in answer.text
    )
    assert "Force 7." in client.get(article.permalink).text


def test_a_new_slug_leaves_a_redirect(editor: Staff, client: FlaskClient) -> None:
    article = make_article("Wind", permalink="/2026/wind/", slug="wind")
    send(editor, article.id, "/publication", change="typo", slug="Strong Wind")
    assert client.get("/2026/strong-wind/").status_code == 200
    moved = client.get("/2026/wind/")
    assert (moved.status_code, moved.location) == (301, "/2026/strong-wind/")
    # And back again: the old address is its own, so no number is added.
    send(editor, article.id, "/publication", change="typo", slug="wind")
    assert client.get("/2026/wind/").status_code == 200
    assert client.get("/2026/strong-wind/").location == "/2026/wind/"
    assert db.session.scalar(db.select(db.func.count()).select_from(Address)) == 2
