"""Reads a folder of Markdown files as one whole and checks it: every mistake is found before anything is written.

Pure but for reading files. Links between the files are written as placeholders, since the addresses of articles are
known only when they have been given out.
"""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path

from webapp.publishing import markdown, markdown_body
from webapp.publishing.markdown import Mistake, Piece
from webapp.publishing.media_files import Taken, describe

LARGEST = 5_000_000
"""Bytes of one Markdown file; more is no article."""
SHOWN = 40


class Mistakes(Exception):
    """Everything that is wrong in a folder. Nothing has been changed."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes
        lines = [f"  {mistake}" for mistake in mistakes[:SHOWN]]
        if len(mistakes) > SHOWN:
            lines.append(f"  … and {len(mistakes) - SHOWN} more")
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        super().__init__("\n".join([f"Nothing was changed: {count}.", *lines]))


@dataclass(slots=True)
class Folder:
    """What was read: the pieces by slug, their bodies as HTML (not clean yet), and the pictures that they use."""

    root: Path
    pieces: dict[str, Piece] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, Taken] = field(default_factory=dict)
    """By path below the root, with forward slashes."""
    leads: dict[str, str] = field(default_factory=dict)
    """The path of the lead picture, by slug."""
    alts: dict[str, str] = field(default_factory=dict)
    """What a picture shows, by path, as the first text that shows it says."""


def placeholder(slug: str) -> str:
    """What stands in a rendered body for the address of another piece."""
    return f"/@piece/{slug}/@"


def markdown_files(root: Path) -> list[Path]:
    """The Markdown files below the root in order, without hidden folders and READMEs."""
    found: list[Path] = []
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if not name.startswith("."))
        found += [
            Path(folder, name)
            for name in sorted(files)
            if name.lower().endswith((".md", ".markdown")) and name.lower() != "readme.md"
        ]
    return found


def read(
    root: Path,
    *,
    now: datetime,
    zone: tzinfo,
    media_url: Callable[[str], str],
    known_pages: Callable[[str], bool] = lambda _slug: False,
) -> Folder:
    """Everything in the folder. `media_url` gives the address of a picture by its path below the root, and
    `known_pages` says whether the site has a page of this slug. Raises Mistakes.
    """
    mistakes: list[Mistake] = []
    folder = Folder(root)
    for path in markdown_files(root):
        with _collecting(mistakes):
            _add(folder, _piece(root, path, now, zone))
    mistakes += _bad_parents(folder.pieces, known_pages)
    mistakes += _same_permalinks(folder.pieces.values())
    by_file = {piece.file: piece.slug for piece in folder.pieces.values()}
    for piece in folder.pieces.values():
        with _collecting(mistakes):
            _take_lead(folder, piece)
        with _collecting(mistakes):
            folder.bodies[piece.slug] = _rendered(folder, piece, by_file, media_url)
    if mistakes:
        raise Mistakes(sorted(mistakes, key=lambda mistake: (mistake.file, mistake.line)))
    return folder


class _collecting:  # noqa: N801
    """Notes a mistake and goes on, so that all of them are told at once."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if isinstance(error, Mistake):
            self.mistakes.append(error)
            return True
        return False


def _piece(root: Path, path: Path, now: datetime, zone: tzinfo) -> Piece:
    name = path.relative_to(root).as_posix()
    if not is_plain_file(root, name):
        raise Mistake(name, 1, "it is a link to another place: put the file itself into the folder")
    if path.stat().st_size > LARGEST:
        raise Mistake(name, 1, f"it is larger than {LARGEST // 1_000_000} MB, so it is no article")
    try:
        source = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Mistake(name, line, "it is not in UTF-8: save it in that encoding") from error
    return markdown.read(source, name, now=now, zone=zone)


