"""Front matter as a newsroom writes it: what is understood, and what is said when it isn't."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from webapp.publishing.markdown import Mistake, Piece, moment, read

NOW = datetime(2026, 12, 4, 9, 30, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")


def piece(head: str, body: str = "The tide came in.\n", file: str = "articles/tides.md") -> Piece:
    return read(f"---\n{head}\n---\n{body}", file, now=NOW, zone=ZONE)


def mistake(source: str) -> Mistake:
    with pytest.raises(Mistake) as caught:
        read(source, "articles/tides.md", now=NOW, zone=ZONE)
    return caught.value


def test_a_headline_is_enough() -> None:
    made = piece("headline: The late tide")
    assert (made.headline, made.slug, made.kind, made.status) == (
        "The late tide",
        "tides",
        "article",
        "published",
    )
    assert made.published == NOW
    assert made.comments == "open"
    assert made.body == "The tide came in.\n"


def test_every_key_is_understood() -> None:
    made = piece(
        "title: The late tide\nslug: Late Tide\nkicker: Sea\nstandfirst: Fourteen minutes.\nexcerpt: Short.\n"
        "author: Mara Lindqvist\ncategories: [sea/harbours, science]\ntags: Tides, Skerrow ,Tides\n"
        "picture: quay.webp\nalt: A quay.\ncaption: The quay.\ncredit: Standfirst\n"
        "date: 2026-12-01 08:00\nupdated: 2026-12-02\nsticky: yes\npassword: low water\ncomments: closed\n"
        "permalink: /tides/late/\nappendix: <p>How it was measured.</p>"
    )
    assert (made.headline, made.slug, made.kicker) == ("The late tide", "late-tide", "Sea")
    assert made.authors == ["Mara Lindqvist"]
    assert made.categories == ["sea/harbours", "science"]
    assert made.tags == ["Tides", "Skerrow"]
    assert made.published == datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
    assert made.updated == datetime(2026, 12, 1, 23, 0, tzinfo=UTC)
    assert made.sticky
    assert (made.password, made.comments, made.permalink) == ("low water", "closed", "/tides/late/")


@pytest.mark.parametrize("word", ["No", "1e3", "2026", "on", "12:30", "~ 1"])
def test_a_headline_stays_as_it_is_written(word: str) -> None:
    assert piece(f"headline: {word}").headline == word


def test_a_page_has_no_discussion_of_its_own_accord() -> None:
    made = piece("headline: About\nkind: page\nparent: us\norder: 3")
    assert made.is_page
    assert (made.parent, made.order, made.comments) == ("us", 3, "none")


@pytest.mark.parametrize(
    ("written", "distance"),
    [
        ("-35m", -timedelta(minutes=35)),
        ("-2d 4h", -timedelta(days=2, hours=4)),
        ("+1d", timedelta(days=1)),
        ("- 1h 5m", -timedelta(hours=1, minutes=5)),
    ],
)
def test_times_may_count_from_now(written: str, distance: timedelta) -> None:
    assert moment(written, now=NOW, zone=ZONE) == NOW + distance


def test_a_time_with_a_zone_of_its_own_keeps_it() -> None:
    assert moment("2026-12-04T08:00+02:00", now=NOW, zone=ZONE) == datetime(2026, 12, 4, 6, 0, tzinfo=UTC)


def test_what_is_published_in_the_future_is_scheduled() -> None:
    assert piece("headline: Tomorrow\npublished: +1d").status == "scheduled"
    assert piece("headline: Yesterday\npublished: -1d\nstatus: scheduled").status == "published"


def test_a_draft_has_no_time_of_publication() -> None:
    assert piece("headline: Not yet\nstatus: draft").published is None


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    made = read("\ufeff---\r\nheadline: Tides\r\n---\r\nText.\r\n", "a.md", now=NOW, zone=ZONE)
    assert made.headline == "Tides"
    assert made.body.strip() == "Text."


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("Just text.\n", 1, "front matter"),
        ("---\nheadline: Tides\n", 1, "no end"),
        ("---\nslug: tides\n---\n", 1, "headline is missing"),
        ("---\nheadline: \n---\n", 2, "headline is missing"),
        ("---\nheadline: Tides\nheadlin: Late\n---\n", 3, "did you mean “headline”"),
        ("---\nheadline: Tides\ncolour: red\n---\n", 3, "known are"),
        ("---\nheadline: Tides\nslug: a\nslug: b\n---\n", 4, "twice (first on line 3)"),
        ("---\ntitle: Tides\nheadline: Late\n---\n", 3, "twice"),
        ("---\nheadline: Tides\nkicker: Sea: deep\n---\n", 3, "double quotes"),
        ("---\nheadline: [unclosed\n---\n", 3, "no YAML"),
        ("---\n- Tides\n---\n", 2, "key: value"),
        ("---\nheadline: Tides\npublished: yesterday\n---\n", 3, "2026-12-04 09:30"),
        ("---\nheadline: Tides\npublished: 2026-13-01\n---\n", 3, "is no date"),
        ("---\nheadline: Tides\nupdated: -2d\npublished: -1d\n---\n", 3, "before published"),
        ("---\nheadline: Tides\nsticky: perhaps\n---\n", 3, "yes or no"),
        ("---\nheadline: Tides\norder: first\n---\n", 3, "whole number"),
        ("---\nheadline: Tides\nstatus: live\n---\n", 3, "draft, scheduled"),
        ("---\nheadline: Tides\ncomments: maybe\n---\n", 3, "open, closed or none"),
        ("---\nheadline: Tides\nparent: about\n---\n", 3, "kind: page"),
        ("---\nheadline: Tides\npermalink: tides\n---\n", 3, "a path such as"),
        ("---\nheadline: Tides\nkicker: [a, b]\n---\n", 3, "not a list"),
        ("---\nheadline: Tides\nslug: “”\n---\n", 3, "gives no address"),
        ("---\nheadline: Tides\nkicker: !!python/object:os.system [ls]\n---\n", 3, "kicker"),
    ],
)
def test_a_mistake_says_where_it_is_and_what_to_do(source: str, line: int, words: str) -> None:
    found = mistake(source)
    assert found.line == line
    assert words in str(found)
    assert str(found).startswith(f"articles/tides.md, line {line}: ")
