"""A reader shares an article: by its link, on a network, on a Mastodon server."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from e2e.conftest import Come, Site
from e2e.people import TIDE, TRAM, WITHOUT_SCRIPT, Reader

INTENTS = {
    "Facebook": "https://www.facebook.com/sharer/sharer.php?",
    "X": "https://x.com/intent/post?",
    "WhatsApp": "https://wa.me/?",
    "Bluesky": "https://bsky.app/intent/compose?",
    "LinkedIn": "https://www.linkedin.com/sharing/share-offsite/?",
    "Reddit": "https://www.reddit.com/submit?",
    "Telegram": "https://t.me/share/url?",
    "Threads": "https://www.threads.net/intent/post?",
    "Pinterest": "https://www.pinterest.com/pin/create/button/?",
}
IN_THE_BAR = ("Facebook", "X", "WhatsApp", "Bluesky")


@pytest.fixture
def may_leave_for() -> tuple[str, ...]:
    return (*INTENTS.values(), "mailto:")


def button(reader: Reader, network: str) -> Locator:
    """A network's button in the bar, or in the menu behind "More", which this opens."""
    if network in IN_THE_BAR:
        return reader.share_bar.get_by_role("button", name=f"Share on {network}", exact=True)
    menu = reader.share_bar.get_by_role("group")
    found = menu.get_by_role("button", name=network, exact=True)
    if not found.is_visible():
        menu.locator("summary").click()
    return found


def click_through(reader: Reader, network: str) -> Request:
    """Clicks the network's button; returns what its new tab has asked for at the network.

    Nothing outside of this machine has an address here, so that the tab gets no further; what the page's own policy
    forbids would not even have been asked for.
    """
    context, intent = reader.page.context, INTENTS[network]
    failed = context.expect_event("requestfailed", lambda request: request.url.startswith(intent))
    with context.expect_page() as tab, failed as request:
        button(reader, network).click()
    tab.value.close()
    assert request.value.failure == "net::ERR_NAME_NOT_RESOLVED"
    return request.value


def article_address(page: Page) -> str:
    return page.locator("link[rel=canonical]").get_attribute("href") or ""


def test_a_share_shows_even_when_the_view_is_answered_late(come: Come[Reader]) -> None:
    """The answer to the view arrives between a click on a button and the answer to that: neither is lost."""
    reader = come(Reader, permissions=["clipboard-read", "clipboard-write"])
    held: list[Route] = []
    for part in ("views", "shares"):
        # A lambda, since Playwright wants a function of Python's own.
        reader.page.route(f"**/{part}", lambda route: held.append(route))  # noqa: PLW0108
    with reader.page.expect_request("**/views"):
        reader.opens_article(TIDE)
    _, before = reader.counted()
    with reader.page.expect_request("**/shares"):
        reader.share_bar.get_by_role("button", name="Copy link").click()
    expect(reader.share_bar.get_by_role("status")).to_have_text("Link copied")
    for route in held:
        with reader.page.expect_response(route.request.url):
            route.continue_()
    reader.sees_counted(shares=before + 1)


def test_copy_the_link(come: Come[Reader]) -> None:
    reader = come(Reader, permissions=["clipboard-read", "clipboard-write"])
    reader.opens_article(TRAM)
    _, before = reader.counted()
    reader.share_bar.get_by_role("button", name="Copy link").click()
    expect(reader.share_bar.get_by_role("status")).to_have_text("Link copied")
    assert reader.page.evaluate("navigator.clipboard.readText()") == article_address(reader.page)
    reader.sees_counted(shares=before + 1)
    expect(reader.page.locator("#_counters")).to_contain_text(f"{before + 1} shares")
    expect(reader.share_block.get_by_role("heading")).to_have_text(f"{before + 1} shares")
    # Once for a reader, an article and a network within half an hour, wherever the button stands.
    with reader.expects_answer("/shares"):
        reader.share_block.get_by_role("button", name="Copy link").click()
    expect(reader.share_block.get_by_role("status")).to_have_text("Link copied")
    reader.sees_counted(shares=before + 1)


def test_without_the_clipboard_the_address_is_shown(reader: Reader) -> None:
    reader.page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    reader.opens_article(TRAM)
    reader.share_bar.get_by_role("button", name="Copy link").click()
    expect(reader.share_bar.get_by_role("status")).to_have_text(article_address(reader.page))


def test_each_network_opens_in_a_tab_of_its_own(reader: Reader) -> None:
    reader.opens_article(TIDE)
    _, before = reader.counted()
    for network in INTENTS:
        request = click_through(reader, network)
        assert request.redirected_from is not None
        assert request.redirected_from.url.endswith("/shares")
        assert "the-town-that-learned-to-tell-the-time-by-the-tide" in request.url
        reader.sees_headline(TIDE)
    assert reader.counted()[1] == before + len(INTENTS)
    # A reader who comes back to this tab finds its numbers brought up to date.
    reader.page.evaluate("window.dispatchEvent(new Event('focus'))")
    reader.sees_counted(shares=before + len(INTENTS))


def test_by_mail(reader: Reader) -> None:
    reader.opens_article(TIDE)
    mail = reader.page.context.expect_event("request", lambda request: request.url.startswith("mailto:"))
    with mail as request:
        reader.share_bar.get_by_role("button", name="E-mail").click()
    assert "subject=The%20town" in request.value.url


@pytest.mark.parametrize("how", [{}, WITHOUT_SCRIPT], ids=["with script", "without"])
def test_on_mastodon(come: Come[Reader], how: dict[str, bool]) -> None:
    reader = come(Reader, **how)
    reader.opens_article(TIDE)
    _, before = reader.counted()
    with reader.page.context.expect_page() as tab:
        button(reader, "Mastodon").click()
    page = tab.value
    expect(page.get_by_role("heading", level=1)).to_have_text("Share on Mastodon")
    server = page.get_by_label("Your server")
    server.fill("not a server")
    page.get_by_role("button", name="Share on Mastodon").click()
    expect(server).to_have_attribute("aria-invalid", "true")
    expect(server).to_have_value("not a server")
    expect(page.get_by_text("Type the name of your server")).to_be_visible()
    server.fill("@lena@mastodon.example")
    page.get_by_role("button", name="Share on Mastodon").click()
    onward = page.get_by_role("link", name="Go on to your server").get_attribute("href") or ""
    assert onward.startswith("https://mastodon.example/share?text=The%20town")
    assert reader.counted()[1] == before + 1


def test_without_script(come: Come[Reader], site: Site) -> None:
    reader = come(Reader, **WITHOUT_SCRIPT)
    reader.opens_article(TRAM)
    _, before = reader.counted()
    expect(reader.share_bar.get_by_role("button", name="Copy link")).to_be_hidden()
    click_through(reader, "Facebook")
    click_through(reader, "Telegram")
    # The page itself may be a minute old.
    assert reader.counted()[1] == before + 2
    assert reader.page.url.startswith(site.url)
