"""The demonstration's counts: spread over hours, never lost, never in the future."""

from __future__ import annotations

import pytest

from webapp.publishing.demonstration_numbers import spread


@pytest.mark.parametrize("total", [0, 1, 7, 427, 3986])
@pytest.mark.parametrize("hours", [0, 1, 30, 900])
def test_nothing_is_lost_and_nothing_lies_outside(total: int, hours: int) -> None:
    counts = spread(total, 1000, 1000 + hours, "tides")
    assert sum(counts.values()) == total
    assert all(1000 <= hour <= 1000 + hours and count > 0 for hour, count in counts.items())


def test_the_first_day_is_the_busiest() -> None:
    counts = spread(4000, 0, 240, "tides")
    by_day = [sum(count for hour, count in counts.items() if hour // 24 == day) for day in range(10)]
    assert by_day[0] == max(by_day)
    assert by_day[0] > 3 * by_day[5]


def test_the_same_name_gives_the_same_numbers() -> None:
    assert spread(500, 0, 48, "a") == spread(500, 0, 48, "a") != spread(500, 0, 48, "b")
