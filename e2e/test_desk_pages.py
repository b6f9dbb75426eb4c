"""Every page of the desk: axe finds nothing, in the dark as well, and the narrowest phone need not scroll sideways."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.conftest import Come, Site
from e2e.people import Account, Moderator
from e2e.test_accessibility import NARROW, problems, scrolls_sideways

ADMIN = Account("ada@desk.example", "a drawer full of maps", "admin")
PAGES = (
    "/desk/articles",
    "/desk/articles?tab=published",
    "/desk/articles?tab=trash",
    "/desk/articles/2",
    "/desk/articles/2/versions",
    "/desk/articles/2/preview",
    "/desk/articles/2/numbers",
    "/desk/numbers",
    "/desk/media",
    "/desk/media?kind=untold",
    "/desk/media/2",
    "/desk/categories",
    "/desk/tags",
    "/desk/menus",
    "/desk/menus/1",
    "/desk/messages",
    "/desk/newsletter",
    "/desk/newsletter/readers",
    "/desk/site",
    "/desk/people",
    "/desk/people/1",
    "/desk/account",
    "/desk/account/factor",
    "/moderation/log",
)


@pytest.fixture(scope="module", autouse=True)
def admin_account(site: Site) -> None:
    site.make_account(ADMIN)


@pytest.mark.parametrize("how", [{}, {**NARROW, "color_scheme": "dark"}], ids=["desk", "narrow and dark"])
def test_nothing_is_wrong_with_any_of_them(come: Come[Moderator], how: dict[str, object]) -> None:
    admin = come(Moderator, account=ADMIN, **how)
    admin.signs_in("/desk/account")
    found = {}
    for path in PAGES:
        assert admin.opens(path) == 200, path
        expect(admin.page.get_by_role("heading", level=1).first).to_be_attached()
        # Everything that opens is open, so that what it holds is looked at as well.
        admin.page.evaluate(
            "document.querySelectorAll('details').forEach((one, place) => (one.open = place < 4))"
        )
        wrong = problems(admin.page)
        if scrolls_sideways(admin.page):
            wrong = [*wrong, "scrolls sideways"]
        if wrong:
            found[path] = wrong
    assert found == {}
