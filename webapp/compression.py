"""Text as small as the browser takes it: brotli, zstd or gzip."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import lru_cache

import brotli
import zstandard
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

SMALLEST = 1024
"""Bytes; below it nothing is won."""
_ZSTD = zstandard.ZstdCompressor(level=3)
_KEPT: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, mode=brotli.MODE_TEXT, quality=5),
    "zstd": zstandard.ZstdCompressor(level=9).compress,
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
_UNDO: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "zstd": zstandard.ZstdDecompressor().decompress,
    "gzip": gzip.decompress,
}
_AT_ONCE: dict[str, Callable[[bytes], bytes]] = {
    "zstd": _ZSTD.compress,
    "br": lambda body: brotli.compress(body, mode=brotli.MODE_TEXT, quality=2),
    "gzip": lambda body: gzip.compress(body, 2, mtime=0),
}


def is_text(content_type: str) -> bool:
    """Whether an answer of this type becomes smaller."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind.startswith("text/") or kind.endswith(("xml", "json", "javascript"))


@lru_cache(maxsize=256)
def for_keeping(accepted: str) -> str:
    """The encoding for what is compressed once and sent often; empty for none. `accepted`: the browser's header."""
    return _first(tuple(_KEPT), accepted)


@lru_cache(maxsize=256)
def for_once(accepted: str) -> str:
    """The encoding for what is sent once; empty for none."""
    return _first(tuple(_AT_ONCE), accepted)


def _first(names: tuple[str, ...], accepted: str) -> str:
    offered = parse_accept_header(accepted[:500], Accept)
    return next((name for name in names if offered.quality(name) > 0), "")


def keep(body: bytes, encoding: str) -> bytes:
    """The body as small as a few milliseconds make it; as it is without an encoding."""
    return _KEPT[encoding](body) if encoding else body


def undo(body: bytes, encoding: str) -> bytes:
    """What `keep` was given."""
    return _UNDO[encoding](body) if encoding else body


def at_once(body: bytes, encoding: str) -> bytes:
    """The body made smaller in a fraction of a millisecond."""
    return _AT_ONCE[encoding](body) if encoding else body
