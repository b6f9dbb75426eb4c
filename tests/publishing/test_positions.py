"""A photograph that is taken in no longer says where it was made."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from webapp.publishing import positions
from webapp.publishing.media_files import MediaSource

GPS = 0x8825
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description exif:GPSLatitude="53,20.5N" dc:title="A quay"/>'
    b"<exif:GPSLongitude>6,15.6W</exif:GPSLongitude></x:xmpmeta>"
)


def photograph(form: str, **options: object) -> bytes:
    """A small picture that says that it was made at 53° north, by a certain camera."""
    picture = Image.radial_gradient("L").resize((64, 48)).convert("RGB")
    exif = picture.getexif()
    exif[0x010F] = "Camera of a reader"
    gps = exif.get_ifd(GPS)
    gps[1], gps[2] = "N", (53.0, 20.0, 52.25)
    gps[29] = "2026:05:04"
    out = io.BytesIO()
    picture.save(out, form, exif=exif, **options)
    return out.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "AVIF"])
def test_the_position_goes_and_everything_else_stays(form: str) -> None:
    before = photograph(form)
    with Image.open(io.BytesIO(before)) as picture:
        assert dict(picture.getexif().get_ifd(GPS))
        pixels, maker = picture.tobytes(), picture.getexif()[0x010F]
    after = positions.without(before)
    assert len(after) == len(before)
    assert b"2026:05:04" not in after
    with Image.open(io.BytesIO(after)) as picture:
        assert not dict(picture.getexif().get_ifd(GPS))
        assert (picture.tobytes(), picture.getexif()[0x010F]) == (pixels, maker)


def test_a_position_in_words_goes_too() -> None:
    after = positions.without(photograph("JPEG", xmp=XMP))
    assert b"53,20.5N" not in after
    assert b"6,15.6W" not in after
    assert b'dc:title="A quay"' in after


def test_what_has_no_position_is_the_very_same() -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    before = out.getvalue()
    assert positions.without(before) is before


@given(st.binary(max_size=300), st.integers(0, 2**32 - 1), st.integers(0, 2**16 - 1))
def test_broken_files_harm_nothing(noise: bytes, pointer: int, count: int) -> None:
    broken = b"Exif\0\0MM\0*" + struct.pack(">IHHHII", 8, count, GPS, 4, 1, pointer) + noise
    assert len(positions.without(broken)) == len(broken)


def test_an_import_keeps_no_position_and_finds_the_file_again(tmp_path: Path) -> None:
    folder, into = tmp_path / "uploads", tmp_path / "media"
    folder.mkdir()
    (folder / "quay.jpg").write_bytes(photograph("JPEG"))
    (folder / "quay-30x20.jpg").write_bytes(photograph("JPEG"))
    source = MediaSource(folder, into)
    assert source.take("quay.jpg")
    for name in ("quay.jpg", "quay-30x20.jpg"):
        assert b"2026:05:04" not in (into / name).read_bytes()
    assert source.is_same("quay.jpg", "quay.jpg")
    changed = (into / "quay.jpg").stat().st_mtime_ns
    assert source.take("quay.jpg")
    assert (into / "quay.jpg").stat().st_mtime_ns == changed
