"""The hours of duty: read from lines, across midnight and the end of the week."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from webapp import duty

HOURS = duty.spans(["mon-fri 07:00-22:00", "sat 22:00-02:00"])
ZONE = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    "moment", ["2026-11-27T07:00", "2026-11-27T21:59", "2026-11-28T23:00", "2026-11-29T01:59"]
)
def test_somebody_is_on_duty(moment: str) -> None:
    assert duty.begins_next(HOURS, at(moment)) is None


@pytest.mark.parametrize(
    ("moment", "begins"),
    [
        ("2026-11-27T06:59", "2026-11-27T07:00"),
        ("2026-11-27T22:00", "2026-11-28T22:00"),
        ("2026-11-29T02:00", "2026-11-30T07:00"),
    ],
)
def test_nobody_is_until(moment: str, begins: str) -> None:
    assert duty.begins_next(HOURS, at(moment)) == at(begins)


def test_without_hours_somebody_always_is() -> None:
    assert duty.begins_next([], at("2026-11-29T03:00")) is None


def test_days_go_round_the_week() -> None:
    assert len(duty.spans(["fri-mon 08:00-12:00"])) == 4
    assert len(duty.spans(["daily 08:00-12:00"])) == 7


@pytest.mark.parametrize(
    "line",
    ["", "monday 8-12", "xyz 08:00-12:00", "mon 25:00-26:00", "mon 08:61-09:00", "daily-fri 08:00-09:00"],
)
def test_other_lines_are_refused(line: str) -> None:
    with pytest.raises(ValueError, match="must"):
        duty.spans([line])
