"""Who comes to the site: what a reader, a commenter and a moderator do, in words of their own."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Locator, Page, expect

DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WITHOUT_SCRIPT: dict[str, Any] = {"java_script_enabled": False}

TRAM = "How one tram line redrew the map of a medium-sized city"
TIDE = "The town that learned to tell the time by the tide"


@dataclass(frozen=True)
class Account:
    """Somebody of the newsroom."""

    email: str
    password: str
    role: str = "moderator"

    @property
    def name(self) -> str:
        """What colleagues see, where the account has no name of its own."""
        return self.email.partition("@")[0]


MODERATOR = Account("ines@desk.example", "eleven kettles on a string")
COLLEAGUE = Account("teo@desk.example", "a heron in the filing room")
EDITOR = Account("vera@desk.example", "nine lamps along the quay", "editor")


class Reader:
    """Reads: the front page, articles, the news feed, the search."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.main = page.get_by_role("main")
        self.results = page.get_by_role("list", name="Results")
        self.feed = page.get_by_role("complementary", name="News feed")
        self.menu = page.get_by_role("navigation", name="Main menu")
        self.search_field = page.get_by_role("searchbox", name="Search Standfirst")
        self.live_results = page.get_by_role("search", name="Standfirst").get_by_role("list")

    def opens(self, path: str) -> int:
        """Goes to an address; returns the status of the answer."""
        response = self.page.goto(path)
        assert response is not None
        return response.status

    def opens_article(self, headline: str) -> None:
        """Finds an article by its headline and opens it."""
        self.opens(f"/search?q={quote(headline)}")
        self.results.get_by_role("link", name=headline, exact=True).click()
        self.sees_headline(headline)

    def sees_headline(self, headline: str) -> None:
        """Stands on the page with this h1."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(headline)

    @property
    def article(self) -> Locator:
        """The article that this page is about."""
        return self.page.locator("article[data-article-id]")

    @property
    def article_id(self) -> str:
        return self.article.get_attribute("data-article-id") or ""

    def counted(self, article_id: str = "") -> tuple[int, int]:
        """Views and shares of an article, else of the one on this page, as they stand now, whatever a page shows."""
        page = self.page.request.get(f"/_fragments/counters/{article_id or self.article_id}").text()
        views, shares = (re.search(rf'data-{kind}-count="(\d+)"', page) for kind in ("view", "share"))
        assert views
        assert shares
        return int(views[1]), int(shares[1])

    def waits_for_views(self, views: int) -> None:
        """So many are counted: up to a second after the last was told, where others were told just before it."""
        for _ in range(150):
            if self.counted()[0] == views:
                return
            self.page.wait_for_timeout(100)
        assert self.counted()[0] == views

    def sees_counted(self, *, views: int | None = None, shares: int | None = None) -> None:
        """The counters beside the byline say so; shares stand in the block at the end as well."""
        counters = self.page.locator("#_counters")
        if views is not None:
            expect(counters).to_have_attribute("data-view-count", str(views))
        if shares is not None:
            expect(counters).to_have_attribute("data-share-count", str(shares))
            expect(self.share_block).to_have_attribute("data-share-count", str(shares))

    @property
    def share_bar(self) -> Locator:
        return self.page.get_by_role("form", name="Share this article", exact=True)

    @property
    def share_block(self) -> Locator:
        return self.page.get_by_role("region", name=re.compile(r"share", re.IGNORECASE))

    def tab(self, name: str) -> Locator:
        return self.page.get_by_role("tab", name=name)

    def feed_headlines(self) -> Locator:
        """The links to articles in the news feed, beside an article or as a page."""
        return self.page.get_by_role("tabpanel").get_by_role("listitem").get_by_role("link")

    def comment(self, text: str | re.Pattern[str]) -> Locator:
        """The comment that says this."""
        return self.page.get_by_role("article").filter(has_text=text)

    def focused(self) -> Locator:
        """What has the keyboard."""
        return self.page.locator("*:focus")

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tabs_to(self, target: Locator, key: str = "Tab", at_most: int = 200) -> None:
        """Presses Tab until `target` has the keyboard."""
        for _ in range(at_most):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{target} is not reached by {key}")

    def brings_extras(self) -> None:
        """Gives the page a first sign of a reader, which brings what nobody needs at first, and waits for it."""
        self.page.wait_for_load_state("load")
        with self.expects_answer("/static/extras."):
            # A wheel that turns before the first picture of the page is there moves nothing.
            self.page.mouse.move(20, 20)
            self.page.mouse.wheel(0, 50)

    def expects_answer(self, part: str) -> AbstractContextManager[Any]:
        """Waits, at its end, for the answer to a request whose address contains `part`."""
        return self.page.expect_response(lambda response: part in response.url)


class Commenter(Reader):
    """Writes comments, replies and likes."""

    @property
    def form(self) -> Locator:
        return self.page.get_by_role("form", name=re.compile(r"^(Leave a reply|Reply to)"))

    @property
    def text(self) -> Locator:
        return self.form.get_by_role("textbox", name="Comment")

    @property
    def name(self) -> Locator:
        return self.form.get_by_role("textbox", name="Name")

    @property
    def email(self) -> Locator:
        return self.form.get_by_role("textbox", name="E-mail")

    @property
    def problem(self) -> Locator:
        """What is wrong with the form, all of it."""
        return self.page.get_by_role("alert").filter(has_text=re.compile("put right|wrote|kept|already"))

    def introduces_herself(self, name: str, email: str) -> None:
        self.name.fill(name)
        self.email.fill(email)

    def hands_in(self) -> None:
        self.form.get_by_role("button", name=re.compile("^Post ")).click()

    def posts(self, text: str, name: str = "Lena", email: str = "lena@post.example") -> None:
        """Fills the form in where it stands and sends it."""
        self.text.fill(text)
        self.introduces_herself(name, email)
        self.hands_in()

    def sees_waiting(self, text: str) -> None:
        """The own comment is there, marked as waiting."""
        expect(self.comment(text)).to_contain_text("Awaiting moderation")

    def answers(self, comment: Locator) -> None:
        """Follows the reply link of a comment."""
        comment.get_by_role("link", name=re.compile("^Reply to")).click()

    def like_button(self, comment: Locator) -> Locator:
        return comment.get_by_role("button", name=re.compile("^Liked? the comment"))


class Moderator(Reader):
    """Signs in and decides on comments."""

    def __init__(self, page: Page, account: Account = MODERATOR) -> None:
        super().__init__(page)
        self.account = account
        self.note = page.get_by_role("status").filter(visible=True)
        self.keys = page.get_by_role("dialog", name="Keys")

    def signs_in(self, path: str = "/moderation") -> None:
        """Goes to a page of the newsroom and signs in on the way."""
        self.opens(path)
        self.sees_headline("Sign in")
        self.fills_in_sign_in()
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(f"**{path}")

    def fills_in_sign_in(self) -> None:
        self.page.get_by_label("E-mail").fill(self.account.email)
        self.page.get_by_label("Password").fill(self.account.password)

    def rows(self) -> Locator:
        """The comments of the list that is open."""
        return self.main.get_by_role("article")

    def row(self, text: str) -> Locator:
        return self.rows().filter(has_text=text)

    def decides(self, text: str, decision: str) -> None:
        """Presses a button of the comment that says `text`: Approve, Spam, Hold or Trash."""
        self.row(text).get_by_role("button", name=decision).click()

    def sees_held(self, number: int) -> None:
        """The heading says how many wait."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(re.compile(rf"^{number} held"))

    def sees_note(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("status")).to_contain_text(text)
