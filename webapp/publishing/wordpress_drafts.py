"""Makes an article of an item of an export, before anything is written: texts cleaned, passwords hashed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from webapp import markup
from webapp.models import Article, ArticleTotals, Kind, Status
from webapp.passwords import hash_password
from webapp.publishing import bodies, wxr
from webapp.publishing.wordpress_bodies import Bodies
from webapp.publishing.wordpress_counts import counts_of
from webapp.publishing.wordpress_run import Run, external_id, small
from webapp.publishing.wordpress_slugs import decoded, made_from

STATUSES = {
    "publish": Status.published,
    "future": Status.scheduled,
    "draft": Status.draft,
    "pending": Status.draft,
    "private": Status.private,
    "trash": Status.trashed,
}
KINDS = {"post": Kind.article, "page": Kind.page}
_STANDFIRST_KEYS = ("post_subtitle", "_subtitle", "subtitle", "wps_subtitle", "kia_subtitle")
_CANONICAL_KEYS = ("_yoast_wpseo_canonical", "rank_math_canonical_url")
_PRIMARY_KEYS = ("_yoast_wpseo_primary_category", "rank_math_primary_category")
_TOUCH = timedelta(minutes=1)


@dataclass(slots=True)
class Draft:
    """An article that is ready but for its id; the lists hold ids of rows that are here, in order."""

    item: wxr.Item
    article: Article
    author_ids: list[int]
    category_ids: list[int]
    tag_ids: list[int]
    pending: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return external_id(self.item)


def draft_of(run: Run, item: wxr.Item, texts: Bodies) -> Draft:
    """The article of an item; nothing is written yet."""
    status = STATUSES.get(item.status, Status.draft)
    if item.status not in STATUSES:
        run.report.note(f"Items of the state “{item.status}” came as drafts.")
    published_at = _published_at(run, item, status)
    article = Article(
        kind=KINDS[item.kind],
        status=_settled(status, published_at, run.started_at),
        headline=markup.clean_text(markup.plain_text(item.title)),
        standfirst=_standfirst(item),
        body_source=item.content,
        body_format="wordpress",
        created_at=published_at or item.published.at(run.zone) or run.exported_at,
        published_at=published_at,
        updated_at=_updated_at(run, item, published_at),
        is_sticky=item.sticky,
        password_hash=hash_password(item.password) if item.password else None,
        comments_open=item.comments_open,
        comments_hidden=item.kind == "page" and not item.comments_open and not item.comments,
        menu_order=item.menu_order if item.menu_order < 2**31 else 0,
        canonical_url=next((item.meta_value(key) for key in _CANONICAL_KEYS if item.meta_value(key)), "")[
            :1000
        ],
        imported_id=small(item.id),
    )
    article.slug = decoded(item.slug) or made_from(article.headline) or f"{article.kind}-{item.id}"
    article.totals = _totals(run, item)
    body = texts.convert(item)
    excerpt = markup.plain_text(item.excerpt) or markup.excerpt(markup.plain_text(body.more_html))
    bodies.fill(article, body.html, appendix=body.appendix_html, excerpt=excerpt, is_clean=True)
    thumbnail = item.meta_value("_thumbnail_id")
    lead_media = texts.media(int(thumbnail)) if thumbnail.isdecimal() else None
    article.lead_media_id = lead_media.id if lead_media else None
    draft = Draft(item, article, *_labelled(run, item))
    if item.kind == "page" and item.parent:
        draft.pending["parent"] = str(item.parent)
    if thumbnail.strip("0").isdecimal() and lead_media is None:
        draft.pending["thumbnail"] = thumbnail
    return draft


def _settled(status: Status, published_at: datetime | None, now: datetime) -> Status:
    """A published article of the future is a scheduled one."""
    is_early = status == Status.published and published_at is not None and published_at > now
    return Status.scheduled if is_early else status


def _published_at(run: Run, item: wxr.Item, status: Status) -> datetime | None:
    """When it went live. A published one without any date takes that of the export; a draft has none."""
    moment = item.published.at(run.zone)
    if status == Status.draft:
        return None
    if moment is None:
        run.report.note("Items without a date stand at the date of the export.")
    return moment or run.exported_at


def _updated_at(run: Run, item: wxr.Item, published_at: datetime | None) -> datetime | None:
    changed = item.updated.at(run.zone)
    if changed is None or published_at is None:
        return None
    return changed if published_at + _TOUCH < changed <= run.started_at else None


def _standfirst(item: wxr.Item) -> str:
    found = next((item.meta_value(key) for key in _STANDFIRST_KEYS if item.meta_value(key)), "")
    return markup.clean_text(markup.plain_text(found))


def _totals(run: Run, item: wxr.Item) -> ArticleTotals:
    counts = counts_of(item.meta)
    shares = 0 if run.shares_are_invented else counts.shares
    totals = ArticleTotals(imported_view_count=counts.views, imported_share_count=shares)
    totals.imported_before = run.exported_at if counts.views or shares else None
    return totals


def _labelled(run: Run, item: wxr.Item) -> tuple[list[int], list[int], list[int]]:
    """The ids of authors, categories and tags. Guest authors (co-authors) win over the account that posted."""
    by_taxonomy = {taxonomy: [] for taxonomy in ("author", "category", "post_tag")}
    for label in item.labels:
        by_taxonomy.setdefault(label.taxonomy, []).append(decoded(label.slug))
    logins = [slug.removeprefix("cap-") for slug in by_taxonomy["author"]] or [item.author]
    authors = [run.authors[login] for login in logins if login in run.authors]
    categories = [run.categories[slug] for slug in by_taxonomy["category"] if slug in run.categories]
    tags = [run.tags[slug] for slug in by_taxonomy["post_tag"] if slug in run.tags]
    primary = next((item.meta_value(key) for key in _PRIMARY_KEYS if item.meta_value(key).isdecimal()), "0")
    first = run.category_numbers.get(int(primary))
    categories.sort(key=lambda category: category != first)
    return tuple(list(dict.fromkeys(ids)) for ids in (authors, categories, tags))  # pyright: ignore[reportReturnType]
