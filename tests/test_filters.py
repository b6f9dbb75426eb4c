"""Numbers, durations and dates as readers see them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from tests.factories import at
from webapp import filters
from webapp.settings import store

NOON = at("2026-12-04T12:00:00+00:00")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1k"),
        (1049, "1k"),
        (1050, "1.1k"),
        (9_950, "10k"),
        (123_456, "123.5k"),
        (999_949, "999.9k"),
        (999_950, "1M"),
        (1_050_000, "1.1M"),
        (999_950_000, "1B"),
        (12_300_000_000_000, "12300B"),
    ],
)
def test_counts_are_shortened_and_rounded_half_up(number: int, words: str) -> None:
    assert filters.compact_count(number) == words


def test_a_count_agrees_with_its_noun() -> None:
    assert [filters.counted(n, "comment") for n in (0, 1, 2)] == ["0 comments", "1 comment", "2 comments"]
    assert filters.counted(1050, "reply", "replies") == "1.1k replies"


@pytest.mark.parametrize(
    ("words", "minutes"), [(0, None), (1, 1), (225, 1), (337, 1), (338, 2), (5000, 22), (-3, None)]
)
def test_reading_time_is_never_zero_and_absent_where_there_is_nothing(
    words: int, minutes: int | None
) -> None:
    assert filters.reading_minutes(words) == minutes


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(minutes=-5), "just now"),
        (timedelta(0), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(minutes=60), "1 hour ago"),
        (timedelta(hours=23, minutes=59, seconds=59), "23 hours ago"),
        (timedelta(hours=24), "1 day ago"),
        (timedelta(days=6, hours=23, minutes=59), "6 days ago"),
        (timedelta(days=7), "1 week ago"),
        (timedelta(days=29), "4 weeks ago"),
        (timedelta(days=30), "1 month ago"),
        (timedelta(days=364), "12 months ago"),
        (timedelta(days=365), "1 year ago"),
        (timedelta(days=800), "2 years ago"),
    ],
)
def test_relative_times_change_at_their_edges_and_are_never_negative(age: timedelta, words: str) -> None:
    assert filters.relative_time(NOON - age, NOON) == words


@time_machine.travel(NOON, tick=False)
def test_relative_time_counts_from_the_current_moment() -> None:
    assert filters.relative_time(NOON - timedelta(hours=3)) == "3 hours ago"


def test_dates_stand_in_the_zone_of_the_site(app: Flask) -> None:
    store({"TIME_ZONE": "Pacific/Auckland"})
    moment = at("2025-12-04T12:30:00+00:00")
    assert filters.date_line(moment) == "Friday, December 5, 2025"
    assert filters.date_time(moment) == "December 5, 2025, 01:30"
    assert filters.full_time(moment) == "December 5, 2025, 01:30 NZDT"
    assert filters.iso(moment) == "2025-12-05T01:30:00+13:00"


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2026-03-29T00:59:59+00:00", "March 29, 2026, 01:59"),
        ("2026-03-29T01:00:00+00:00", "March 29, 2026, 03:00"),
        ("2026-10-25T00:59:59+00:00", "October 25, 2026, 02:59"),
        ("2026-10-25T01:00:00+00:00", "October 25, 2026, 02:00"),
    ],
)
def test_dates_follow_the_change_of_the_clocks(app: Flask, moment: str, shown: str) -> None:
    store({"TIME_ZONE": "Europe/Berlin"})
    assert filters.date_time(at(moment)) == shown


@time_machine.travel(NOON, tick=False)
def test_a_dense_list_shows_the_time_today_and_the_day_before_that(app: Flask) -> None:
    assert filters.clock_or_day(at("2026-12-04T00:00:00+00:00")) == "00:00"
    assert filters.clock_or_day(at("2026-12-03T23:59:00+00:00")) == "Dec 3"


def test_an_update_on_the_same_day_needs_its_time_only(app: Flask) -> None:
    published = at("2026-12-04T06:40:00+00:00")
    assert filters.update_time(at("2026-12-04T09:12:00+00:00"), published) == "09:12"
    assert filters.update_time(at("2026-12-05T09:12:00+00:00"), published) == "December 5, 2026, 09:12"


def test_the_name_of_a_website() -> None:
    assert filters.host("https://www.example.org/page?x") == "example.org"
