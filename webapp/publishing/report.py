"""The reconciliation report of an import: what was found, what became of it, where every old address leads now.

Pure: made while an import runs, kept as JSON with the run, shown on the screen and to staff.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, TextIO

from webapp.filters import noun

ORDER = (
    "author",
    "category",
    "tag",
    "post",
    "page",
    "attachment",
    "comment, approved",
    "comment, held",
    "comment, spam",
    "comment, trashed",
    "pingback",
    "trackback",
    "menu",
    "menu item",
)
"""The kinds that every export may have; others follow by name."""
KEPT = 200
REDIRECTED = 301
MISSING = 404
SHOWN = 25
MOST_NAMED = 5_000


@dataclass(slots=True)
class Tally:
    """One kind of item. `found` equals the sum of what became of it; `skipped` is by reason."""

    found: int = 0
    brought: int = 0
    already_here: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    @property
    def unaccounted(self) -> int:
        return self.found - self.brought - self.already_here - self.skipped.total()


@dataclass(slots=True)
class OldAddress:
    """One address of the old site. `status` is what a reader gets there now; `leads_to` a path of this site."""

    url: str
    leads_to: str
    status: int
    note: str = ""


@dataclass(slots=True)
class Skipped:
    """One item that was not brought."""

    kind: str
    id: str
    title: str
    reason: str


@dataclass(slots=True)
class Report:
    file: str
    source: str
    started_at: datetime
    run_id: int = 0
    """Of the ImportRun with which it is kept."""
    finished_at: datetime | None = None
    format: str = ""
    site_title: str = ""
    time_zone: str = ""
    tallies: dict[str, Tally] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    """How many old addresses answer with each status."""
    changed_addresses: list[OldAddress] = field(default_factory=list)
    """Those that lead elsewhere or nowhere, the first MOST_NAMED; all of them are kept with the run."""
    missing_media: list[str] = field(default_factory=list)
    unknown_shortcodes: Counter[str] = field(default_factory=Counter)
    """In how many articles each stands as text."""
    notes: list[str] = field(default_factory=list)

    def tally(self, kind: str) -> Tally:
        return self.tallies.setdefault(kind, Tally())

    def found(self, kind: str, number: int = 1) -> None:
        """Counts items of the file; each must be reported once more, as brought, already here or skipped."""
        self.tally(kind).found += number

    def brought(self, kind: str, number: int = 1) -> None:
        self.tally(kind).brought += number

    def already_here(self, kind: str, number: int = 1) -> None:
        self.tally(kind).already_here += number

    def skip(self, kind: str, reason: str, item_id: object = "", title: str = "") -> None:
        """Counts one item that is left out, with the reason in words; the first MOST_NAMED are named one by one."""
        self.tally(kind).skipped[reason] += 1
        if len(self.skipped) < MOST_NAMED:
            self.skipped.append(Skipped(kind, str(item_id or ""), title[:200], reason))

    def note(self, text: str) -> None:
        """Keeps a remark for the newsroom, once."""
        if text not in self.notes:
            self.notes.append(text)

    @property
    def rows(self) -> list[tuple[str, Tally]]:
        """The tallies in reading order."""
        order = {kind: number for number, kind in enumerate(ORDER)}
        return sorted(self.tallies.items(), key=lambda row: (order.get(row[0], len(order)), row[0]))

    @property
    def is_complete(self) -> bool:
        """Whether every item of the file is accounted for."""
        return not any(tally.unaccounted for tally in self.tallies.values())

    def answers_with(self, address: OldAddress, *, is_kept: bool) -> None:
        """Counts one old address; one that doesn't lead where it did is named."""
        self.answers[str(address.status)] += 1
        if not is_kept and len(self.changed_addresses) < MOST_NAMED:
            self.changed_addresses.append(address)

    def to_json(self) -> dict[str, Any]:
        """Plain values for json.dumps; `from_json` is the way back."""
        return {
            "file": self.file,
            "source": self.source,
            "run_id": self.run_id,
            "started_at": self.started_at.isoformat(),
            "finished_at": self.finished_at.isoformat() if self.finished_at else None,
            "format": self.format,
            "site_title": self.site_title,
            "time_zone": self.time_zone,
            "is_complete": self.is_complete,
            "tallies": {
                kind: {
                    "found": tally.found,
                    "brought": tally.brought,
                    "already_here": tally.already_here,
                    "skipped": dict(tally.skipped),
                }
                for kind, tally in self.rows
            },
            "skipped": [asdict(row) for row in self.skipped],
            "answers": dict(self.answers),
            "changed_addresses": [asdict(row) for row in self.changed_addresses],
            "missing_media": self.missing_media,
            "unknown_shortcodes": dict(self.unknown_shortcodes),
            "notes": self.notes,
        }


