"""Passkeys with Chromium's own authenticator: set up, signed in with, asked instead of code and password, removed."""

from __future__ import annotations

from typing import Any

import pyotp
import pytest
from playwright.sync_api import CDPSession, Page, expect

from e2e.conftest import Come, Site
from e2e.people import PHONE, WITHOUT_SCRIPT, Account, Moderator
from e2e.test_accessibility import problems, scrolls_sideways

MARIT = Account("marit@desk.example", "six herons in a queue", "admin")
OLE = Account("ole@desk.example", "a bell under the stairs", "editor")
LIV = Account("liv@desk.example", "four buttons and a stone", "author")


@pytest.fixture(scope="module")
def host() -> str:
    """Passkeys belong to a name; no browser makes one for an IP address."""
    return "localhost"


@pytest.fixture(scope="module", autouse=True)
def accounts(site: Site) -> None:
    for one in (MARIT, OLE, LIV):
        site.make_account(one)


class Authenticator:
    """The browser's own, as a phone with a finger on it."""

    def __init__(self, page: Page) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.name = {"authenticatorId": made["authenticatorId"]}

    def credentials(self) -> list[dict[str, Any]]:
        return self.session.send("WebAuthn.getCredentials", self.name)["credentials"]

    def knows_its_owner(self, yes: bool) -> None:
        self.session.send("WebAuthn.setUserVerified", {**self.name, "isUserVerified": yes})


def is_fine(page: Page) -> None:
    assert problems(page) == []
    assert not scrolls_sideways(page)


def adds_passkey(one: Moderator, name: str) -> None:
    page = one.page
    page.get_by_text("Add a passkey …").click()
    form = page.locator("form[data-passkey=create]")
    form.get_by_label("A name for it").fill(name)
    form.get_by_label("Your password").fill(one.account.password)
    form.get_by_role("button", name="Add it").click()
    one.sees_note("The passkey is added.")


def signs_out(one: Moderator) -> None:
    one.page.get_by_role("button", name="Sign out").click()
    one.page.wait_for_url("**/")


