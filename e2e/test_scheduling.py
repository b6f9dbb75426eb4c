"""An editor sets a time for an article and for a correction, and readers see neither before."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from e2e.conftest import Come, Site
from e2e.newsroom import Writer
from e2e.people import EDITOR, Reader
from e2e.test_accessibility import problems

HEADLINE = "The lamp that is lit tomorrow"


@pytest.fixture(scope="module", autouse=True)
def newsroom(site: Site) -> None:
    site.make_account(EDITOR)


def test_an_article_and_a_correction_wait_for_their_time(come: Come[Writer], site: Site) -> None:
    editor = come(Writer)
    editor.signs_in("/desk/articles")
    editor.begins()
    page = editor.page
    editor.headline.fill(HEADLINE)
    editor.writes("It burns from dusk on.")
    editor.is_saved()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    page.get_by_label("At a set time").check()
    page.get_by_label("Day", exact=True).fill(f"{tomorrow:%Y-%m-%d}")
    page.get_by_label("Time", exact=True).fill("06:30")
    page.get_by_role("button", name=re.compile("^(Publish|Schedule)")).click()
    expect(page.get_by_role("status").filter(has_text="The time is set.")).to_be_visible()
    assert problems(page) == []

    editor.opens("/desk/articles?tab=scheduled")
    expect(editor.main.get_by_role("link", name=HEADLINE)).to_be_visible()
    reader = come(Reader)
    reader.opens("/latest")
    expect(reader.main.get_by_role("link", name=HEADLINE)).to_have_count(0)

    editor.opens_in_editor(HEADLINE)
    expect(page.get_by_label("At a set time")).to_be_checked()
    page.get_by_label("Now", exact=True).check()
    editor.publishes()
    address = editor.leads_to()
    assert reader.opens(address) == 200

    editor.text.get_by_text("It burns from dusk on.").click()
    editor.presses("End")
    page.keyboard.type(" It is red.")
    editor.is_saved()
    page.get_by_label("a correction").check()
    page.get_by_label("Note that readers see").fill("We had left out its colour.")
    page.get_by_label("At a set time").check()
    panel = page.get_by_role("region", name="Publish the change")
    panel.get_by_label("Day", exact=True).fill(f"{tomorrow:%Y-%m-%d}")
    panel.get_by_label("Time", exact=True).fill("07:00")
    page.get_by_role("button", name=re.compile("^(Publish|Schedule)")).click()
    expect(page.get_by_role("status").filter(has_text="The time is set.")).to_be_visible()
    reader.opens(address)
    expect(reader.article).not_to_contain_text("It is red.")

    page.get_by_label("Now", exact=True).check()
    editor.publishes()
    reader.opens(address)
    expect(reader.article).to_contain_text("It is red.")
    expect(reader.article.get_by_text("We had left out its colour.")).to_be_visible()
