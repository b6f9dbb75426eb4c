"""Takes files from the folder given with --media into the instance's media folder, and from nowhere else.

No name in an export leads outside that folder: no absolute paths, no `..`, no links, whatever the names say.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import unicodedata
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from webapp.publishing import positions

UPLOADS = re.compile(r"^/(?:.*/)?wp-content/(?:uploads|blogs\.dir/\d+/files)/(.+)$")
_HOSTED = re.compile(r"^/(?:files/)?(\d{4}/\d{2}/[^/]+)$")
_LIKELY_ROOTS = ("", "uploads", "wp-content/uploads")
# Python 3.11 knows these only where the machine has a list of its own.
_NEWER_TYPES = {".avif": "image/avif", ".webp": "image/webp"}
_VARIANT = re.compile(r"^(.+)-\d{1,5}x\d{1,5}(\.[A-Za-z0-9]+)$")


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that now lies in the media folder. Width and height are 0 for what is no picture."""

    mime: str
    byte_size: int
    width: int
    height: int


def relative_path(address: str) -> str:
    """The path below the uploads folder that an address (or a path on the old server) names, or "".

    >>> relative_path("https://old.example/wp-content/uploads/2013/01/pier.jpg?w=300")
    '2013/01/pier.jpg'
    """
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return ""
    found = UPLOADS.match(path) or _HOSTED.match(path)
    return clean(found.group(1)) if found else ""


def clean(path: str) -> str:
    """The path with its parts made safe to use as names, or "" where one of them leads elsewhere."""
    parts = [part for part in path.split("/") if part not in ("", ".")]
    unsafe = any(part == ".." or "\\" in part or "\0" in part or part.startswith(".") for part in parts)
    too_long = len(path) > 480 or any(len(part.encode()) > 250 for part in parts)
    return "" if unsafe or too_long else "/".join(parts)


def mime_of(name: str) -> str:
    """The media type by the ending of a file's name."""
    ending = PurePosixPath(name).suffix.lower()
    return _NEWER_TYPES.get(ending) or guess_type(name)[0] or "application/octet-stream"


class MediaSource:
    """The folder given with --media: a copy of wp-content/uploads, or a folder that holds it."""

    def __init__(self, folder: Path, into: Path) -> None:
        self.folder = folder
        self.into = into

    def take(self, relative: str, name: str = "", others: Iterable[str] = ()) -> Taken | None:
        """Copies a file, and the smaller sizes beside it, to `name` (by default its own path); None if missing.

        Where it does not lie at `relative` it is looked for at the `others`. What is there already stays.
        Raises OSError when the copy can't be written.
        """
        target = self.into / (name or relative)
        for place in dict.fromkeys((relative, *others)):
            with self._opened(place) as found:
                if found is None:
                    continue
                if not target.is_file() or target.stat().st_size != os.fstat(found.fileno()).st_size:
                    _copy(found, target)
            self._take_variants(place, target.parent)
            return describe(target)
        return None

    def is_same(self, relative: str, name: str) -> bool:
        """Whether the file that we would take lies at `name` already, byte for byte."""
        target = self.into / name
        with self._opened(relative) as found:
            return found is not None and target.is_file() and _kept(found, name) == target.read_bytes()

    def _take_variants(self, relative: str, into: Path) -> None:
        """Brings `pier-300x200.jpg` along with `pier.jpg`: texts of the old site point at them."""
        folder, _, name = relative.rpartition("/")
        for root in _LIKELY_ROOTS:
            for variant in _variants(self.folder / root / folder).get(name, ()):
                target = into / variant
                with self._opened(f"{folder}/{variant}") as found:
                    if found is not None and not target.exists():
                        _copy(found, target)

    @contextmanager
    def _opened(self, relative: str) -> Iterator[BinaryIO | None]:
        relative = clean(relative)
        with ExitStack() as stack:
            for root in _LIKELY_ROOTS if relative else ():
                for form in dict.fromkeys(
                    (relative, *(unicodedata.normalize(f, relative) for f in ("NFC", "NFD")))
                ):
                    found = _open_below(self.folder, f"{root}/{form}".strip("/"))
                    if found is not None:
                        yield stack.enter_context(found)
                        return
            yield None


@lru_cache(maxsize=32)
def _variants(folder: Path) -> dict[str, list[str]]:
    """The smaller sizes in a folder, by the name of their original. Uploads lie in few folders, so it is kept."""
    variants: dict[str, list[str]] = defaultdict(list)
    try:
        for entry in os.scandir(folder):
            if (match := _VARIANT.match(entry.name)) is not None:
                variants[match.group(1) + match.group(2)].append(entry.name)
    except OSError:
        pass
    return variants


def _open_below(folder: Path, relative: str) -> BinaryIO | None:
    """Opens an ordinary file below `folder` without following a single link on the way; None when there is none."""
    *folders, name = relative.split("/")
    with ExitStack() as stack:
        try:
            here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            stack.callback(os.close, here)
            for part in folders:
                here = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
                stack.callback(os.close, here)
            # Without NONBLOCK a named pipe in the folder would wait for a writer for ever.
            found = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=here)
        except OSError:
            return None
    if not stat.S_ISREG(os.fstat(found).st_mode):
        os.close(found)
        return None
    return os.fdopen(found, "rb")


def _copy(source: BinaryIO, target: Path) -> None:
    """Writes beside the target first, so that an interruption leaves no half file under the right name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name[:200]}.part")
    with draft.open("wb") as file:
        if PurePosixPath(target.name).suffix.lower() in positions.ENDINGS:
            file.write(_kept(source, target.name))
        else:
            shutil.copyfileobj(source, file)
    draft.replace(target)


def _kept(source: BinaryIO, name: str) -> bytes:
    """What of a file is kept: everything, but for the position of a photograph. Its length stays the same."""
    data = source.read()
    return positions.without(data) if PurePosixPath(name).suffix.lower() in positions.ENDINGS else data


def describe(path: Path) -> Taken:
    """Media type, size and, of a picture, width and height, without decoding it."""
    from PIL import Image, UnidentifiedImageError  # Here, since it takes long to import.

    mime, size = mime_of(path.name), path.stat().st_size
    width = height = 0
    if mime.startswith("image/") and mime != "image/svg+xml":
        try:
            with warnings.catch_warnings():
                # Only the header is read, so a picture made to fill memory does no harm here.
                warnings.simplefilter("ignore")
                with Image.open(path) as picture:
                    width, height = picture.size
        except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
            pass
    return Taken(mime, size, width, height)
