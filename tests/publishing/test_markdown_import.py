"""`standfirst import markdown`: what a folder becomes on the site, and that a second run changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select

from tests.factories import make_article, make_author, make_category
from tests.publishing.test_markdown_folder import draw, write
from webapp import settings
from webapp.cli import cli
from webapp.database import db
from webapp.models import Article, ArticleTotals, Author, Category, ImportRun, Media, Tag
from webapp.publishing import markdown_import
from webapp.publishing.markdown_import import Mistakes, import_folder


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def run(app: Flask, *arguments: object) -> Result:
    return CliRunner().invoke(cli, ["import", "markdown", *map(str, arguments)], obj=app)


def article(slug: str) -> Article:
    return db.session.scalars(select(Article).where(Article.slug == slug)).one()


@pytest.mark.both_databases
def test_a_folder_becomes_articles_that_readers_can_open(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    root = tmp_path / "paper"
    draw(root, "pictures/quay.png")
    write(
        root,
        "tides.md",
        "headline: The late tide & its “friends”\nkicker: Sea\nstandfirst: Fourteen minutes.\n"
        "authors: [Mara Lindqvist, noor-castellan]\ncategories: [Sea/Harbours, Science]\ntags: [Tides, Skerrow]\n"
        "picture: pictures/quay.png\nalt: A quay\ncaption: The quay at noon.\ncredit: A drawing\n"
        "published: 2026-03-01 08:00\nupdated: 2026-03-02\npermalink: /tides/late/\n"
        "appendix: <p>Measured by hand.</p>",
        "It came [late](light.md#where).\n\n![Again](pictures/quay.png)\n",
    )
    write(root, "light.md", "headline: The light\npublished: 2026-03-02", "## Where\n\nOn the head.\n")
    report = import_folder(root)
    assert (report.tallies["article"].found, report.tallies["article"].brought) == (2, 2)
    assert report.is_complete

    late = article("tides")
    assert late.permalink == "/tides/late/"
    assert article("light").permalink == "/2026/03/light/"
    assert '<a href="/2026/03/light/#where">late</a>' in late.body_html
    assert late.appendix_html == "<p>Measured by hand.</p>"
    assert late.word_count == 3
    assert late.body_format == "markdown"
    assert db.session.get_one(ArticleTotals, late.id).comment_count == 0

    page = client.get("/tides/late/")
    assert page.status_code == 200
    for words in (
        "The late tide &amp; its",
        "Mara Lindqvist",
        "Noor Castellan",
        "The quay at noon.",
        "Tides",
    ):
        assert words in page.text
    picture = db.session.scalars(select(Media)).one()
    assert (picture.width, picture.height, picture.mime, picture.alt) == (30, 20, "image/png", "A quay")
    with client.get(picture.url) as answer:
        assert answer.status_code == 200


@pytest.mark.both_databases
def test_terms_are_linked_in_written_order_and_found_again(app: Flask, tmp_path: Path) -> None:
    sea = make_category("Sea", slug="sea")
    mara = make_author("M. Lindqvist", slug="mara-lindqvist")
    write(
        tmp_path,
        "a.md",
        "headline: A\nauthors: [Zoë Ash, Mara Lindqvist]\ncategories: [Sea / Harbours, sea]\ntags: [Ünder, under]",
    )
    import_folder(tmp_path)
    options = (db.joinedload(Article.authors), db.joinedload(Article.categories), db.joinedload(Article.tags))
    made = db.session.scalars(select(Article).options(*options)).unique().one()
    assert [author.name for author in made.authors] == ["Zoë Ash", mara.name]
    assert [category.path for category in made.categories] == ["sea/harbours", "sea"]
    assert made.categories[0].parent_id == sea.id
    assert [tag.slug for tag in made.tags] == ["under"]
    assert (count(Author), count(Category), count(Tag)) == (2, 2, 1)


def test_a_picture_within_a_text_is_known_by_what_is_said_of_it_first(app: Flask, tmp_path: Path) -> None:
    root = tmp_path / "paper"
    draw(root, "chart.png")
    draw(root, "plain.png")
    write(
        root, "a.md", "headline: A", 'So it rose.\n\n![A *chart* of R&D, 1 < 2.](chart.png "The caption.")\n'
    )
    write(root, "b.md", "headline: B", "![Again](chart.png) ![](plain.png)\n")
    import_folder(root)
    said = dict(db.session.execute(select(Media.file, Media.alt)).all())
    assert sorted(said.values()) == ["", "A chart of R&D, 1 < 2."]


@pytest.mark.both_databases
def test_a_second_run_brings_only_what_is_new(app: Flask, tmp_path: Path) -> None:
    write(tmp_path, "a.md", "headline: A")
    draw(tmp_path, "quay.png")
    write(tmp_path, "b.md", "headline: B\npicture: quay.png\ntags: [Tides]")
    import_folder(tmp_path)
    write(tmp_path, "a.md", "headline: Changed", "Other words.\n")
    write(tmp_path, "c.md", "headline: C\npicture: quay.png", "See [a](a.md).\n")
    report = import_folder(tmp_path)
    tally = report.tallies["article"]
    assert (tally.found, tally.brought, tally.already_here) == (3, 1, 2)
    assert article("a").headline == "A"
    assert f'href="{article("a").permalink}"' in article("c").body_html
    assert (count(Article), count(Media), count(Tag)) == (3, 1, 1)
    assert count(ImportRun) == 2


@pytest.mark.both_databases
def test_pages_nest_under_their_parents(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    write(tmp_path, "a.md", "headline: House rules\nslug: rules\nkind: page\nparent: about")
    write(tmp_path, "b.md", "headline: About\nslug: about\nkind: page")
    import_folder(tmp_path)
    assert article("rules").permalink == "/about/rules/"
    assert article("rules").parent_id == article("about").id
    assert article("rules").comments_hidden
    assert client.get("/about/rules/").status_code == 200


def test_a_page_may_stand_below_one_that_is_there(app: Flask, tmp_path: Path) -> None:
    about = make_article("About", kind="page", slug="about", permalink="/about/")
    write(tmp_path, "a.md", "headline: People\nslug: people\nkind: page\nparent: about")
    import_folder(tmp_path)
    assert article("people").parent_id == about.id
    assert article("people").permalink == "/about/people/"


def test_an_address_that_is_taken_gives_way_and_is_reported(app: Flask, tmp_path: Path) -> None:
    make_article("Here", slug="here", permalink="/tides/")
    write(tmp_path, "a.md", "headline: A\npermalink: /tides/")
    write(tmp_path, "b.md", "headline: B\npermalink: /search")
    report = import_folder(tmp_path)
    assert article("a").permalink == "/tides-2/"
    assert article("b").permalink == "/search-2"
    assert len(report.notes) == 2


def test_drafts_and_scheduled_ones_are_not_shown(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    write(tmp_path, "a.md", "headline: Unfinished\nstatus: draft\npermalink: /draft/")
    write(tmp_path, "b.md", "headline: Tomorrow\npublished: +1d\npermalink: /tomorrow/")
    import_folder(tmp_path)
    assert article("b").status == "scheduled"
    assert client.get("/draft/").status_code == 404
    assert client.get("/tomorrow/").status_code == 404


def test_a_password_is_kept_as_a_hash_and_asked_for(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    write(tmp_path, "a.md", "headline: Locked\npassword: low water\npermalink: /locked/", "The secret.\n")
    import_folder(tmp_path)
    assert "low water" not in (article("a").password_hash or "")
    assert "The secret." not in client.get("/locked/").text


def test_hostile_markup_is_cleaned(app: Flask, tmp_path: Path) -> None:
    write(
        tmp_path,
        "a.md",
        "headline: <b>A</b>",
        '<script>alert(1)</script>\n\n<img src="x" onerror="alert(1)">\n',
    )
    import_folder(tmp_path)
    assert "script" not in article("a").body_html
    assert "onerror" not in article("a").body_html


def test_times_are_meant_in_the_zone_of_the_site(app: Flask, tmp_path: Path) -> None:
    settings.store({"TIME_ZONE": "Asia/Tokyo"})
    write(tmp_path, "a.md", "headline: A\npublished: 2026-03-01 08:00")
    import_folder(tmp_path)
    published = article("a").published_at
    assert published is not None
    assert published.isoformat() == "2026-02-28T23:00:00+00:00"


def test_two_pictures_of_the_same_name_do_not_overwrite_each_other(app: Flask, tmp_path: Path) -> None:
    for number, tint in enumerate(("navy", "maroon")):
        root = tmp_path / str(number) / "paper"
        root.mkdir(parents=True)
        Image.new("RGB", (30, 20), tint).save(root / "quay.png")
        write(root, f"{number}.md", f"headline: A\nslug: a{number}\npicture: quay.png")
        import_folder(root)
    files = db.session.scalars(select(Media.file).order_by(Media.id)).all()
    assert list(files) == ["markdown-paper/quay.png", "markdown-paper/quay-2.png"]
    folder = Path(app.instance_path) / "media"
    assert (folder / files[0]).read_bytes() != (folder / files[1]).read_bytes()


@pytest.mark.both_databases
def test_one_wrong_file_and_nothing_is_changed(app: Flask, tmp_path: Path) -> None:
    root = tmp_path / "paper"
    write(root, "a.md", "headline: Right\ntags: [Tides]")
    write(root, "b.md", "headline: Wrong\npublished: soon")
    with pytest.raises(Mistakes):
        import_folder(root)
    made = run(app, root)
    assert made.exit_code == 1
    assert "b.md, line 3: published: “soon” is no date" in made.stderr
    assert (count(Article), count(Tag), count(ImportRun)) == (0, 0, 0)


def test_the_command_reports_what_it_brought(app: Flask, tmp_path: Path) -> None:
    write(tmp_path, "a.md", "headline: A\nauthors: Mara")
    made = run(app, tmp_path)
    assert made.exit_code == 0
    assert "Every item of the file is accounted for." in made.stdout
    assert run(app, tmp_path).exit_code == 0
    assert count(Article) == 1


def test_the_command_says_what_is_missing(app: Flask, tmp_path: Path) -> None:
    missing = run(app, tmp_path / "nowhere")
    assert (missing.exit_code, "There is no folder" in missing.stderr) == (1, True)
    empty = run(app, tmp_path)
    assert (empty.exit_code, "no Markdown files" in empty.stderr) == (1, True)


def test_progress_is_told_step_by_step(app: Flask, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    for name in "abc":
        write(tmp_path, f"{name}.md", f"headline: {name}")
    import_folder(tmp_path, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert markdown_import.step_count(tmp_path) == 3
