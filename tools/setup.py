"""Brings a checkout to where it can run: virtual environment, locked packages, front-end packages, static bundle.

The scripts in bin/ call it before anything else: `python -m tools.setup LEVEL`, where LEVEL is `serve` (what a site
needs) or `dev` (that and what tests and checks need). It uses the standard library only, since nothing else is there
yet. It may be run again at any time, also by two scripts at once, and does only what is missing.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from tools import bundle
from tools.running import Failed, run, say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PACKAGES_STAMP = VENV / "standfirst-packages.json"
FRONT_END_STAMP = ROOT / "node_modules" / ".standfirst-packages"
LEVELS = ("serve", "dev")
OLDEST_NPM = 7  # The first to read lock files of version 3.


def lock_of(level: str) -> Path:
    """The lock file that a level installs."""
    return ROOT / "requirements" / f"{level}.lock"


def digest(*paths: Path) -> str:
    """One digest over the contents of some files."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def installed_level() -> str | None:
    """The level whose packages are in the virtual environment, exactly as its lock file names them; else None."""
    try:
        stamp = json.loads(PACKAGES_STAMP.read_text())
        return stamp["level"] if stamp["digest"] == digest(lock_of(stamp["level"])) else None
    except (OSError, ValueError, KeyError):
        return None


def wanted_level(asked: str) -> str:
    """What to install: an environment that once had the packages of `dev` keeps them."""
    try:
        return "dev" if json.loads(PACKAGES_STAMP.read_text())["level"] == "dev" else asked
    except (OSError, ValueError, KeyError):
        return asked


def has_packages(asked: str) -> bool:
    """Whether the virtual environment holds at least what a level needs."""
    level = installed_level()
    return level is not None and LEVELS.index(level) >= LEVELS.index(asked)


def has_front_end() -> bool:
    """Whether node_modules holds what package-lock.json names."""
    try:
        return FRONT_END_STAMP.read_text() == digest(ROOT / "package-lock.json")
    except OSError:
        return False


def is_ready(level: str) -> bool:
    """Whether there is nothing to do."""
    return has_packages(level) and has_front_end() and bundle.is_fresh(ROOT)


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Lets one set-up work in this checkout at a time; the lock ends with its process, however that ends."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is at work in this folder; waiting for it.")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def set_up(level: str) -> None:
    """Does what is missing for a level. Raises Failed with what is wrong and what to do about it."""
    if not os.access(ROOT, os.W_OK):
        raise Failed(
            f"The folder {ROOT} cannot be written. Set-up keeps its packages in it (.venv, node_modules)."
        )
    with only_one():
        if is_ready(level):
            return
        started = time.monotonic()
        say("Standfirst sets itself up; the first time this takes about half a minute.")
        # npm and pip wait for the network most of their time, so they do that together.
        with ThreadPoolExecutor(1) as pool:
            own_npm = machine_npm()
            front_end = pool.submit(bring_front_end, own_npm) if own_npm else None
            bring_packages(level)
            _finish_front_end(front_end)
        run([str(PYTHON), "-m", "tools.bundle"], "making the static bundle", cwd=ROOT)
        say(f"Set-up is done ({time.monotonic() - started:.0f} s).")


def _finish_front_end(front_end: "Future[None] | None") -> None:
    if front_end is not None:
        front_end.result()
    else:
        bring_front_end([str(PYTHON), "-m", "tools.npm"])


def bring_packages(level: str) -> None:
    """Makes the virtual environment and installs exactly what the lock file names, checked by its hashes."""
    if has_packages(level):
        return
    make_environment()
    level = wanted_level(level)
    PACKAGES_STAMP.unlink(missing_ok=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "-r"]
    run([*pip, str(ROOT / "requirements" / "installer.lock")], "bringing the installer")
    lock = str(lock_of(level))
    try:
        run(
            [
                str(VENV / "bin" / "uv"),
                "pip",
                "sync",
                "--quiet",
                "--require-hashes",
                "--python",
                str(PYTHON),
                lock,
            ],
            "installing the Python packages",
            env=uv_environment(),
        )
    except Failed:
        # Some machines let only pip through: with a mirror or a proxy that uv does not know of. It is slower.
        run([*pip, lock], "installing the Python packages with pip instead")
    PACKAGES_STAMP.write_text(json.dumps({"level": level, "digest": digest(lock_of(level))}))


def make_environment() -> None:
    """Makes .venv, or makes it anew when it is broken or its Python is gone."""
    if _has_pip():
        return
    try:
        import ensurepip  # noqa: F401 (Debian's Python comes without it)
    except ImportError:
        raise Failed(
            f"{sys.executable} cannot make virtual environments. "
            "Debian and Ubuntu keep that in a package of its own: apt install python3-venv"
        ) from None
    # An activated environment must not make itself anew: its base can.
    base: str = getattr(sys, "_base_executable", sys.executable)
    run([base, "-m", "venv", "--clear", str(VENV)], "making the virtual environment")


def _has_pip() -> bool:
    try:
        asked = [str(PYTHON), "-m", "pip", "--version"]
        return subprocess.run(asked, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def uv_environment() -> dict[str, str]:
    """The environment for uv, which reads none of pip's settings: an index that pip is told of holds for it too."""
    env = dict(os.environ)
    if "UV_DEFAULT_INDEX" not in env and "UV_INDEX_URL" not in env:
        asked = [str(PYTHON), "-m", "pip", "config", "get", "global.index-url"]
        answer = subprocess.run(asked, capture_output=True, text=True, check=False)
        index = os.environ.get("PIP_INDEX_URL") or answer.stdout.strip()
        if index:
            env["UV_DEFAULT_INDEX"] = index
    return env


def machine_npm() -> list[str] | None:
    """The command for the machine's own npm where there is a working one."""
    try:
        answer = subprocess.run(["npm", "--version"], capture_output=True, text=True, check=True, cwd=ROOT)
        return ["npm"] if int(answer.stdout.partition(".")[0]) >= OLDEST_NPM else None
    except (OSError, subprocess.CalledProcessError, ValueError):
        return None


def bring_front_end(npm: list[str]) -> None:
    """Brings what package-lock.json names into node_modules, checked by its hashes."""
    if has_front_end():
        return
    FRONT_END_STAMP.unlink(missing_ok=True)
    run([*npm, "ci", "--loglevel=error"], "bringing the front-end packages", cwd=ROOT)
    FRONT_END_STAMP.write_text(digest(ROOT / "package-lock.json"))


def main(arguments: list[str]) -> int:
    """`--is-ready LEVEL` only asks; the exit code tells."""
    if arguments[0] == "--is-ready":
        return 0 if is_ready(arguments[1]) else 1
    try:
        set_up(arguments[0])
    except Failed as error:
        say(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped; what is done is kept.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
