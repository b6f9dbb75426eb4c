"""`bin/screenshots`: the pictures of the README and of docs/looks.md, from a running site with the demonstration."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from bench.servers import running

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
GALLERY = ROOT / "docs" / "looks.md"
EMAIL, PASSWORD = "ines@desk.example", "eleven kettles on a string"
TIDE = "The town that learned to tell the time by the tide"
NIGHT = "One district, four thousand heat pumps and a single cold night"
PHONE, TABLET, DESK, WIDE = 390, 768, 1280, 1920
PAPER = 794
"""A4, in the pixels of a style sheet."""
ARABIC = (
    "رحلة الماء من الجبل إلى البحر",
    "نص قصير عن الأنهار، وعن الجسور التي تعبرها، وعن المدن التي بنيت على ضفافها.",
    "يبدأ النهر من ينبوع صغير بين الصخور، ثم يجري نحو الوادي حيث تنتظره الحقول والقرى.",
    "وفي الطريق تعبره ثلاثة جسور قديمة.",
    "الجسر الأول من الحجر، وعمره 400 سنة. الجسر الثاني من الحديد. ومن يعرف النهر يعرف المدينة.",
)
"""A headline, a standfirst and paragraphs."""
CONDITIONS: dict[str, dict[str, Any]] = {
    "": {},
    "more contrast": {"contrast": "more"},
    "forced colours": {"forced_colors": "active"},
}
"""What a reader may have asked the browser for."""


@dataclass(frozen=True)
class View:
    """One page in one state: how to get there, and the widths and schemes in which it is taken."""

    name: str
    words: str
    go: Callable[[Page], object]
    widths: tuple[int, ...] = (PHONE, DESK)
    schemes: tuple[str, ...] = ("light",)
    condition: str = ""
    """One of CONDITIONS."""


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="standfirst-pictures-") as folder,
        sync_playwright() as playwright,
    ):
        environment = {"STANDFIRST_INSTANCE": folder, "STANDFIRST_DEVELOPMENT": "1"}
        with running(path="/healthz", **environment) as site:
            make_account(environment)
            command = [sys.executable, "-m", "webapp", "media", "build"]
            subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **environment})
            path = os.environ.get("STANDFIRST_TEST_BROWSER") or None
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            taken = {view: list(take(browser, site, view)) for view in VIEWS}
            browser.close()
    known = {file for files in taken.values() for file in files}
    for old in set(PICTURES.glob("*.webp")) - known:
        old.unlink()
    GALLERY.write_text(gallery(taken), encoding="utf-8")


def make_account(environment: dict[str, str]) -> None:
    command = [
        sys.executable,
        "-m",
        "webapp",
        "account",
        "create",
        EMAIL,
        "--role",
        "editor",
        "--name",
        "Ines",
    ]
    subprocess.run(
        [*command, "--password-stdin"],
        check=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        input=PASSWORD + "\n",
        text=True,
        stdout=subprocess.DEVNULL,
    )


def take(browser: Browser, site: str, view: View) -> list[Path]:
    """Takes the first screens of one page and keeps each as WebP."""
    files: list[Path] = []
    for width in view.widths:
        for scheme in view.schemes:
            page = browser.new_page(
                base_url=site,
                viewport={"width": width, "height": 844 if width == PHONE else 1100},
                color_scheme="dark" if scheme == "dark" else "light",
                device_scale_factor=2 if width == PHONE else 1,
                **CONDITIONS[view.condition],
            )
            view.go(page)
            page.wait_for_load_state("networkidle")
            file = PICTURES / f"{view.name}-{width}{'-dark' if scheme == 'dark' else ''}.webp"
            page.screenshot(path=file.with_suffix(".png"))
            with Image.open(file.with_suffix(".png")) as picture:
                picture.save(file, quality=78, method=6)
            file.with_suffix(".png").unlink()
            page.close()
            print(file.relative_to(ROOT))
            files.append(file)
    return files


def gallery(taken: dict[View, list[Path]]) -> str:
    """The page docs/looks.md."""
    lines = [
        "# How it looks",
        "",
        "Made by `bin/screenshots` from the running demonstration: the first screen of each page, on a phone, a desk",
        "and here and there a tablet, a wide screen or paper. Every token and component in all its states:",
        "`/_styleguide` and `/_styleguide/desk`, in development.",
    ]
    for view, files in taken.items():
        lines += ["", f"## {view.words}", ""]
        lines += [f"![{view.words}, {words_for(file)}](pictures/{file.name})" for file in files]
    return "\n".join(lines) + "\n"


def words_for(file: Path) -> str:
    """Which of a view's pictures this is, such as "390 px, dark"."""
    width = file.stem.removesuffix("-dark").rsplit("-", 1)[-1]
    return f"{width} px{', dark' if file.stem.endswith('-dark') else ''}"


