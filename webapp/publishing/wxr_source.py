"""The bytes of an export made safe for the XML parser: one encoding, no forbidden characters, right lines."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from types import TracebackType
from typing import Self

CHUNK = 64 * 1024
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# WordPress lets these through although XML forbids them: mostly from texts pasted out of a word processor.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Who declares ISO-8859-1 means what browsers mean by it: the same with quotes and dashes in the control area.
_WINDOWS = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)}


class Malformed(Exception):
    """The file is no export that can be read; `line` and `column` count from 1 (0: no place to name)."""

    def __init__(self, reason: str, line: int = 0, column: int = 0) -> None:
        self.reason, self.line, self.column = reason, line, column
        place = f"line {line}, column {column}: " if line else ""
        super().__init__(place + reason)


class Source:
    """A readable of UTF-8 bytes over the file, whatever its own encoding.

    Counts what it dropped in `dropped`, with the line of the first one in `first_dropped`.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            head = file.read(1024)
        _refuse_other_formats(head)
        self.encoding = _encoding(head)
        self._file = path.open("rb")
        self._decoder = codecs.getincrementaldecoder(self.encoding)()
        self._latin = codecs.lookup(self.encoding).name == "iso8859-1"
        self._line = 1
        self.read_bytes = 0
        self.dropped = 0
        self.first_dropped = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def read(self, size: int = CHUNK) -> bytes:
        """The next piece, empty at the end; raises `Malformed` for bytes that the encoding doesn't know."""
        while True:
            piece = self._file.read(size)
            self.read_bytes += len(piece)
            text = self._clean(self._decode(piece))
            if text or not piece:
                return text.encode("utf-8")

    def _decode(self, piece: bytes) -> str:
        try:
            text = self._decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            raise self._wrong_byte(error) from error
        return text.translate(_WINDOWS) if self._latin else text

    def _wrong_byte(self, error: UnicodeDecodeError) -> Malformed:
        before = error.object[: error.start].decode(self.encoding, "replace")
        byte = f"0x{error.object[error.start]:02x}"
        return Malformed(
            f"the file says that it is {self.encoding}, but has the byte {byte} here",
            self._line + before.count("\n"),
            len(before) - before.rfind("\n"),
        )

    def _clean(self, text: str) -> str:
        if (first := _FORBIDDEN.search(text)) is not None:
            self.first_dropped = self.first_dropped or self._line + text.count("\n", 0, first.start())
            self._line += text.count("\n")
            text, found = _FORBIDDEN.subn("", text)
            self.dropped += found
            return text
        self._line += text.count("\n")
        return text


def _encoding(head: bytes) -> str:
    """The encoding by byte order mark, else by the first characters' shape, else as declared, else UTF-8."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(b"<\x00?\x00"):
        return "utf-16-le"
    if head.startswith(b"\x00<\x00?"):
        return "utf-16-be"
    declared = _DECLARED.search(head)
    name = declared.group(1).decode("ascii") if declared else "utf-8"
    try:
        # Some of Python's codecs aren't of text at all (base64); using one tells.
        "<".encode(name)
        codecs.getincrementaldecoder(name)()
    except (LookupError, TypeError, UnicodeError) as error:
        raise Malformed(
            f"the file says that its encoding is {name!r}, which is not known here", 1, 1
        ) from error
    return name.lower()


def _refuse_other_formats(head: bytes) -> None:
    if head.startswith(b"\x1f\x8b"):
        raise Malformed("this is a gzip archive: unpack it first (gunzip)")
    if head.startswith(b"PK\x03\x04"):
        raise Malformed("this is a zip archive: unpack it and give the .xml file in it")
    start = head.replace(b"\x00", b"").lstrip(codecs.BOM_UTF8 + codecs.BOM_UTF16_BE + b" \t\r\n").lower()
    if not start:
        raise Malformed("the file is empty")
    if start.startswith((b"<!doctype html", b"<html")):
        raise Malformed(
            "this is a web page, not an export: sign in to WordPress and use Tools > Export", 1, 1
        )
    if not start.startswith(b"<"):
        raise Malformed("this is not XML: an export begins with <?xml", 1, 1)
