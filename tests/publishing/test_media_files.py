"""Taking files from --media: everything inside the folder, nothing from outside it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from webapp.publishing import media_files
from webapp.publishing.media_files import MediaSource


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    source, into = tmp_path / "uploads", tmp_path / "media"
    (source / "2015/03").mkdir(parents=True)
    return source, into


def picture(path: Path, size: tuple[int, int] = (40, 30)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, "navy").save(path)


def test_a_picture_is_taken_with_its_sizes(folders):
    source, into = folders
    picture(source / "2015/03/pier.jpg")
    picture(source / "2015/03/pier-20x15.jpg", (20, 15))
    picture(source / "2015/03/pier-house.jpg")

    taken = MediaSource(source, into).take("2015/03/pier.jpg")

    assert taken is not None
    assert (taken.mime, taken.width, taken.height) == ("image/jpeg", 40, 30)
    assert taken.byte_size == (into / "2015/03/pier.jpg").stat().st_size
    assert sorted(path.name for path in (into / "2015/03").iterdir()) == ["pier-20x15.jpg", "pier.jpg"]


@pytest.mark.parametrize("inside", ["", "uploads", "wp-content/uploads"])
def test_the_folder_may_be_uploads_or_hold_it(tmp_path, inside):
    picture(tmp_path / "copy" / inside / "2015/03/pier.jpg")

    assert MediaSource(tmp_path / "copy", tmp_path / "media").take("2015/03/pier.jpg")


def test_what_is_missing_is_none(folders):
    assert MediaSource(*folders).take("2015/03/gone.jpg") is None


@pytest.mark.parametrize(
    "name",
    [
        "../secret.txt",
        "2015/../../secret.txt",
        "/etc/passwd",
        "..",
        ".htaccess",
        "2015/.hidden",
        "a\0b",
        "a\\..\\b",
        "",
    ],
)
def test_no_name_leads_outside(folders, tmp_path, name):
    source, into = folders
    (tmp_path / "secret.txt").write_text("secret")
    (source / ".htaccess").write_text("secret")

    assert MediaSource(source, into).take(name) is None
    assert not into.exists()


def test_links_are_refused(folders, tmp_path):
    source, into = folders
    (tmp_path / "secret.txt").write_text("secret")
    (source / "link.txt").symlink_to(tmp_path / "secret.txt")
    (source / "inner.txt").symlink_to(source / "2015")
    (source / "folder").symlink_to(tmp_path)
    os.mkfifo(source / "pipe.txt")

    taker = MediaSource(source, into)

    for name in ("link.txt", "inner.txt", "folder/secret.txt", "pipe.txt", "2015"):
        assert taker.take(name) is None, name


def test_what_calls_itself_a_picture_need_not_be_one(folders):
    source, into = folders
    (source / "fake.jpg").write_text("<html>")
    (source / "drawing.svg").write_text("<svg/>")

    taker = MediaSource(source, into)

    assert [
        (taken.mime, taken.width) for name in ("fake.jpg", "drawing.svg") if (taken := taker.take(name))
    ] == [
        ("image/jpeg", 0),
        ("image/svg+xml", 0),
    ]


def test_accents_may_be_written_in_two_ways(folders):
    source, into = folders
    (source / "cafe\u0301.txt").write_text("x")

    assert MediaSource(source, into).take("caf\u00e9.txt")
    assert (into / "caf\u00e9.txt").is_file()


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://old.example/wp-content/uploads/2015/03/pier.jpg", "2015/03/pier.jpg"),
        ("https://old.example/blog/wp-content/uploads/2015/03/pier.jpg?w=300#x", "2015/03/pier.jpg"),
        ("https://i0.wp.com/old.example/wp-content/uploads/2015/03/pier.jpg?resize=1", "2015/03/pier.jpg"),
        ("https://old.example/wp-content/uploads/sites/3/2015/03/pier.jpg", "sites/3/2015/03/pier.jpg"),
        ("https://old.example/wp-content/blogs.dir/5/files/2015/03/pier.jpg", "2015/03/pier.jpg"),
        ("https://old.files.wordpress.com/2015/03/pier.jpg", "2015/03/pier.jpg"),
        ("https://old.example/files/2015/03/pier.jpg", "2015/03/pier.jpg"),
        ("/home/ann/www/wp-content/uploads/2008/a.jpg", "2008/a.jpg"),
        ("https://old.example/wp-content/uploads/caf%C3%A9.jpg", "café.jpg"),
        ("https://old.example/wp-content/uploads/../../wp-config.php", ""),
        ("https://old.example/wp-content/uploads/%2e%2e/%2e%2e/wp-config.php", ""),
        ("https://old.example/2015/03/pier/", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_where_an_address_lies_below_the_uploads(address, path):
    assert media_files.relative_path(address) == path
