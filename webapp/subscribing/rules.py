"""When the newsletter goes out by itself, and what lists of addresses say. No Flask, no SQL."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email

from webapp.setting_values import WEEKDAYS

LATE = timedelta(hours=6)
"""A machine that was down at the hour still sends, so long after it."""
PERIODS = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
MOST_LINES = 200_000


def due(rule: str, weekday: str, hour: int, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The moment at which the edition of today was (or is) to go out, while it may still; None otherwise."""
    today = now.astimezone(zone)
    moment = today.replace(hour=hour, minute=0, second=0, microsecond=0)
    is_day = rule == "daily" or (rule == "weekly" and WEEKDAYS[today.weekday()] == weekday)
    return moment if is_day and moment <= today < moment + LATE else None


def normalized(email: str) -> str | None:
    """An address in lower case as it is kept; None for what is none."""
    try:
        checked = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return checked.normalized.lower() if len(checked.normalized) <= 254 else None


@dataclass
class Found:
    """What a list says: addresses without doubles, in order, and the lines in which none could be read."""

    emails: list[str] = field(default_factory=list)
    doubles: int = 0
    wrong: list[tuple[int, str]] = field(default_factory=list)
    """Line numbers (from 1) and what stands there, cut short."""
    wrong_count: int = 0


class NotAList(Exception):
    """The file cannot be read as a list at all; the message says why."""


def read_list(content: bytes) -> Found:
    """Reads CSV (comma, semicolon or tab; with a head or without) or one address a line. Other columns are left.

    Raises NotAList for what is no text, or too long.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if "\0" in text:
        raise NotAList("This is no text file. Export the list as CSV and try again.")
    if text.count("\n") > MOST_LINES:
        raise NotAList(f"A list may have {MOST_LINES} lines; split this one.")
    lines = text.splitlines()
    first = lines[0] if lines else ""
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise NotAList(f"This is no list that can be read: {error}.") from error
    return _found(rows)


def _found(rows: list[list[str]]) -> Found:
    heads = [cell.strip().lower() for cell in rows[0]] if rows else []
    known = [place for place, head in enumerate(heads) if head in _HEADS]
    column = known[0] if known else None
    found, seen = Found(), set()
    for number, row in enumerate(rows, 1):
        if (number == 1 and column is not None) or not any(cell.strip() for cell in row):
            continue
        email = _address_in(row, column)
        if email is None:
            found.wrong_count += 1
            if len(found.wrong) < 20:
                found.wrong.append((number, ", ".join(row)[:80]))
        elif email in seen:
            found.doubles += 1
        else:
            seen.add(email)
            found.emails.append(email)
    return found


def _address_in(row: list[str], column: int | None) -> str | None:
    cells = row if column is None else row[column : column + 1]
    return next((email for cell in cells if "@" in cell and (email := normalized(_bare(cell)))), None)


_HEADS = frozenset(
    {"email", "e-mail", "mail", "email address", "e-mail address", "address", "subscriber email"}
)


def _bare(cell: str) -> str:
    # What a spreadsheet would take for a formula was written with an apostrophe before it.
    return cell.strip().removeprefix("'").strip()


def write_list(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Lines of CSV with a head: address, state, when asked, confirmed, ended (UTC)."""
    yield "email,state,asked_at,confirmed_at,ended_at\r\n"
    for email, state, *moments in rows:
        line = io.StringIO()
        safe = f"'{email}" if email[:1] in "=+-@\t" else email
        csv.writer(line).writerow([safe, state, *(one.isoformat() if one else "" for one in moments)])
        yield line.getvalue()