def _add(folder: Folder, piece: Piece) -> None:
    if (other := folder.pieces.get(piece.slug)) is not None:
        reason = f"the slug “{piece.slug}” is taken by {other.file}: write another one, “slug: …”"
        raise piece.mistake("slug", reason)
    folder.pieces[piece.slug] = piece


def _bad_parents(pieces: dict[str, Piece], known_pages: Callable[[str], bool]) -> list[Mistake]:
    found: list[Mistake] = []
    for piece in pieces.values():
        above, seen = piece, {piece.slug}
        while above.parent in pieces and above.parent not in seen:
            above = pieces[above.parent]
            seen.add(above.slug)
        if above.parent in seen:
            found.append(
                piece.mistake("parent", "the page is its own parent, by a detour: remove one of the lines")
            )
        elif piece.parent in pieces and not pieces[piece.parent].is_page:
            found.append(
                piece.mistake("parent", f"“{piece.parent}” is an article; only a page can be a parent")
            )
        elif piece.parent and piece.parent not in pieces and not known_pages(piece.parent):
            found.append(piece.mistake("parent", f"there is no page with the slug “{piece.parent}”"))
    return found


def _same_permalinks(pieces: Iterable[Piece]) -> list[Mistake]:
    found: list[Mistake] = []
    first: dict[str, Piece] = {}
    for piece in pieces:
        key = piece.permalink.rstrip("/").lower()
        if key and key in first:
            reason = f"the permalink {piece.permalink} is also that of {first[key].file}: change one"
            found.append(piece.mistake("permalink", reason))
        elif key:
            first[key] = piece
    return found


def _take_lead(folder: Folder, piece: Piece) -> None:
    if not piece.picture:
        return
    try:
        folder.leads[piece.slug] = _picture(folder, piece, piece.picture)
    except ValueError as error:
        raise piece.mistake("picture", str(error)) from error


def _rendered(folder: Folder, piece: Piece, by_file: dict[str, str], media_url: Callable[[str], str]) -> str:
    def link(target: str) -> str:
        path, mark, part = target.partition("#")
        if not path.lower().endswith((".md", ".markdown")):
            raise ValueError(
                f"the link “{target}” leads nowhere: write a path from the root (/about/) or an address"
            )
        slug = by_file.get(_below_root(piece, path))
        if slug is None:
            raise ValueError(f"the link “{target}” leads to a file that is not in the folder")
        return placeholder(slug) + mark + part

    def picture(target: str, alt: str) -> markdown_body.Picture:
        path = _picture(folder, piece, target)
        folder.alts.setdefault(path, alt)
        taken = folder.pictures[path]
        return markdown_body.Picture(media_url(path), taken.width, taken.height)

    try:
        return markdown_body.render(piece.body, link=link, picture=picture)
    except markdown_body.Unresolved as error:
        raise Mistake(piece.file, piece.body_line + error.line - 1, error.reason) from error


def _below_root(piece: Piece, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(piece.file), target))


def _picture(folder: Folder, piece: Piece, target: str) -> str:
    """The picture's path below the root; it is meant from the file's own folder, or else from the root."""
    for path in (_below_root(piece, target), posixpath.normpath(target)):
        if path in folder.pictures:
            return path
        if is_plain_file(folder.root, path):
            taken = describe(folder.root / path)
            if not taken.width:
                raise ValueError(f"“{target}” is no picture that can be read (JPEG, PNG, WebP, AVIF or GIF)")
            folder.pictures[path] = taken
            return path
    raise ValueError(
        f"the picture “{target}” is not there; it must lie in the folder itself, and not be a link"
    )


def is_plain_file(root: Path, path: str) -> bool:
    """Whether `path` is an ordinary file below the root, with no link anywhere on the way."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or "\0" in part for part in parts):
        return False
    here = root
    try:
        for part in parts[:-1]:
            here = here / part
            if not stat.S_ISDIR(here.lstat().st_mode):
                return False
        return stat.S_ISREG((here / parts[-1]).lstat().st_mode)
    except OSError:
        return False
