"""Files of the media folder, at /media/… and WordPress's /wp-content/uploads/…; sizes of pictures at /pictures/…."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, send_file
from werkzeug.security import safe_join

from webapp import pictures
from webapp.assets import FOREVER

bp = Blueprint("media", __name__)
bp.add_app_template_filter(pictures.srcset, "srcset")
bp.add_app_template_filter(pictures.fallback, "fallback_picture")
bp.record_once(lambda state: state.app.jinja_env.globals.update(picture_places=pictures.PLACES))

KEPT_SECONDS = 24 * 3600
SANDBOX = (
    "sandbox; default-src 'none'; script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'; frame-src 'none'; worker-src 'none'; manifest-src 'none'"
)
_HARMLESS = re.compile(r"image/(?!svg)|audio/|video/|application/pdf$|font/")
_SHOWN = re.compile(r"image/svg\+xml$|text/(?:plain|csv|vtt)$")
_TYPES = {".avif": "image/avif", ".webp": "image/webp", ".vtt": "text/vtt", ".m4a": "audio/mp4"}
_RENDITION = re.compile(r"[0-9a-f]{16}")
_VARIANT = re.compile(r"-\d{1,5}x\d{1,5}(?=\.[A-Za-z0-9]+$)")


@bp.get("/pictures/<string(length=16):rendition>/<int:width>.<any(avif, webp, jpg):ending>")
def send_picture(rendition: str, width: int, ending: str) -> Response:
    """One size of a picture. Its address changes with its content, so it may be kept for ever."""
    if not _RENDITION.fullmatch(rendition):
        abort(404)
    path = renditions_folder() / rendition[:2] / rendition / f"{width}.{ending}"
    if not path.is_file():
        path = _next_wider(path) or abort(404)
    response = send_file(path, mimetype=pictures.FORMATS[ending], conditional=True)
    response.headers["Cache-Control"] = FOREVER
    return response


def _next_wider(path: Path) -> Path | None:
    """Where a picture was made before its width was among those that are made: the next one above."""
    if int(path.stem) not in pictures.WIDTHS:
        return None
    made = [other for other in path.parent.glob(f"*{path.suffix}") if int(other.stem) > int(path.stem)]
    return min(made, key=lambda other: int(other.stem), default=None)


def renditions_folder() -> Path:
    """Where the sizes of pictures lie."""
    return Path(current_app.instance_path) / "pictures"


@bp.get("/media/<path:name>")
@bp.get("/wp-content/uploads/<path:name>")
def send_media(name: str) -> Response:
    """One file, for a day; parts of it on demand. A size that WordPress once made is answered by the original."""
    path = find(name)
    if path is None:
        abort(404)
    mime = _TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    is_harmless = bool(_HARMLESS.match(mime))
    is_shown = is_harmless or bool(_SHOWN.match(mime))
    response = send_file(
        path,
        mimetype=mime if is_shown else "application/octet-stream",
        as_attachment=not is_shown,
        download_name=path.name,
        conditional=True,
        max_age=KEPT_SECONDS,
    )
    if not is_harmless:
        # What a browser could run stands here without rights: no script, no form, an origin of its own.
        response.headers["Content-Security-Policy"] = SANDBOX
    return response


def find(name: str) -> Path | None:
    """The file that a path below /media/ names; None where there is none, or where it leads out of the folder."""
    root = (Path(current_app.instance_path) / "media").resolve()
    for candidate in dict.fromkeys((name, _VARIANT.sub("", name))):
        found = _inside(root, candidate)
        if found is not None:
            return found
    return None


def _inside(root: Path, name: str) -> Path | None:
    joined = safe_join(str(root), name)
    if joined is None or any(part.startswith(".") for part in name.split("/")):
        return None
    try:
        path = Path(joined).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, ValueError):
        # A name with a NUL in it, or longer than a name may be.
        return None
