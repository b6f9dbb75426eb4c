"""A reader writes to the newsroom, and an editor puts the message away."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.conftest import Come, Site
from e2e.people import EDITOR, PHONE, WITHOUT_SCRIPT, Moderator, Reader
from e2e.test_accessibility import problems, scrolls_sideways


@pytest.fixture(scope="module", autouse=True)
def editor_account(site: Site) -> None:
    site.make_account(EDITOR)


@pytest.mark.parametrize("how", [{}, PHONE, WITHOUT_SCRIPT], ids=["desk", "phone", "without script"])
def test_a_message_is_sent_read_and_put_away(come: Come[Reader], how: dict[str, object]) -> None:
    subject = f"The bell, {len(how)}"
    reader = come(Reader, **how)
    reader.opens("/")
    page = reader.page
    page.get_by_role("contentinfo").get_by_role("link", name="Write to us").click()
    reader.sees_headline("Write to us")
    form = page.get_by_role("form", name="Write to us")
    form.get_by_label("Name").fill("Lena")
    form.get_by_label("E-mail").fill("lena")
    form.get_by_label("What it is about").fill(subject)
    form.get_by_label("Message").fill("It was late again.")
    form.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(form.get_by_label("Message")).to_have_value("It was late again.")
    if how is not WITHOUT_SCRIPT:
        assert problems(page) == []
        assert not scrolls_sideways(page)
    form.get_by_label("E-mail").fill("lena@post.example")
    form.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you: it came.")).to_be_visible()

    editor = come(Moderator, account=EDITOR, **how)
    editor.signs_in("/desk/messages")
    message = editor.main.get_by_role("article").filter(has_text=subject)
    expect(message).to_contain_text("It was late again.")
    if how is not WITHOUT_SCRIPT:
        assert problems(editor.page) == []
        assert not scrolls_sideways(editor.page)
    message.get_by_role("button", name=f"Put away: {subject}").click()
    expect(message).to_have_count(0)
