"""The command line of the desk: exit codes, what goes to which stream, and what a broken file changes."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from tests.factories import make_article, make_comment
from tests.publishing import exports
from webapp.cli import cli
from webapp.database import db
from webapp.models import Article, Comment, ImportRun
from webapp.publishing import demonstration


@pytest.fixture
def standfirst(app):
    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(cli, [str(argument) for argument in arguments], obj=app)
        # The command has a session of its own; ours must not go on showing what it saw before.
        db.session.rollback()
        db.session.expire_all()
        return result

    return run


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_an_import_shows_its_report_and_writes_it(standfirst, tmp_path):
    file = exports.write(tmp_path, exports.item(1, exports.comment(1)))

    result = standfirst("import", "wordpress", file, "--report", tmp_path / "report.json")

    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Brought from old.example (WXR 1.2, utf-8): Old Paper")
    assert "Every item of the file is accounted for." in result.stdout
    written = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert written["tallies"]["post"]["brought"] == 1
    assert {address["url"] for address in written.pop("addresses")} >= {
        "https://old.example/2015/03/post-1/",
        "https://old.example/?p=1",
    }
    assert written == db.session.scalars(select(ImportRun)).one().report


def test_a_broken_file_changes_nothing_and_names_the_line(standfirst, tmp_path):
    text = exports.export(exports.item(1), exports.item(2)).replace("</channel>", "</chanel>")
    file = tmp_path / "broken.xml"
    file.write_text(text, encoding="utf-8")

    result = standfirst("import", "wordpress", file)

    assert result.exit_code == 1
    line = text[: text.index("</chanel>")].count("\n") + 1
    assert f"line {line}, column" in result.stderr
    assert "Nothing was changed." in result.stderr
    assert "Traceback" not in result.output
    assert (count(Article), count(ImportRun)) == (0, 0)


@pytest.mark.parametrize(
    "arguments",
    [
        ("missing.xml",),
        ("export.xml", "--media", "missing"),
        ("export.xml", "--report", "no/folder/report.json"),
    ],
)
def test_what_would_fail_later_is_refused_before(standfirst, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    exports.write(tmp_path, exports.item(1))

    result = standfirst("import", "wordpress", *arguments)

    assert result.exit_code == 1
    assert "Nothing was changed." in result.stderr
    assert count(Article) == 0


def test_wrong_usage_is_exit_code_2(standfirst):
    assert standfirst("import", "wordpress").exit_code == 2
    assert standfirst("import", "spreadsheet").exit_code == 2


@pytest.fixture
def untouched(monkeypatch):
    """A demonstration that nobody has touched; loading the real one takes long and has tests of its own."""
    removed: list[bool] = []
    monkeypatch.setattr(demonstration, "is_untouched", lambda: not removed)
    monkeypatch.setattr(demonstration, "remove", lambda: removed.append(True))
    return removed


def test_an_untouched_demonstration_is_replaced_only_when_told(standfirst, tmp_path, untouched):
    file = exports.write(tmp_path, exports.item(1))

    refused = standfirst("import", "wordpress", file)
    assert (refused.exit_code, count(Article), untouched) == (1, 0, [])
    assert "--yes" in refused.stderr

    done = standfirst("import", "wordpress", file, "--yes")
    assert (done.exit_code, count(Article), untouched) == (0, 1, [True])
    assert "demonstration has been removed" in done.stderr


def test_a_broken_file_leaves_the_demonstration(standfirst, tmp_path, untouched):
    file = tmp_path / "broken.xml"
    file.write_text("<rss>", encoding="utf-8")

    assert standfirst("import", "wordpress", file, "--yes").exit_code == 1
    assert untouched == []


def test_menus(standfirst, tmp_path):
    assert "There are no menus." in standfirst("menus").stdout
    file = exports.write(tmp_path, exports.menu_item(1, "short", "Sea"))
    standfirst("import", "wordpress", file)

    assert standfirst("menus", "place", "short", "main").exit_code == 0
    assert "main" in standfirst("menus").stdout
    assert standfirst("menus", "place", "long", "main").exit_code == 1
    assert standfirst("menus", "place", "short", "ceiling").exit_code == 2


def test_cleaning_stored_texts_again(standfirst):
    article = make_article()
    comment = make_comment(article, "Fine")
    article.body_html = '<p onclick="x()">One</p><script>x()</script>'
    article.appendix_html = '<p class="js-trap">Two</p>'
    comment.body_html = "<p onclick='x()'>Fine</p>"
    db.session.commit()

    first, second = standfirst("markup", "clean"), standfirst("markup", "clean")

    assert "2 texts changed." in first.stdout
    assert "0 texts changed." in second.stdout
    article, comment = db.session.get_one(Article, article.id), db.session.get_one(Comment, comment.id)
    assert "onclick" not in article.body_html + comment.body_html
    assert "One" in article.body_html
    assert article.appendix_html == "<p>Two</p>"
    assert comment.body_html == "<p>Fine</p>"
