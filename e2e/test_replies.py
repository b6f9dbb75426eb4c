"""A commenter looks at a comment before posting it, quotes another, hears of new ones and of replies by mail."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from e2e.conftest import Come, Site
from e2e.mail import link_in, mail_to
from e2e.people import PHONE, TIDE, WITHOUT_SCRIPT, Commenter, Moderator
from e2e.test_accessibility import problems, scrolls_sideways

TEXT = "The <em>second</em> bell, see https://example.org/bell"


@pytest.mark.parametrize("how", [{}, PHONE, WITHOUT_SCRIPT], ids=["desk", "phone", "without script"])
def test_a_preview_shows_the_comment_as_it_will_stand(come: Come[Commenter], how: dict[str, object]) -> None:
    commenter = come(Commenter, **how)
    commenter.opens_article(TIDE)
    field = commenter.form.get_by_role("textbox", name="Comment")
    field.fill(TEXT)
    commenter.form.get_by_role("button", name="Preview").click()
    preview = commenter.page.locator("#_preview")
    expect(preview.get_by_role("emphasis")).to_have_text("second")
    expect(preview.get_by_role("link", name="https://example.org/bell")).to_be_visible()
    expect(field).to_have_value(TEXT)
    if "java_script_enabled" not in how:
        field.press_sequentially(" and more")
        expect(preview).to_contain_text("and more")
        field.fill("")
        expect(preview).to_contain_text("Please write something.")
        field.fill("Back again")
        expect(preview).to_contain_text("Back again")
        assert problems(commenter.page) == []
        assert not scrolls_sideways(commenter.page)


@pytest.mark.parametrize("how", [{}, WITHOUT_SCRIPT], ids=["desk", "without script"])
def test_a_reply_quotes_what_it_answers(come: Come[Commenter], how: dict[str, object]) -> None:
    commenter = come(Commenter, **how)
    commenter.opens_article(TIDE)
    commenter.page.get_by_role("link", name=re.compile(r"^Reply to ")).first.click()
    commenter.form.get_by_role("link", name="Quote").click()
    field = commenter.form.get_by_role("textbox", name="Comment")
    expect(field).to_have_value(re.compile(r"^<blockquote>.{20,}</blockquote>\s+$"))
    expect(commenter.form.get_by_role("link", name="Quote")).to_be_hidden()


def test_new_comments_are_announced_and_nothing_moves(come: Come[Commenter]) -> None:
    reader = come(Commenter)
    reader.page.clock.install()
    reader.opens_article(TIDE)
    reader.brings_extras()
    place = reader.page.locator("[data-new-comments]")
    where = place.bounding_box()
    writer = come(Commenter)
    writer.opens_article(TIDE)
    writer.posts("While you read this, I wrote that.", "Noor", "noor@post.example")
    moderator = come(Moderator)
    moderator.signs_in()
    moderator.decides("While you read this", "Approve")
    moderator.sees_note("Approved the comment by Noor.")
    reader.page.clock.fast_forward(31_000)
    link = place.get_by_role("link", name="1 new comment")
    expect(link).to_be_visible()
    now = place.bounding_box()
    assert where
    assert now
    assert (where["height"], where["width"]) == (now["height"], now["width"])
    link.click()
    expect(reader.comment("While you read this, I wrote that.")).to_be_visible()
    expect(place.get_by_role("link")).to_have_count(0)


@pytest.mark.parametrize("how", [{}, WITHOUT_SCRIPT], ids=["desk", "without script"])
def test_an_address_is_confirmed_and_mail_is_stopped(
    come: Come[Commenter], site: Site, how: dict[str, object]
) -> None:
    name = f"Sanne {len(how)}"
    commenter = come(Commenter, **how)
    commenter.opens_article(TIDE)
    commenter.form.get_by_role("combobox", name="Tell me about replies").select_option("By e-mail, at once")
    commenter.posts("Tell me when somebody knows.", name, f"sanne{len(how)}@post.example")
    mail = mail_to(site, f"sanne{len(how)}@post.example")
    commenter.opens(link_in(mail, "confirm"))
    commenter.page.get_by_role("button", name="Yes, confirm").click()
    expect(commenter.page.get_by_role("heading", name="Confirmed")).to_be_visible()
    expect(commenter.page.get_by_text("nobody else can use the name")).to_be_visible()
    if "java_script_enabled" not in how:
        assert problems(commenter.page) == []
    borrower = come(Commenter, **how)
    borrower.opens_article(TIDE)
    borrower.posts("I am not her.", name, "kim@post.example")
    expect(borrower.name).to_have_attribute("aria-invalid", "true")
    expect(borrower.text).to_have_value("I am not her.")
