"""Brings a WordPress export into the site: `inspect` reads it whole and changes nothing, `bring` brings it.

The file is read as a stream, three times: for its form, for authors, terms and attachments, and for articles with
their comments. Every batch is one transaction and entered in the ledger, so that an interrupted run can be gone on
with and a second run doubles nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from webapp import clock, dialects, markup
from webapp.database import db, transaction
from webapp.filters import noun
from webapp.models import ImportRun, address_key
from webapp.publishing import (
    wordpress_comments,
    wordpress_counts,
    wordpress_finish,
    wordpress_media,
    wordpress_menus,
    wordpress_people,
    wordpress_terms,
    wxr,
)
from webapp.publishing.media_files import MediaSource
from webapp.publishing.report import Report
from webapp.publishing.wordpress_articles import bring_articles
from webapp.publishing.wordpress_drafts import KINDS
from webapp.publishing.wordpress_links import OldSite, host_of, own_hosts, permalink_rule, split
from webapp.publishing.wordpress_reconcile import reconcile
from webapp.publishing.wordpress_run import Index, Run, small
from webapp.publishing.wordpress_slugs import decoded
from webapp.publishing.wxr_dates import zone_of

_BATCH = 50
_BATCH_CHARACTERS = 1_000_000
_REASONS = {
    "revision": "an older version of another item",
    "customize_changeset": "a saved state of the theme's settings",
    "custom_css": "styles of the old theme",
    "oembed_cache": "a stored answer of another site",
    "wp_block": "a pattern; where an article uses it, its text is there",
    "wp_global_styles": "styles of the old theme",
    "wp_template": "a template of the old theme",
    "wp_template_part": "a template of the old theme",
    "wp_navigation": "a template of the old theme",
    "user_request": "an entry of WordPress's own administration",
}
_NO_PLACE = "this type has no place here"


@dataclass(slots=True)
class Inspection:
    """What the first reading of a file gave. Small, whatever the file's size."""

    file: Path
    survey: wxr.Survey = field(default_factory=wxr.Survey)
    counts: wordpress_counts.Survey = field(default_factory=wordpress_counts.Survey)
    authors: list[wxr.Author] = field(default_factory=list)
    categories: list[wxr.Category] = field(default_factory=list)
    tags: list[wxr.Tag] = field(default_factory=list)
    terms: list[wxr.Term] = field(default_factory=list)
    menu_items: list[wxr.Item] = field(default_factory=list)
    signatures: dict[str, str] = field(default_factory=dict)
    category_labels: dict[str, str] = field(default_factory=dict)
    tag_labels: dict[str, str] = field(default_factory=dict)
    hosts: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    index: Index = field(default_factory=Index)
    highest_item: int = 0
    highest_comment: int = 0

    @property
    def steps(self) -> int:
        """How often `progress` is called on for one step while the file is brought."""
        return 2 * self.survey.records + self.survey.counts["comment"]

    @property
    def site(self) -> OldSite:
        site = self.survey.site
        base = site.base_url or site.link or next(iter(self.hosts), "")
        return OldSite(base, own_hosts((site.base_url, site.link), self.hosts))

    @property
    def permalinks(self) -> str:
        """The form that most of the articles' permalinks have; empty when none is the usual one."""
        rule, number = self.rules.most_common(1)[0] if self.rules else ("", 0)
        return rule if number * 2 > self.rules.total() else ""

    def see(self, record: wxr.Record) -> None:
        """Takes notice of one record."""
        match record:
            case wxr.Author():
                self.authors.append(record)
            case wxr.Category():
                self.categories.append(record)
            case wxr.Tag():
                self.tags.append(record)
            case wxr.Term():
                self.terms.append(record)
            case wxr.Item():
                self._see_item(record)
            case _:
                pass

    def _see_item(self, item: wxr.Item) -> None:
        if item.kind == "nav_menu_item":
            self.menu_items.append(item)
        elif item.kind == "attachment" and item.parent:
            self.index.children.setdefault(item.parent, []).append((item.menu_order, item.id))
        elif item.kind == "wp_block":
            self.index.patterns[item.id] = item.content
        elif item.kind in KINDS:
            self._see_article(item)

    def _see_article(self, item: wxr.Item) -> None:
        self.highest_item = max(self.highest_item, small(item.id) or 0)
        numbers = (small(comment.id) or 0 for comment in item.comments)
        self.highest_comment = max(self.highest_comment, *numbers, 0)
        self.counts.add(item.meta)
        if host := host_of(item.link):
            self.hosts[host] += 1
        guests = {
            decoded(label.slug).removeprefix("cap-"): label.name
            for label in item.labels
            if label.taxonomy == "author"
        }
        self.signatures |= guests or {item.author: item.author}
        for labels, taxonomy in ((self.category_labels, "category"), (self.tag_labels, "post_tag")):
            labels |= {decoded(each.slug): each.name for each in item.labels if each.taxonomy == taxonomy}
        path = split(item.link).path
        if item.status == "publish" and not item.password:
            self.index.headlines[address_key(path)] = markup.plain_text(item.title)
        if item.kind == "post" and item.status == "publish":
            published = item.published.local or item.published.utc
            self.rules[permalink_rule(path, item.slug, published, item.id)] += 1


