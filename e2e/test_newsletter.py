"""The newsletter from signing up to the click that ends it."""

from __future__ import annotations

import csv
import re
import urllib.request
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Come, Site
from e2e.mail import link_in, mail_to, mails
from e2e.newsroom import Writer
from e2e.people import EDITOR, PHONE, WITHOUT_SCRIPT, Reader
from e2e.test_accessibility import problems, scrolls_sideways


@pytest.fixture(scope="module", autouse=True)
def newsroom(site: Site) -> None:
    site.make_account(EDITOR)


def newest_mail(site: Site, address: str) -> EmailMessage:
    """The newest mail to an address as it went out, headers and all."""
    mails(site)
    folder = Path(site.environment["STANDFIRST_INSTANCE"], "mail")
    files = sorted(folder.glob("*.eml"), key=lambda file: int(file.stem), reverse=True)
    for file in files:
        mail = message_from_bytes(file.read_bytes(), policy=default)
        if mail["To"] == address:
            assert isinstance(mail, EmailMessage)
            return mail
    raise AssertionError(f"No mail to {address}.")


def adds(page: Page, count: int) -> None:
    """Puts so many of the articles that are offered into the edition; what is new since the last one stands there."""
    for _ in range(count):
        button = page.get_by_role("button", name=re.compile("^Add: ")).first
        name = (button.get_attribute("aria-label") or "").removeprefix("Add: ")
        button.press("Enter")
        expect(page.get_by_role("button", name=f"Take out: {name}", exact=True)).to_be_visible()


@pytest.mark.parametrize("how", [{}, PHONE, WITHOUT_SCRIPT], ids=["desk", "phone", "without script"])
def test_from_signing_up_to_the_click_that_ends_it(
    site: Site, come: Come[Reader], how: dict[str, object]
) -> None:
    with_script = how is not WITHOUT_SCRIPT
    address = f"reader{len(how)}{'x' if with_script else 'y'}@post.example"
    reader = come(Reader, **how)
    reader.opens("/")
    page = reader.page
    block = page.get_by_role("complementary", name="The week by the water, in four minutes")
    block.get_by_label("Your e-mail address").fill(address)
    block.get_by_role("button", name="Sign up").click()
    reader.sees_headline("One more step")
    reader.opens(link_in(mail_to(site, address), "newsletter/confirm"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm the newsletter")
    if with_script:
        assert problems(page) == []
        assert not scrolls_sideways(page)
    page.get_by_role("button", name="Yes, send it to me").click()
    reader.sees_headline("You are on the list")

    subject = f"Good morning, {len(how)}"
    editor = come(Writer, account=EDITOR, **how)
    editor.signs_in("/desk/newsletter")
    desk = editor.page
    desk.get_by_role("button", name="New edition").click()
    desk.get_by_label("Subject").fill(subject)
    desk.get_by_label("A few words before the articles").fill("Good morning.")
    articles = desk.get_by_role("group", name="Articles")
    adds(desk, 3)
    second = articles.get_by_role("listitem").nth(1).locator(".headline").inner_text()
    desk.get_by_role("button", name=f"Up: {second}").click()
    expect(articles.get_by_role("listitem").first).to_contain_text(second)
    expect(desk.get_by_label("Subject")).to_have_value(subject)
    frame = desk.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=2).first).to_have_text(second)
    if with_script:
        assert problems(desk) == []
        assert not scrolls_sideways(desk)
    desk.get_by_role("button", name="Save and send me a test").click()
    expect(desk.get_by_text(f"on its way to {EDITOR.email}")).to_be_visible()
    desk.get_by_role("button", name=re.compile(r"^Send to \d+ readers? …")).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Send it?")
    desk.get_by_role("button", name=re.compile(r"^Send to \d+ reader")).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text(subject)

    assert newest_mail(site, EDITOR.email)["Subject"] == f"Test: {subject}"
    mail = newest_mail(site, address)
    assert mail["Subject"] == subject
    text = mail.get_body(("plain",))
    assert text and second in " ".join(text.get_content().split())
    if with_script:
        expect(desk.get_by_text(re.compile("^Sent"))).to_be_visible()
        assert problems(desk) == []
    else:
        desk.reload()
        expect(desk.get_by_text(re.compile("^Sent"))).to_be_visible()

    # The mail program's own button (RFC 8058): a POST from elsewhere, without any cookie.
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = mail["List-Unsubscribe"].strip("<>")
    reader.opens(stop.removeprefix(site.url))
    expect(page.get_by_role("heading", level=1)).to_have_text("Stop the newsletter?")
    if with_script:
        request = urllib.request.Request(stop, data=b"List-Unsubscribe=One-Click", method="POST")
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 200
    else:
        page.get_by_role("button", name="Stop the newsletter").click()
        reader.sees_headline("No more newsletters")
    editor.opens(f"/desk/newsletter/readers?status=stopped&q={address}")
    expect(editor.main.get_by_text(address)).to_be_visible()


