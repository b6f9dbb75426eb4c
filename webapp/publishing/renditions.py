"""Makes the sizes of a picture that pages send: AVIF, WebP and JPEG, upright, in sRGB, with nothing told in them.

The original stays as it came, and is not named by a page any more once its sizes are there.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from webapp.pictures import FALLBACK_WIDTHS, WIDTHS, widths

KNOWN = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF")
SETTINGS = {
    "avif": {"quality": 50, "speed": 6},
    "webp": {"quality": 78, "method": 4},
    "jpg": {"quality": 80, "optimize": True, "progressive": True},
}
RECIPE = repr((1, WIDTHS, FALLBACK_WIDTHS, SETTINGS)).encode()
"""Part of the name: pictures that are made differently have other addresses (`media build --again` makes them)."""
_PILLOW = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}
_TRANSPARENT = ("RGBA", "LA", "PA")


class Unusable(Exception):
    """No sizes can be made of a file; the message says why."""


@dataclass(frozen=True)
class Made:
    """The name under which the sizes lie, the picture's size when upright, and its colour at large."""

    rendition: str
    width: int
    height: int
    tint: str


def build(original: Path, into: Path, most_pixels: int) -> Made:
    """Makes every size of one picture in a folder of its own below `into`. Made already, they stay.

    Raises Unusable for what is no picture, is animated, or has more than `most_pixels` pixels.
    """
    name = hashlib.blake2b(RECIPE + original.read_bytes(), digest_size=8).hexdigest()
    picture = _opened(original, most_pixels)
    folder = into / name[:2] / name
    if not folder.is_dir():
        _write_all(picture, folder)
    return Made(name, *picture.size, _tint(picture))


def _opened(original: Path, most_pixels: int) -> Image.Image:
    """The picture, decoded, upright, in sRGB."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(original, formats=KNOWN) as opened:
                width, height = opened.size
                if width * height > most_pixels:
                    raise Unusable(f"has {width} × {height} pixels, more than may be decoded")
                if getattr(opened, "is_animated", False):
                    raise Unusable("moves, and is sent as it is")
                opened.load()
                return _plain(ImageOps.exif_transpose(opened))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise Unusable("is no picture that can be read") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unusable("has more pixels than may be decoded") from error


def _plain(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    transparent = picture.mode in _TRANSPARENT or "transparency" in picture.info
    mode = "RGBA" if transparent else "RGB"
    if profile and picture.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(
                picture if picture.mode != "RGBA" else picture.convert("RGB"),
                source,
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, ValueError):
            made = None
        if made is not None:
            if picture.mode == "RGBA":
                made.putalpha(picture.getchannel("A"))
            picture = made
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        # Sixteen bits of grey: the upper eight are what a screen shows.
        picture = picture.point(lambda value: value / 256).convert("L")
    picture = picture.convert(mode)
    picture.info = {}
    return picture


def _write_all(picture: Image.Image, folder: Path) -> None:
    """Writes beside the folder first, so that it is either whole or not there, and alone, however many do the same."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    draft.chmod(0o755)
    for width in widths(picture.width):
        sized = _resized(picture, width)
        for ending in ("avif", "webp"):
            _save(sized, draft / f"{width}.{ending}", ending)
    for width in widths(picture.width, FALLBACK_WIDTHS):
        _save(_on_paper(_resized(picture, width)), draft / f"{width}.jpg", "jpg")
    try:
        draft.rename(folder)
    except OSError:
        # Another process was faster; what it made is the same.
        shutil.rmtree(draft, ignore_errors=True)


def _resized(picture: Image.Image, width: int) -> Image.Image:
    if width == picture.width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _on_paper(picture: Image.Image) -> Image.Image:
    """JPEG knows no transparency; white stands for it."""
    if picture.mode != "RGBA":
        return picture
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _save(picture: Image.Image, path: Path, ending: str) -> None:
    picture.save(path, _PILLOW[ending], **SETTINGS[ending])


def _tint(picture: Image.Image) -> str:
    """The mean colour in four steps for each of red, green and blue: "132". It stands until the picture has come."""
    colour = (
        _on_paper(_resized(picture, min(16, picture.width)))
        .resize((1, 1), Image.Resampling.BOX)
        .getpixel((0, 0))
    )
    return "".join(str(round(channel / 85)) for channel in colour)  # pyright: ignore[reportGeneralTypeIssues, reportOptionalIterable]
