"""Runs other programs quietly, shows how long each took, and says in words what went wrong."""

import errno
import subprocess
import sys
import time
from pathlib import Path

_NO_NETWORK = (
    "name resolution",
    "name or service not known",
    "could not resolve",
    "dns error",
    "enotfound",
    "eai_again",
    "econnrefused",
    "enetunreach",
    "etimedout",
    "network is unreachable",
    "connection refused",
    "connection timed out",
    "failed to establish a new connection",
    "tcp connect error",
    "connecttimeout",
    "error sending request",
    "fetch failed",
)


class Failed(Exception):
    """A step did not work; the message says which, why, and what to do."""


def say(line: str) -> None:
    """Tells the person in front of the screen; on stderr, since stdout belongs to the command that comes after."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def run(command: list[str], step: str, *, cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    """Runs one step to its end. Raises Failed with its last lines, and with the likely reason before them."""
    started = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise Failed(f"Set-up failed while {step}: {command[0]}: {error.strerror}.") from error
    if done.returncode:
        raise Failed(_in_words(step, done.stdout + done.stderr))
    say(f"  {step}: {time.monotonic() - started:.1f} s")


def _in_words(step: str, output: str) -> str:
    known = output.lower()
    if any(sign in known for sign in _NO_NETWORK):
        reason = (
            "The package registry could not be reached. Check the network and the proxy settings and start again; "
            "what is done is kept."
        )
    elif any(text in known for text in ("permission denied", "eacces", "read-only file system", "erofs")):
        reason = "A folder cannot be written; the lines above name it. Make it writable and start again."
    elif "no space left" in known or errno.errorcode[errno.ENOSPC].lower() in known:
        reason = "The disk is full."
    elif ("hash" in known and "match" in known) or "eintegrity" in known:
        reason = "A package is not the one that the lock file names. Nothing of it was installed."
    else:
        reason = "The lines above say why."
    lines = [line for line in output.strip().splitlines() if line.strip()][-12:]
    return "\n".join([*("  | " + line for line in lines), f"Set-up failed while {step}. {reason}"])