@pytest.mark.parametrize("how", [{}, PHONE], ids=["desk", "phone"])
def test_a_passkey_from_set_up_to_removal(come: Come[Moderator], how: dict[str, Any]) -> None:
    account = OLE if how else MARIT
    one = come(Moderator, account=account, **how)
    page, phone = one.page, Authenticator(one.page)
    one.signs_in("/desk/account")
    expect(page.get_by_text("cannot make or use passkeys")).to_be_hidden()
    page.get_by_text("Add a passkey …").click()
    is_fine(page)

    # What is wrong is said where it is typed, and nothing typed is lost.
    form = page.locator("form[data-passkey=create]")
    wrong = form.locator(":scope > [role=alert]")
    form.get_by_label("A name for it").fill("My phone")
    form.get_by_label("Your password").fill("not it")
    form.get_by_role("button", name="Add it").click()
    expect(wrong).to_have_text("This is not your password. Nothing was changed.")
    expect(form.get_by_label("A name for it")).to_have_value("My phone")
    is_fine(page)
    assert phone.credentials() == []

    # A finger that it does not know makes nothing; the next try needs nothing typed anew.
    form.get_by_label("Your password").fill(account.password)
    phone.knows_its_owner(False)
    form.get_by_role("button", name="Add it").click()
    expect(wrong).to_contain_text("Try again")
    phone.knows_its_owner(True)
    form.get_by_role("button", name="Add it").click()
    one.sees_note("The passkey is added.")
    expect(page.get_by_role("listitem").filter(has_text="My phone")).to_contain_text("not used yet")
    assert account.email not in str(phone.credentials()[0]["userHandle"])
    is_fine(page)

    # The same device takes no second one.
    page.get_by_text("Add a passkey …").click()
    form.get_by_label("A name for it").fill("Again")
    form.get_by_label("Your password").fill(account.password)
    form.get_by_role("button", name="Add it").click()
    expect(wrong).to_contain_text("has a passkey of your account already")

    # Signing in with nothing typed, and to where one wanted.
    signs_out(one)
    one.opens("/sign-in?next=/desk/articles")
    is_fine(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    one.sees_headline("Articles")

    # Before something dangerous it answers in place of the password.
    one.opens("/desk/account")
    item = page.get_by_role("listitem").filter(has_text="My phone")
    expect(item).to_contain_text("used just now")
    item.get_by_text("Rename or remove").click()
    item.get_by_label("Its name").fill("Old phone")
    item.get_by_role("button", name="Rename").click()
    one.sees_note("The passkey has its new name.")
    item = page.get_by_role("listitem").filter(has_text="Old phone")
    item.get_by_text("Rename or remove").click()
    item.get_by_role("button", name="Use a passkey instead").click()
    expect(item.get_by_role("status")).to_contain_text("Your passkey has answered for you.")
    expect(item.get_by_label("Your password")).to_be_hidden()
    is_fine(page)
    expect(item.get_by_role("button", name="Remove it")).to_be_focused()
    one.presses("Enter")
    one.sees_note("The passkey is removed")
    signs_out(one)
    one.opens("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="Not signed in.")).to_contain_text("opens nothing here")
    is_fine(page)


def test_a_passkey_is_the_second_step_and_confirms(come: Come[Moderator]) -> None:
    """By keyboard alone, from the second sign-in on."""
    one = come(Moderator, account=LIV)
    page, phone = one.page, Authenticator(one.page)
    one.signs_in("/desk/account")
    adds_passkey(one, "Key ring")
    one.page.get_by_role("link", name="Set it up").click()
    secret = page.locator("[name=secret]").input_value()
    page.get_by_label("The six figures that it shows").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Use a passkey instead").click()
    expect(page.get_by_role("button", name="Switch it on")).to_be_focused()
    one.presses("Enter")
    one.sees_headline("Recovery codes")
    signs_out(one)

    one.opens("/sign-in?next=/desk/account")
    one.fills_in_sign_in()
    one.presses("Enter")
    one.sees_headline("One more thing")
    is_fine(page)
    expect(page.get_by_label("Code")).to_be_focused()
    button = page.get_by_role("button", name="Use a passkey")
    for _ in range(3):
        one.presses("Tab")
    expect(button).to_be_focused()
    one.presses("Enter")
    one.sees_headline("Your account")

    # The password and a code are asked for, or the passkey.
    fold = page.get_by_text("New recovery codes, or switch it off …")
    fold.focus()
    one.presses("Enter")
    for _ in range(3):
        one.presses("Tab")
    section = page.get_by_role("region", name="Second factor")
    expect(section.get_by_role("button", name="Use a passkey instead")).to_be_focused()
    one.presses("Enter")
    expect(section.get_by_role("button", name="Make new codes")).to_be_focused()
    is_fine(page)
    one.presses("Tab")
    one.presses("Enter")
    one.sees_note("The second factor is off.")
    assert len(phone.credentials()) == 1


def test_without_script_nothing_of_it_shows(come: Come[Moderator]) -> None:
    one = come(Moderator, account=OLE, **WITHOUT_SCRIPT)
    one.opens("/sign-in")
    expect(one.page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    one.signs_in("/desk/account")
    expect(one.page.get_by_text("cannot make or use passkeys, or its scripts are off")).to_be_visible()
    expect(one.page.get_by_text("Add a passkey …")).to_be_hidden()


def test_a_browser_without_passkeys_shows_nothing_of_it(come: Come[Moderator]) -> None:
    one = come(Moderator, account=OLE)
    one.page.context.add_init_script("delete window.PublicKeyCredential")
    one.opens("/sign-in")
    expect(one.page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    one.signs_in("/desk/account")
    expect(one.page.get_by_text("cannot make or use passkeys")).to_be_visible()
    expect(one.page.get_by_text("Add a passkey …")).to_be_hidden()
