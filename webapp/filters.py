"""Numbers, durations and dates as readers see them: pure functions, which templates use as filters.

Dates stand in the site's own time zone. `static/js/times.js` says relative times again in the browser by the same
rule, so that a kept page never shows an old "5 min ago"; change both together.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup, escape

from webapp import clock
from webapp.site import current_site

WORDS_PER_MINUTE = 225
"""The stated rule of reading times: an adult reads news at about this pace."""

_UNITS = ((1_000, "k"), (1_000_000, "M"), (1_000_000_000, "B"))
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_AGES = (
    (_HOUR, _MINUTE, "min", "min"),
    (_DAY, _HOUR, "hour", "hours"),
    (7 * _DAY, _DAY, "day", "days"),
    (30 * _DAY, 7 * _DAY, "week", "weeks"),
    (365 * _DAY, 30 * _DAY, "month", "months"),
)


def compact_count(number: int) -> str:
    """A count in at most four figures and a letter, rounded half up.

    >>> [compact_count(n) for n in (999, 1000, 1049, 1050, 999_949, 999_950)]
    ['999', '1k', '1k', '1.1k', '999.9k', '1M']
    """
    if number < 1000:
        return str(number)
    rounded = ((letter, (number * 10 + unit // 2) // unit) for unit, letter in _UNITS)
    # 999,950 rounds to a thousand thousands, which is a million: the first unit that stays below a thousand.
    letter, tenths = next((pair for pair in rounded if pair[1] < 10_000), ("B", number // 100_000_000))
    whole, tenth = divmod(tenths, 10)
    return f"{whole}.{tenth}{letter}" if tenth else f"{whole}{letter}"


def grouped(number: int) -> str:
    """A count written in full, with commas."""
    return f"{number:,}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun: "1 comment", "2 comments", "1.1k views"."""
    return f"{compact_count(number)} {noun(number, one, many)}"


def noun(number: int, one: str, many: str | None = None) -> str:
    """The word that stands behind a number.

    >>> noun(1, "comment"), noun(0, "comment"), noun(2, "entry", "entries")
    ('comment', 'comments', 'entries')
    """
    return one if number == 1 else many or one + "s"


def reading_minutes(word_count: int) -> int | None:
    """Minutes to read so many words, rounded, at least 1; None where there is nothing to read."""
    if word_count <= 0:
        return None
    return max(1, (word_count + WORDS_PER_MINUTE // 2) // WORDS_PER_MINUTE)


def relative_time(moment: datetime, now: datetime | None = None) -> str:
    """How long ago: "just now", "59 min ago", "1 hour ago", "6 days ago", "3 weeks ago", "2 years ago".

    Units are whole and never rounded up; a moment in the future is "just now".
    """
    seconds = int(((now or clock.now()) - moment).total_seconds())
    if seconds < _MINUTE:
        return "just now"
    for below, unit, one, many in _AGES:
        if seconds < below:
            return _ago(seconds // unit, one, many)
    return _ago(seconds // (365 * _DAY), "year", "years")


def _ago(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many} ago"


def in_zone(moment: datetime, zone: ZoneInfo | None = None) -> datetime:
    """The moment on the site's own clock."""
    return moment.astimezone(zone or current_site().zone)


def iso(moment: datetime) -> str:
    """For machines, with the zone's offset: 2026-12-04T09:00:00+01:00."""
    return in_zone(moment).isoformat(timespec="seconds")


def long_date(moment: datetime) -> str:
    """December 4, 2026"""
    local = in_zone(moment)
    return f"{local:%B} {local.day}, {local.year}"


def date_line(moment: datetime) -> str:
    """Friday, December 4, 2026"""
    return f"{in_zone(moment):%A}, {long_date(moment)}"


def next_midnight(moment: datetime) -> datetime:
    """When the day of this moment ends at the site."""
    local = in_zone(moment)
    return datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)


def clock_time(moment: datetime) -> str:
    """09:00"""
    return f"{in_zone(moment):%H:%M}"


def date_time(moment: datetime) -> str:
    """December 4, 2026, 09:00"""
    return f"{long_date(moment)}, {clock_time(moment)}"


def full_time(moment: datetime) -> str:
    """The absolute time behind a relative one, with its zone: December 4, 2026, 09:00 GMT"""
    return f"{date_time(moment)} {in_zone(moment):%Z}"


def clock_or_day(moment: datetime) -> str:
    """For a dense list: the time of day for today's, else the short date ("Dec 3")."""
    local = in_zone(moment)
    return clock_time(moment) if local.date() == in_zone(clock.now()).date() else f"{local:%b} {local.day}"


def day_field(moment: datetime) -> str:
    """For a field of a form: 2026-12-04"""
    return f"{in_zone(moment):%Y-%m-%d}"


def moment(written: str) -> datetime:
    """A moment that was kept as text (ISO 8601)."""
    return datetime.fromisoformat(written)


def day_and_clock(moment: datetime) -> str:
    """For an end that may lie on another day: "22:00" today, else "Dec 3, 22:00"."""
    local = in_zone(moment)
    is_today = local.date() == in_zone(clock.now()).date()
    return clock_time(moment) if is_today else f"{local:%b} {local.day}, {clock_time(moment)}"


def update_time(updated: datetime, published: datetime) -> str:
    """When an article was changed: the time alone where that was on the day it appeared."""
    same_day = in_zone(updated).date() == in_zone(published).date()
    return clock_time(updated) if same_day else date_time(updated)


def ago(moment: datetime) -> Markup:
    """How long ago, with the absolute time as a title; the browser keeps it true."""
    return _element(moment, " data-relative", relative_time(moment))


def stamp(moment: datetime, words: str) -> Markup:
    """An absolute time in given words."""
    return _element(moment, "", escape(words))


def _element(moment: datetime, attribute: str, words: str) -> Markup:
    machine, title = _written(moment, current_site().zone)
    # A page has some fifty of them: put together here, since a template's macro takes many times as long.
    return Markup(f'<time datetime="{machine}" title="{title}"{attribute}>{words}</time>')  # noqa: S704 (escaped)


@lru_cache(maxsize=8192)
def _written(moment: datetime, _zone: ZoneInfo) -> tuple[str, str]:
    """For machines, and in full as a title; the zone is the site's, which an editor may change."""
    return iso(moment), escape(full_time(moment))


def host(url: str) -> str:
    """The bare name of a website: "example.org" for https://www.example.org/page."""
    return url.split("//", 1)[-1].split("/", 1)[0].removeprefix("www.")


FILTERS = (
    compact_count,
    grouped,
    counted,
    reading_minutes,
    relative_time,
    iso,
    long_date,
    date_line,
    next_midnight,
    clock_time,
    date_time,
    clock_or_day,
    day_and_clock,
    day_field,
    moment,
    update_time,
    host,
)


def init_app(app: Flask) -> None:
    """Gives templates every function of FILTERS under its own name, and `ago` and `stamp` to call."""
    for function in FILTERS:
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals.update(ago=ago, stamp=stamp)
