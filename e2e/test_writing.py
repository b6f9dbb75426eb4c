"""The desk: an author drafts, illustrates and hands over; editors publish, correct, and are in each other's way."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, expect

from e2e.conftest import Come, Site
from e2e.newsroom import AUTHOR, SECOND, Writer
from e2e.people import EDITOR, PHONE, WITHOUT_SCRIPT, Reader
from e2e.test_accessibility import problems, scrolls_sideways


@pytest.fixture(scope="module", autouse=True)
def newsroom(site: Site) -> None:
    for account in (AUTHOR, EDITOR, SECOND):
        site.make_account(account)


def photograph(name: str) -> FilePayload:
    made = io.BytesIO()
    Image.new("RGB", (1200, 800), (30, 90, 110)).save(made, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": made.getvalue()}


def test_an_author_drafts_illustrates_previews_and_hands_over_and_an_editor_publishes(
    come: Come[Writer],
) -> None:
    author = come(Writer, account=AUTHOR)
    author.signs_in("/desk/articles")
    author.begins()
    page = author.page
    assert problems(page) == []
    author.headline.fill("Kelp returns to the inner bay")
    page.get_by_label("Standfirst", exact=True).fill(
        "Divers counted what grows, and it is more than last year."
    )
    author.writes("The first dive was cold.", "## What grows", "Kelp grows fast.")
    author.tool("Note").click()
    page.keyboard.type("In summer.")
    author.text.get_by_text("The first dive was cold.").click()
    author.tool("Figure").click()
    picker = page.get_by_role("dialog", name="Choose a picture")
    expect(picker.get_by_role("button", name="A tidal channel").first).to_be_visible()
    assert problems(page) == []
    picker.get_by_label("Bring files").set_input_files([photograph("Kelp bed.jpg")])
    picker.get_by_role("button", name="Kelp bed").click()
    page.get_by_label("Alt text").first.fill("Kelp under green water")
    page.get_by_label("Add to authors").fill("Mara Lindqvist")
    author.presses("Enter")
    page.get_by_label("Section").select_option("Sea")
    author.is_saved()
    expect(author.state).to_contain_text("words")
    assert problems(page) == []
    page.get_by_role("link", name="Preview").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Kelp returns to the inner bay")).to_be_visible()
    expect(frame.get_by_alt_text("Kelp under green water")).to_be_visible()
    page.get_by_label("Phone").check()
    expect(page.locator("iframe")).to_have_css("width", "390px")
    page.get_by_role("link", name="Back to the editor").click()
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("waits to be read by an editor")).to_be_visible()
    assert page.get_by_role("button", name=re.compile("^Publish")).count() == 0

    editor = come(Writer)
    editor.signs_in("/desk/articles")
    expect(editor.main.get_by_text("To be read")).to_be_visible()
    editor.opens_in_editor("Kelp returns to the inner bay")
    editor.publishes()
    address = editor.leads_to()
    reader = come(Reader)
    assert reader.opens(address) == 200
    reader.sees_headline("Kelp returns to the inner bay")
    expect(reader.article.get_by_role("heading", name="What grows")).to_be_visible()
    expect(reader.article.get_by_alt_text("Kelp under green water")).to_be_visible()

    # An author does not change what readers see.
    author.opens("/desk/articles?tab=mine")
    author.main.get_by_role("link", name="Kelp returns to the inner bay").click()
    expect(page.get_by_text("It is with the editors now.")).to_be_visible()

    # A correction is told to readers, word by word.
    editor.text.get_by_text("The first dive was cold.").click()
    editor.presses("End")
    editor.page.keyboard.type(" The second was not.")
    editor.page.get_by_label("a correction").check()
    editor.page.get_by_label("Note that readers see").fill("There were two dives, not one.")
    editor.publishes()
    reader.opens(address)
    expect(reader.article.get_by_text("There were two dives, not one.")).to_be_visible()
    reader.article.get_by_role("link", name="All versions of this article").click()
    reader.sees_headline("What has changed")
    expect(reader.main.locator("ins")).to_have_text("The second was not.")
    assert problems(reader.page) == []


def test_two_editors_in_one_article_lose_nothing(come: Come[Writer]) -> None:
    mine = come(Writer)
    mine.signs_in("/desk/articles")
    mine.begins()
    mine.headline.fill("Two pens, one page")
    mine.writes("It rained.")
    mine.is_saved()
    theirs = come(Writer, account=SECOND)
    theirs.signs_in("/desk/articles")
    theirs.opens_in_editor("Two pens, one page")
    expect(theirs.state).to_contain_text("vera is here, too")
    theirs.writes(" Then it stopped.")
    theirs.is_saved()
    expect(theirs.state).not_to_contain_text("newer text")
    mine.writes(" All day.")
    expect(mine.state).to_contain_text("hana saved a newer text. Yours is still here")
    mine.page.get_by_role("button", name="Save", exact=True).click()
    conflict = mine.page.get_by_role("alert", name="hana saved this article")
    expect(conflict).to_contain_text("Then it stopped.")
    expect(conflict.locator(".pieces ins")).to_contain_text("All day.")
    expect(mine.text).to_contain_text("It rained. All day.")
    assert problems(mine.page) == []
    mine.page.get_by_role("button", name="Save", exact=True).click()
    expect(mine.page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    expect(mine.text).to_contain_text("It rained. All day.")


def test_what_was_typed_outlives_a_lost_connection_and_the_browser(come: Come[Writer]) -> None:
    writer = come(Writer)
    writer.signs_in("/desk/articles")
    writer.begins()
    writer.headline.fill("The line was down")
    writer.is_saved()
    address = writer.page.url
    writer.page.context.route(
        "**/desk/articles/*",
        lambda route: route.fulfill(status=408) if route.request.method == "POST" else route.continue_(),
    )
    writer.writes("Nobody answered.")
    expect(writer.state).to_contain_text("kept in this browser")
    # Another tab stands for the browser that is opened again: what is kept in it outlives the page.
    other = writer.page.context.new_page()
    writer.page.context.unroute("**/desk/articles/*")
    other.goto(address)
    other.get_by_role("button", name="Put it into the editor").click()
    expect(other.get_by_role("textbox", name="Text", exact=True)).to_contain_text("Nobody answered.")
    expect(other.locator("#state")).to_contain_text(re.compile(r"Saved \d"))


def test_without_script_an_article_is_written_and_published(come: Come[Writer]) -> None:
    writer = come(Writer, **WITHOUT_SCRIPT)
    writer.signs_in("/desk/articles")
    writer.begins()
    page = writer.page
    writer.headline.fill("Plain and good")
    writer.text.fill("<p>Written <em>by hand</em>.</p>")
    page.get_by_label("Authors", exact=True).fill("Mara Lindqvist, Nobody Known")
    page.get_by_label("Section").select_option("Energy")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("There is no author called Nobody Known.")
    expect(writer.text).to_have_value(re.compile("by hand"))
    page.get_by_label("Authors", exact=True).fill("Mara Lindqvist")
    writer.publishes()
    reader = come(Reader)
    reader.opens(writer.leads_to())
    expect(reader.article.get_by_text("Written by hand.")).to_be_visible()


def test_on_a_phone(come: Come[Writer]) -> None:
    writer = come(Writer, **PHONE)
    writer.signs_in("/desk/articles")
    assert problems(writer.page) == [] and not scrolls_sideways(writer.page)
    writer.begins()
    writer.headline.fill("Filed from the ferry")
    writer.writes("The deck was wet.")
    writer.is_saved()
    assert problems(writer.page) == [] and not scrolls_sideways(writer.page)
    writer.publishes()
    writer.opens("/desk/media")
    assert problems(writer.page) == [] and not scrolls_sideways(writer.page)
    writer.main.get_by_role("listitem").first.get_by_role("link").click()
    expect(writer.page.get_by_label("Alt text")).to_be_visible()
    assert problems(writer.page) == [] and not scrolls_sideways(writer.page)


def test_by_keyboard(come: Come[Writer]) -> None:
    writer = come(Writer)
    writer.signs_in("/desk/articles")
    writer.presses("n")
    expect(writer.text).to_be_visible()
    page = writer.page
    writer.tabs_to(writer.headline)
    page.keyboard.type("All by keys")
    writer.tabs_to(writer.text)
    page.keyboard.type("## ")
    page.keyboard.type("A part")
    writer.presses("Enter")
    page.keyboard.type("Some ")
    writer.presses("Control+b")
    page.keyboard.type("bold")
    writer.presses("Control+b")
    page.keyboard.type(" words.")
    for _ in range(len(" words.")):
        writer.presses("ArrowLeft")
    writer.presses("Control+Shift+ArrowLeft")
    # The browser tells of a new selection in a task of its own, which fingers never overtake.
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    writer.presses("Control+k")
    page.keyboard.type("/about/")
    writer.presses("Enter")
    link = writer.text.get_by_role("link", name="bold")
    expect(link).to_have_attribute("href", "/about/")
    writer.is_saved()
    writer.tabs_to(page.get_by_label("Section"))
    page.keyboard.type("Sea")
    writer.tabs_to(page.get_by_role("button", name="Publish", exact=True), "Shift+Tab")
    writer.presses("Enter")
    expect(page.get_by_role("status").filter(has_text="Published")).to_be_visible()
    reader = come(Reader)
    reader.opens(writer.leads_to())
    expect(reader.article.get_by_role("heading", name="A part")).to_be_visible()
    expect(reader.article.get_by_role("link", name="bold")).to_be_visible()
