"""A reader reports a comment; a moderator reads why, and keeps it or takes it away."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.conftest import Come
from e2e.people import PHONE, TRAM, WITHOUT_SCRIPT, Commenter, Moderator
from e2e.test_accessibility import problems, scrolls_sideways

BENCH = "which bench? asking for everybody"
CAT = "There is room for two."


@pytest.mark.parametrize(
    ("how", "text"),
    [({}, BENCH), (PHONE, CAT), (WITHOUT_SCRIPT, "batch")],
    ids=["desk", "phone", "without script"],
)
def test_a_report_reaches_the_newsroom(come: Come[Commenter], how: dict[str, object], text: str) -> None:
    reader = come(Commenter, **how)
    reader.opens_article(TRAM)
    comment = reader.comment(text).first
    comment.get_by_role("link", name="Report the comment").click()
    form = reader.page.get_by_role("form", name="Report the comment")
    expect(form.get_by_text("Only the newsroom sees what you say.")).to_be_visible()
    if "java_script_enabled" not in how:
        assert problems(reader.page) == []
        assert not scrolls_sideways(reader.page)
    form.get_by_label("Off topic").check()
    form.get_by_label("A word about it").fill("It is about benches.")
    form.get_by_role("button", name="Report").click()
    expect(reader.page.get_by_role("status").filter(has_text="A moderator will look at it")).to_be_visible()

    moderator = come(Moderator)
    moderator.signs_in("/moderation?status=flagged")
    row = moderator.row(text)
    expect(row).to_contain_text("Off topic: It is about benches.")
    assert problems(moderator.page) == []
    row.get_by_role("button", name="Keep").click()
    moderator.sees_note("Approved the comment")
    expect(row).to_have_count(0)
    moderator.presses("u")
    expect(row).to_have_count(1)
    row.get_by_role("button", name="Trash").click()
    moderator.sees_note("Trashed")
    moderator.presses("u")
    moderator.sees_note("Taken back")


def test_cancel_closes_the_form_and_keeps_the_focus(come: Come[Commenter]) -> None:
    reader = come(Commenter)
    reader.opens_article(TRAM)
    link = reader.comment(BENCH).first.get_by_role("link", name="Report the comment")
    link.focus()
    reader.presses("Enter")
    form = reader.page.get_by_role("form", name="Report the comment")
    expect(form.get_by_label("Spam or advertising")).to_be_focused()
    form.get_by_role("link", name="Cancel").click()
    expect(form).to_have_count(0)
    expect(link).to_be_focused()
