"""The media library: what is taken, what is refused, and that nothing that was brought can harm."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests.factories import make_article
from tests.staff import Staff
from webapp.database import db, transaction
from webapp.models import Media


def picture(ending: str = "PNG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (20, 80, 120)).save(made, ending, **options)
    return made.getvalue()


@pytest.fixture
def ed(signed_in: Callable[..., Staff]) -> Staff:
    return signed_in("ines@desk.example", role="editor", name="Ines")


@pytest.fixture
def kofi(signed_in: Callable[..., Staff]) -> Staff:
    return signed_in("kofi@desk.example", role="author", name="Kofi")


def bring(desk: Staff, *files: tuple[bytes, str], path: str = "/desk/media", htmx: bool = False):
    desk.get("/desk/media")
    fields: dict[str, Any] = {"file": [(io.BytesIO(data), name) for data, name in files]}
    return desk.post(path, fields, htmx=htmx)


def fetched(client: FlaskClient, path: str) -> tuple[Any, bytes]:
    """An answer and its bytes; the file behind it is closed."""
    with client.get(path) as answer:
        return answer.headers, answer.data


def all_media() -> list[Media]:
    db.session.expire_all()
    return list(db.session.scalars(db.select(Media).order_by(Media.id)))


@pytest.mark.both_databases
def test_a_picture_is_brought_described_and_used(app: Flask, ed: Staff, client: FlaskClient) -> None:
    answer = bring(ed, (picture(size=(120, 80)), "Pier in Winter.PNG"))
    assert answer.status_code == 303
    (media,) = all_media()
    assert (media.width, media.height, media.mime) == (120, 80, "image/png")
    assert media.file.endswith("/pier-in-winter.png")
    assert fetched(client, media.url)[0]["Content-Type"] == "image/png"
    ed.get(f"/desk/media/{media.id}")
    said = {"alt": "A pier in snow", "credit": "Ines", "licence": "CC BY", "focus_x": "21", "focus_y": "80"}
    assert ed.post(f"/desk/media/{media.id}", said).status_code == 303
    article = make_article("The pier")
    with transaction():
        article.lead_media_id = media.id
        db.session.merge(article)
    page = client.get(article.permalink).text
    assert 'alt="A pier in snow"' in page and "focus-x-2 focus-y-8" in page
    assert "The pier" in ed.get(f"/desk/media/{media.id}").text
    refused = ed.post(f"/desk/media/{media.id}/deletion")
    assert refused.status_code == 409 and "It stands in articles" in refused.text
    assert fetched(client, media.url)[1] == picture(size=(120, 80))


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            "logo.svg",
            "SVG drawing",
        ),
        (b"<?xml version='1.0'?>\n<svg onload='x()'/>", "logo.png", "SVG drawing"),
        (b"<html><script>alert(1)</script>", "page.jpg", "none of the kinds"),
        (b"MZ\x90\x00" + bytes(100), "setup.png", "none of the kinds"),
        (b"\x89PNG\r\n\x1a\n" + b"<script>alert(1)</script>" * 20, "x.png", "is none that can be read"),
        (b"\xff\xd8\xff\xe0" + b"GIF89a" * 50, "x.jpg", "is none that can be read"),
        (b"", "nothing.png", "is empty"),
        (picture()[:60], "half.png", "is none that can be read"),
    ],
)
def test_what_is_no_picture_is_refused_by_its_content(ed: Staff, data: bytes, name: str, words: str) -> None:
    answer = bring(ed, (data, name))
    assert answer.status_code == 422
    assert words in answer.text and name in answer.text
    assert all_media() == []


def test_a_decompression_bomb_is_refused(app: Flask, ed: Staff) -> None:
    app.extensions["standfirst_settings"].values["PICTURE_MEGAPIXELS"] = 1
    bomb = io.BytesIO()
    Image.new("1", (4000, 4000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 20_000
    answer = bring(ed, (bomb.getvalue(), "bomb.png"))
    assert answer.status_code == 422 and "4000 × 4000 pixels" in answer.text
    assert all_media() == []


def test_a_name_leads_nowhere_and_takes_nobodys_place(app: Flask, ed: Staff) -> None:
    for name in (
        "../../../etc/passwd.png",
        "..\\..\\boot.png",
        "tide.php.png",
        "tide.png",
        "tide.png",
        ".htaccess",
    ):
        assert bring(ed, (picture(), name)).status_code == 303
    root = Path(app.instance_path) / "media"
    paths = [media.file for media in all_media()]
    assert len(set(paths)) == 6
    for path in paths:
        assert (root / path).resolve().is_relative_to(root.resolve()) and path.endswith(".png")
        assert path.rpartition("/")[2].count(".") == 1
    assert not list(root.glob(".brought-*")), "no half file stays behind"


def test_the_place_of_a_photograph_and_markup_in_it_do_no_harm(
    app: Flask, ed: Staff, client: FlaskClient
) -> None:
    exif = Image.Exif()
    exif[0x010E] = "<script>alert('exif')</script>"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 0.0)})
    bring(ed, (picture("JPEG", exif=exif), "<b>bold</b>.jpg"))
    (media,) = all_media()
    with Image.open(Path(app.instance_path) / "media" / media.file) as kept:
        assert not any(kept.getexif().get_ifd(0x8825).get(tag) for tag in (2, 4))
    page = ed.get(f"/desk/media/{media.id}").text
    assert "<script>alert('exif')" not in page and "<b>bold</b>" not in page
    headers, _ = fetched(client, media.url)
    assert headers["Content-Type"] == "image/jpeg" and headers["X-Content-Type-Options"] == "nosniff"


def test_of_several_files_the_good_ones_are_kept(ed: Staff) -> None:
    answer = bring(
        ed, (picture(), "good.png"), (b"nonsense", "bad.png"), (picture("JPEG"), "fine.jpg"), htmx=True
    )
    assert answer.status_code == 200
    assert "bad.png is none of the kinds" in answer.text
    assert [media.title for media in all_media()] == ["good", "fine"]


def test_size_and_quota_have_limits(app: Flask, ed: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    values = app.extensions["standfirst_settings"].values
    values["UPLOAD_MEGABYTES"] = 1
    # Large requests are kept in files by the test's client, which it never closes.
    monkeypatch.setattr("webapp.library.files.MEGABYTE", 1000)
    answer = bring(ed, (picture("BMP", size=(10, 10)) + bytes(2_000), "large.png"))
    assert answer.status_code == 422 and "larger than 1 MB" in answer.text
    values["MEDIA_MEGABYTES"] = 1
    with transaction():
        db.session.add(Media(file="2026/01/old.pdf", byte_size=1_048_500, created_at=_now()))
    answer = bring(ed, (picture(size=(300, 300)), "one-more.png"))
    assert answer.status_code == 422 and "may hold 1 MB" in answer.text


def test_a_file_is_replaced_by_one_of_its_kind_only(app: Flask, ed: Staff, client: FlaskClient) -> None:
    bring(ed, (picture(size=(64, 48)), "map.png"))
    (media,) = all_media()
    refused = bring(ed, (picture("JPEG"), "map.jpg"), path=f"/desk/media/{media.id}/file")
    assert refused.status_code == 422 and "image/jpeg" in refused.text
    assert (
        bring(ed, (picture(size=(90, 60)), "new.png"), path=f"/desk/media/{media.id}/file").status_code == 303
    )
    assert all_media()[0].width == 90
    assert Image.open(io.BytesIO(fetched(client, media.url)[1])).size == (90, 60)


def test_a_part_is_cut_out_and_the_whole_stays(ed: Staff, app: Flask) -> None:
    bring(ed, (picture(size=(200, 100)), "wide.png"))
    (media,) = all_media()
    box = {"left": "25", "top": "0", "width": "50", "height": "100"}
    assert ed.post(f"/desk/media/{media.id}/crops", box).status_code == 303
    whole, part = all_media()
    assert (whole.width, whole.height, part.width, part.height) == (200, 100, 100, 100)
    for bad in (
        {"left": "99", "width": "5"},
        {"left": "x"},
        {"width": "-4"},
        {"left": "nan"},
        {"top": "1e400"},
    ):
        answer = ed.post(f"/desk/media/{media.id}/crops", box | bad)
        assert answer.status_code == 422, bad
    assert len(all_media()) == 2


def test_an_author_changes_own_files_alone(ed: Staff, kofi: Staff) -> None:
    bring(ed, (picture(), "hers.png"))
    (hers,) = all_media()
    kofi.get("/desk/media")
    assert kofi.get(f"/desk/media/{hers.id}").status_code == 200
    for part in ("", "/deletion"):
        assert kofi.post(f"/desk/media/{hers.id}{part}", {"alt": "mine"}).status_code == 403
    bring(kofi, (picture(), "mine.png"))
    mine = all_media()[1]
    assert kofi.post(f"/desk/media/{mine.id}/deletion").status_code == 303
    assert [media.id for media in all_media()] == [hers.id]


def _now():
    from webapp import clock

    return clock.now()
