"""Parsers of setting values: from the environment as text, from TOML or the database as what they are.

Each raises ValueError or TypeError with words that follow the setting's name: "must be …".
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from webapp import duty


def text(value: Any) -> str:
    """Any text, without the spaces around it."""
    if not isinstance(value, str):
        raise TypeError("must be a text")
    return value.strip()


def whole(value: Any) -> int:
    """A whole number, 0 or more."""
    try:
        number = -1 if isinstance(value, bool) else int(value)
    except ValueError:
        number = -1
    if number < 0:
        raise ValueError("must be a whole number, 0 or more")
    return number


def positive(value: Any) -> int:
    """A whole number, 1 or more."""
    number = whole(value)
    if number < 1:
        raise ValueError("must be at least 1")
    return number


def depth(value: Any) -> int:
    """Levels of replies: the path of a comment has room for ten."""
    number = positive(value)
    if number > 10:
        raise ValueError("must be from 1 to 10")
    return number


def optional_whole(value: Any) -> int | None:
    """A whole number, or None where nothing is said."""
    return None if value in ("", None) else whole(value)


def flag(value: Any) -> bool:
    """True or False from 1, yes, on, true and their opposites."""
    known = {
        "": False,
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    answer = known.get(str(value).strip().lower())
    if answer is None:
        raise ValueError("must be 1 or 0")
    return answer


def zone(value: Any) -> str:
    """The name of a time zone that this machine knows."""
    try:
        ZoneInfo(text(value))
    except (OSError, ValueError, KeyError) as error:
        raise ValueError("must be a time zone such as Europe/Berlin") from error
    return value


def origin(value: Any) -> str:
    """Scheme and host of a site, without a slash at the end."""
    url = text(value).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query:
        raise ValueError("must be an address such as https://news.example, without a path")
    return url


def lines(value: Any) -> list[str]:
    """A list of texts, or a text with one a line."""
    items = value.splitlines() if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise ValueError("must be a list of texts, or one a line")
    return [item.strip() for item in items if item.strip()]


def smtp_security(value: Any) -> str:
    """How the way to the mail server is kept private."""
    if value not in ("starttls", "tls", "none"):
        raise ValueError("must be starttls, tls or none")
    return value


def address(value: Any) -> str:
    """An e-mail address, or empty."""
    found = text(value)
    if found and (found.count("@") != 1 or not found.isascii() or any(sign in found for sign in " \r\n<>,;")):
        raise ValueError("must be an e-mail address such as desk@news.example")
    return found


def percent(value: Any) -> int:
    """A whole number from 0 to 100."""
    number = whole(value)
    if number > 100:
        raise ValueError("must be from 0 to 100")
    return number


def duty_hours(value: Any) -> list[str]:
    """Lines such as `mon-fri 07:00-22:00`."""
    found = lines(value)
    duty.spans(found)
    return found


def off_duty(value: Any) -> str:
    """What happens while nobody is on duty."""
    if value not in ("nothing", "hold", "close"):
        raise ValueError("must be nothing, hold or close")
    return value


def moderator_mail(value: Any) -> str:
    """What moderators are told by mail."""
    if value not in ("no", "daily", "held"):
        raise ValueError("must be no, daily or held")
    return value


NEWSLETTERS = ("no", "by hand", "daily", "weekly")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def newsletter(value: Any) -> str:
    """Whether there is a newsletter, and what makes it."""
    if value not in NEWSLETTERS:
        raise ValueError("must be no, by hand, daily or weekly")
    return value


def weekday(value: Any) -> str:
    """A day of the week, by its English name."""
    found = text(value).lower()
    if found not in WEEKDAYS:
        raise ValueError("must be a day from monday to sunday")
    return found


def hour(value: Any) -> int:
    """An hour of the day."""
    number = whole(value)
    if number > 23:
        raise ValueError("must be from 0 to 23")
    return number


def some(value: Any) -> int:
    """A whole number from 1 to 30."""
    number = whole(value)
    if not 1 <= number <= 30:
        raise ValueError("must be from 1 to 30")
    return number


def id_or_none(value: Any) -> int:
    """The id of a row, or 0."""
    number = whole(value)
    if number > 2**31 - 1:
        raise ValueError("must be the number of something that is there, or 0")
    return number
