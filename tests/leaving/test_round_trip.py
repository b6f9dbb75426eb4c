"""A site leaves and comes back: compared row by row and file by file, on both databases, also while it is used."""

from __future__ import annotations

import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories import make_account, make_article, make_author, make_category, make_comment, make_tag
from webapp import clock
from webapp.cli import cli
from webapp.database import db, transaction
from webapp.leaving import tables
from webapp.models import Account, Article, Comment, Media, Passkey
from webapp.moderating import chain
from webapp.publishing.demonstration import load
from webapp.settings import store
from webapp.writing import actions
from webapp.writing.fields import Fields


def run(app: Flask, *arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments), obj=app)


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables that leave."""
    db.session.remove()
    with tables.snapshot() as connection:
        return {
            table.name: [json.loads(line) for line in tables.lines(connection, table)]
            for table in tables.kept()
        }


def a_site(app: Flask) -> dict[str, list[dict[str, Any]]]:
    """A site with one of everything that is hard to bring back."""
    media = Path(app.instance_path) / "media" / "2026"
    media.mkdir(parents=True)
    (media / "pier.jpg").write_bytes(b"\xff\xd8\xff" + bytes(range(256)))
    sea = make_category("Sea")
    harbours = make_category("Harbours", parent=sea)
    ines = make_account("ines@desk.example", role="editor", name="Ines “Ü” <b>")
    author = make_author("Mara", account_id=ines.id)
    article = make_article(
        "Ice", authors=[author], categories=[harbours], tags=[make_tag("Ice")], password="sesame"
    )
    with transaction():
        picture = Media(
            file="2026/pier.jpg", mime="image/jpeg", created_at=clock.now(), article_id=article.id
        )
        db.session.add(picture)
        passkey = Passkey(account_id=ines.id, name="“Ü”", credential="-_A", public_key="AA", handle="AA")
        passkey.transports, passkey.sign_count, passkey.made_at = ["usb"], 2**32 - 1, clock.now()
        db.session.add(passkey)
        db.session.flush()
        db.session.get_one(Article, article.id).lead_media_id = picture.id
    first = make_comment(article, 'Ist das Eis dick?\u2028 😀 \\ "quoted"')
    make_comment(article, "Ja.", parent=first)
    draft = actions.create(ines, fields=Fields(headline="Not yet", body="<p>Half a text.</p>"))
    actions.publish(draft.id, Fields(headline="Now", body="<p>Whole.</p>"), 1, by=ines)
    store({"SITE_TITLE": "The Tide"})
    return everything()


@pytest.mark.both_databases
def test_an_exported_site_comes_back_identical(app: Flask, tmp_path: Path, client: FlaskClient) -> None:
    before = a_site(app)
    folder = tmp_path / "out"
    done = run(app, "export", "site", str(folder))
    assert done.exit_code == 0, done.output
    assert "2 articles, 2 comments, 1 file of media" in done.output
    assert folder.stat().st_mode & 0o077 == 0, "nobody else may read it"
    kept = (Path(app.instance_path) / "media/2026/pier.jpg").read_bytes()
    shutil.rmtree(Path(app.instance_path) / "media")
    make_article("Something else")
    back = run(app, "import", "site", str(folder), "--yes")
    assert back.exit_code == 0, back.output
    assert everything() == before
    assert (Path(app.instance_path) / "media/2026/pier.jpg").read_bytes() == kept
    assert chain.verify().broken_at is None
    # It goes on living: new rows get ids of their own, searching and lists find what came back.
    newest = max(row["id"] for row in before["article"])
    assert make_article("After").id > newest
    assert "The Tide" in client.get("/").text
    assert "Now" in client.get("/search?q=whole").text
    above = next(row["path"] for row in before["category"] if row["name"] == "Sea")
    assert ">Ice</a>" in client.get(f"/category/{above}/").text


@pytest.mark.both_databases
def test_a_backup_comes_back_and_is_made_while_the_site_is_used(app: Flask, tmp_path: Path) -> None:
    before, file = a_site(app), tmp_path / "site.tar.gz"
    article = db.session.scalars(select(Article).order_by(Article.id)).first()
    assert article
    seen: list[int] = []

    def busy(_steps: int) -> None:
        # Between two tables of the backup somebody comments: either all of that is in it, or nothing.
        seen.append(make_comment(db.session.get_one(Article, article.id), "In the middle of it.").id)

    from webapp.leaving import bundle

    with file.open("wb") as opened, bundle.archive_for(opened, file.name) as archive:
        bundle.write(bundle.Archive(archive), busy)
    assert seen
    assert bundle.check_archive(file).rows["comment"] == 2
    done = run(app, "restore", str(file), "--yes")
    assert done.exit_code == 0, done.output
    assert everything() == before


def test_the_demonstration_leaves_and_comes_back(app: Flask, tmp_path: Path) -> None:
    load(app)
    before = everything()
    assert run(app, "backup", str(tmp_path / "site.tar")).exit_code == 0
    assert run(app, "restore", str(tmp_path / "site.tar"), "--yes").exit_code == 0
    after = everything()
    assert {name: len(rows) for name, rows in after.items()} == {
        name: len(rows) for name, rows in before.items()
    }
    assert after == before


def test_nothing_is_overwritten_without_being_asked(app: Flask, tmp_path: Path) -> None:
    before = a_site(app)
    file = tmp_path / "site.tar"
    assert run(app, "backup", str(file)).exit_code == 0
    again = run(app, "backup", str(file))
    assert again.exit_code == 1 and "is there already" in again.output
    assert run(app, "restore", str(file)).exit_code == 1
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    full = run(app, "export", "site", str(tmp_path / "full"))
    assert full.exit_code == 1 and "not an empty folder" in full.output
    assert everything() == before


def damage(root: Path, how: str) -> None:
    table = root / "tables" / "article.jsonl"
    manifest = json.loads((root / "manifest.json").read_text())
    if how == "a byte changed":
        table.write_text(table.read_text().replace("Ice", "Ire"))
    elif how == "a file missing":
        (root / "media/2026/pier.jpg").unlink()
    elif how == "no manifest":
        (root / "manifest.json").unlink()
    elif how == "another version":
        (root / "manifest.json").write_text(json.dumps(manifest | {"revision": "0001"}))
    elif how == "a way out":
        (root / "manifest.json").write_text(json.dumps(manifest | {"files": {"../../etc/passwd": "0"}}))
    elif how == "rows that do not fit":
        import hashlib

        table.write_text(table.read_text().replace('"status":"published"', '"status":"nonsense"'))
        files = manifest["files"] | {"tables/article.jsonl": hashlib.sha256(table.read_bytes()).hexdigest()}
        (root / "manifest.json").write_text(json.dumps(manifest | {"files": files}))


@pytest.mark.parametrize(
    "how",
    [
        "a byte changed",
        "a file missing",
        "no manifest",
        "another version",
        "a way out",
        "rows that do not fit",
    ],
)
def test_what_was_damaged_is_refused_and_nothing_changes(app: Flask, tmp_path: Path, how: str) -> None:
    a_site(app)
    root = tmp_path / "out"
    assert run(app, "export", "site", str(root)).exit_code == 0
    make_article("Written since")
    before = everything()
    damage(root, how)
    done = run(app, "import", "site", str(root), "--yes")
    assert done.exit_code == 1, done.output
    assert everything() == before


def test_a_backup_that_leads_out_of_its_folder_is_refused(app: Flask, tmp_path: Path) -> None:
    a_site(app)
    evil = tmp_path / "evil.tar"
    with tarfile.open(evil, "w") as archive:
        link = tarfile.TarInfo("media")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(link)
    done = run(app, "restore", str(evil), "--yes")
    assert done.exit_code == 1 and "Nothing was changed" in done.output
    for broken in (b"", b"no tar at all", evil.read_bytes()[:100]):
        (tmp_path / "broken.tar").write_bytes(broken)
        assert run(app, "restore", str(tmp_path / "broken.tar"), "--yes").exit_code == 1
    assert db.session.scalar(select(Account.id)) is not None
    assert db.session.scalar(select(Comment.id)) is not None
