"""The style guide shows itself to whoever develops, and to nobody else; it shows every component there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.factories import make_article, make_media
from tests.site.pages import faults, parse
from webapp.database import db
from webapp.models import Account, Article, Comment, Edition, Media

STYLES = Path(__file__).resolve().parents[2] / "static" / "css"
COMPONENTS = sorted([*(STYLES / "components").glob("*.css"), *(STYLES / "staff").glob("*.css")])
PAGES = ("/_styleguide", "/_styleguide/desk")
FAMILIES = {r"tint-\d{3}": "tint-", r"focus-[xy]-\d+": "focus-x-"}
"""One of a family tells for all of it."""
NOT_SHOWN = {
    "the frame of a whole page": """
        archive attachment attachment-text feed-page front front-seconds front-split is-article is-page
        narrow-intro narrow-page article-group desk-head-acts front-offer-head front-said menu-desk menu-head
        menu-preview menu-side preview-frame preview-main queue queue-desk queue-foot queue-rows
        rule-foot site-hint flag-quote search-question queue-pager related
    """,
    "made by a script while somebody reads": """
        autoloaded autoloaded-headline enlarge has-sheet heading-link htmx-request lightbox margin-note
        player sort-button
    """,
    "made by a script while somebody writes": """
        ProseMirror-gapcursor ProseMirror-hideselection ProseMirror-selectednode
        ProseMirror-trailingBreak chips editor-count editor-picture editor-prose editor-raw
        editor-raw-source is-empty is-over is-phone is-selected selectedCell
    """,
}


@pytest.mark.parametrize("path", [*PAGES, "/_styleguide/chart.svg"])
def test_readers_never_meet_it(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.fixture
def developer(app: Flask) -> FlaskClient:
    app.extensions["standfirst_settings"].values["DEVELOPMENT"] = True
    return app.test_client()


@pytest.mark.parametrize("has_articles", [False, True])
@pytest.mark.parametrize("path", PAGES)
def test_it_is_a_sound_page_with_and_without_articles(
    developer: FlaskClient, path: str, has_articles: bool
) -> None:
    if has_articles:
        make_article(lead_media=make_media())
    page = developer.get(path)
    assert page.status_code == 200
    assert [one for one in faults(page.text) if not may_be(one)] == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/_styleguide", "Awaiting moderation. Only you see this"),
        ("/_styleguide", "800 views, 90 shares as imported"),
        ("/_styleguide", "Be the first to reply"),
        ("/_styleguide", "Comments are taken again from"),
        ("/_styleguide/desk", "Teo Marsh saved this article at"),
        ("/_styleguide/desk", "310 of 1,240 handed over, 170 not."),
        ("/_styleguide/desk", "Nothing waits for you."),
        ("/_styleguide/desk", "No alt text"),
    ],
)
def test_a_state_is_shown_in_the_words_that_people_get(developer: FlaskClient, path: str, words: str) -> None:
    page, _ = parse(developer.get(path).text)
    assert words in " ".join("".join(page.itertext()).split())


def may_be(fault: str) -> bool:
    """Samples of whole pages bring their headings along; the editor's script makes what its toolbar is for."""
    return fault.endswith("<h1>") or fault == "aria-controls=editor-body leads nowhere"


def test_nothing_of_it_is_stored(developer: FlaskClient) -> None:
    for path in PAGES:
        developer.get(path)
    for kind in (Account, Article, Comment, Edition, Media):
        assert db.session.scalar(select(func.count()).select_from(kind)) == 0, kind


def test_nothing_of_it_asks_the_server_by_itself(developer: FlaskClient) -> None:
    for path in PAGES:
        for sample in developer.get(path).text.split('<div class="guide-sample">')[1:]:
            inside = sample.split("</section>", 1)[0].split('<h3 class="guide-state">')[0]
            assert not re.search(r"\s(?:hx-[\w:]+|autofocus)[=\s>]", inside), inside[:300]


def test_every_class_of_every_component_is_shown(developer: FlaskClient) -> None:
    make_article(lead_media=make_media(rendition="sample", tint="123", focus_x=20))
    shown, excused = shown_to(developer), set(" ".join(NOT_SHOWN.values()).split())
    missing = {
        f"{path.parent.name}/{path.name}": names
        for path in COMPONENTS
        if (names := {name for name in styled_in(path) if not is_in(name, shown)} - excused)
    }
    assert missing == {}, "show these in templates/styleguide, or say here why not"


def shown_to(developer: FlaskClient) -> set[str]:
    return {name for path in PAGES for name in classes_in(developer.get(path).text)}


def classes_in(html: str) -> set[str]:
    return {name for value in re.findall(r'\sclass="([^"]*)"', html) for name in value.split()}


def styled_in(path: Path) -> set[str]:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    selectors = re.findall(r"([^{};]+)\{", text)
    return {name for selector in selectors for name in re.findall(r"\.([a-zA-Z][\w-]*)", selector)}


def is_in(name: str, shown: set[str]) -> bool:
    family = next((begin for pattern, begin in FAMILIES.items() if re.fullmatch(pattern, name)), None)
    return name in shown or bool(family and any(one.startswith(family) for one in shown))


def test_excuses_are_still_needed(developer: FlaskClient) -> None:
    styled = {name for path in COMPONENTS for name in styled_in(path)}
    shown, excused = shown_to(developer), set(" ".join(NOT_SHOWN.values()).split())
    assert excused - styled == set(), "nothing is styled by these names any more"
    assert excused & shown == set(), "these are shown by now"
