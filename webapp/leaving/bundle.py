"""A site in a folder or in one file: `manifest.json`, `tables/*.jsonl`, `media/…` and the site's secret key.

docs/leaving.md says what stands where. Whatever is written is read again and compared before anybody relies on it.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

from flask import current_app

from webapp import clock, schema
from webapp.leaving import tables
from webapp.version import version

MANIFEST = "manifest.json"
FORMAT = 1
SECRET = "secret_key"  # noqa: S105 (a file's name)
Progress = Callable[[int], None]
_PORTION = 1024 * 1024


class Unusable(Exception):
    """The folder or file cannot be used; the message says why."""


class Sink(Protocol):
    """Where a site's files go."""

    def add(self, name: str, source: Path) -> None: ...


class Folder:
    """An empty folder of the operator's."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def add(self, name: str, source: Path) -> None:
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


class Archive:
    """One tar file, being written."""

    def __init__(self, file: tarfile.TarFile) -> None:
        self.file = file

    def add(self, name: str, source: Path) -> None:
        about = tarfile.TarInfo(name)
        about.size, about.mode, about.mtime = source.stat().st_size, 0o600, int(clock.now().timestamp())
        with source.open("rb") as opened:
            self.file.addfile(about, opened)


@dataclass
class Manifest:
    """What a bundle holds: rows by table, and the SHA-256 of every file by its name."""

    revision: str
    rows: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    made_at: str = ""
    program: str = ""
    format: int = FORMAT

    def as_json(self) -> str:
        return json.dumps(self.__dict__, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def steps() -> int:
    """How many steps `write` takes, for a progress bar."""
    return len(tables.kept()) + len(list(_media()))


def write(sink: Sink, progress: Progress = lambda _steps: None) -> Manifest:
    """Writes the site as it is at this moment, while it runs on. A file that is deleted meanwhile is left out."""
    found = Manifest(schema.current() or "", made_at=clock.now().isoformat(), program=version())
    with tempfile.TemporaryDirectory(dir=current_app.instance_path) as name:
        draft = Path(name) / "draft"
        with tables.snapshot() as connection:
            for table in tables.kept():
                rows = 0
                with draft.open("w", encoding="utf-8") as file:
                    for line in tables.lines(connection, table):
                        file.write(line + "\n")
                        rows += 1
                found.rows[table.name] = rows
                _add(sink, found, f"tables/{table.name}.jsonl", draft)
                progress(1)
        for path, place in _media():
            try:
                shutil.copyfile(path, draft)
            except FileNotFoundError:
                continue
            _add(sink, found, place, draft)
            progress(1)
        draft.write_text(str(current_app.secret_key), encoding="utf-8")
        _add(sink, found, SECRET, draft)
        draft.write_text(found.as_json(), encoding="utf-8")
        sink.add(MANIFEST, draft)
    return found


def manifest_of(text: str) -> Manifest:
    """Raises Unusable for what is no manifest, or one of another version."""
    try:
        said: dict[str, Any] = json.loads(text)
        found = Manifest(**said)
    except (ValueError, TypeError) as error:
        raise Unusable("manifest.json is none that this program wrote.") from error
    if found.format != FORMAT or found.revision != schema.current():
        raise Unusable(
            f"It was made by another version ({found.program}, database {found.revision}); this is {version()},"
            f" database {schema.current()}. Bring it back with that version, then upgrade."
        )
    return found


def check(root: Path, progress: Progress = lambda _steps: None) -> Manifest:
    """Reads a folder whole. Raises Unusable where a file is missing, changed, or not named in the manifest."""
    try:
        text = (root / MANIFEST).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(f"There is no {MANIFEST} in {root}.") from error
    found = manifest_of(text)
    for name, digest in found.files.items():
        path = _inside(root, name)
        if not path.is_file() or _digest(path) != digest:
            raise Unusable(f"{name} is missing or was changed.")
        progress(1)
    return found


def check_archive(path: Path) -> Manifest:
    """The same for a file, in one pass."""
    seen: dict[str, str] = {}
    text = ""
    try:
        with tarfile.open(path, "r:*") as archive:
            for member in archive:
                opened = archive.extractfile(member) if member.isfile() else None
                if opened is None:
                    raise Unusable(f"{member.name} is no plain file.")
                if member.name == MANIFEST:
                    text = opened.read().decode()
                else:
                    seen[member.name] = _digest_of(opened)
    except (tarfile.TarError, OSError, EOFError, UnicodeDecodeError) as error:
        raise Unusable(f"{path} cannot be read as a backup: {error}") from error
    found = manifest_of(text)
    if seen != found.files:
        raise Unusable(f"{path} does not hold what its manifest names.")
    return found


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """A backup's files in a folder of their own below the instance, gone when the block ends. Raises Unusable."""
    with tempfile.TemporaryDirectory(dir=current_app.instance_path, prefix=".restore-") as name:
        try:
            with tarfile.open(path, "r:*") as archive:
                archive.extractall(name, filter="data")
        except (tarfile.TarError, OSError, EOFError) as error:
            raise Unusable(f"{path} cannot be read as a backup: {error}") from error
        yield Path(name)


def archive_for(file: IO[bytes], name: str) -> tarfile.TarFile:
    """A tar file for writing, compressed where its name ends so."""
    if name.endswith((".gz", ".tgz")):
        return tarfile.open(fileobj=file, mode="w:gz", compresslevel=3)
    return tarfile.open(fileobj=file, mode="w")


def _add(sink: Sink, manifest: Manifest, name: str, source: Path) -> None:
    manifest.files[name] = _digest(source)
    sink.add(name, source)


def _media() -> Iterator[tuple[Path, str]]:
    root = Path(current_app.instance_path) / "media"
    for path in sorted(root.rglob("*")) if root.is_dir() else ():
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            yield path, f"media/{path.relative_to(root).as_posix()}"


def _inside(root: Path, name: str) -> Path:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts:
        raise Unusable(f"The manifest names {name!r}, which lies outside.")
    return root.joinpath(*parts)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return _digest_of(file)


def _digest_of(file: IO[bytes] | io.BufferedIOBase) -> str:
    digest = hashlib.sha256()
    while portion := file.read(_PORTION):
        digest.update(portion)
    return digest.hexdigest()
