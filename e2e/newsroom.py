"""Who writes the paper: what an author and an editor do at the desk, in words of their own."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from e2e.people import EDITOR, Account, Moderator

AUTHOR = Account("kofi@desk.example", "seven gulls on one bollard", "author")
SECOND = Account("hana@desk.example", "a ladder against the moon", "editor")


class Writer(Moderator):
    """Writes articles: an author or an editor, with the script or without."""

    def __init__(self, page: Page, account: Account = EDITOR) -> None:
        super().__init__(page, account)
        self.text = page.get_by_role("textbox", name="Text", exact=True)
        self.state = page.locator("#state")
        self.headline = page.get_by_label("Headline", exact=True)

    def begins(self) -> None:
        """Opens a new draft."""
        self.opens("/desk/articles")
        self.page.get_by_role("button", name="New article").click()
        # With the script the field gives way to the editor; what is typed before that moment would go to the field.
        expect(self.page.locator(".ProseMirror, html:not([data-script]) #field-body")).to_be_visible()
        expect(self.text).to_be_visible()

    def opens_in_editor(self, headline: str) -> None:
        self.opens("/desk/articles")
        self.main.get_by_role("link", name=headline, exact=True).click()
        expect(self.headline).to_have_value(headline)

    def writes(self, *paragraphs: str) -> None:
        """Types into the text, a paragraph each."""
        self.text.click()
        self.presses("Control+End")
        for place, words in enumerate(paragraphs):
            if place:
                self.presses("Enter")
            self.page.keyboard.type(words)

    def is_saved(self) -> None:
        """What was typed is on the server."""
        expect(self.page.locator("form#editor")).to_have_attribute("data-state", "saved")
        expect(self.state).to_contain_text(re.compile(r"Saved \d"))

    def tool(self, name: str) -> Locator:
        return self.page.get_by_role("toolbar", name="Text").get_by_role("button", name=name, exact=True)

    def publishes(self) -> None:
        self.page.get_by_role("button", name=re.compile("^Publish")).click()
        expect(
            self.page.get_by_role("status").filter(has_text="Published: readers see it now.")
        ).to_be_visible()

    def leads_to(self) -> str:
        """The public address of the article in the editor."""
        return self.page.get_by_role("link", name="See it").get_attribute("href") or ""