def from_json(values: dict[str, Any]) -> Report:
    """The report that `to_json` wrote."""
    kept = dict(values)
    kept.pop("is_complete", None)
    kept["started_at"] = datetime.fromisoformat(kept["started_at"])
    kept["finished_at"] = datetime.fromisoformat(kept["finished_at"]) if kept["finished_at"] else None
    kept["tallies"] = {
        kind: Tally(**tally | {"skipped": Counter(tally["skipped"])})
        for kind, tally in kept["tallies"].items()
    }
    kept["skipped"] = [Skipped(**row) for row in kept["skipped"]]
    kept["answers"] = Counter(kept["answers"])
    kept["changed_addresses"] = [OldAddress(**row) for row in kept["changed_addresses"]]
    kept["unknown_shortcodes"] = Counter(kept["unknown_shortcodes"])
    return Report(**kept)


def write_json(report: Report, addresses: Iterable[OldAddress], file: TextIO) -> None:
    """Writes the report with every old address under `addresses`, one a line, however many there are."""
    whole = json.dumps(report.to_json(), ensure_ascii=False, indent=1)
    file.write(whole.removesuffix("\n}") + ',\n "addresses": [')
    for number, address in enumerate(addresses):
        file.write((",\n  " if number else "\n  ") + json.dumps(asdict(address), ensure_ascii=False))
    file.write("\n ]\n}\n")


def as_text(report: Report) -> str:
    """The report for a screen: the table whole, long lists cut with their length said."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"Brought from {report.source} ({report.format}): {report.site_title}, {report.time_zone}"
    yield ""
    yield f"{'':22}{'found':>9}{'brought':>9}{'already':>9}{'skipped':>9}"
    for kind, tally in report.rows:
        numbers = (tally.found, tally.brought, tally.already_here, tally.skipped.total())
        yield f"{kind:22}" + "".join(f"{number:9d}" for number in numbers)
        for reason, number in tally.skipped.most_common():
            yield f"{'':9}{number} skipped: {reason}"
    yield ""
    yield (
        "Every item of the file is accounted for."
        if report.is_complete
        else "Some items are NOT accounted for."
    )
    yield from _address_lines(report)
    yield from _cut("Files that were not found", report.missing_media)
    shortcodes = [
        f"[{name}], in {number} {noun(number, 'article')}"
        for name, number in report.unknown_shortcodes.most_common()
    ]
    yield from _cut("Shortcodes left as text", shortcodes)
    yield from _cut("Notes", report.notes)


def _address_lines(report: Report) -> Iterator[str]:
    yield ""
    words = {KEPT: "answer as before", REDIRECTED: "redirect", MISSING: "are not public"}
    answers = sorted((int(status), number) for status, number in report.answers.items())
    counts = [f"{number} {words.get(status, f'answer {status}')}" for status, number in answers]
    yield f"Old addresses: {report.answers.total()}" + (f" ({', '.join(counts)})" if counts else "")
    changed = [
        f"{address.url} -> {address.leads_to or address.status}"
        + (f" ({address.note})" if address.note else "")
        for address in report.changed_addresses
    ]
    yield from _cut("Those that lead elsewhere or nowhere", changed)


def _cut(heading: str, entries: list[str]) -> Iterator[str]:
    if not entries:
        return
    yield ""
    yield f"{heading} ({len(entries)}):"
    yield from (f"  {entry}" for entry in entries[:SHOWN])
    if len(entries) > SHOWN:
        yield f"  … and {len(entries) - SHOWN} more, in the whole report (--report FILE, or /desk/imports/)"
