"""The sizes of pictures: which are made, what is in them, and what no sizes are made of."""

from __future__ import annotations

import io
import re
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests.factories import make_article, make_media
from tests.statements import counted
from webapp import pictures
from webapp.cli import cli
from webapp.database import db
from webapp.models import Media
from webapp.publishing.renditions import Unusable, build

MOST = 10_000_000


def jpeg(
    path: Path, size: tuple[int, int] = (1800, 1200), colour: str = "#2266aa", **options: object
) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path, **options)
    return path


def made(folder: Path, rendition: str, width: int, ending: str = "avif") -> Image.Image:
    with Image.open(folder / rendition[:2] / rendition / f"{width}.{ending}") as opened:
        return opened.copy()


def test_every_size_in_every_format_and_none_wider_than_the_picture(tmp_path: Path) -> None:
    found = build(jpeg(tmp_path / "pier.jpg"), tmp_path / "out", MOST)
    names = {path.name for path in (tmp_path / "out" / found.rendition[:2] / found.rendition).iterdir()}
    widths = (100, 200, 400, 600, 750, 800, 1200, 1600, 1800)
    assert names == {f"{width}.{ending}" for width in widths for ending in ("avif", "webp")} | {
        "400.jpg", "800.jpg", "1200.jpg"
    }  # fmt: skip
    assert made(tmp_path / "out", found.rendition, 400).size == (400, 267)
    assert (found.width, found.height, found.tint) == (1800, 1200, "012")


@pytest.mark.parametrize("width", [1, 99, 100, 101, 399, 400, 401, 1999, 2000, 2001, 9000])
def test_what_a_page_names_is_what_was_made(width: int) -> None:
    offered = pictures.widths(width)
    assert offered == sorted(set(offered))
    assert max(offered) == min(width, 2000)
    assert all(wider <= 2 * narrower for narrower, wider in pairwise(offered))
    for wanted in (100, 400, 800, 1200):
        fallback = int(pictures.fallback("x", width, wanted).rpartition("/")[2].removesuffix(".jpg"))
        assert fallback in pictures.widths(width, pictures.FALLBACK_WIDTHS)


def test_a_second_time_makes_nothing_anew(tmp_path: Path) -> None:
    original = jpeg(tmp_path / "pier.jpg", (300, 200))
    first = build(original, tmp_path / "out", MOST)
    file = tmp_path / "out" / first.rendition[:2] / first.rendition / "200.avif"
    before = file.stat().st_mtime_ns
    assert build(original, tmp_path / "out", MOST) == first
    assert file.stat().st_mtime_ns == before


def test_two_at_once_do_not_get_in_each_others_way(tmp_path: Path) -> None:
    originals = [
        jpeg(tmp_path / f"{number}.jpg", (900, 600), f"#22{number}{number}aa") for number in range(4)
    ]
    with ThreadPoolExecutor(8) as pool:
        made_twice = list(pool.map(lambda path: build(path, tmp_path / "out", MOST), originals * 4))
    assert len(set(made_twice)) == 4
    assert {path.name for path in (tmp_path / "out").rglob("*") if path.name.startswith(".")} == set()


def test_a_file_that_is_lost_is_tried_again(app: Flask) -> None:
    make_media(file="2026/12/later.jpg", width=600, height=400)
    first = CliRunner().invoke(cli, ["media", "build"], obj=app)
    assert "2026/12/later.jpg could not be made: No such file" in first.output
    jpeg(Path(app.instance_path) / "media" / "2026/12/later.jpg", (600, 400))
    again = CliRunner().invoke(cli, ["media", "build"], obj=app)
    assert "Sizes of 1 picture were made." in again.output


