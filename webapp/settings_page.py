"""Settings for people: values with secrets masked, and the table of docs/settings.md."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from webapp.settings import BY_NAME, SETTINGS, Setting


def shown(name: str, value: Any) -> str:
    """A value for people: secrets are masked, an address in a database URL keeps its host but not its password."""
    if BY_NAME[name].secret:
        return "(set)" if value else "(not set)"
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return ", ".join(value) or "(none)"
    return "(none)" if value in ("", None) else str(value)


def markdown_table(settings: Iterable[Setting] = SETTINGS) -> str:
    """The page docs/settings.md, made from the table."""
    lines = [
        "# Settings",
        "",
        "Made by `bin/standfirst settings --markdown`; `bin/check` compares. Each can be set as `STANDFIRST_<NAME>`",
        "in the environment or, in lower case, in `settings.toml` of the instance. The environment wins. Those",
        "marked *newsroom* may also be stored in the database (by an import, for instance), which counts where",
        "neither of the two says anything.",
        "`STANDFIRST_INSTANCE` (environment only) names the folder of the site's own data; the default is `instance/`.",
        "",
        "| setting | default | what it does |",
        "| --- | --- | --- |",
    ]
    for item in settings:
        default = (
            "`http://127.0.0.1:<PORT>`" if callable(item.default) else f"`{shown(item.name, item.default)}`"
        )
        help_text = item.help + (" *newsroom*" if item.live else "")
        lines.append(
            f"| `{item.name}` | {'made once' if item.name == 'SECRET_KEY' else default} | {help_text} |"
        )
    return "\n".join(lines) + "\n"
