"""A moderator works the queue by keyboard: the commenter's drawer, a reply in place, reasons; a rule is tried."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from e2e.conftest import Come, Site
from e2e.people import COLLEAGUE, EDITOR, PHONE, TIDE, WITHOUT_SCRIPT, Commenter, Moderator
from e2e.test_accessibility import problems, scrolls_sideways


def held(come: Come[Commenter], text: str, name: str) -> None:
    writer = come(Commenter)
    writer.opens_article(TIDE)
    writer.posts(text, name, f"{name.lower()}@post.example")
    writer.sees_waiting(text)


def test_by_keyboard(come: Come[Moderator]) -> None:
    held(come, "When does the next boat leave?", "Ottilie")
    moderator = come(Moderator)
    moderator.signs_in()
    page = moderator.page
    row = moderator.row("When does the next boat leave?")
    row.focus()
    moderator.presses("c")
    expect(page.get_by_role("heading", name="Ottilie", level=2).last).to_be_focused()
    assert problems(page) == []
    moderator.presses("Escape")
    expect(row).to_be_focused()
    moderator.presses("g")
    expect(page.get_by_role("heading", name="The thread")).to_be_focused()
    moderator.presses("Escape", "r")
    field = row.get_by_role("textbox", name="Your reply")
    expect(field).to_be_focused()
    assert problems(page) == []
    page.keyboard.type("At half past six, with the tide.")
    moderator.presses("Tab", "Enter")
    expect(page.get_by_text("Your reply to Ottilie stands in the discussion.")).to_be_focused()
    reader = come(Commenter)
    reader.opens_article(TIDE)
    expect(reader.comment("At half past six, with the tide.")).to_contain_text("Staff")


@pytest.mark.parametrize("how", [{}, PHONE, WITHOUT_SCRIPT], ids=["desk", "phone", "without script"])
def test_rejected_with_a_reason(come: Come[Moderator], how: dict[str, object]) -> None:
    text = f"Visit my shop, number {len(how)}."
    held(come, text, f"Pavel{len(how)}")
    moderator = come(Moderator, **how)
    moderator.signs_in()
    moderator.decides(text, "Trash")
    moderator.page.get_by_role("button", name="Advertising").click()
    moderator.sees_note(f"Pavel{len(how)} is told: advertising.")
    assert not scrolls_sideways(moderator.page)


def test_what_a_colleague_decides_leaves_by_itself(come: Come[Moderator], site: Site) -> None:
    site.make_account(COLLEAGUE)
    held(come, "Both of you see this.", "Noor")
    one, other = come(Moderator), come(Moderator, account=COLLEAGUE)
    one.page.clock.install()
    one.signs_in()
    other.signs_in()
    expect(one.row("Both of you see this.")).to_be_visible()
    other.decides("Both of you see this.", "Approve")
    other.sees_note("Approved the comment by Noor.")
    one.page.clock.fast_forward(11_000)
    expect(one.page.get_by_text("teo approved the comment by Noor")).to_be_visible()
    expect(one.row("Both of you see this.")).to_have_count(0)


@pytest.mark.parametrize("how", [{}, WITHOUT_SCRIPT], ids=["desk", "without script"])
def test_a_rule_is_tried_saved_and_holds(come: Come[Moderator], site: Site, how: dict[str, object]) -> None:
    if not how:
        site.make_account(EDITOR)
    word = "tide" if how else "bell"
    editor = come(Moderator, account=EDITOR, **how)
    editor.signs_in("/moderation/rules")
    page = editor.page
    page.get_by_label("Disallowed words").fill(f"casino\n{word}")
    page.get_by_role("button", name="Try it on the last 90 days").click()
    expect(page.get_by_role("heading", name="Dry run")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("a disallowed word")
    expect(page.get_by_label("Disallowed words")).to_have_value(f"casino\n{word}")
    if not how:
        assert problems(page) == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("1 rule changed.")).to_be_visible()


def test_a_switch_is_set_seen_and_ended(come: Come[Moderator]) -> None:
    moderator = come(Moderator)
    moderator.signs_in("/moderation/rules")
    page = moderator.page
    page.get_by_label("For", exact=True).select_option("the whole site")
    page.get_by_label("Every comment waits for a moderator").check()
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_text("Every comment waits on the whole site until")).to_be_visible()
    page.get_by_role("link", name=re.compile(r"^Held \d")).click()
    assert problems(page) == []
    page.get_by_role("button", name="End it now").click()
    expect(page.get_by_text("In force:")).to_have_count(0)


def test_sixty_comments_are_cleared_by_keyboard(come: Come[Moderator], site: Site) -> None:
    writer = come(Commenter)
    writer.opens_article(TIDE)
    base, token = writer.form.get_attribute("action") or "", writer.form.locator("[name=token]").input_value()
    for number in range(60):
        fields = {
            "token": token, "form_key": f"key {number}", "parent": "", "body": f"Bell number {number} rings.",
            "name": f"Bo {number}", "email": f"bo{number}@post.example", "website": "",
        }  # fmt: skip
        assert writer.page.request.post(base, form=fields, headers={"HX-Request": "true"}).status == 201
    moderator = come(Moderator)
    moderator.signs_in("/moderation?q=Bell+number")
    page = moderator.page
    moderator.presses("j")
    for number in range(60):
        row = moderator.focused()
        expect(row).to_contain_text("Bell number")
        said = row.get_attribute("id") or ""
        moderator.presses("t" if number % 3 else "a")
        expect(page.locator(f"article#{said}")).to_have_count(0)
        if moderator.rows().count() == 0 and number < 59:
            page.reload()
            moderator.presses("j")
    expect(moderator.rows()).to_have_count(0)
    public = come(Commenter)
    public.opens_article(TIDE)
    assert public.comment(re.compile(r"Bell number \d+ rings")).count() <= 20
    page.goto("/moderation?status=trashed&q=Bell+number")
    expect(moderator.rows()).to_have_count(40)


def test_opened_and_pinned_by_keyboard(come: Come[Moderator]) -> None:
    moderator = come(Moderator)
    moderator.signs_in("/moderation?status=approved")
    page = moderator.page
    moderator.presses("j")
    name = moderator.focused().get_by_role("heading").inner_text()
    with page.context.expect_page() as opened:
        moderator.presses("o")
    tab = opened.value
    expect(tab).to_have_url(re.compile(r"#comment-\d+$"))
    tab.close()
    moderator.presses("p")
    moderator.sees_note(f"The comment by {name} stands above the discussion.")
    page.goto("/moderation/log")
    expect(moderator.main).to_contain_text(f"put the comment by {name}")
    assert problems(page) == []
