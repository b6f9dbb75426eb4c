"""What means harm comes in by every way there is, and does nothing in a real browser.

Dialogs, console errors, reports of the policy and requests to anybody else fail each test (see conftest).
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Come, Site
from e2e.people import Moderator, Reader
from tests import hostile
from tests.publishing import exports
from webapp.markup import PAGE_BREAK
from webapp.markup_text import printable

TOGETHER = 16
HEADLINES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title><script>alert(1)</script>",
    "</script>",
]


def in_xml(text: str) -> str:
    """Without what no XML file may hold."""
    return printable(text).replace("\x0b", " ").replace("\x0c", " ")


@pytest.fixture(scope="module")
def imported(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site with an article for each hostile body, imported in place of the demonstration."""
    items = [
        exports.item(
            number, title=HEADLINES[number % len(HEADLINES)], content=in_xml(body), post_name=f"post-{number}"
        )
        for number, body in enumerate(hostile.ARTICLES, 1)
    ]
    file = exports.write(tmp_path_factory.mktemp("export"), exports.author("ann", "<b>Ann</b>"), *items)
    site.command("import", "wordpress", str(file), "--yes")
    _gather(Path(site.environment["STANDFIRST_INSTANCE"]) / "standfirst.sqlite")
    return site


def _gather(database: Path) -> None:
    """Each body was made safe by itself. Now sixteen of them stand on a page: the browser sees as much, sooner."""
    count = len(hostile.ARTICLES)
    with closing(sqlite3.connect(database)) as connection, connection:
        bodies = [
            connection.execute(
                "SELECT body_html FROM article WHERE slug = ?", (f"post-{number}",)
            ).fetchone()[0]
            for number in range(1, count + 1)
        ]
        for first in range(0, count, TOGETHER):
            text = "".join(bodies[first : first + TOGETHER]).replace(PAGE_BREAK, "<hr>")
            connection.execute("UPDATE article SET body_html = ? WHERE slug = ?", (text, f"post-{first + 1}"))


def rests(page: Page) -> None:
    """Everything that could start by itself has had its chance, also what waits for a pointer or the focus."""
    page.wait_for_load_state("load")
    page.evaluate(
        """() => {
          for (const element of document.querySelectorAll("main *")) {
            for (const kind of ["pointerenter", "mouseover", "focus", "toggle", "animationstart", "transitionend"]) {
              element.dispatchEvent(new Event(kind, { bubbles: true }));
            }
          }
        }"""
    )


def test_imported_bodies_and_headlines(come: Come[Reader], imported: Site) -> None:
    reader = come(Reader)
    pages = range(1, len(hostile.ARTICLES) + 1, TOGETHER)
    headlines = range(2, len(HEADLINES) + 2)
    for number in (*pages, *headlines):
        reader.opens(f"/2015/03/post-{number}/")
        expect(reader.page.get_by_role("heading", level=1)).to_have_count(1)
        rests(reader.page)
    for path in ("/", "/latest", "/search?q=script", "/author/ann/", "/2015/03/"):
        reader.opens(path)
        rests(reader.page)


def test_comments_by_everybody(come: Come[Reader], imported: Site) -> None:
    reader, other = come(Reader), come(Moderator)
    path = "/2015/03/post-1/"
    reader.opens(path)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', reader.page.content()))
    for number, text in enumerate(hostile.COMMENTS):
        answer = reader.page.request.post(
            f"{path}comments",
            form={
                "token": fields["token"],
                "form_key": f"key-{number}",
                "parent": "",
                "body": f"{text} {number}",
                "name": text[:200] or "x",
                "email": "lena@post.example",
                "website": "",
            },
            max_redirects=0,
        )
        # Refused only where nothing would be left to show.
        assert answer.status in (303, 422), answer.status
    other.signs_in()
    for status in ("held", "spam"):
        other.opens(f"/moderation?status={status}")
        rests(other.page)
    while other.opens("/moderation") and other.rows().count():
        other.page.get_by_role("checkbox").first.focus()
        for box in other.rows().get_by_role("checkbox").all():
            box.check()
        other.page.get_by_role("form", name="Ticked comments").get_by_role("button", name="Approve").click()
        other.sees_note("Approved")
    visitor = come(Reader)
    visitor.opens(path)
    pages = 1 + visitor.page.get_by_role("link", name=re.compile(r"^\d+$")).count()
    for number in range(1, pages + 1):
        visitor.opens(path if number == 1 else f"{path}comments/page/{number}")
        rests(visitor.page)
    assert int(visitor.article.get_attribute("data-comment-count") or "") > 30
