"""People: invited by mail, joined; a second factor from set-up to recovery; nothing wrong on any of the pages."""

from __future__ import annotations

import re

import pyotp
import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Come, Site
from e2e.mail import mails
from e2e.people import PHONE, WITHOUT_SCRIPT, Account, Moderator
from e2e.test_accessibility import problems, scrolls_sideways

ADMIN = Account("ada@desk.example", "a drawer full of maps", "admin")


def link_to(site: Site, address: str) -> str:
    """The way in that was mailed. At some hours other mail goes to the newsroom as well."""
    found = [
        re.search(r"http://\S+/welcome/\S+", mail) for mail in mails(site) if mail.startswith(f"{address}\n")
    ]
    return [one[0] for one in found if one][-1]


@pytest.fixture(scope="module", autouse=True)
def admin_account(site: Site) -> None:
    site.make_account(ADMIN)


def is_fine(page: Page, how: dict[str, object]) -> None:
    """axe finds nothing and nothing scrolls sideways; both take a script to find out."""
    if how is not WITHOUT_SCRIPT:
        assert problems(page) == []
        assert not scrolls_sideways(page)


@pytest.mark.parametrize("how", [{}, PHONE, WITHOUT_SCRIPT], ids=["desk", "phone", "without script"])
def test_somebody_is_invited_and_joins(come: Come[Moderator], site: Site, how: dict[str, object]) -> None:
    admin = come(Moderator, account=ADMIN, **how)
    admin.signs_in("/desk/people")
    page, address = admin.page, f"kofi{len(how)}{'js' if 'has_touch' in how else ''}@desk.example"
    is_fine(page, how)
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Name").fill("Kofi")
    page.get_by_label("Editor has all").check()
    page.get_by_label("Your password").fill("not it")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_text("This is not your password.")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value(address)
    is_fine(page, how)
    page.get_by_label("Your password").fill(ADMIN.password)
    page.get_by_role("button", name="Invite").click()
    admin.sees_note(f"{address} is invited.")
    guest = come(Moderator, **how)
    guest.opens(link_to(site, address))
    is_fine(guest.page, how)
    guest.page.get_by_label("Password").fill("seven gulls on it")
    guest.page.get_by_label("Once more").fill("seven gulls on it")
    guest.page.get_by_role("button", name="Join").click()
    guest.sees_headline("Your account")
    is_fine(guest.page, how)


def test_two_factors_from_set_up_to_recovery(come: Come[Moderator]) -> None:
    one = come(Moderator)
    one.signs_in("/desk/account")
    page = one.page
    page.get_by_role("link", name="Set it up").click()
    expect(page.get_by_role("img", name="The picture for the authenticator")).to_be_visible()
    assert problems(page) == []
    secret = page.locator("[name=secret]").input_value()
    page.get_by_label("The six figures that it shows").fill(pyotp.TOTP(secret).now())
    page.get_by_label("Your password").fill(one.account.password)
    page.get_by_role("button", name="Switch it on").click()
    one.sees_headline("Recovery codes")
    assert problems(page) == []
    codes = page.locator(".codes code").all_inner_texts()
    assert len(set(codes)) == 10
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 recovery codes left.")).to_be_visible()

    # The phone is lost: a recovery code lets in, once.
    other = come(Moderator)
    other.opens("/sign-in?next=/desk/account")
    other.fills_in_sign_in()
    other.page.get_by_role("button", name="Sign in").click()
    other.sees_headline("One more thing")
    assert problems(other.page) == []
    other.page.get_by_label("Code").fill("123456")
    other.presses("Enter")
    expect(other.page.get_by_role("alert")).to_contain_text("This code is not right")
    other.page.get_by_label("Code").fill(codes[3])
    other.presses("Enter")
    other.sees_headline("Your account")
    expect(other.page.get_by_text("9 recovery codes left.")).to_be_visible()

    # Where one is signed in is listed, and ends by a click.
    other.page.get_by_role("button", name="Sign out everywhere else").click()
    other.sees_note("Everywhere else you are signed out.")
    one.opens("/desk/account")
    one.sees_headline("Sign in")


def test_a_password_is_forgotten_and_set_anew(come: Come[Moderator], site: Site) -> None:
    forgetful = Account("otto@desk.example", "I once knew this one", "editor")
    site.make_account(forgetful)
    one = come(Moderator, account=forgetful)
    one.opens("/sign-in")
    one.page.get_by_role("link", name="Forgotten the password?").click()
    assert problems(one.page) == []
    one.page.get_by_label("E-mail").fill(forgetful.email)
    one.page.get_by_role("button", name="Send the mail").click()
    one.sees_note("a mail with a link is on its way")
    one.opens(link_to(site, forgetful.email))
    one.page.get_by_label("Password").fill("now I know it again")
    one.page.get_by_label("Once more").fill("now I know it again")
    one.page.get_by_role("button", name="Set it").click()
    one.sees_headline("Your account")
    one.opens("/desk/site")
    one.sees_headline("Site")
    assert problems(one.page) == []
