"""The site as something to install: its manifest, and the worker that keeps saved articles for days without network.

Only browsers whose reader has saved an article ask for the worker. It shows what it keeps when there is no network, and
never before.
"""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, jsonify, render_template

from webapp.assets import TYPEFACES, asset_url
from webapp.site import current_site
from webapp.syndicating.metadata import PageMeta

bp = Blueprint("installed", __name__)

PAPER = "#fdfcf9"
KEPT = (
    "site.css",
    "site.js",
    "icons.svg",
    "brands.svg",
    *(f"fonts/{name}{letters}.woff2" for name in TYPEFACES for letters in ("", "-accents")),
)
"""What the page for a journey needs from the bundle."""


@bp.get("/site.webmanifest")
def manifest() -> Response:
    """Name, colours and icons for a home screen."""
    site = current_site()
    icons = [
        {"src": asset_url("img/favicon.svg"), "type": "image/svg+xml", "sizes": "any"},
        *(
            {"src": asset_url(f"img/icon-{size}.png"), "type": "image/png", "sizes": f"{size}x{size}"}
            for size in (192, 512)
        ),
        {
            "src": asset_url("img/icon-mask.png"),
            "type": "image/png",
            "sizes": "512x512",
            "purpose": "maskable",
        },
    ]
    response = jsonify(
        name=site.title,
        short_name=site.title[:12].rstrip(),
        description=site.tagline,
        lang=site.language,
        start_url="/",
        scope="/",
        display="minimal-ui",
        background_color=PAPER,
        theme_color=PAPER,
        icons=icons,
    )
    response.content_type = "application/manifest+json"
    return response


@bp.get("/service-worker.js")
def service_worker() -> Response:
    """The worker. It changes with the bundle, and browsers ask for it anew each time."""
    kept = [asset_url(name) for name in KEPT]
    version = hashlib.sha256("\n".join(kept).encode()).hexdigest()[:12]
    text = render_template("reading/service_worker.js", version=version, kept=[*kept, "/offline"])
    response = Response(text, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/offline")
def offline() -> str:
    """What a reader without network gets: the articles that were saved."""
    meta = PageMeta("No connection", "/offline", "The articles that you have saved can be read all the same.")
    return render_template("reading/bookmarks.html", page_meta=meta, is_offline=True)