def inspect(file: Path, progress: Callable[[int], None] = lambda _bytes: None) -> Inspection:
    """Reads the whole file and changes nothing; raises wxr.Malformed. `progress` is told the bytes read."""
    inspection = Inspection(file)
    inspection.survey = wxr.check(file, inspection.see, progress)
    return inspection


def bring(
    inspection: Inspection,
    *,
    media: MediaSource | None = None,
    progress: Callable[[int], None] = lambda _steps: None,
) -> Report:
    """Brings everything that is new and returns the report, which is kept with the run as well."""
    run = _run(inspection, media, progress)
    _begin(run)
    _bring_people_and_terms(run, inspection)
    for batch in _batches(run, ("attachment",)):
        wordpress_media.bring_attachments(run, batch)
    for batch in _batches(run, KINDS):
        bring_articles(run, batch)
    _skip_other_kinds(run, inspection)
    menus = wordpress_terms.report_terms(run, inspection.terms)
    wordpress_menus.bring_menus(run, menus, inspection.menu_items)
    wordpress_finish.link_pending(run)
    wordpress_finish.arrange_sections(run)
    wordpress_finish.keep_settings(run, inspection.permalinks)
    reconcile(run)
    _end(run)
    return run.report


def _run(inspection: Inspection, media: MediaSource | None, progress: Callable[[int], None]) -> Run:
    survey, site, now = inspection.survey, inspection.site, clock.now()
    report = Report(inspection.file.name, site.source, now)
    report.format = f"WXR {survey.version or 'without a version'}, {survey.encoding}"
    report.site_title, report.time_zone = survey.site.title, survey.zone
    report.notes += survey.notes
    run = Run(
        inspection.file, site, survey, zone_of(survey.zone), report, now, inspection.index, media, progress
    )
    counts = inspection.counts
    for what, keys in (("Views", counts.view_keys), ("Shares", counts.share_keys)):
        if keys:
            named = ", ".join(
                f"{key} ({number} {noun(number, 'article')})" for key, number in keys.most_common()
            )
            report.note(f"{what} stand under: {named}.")
    if reason := counts.invented():
        run.shares_are_invented = True
        report.note(f"The share counts look invented and were left out: {reason}.")
    if media is None and survey.counts["attachment"]:
        report.note(
            "No folder was given with --media, so no files were taken. Run again with it to add them."
        )
    return run


def _begin(run: Run) -> None:
    """Enters the run, so that one that was stopped shows as well."""
    record = ImportRun(source=run.source, file_name=run.file.name[:500], started_at=run.started_at)
    with transaction():
        db.session.add(record)
    run.report.run_id = record.id


def _reserve_numbers(inspection: Inspection) -> None:
    """Keeps the file's numbers free: no reader's new comment takes one that comes along later."""
    for table, highest in (("article", inspection.highest_item), ("comment", inspection.highest_comment)):
        dialects.raise_ids(table, highest)


def _bring_people_and_terms(run: Run, inspection: Inspection) -> None:
    with run.batch():
        _reserve_numbers(inspection)
    wordpress_people.bring_authors(run, inspection.authors, inspection.signatures)
    terms = inspection.terms
    categories = inspection.categories + wordpress_terms.among_categories(terms, inspection.categories)
    tags = inspection.tags + wordpress_terms.among_tags(terms, inspection.tags)
    wordpress_terms.bring_categories(run, categories, inspection.category_labels)
    wordpress_terms.bring_tags(run, tags, inspection.tag_labels)


def _batches(run: Run, kinds: Iterable[str]) -> Iterator[list[wxr.Item]]:
    """The items of these kinds in batches that are bounded by number and by size."""
    batch: list[wxr.Item] = []
    size = 0
    for record in wxr.read(run.file):
        if isinstance(record, wxr.Item) and record.kind in kinds:
            batch.append(record)
            size += len(record.content) + sum(len(comment.content) for comment in record.comments)
            run.progress(len(record.comments))
        run.progress(1)
        if len(batch) >= _BATCH or size >= _BATCH_CHARACTERS:
            yield batch
            db.session.expunge_all()
            batch, size = [], 0
    if batch:
        yield batch
        db.session.expunge_all()


def _skip_other_kinds(run: Run, inspection: Inspection) -> None:
    """Accounts for items of types that have no place here; the file is read for them only when it has some."""
    others = set(inspection.survey.counts) - set(KINDS) - {"attachment", "nav_menu_item"}
    others -= {"author", "category", "tag", "term", "comment"}
    for record in wxr.read(run.file) if others else ():
        if isinstance(record, wxr.Item) and record.kind in others:
            run.report.found(record.kind)
            run.report.skip(record.kind, _REASONS.get(record.kind, _NO_PLACE), record.id, record.title)
            wordpress_comments.skip_all(run, record, "its item was not brought")


def _end(run: Run) -> None:
    run.report.finished_at = clock.now()
    with transaction():
        kept = db.session.get_one(ImportRun, run.report.run_id)
        kept.finished_at = run.report.finished_at
        kept.report = run.report.to_json()