def opens(path: str) -> Callable[[Page], object]:
    return lambda page: page.goto(path)


def article(headline: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.goto("/search?q=" + headline.replace(" ", "+"))
        page.get_by_role("main").get_by_role("link", name=headline).first.click()
        page.get_by_role("heading", level=1, name=headline).wait_for()

    return go


def discussion(page: Page) -> None:
    article(NIGHT)(page)
    go_to_discussion(page)


def discussion_on_paper(page: Page) -> None:
    on_paper(article(NIGHT))(page)
    go_to_discussion(page)


def go_to_discussion(page: Page) -> None:
    # What lies above is laid out only when it is near, so the place moves while the page goes there.
    for _ in range(3):
        page.get_by_role("heading", name="Discussion").evaluate(
            "one => one.scrollIntoView({behavior: 'instant'})"
        )
        page.wait_for_timeout(200)


def errors(page: Page) -> None:
    article("Bench at Canal Row is back after a vote")(page)
    page.get_by_role("button", name="Post comment").click()
    problem = page.locator(".reply-problem")
    problem.wait_for()
    problem.evaluate("one => one.scrollIntoView({behavior: 'instant'})")


def menu(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Menu").click()


def on_paper(go: Callable[[Page], object]) -> Callable[[Page], None]:
    def print_it(page: Page) -> None:
        go(page)
        page.emulate_media(media="print")

    return print_it


def search_as_you_type(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill("tide")
    page.get_by_role("link", name="View all results").wait_for()


def signed_in(path: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.goto(f"/sign-in?next={path}")
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{path}*")

    return go


def editor(page: Page) -> None:
    signed_in("/desk/articles")(page)
    page.get_by_role("link", name=TIDE, exact=True).click()
    page.locator("#editor-body").wait_for()


def in_arabic(page: Page) -> None:
    headline, standfirst, *paragraphs = ARABIC
    signed_in("/desk/articles")(page)
    page.get_by_role("button", name="New article").click()
    text = page.locator("#editor-body")
    text.wait_for()
    page.get_by_label("Headline", exact=True).fill(headline)
    page.get_by_label("Standfirst", exact=True).fill(standfirst)
    text.click()
    for words in paragraphs:
        page.keyboard.insert_text(words)
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("link", name="See it").click()
    page.get_by_role("heading", level=1, name=headline).wait_for()


def media_file(page: Page) -> None:
    signed_in("/desk/media")(page)
    page.get_by_role("link", name="The town that learned").first.click()
    page.locator(".media-desk").wait_for()


def edition(page: Page) -> None:
    signed_in("/desk/newsletter")(page)
    page.get_by_role("button", name="New edition").click()
    page.get_by_label("Subject").fill("The week by the water")
    page.get_by_label("A few words before the articles").fill(
        "Good morning. This week a town learned to tell the time."
    )
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.get_by_text("Saved.").wait_for()
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")


def main_menu(page: Page) -> None:
    signed_in("/desk/menus")(page)
    page.get_by_role("main").get_by_role("link", name="Main").click()
    page.get_by_role("heading", name="As readers see it").wait_for()


VIEWS = (
    View("front", "Front page", opens("/"), (PHONE, TABLET, DESK), ("light", "dark")),
    View("front-wide", "Front page on a wide screen", opens("/"), (WIDE,)),
    View(
        "front-contrast",
        "Front page with more contrast",
        opens("/"),
        (DESK,),
        ("light", "dark"),
        "more contrast",
    ),
    View(
        "front-forced",
        "Front page in a reader’s own colours",
        opens("/"),
        (DESK,),
        ("dark",),
        "forced colours",
    ),
    View("menu", "Menu", menu, (PHONE,)),
    View("article", "Article", article(TIDE), (PHONE, TABLET, DESK), ("light", "dark")),
    View("article-wide", "Article on a wide screen", article(TIDE), (WIDE,)),
    View("article-paper", "Article on paper", on_paper(article(TIDE)), (PAPER,)),
    View("long-read", "Article with contents and notes", article(NIGHT), (DESK,)),
    View("discussion", "Discussion", discussion, (PHONE, DESK), ("light", "dark")),
    View(
        "discussion-contrast",
        "Discussion with more contrast",
        discussion,
        (PHONE,),
        ("light", "dark"),
        "more contrast",
    ),
    View("discussion-paper", "Discussion on paper", discussion_on_paper, (PAPER,)),
    View("errors", "Reply form with errors", errors),
    View("category", "Category", opens("/category/science/")),
    View("author", "Author", opens("/author/ilse-varnholt/"), (DESK,)),
    View("archive", "Archive by month", opens("/archive"), (DESK,)),
    View("search", "Search results", opens("/search?q=tide")),
    View("search-live", "Search while typing", search_as_you_type, (DESK,)),
    View("nothing-found", "Nothing found", opens("/search?q=zyzzyva"), (DESK,)),
    View("table", "Page with a long table", opens("/places/")),
    View("how-we-count", "How we count", opens("/how-we-count"), (DESK,)),
    View("not-found", "A page that is not there", opens("/2020/01/never-written/"), (PHONE, DESK)),
    View("bookmarks", "Saved articles, none yet", opens("/bookmarks"), (PHONE,)),
    View("trending", "Trending, a day, a week or a month", opens("/trending"), (PHONE,)),
    View("newsletter", "Signing up for the newsletter", opens("/newsletter"), (PHONE,)),
    View("sign-in", "Sign-in", opens("/sign-in"), (PHONE, DESK)),
    View("queue", "Moderation queue", signed_in("/moderation"), (PHONE, DESK), ("light", "dark")),
    View("queue-wide", "Moderation queue on a wide screen", signed_in("/moderation"), (WIDE,)),
    View(
        "queue-contrast",
        "Moderation queue with more contrast",
        signed_in("/moderation"),
        (DESK,),
        ("light", "dark"),
        "more contrast",
    ),
    View(
        "queue-forced",
        "Moderation queue in a moderator’s own colours",
        signed_in("/moderation"),
        (DESK,),
        ("dark",),
        "forced colours",
    ),
    View("log", "Log of decisions", signed_in("/moderation/log"), (DESK,)),
    View("desk", "Articles at the desk", signed_in("/desk/articles"), (PHONE, DESK), ("light", "dark")),
    View("editor", "An article in the editor", editor, (PHONE, DESK), ("light", "dark")),
    View("media", "Media library", signed_in("/desk/media"), (PHONE, DESK)),
    View("media-file", "A picture of the library", media_file, (DESK,)),
    View("edition", "An edition of the newsletter", edition, (PHONE, DESK)),
    View("readers", "The newsletter’s readers", signed_in("/desk/newsletter/readers"), (DESK,)),
    View("numbers", "How the paper is read", signed_in("/desk/numbers"), (DESK,), ("light", "dark")),
    View("menus", "A menu at the desk", main_menu, (DESK,)),
    View("account", "One’s own account", signed_in("/desk/account"), (DESK,)),
    View("rules", "Rules for comments", signed_in("/moderation/rules"), (DESK,)),
    View("site", "Settings of the site", signed_in("/desk/site"), (DESK,)),
    View("front-desk", "Choosing what leads the front page", signed_in("/desk/front"), (DESK,)),
    View("styleguide", "Style guide", opens("/_styleguide"), (DESK,)),
    View("styleguide-desk", "Style guide of the desk", opens("/_styleguide/desk"), (DESK,)),
    # Last, since it is published for it and would stand on other pictures.
    View("article-arabic", "An article that is read from the right", in_arabic),
)


if __name__ == "__main__":
    main()
