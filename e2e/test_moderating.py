"""A moderator signs in and clears the queue by keyboard; two of them at once do not get into each other's way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from e2e.conftest import Come, Site
from e2e.people import COLLEAGUE, TIDE, TRAM, Commenter, Moderator, Reader

TRAM_DRIVER = "people wave"
"""What the held comment by Frida Holm says, under the tram article."""


@pytest.fixture
def moderator(come: Come[Moderator]) -> Moderator:
    """Somebody of the newsroom at the queue."""
    moderator = come(Moderator)
    moderator.signs_in()
    return moderator


def held(come: Come[Commenter], *texts: str) -> None:
    """Lets somebody new write comments, which wait then."""
    commenter = come(Commenter)
    commenter.opens_article(TIDE)
    for text in texts:
        commenter.posts(text)
        commenter.sees_waiting(text)


def test_signing_in(come: Come[Moderator]) -> None:
    moderator = come(Moderator)
    moderator.opens("/moderation?status=spam")
    moderator.sees_headline("Sign in")
    moderator.page.get_by_label("E-mail").fill(moderator.account.email)
    moderator.page.get_by_label("Password").fill("not this one")
    moderator.presses("Enter")
    expect(moderator.page.get_by_role("alert")).to_contain_text("Not signed in")
    expect(moderator.page.get_by_label("E-mail")).to_have_value(moderator.account.email)
    expect(moderator.page.get_by_label("Password")).to_be_focused()
    moderator.page.keyboard.type(moderator.account.password)
    moderator.presses("Enter")
    moderator.page.wait_for_url("**/moderation?status=spam")
    moderator.page.get_by_role("button", name="Sign out").click()
    moderator.opens("/moderation")
    moderator.sees_headline("Sign in")


def test_the_queue_by_keyboard(moderator: Moderator, come: Come[Reader]) -> None:
    rows = moderator.rows()
    number = rows.count()
    assert number >= 8
    moderator.sees_held(number)

    moderator.presses("?")
    expect(moderator.keys).to_be_visible()
    moderator.presses("a", "Escape")
    expect(moderator.keys).to_be_hidden()
    moderator.sees_held(number)

    moderator.presses("j")
    expect(rows.first).to_be_focused()
    moderator.presses("j", "j", "k")
    expect(rows.nth(1)).to_be_focused()
    second, third = rows.nth(1).get_attribute("id"), rows.nth(2).get_attribute("id")
    moderator.presses("t")
    moderator.sees_note("Trashed the comment by")
    expect(rows).to_have_count(number - 1)
    assert moderator.focused().get_attribute("id") == third

    moderator.presses("u")
    moderator.sees_note("Taken back")
    expect(rows).to_have_count(number)
    assert moderator.focused().get_attribute("id") == second
    moderator.sees_held(number)

    while not rows.filter(has_text=TRAM_DRIVER).and_(moderator.focused()).count():
        moderator.presses("k" if rows.first.filter(has_text=TRAM_DRIVER).count() else "j")
        if rows.last.and_(moderator.focused()).count():
            break
    expect(moderator.row(TRAM_DRIVER)).to_be_focused()
    moderator.presses("a")
    moderator.sees_note("Approved the comment by Frida Holm")
    expect(rows).to_have_count(number - 1)
    for left in range(number - 2, -1, -1):
        moderator.presses("s")
        expect(rows).to_have_count(left)
    moderator.sees_held(0)
    expect(moderator.page.get_by_text("Nothing waits for you.")).to_be_focused()

    reader = come(Reader)
    reader.opens_article(TRAM)
    expect(reader.comment(TRAM_DRIVER)).to_contain_text("Frida Holm")


def test_approved_and_taken_back(moderator: Moderator, come: Come[Commenter]) -> None:
    held(come, "A gauge in every harbour, then.")
    reader = come(Reader)
    reader.opens_article(TIDE)
    before = int(reader.article.get_attribute("data-comment-count") or "")
    expect(reader.comment("A gauge in every harbour, then.")).to_have_count(0)

    moderator.opens("/moderation")
    moderator.decides("A gauge in every harbour, then.", "Approve")
    moderator.sees_note("Approved the comment by Lena")
    reader.page.reload()
    expect(reader.comment("A gauge in every harbour, then.")).to_be_visible()
    expect(reader.article).to_have_attribute("data-comment-count", str(before + 1))

    moderator.presses("u")
    expect(moderator.row("A gauge in every harbour, then.")).to_be_focused()
    reader.page.reload()
    expect(reader.comment("A gauge in every harbour, then.")).to_have_count(0)
    expect(reader.article).to_have_attribute("data-comment-count", str(before))


def test_two_at_once(moderator: Moderator, come: Come[Moderator], site: Site) -> None:
    held(come, "Both of you will see this.")
    site.make_account(COLLEAGUE)
    colleague = come(Moderator)
    colleague.account = COLLEAGUE
    colleague.signs_in()
    moderator.opens("/moderation")
    colleague.decides("Both of you will see this.", "Approve")
    colleague.sees_note("Approved")

    moderator.row("Both of you will see this.").focus()
    moderator.presses("s")
    taken = moderator.page.get_by_text(re.compile("teo approved the comment by Lena")).first
    expect(taken).to_be_visible()
    moderator.sees_note("changed nothing")
    expect(moderator.row("Both of you will see this.")).to_have_count(0)
    reader = come(Reader)
    reader.opens_article(TIDE)
    expect(reader.comment("Both of you will see this.")).to_be_visible()


def test_several_at_a_time(moderator: Moderator, come: Come[Commenter]) -> None:
    held(come, "First of a pair.", "Second of a pair.")
    moderator.opens("/moderation")
    moderator.presses("j", "x", "j", "x")
    bar = moderator.page.get_by_role("form", name="Ticked comments")
    expect(bar).to_contain_text("2 ticked")
    moderator.presses("t")
    moderator.sees_note("Trashed 2 comments")
    expect(moderator.row("of a pair.")).to_have_count(0)
    moderator.presses("u")
    moderator.sees_note("are where they were")
    expect(moderator.row("of a pair.")).to_have_count(2)


def test_restored_from_spam_and_found_by_search(moderator: Moderator, come: Come[Commenter]) -> None:
    held(come, "The barometer in the pilot house.")
    moderator.opens("/moderation")
    moderator.decides("barometer", "Spam")
    moderator.sees_note("as spam")
    moderator.page.get_by_role("link", name=re.compile("^Spam")).click()
    moderator.page.wait_for_url("**status=spam")
    moderator.presses("/")
    moderator.page.keyboard.type("barometer")
    moderator.presses("Enter")
    expect(moderator.rows()).to_have_count(1)
    moderator.presses("j", "h")
    moderator.sees_note("Held the comment by Lena")
    moderator.opens("/moderation")
    expect(moderator.row("barometer")).to_be_visible()
    moderator.opens("/moderation/log")
    expect(moderator.main.get_by_role("listitem").first).to_contain_text("held the comment by Lena")
