"""The pure rules of a discussion."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import at
from webapp.commenting.rules import Closed, Shown, ancestors, as_tree, closed, placement
from webapp.models import path_segment

NOW = at("2026-12-04T09:00+00:00")


def row(number: int, above: Shown | None = None, **fields: object) -> Shown:
    path = (above.path if above else "") + path_segment(NOW, number)
    fields.setdefault("name", f"Reader {number}")
    return Shown(
        number, path, website="", html="", created_at=NOW, parent_id=above.id if above else None, **fields
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("depth", "deepest", "expected"),
    [(1, 5, (2, 1)), (4, 5, (5, 4)), (5, 5, (5, 4)), (1, 1, (1, 0)), (5, 3, (3, 2)), (9, 10, (10, 9))],
)
def test_a_reply_is_one_deeper_until_the_deepest(depth: int, deepest: int, expected: tuple[int, int]) -> None:
    path = "".join(f"{number:016x}" for number in range(depth))
    assert placement((depth, path), deepest) == (expected[0], path[: expected[1] * 16])


def test_a_top_comment_stands_under_nothing() -> None:
    assert placement(None, 5) == (1, "")


def test_closing() -> None:
    def at_day(days: int, *, is_open: bool = True, after: int | None = 14) -> Closed | None:
        return closed(is_open=is_open, published_at=NOW - timedelta(days=days), after_days=after, now=NOW)

    assert at_day(13) is None
    assert at_day(14) == Closed(NOW, 14)
    assert at_day(9999, after=None) is None
    assert at_day(0, after=0) == Closed(NOW, 0)
    assert at_day(0, is_open=False) == Closed()


def test_a_tree_of_rows() -> None:
    top, other = row(1), row(4)
    reply = row(2, top)
    deeper = row(3, reply)
    tops = as_tree([top, reply, deeper, other])
    assert tops == [top, other]
    assert top.replies == [reply] and reply.replies == [deeper]
    assert (top.size, other.size) == (3, 1)
    assert deeper.to_id is None


def test_a_row_whose_parent_is_not_there_names_it() -> None:
    top = row(1)
    hidden = row(2, top)
    orphan = row(3, hidden, parent_name="Kofi")
    as_tree([top, orphan])
    assert top.replies == [orphan] and orphan.to_id == 2
    nameless = row(3, hidden)
    as_tree([row(1), nameless])
    assert nameless.to_id is None


def test_removed_rows_stay_only_for_what_is_below() -> None:
    gone, empty = row(1, removed_as="trashed"), row(5, removed_as="spam")
    reply = row(2, gone)
    assert as_tree([gone, reply, empty]) == [gone]
    assert gone.size == 1


def test_ancestors() -> None:
    path = "a" * 16 + "b" * 16 + "c" * 16
    assert ancestors(path) == ["a" * 16, "a" * 16 + "b" * 16, path]


@pytest.mark.parametrize(
    ("name", "initial"), [("lena", "L"), ("«Ж»", "Ж"), ("…", "·"), ("ß", "S"), ("", "·")]
)
def test_the_initial(name: str, initial: str) -> None:
    assert row(1, name=name).initial == initial
