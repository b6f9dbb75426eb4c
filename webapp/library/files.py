"""Files on their way into the media folder: checked, cleaned, whole or not there."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from flask import current_app
from slugify import slugify

from webapp import clock
from webapp.filters import in_zone
from webapp.library.rules import MEGABYTE, Box, Refused, ending_of, kind_of
from webapp.publishing import positions
from webapp.publishing.media_files import describe, mime_of
from webapp.settings import setting

FORMATS = {".jpg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".avif": "AVIF", ".gif": "GIF"}
_PORTION = 1024 * 1024


@dataclass(frozen=True)
class Checked:
    """A file that may be kept, in a place of its own. Width and height are 0 for what is no picture."""

    draft: Path
    ending: str
    byte_size: int
    width: int
    height: int

    @property
    def mime(self) -> str:
        return mime_of(f"x{self.ending}")


def folder() -> Path:
    """The media folder."""
    return Path(current_app.instance_path) / "media"


@contextmanager
def checked(source: BinaryIO) -> Iterator[Checked]:
    """A file that was brought, checked by its content, without the place where a photograph was made.

    The draft is gone when the block ends, unless `keep` or `replace` has taken it. Raises Refused.
    """
    folder().mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(prefix=".brought-", dir=folder())
    draft = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            size = _copy(source, file)
        if not size:
            raise Refused("is empty.")
        with draft.open("rb") as file:
            ending = ending_of(file.read(4096))
        if ending in positions.ENDINGS:
            data = draft.read_bytes()
            cleaned = positions.without(data)
            if cleaned is not data:
                draft.write_bytes(cleaned)
        width, height = _measured(draft, ending) if kind_of(ending) == "picture" else (0, 0)
        yield Checked(draft, ending, size, width, height)
    finally:
        draft.unlink(missing_ok=True)


def keep(one: Checked, name: str) -> str:
    """Moves a checked file to its lasting place, under its name as far as that is free; gives its path."""
    moment = in_zone(clock.now())
    stem = slugify(Path(name).stem, max_length=80) or kind_of(one.ending)
    base = f"{moment:%Y/%m}"
    (folder() / base).mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        path = f"{base}/{stem}{f'-{number}' if number > 1 else ''}{one.ending}"
        try:
            # An empty file first: of two uploads with one name, only one makes it.
            (folder() / path).open("xb").close()
        except FileExistsError:
            number += 1
            continue
        replace(one, path)
        return path


def replace(one: Checked, path: str) -> None:
    """Puts a checked file in the place of another one."""
    one.draft.chmod(0o644)
    one.draft.replace(folder() / path)


def remove(path: str) -> None:
    """Deletes a file; harmless when it is gone."""
    (folder() / path).unlink(missing_ok=True)


@contextmanager
def cropped(path: str, box: Box) -> Iterator[Checked]:
    """A part of a picture as a file of the same kind, upright. Raises Refused."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # Here, since it takes long to import.

    ending = Path(path).suffix.lower().replace(".jpeg", ".jpg")
    if ending not in FORMATS or ending == ".gif":
        raise Refused("Only JPEG, PNG, WebP and AVIF pictures can be cut.")
    number, name = tempfile.mkstemp(prefix=".cut-", suffix=ending, dir=folder())
    os.close(number)
    draft = Path(name)
    try:
        _measured(folder() / path, ending)
        with Image.open(folder() / path, formats=[FORMATS[ending]]) as opened:
            upright = ImageOps.exif_transpose(opened)
            part = upright.crop(box.pixels(*upright.size))
            options = {"quality": 92} if ending != ".png" else {}
            profile = opened.info.get("icc_profile")
            part.save(draft, FORMATS[ending], **options, **({"icc_profile": profile} if profile else {}))
        found = describe(draft)
        yield Checked(draft, ending, found.byte_size, found.width, found.height)
    except (UnidentifiedImageError, OSError) as error:
        raise Refused("This picture cannot be read.") from error
    finally:
        draft.unlink(missing_ok=True)


def _copy(source: BinaryIO, target: BinaryIO) -> int:
    most, size = setting("UPLOAD_MEGABYTES") * MEGABYTE, 0
    while portion := source.read(_PORTION):
        size += len(portion)
        if size > most:
            raise Refused(f"is larger than {setting('UPLOAD_MEGABYTES')} MB.")
        target.write(portion)
    return size


def _measured(path: Path, ending: str) -> tuple[int, int]:
    """The size of a picture, upright, after it was decoded once: a picture that only looks like one is refused."""
    from PIL import Image, UnidentifiedImageError  # Here, since it takes long to import.

    most = setting("PICTURE_MEGAPIXELS") * 1_000_000
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=[FORMATS[ending]]) as picture:
                width, height = picture.size
                if width * height > most:
                    raise Refused(  # noqa: TRY301 (said here, where the numbers are)
                        f"has {width} × {height} pixels; {setting('PICTURE_MEGAPIXELS')} million are the most."
                    )
                picture.load()
                turned = picture.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("has more pixels than may be decoded.") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise Refused("looks like a picture and is none that can be read.") from error
    return (height, width) if turned else (width, height)
