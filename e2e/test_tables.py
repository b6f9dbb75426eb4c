"""Tables in the editor: captions, rows, columns and heads, with the mouse and by keyboard, as readers get them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from e2e.conftest import Come, Site
from e2e.newsroom import Writer
from e2e.people import EDITOR, PHONE, Reader
from e2e.test_accessibility import problems, scrolls_sideways
from webapp import markup

CALLS = "(html) => [window.standfirstEditor.roundTrip(html), window.standfirstEditor.back(html)]"
CELLS = "<tbody><tr><td>Tern</td><td>4</td></tr></tbody>"


@pytest.fixture(scope="module", autouse=True)
def editor_account(site: Site) -> None:
    site.make_account(EDITOR)


class TableWriter(Writer):
    """An editor at a table."""

    @property
    def source(self) -> str:
        """The HTML that is saved."""
        return re.sub(r"\s*\n\s*", "", self.page.locator("[name=body]").input_value())

    @property
    def caption(self) -> Locator:
        return self.text.locator("x-caption")

    def table_tool(self, name: str) -> Locator:
        return self.page.get_by_role("toolbar", name="Table").get_by_role("button", name=name, exact=True)

    def cell(self, number: int) -> Locator:
        return self.text.locator("td, th").nth(number)

    def rows(self) -> list[str]:
        """What stands in each row: h for a head, d for a cell."""
        rows = re.findall(r"<tr>(.*?)</tr>", self.source)
        return ["".join(re.findall(r"<t([hd])\b", row)) for row in rows]

    def makes_a_table(self) -> None:
        self.begins()
        self.headline.fill("Counted on the flats")
        self.writes("The count.")
        self.tool("Table").click()


def test_a_table_is_made_and_captioned_and_readers_see_it(come: Come[TableWriter]) -> None:
    writer = come(TableWriter)
    writer.signs_in("/desk/articles")
    writer.makes_a_table()
    page = writer.page
    # The cursor stands in the empty caption, which says what it is for.
    expect(writer.caption).to_be_visible()
    shown = "(one) => getComputedStyle(one, '::before').content"
    assert writer.caption.evaluate(shown) == '"Caption"'
    assert problems(page) == []
    page.keyboard.type("Birds on the flats, 2026")
    assert writer.caption.evaluate(shown) == "none"
    writer.cell(3).click()
    page.keyboard.type("Tern")
    writer.table_tool("Head column").click()
    expect(writer.table_tool("Head column")).to_have_attribute("aria-pressed", "true")
    expect(writer.table_tool("Head row")).to_have_attribute("aria-pressed", "true")
    assert writer.rows() == ["hhh", "hdd", "hdd"]
    writer.cell(6).click()
    page.keyboard.type("Plover")
    writer.is_saved()
    assert problems(page) == []
    writer.publishes()
    reader = come(Reader)
    reader.opens(writer.leads_to())
    table = reader.article.get_by_role("table", name="Birds on the flats, 2026")
    expect(table.get_by_text("Birds on the flats, 2026")).to_be_visible()
    expect(table.get_by_role("columnheader", name="First")).to_be_visible()
    assert problems(reader.page) == []


def test_rows_columns_and_heads(come: Come[TableWriter]) -> None:
    writer = come(TableWriter)
    writer.signs_in("/desk/articles")
    writer.makes_a_table()
    # In the caption only what makes sense there can be pressed.
    for name in ("Row below", "Delete column", "Head row"):
        expect(writer.table_tool(name)).to_be_disabled()
    writer.cell(5).click()
    writer.table_tool("Row above").click()
    writer.table_tool("Row below").click()
    assert writer.rows() == ["hhh", "ddd", "ddd", "ddd", "ddd"]
    writer.table_tool("Column after").click()
    assert writer.rows()[0] == "hhhh"
    writer.table_tool("Delete column").click()
    writer.table_tool("Delete row").click()
    assert [len(row) for row in writer.rows()] == [3, 3, 3, 3]
    # A column without a word can be found, and a new one takes part in the heads.
    writer.table_tool("Head column").click()
    writer.cell(3).click()
    writer.table_tool("Column before").click()
    assert writer.rows() == ["hhhh", *3 * ["hhdd"]]
    assert (writer.cell(0).bounding_box() or {})["width"] >= 64
    writer.cell(0).click()
    writer.table_tool("Delete column").click()
    writer.table_tool("Head column").click()
    # The head is the first row's, wherever the cursor stands.
    writer.cell(8).click()
    writer.table_tool("Head row").click()
    assert writer.rows() == ["ddd", "ddd", "ddd", "ddd"]
    expect(writer.table_tool("Head row")).to_have_attribute("aria-pressed", "false")
    assert "<thead>" not in writer.source
    writer.table_tool("Head row").click()
    assert writer.rows()[0] == "hhh" and "<thead>" in writer.source
    # Nothing of the table stays behind, and it comes back.
    writer.table_tool("Delete table").click()
    assert writer.source == "<p>The count.</p>" or writer.source == "<p>The count.</p><p></p>"
    writer.tool("Undo").click()
    assert "<table>" in writer.source


def test_by_keyboard(come: Come[TableWriter]) -> None:
    writer = come(TableWriter)
    writer.signs_in("/desk/articles")
    writer.begins()
    page = writer.page
    writer.text.click()
    writer.presses("Alt+F10")
    expect(writer.tool("Text")).to_be_focused()
    writer.presses("Escape")
    expect(writer.text).to_be_focused()
    writer.presses("Alt+F10")
    writer.tabs_to(writer.tool("Table"))
    writer.presses("Enter")
    page.keyboard.type("By keys")
    writer.presses("Enter")
    page.keyboard.type("X")
    writer.presses("Tab")
    page.keyboard.type("Y")
    writer.presses("Shift+Tab")
    writer.presses("Shift+Tab")
    page.keyboard.type("!")
    writer.presses("Tab")
    writer.presses("Control+Enter")
    page.keyboard.type("Z")
    writer.presses("Control+Shift+Enter")
    assert writer.rows() == ["hhhh", "dddd", "dddd", "dddd"]
    text = re.sub("<[^>]*>", " ", writer.source)
    assert text.split()[:4] == ["By", "keys!", "X", "Y"]
    assert "</thead><tbody><tr><td>Z</td>" in writer.source
    writer.presses("Alt+F10")
    expect(writer.table_tool("Caption")).to_be_focused()
    writer.tabs_to(writer.table_tool("Delete row"))
    writer.presses("Enter")
    expect(writer.text).to_be_focused()
    assert writer.rows() == ["hhhh", "dddd", "dddd"] and "Z" not in writer.source
    writer.presses("Alt+F10")
    writer.presses("Enter")
    page.keyboard.type("?")
    assert re.search(r"<caption>[^<]*\?</caption>", writer.source)


@pytest.mark.parametrize(
    "html",
    [
        f"<table><caption>Plain</caption>{CELLS}</table>",
        f'<table><caption>With <em>words</em>, <a href="/x/">a link</a><small>Source</small></caption>{CELLS}</table>',
        f"<table><caption>One<br>two</caption><thead><tr><th>Bird</th><th>Number</th></tr></thead>{CELLS}</table>",
        f"<figure><table>{CELLS}</table><figcaption>Under it</figcaption></figure>",
        f"<figure><table><caption>Above</caption>{CELLS}</table><figcaption>Under it</figcaption></figure>",
        f"<blockquote><table><caption>Said</caption>{CELLS}</table></blockquote>",
        f"<ul><li>See<table><caption>Listed</caption>{CELLS}</table></li></ul>",
        f"<table>{CELLS}</table>",
    ],
)
def test_tables_that_came_stay_as_they_were(come: Come[TableWriter], html: str) -> None:
    writer = come(TableWriter)
    writer.signs_in("/desk/articles")
    writer.begins()
    clean = markup.clean_article(html)
    told, back = writer.page.evaluate(CALLS, clean)
    assert told["same"] and told["raw"] == 0
    assert markup.clean_article(back) == clean


def test_a_caption_that_came_is_changed_and_taken_away(come: Come[TableWriter]) -> None:
    writer = come(TableWriter)
    writer.signs_in("/desk/articles")
    writer.begins()
    writer.headline.fill("Came with a table")
    writer.tool("HTML").click()
    figure = f"<figure><table>{CELLS}</table><figcaption>Below</figcaption></figure>"
    html = f"<table><caption>Old</caption>{CELLS}</table>\n{figure}"
    writer.page.locator("[name=body]").fill(html)
    writer.tool("HTML").click()
    writer.caption.click()
    writer.presses("End")
    writer.page.keyboard.type(" but <b>new</b>")
    assert "<caption>Old but &lt;b&gt;new&lt;/b&gt;</caption>" in writer.source
    writer.caption.click(click_count=3)
    writer.presses("Delete")
    assert "<caption" not in writer.source and writer.source.count("<table>") == 2
    # The button finds the caption of a figure, too.
    writer.cell(2).click()
    writer.table_tool("Caption").click()
    writer.page.keyboard.type(".")
    assert "<figcaption>Below.</figcaption>" in writer.source
    # Deleting the table of a figure leaves no empty figure.
    writer.cell(2).click()
    writer.table_tool("Delete table").click()
    assert "<figure" not in writer.source and "<img" not in writer.source
    writer.is_saved()


def test_a_table_that_is_pasted_keeps_its_caption_and_can_get_one(come: Come[TableWriter]) -> None:
    writer = come(TableWriter)
    writer.signs_in("/desk/articles")
    writer.begins()
    writer.text.click()
    paste = """(html) => {
      const data = new DataTransfer();
      data.setData("text/html", html);
      document.getElementById("editor-body").dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }"""
    captioned, bare = f"<table><caption>Pasted</caption>{CELLS}</table>", f"<table>{CELLS}</table>"
    writer.page.evaluate(paste, f"<p>Before</p>{captioned}<p>Between</p>{bare}")
    assert "<caption>Pasted</caption>" in writer.source
    expect(writer.caption).to_have_count(2)
    writer.caption.nth(1).click()
    writer.page.keyboard.type("Given")
    assert "<caption>Given</caption>" in writer.source


def test_on_a_phone(come: Come[TableWriter]) -> None:
    writer = come(TableWriter, **PHONE)
    writer.signs_in("/desk/articles")
    writer.makes_a_table()
    writer.cell(4).click()
    expect(writer.table_tool("Row below")).to_be_visible()
    assert problems(writer.page) == [] and not scrolls_sideways(writer.page)
