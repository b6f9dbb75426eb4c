"""A writer changes the own comment, thinks better of it, and takes it back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.conftest import Come
from e2e.people import PHONE, TIDE, WITHOUT_SCRIPT, Commenter, Reader
from e2e.test_accessibility import problems, scrolls_sideways

ACT = "Change or withdraw"


@pytest.mark.parametrize("how", [{}, PHONE, WITHOUT_SCRIPT], ids=["desk", "phone", "without script"])
def test_change_and_withdraw(come: Come[Commenter], how: dict[str, object]) -> None:
    commenter = come(Commenter, **how)
    commenter.opens_article(TIDE)
    commenter.posts("The boot was mien.", "Lena", f"lena{len(how)}@post.example")
    own = commenter.comment("The boot was mien.")
    own.get_by_role("link", name=ACT).click()
    field = commenter.page.get_by_role("textbox", name="Your comment")
    expect(field).to_have_value("The boot was mien.")
    if "java_script_enabled" not in how:
        assert problems(commenter.page) == []
        assert not scrolls_sideways(commenter.page)
    field.fill("")
    commenter.page.get_by_role("button", name="Save the change").click()
    expect(commenter.page.get_by_text("Please write something.")).to_be_visible()
    field.fill("The boot was mine.")
    commenter.page.get_by_role("button", name="Save the change").click()
    changed = commenter.comment("The boot was mine.")
    expect(changed).to_contain_text("changed")
    expect(changed).to_contain_text("Awaiting moderation")
    changed.get_by_role("link", name=ACT).click()
    commenter.page.get_by_role("link", name="Cancel").click()
    changed.get_by_role("link", name=ACT).click()
    commenter.page.get_by_role("button", name="Withdraw the comment").click()
    expect(changed).to_have_count(0)
    expect(commenter.page.get_by_role("textbox", name="Your comment")).to_have_count(0)


def test_by_keyboard_the_focus_never_gets_lost(come: Come[Commenter]) -> None:
    commenter = come(Commenter)
    commenter.opens_article(TIDE)
    commenter.posts("One moment.", "Otti", "otti@post.example")
    commenter.comment("One moment.").get_by_role("link", name=ACT).focus()
    commenter.presses("Enter")
    expect(commenter.page.get_by_role("textbox", name="Your comment")).to_be_focused()
    commenter.presses("End", "!", "Tab", "Enter")
    changed = commenter.comment("One moment.!")
    expect(changed).to_be_focused()


def test_nobody_else_is_offered_it(come: Come[Reader]) -> None:
    reader = come(Reader)
    reader.opens_article(TIDE)
    expect(reader.page.get_by_role("link", name=ACT)).to_have_count(0)
