"""Serves the static bundle that set-up has made, and tells templates the names of its files.

A file's name holds a hash of its content, so it may be kept for ever; what is asked for under any other name is
not there. The whole bundle is some hundred kilobytes: each worker reads it once and answers from memory.
"""

import json
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, request

from webapp import paths

EXTENSION = "standfirst-assets"
FOREVER = "public, max-age=31536000, immutable"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_TYPES = {".woff2": "font/woff2", ".webmanifest": "application/manifest+json", ".js": "text/javascript"}


@dataclass(frozen=True)
class StaticFile:
    """One file of the bundle: its type, its bytes, and its bytes compressed by encoding."""

    mime_type: str
    body: bytes
    compressed: dict[str, bytes]


@dataclass
class Assets:
    """The bundle in a folder, as it was when it was read last."""

    folder: Path
    names: dict[str, str] = field(default_factory=dict)
    files: dict[str, StaticFile] = field(default_factory=dict)
    read_at: int = 0

    def read(self) -> None:
        """Read the manifest and every file. RuntimeError says so when there is no bundle."""
        manifest = self.folder / "manifest.json"
        try:
            self.read_at = manifest.stat().st_mtime_ns
            self.names = json.loads(manifest.read_text(encoding="utf-8"))["files"]
        except FileNotFoundError:
            raise RuntimeError(
                f"There is no static bundle in {self.folder}. Make it with `python -m tools.bundle`, "
                "or let bin/serve do it."
            ) from None
        self.files = {
            path.relative_to(self.folder).as_posix(): _load(path)
            for path in self.folder.rglob("*")
            if path.is_file() and path.suffix not in {".br", ".gz", ".part"} and path != manifest
        }

    def refresh(self) -> None:
        """Read again when the bundle has been made anew."""
        if (self.folder / "manifest.json").stat().st_mtime_ns != self.read_at:
            self.read()


def _load(path: Path) -> StaticFile:
    mime_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if mime_type.startswith("text/"):
        mime_type += "; charset=utf-8"
    candidates = {name: path.with_name(path.name + suffix) for name, suffix in _ENCODINGS}
    compressed = {name: file.read_bytes() for name, file in candidates.items() if file.is_file()}
    return StaticFile(mime_type, path.read_bytes(), compressed)


def init_app(app: Flask, folder: Path | None = None) -> None:
    """Give templates `asset()` and the site the route `/static/…`."""
    assets = Assets(folder or paths.dist_dir())
    assets.read()
    app.extensions[EXTENSION] = assets
    app.jinja_env.globals["asset"] = asset_url
    app.add_url_rule("/static/<path:filename>", "static", send)


def asset_url(name: str) -> str:
    """Answer the address of a file of the bundle; KeyError when nothing in it is called `name`."""
    assets: Assets = current_app.extensions[EXTENSION]
    if current_app.jinja_env.auto_reload:
        assets.refresh()
    return f"/static/{assets.names[name]}"


def send(filename: str) -> Response:
    """Answer one file of the bundle, compressed as the browser takes it."""
    assets: Assets = current_app.extensions[EXTENSION]
    file = assets.files.get(filename)
    if file is None:
        abort(404)
    encoding = next((name for name, _ in _ENCODINGS if name in file.compressed and _accepts(name)), None)
    headers: dict[str, Any] = {"Cache-Control": FOREVER, "X-Content-Type-Options": "nosniff"}
    if file.compressed:
        headers["Vary"] = "Accept-Encoding"
    if encoding:
        headers["Content-Encoding"] = encoding
    body = file.compressed[encoding] if encoding else file.body
    response = Response(body, headers=headers, content_type=file.mime_type)
    response.set_etag(f"{filename.rsplit('.', 2)[-2]}-{encoding or 'plain'}")
    response.make_conditional(request)
    return response


def _accepts(encoding: str) -> bool:
    return request.accept_encodings.quality(encoding) > 0
