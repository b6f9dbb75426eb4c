"""An editor chooses what leads the front page, and lets it go again."""

from __future__ import annotations

import pytest

from e2e.conftest import Come, Site
from e2e.people import EDITOR, PHONE, TIDE, WITHOUT_SCRIPT, Moderator, Reader
from e2e.test_accessibility import problems, scrolls_sideways

SAND = "Storing summer in sand"


@pytest.fixture(scope="module", autouse=True)
def editor_account(site: Site) -> None:
    site.make_account(EDITOR)


def lead(reader: Reader) -> str:
    reader.opens("/")
    return reader.main.get_by_role("article").first.get_by_role("heading").inner_text().replace("\n", " ")


@pytest.mark.parametrize("how", [{}, PHONE, WITHOUT_SCRIPT], ids=["desk", "phone", "without script"])
def test_a_pin_leads_for_every_reader_at_once(come: Come[Moderator], how: dict[str, object]) -> None:
    reader = come(Reader)
    assert lead(reader) == TIDE
    editor = come(Moderator, account=EDITOR, **how)
    editor.signs_in("/desk/front")
    editor.page.get_by_label("Search articles").fill("silo sand")
    editor.page.get_by_role("button", name="Search", exact=True).click()
    editor.page.get_by_role("button", name=f"Lead: pin {SAND}").click()
    editor.sees_note(f"Lead: “{SAND}” is pinned.")
    assert lead(reader) == SAND
    editor.page.get_by_role("button", name=f"Let go of {SAND}").click()
    editor.sees_note("Lead: filled by itself again.")
    assert lead(reader) == TIDE


def test_by_keyboard(come: Come[Moderator]) -> None:
    editor = come(Moderator, account=EDITOR)
    editor.signs_in("/desk/front")
    button = editor.page.get_by_role("list", name="The newest").get_by_role("button").nth(4)
    name = (button.get_attribute("aria-label") or "").partition(": pin ")[2]
    button.focus()
    editor.presses("Enter")
    editor.sees_note(f"“{name}” is pinned.")
    editor.page.get_by_role("button", name=f"Let go of {name}").focus()
    editor.presses("Enter")
    editor.sees_note("filled by itself again")


@pytest.mark.parametrize("how", [{}, {"color_scheme": "dark"}, PHONE], ids=["desk", "dark", "phone"])
def test_axe_finds_nothing(come: Come[Moderator], how: dict[str, object]) -> None:
    editor = come(Moderator, account=EDITOR, **how)
    editor.signs_in("/desk/front")
    for path in ("/desk/front", "/desk/front?q=zyzzyva"):
        editor.opens(path)
        assert problems(editor.page) == [], path
        assert not scrolls_sideways(editor.page), path
