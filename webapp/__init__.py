"""Standfirst, a server-rendered news site. `create_app` wires the parts together and does nothing else."""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import FileSystemBytecodeCache


class Templates(Environment):
    """What all templates know is one dictionary for each, made when it is loaded; what is added later it does not know.

    Jinja chains dictionaries, and copies them name by name for each part that a page includes: a tenth of the time of
    an article.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> dict[str, Any]:
        return {**self.globals, **(d or {})}


def create_app(environ: Mapping[str, str] | None = None) -> Flask:
    """Makes the application from the environment (or from `environ`, in tests).

    Raises settings.BadSetting when a setting cannot be used.
    """
    from werkzeug.middleware.proxy_fix import ProxyFix

    from webapp import assets, converters, database, errors, filters, keeping, paths, security, settings, site
    from webapp.sharing import shortcut
    from webapp.sharing.networks import form_origins

    resolved = settings.load(environ)
    app = Flask(
        __name__,
        instance_path=str(resolved.instance),
        template_folder=str(paths.templates_dir()),
        static_folder=None,
    )
    app.extensions["standfirst_settings"] = resolved
    development = resolved.values["DEVELOPMENT"]
    app.config.update(
        SECRET_KEY=resolved.values["SECRET_KEY"],
        MAX_CONTENT_LENGTH=1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        SESSION_COOKIE_NAME="standfirst_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=resolved.values["SITE_URL"].startswith("https://"),
        TEMPLATES_AUTO_RELOAD=development,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.jinja_environment = Templates
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.bytecode_cache = _compiled(resolved.instance / "templates.compiled")
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False

    database.init_app(app, resolved.values["DATABASE_URL"])
    keeping.init_app(app)
    shortcut.init_app(app)
    converters.init_app(app)
    proxies = resolved.values["TRUSTED_PROXIES"]
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)
    security.init_app(app, form_origins())
    errors.init_app(app)
    assets.init_app(app)
    filters.init_app(app)
    site.init_app(app)
    _register_slices(app)
    return app


def _compiled(folder: Path) -> FileSystemBytecodeCache | None:
    """Where compiled templates are kept: compiling all takes seconds. Each is compiled again when its text has changed.

    None where this user may not write, such as when somebody else has begun the folder: then they are compiled anew.
    """
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK | os.X_OK) else None


def _register_slices(app: Flask) -> None:
    from webapp import health, styleguide
    from webapp.commenting import routes as commenting
    from webapp.contacting import routes as contacting
    from webapp.library import routes as library
    from webapp.mailing import routes as mailing
    from webapp.moderating import accounts
    from webapp.moderating import routes as moderating
    from webapp.notifying import routes as notifying
    from webapp.people import routes as people
    from webapp.privacy import routes as privacy
    from webapp.publishing import routes as publishing
    from webapp.reading import addresses, archives, installed, media, search, unlock
    from webapp.reading import routes as reading
    from webapp.sharing import routes as sharing
    from webapp.sharing import telling
    from webapp.subscribing import routes as subscribing
    from webapp.syndicating import routes as syndicating
    from webapp.writing import routes as writing

    accounts.init_app(app)
    telling.init_app(app)
    parts = (
        health,
        reading,
        archives,
        installed,
        search,
        media,
        unlock,
        commenting,
        moderating,
        publishing,
        writing,
        library,
        people,
        sharing,
        syndicating,
        mailing,
        notifying,
        privacy,
        contacting,
        subscribing,
        styleguide,
        addresses,
    )
    for part in parts:
        app.register_blueprint(part.bp)
