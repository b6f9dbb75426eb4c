"""Files of the media folder: what is served, what is not, and with which rights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient


@pytest.fixture
def folder(app: Flask) -> Path:
    """The media folder with a picture, a sound and things that a browser might run."""
    folder = Path(app.instance_path) / "media"
    (folder / "2013/01").mkdir(parents=True)
    files = {
        "2013/01/pier.jpg": b"picture" * 10,
        "2013/01/waves.mp3": bytes(range(200)),
        "2013/01/chart.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "2013/01/page.html": b"<script>alert(1)</script>",
        "2013/01/page.xhtml": b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
        "2013/01/script.js": b"alert(1)",
        "2013/01/feed.xml": b"<x/>",
        "2013/01/notes.txt": b"notes",
        "2013/01/report.pdf": b"%PDF-1.4",
        "2013/01/odd.weird": b"?",
        "2013/01/noending": b"?",
        "2013/01/.hidden": b"secret",
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def fetch(client: FlaskClient, path: str, **headers: str) -> Any:
    """Reads the answer to its end, which closes the file."""
    return client.get(
        path, headers={name.replace("_", "-"): value for name, value in headers.items()}, buffered=True
    )


@pytest.mark.parametrize("base", ["/media/", "/wp-content/uploads/"])
def test_a_file_is_served_for_a_day(client: FlaskClient, folder: Path, base: str) -> None:
    answer = fetch(client, f"{base}2013/01/pier.jpg")
    assert answer.status_code == 200
    assert answer.data == b"picture" * 10
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = fetch(client, f"{base}2013/01/pier.jpg", If_None_Match=answer.headers["ETag"])
    assert again.status_code == 304


def test_a_size_that_is_not_there_is_answered_by_the_original(client: FlaskClient, folder: Path) -> None:
    assert fetch(client, "/wp-content/uploads/2013/01/pier-300x200.jpg").data == b"picture" * 10
    (folder / "2013/01/pier-150x150.jpg").write_bytes(b"small")
    assert fetch(client, "/wp-content/uploads/2013/01/pier-150x150.jpg").data == b"small"
    assert fetch(client, "/media/2013/01/quay-300x200.jpg").status_code == 404


def test_parts_of_a_sound(client: FlaskClient, folder: Path) -> None:
    answer = fetch(client, "/media/2013/01/waves.mp3", Range="bytes=10-19")
    assert answer.status_code == 206
    assert answer.data == bytes(range(10, 20))
    assert answer.headers["Content-Range"] == "bytes 10-19/200"
    assert fetch(client, "/media/2013/01/waves.mp3", Range="bytes=900-").status_code == 416


@pytest.mark.parametrize(
    "name", ["chart.svg", "page.html", "page.xhtml", "script.js", "feed.xml", "odd.weird", "noending"]
)
def test_what_a_browser_could_run_has_no_rights(client: FlaskClient, folder: Path, name: str) -> None:
    answer = fetch(client, f"/media/2013/01/{name}")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if name != "chart.svg":
        assert answer.mimetype == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_picture_comes_with_few_headers_and_has_no_rights_either(client: FlaskClient, folder: Path) -> None:
    headers = fetch(client, "/media/2013/01/pier.jpg").headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Permissions-Policy" not in headers


@pytest.mark.parametrize(("name", "mime"), [("notes.txt", "text/plain"), ("report.pdf", "application/pdf")])
def test_documents_open_in_the_browser(client: FlaskClient, folder: Path, name: str, mime: str) -> None:
    answer = fetch(client, f"/media/2013/01/{name}")
    assert answer.mimetype == mime
    assert "attachment" not in answer.headers.get("Content-Disposition", "")


@pytest.mark.parametrize(
    "path",
    [
        "../secret_key",
        "..%2fsecret_key",
        "%2e%2e/secret_key",
        "2013/../../secret_key",
        "2013/01/../../../secret_key",
        "..\\secret_key",
        "2013/01/.hidden",
        "2013/01",
        "2013/01/",
        "2013/01/pier.jpg%00.png",
        "2013/01/pier.jpg/x",
        "x" * 400 + ".jpg",
        "//etc/passwd",
    ],
)
def test_nothing_outside_is_served(client: FlaskClient, folder: Path, path: str) -> None:
    (folder.parent / "secret_key").write_text("secret")
    answer = client.get(f"/media/{path}", follow_redirects=True)
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_a_link_out_of_the_folder_is_not_followed(client: FlaskClient, folder: Path) -> None:
    (folder.parent / "outside.jpg").write_bytes(b"outside")
    (folder / "2013/01/link.jpg").symlink_to(folder.parent / "outside.jpg")
    (folder / "up").symlink_to(folder.parent)
    assert fetch(client, "/media/2013/01/link.jpg").status_code == 404
    assert fetch(client, "/media/up/outside.jpg").status_code == 404
