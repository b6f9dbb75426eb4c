"""The values of the settings (webapp.settings_table). Nothing else reads the environment.

A setting's value comes from, in this order: the environment (STANDFIRST_<NAME>), `settings.toml` in the instance
folder (the name in lower case), the database (only those the newsroom may change: `live`), the default.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import current_app, g
from sqlalchemy import select

from webapp import generation
from webapp.settings_table import SETTINGS, Setting

PREFIX = "STANDFIRST_"


class BadSetting(Exception):
    """A setting has a value that cannot be used; the message says which, why, and where it stands."""


BY_NAME = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True)
class Resolved:
    """What a process started with: each value and where it came from (environment, settings.toml, default)."""

    instance: Path
    values: Mapping[str, Any]
    sources: Mapping[str, str] = field(default_factory=dict)


def instance_folder(environ: Mapping[str, str]) -> Path:
    """The folder of the site's own data: STANDFIRST_INSTANCE, or `instance/` in the checkout or where one stands."""
    from webapp import paths

    return Path(environ.get(PREFIX + "INSTANCE") or paths.default_instance_dir()).absolute()


def load(environ: Mapping[str, str] | None = None) -> Resolved:
    """Reads environment and settings.toml. Raises BadSetting with a message for the operator."""
    environ = os.environ if environ is None else environ
    instance = instance_folder(environ)
    from_file = _read_file(instance / "settings.toml")
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for setting in SETTINGS:
        raw, source = _find(setting, environ, from_file)
        if source == "default":
            values[setting.name] = raw(values) if callable(raw) else raw
        else:
            values[setting.name] = _parsed(setting, raw, source)
        sources[setting.name] = source
    if not values["SECRET_KEY"]:
        values["SECRET_KEY"], sources["SECRET_KEY"] = _secret_key(instance), "secret_key file"
    return Resolved(instance, values, sources)


def _find(setting: Setting, environ: Mapping[str, str], from_file: Mapping[str, Any]) -> tuple[Any, str]:
    names = [PREFIX + setting.name] + (["PORT"] if setting.name == "PORT" else [])
    for name in names:
        if environ.get(name, "") != "":
            return environ[name], f"environment ({name})"
    if setting.name.lower() in from_file:
        return from_file[setting.name.lower()], "settings.toml"
    return setting.default, "default"


def _parsed(setting: Setting, raw: Any, source: str) -> Any:
    try:
        return setting.parse(raw)
    except (ValueError, TypeError) as error:
        shown = "" if setting.secret else f", not {raw!r}"
        raise BadSetting(f"The setting {setting.name} from {source} {error}{shown}.") from error


def _read_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadSetting(f"{path} cannot be read: {error}.") from error
    unknown = sorted(name for name in found if name.upper() not in BY_NAME)
    if unknown:
        raise BadSetting(f"{path} names settings that do not exist: {', '.join(unknown)}.")
    return found


def _secret_key(instance: Path) -> str:
    """The key in the instance; made on the first call, readable by its owner only, also when two start at once."""
    path = instance / "secret_key"
    try:
        instance.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            # A name of its own for each caller, since two threads of one process may come at the same time.
            draft = instance / f"secret_key.{secrets.token_hex(8)}"
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise BadSetting(
            f"The folder {instance} cannot be written: {error.strerror}. Set STANDFIRST_INSTANCE."
        ) from error


def setting(name: str) -> Any:
    """The value in force now, in this application context. Raises KeyError for a name that is not in the table."""
    resolved: Resolved = current_app.extensions["standfirst_settings"]
    if BY_NAME[name].live and resolved.sources[name] == "default":
        return stored().get(name, resolved.values[name])
    return resolved.values[name]


def source(name: str) -> str:
    """Where the value in force comes from, in words."""
    resolved: Resolved = current_app.extensions["standfirst_settings"]
    if BY_NAME[name].live and resolved.sources[name] == "default" and name in stored():
        return "database"
    return resolved.sources[name]


def stored() -> dict[str, Any]:
    """What the newsroom or an import has set: the same throughout a request."""
    if "stored_settings" not in g:
        g.stored_settings = generation.remembered("settings", _read_stored)
    return g.stored_settings


def _read_stored() -> dict[str, Any]:
    from webapp.database import db
    from webapp.models import SiteSetting

    rows = db.session.execute(select(SiteSetting.name, SiteSetting.value))
    return {name: value for name, value in rows}  # noqa: C416 (rows are no plain pairs)


def checked(name: str, value: Any) -> Any:
    """A value as it would be stored. Raises BadSetting for an unusable one."""
    return _parsed(BY_NAME[name], value, "the database")


def store(values: Mapping[str, Any]) -> None:
    """Keeps settings in the database. Raises BadSetting for an unusable value, KeyError for one that is not live."""
    from webapp.database import db, transaction
    from webapp.models import SiteSetting

    usable = {name: checked(name, value) for name, value in values.items()}
    for name in usable:
        if not BY_NAME[name].live:
            raise KeyError(name)
    with transaction():
        for name, value in usable.items():
            db.session.merge(SiteSetting(name=name, value=value))
    g.pop("stored_settings", None)
