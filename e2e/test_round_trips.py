"""Imported and written texts open in the editor and come back as they were, as readers see them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from e2e.conftest import Come, Site
from e2e.newsroom import Writer
from e2e.people import EDITOR
from webapp import markup

EXPORT = Path(__file__).resolve().parents[2] / "shared" / "exports" / "theme-unit-test-data.xml"
CALLS = "(html) => [window.standfirstEditor.roundTrip(html), window.standfirstEditor.back(html)]"


@pytest.fixture(scope="module", autouse=True)
def editor_account(site: Site) -> None:
    site.make_account(EDITOR)


def bodies(site: Site) -> list[tuple[str, str]]:
    """Every article's address and clean HTML."""
    import sqlite3

    with sqlite3.connect(Path(site.environment["STANDFIRST_INSTANCE"]) / "standfirst.sqlite") as connection:
        return connection.execute("SELECT slug, body_html FROM article WHERE body_html <> ''").fetchall()


def outline(html: str) -> tuple[str, list[str]]:
    """What can be told of a text without the editor's own help: its words, and every address and picture in order."""
    words = " ".join(markup.plain_text(html.replace(markup.PAGE_BREAK, "")).split())
    return words, re.findall(
        r'(?:href|src|alt|id|class|colspan|start)="[^"]*"|<(?:h\d|li|tr|td|th|br|hr|figcaption)\b', html
    )


def come_back(page: Page, found: list[tuple[str, str]]) -> int:
    """Sends each text through the editor; gives how many blocks there were."""
    blocks = 0
    for slug, html in found:
        told, back = page.evaluate(CALLS, html)
        assert told["same"], f"{slug} looks otherwise"
        cleaned = markup.clean_article(back)
        words, parts = outline(html)
        back_words, back_parts = outline(cleaned)
        assert back_words == words, slug
        assert sorted(back_parts) == sorted(parts), slug
        blocks += told["blocks"]
    return blocks


def test_every_text_of_the_demonstration(come: Come[Writer], site: Site) -> None:
    editor = come(Writer)
    editor.signs_in("/desk/articles")
    editor.begins()
    found = bodies(site)
    assert come_back(editor.page, found) > 10 * len(found)


def test_every_text_of_a_real_export(come: Come[Writer], site: Site) -> None:
    if not EXPORT.is_file():
        pytest.skip("the shared export is not on this machine")
    known = {slug for slug, _ in bodies(site)}
    site.command("import", "wordpress", str(EXPORT))
    editor = come(Writer)
    editor.signs_in("/desk/articles")
    editor.begins()
    found = [one for one in bodies(site) if one[0] not in known]
    assert len(found) > 60
    assert come_back(editor.page, found) > len(found)


PASTED = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<style>p.MsoNormal{color:red}</style></head><body>
<h1 style="mso-fareast">Report</h1><p class=MsoNormal style="margin:0"><span style="font-weight:700">Bold</span> and
<span style='font-style:italic'>slanted</span> <a href="javascript:alert(1)">no</a>
<a href="https://news.example/x" onclick="x()">yes</a></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p><script>alert(1)</script><img src=x onerror=alert(1)>
<table style="width:100%"><tr><td style="color:red">1</td><td>2</td></tr></table></body></html>"""


def test_what_a_word_processor_puts_on_the_clipboard_comes_out_clean(come: Come[Writer]) -> None:
    editor = come(Writer)
    editor.signs_in("/desk/articles")
    editor.begins()
    editor.text.click()
    paste = """(html) => {
      const data = new DataTransfer();
      data.setData("text/html", html);
      data.setData("text/plain", "Report");
      document.getElementById("editor-body").dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }"""
    editor.page.evaluate(paste, PASTED)
    source = editor.page.locator("[name=body]").input_value()
    assert "<h2>Report</h2>" in source
    assert "<strong>Bold</strong> and <em>slanted</em> no" in re.sub(r"\s+", " ", source)
    assert '<a href="https://news.example/x">yes</a>' in source
    assert "<td>1</td><td>2</td>" in source
    for bad in ("style", "Mso", "class", "script", "onerror", "onclick", "o:p", "<img"):
        assert bad not in source
