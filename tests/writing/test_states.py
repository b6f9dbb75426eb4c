"""What becomes of an article as a whole: scheduled, held back, taken down, trashed, copied, restored; its versions."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.commenting.talk import send as send_comment
from tests.commenting.talk import stored as comments_of
from tests.factories import make_article, make_author, make_category
from tests.staff import Staff
from tests.writing.test_editor import begin, send, stored
from webapp import clock
from webapp.database import db
from webapp.filters import in_zone
from webapp.models import Account, ArticleVersion, ModerationEntry, Status
from webapp.publishing.relating import relate_due
from webapp.reading.related import related
from webapp.settings import store
from webapp.writing.actions import publish_due
from webapp.writing.differences import paragraphs

pytestmark = pytest.mark.both_databases


def at_in(hours: float) -> dict[str, str]:
    """The fields for a time so many hours from now, on the site's clock."""
    local = in_zone(clock.now() + timedelta(hours=hours))
    return {"when": "later", "day": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}"}


def deeds() -> list[str]:
    return list(db.session.scalars(select(ModerationEntry.decision).order_by(ModerationEntry.id)))


def test_a_scheduled_article_appears_by_itself_and_can_be_held_back(
    app: Flask, editor: Staff, client: FlaskClient
) -> None:
    number = begin(editor)
    fields = {"headline": "Ice", "body": "<p>It came.</p>"}
    assert send(editor, number, "/publication", **fields, **at_in(3)).status_code == 303
    article = stored(number)
    path = article.permalink
    assert article.status == Status.scheduled
    assert client.get(path).status_code == 404
    assert "Scheduled" in editor.get("/desk/articles?tab=scheduled").text
    with time_machine.travel(clock.now() + timedelta(hours=4)):
        assert client.get(path).status_code == 200
        assert "Ice" in client.get("/").text
    assert editor.post(f"/desk/articles/{number}/time-end").status_code == 303
    with time_machine.travel(clock.now() + timedelta(hours=4)):
        assert client.get(path).status_code == 404
    assert stored(number).status == Status.draft
    assert deeds() == ["schedule", "hold-back"]


def test_a_scheduled_change_is_made_by_the_background_process(
    app: Flask, editor: Staff, client: FlaskClient
) -> None:
    article = make_article("Wind", body="<p>Force 7.</p>")
    fields = {"body": "<p>Force 8.</p>", "change": "update", "note": "It grew."}
    assert send(editor, article.id, "/publication", **fields, **at_in(2)).status_code == 303
    assert publish_due() == 0
    assert "Force 7." in client.get(article.permalink).text
    with time_machine.travel(clock.now() + timedelta(hours=3)):
        assert publish_due() == 1
        assert publish_due() == 0
        page = client.get(article.permalink).text
    assert "Force 8." in page and "It grew." in page


def test_what_is_typed_after_a_time_was_set_waits(app: Flask, editor: Staff, client: FlaskClient) -> None:
    article = make_article("Wind", body="<p>Force 7.</p>")
    send(editor, article.id, "/publication", body="<p>Force 8.</p>", change="typo", **at_in(2))
    send(editor, article.id, body="<p>Force 9, half a sent</p>")
    with time_machine.travel(clock.now() + timedelta(hours=3)):
        assert publish_due() == 1
    assert "Force 8." in client.get(article.permalink).text
    assert "half a sent" in editor.get(f"/desk/articles/{article.id}").text


def test_a_change_of_what_was_taken_down_is_not_published(
    app: Flask, editor: Staff, client: FlaskClient
) -> None:
    article = make_article("Wind", body="<p>Force 7.</p>")
    send(editor, article.id, "/publication", body="<p>Force 8.</p>", change="typo", **at_in(2))
    editor.post(f"/desk/articles/{article.id}/unpublication", {"note": "Wrong."})
    with time_machine.travel(clock.now() + timedelta(hours=3)):
        publish_due()
    assert client.get(article.permalink).status_code == 410


def test_a_time_set_twice_makes_one_version(app: Flask, editor: Staff, client: FlaskClient) -> None:
    number = begin(editor)
    send(editor, number, "/publication", headline="Ice", body="<p>One.</p>", **at_in(3))
    editor.post(f"/desk/articles/{number}/time-end")
    send(editor, number, "/publication", headline="Ice", body="<p>Two.</p>", when="now")
    kept = db.session.scalars(select(ArticleVersion)).all()
    assert [(one.number, one.change) for one in kept] == [(1, "first")]


