"""What begins or ends in a mail: a moderator decides by a link, a reader has everything erased."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.conftest import Come, Site
from e2e.mail import link_in, mail_to, mails
from e2e.people import EDITOR, PHONE, TIDE, WITHOUT_SCRIPT, Commenter, Moderator, Reader
from e2e.test_accessibility import problems, scrolls_sideways


@pytest.fixture(scope="module")
def newsroom(site: Site) -> Site:
    """With an editor."""
    site.make_account(EDITOR)
    return site


@pytest.mark.parametrize("how", [PHONE, WITHOUT_SCRIPT], ids=["phone", "without script"])
def test_a_copy_is_asked_for_and_everything_is_erased(
    come: Come[Reader], newsroom: Site, how: dict[str, object]
) -> None:
    name = f"Wilma {len(how)}"
    email = f"wilma{len(how)}@post.example"
    writer = come(Commenter, **how)
    writer.opens_article(TIDE)
    writer.posts(f"Forget me, says {name}.", name, email)
    page = writer.page
    writer.opens("/privacy")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose what you would like.")
    if "java_script_enabled" not in how:
        assert problems(page) == []
        assert not scrolls_sideways(page)
    page.get_by_label("Erase what is kept").check()
    page.get_by_role("textbox", name="E-mail").fill(email)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_text("Look into your mail")).to_be_visible()
    writer.opens(link_in(mail_to(newsroom, email), "privacy/confirm"))
    page.get_by_role("button", name="Yes, confirm").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    editor = come(Moderator, account=EDITOR, **how)
    editor.signs_in("/moderation/privacy")
    editor.page.get_by_role("button", name=f"Erase for {email}").click()
    expect(editor.page.get_by_text("It is erased.")).to_be_visible()
    editor.opens("/moderation?status=trashed")
    expect(editor.row(name)).to_have_count(0)
    assert "1 comment was" in mail_to(newsroom, email)


def test_a_moderator_decides_by_a_link(come: Come[Reader], newsroom: Site) -> None:
    editor = come(Moderator, account=EDITOR)
    editor.signs_in("/moderation/rules")
    editor.page.get_by_label("Mail to moderators").select_option("held")
    editor.page.get_by_role("button", name="Save").click()
    expect(editor.page.get_by_text("1 rule changed.")).to_be_visible()
    writer = come(Commenter)
    writer.opens_article(TIDE)
    writer.posts("Shown by one click.", "Jorun", "jorun@post.example")
    writer.sees_waiting("Shown by one click.")
    mail = next(one for one in reversed(mails(newsroom)) if "Jorun wrote" in one)
    somebody = come(Reader)
    somebody.opens(link_in(mail, "decide"))
    expect(somebody.page.get_by_role("blockquote")).to_contain_text("Shown by one click.")
    assert problems(somebody.page) == []
    somebody.page.get_by_role("button", name="Approve").click()
    expect(somebody.page.get_by_text("everybody can read it")).to_be_visible()
    somebody.opens(link_in(mail, "decide"))
    expect(somebody.page.get_by_role("heading", name="Nothing to decide")).to_be_visible()
    reader = come(Reader)
    reader.opens_article(TIDE)
    expect(reader.comment("Shown by one click.")).to_be_visible()
