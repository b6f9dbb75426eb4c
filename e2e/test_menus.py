"""An editor arranges a menu, and readers find the links where they were put."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from e2e.conftest import Come, Site
from e2e.newsroom import Writer
from e2e.people import EDITOR, PHONE, TIDE, WITHOUT_SCRIPT, Reader
from e2e.test_accessibility import problems, scrolls_sideways


@pytest.fixture(scope="module", autouse=True)
def newsroom(site: Site) -> None:
    site.make_account(EDITOR)


@pytest.mark.parametrize("how", [{}, PHONE, WITHOUT_SCRIPT], ids=["keyboard", "phone", "without script"])
def test_a_menu_is_made_arranged_and_read(come: Come[Reader], how: dict[str, object]) -> None:
    editor = come(Writer, account=EDITOR, **how)
    editor.signs_in("/desk/menus")
    page, name = editor.page, f"Good places {len(how)}{'x' if how is WITHOUT_SCRIPT else ''}"
    page.get_by_label("Name").fill(name)
    page.get_by_label("Where it stands").select_option("paper")
    page.get_by_role("button", name="Make it").press("Enter")
    editor.sees_headline(name)
    expect(page.get_by_text("None yet.")).to_be_visible()
    entries = page.get_by_role("list").filter(has=page.locator("[id^=entry-]")).locator("> li")

    for address, label in (("/archive", "All of it"), ("https://social.example/@paper", "Elsewhere")):
        page.get_by_role("region", name="Add an entry").get_by_label("Where it leads").fill(address)
        page.get_by_role("region", name="Add an entry").get_by_label("Label").fill(label)
        page.get_by_role("button", name="Add", exact=True).press("Enter")
        expect(page.get_by_role("status").filter(has_text="Added at the end.")).to_be_visible()
    page.get_by_role("searchbox", name="Search articles").fill(TIDE)
    page.get_by_role("search", name="Articles").get_by_role("button", name="Search").press("Enter")
    page.get_by_role("button", name=f"Add: {TIDE}").press("Enter")
    expect(entries).to_have_count(3)

    up = page.get_by_role("button", name=f"Up: {TIDE}", exact=True)
    up.press("Enter")
    expect(entries.nth(1)).to_contain_text(TIDE)
    if how is not WITHOUT_SCRIPT:
        expect(up).to_be_focused()
        assert problems(page) == []
        assert not scrolls_sideways(page)
    page.get_by_role("button", name=f"Below the entry before: {TIDE}").press("Enter")
    expect(page.get_by_role("status").filter(has_text="It stands below the entry before it.")).to_be_visible()
    page.get_by_role("button", name=f"One level up: {TIDE}").press("Enter")
    expect(page.get_by_role("status").filter(has_text="It stands one level higher.")).to_be_visible()
    page.get_by_role("button", name="Take out: Elsewhere").press("Enter")
    expect(entries).to_have_count(2)

    page.get_by_role("region", name="Add an entry").get_by_label("Where it leads").fill("javascript:alert(1)")
    page.get_by_role("button", name="Add", exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Only addresses that begin with")
    expect(page.get_by_role("region", name="Add an entry").get_by_label("Where it leads")).to_have_value(
        "javascript:alert(1)"
    )

    reader = come(Reader, **how)
    reader.opens("/how-we-count")
    paper = reader.page.get_by_role("contentinfo").get_by_role("navigation", name="The paper")
    expect(paper.get_by_role("link")).to_have_text(["All of it", TIDE])
    paper.get_by_role("link", name="All of it").click()
    expect(reader.page).to_have_url(re.compile("/archive$"))