def test_closing_a_discussion_outlives_what_an_editor_had_open(editor: Staff, client: FlaskClient) -> None:
    article = make_article("Wind", body="<p>Force 7.</p>")
    for begun in (False, True):
        if begun:
            send(editor, article.id, body="<p>Force 8.</p>")
        editor.post(f"/moderation/articles/{article.id}/closing")
        assert (
            send(
                editor, article.id, "/publication", body=f"<p>Force {8 + begun}.</p>", change="typo"
            ).status_code
            == 303
        )
        assert not stored(article.id).comments_open
        editor.post(f"/moderation/articles/{article.id}/closing")
    fields = {"were_open": "1", "comments_open": "1"}
    assert send(editor, article.id, "/publication", change="typo", **fields).status_code == 303
    assert stored(article.id).comments_open


def test_an_earlier_version_brings_back_words_and_no_rights(editor: Staff, client: FlaskClient) -> None:
    article = make_article("Wind", body="<p>Force 7.</p>", permalink="/wind/")
    send(editor, article.id, "/publication", body="<p>Force 8.</p>", password="sesame", change="typo")
    editor.get(f"/desk/articles/{article.id}/versions")
    editor.post(f"/desk/articles/{article.id}/versions/1/restoration")
    send(editor, article.id, "/publication", change="typo")
    assert stored(article.id).is_protected and "Force 7." in stored(article.id).body_html


def test_the_hour_that_a_clock_skips_and_the_one_it_repeats(app: Flask, editor: Staff) -> None:
    store({"TIME_ZONE": "Europe/Dublin"})
    number = begin(editor)
    # 01:30 does not exist on this day; it is taken as 02:30 summer time.
    fields = {"headline": "Spring", "when": "later", "day": "2027-03-28", "time": "01:30"}
    assert send(editor, number, "/publication", **fields).status_code == 303
    published = stored(number).published_at
    assert published is not None and published.isoformat() == "2027-03-28T01:30:00+00:00"


def test_taken_down_it_answers_410_with_its_note_and_comes_back(editor: Staff, client: FlaskClient) -> None:
    article = make_article("Wind")
    editor.get(f"/desk/articles/{article.id}")
    long = editor.post(f"/desk/articles/{article.id}/unpublication", {"note": "x" * 501})
    assert long.status_code == 422
    editor.post(f"/desk/articles/{article.id}/unpublication", {"note": "We could not confirm <this>."})
    gone = client.get(article.permalink)
    assert gone.status_code == 410 and "We could not confirm &lt;this&gt;." in gone.text
    assert "Wind" not in client.get("/latest").text
    assert send(editor, article.id, "/publication", when="now").status_code == 303
    assert client.get(article.permalink).status_code == 200
    assert stored(article.id).published_at == article.published_at


def test_trash_restore_duplicate_and_delete(editor: Staff, client: FlaskClient) -> None:
    article = make_article("Wind", authors=[make_author("Mara")], categories=[make_category("Sea")])
    editor.get(f"/desk/articles/{article.id}")
    copy = editor.post(f"/desk/articles/{article.id}/copies").location
    copied = int(copy.rpartition("/")[2])
    page = editor.get(copy).text
    assert "Wind (copy)" in page and "Mara" in page
    assert editor.post(f"/desk/articles/{article.id}/trash").status_code == 303
    assert client.get(article.permalink).status_code == 404
    assert "Wind" in editor.get("/desk/articles?tab=trash").text
    assert editor.post(f"/desk/articles/{article.id}/deletion").status_code == 409, "readers have seen it"
    assert editor.post(f"/desk/articles/{article.id}/restoration").status_code == 303
    assert stored(article.id).status == Status.unpublished
    editor.post(f"/desk/articles/{copied}/trash")
    assert editor.post(f"/desk/articles/{copied}/deletion").status_code == 303
    assert editor.get(f"/desk/articles/{copied}").status_code == 404


