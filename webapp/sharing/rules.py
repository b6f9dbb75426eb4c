"""What counts, in pure functions: see /how-we-count for the same in words."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from webapp.sharing.networks import HOST_NAME
from webapp.sharing.programs import is_program

WINDOW_SECONDS = 30 * 60
"""A reader counts once for an article, or an article and network, in this time."""
KEPT_HOURS = 31 * 24
"""Counts are kept by hour this long, then by day."""
KEPT_DAYS = 400
"""Where readers came from and how far they read is kept this long: a year can be compared with the one before."""
DEPTHS = (25, 50, 75, 100)
"""How much of an article's text was reached, in per cent."""
READING_SECONDS = 4 * 3600
"""How long after a counted view its reader may get farther. Nobody is known again on the next day."""
UNKNOWN, HERE, OTHERS = "", ".", "*"
"""Where a reader came from, where it is no other host: opened directly or not told, this site, one host too many."""
APART = frozenset({UNKNOWN, HERE, OTHERS})
MOST_HOSTS = 50
"""So many hosts are told apart for an article and a day, so that made-up ones cannot fill the database."""
_LONGEST_HOST = 100
_NOT_PUBLIC = frozenset(
    {"arpa", "corp", "home", "internal", "intranet", "invalid", "lan", "local", "localhost", "private"}
)


@lru_cache(maxsize=2048)
def is_bot(user_agent: str) -> bool:
    """Whether a kept-up library knows this browser name as a program; no name at all is one, too."""
    return not user_agent.strip() or is_program(user_agent[:500])


def is_ahead_of_reader(purpose: str) -> bool:
    """Whether the browser fetches for later (prefetch, preview), going by Sec-Purpose, Purpose or X-Moz."""
    return any(word in purpose.lower() for word in ("prefetch", "prerender", "preview"))


def came_from(host: str, own: Collection[str]) -> str:
    """What is counted of the host (and port) that a browser named: a public host's name, HERE or UNKNOWN.

    Anybody may send anything here; an address of numbers or within somebody's own network is nobody's business.

    >>> came_from("www.News.example:443", ["paper.example"]), came_from("192.0.2.1", [])
    ('news.example', '')
    """
    if len(host) > _LONGEST_HOST + len("www.:65535"):
        return UNKNOWN
    name = bare_host(host)
    if name in {bare_host(one) for one in own}:
        return HERE
    if len(name) > _LONGEST_HOST or not HOST_NAME.fullmatch(name) or name.rpartition(".")[2] in _NOT_PUBLIC:
        return UNKNOWN
    return name


def bare_host(host: str) -> str:
    """In small letters, without a port, the root's dot and `www.`."""
    name, colon, port = host.strip().lower().rpartition(":")
    if not colon or not port.isdecimal():
        name = host.strip().lower()
    return name.removesuffix(".").removeprefix("www.")


def half_life_hours(window_hours: int) -> int:
    """A quarter of the window: what happened that long ago weighs half."""
    return max(1, window_hours // 4)
