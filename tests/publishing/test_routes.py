"""The desk's pages about imports."""

from __future__ import annotations

import pytest

from tests.factories import make_account, make_article
from tests.publishing import exports
from tests.publishing.helpers import bring
from webapp import clock
from webapp.database import db
from webapp.models import ImportRun


@pytest.fixture
def desk(app, client):
    """Signs somebody in and gives the browser back."""

    def sign_in(role: str):
        make_account("ines@desk.example", role=role)
        data = {"email": "ines@desk.example", "password": "correct horse"}
        answer = client.post("/sign-in", data=data)
        assert answer.status_code == 303
        return client

    return sign_in


def test_only_editors_see_imports(desk, client):
    assert client.get("/desk/imports/").status_code in (302, 303)
    assert desk("moderator").get("/desk/imports/").status_code == 403


def test_a_desk_without_imports_says_how_to_make_one(desk):
    assert "import wordpress" in desk("editor").get("/desk/imports/").text


def test_an_import_and_its_report(desk, tmp_path):
    make_article(permalink="/2015/03/post-1/")
    bring(
        tmp_path,
        exports.item(1, title="One", content="[weather]"),
        exports.item(2, title="<b>Two</b>", kind="product"),
        exports.attachment(3, "2015/03/gone.jpg"),
        title="<i>Old</i> Paper",
    )
    browser = desk("editor")

    page = browser.get("/desk/imports/")
    assert page.status_code == 200
    assert 'href="/desk/imports/1"' in page.text

    report = browser.get("/desk/imports/1").text
    assert report.count("<h1") == 1
    assert "Every item of the file is accounted for." in report
    assert "/2015/03/post-1-2/" in report
    assert "another one has this address" in report
    assert "[weather]" in report
    assert "gone.jpg" in report
    assert "<i>Old" not in report
    assert "/?p=1" not in report
    assert "/?p=1" in browser.get("/desk/imports/1?addresses=all").text


def test_long_lists_of_addresses_have_pages(desk, tmp_path):
    bring(tmp_path, *(exports.item(number) for number in range(1, 151)))
    browser = desk("editor")

    first = browser.get("/desk/imports/1?addresses=all").text
    assert 'rel="next"' in first
    assert 'rel="prev"' in browser.get("/desk/imports/1?addresses=all&page=2").text
    assert browser.get("/desk/imports/1?addresses=all&page=99").status_code == 404
    assert browser.get("/desk/imports/1?page=0").status_code == 404


def test_an_import_that_was_stopped_says_so(desk):
    db.session.add(ImportRun(source="old.example", file_name="export.xml", started_at=clock.now()))
    db.session.commit()
    browser = desk("editor")

    assert "not finished" in browser.get("/desk/imports/").text
    assert "goes on where it was" in browser.get("/desk/imports/1").text


@pytest.mark.parametrize("number", ["2", "0", "99999999999999999999"])
def test_unknown_imports(desk, number):
    assert desk("editor").get(f"/desk/imports/{number}").status_code == 404
