"""Everything works without JavaScript: reading, searching, answering, liking, moderating."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from e2e.conftest import Come, Site
from e2e.people import PHONE, TIDE, TRAM, WITHOUT_SCRIPT, Commenter, Moderator, Reader

QUESTION = "which bench? asking for everybody"


@pytest.fixture
def commenter(come: Come[Commenter]) -> Commenter:
    """Somebody on a phone, at the tram article."""
    commenter = come(Commenter, **WITHOUT_SCRIPT, **PHONE)
    commenter.opens_article(TRAM)
    return commenter


def test_reading_from_page_to_page(come: Come[Reader], site: Site) -> None:
    reader = come(Reader, **WITHOUT_SCRIPT)
    reader.opens("/")
    reader.main.get_by_role("heading", name=TIDE, level=2).get_by_role("link").click()
    reader.sees_headline(TIDE)
    reader.tab("Trending").click()
    reader.page.wait_for_url("**/trending*")
    reader.page.get_by_role("link", name="Energy", exact=True).last.click()
    expect(reader.main.get_by_role("listitem").filter(has_text="Energy").first).to_be_visible()
    reader.opens("/latest")
    reader.page.get_by_role("link", name="Load more").click()
    reader.page.wait_for_url("**/latest?*after=*")
    expect(reader.feed_headlines().first).to_be_visible()
    reader.page.go_back()
    expect(reader.page).to_have_url(site.url + "/latest")


def test_searching(come: Come[Reader]) -> None:
    reader = come(Reader, **WITHOUT_SCRIPT)
    reader.opens("/")
    reader.search_field.fill("tram bridge")
    reader.presses("Enter")
    reader.page.wait_for_url("**/search?q=tram+bridge")
    reader.main.get_by_role("link", name=TRAM).click()
    reader.sees_headline(TRAM)


def test_the_menu_of_a_phone_is_reached(come: Come[Reader]) -> None:
    reader = come(Reader, **WITHOUT_SCRIPT, **PHONE)
    reader.opens("/")
    reader.page.get_by_role("contentinfo").get_by_role("link", name="Science").click()
    reader.sees_headline("Science")


def test_a_reply_that_is_put_right(commenter: Commenter, come: Come[Commenter]) -> None:
    commenter.answers(commenter.comment(QUESTION))
    expect(commenter.form).to_have_accessible_name("Reply to gus")
    commenter.text.fill("The one by the water tap.")
    commenter.email.fill("lena at post")
    commenter.hands_in()
    expect(commenter.problem).to_contain_text("2 things to put right. Your text is kept.")
    expect(commenter.form).to_have_accessible_name("Reply to gus")
    expect(commenter.text).to_have_value("The one by the water tap.")
    expect(commenter.name).to_have_accessible_description(re.compile("Please fill in a name"))
    commenter.introduces_herself("Lena", "lena@post.example")
    commenter.hands_in()
    commenter.sees_waiting("The one by the water tap.")
    assert "#comment-" in commenter.page.url

    other = come(Commenter, **WITHOUT_SCRIPT)
    other.opens(commenter.page.url)
    expect(other.comment(QUESTION)).to_be_visible()
    expect(other.comment("The one by the water tap.")).to_have_count(0)


def test_a_reply_thought_better_of(commenter: Commenter) -> None:
    commenter.answers(commenter.comment(QUESTION))
    commenter.form.get_by_role("link", name="Cancel reply").click()
    expect(commenter.form).to_have_accessible_name("Leave a reply")


def test_a_like_and_its_end(commenter: Commenter) -> None:
    comment = commenter.comment(QUESTION)
    before = int(comment.get_attribute("data-like-count") or "")
    commenter.like_button(comment).click()
    commenter.page.get_by_role("button", name="Like", exact=True).click()
    expect(comment).to_have_attribute("data-like-count", str(before + 1))
    expect(commenter.like_button(comment)).to_have_attribute("aria-pressed", "true")
    commenter.like_button(comment).click()
    commenter.page.get_by_role("button", name="Take your like back").click()
    expect(comment).to_have_attribute("data-like-count", str(before))


def test_the_newest_first(commenter: Commenter) -> None:
    orders = commenter.page.get_by_role("navigation", name="Order of comments")
    orders.get_by_role("link", name="Newest").click()
    expect(orders.get_by_role("link", name="Newest")).to_have_attribute("aria-current", "true")


def test_moderating(come: Come[Moderator], commenter: Commenter) -> None:
    commenter.posts("A moderator without a script reads this.", "Ada", "ada@post.example")
    moderator = come(Moderator, **WITHOUT_SCRIPT)
    moderator.signs_in()
    moderator.decides("without a script", "Approve")
    moderator.sees_note("Approved the comment by Ada")
    expect(moderator.row("without a script")).to_have_count(0)
    reader = come(Reader, **WITHOUT_SCRIPT)
    reader.opens_article(TRAM)
    expect(reader.comment("without a script")).to_be_visible()

    moderator.page.get_by_role("button", name=re.compile("^Undo")).click()
    moderator.sees_note("Taken back")
    expect(moderator.row("without a script")).to_be_visible()
    reader.page.reload()
    expect(reader.comment("without a script")).to_have_count(0)

    number = moderator.rows().count()
    for row in moderator.rows().all()[:2]:
        row.get_by_role("checkbox").check()
    bar = moderator.page.get_by_role("form", name="Ticked comments")
    bar.get_by_role("button", name="Trash").click()
    moderator.sees_note("Trashed 2 comments")
    expect(moderator.rows()).to_have_count(number - 2)
    moderator.page.get_by_role("button", name=re.compile("Sign out")).click()
    moderator.opens("/moderation")
    moderator.sees_headline("Sign in")