def test_every_version_is_kept_shown_and_can_be_taken_up_again(editor: Staff, client: FlaskClient) -> None:
    article = make_article("Wind", body="<p>Force 7 at noon.</p>", permalink="/wind/")
    assert client.get("/wind/versions").status_code == 404
    send(editor, article.id, "/publication", body="<p>Force 8 at noon.</p>", change="typo")
    send(
        editor,
        article.id,
        "/publication",
        body="<p>Force 9 at noon.</p>",
        change="correction",
        note="It was force 9.",
    )
    kept = db.session.scalars(select(ArticleVersion).order_by(ArticleVersion.number)).all()
    assert [(one.number, one.change) for one in kept] == [(1, "first"), (2, "typo"), (3, "correction")]
    page = client.get("/wind/versions")
    assert page.status_code == 200 and page.headers["X-Robots-Tag"] == "noindex"
    flat = re.sub(r"\s+", " ", page.text)
    assert "<del>8 </del><ins>9 </ins>at noon." in flat and "It was force 9." in flat
    # A typo is no news: the article says nothing of it.
    assert client.get("/wind/").text.count("Corrected on") == 1
    data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get("/wind/").text, re.S)
    said = json.dumps([json.loads(one) for one in data])
    assert '"CorrectionComment"' in said and "It was force 9." in said and "dateModified" in said
    feed = client.get("/feed/").text
    assert "It was force 9." in feed
    editor.get(f"/desk/articles/{article.id}/versions")
    assert editor.post(f"/desk/articles/{article.id}/versions/1/restoration").status_code == 303
    assert "Force 9 at noon." in client.get("/wind/").text, "only publishing shows it"
    send(editor, article.id, "/publication", change="typo")
    assert "Force 7 at noon." in client.get("/wind/").text
    assert editor.post(f"/desk/articles/{article.id}/versions/99/restoration").status_code == 404


def test_a_protected_article_shows_its_versions_to_nobody_without_the_password(
    editor: Staff, client: FlaskClient
) -> None:
    article = make_article("Wind", body="<p>Force 7.</p>", permalink="/wind/", password="sesame")
    send(editor, article.id, "/publication", body="<p>Secret force 8.</p>", change="typo")
    answer = client.get("/wind/versions")
    assert "Secret force" not in answer.text and answer.status_code in (301, 302)


def test_a_comment_remembers_the_version_that_its_writer_saw(
    app: Flask, editor: Staff, client: FlaskClient
) -> None:
    store({"COMMENT_HOLD_FIRST": False})
    article = make_article("Wind", body="<p>Force 7.</p>", permalink="/wind/")
    send(editor, article.id, "/publication", body="<p>Force 8.</p>", change="typo")
    seen = re.search(r'name="seen" value="(\d+)"', client.get("/wind/").text)
    assert seen and seen[1] == "2"
    send_comment(client, stored(article.id), seen=seen[1])
    send(
        editor,
        article.id,
        "/publication",
        body="<p>Force 9.</p>",
        change="correction",
        note="It was force 9.",
    )
    for strange in ("99", "-1", "x", ""):
        send_comment(
            client, stored(article.id), seen=strange, body=f"Another one {strange}.", name=f"Hana {strange}"
        )
    versions = [one.seen_version for one in comments_of(article)]
    assert versions[0] == 2 and versions[1] == 3 and set(versions[2:]) <= {None}
    assert client.get("/wind/").text.count("before the article was corrected") == 1


def test_pinned_related_articles_stand_first(app: Flask, editor: Staff) -> None:
    tides = [make_article(f"Tides {number}") for number in range(3)]
    far = make_article("Looms", permalink="/looms/")
    send(editor, tides[0].id, "/publication", related="/looms/", change="typo")
    while relate_due():
        pass
    assert related(tides[0].id)[0][0].id == far.id


def test_forgetting_a_change_shows_again_what_readers_see(editor: Staff) -> None:
    article = make_article("Wind", body="<p>Force 7.</p>")
    send(editor, article.id, body="<p>Force 8.</p>")
    page = editor.get(f"/desk/articles/{article.id}").text
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision and "Force 8." in page
    assert editor.post(f"/desk/articles/{article.id}/changes-end", {"revision": "0"}).status_code == 409
    assert (
        editor.post(f"/desk/articles/{article.id}/changes-end", {"revision": revision[1]}).status_code == 303
    )
    assert "Force 8." not in editor.get(f"/desk/articles/{article.id}").text


