"""The reconciliation report: its sums, its text, and its way through JSON."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

from webapp.publishing.report import OldAddress, Report, as_text, from_json, write_json

ADDRESSES = (
    (OldAddress("https://old.example/a/", "/a/", 200), True),
    (OldAddress("https://old.example/?p=1", "/a/", 301), True),
    (OldAddress("https://old.example/b/", "/b-2/", 200, "another one has this address"), False),
    (OldAddress("https://old.example/c/", "", 404, "the article is private"), False),
)


def made() -> Report:
    report = Report("export.xml", "old.example", datetime(2026, 1, 2, tzinfo=UTC), format="WXR 1.2, utf-8")
    report.finished_at = datetime(2026, 1, 2, 0, 5, tzinfo=UTC)
    report.found("widget", 1)
    report.skip("widget", "has no place here", 9, "A widget")
    report.found("post", 3)
    report.brought("post", 2)
    report.already_here("post")
    for address, is_kept in ADDRESSES:
        report.answers_with(address, is_kept=is_kept)
    report.missing_media.append("https://old.example/pier.jpg")
    report.unknown_shortcodes["weather"] = 2
    report.note("Look at this.")
    report.note("Look at this.")
    return report


def test_every_item_is_accounted_for():
    report = made()
    assert report.is_complete
    report.found("page")
    assert not report.is_complete
    assert report.tally("page").unaccounted == 1
    assert "NOT accounted for" in as_text(report)


def test_json_there_and_back():
    report = made()
    text = json.dumps(report.to_json())

    assert from_json(json.loads(text)) == report
    assert json.loads(text)["is_complete"] is True


def test_the_json_file_has_every_address():
    file = io.StringIO()
    write_json(made(), (address for address, _ in ADDRESSES), file)

    written = json.loads(file.getvalue())
    assert [row["status"] for row in written.pop("addresses")] == [200, 301, 200, 404]
    assert written == made().to_json()


def test_a_json_file_without_addresses():
    file = io.StringIO()
    write_json(made(), [], file)

    assert json.loads(file.getvalue())["addresses"] == []


def test_text():
    lines = as_text(made()).splitlines()

    assert lines[0].startswith("Brought from old.example (WXR 1.2, utf-8)")
    assert [line.split() for line in lines if line.startswith(("post", "widget"))] == [
        ["post", "3", "2", "1", "0"],
        ["widget", "1", "0", "0", "1"],
    ]
    assert "         1 skipped: has no place here" in lines
    assert "Old addresses: 4 (2 answer as before, 1 redirect, 1 are not public)" in lines
    assert "  https://old.example/b/ -> /b-2/ (another one has this address)" in lines
    assert "  https://old.example/c/ -> 404 (the article is private)" in lines
    assert not any("?p=1" in line for line in lines)
    assert "  [weather], in 2 articles" in lines
    assert lines.count("  Look at this.") == 1


def test_long_lists_are_cut_on_the_screen_only():
    report = made()
    report.missing_media = [f"file-{number}" for number in range(100)]

    text = as_text(report)

    assert "… and 75 more" in text
    assert len(report.to_json()["missing_media"]) == 100
