"""Serves the static bundle that set-up has made, and tells templates the names of its files.

A file's name holds a hash of its content, so it may be kept for ever; what is asked for under any other name is
not there. The whole bundle is some hundred kilobytes: each worker reads it once and answers from memory, before
Flask has seen the request.
"""

import base64
import hashlib
import json
import mimetypes
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Never

from flask import Flask, abort, current_app
from markupsafe import Markup
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header, parse_etags

from webapp import paths

EXTENSION = "standfirst-assets"
PREFIX = "/static/"
FOREVER = "public, max-age=31536000, immutable"
TYPEFACES = ("newsreader", "newsreader-headline", "public-sans")
"""The fonts of the first screen, with the letters of English; each has a second file, `-accents`."""
SPRITES = ("icons.svg", "brands.svg")
"""The interface's drawings, and the networks' marks."""
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_TYPES = {".woff2": "font/woff2", ".webmanifest": "application/manifest+json", ".js": "text/javascript"}


@dataclass(frozen=True)
class Answer:
    """One form of a file: its headers and its bytes."""

    etag: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class StaticFile:
    """One file of the bundle: its bytes as they are, and an answer for each encoding ("" for none)."""

    body: bytes
    answers: dict[str, Answer]


@dataclass(eq=False)
class Assets:
    """The bundle in a folder, as it was when it was read last."""

    folder: Path
    names: dict[str, str] = field(default_factory=dict)
    files: dict[str, StaticFile] = field(default_factory=dict)
    sprites: dict[str, str] = field(default_factory=dict)
    """The file that an icon is drawn in."""
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
        self.sprites = {
            icon: self.names[name]
            for name in SPRITES
            if name in self.names
            for icon in re.findall(r'id="i-([^"]+)"', self.files[self.names[name]].body.decode())
        }

    def refresh(self) -> None:
        """Read again when the bundle has been made anew."""
        if (self.folder / "manifest.json").stat().st_mtime_ns != self.read_at:
            self.read()


def _load(path: Path) -> StaticFile:
    mime_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if mime_type.startswith("text/"):
        mime_type += "; charset=utf-8"
    bodies = {"": path.read_bytes()}
    for encoding, ending in _ENCODINGS:
        file = path.with_name(path.name + ending)
        if file.is_file():
            bodies[encoding] = file.read_bytes()
    answers: dict[str, Answer] = {}
    for encoding, body in bodies.items():
        etag = f"{path.stem.rsplit('.', 1)[-1]}-{encoding or 'plain'}"
        headers = [
            ("Content-Type", mime_type),
            ("Cache-Control", FOREVER),
            ("ETag", f'"{etag}"'),
            ("X-Content-Type-Options", "nosniff"),
        ]
        headers += [("Vary", "Accept-Encoding")] if len(bodies) > 1 else []
        headers += [("Content-Encoding", encoding)] if encoding else []
        answers[encoding] = Answer(etag, headers, body)
    return StaticFile(bodies[""], answers)


def init_app(app: Flask, folder: Path | None = None) -> None:
    """Give templates `asset()`, `asset_text()` and `icon()`, and answer `/static/…` in front of the application."""
    assets = Assets(folder or paths.dist_dir())
    assets.read()
    app.extensions[EXTENSION] = assets

    def icon(name: str, brand: bool = False, often: bool = False) -> Markup:
        """One drawing of a sprite; always beside words or in something that has a name. A page has hundreds.

        `often`: the lines themselves stand in the page. They are longer than a reference into the sprite, which packs
        well, and a browser need not make a copy of the drawing for each.
        """
        sprite = assets.sprites[name]
        return _lines(assets, sprite, name) if often else _drawing(sprite, name, brand)

    app.jinja_env.globals.update(asset=asset_url, asset_text=asset_text, icon=icon, typefaces=TYPEFACES)
    # What is not in the bundle comes through to here, and no article can have an address below it.
    app.add_url_rule(f"{PREFIX}<path:filename>", "static", _nothing)
    app.wsgi_app = StaticFiles(app.wsgi_app, assets)


def _nothing(filename: str) -> Never:
    abort(404, description=f"There is no file called {filename} here.")


def _current() -> Assets:
    assets: Assets = current_app.extensions[EXTENSION]
    if current_app.jinja_env.auto_reload:
        assets.refresh()
    return assets


def asset_url(name: str) -> str:
    """Answer the address of a file of the bundle; KeyError when nothing in it is called `name`."""
    return PREFIX + _current().names[name]


def asset_text(name: str) -> str:
    """Answer the text of a file of the bundle, to stand in a page. A script needs its `source_hash` in the policy."""
    assets = _current()
    return assets.files[assets.names[name]].body.decode()


@lru_cache(maxsize=512)
def _drawing(sprite: str, name: str, brand: bool) -> Markup:
    kind = "icon icon--brand" if brand else "icon"
    drawing = f"{PREFIX}{sprite}#i-{name}"
    return Markup(f'<svg class="{kind}" aria-hidden="true"><use href="{drawing}"/></svg>')  # noqa: S704 (our own)


@lru_cache(maxsize=64)
def _lines(assets: Assets, sprite: str, name: str) -> Markup:
    symbol = re.search(rf'<symbol id="i-{name}"(.*?)</symbol>', assets.files[sprite].body.decode(), re.DOTALL)
    if symbol is None:
        raise KeyError(name)
    return Markup(f'<svg class="icon" aria-hidden="true"{symbol[1]}</svg>')  # noqa: S704 (our own)


def source_hash(name: str) -> str:
    """What a Content-Security-Policy says of a script that stands in a page."""
    digest = hashlib.sha256(asset_text(name).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


class StaticFiles:
    """The bundle in front of an application; it also answers what is not there, and what else but reading is asked."""

    def __init__(self, app: Callable[..., Iterable[bytes]], assets: Assets) -> None:
        self.app = app
        self.assets = assets

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if not path.startswith(PREFIX) or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.app(environ, start_response)
        file = self.assets.files.get(path[len(PREFIX) :])
        if file is None:
            return self.app(environ, start_response)
        answer = file.answers[_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""), tuple(file.answers))]
        if parse_etags(environ.get("HTTP_IF_NONE_MATCH")).contains_weak(answer.etag):
            start_response("304 Not Modified", answer.headers)
            return []
        start_response("200 OK", [*answer.headers, ("Content-Length", str(len(answer.body)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]


@lru_cache(maxsize=256)
def _encoding(accepted: str, offered: tuple[str, ...]) -> str:
    wanted = parse_accept_header(accepted[:200], Accept)
    return next((name for name, _ in _ENCODINGS if name in offered and wanted.quality(name) > 0), "")
