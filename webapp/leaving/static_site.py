"""The public site as files that any web server can serve: every page that can be reached, with what it shows."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app

from webapp.settings import setting

LINKS = re.compile(r'(?:href|src|poster|content)="([^"]+)"')
SETS = re.compile(r'srcset="([^"]+)"')
PLACES = re.compile(r"<loc>([^<]+)</loc>")
STYLE = re.compile(r"""url\(\s*["']?(/static/[^"')\s]+)""")
FORMS = re.compile(r"<aside [^>]*data-needs-server.*?</aside>|<form\b.*?</form>", re.DOTALL)
ANCHORS = re.compile(r'<a\b([^>]*?\bhref="([^"]*)"[^>]*)>(.*?)</a>', re.DOTALL)
SCRIPTS = re.compile(r'<script\b[^>]*\bsrc="[^"]*"[^>]*></script>|<link rel="manifest"[^>]*>')
HTMX = re.compile(r'\s(?:hx-[\w:-]+|data-extras|data-later|data-preload)="[^"]*"')
SKIPPED = re.compile(
    r"/(?:desk|moderation|sign-in|sign-out|_fragments|_styleguide|_mail|comments/\d+|search|bookmarks|offline|confirm|"
    r"service-worker\.js|healthz|privacy|stop|welcome|articles|decide|newsletter|write-to-us)(?:/|\?|$)|/.*/comments(?:/\d+/reply)?$"
)
ENDINGS = {
    "application/rss+xml": "index.xml",
    "application/atom+xml": "index.xml",
    "application/xml": "index.xml",
    "text/xml": "index.xml",
    "text/html": "index.html",
}


class Stopped(Exception):
    """A page could not be made; the message says which."""


def write(
    root: Path, progress: Callable[[int, int], None] = lambda _done, _known: None
) -> tuple[int, list[str]]:
    """Writes the site below `root`; gives how many files, and the addresses that led nowhere.

    Forms and scripts are left out, since nobody is there to answer: comments can be read and not written.
    """
    client = current_app.test_client()
    waiting, known = deque(["/", "/sitemap.xml", "/robots.txt", "/feed/", "/feed/atom/"]), set[str]()
    known.update(waiting)
    missing: list[str] = []
    done = 0
    while waiting:
        path = waiting.popleft()
        with client.get(path, headers={"Accept-Encoding": "identity"}) as answer:
            if answer.status_code in (301, 302, 308):
                found = [answer.location or "/"]
                _write(root, path, _moved(answer.location or "/").encode(), "text/html")
            elif answer.status_code != 200:
                if answer.status_code >= 500:
                    raise Stopped(f"{path} answered {answer.status_code}.")
                missing.append(path)
                continue
            else:
                data, kind = answer.get_data(), answer.mimetype or ""
                text = data.decode("utf-8", "replace") if kind.startswith("text/") or "xml" in kind else ""
                if kind == "text/html":
                    text = without_life(text)
                    data = text.encode()
                found = links(text, kind)
                _write(root, path, data, kind)
        done += 1
        for link in found:
            local = local_path(link)
            if local and local not in known and not SKIPPED.match(local):
                known.add(local)
                waiting.append(local)
        progress(done, len(known))
    return done, missing


def without_life(html: str) -> str:
    """A page without what needs a server behind it."""
    return HTMX.sub("", SCRIPTS.sub("", ANCHORS.sub(_still, FORMS.sub("", html))))


def _still(found: re.Match[str]) -> str:
    """A link to what only a server can answer: its words stay, unless it is something that a reader would do."""
    link = unescape(found[2])
    path = urlsplit(link).path if link.startswith("/") else local_path(link)
    if not path or not SKIPPED.match(path):
        return found[0]
    return "" if 'class="comment-act' in found[1] else found[3]


def links(text: str, kind: str) -> list[str]:
    """Every address that a page, a style sheet or a sitemap names."""
    if kind == "text/css":
        return STYLE.findall(text)
    found = [unescape(one) for one in LINKS.findall(text)] if kind == "text/html" else []
    for some in SETS.findall(text) if kind == "text/html" else ():
        found += [part.split()[0] for part in unescape(some).split(",") if part.split()]
    return found + [unescape(one) for one in PLACES.findall(text)]


def local_path(link: str) -> str:
    """The path of an address of this site; empty for others. Questions are left out: files have none."""
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return ""
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    if (origin and origin != setting("SITE_URL")) or not parts.path.startswith("/") or parts.query:
        return ""
    return parts.path


def _write(root: Path, path: str, data: bytes, kind: str) -> None:
    name = unquote(path).lstrip("/")
    if ".." in name.split("/") or "\0" in name:
        return
    # A page whose address has no ending of its own is the index of a folder, so that its address stays.
    if name.endswith("/") or not name or (kind == "text/html" and "." not in name.rpartition("/")[2]):
        name = f"{name.rstrip('/')}/{ENDINGS.get(kind, 'index.html')}".lstrip("/")
    target = root / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def _moved(location: str) -> str:
    path = urlsplit(location).path
    return (
        f'<!doctype html><meta charset="utf-8"><title>Moved</title><meta http-equiv="refresh" content="0; url={path}">'
        f'<link rel="canonical" href="{path}"><a href="{path}">This page has moved.</a>'
    )
