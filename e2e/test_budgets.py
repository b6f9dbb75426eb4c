"""What a first visit of an article with fifty comments may cost: counted in bytes and requests, not in time."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from bench.pages import BUDGETS, REQUESTS
from bench.weight import first_visit
from e2e.conftest import Come, Site
from e2e.people import TRAM, Commenter, Moderator

TEXT = "The {} tram was late, and nobody minded, since the driver told us why and what the heron had to do with it."


@pytest.fixture
def browser(whole_browser: Browser) -> Browser:
    """The other form counts the service worker, which comes when all is there, among the scripts."""
    return whole_browser


def test_an_article_with_fifty_comments(come: Come[Commenter], browser: Browser, site: Site) -> None:
    commenter = come(Commenter)
    commenter.opens_article(TRAM)
    path = commenter.page.url.removeprefix(site.url)
    missing = 50 - int(commenter.article.get_attribute("data-comment-count") or "0")
    for number in range(missing):
        page = commenter.page.request.get(path).text()
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token
        form = {"token": token[1], "form_key": f"key-{number}", "parent": "", "body": TEXT.format(number + 6)}
        form |= {"name": "Lena", "email": "lena@post.example", "website": ""}
        assert commenter.page.request.post(f"{path}comments", form=form, max_redirects=0).status == 303
    moderator = come(Moderator)
    moderator.signs_in("/moderation?status=held")
    moderator.opens("/moderation?q=heron")
    for box in moderator.rows().get_by_role("checkbox").all():
        box.check()
    moderator.page.get_by_role("form", name="Ticked comments").get_by_role("button", name="Approve").click()
    moderator.sees_note("Approved")
    commenter.page.reload()
    expect(commenter.article).to_have_attribute("data-comment-count", "50")

    # A browser asks for the style of all that stands around a form, to fill it in.
    expect(commenter.page.locator("#threads form")).to_have_count(0)
    # Nobody has come near it yet.
    first = commenter.page.locator("#threads .comment-text").first
    assert not first.evaluate("(text) => text.checkVisibility({ contentVisibilityAuto: true })")
    first.scroll_into_view_if_needed()
    commenter.page.wait_for_function(
        "(text) => text.checkVisibility({ contentVisibilityAuto: true })", arg=first.element_handle()
    )

    weight = first_visit(browser, site.url + path)
    over = {kind: weight.kilobytes(kind) for kind, most in BUDGETS.items() if weight.kilobytes(kind) > most}
    assert over == {}
    assert all(weight.kilobytes(kind) > 1 for kind in BUDGETS), "each kind is really there"
    assert weight.request_count <= REQUESTS
    assert weight.elsewhere == []
    assert weight.cookies == 0
