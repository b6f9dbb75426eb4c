"""On a phone, a commenter answers somebody, gets something wrong, and posts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from e2e.conftest import Come
from e2e.people import PHONE, TRAM, Commenter, Reader

QUESTION = "which bench? asking for everybody"


@pytest.fixture
def commenter(come: Come[Commenter]) -> Commenter:
    """Somebody at the tram article on a phone."""
    commenter = come(Commenter, **PHONE)
    commenter.opens_article(TRAM)
    return commenter


def thread_of(commenter: Commenter, comment: Locator) -> Locator:
    """The innermost list item around a comment: the comment, its replies, and the form while it is answered."""
    return commenter.page.get_by_role("listitem").filter(has=comment).last


def test_a_reply_where_it_belongs(commenter: Commenter, come: Come[Commenter]) -> None:
    question = commenter.comment(QUESTION)
    commenter.answers(question)
    expect(commenter.form).to_have_accessible_name("Reply to gus")
    expect(commenter.text).to_be_focused()
    expect(thread_of(commenter, question).get_by_role("form")).to_be_visible()

    commenter.posts("The green one by the water tap.", "Lena", "lena@post.example")
    reply = commenter.comment("The green one by the water tap.")
    commenter.sees_waiting("The green one by the water tap.")
    expect(reply).to_be_focused()
    expect(
        thread_of(commenter, question).get_by_role("article").filter(has_text="The green one")
    ).to_have_count(1)
    expect(commenter.form).to_have_accessible_name("Leave a reply")
    expect(commenter.text).to_have_value("")

    commenter.page.reload()
    commenter.sees_waiting("The green one by the water tap.")
    other = come(Commenter)
    other.opens(commenter.page.url)
    expect(other.comment(QUESTION)).to_be_visible()
    expect(other.comment("The green one by the water tap.")).to_have_count(0)


def test_what_is_wrong_is_said_and_nothing_is_lost(commenter: Commenter) -> None:
    commenter.text.fill("Seven Elms, at noon.")
    commenter.email.fill("lena at post")
    commenter.hands_in()
    expect(commenter.problem).to_contain_text("2 things to put right. Your text is kept.")
    expect(commenter.problem).to_be_focused()
    expect(commenter.text).to_have_value("Seven Elms, at noon.")
    expect(commenter.email).to_have_value("lena at post")
    for field in (commenter.name, commenter.email):
        expect(field).to_have_attribute("aria-invalid", "true")
    expect(commenter.name).to_have_accessible_description(re.compile("Please fill in a name"))
    commenter.problem.get_by_role("link", name=re.compile("^Name:")).click()
    expect(commenter.name).to_be_focused()

    commenter.introduces_herself("Lena", "lena@post.example")
    commenter.hands_in()
    commenter.sees_waiting("Seven Elms, at noon.")
    expect(commenter.problem).to_have_count(0)


def test_an_empty_reply_stays_a_reply(commenter: Commenter) -> None:
    question = commenter.comment(QUESTION)
    commenter.answers(question)
    commenter.hands_in()
    expect(commenter.problem).to_contain_text("3 things to put right")
    expect(commenter.problem).to_be_focused()
    expect(commenter.form).to_have_accessible_name("Reply to gus")
    expect(thread_of(commenter, question).get_by_role("form")).to_be_visible()


def test_the_same_again_is_refused(commenter: Commenter, come: Come[Commenter]) -> None:
    commenter.posts("Twice is once too often.")
    commenter.sees_waiting("Twice is once too often.")
    commenter.posts("Twice is once too often.")
    expect(
        commenter.page.get_by_role("alert").filter(has_text="You have said exactly this here before.")
    ).to_be_focused()
    expect(commenter.text).to_have_value("Twice is once too often.")
    expect(commenter.comment("Twice is once too often.")).to_have_count(1)


def test_the_name_is_kept_when_asked_for(commenter: Commenter, come: Come[Commenter]) -> None:
    keep = commenter.form.get_by_role("checkbox", name=re.compile("^Save my name"))
    keep.check()
    commenter.posts("Keep me in mind.", "Lena Brook", "lena.brook@post.example")
    commenter.sees_waiting("Keep me in mind.")
    expect(commenter.name).to_have_value("Lena Brook")
    commenter.page.reload()
    expect(commenter.name).to_have_value("Lena Brook")
    expect(commenter.email).to_have_value("lena.brook@post.example")
    expect(keep).to_be_checked()
    other = come(Commenter)
    other.opens(commenter.page.url)
    expect(other.name).to_have_value("")


def test_a_like_and_its_end(commenter: Commenter, come: Come[Reader]) -> None:
    comment = commenter.comment(QUESTION)
    before = int(comment.get_attribute("data-like-count") or "")
    like = commenter.like_button(comment)
    like.click()
    expect(comment).to_have_attribute("data-like-count", str(before + 1))
    expect(like).to_have_attribute("aria-pressed", "true")
    expect(like).to_be_focused()
    expect(like).to_contain_text(str(before + 1))
    commenter.page.reload()
    expect(like).to_have_attribute("aria-pressed", "true")
    other = come(Commenter)
    other.opens(commenter.page.url)
    expect(other.like_button(other.comment(QUESTION))).to_have_attribute("aria-pressed", "false")
    like.click()
    expect(comment).to_have_attribute("data-like-count", str(before))
    expect(like).to_have_attribute("aria-pressed", "false")


def test_a_like_that_is_refused_or_lost_says_so_and_counts_once_it_arrives(commenter: Commenter) -> None:
    comment = commenter.comment(QUESTION)
    before = int(comment.get_attribute("data-like-count") or "")
    like = commenter.like_button(comment)
    address = like.get_attribute("href")
    like.evaluate("link => link.href = '/comments/999999/likes'")
    like.click()
    expect(comment.get_by_role("alert")).to_contain_text("This comment is not there any more")
    commenter.page.context.set_offline(True)
    like.click()
    expect(comment.get_by_role("alert")).to_have_text(
        "No answer came. Look whether you are online, and try again."
    )
    comment.get_by_role("link", name="Report").click()
    expect(comment.get_by_role("alert")).to_have_count(1)
    commenter.page.context.set_offline(False)
    like.evaluate("(link, address) => link.href = address", address)
    like.click()
    expect(comment).to_have_attribute("data-like-count", str(before + 1))
    expect(comment.get_by_role("alert")).to_have_count(0)
    like.click()
    expect(comment).to_have_attribute("data-like-count", str(before))


def test_a_reply_thought_better_of(commenter: Commenter) -> None:
    question = commenter.comment(QUESTION)
    commenter.answers(question)
    commenter.text.fill("On second thoughts.")
    commenter.form.get_by_role("link", name="Cancel reply").click()
    expect(commenter.form).to_have_accessible_name("Leave a reply")
    expect(commenter.text).to_have_value("On second thoughts.")
    expect(question.get_by_role("link", name="Reply to gus")).to_be_focused()
    expect(commenter.form.get_by_role("link", name="Cancel reply")).to_be_hidden()
    expect(thread_of(commenter, question).get_by_role("form")).to_have_count(0)


def test_threads_in_another_order_keep_what_is_typed(commenter: Commenter) -> None:
    commenter.answers(commenter.comment(QUESTION))
    commenter.text.fill("Half a thought")
    orders = commenter.page.get_by_role("navigation", name="Order of comments")
    orders.get_by_role("link", name="Newest").click()
    expect(orders.get_by_role("link", name="Newest")).to_have_attribute("aria-current", "true")
    expect(commenter.text).to_have_value("Half a thought")
    expect(commenter.form).to_have_accessible_name("Leave a reply")