def test_an_author_has_own_drafts_and_nothing_else(editor: Staff, author: Staff) -> None:
    theirs, mine = make_article("Wind"), begin(author)
    assert author.get(f"/desk/articles/{theirs.id}").status_code == 404
    assert send(author, mine, headline="Gulls").status_code == 303
    assert author.post(f"/desk/articles/{mine}/publication", {"headline": "Gulls"}).status_code == 403
    assert author.post(f"/desk/articles/{mine}/handover").status_code == 303
    assert "Gulls" in editor.get("/desk/articles").text and "Wind" not in author.get("/desk/articles").text
    assert send(editor, mine, "/publication", when="now").status_code == 303
    assert author.get(f"/desk/articles/{mine}").status_code == 200
    assert author.post(f"/desk/articles/{mine}", {"headline": "Gulls!"}).status_code == 403
    assert author.post(f"/desk/articles/{mine}/trash").status_code == 403


def test_an_untouched_draft_is_used_again(author: Staff) -> None:
    first = begin(author)
    assert begin(author) == first
    send(author, first, headline="Gulls")
    assert begin(author) != first


def test_another_author_who_signs_is_asked_for_by_the_account(app: Flask, author: Staff) -> None:
    kofi = db.session.scalars(select(Account).where(Account.email == "kofi@desk.example")).one()
    make_author("Kofi Mensah", account_id=kofi.id)
    assert "Kofi Mensah" in author.get(f"/desk/articles/{begin(author)}").text


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "New.", [[("new", "New.")]]),
        ("Gone.\nStays.", "Stays.", [[("old", "Gone.")]]),
        (
            "One two three",
            "One 2 three",
            [[("same", "One "), ("old", "two "), ("new", "2 "), ("same", "three ")]],
        ),
        ("Same.", "Same.", []),
    ],
)
def test_differences(before: str, after: str, pieces: Any) -> None:
    found = [[(piece.kind, piece.text) for piece in paragraph] for paragraph in paragraphs(before, after)]
    assert found == pieces


def test_the_desks_list_is_searched_and_narrowed(editor: Staff) -> None:
    sea, mara = make_category("Sea"), make_author("Mara")
    make_article(
        "Ice on the estuary",
        slug="ice-estuary",
        categories=[make_category("Coast", parent=sea)],
        authors=[mara],
        body="<p>A ferry.</p>",
    )
    make_article("Wind", categories=[make_category("Energy")])
    number = begin(editor)
    send(editor, number, headline="Kelp at dawn", body="<p>Nobody has read this ferry.</p>")

    def rows(question: str) -> set[str]:
        page = editor.get(f"/desk/articles?{question}").text
        return set(re.findall(r'class="headline" href="/desk/articles/\d+">([^<]+)', page))

    assert rows("q=ferr") == {"Ice on the estuary", "Kelp at dawn"}
    assert rows("tab=published&q=ferry") == {"Ice on the estuary"}
    assert rows("q=https://news.example/2026/ice-estuary/") == {"Ice on the estuary"}
    assert rows("q=%25") == set() and rows("q=zyzzyva") == set()
    assert rows(f"tab=published&category={sea.id}") == {"Ice on the estuary"}
    assert rows(f"tab=published&author={mara.id}&q=wind") == set()
    assert rows("tab=pages") == set()
    assert editor.get("/desk/articles?tab=nonsense").status_code == 404


def test_a_long_list_goes_on_where_it_ended(editor: Staff) -> None:
    for number in range(45):
        make_article(f"Piece {number}", published_at=clock.now() - timedelta(hours=number + 1))
    seen: list[str] = []
    address = "/desk/articles?tab=published"
    while address:
        page = editor.get(address).text
        seen += re.findall(r'class="headline" href="/desk/articles/\d+">([^<]+)', page)
        more = re.search(r'href="([^"]+)" rel="next"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert seen == [f"Piece {number}" for number in range(45)]
    for strange in ("x", "2026_1", "9999-99-99_1", "%00_1"):
        assert editor.get(f"/desk/articles?tab=published&after={strange}").status_code == 200