def test_a_wrong_address_is_said_and_stays(come: Come[Reader]) -> None:
    reader = come(Reader, **WITHOUT_SCRIPT)
    reader.opens("/newsletter")
    field = reader.page.get_by_role("textbox", name="E-mail")
    field.fill("lena")
    reader.page.get_by_role("button", name="Sign up").click()
    expect(reader.page.get_by_text("This is no e-mail address.")).to_be_visible()
    expect(field).to_have_value("lena")


def test_an_edition_is_put_together_paused_and_ended_by_keyboard(come: Come[Reader], tmp_path: Path) -> None:
    editor = come(Writer, account=EDITOR)
    editor.signs_in("/desk/newsletter/readers")
    page = editor.page
    list_of = tmp_path / "readers.csv"
    list_of.write_text("email\n" + "".join(f"bulk{n}@post.example\n" for n in range(120)) + "nobody\n")
    page.get_by_label("CSV, or one address a line").set_input_files(list_of)
    page.get_by_label("These readers agreed").focus()
    editor.presses("Space")
    page.get_by_role("button", name="Add them").focus()
    editor.presses("Enter")
    expect(page.get_by_role("status").filter(has_text="120 new readers.")).to_contain_text("Line 122: nobody")
    assert problems(page) == []

    editor.opens("/desk/newsletter")
    editor.presses("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("Edition")
    page.get_by_label("Subject").focus()
    page.keyboard.type("By keyboard")
    adds(page, 3)
    down = page.get_by_role("button", name=re.compile("^Down: ")).first
    name = down.get_attribute("aria-label") or ""
    down.focus()
    editor.presses("Enter")
    articles = page.get_by_role("group", name="Articles").get_by_role("listitem")
    expect(articles.nth(1)).to_contain_text(name.removeprefix("Down: "))
    expect(page.get_by_role("button", name=name)).to_be_focused()
    editor.presses("Enter")
    expect(articles.nth(2)).to_contain_text(name.removeprefix("Down: "))
    page.get_by_role("searchbox", name="Search articles").fill("ferry")
    page.get_by_role("button", name="Search", exact=True).focus()
    editor.presses("Enter")
    expect(page.get_by_role("group", name="Found")).to_be_visible()
    expect(page.get_by_label("Subject")).to_have_value("By keyboard")
    page.get_by_role("button", name=re.compile("^Send to")).focus()
    editor.presses("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Send it?")
    page.get_by_role("button", name=re.compile("^Send to")).focus()
    editor.presses("Enter")
    page.get_by_role("button", name="Pause").focus()
    editor.presses("Enter")
    expect(page.get_by_text("Paused: what the mail server has not taken yet waits.")).to_be_visible()
    page.get_by_role("button", name="End it").focus()
    editor.presses("Enter")
    expect(page.get_by_text("Ended: nobody else gets it.")).to_be_visible()
    assert problems(page) == []

    editor.opens("/desk/newsletter/readers")
    page.get_by_label("Your password").fill(EDITOR.password)
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download CSV").click()
    with Path(caught.value.path()).open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert sum(row["email"].startswith("bulk") and row["state"] == "confirmed" for row in rows) == 120
