"""Where the files that are not Python code lie.

In a checkout they stand beside the package; a wheel carries copies of them in `webapp/_bundled`. Nothing else
in the project needs to know which of the two is running.
"""

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


@cache
def source_checkout() -> Path | None:
    """Answer the folder of the checkout that this package runs from, or None when it was installed."""
    root = PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() and (root / "templates").is_dir() else None


def _find(name: str) -> Path:
    return (source_checkout() or PACKAGE / "_bundled") / name


def templates_dir() -> Path:
    """Answer the folder with the Jinja templates."""
    return _find("templates")


def static_dir() -> Path:
    """Answer the folder with the sources of styles and scripts; a wheel holds only `dist` in it."""
    return _find("static")


def dist_dir() -> Path:
    """Answer the folder with the finished bundle, as it is served."""
    return static_dir() / "dist"


def demonstration_dir() -> Path:
    """Answer the folder with the demonstration articles, comments and pictures."""
    return _find("demonstration")


def migrations_dir() -> Path:
    """Answer the folder with the Alembic migrations, which lie inside the package in both cases."""
    return PACKAGE / "migrations"


def default_instance_dir() -> Path:
    """Answer where a site keeps its own data when STANDFIRST_INSTANCE is unset."""
    return (source_checkout() or Path.cwd()) / "instance"