def test_places_and_cameras_are_not_told(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[2] = (53.0, 20.0, 30.0)
    exif[0x0112] = 6  # Lies on its side.
    original = jpeg(tmp_path / "pier.jpg", (400, 200), exif=exif.tobytes())
    found = build(original, tmp_path / "out", MOST)
    assert (found.width, found.height) == (200, 400)
    for path in (tmp_path / "out" / found.rendition[:2] / found.rendition).iterdir():
        with Image.open(path) as picture:
            assert not picture.getexif(), path.name
            assert not {"exif", "xmp", "icc_profile", "photoshop"} & set(picture.info), path.name
        assert b"A camera" not in path.read_bytes()


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "1", "I;16"])
def test_pictures_of_every_mode(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("picture.tiff" if mode in ("CMYK", "I;16") else "picture.png")
    Image.new(mode, (240, 160)).save(path)
    found = build(path, tmp_path / "out", MOST)
    assert made(tmp_path / "out", found.rendition, 200, "jpg" if found.width <= 100 else "webp").mode in (
        "RGB",
        "RGBA",
    )


def test_transparency_stays_where_the_format_has_it(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    Image.new("RGBA", (240, 160), (255, 0, 0, 0)).save(path)
    found = build(path, tmp_path / "out", MOST)
    assert made(tmp_path / "out", found.rendition, 200, "webp").mode == "RGBA"
    assert made(tmp_path / "out", found.rendition, 240, "jpg").getpixel((5, 5)) == (255, 255, 255)


def bomb(path: Path) -> None:
    """A PNG of a few hundred bytes that says it has 30,000 × 30,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\0" * 90001)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("bomb.png", bomb),
        ("page.jpg", lambda path: path.write_text("<html><script>alert(1)</script>")),
        ("empty.jpg", lambda path: path.write_bytes(b"")),
        ("half.jpg", lambda path: path.write_bytes(jpeg(path).read_bytes()[:2000])),
        ("wide.png", lambda path: Image.new("1", (20000, 600)).save(path)),
        (
            "script.svg",
            lambda path: path.write_text("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ),
        ("print.eps", lambda path: path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")),
    ],
)
def test_what_no_sizes_are_made_of(tmp_path: Path, name: str, write) -> None:
    write(tmp_path / name)
    with pytest.raises(Unusable):
        build(tmp_path / name, tmp_path / "out", MOST)
    assert not (tmp_path / "out").exists() or not any((tmp_path / "out").rglob("*.*"))


def test_moving_pictures_are_left_as_they_are(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (40, 30), (number * 80, 0, 0)) for number in range(3)]
    frames[0].save(tmp_path / "wave.gif", save_all=True, append_images=frames[1:])
    with pytest.raises(Unusable, match="moves"):
        build(tmp_path / "wave.gif", tmp_path / "out", MOST)


@pytest.fixture
def pier(app: Flask) -> Media:
    jpeg(Path(app.instance_path) / "media" / "2026/12/pier.jpg")
    return make_media(file="2026/12/pier.jpg", width=1800, height=1200, alt="A pier at low tide.")


@pytest.mark.both_databases
def test_the_command_makes_what_is_missing_and_says_what_it_could_not(app: Flask, pier: Media) -> None:
    broken = Path(app.instance_path) / "media" / "broken.jpg"
    broken.write_text("no picture")
    make_media(file="broken.jpg")
    answer = CliRunner().invoke(cli, ["media", "build"], obj=app)
    assert answer.exit_code == 0
    assert "Sizes of 1 picture were made." in answer.output
    assert "broken.jpg is no picture that can be read." in answer.output
    again = CliRunner().invoke(cli, ["media", "build"], obj=app)
    assert "Every picture has its sizes." in again.output
    db.session.expire_all()
    assert db.session.get_one(Media, pier.id).rendition


def test_a_page_names_sizes_once_they_are_there(app: Flask, client: FlaskClient, pier: Media) -> None:
    body = (
        '<figure><img src="/media/2026/12/pier.jpg" alt="The &lt;pier&gt;" width="600" height="400"></figure>'
    )
    make_article(permalink="/pier/", lead_media_id=pier.id, body=body)
    before = client.get("/pier/").text
    assert 'src="/media/2026/12/pier.jpg"' in before
    assert "<picture>" not in before
    CliRunner().invoke(cli, ["media", "build"], obj=app)
    page = client.get("/pier/").text
    assert "/media/2026/12/pier.jpg" not in page.replace("wp-content", "")
    assert page.count("<picture>") == 2
    assert 'alt="The &lt;pier&gt;"' in page
    assert 'width="600" height="400"' in page
    assert 'fetchpriority="high"' in page
    for name in set(re.findall(r"/pictures/[0-9a-f]{16}/\d+\.(?:avif|webp|jpg)", page)):
        answer = client.get(name, buffered=True)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert Image.open(io.BytesIO(answer.data)).width == int(name.rpartition("/")[2].partition(".")[0])
    assert (
        f'content="http://localhost/pictures/{db.session.get_one(Media, pier.id).rendition}/1200.jpg"' in page
    )


def test_many_pictures_cost_one_statement(app: Flask, client: FlaskClient, pier: Media) -> None:
    make_article(permalink="/one/", body='<p><img src="/media/2026/12/pier.jpg" alt=""></p>')
    make_article(permalink="/many/", body='<p><img src="/media/2026/12/pier.jpg" alt="x"></p>' * 30)
    numbers = []
    for path in ("/one/", "/many/"):
        client.get(path)
        with counted() as statements:
            client.get(path)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize(
    "path", ["/pictures/xyz/200.avif", "/pictures/0123456789abcdef/200.avif", "/pictures/../../etc/200.jpg"]
)
def test_sizes_that_are_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("next_one", [800, 780])
def test_a_width_that_was_not_made_yet_is_answered_by_the_next(
    app: Flask, client: FlaskClient, pier: Media, next_one: int
) -> None:
    jpeg(Path(app.instance_path) / "media" / "2026/12/pier.jpg", (1800 if next_one == 800 else next_one, 600))
    CliRunner().invoke(cli, ["media", "build"], obj=app)
    db.session.expire_all()
    name = db.session.get_one(Media, pier.id).rendition or ""
    folder = Path(app.instance_path) / "pictures" / name[:2] / name
    (folder / "750.avif").unlink()
    answer = client.get(f"/pictures/{name}/750.avif", buffered=True)
    assert Image.open(io.BytesIO(answer.data)).width == next_one
    for odd in ("700.avif", "2000.avif"):
        assert client.get(f"/pictures/{name}/{odd}").status_code == 404, odd
