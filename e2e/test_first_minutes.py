"""The newcomer's path: read an article, share it, reply, sign in, approve the reply, see it under the article."""

from __future__ import annotations

from playwright.sync_api import expect

from e2e.conftest import Come
from e2e.people import TIDE, Commenter, Moderator, Reader

REPLY = "My grandmother kept the time by the gulls."


def test_first_minutes(come: Come[Commenter]) -> None:
    newcomer = come(Commenter, permissions=["clipboard-read", "clipboard-write"])
    newcomer.opens("/")
    newcomer.main.get_by_role("heading", name=TIDE).get_by_role("link").first.click()
    newcomer.sees_headline(TIDE)
    _, shares = newcomer.counted()
    newcomer.share_bar.get_by_role("button", name="Copy link").click()
    expect(newcomer.share_bar.get_by_role("status")).to_have_text("Link copied")
    newcomer.sees_counted(shares=shares + 1)

    newcomer.page.get_by_role("link", name="Write a comment").click()
    newcomer.posts(REPLY, "Newcomer", "newcomer@post.example")
    newcomer.sees_waiting(REPLY)
    article = newcomer.page.url.partition("#")[0]

    moderator = Moderator(newcomer.page)
    moderator.signs_in()
    moderator.decides(REPLY, "Approve")
    moderator.sees_note("Approved the comment by Newcomer")

    moderator.page.get_by_role("link", name="View site").click()
    newcomer.opens(article)
    expect(newcomer.comment(REPLY)).to_be_visible()
    expect(newcomer.comment(REPLY)).not_to_contain_text("Awaiting moderation")
    reader = come(Reader)
    reader.opens(article)
    expect(reader.comment(REPLY)).to_be_visible()
