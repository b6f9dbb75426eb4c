"""Where a newsroom asks for a proof of work, a reader's browser does it unseen; without JavaScript a comment waits."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from e2e.conftest import Come, Site
from e2e.people import EDITOR, PHONE, TIDE, WITHOUT_SCRIPT, Commenter, Moderator


@pytest.fixture(scope="module")
def asking() -> list[bool]:
    """Whether the newsroom has asked for it yet."""
    return []


@pytest.mark.parametrize("how", [{}, PHONE, WITHOUT_SCRIPT], ids=["desk", "phone", "without script"])
def test_it_is_done_unseen(
    come: Come[Commenter], site: Site, asking: list[bool], how: dict[str, object]
) -> None:
    if not asking:
        site.make_account(EDITOR)
        editor = come(Moderator, account=EDITOR)
        editor.signs_in("/moderation/rules")
        editor.page.get_by_label("First comments wait").uncheck()
        editor.page.get_by_label("Without proof of work waits").check()
        editor.page.get_by_role("button", name="Save").click()
        expect(editor.page.get_by_text("2 rules changed.")).to_be_visible()
        asking.append(True)
    reader = come(Commenter, **how)
    reader.opens_article(TIDE)
    for text in (f"My browser did its work, {len(how)}.", f"And once more for another comment, {len(how)}."):
        if how != WITHOUT_SCRIPT:
            reader.page.wait_for_load_state("load")
            reader.text.click()
            expect(reader.form.locator("[name=proof]")).to_have_value(re.compile(".{200}"))
        reader.posts(text)
        if how == WITHOUT_SCRIPT:
            reader.sees_waiting(text)
        else:
            expect(reader.comment(text)).to_be_visible()
            expect(reader.comment(text)).not_to_contain_text("Awaiting moderation")
