"""The version of the program, from pyproject.toml in a checkout and from the package's metadata elsewhere."""

import tomllib
from importlib import metadata

from webapp import paths


def version() -> str:
    """Such as `0.1.0`."""
    checkout = paths.source_checkout()
    if checkout is None:
        return metadata.version("standfirst")
    return tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
