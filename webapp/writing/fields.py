"""What staff write of an article: read off the article, kept as JSON in copies and versions, put back onto it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from sqlalchemy import Table, delete, insert, select

from webapp import markup
from webapp.database import db
from webapp.models import Article, Author, Category, Media, Tag, article_author, article_category, article_tag
from webapp.publishing import bodies
from webapp.publishing.slugs import slug_of


@dataclass(frozen=True)
class Fields:
    """Ids of authors and categories stand in order, the first category is the section. `body` is clean HTML."""

    headline: str = ""
    kicker: str = ""
    standfirst: str = ""
    excerpt: str = ""
    """Written by hand; empty: the beginning of the body."""
    slug: str = ""
    body: str = ""
    authors: list[int] = field(default_factory=list)
    categories: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    lead_media: int = 0
    share_media: int = 0
    related: list[int] = field(default_factory=list)
    is_sticky: bool = False
    comments_open: bool = True
    comments_hidden: bool = False
    canonical_url: str = ""
    search_description: str = ""
    password_hash: str = ""
    dated: str = ""
    """Another moment of publication (ISO 8601); empty: as it is."""
    parent: int = 0
    menu_order: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def with_slug(self) -> Fields:
        """With a slug made of the headline where none was written."""
        return self if self.slug or not self.headline else replace(self, slug=slug_of(self.headline))


_KNOWN = frozenset(one.name for one in fields(Fields))


def from_json(stored: dict[str, Any]) -> Fields:
    """The fields of a copy or version; what an older program did not know keeps its default."""
    return Fields(**{name: value for name, value in stored.items() if name in _KNOWN})


def of_article(article: Article) -> Fields:
    """The fields as the article has them now. Three statements."""
    derived = markup.excerpt(markup.plain_text(article.body_html), words=bodies.EXCERPT_WORDS)
    return Fields(
        headline=article.headline,
        kicker=article.kicker,
        standfirst=article.standfirst,
        excerpt="" if article.excerpt == derived else article.excerpt,
        slug=article.slug,
        body=article.body_html,
        authors=_ids(article_author, article.id),
        categories=_ids(article_category, article.id),
        tags=_tag_names(article.id),
        lead_media=article.lead_media_id or 0,
        share_media=article.share_media_id or 0,
        related=list(article.related_pins),
        is_sticky=article.is_sticky,
        comments_open=article.comments_open,
        comments_hidden=article.comments_hidden,
        canonical_url=article.canonical_url,
        search_description=article.search_description,
        password_hash=article.password_hash or "",
        parent=article.parent_id or 0,
        menu_order=article.menu_order,
    )


def apply(article: Article, new: Fields) -> None:
    """Inside transaction(): makes the article say what the fields say. What they name and is gone is left out."""
    is_new_text = new.body != article.body_html
    article.headline = new.headline
    article.kicker = new.kicker
    article.standfirst = new.standfirst
    article.slug = new.slug
    if is_new_text:
        article.body_source, article.body_format = new.body, "html"
    bodies.fill(article, new.body, appendix=article.appendix_html, excerpt=new.excerpt, is_clean=True)
    article.is_sticky = new.is_sticky
    article.comments_open = new.comments_open
    article.comments_hidden = new.comments_hidden
    article.canonical_url = new.canonical_url
    article.search_description = new.search_description
    article.password_hash = new.password_hash or None
    article.menu_order = new.menu_order
    article.related_pins = [one for one in new.related if one != article.id]
    article.lead_media_id = next(iter(_there(Media, [new.lead_media])), None)
    article.share_media_id = next(iter(_there(Media, [new.share_media])), None)
    article.parent_id = next(iter(_there(Article, [new.parent] if new.parent != article.id else [])), None)
    db.session.flush()
    _join(article_author, article.id, _there(Author, new.authors))
    _join(article_category, article.id, _there(Category, new.categories))
    _join(article_tag, article.id, tag_ids(new.tags))


def tag_ids(names: Iterable[str]) -> list[int]:
    """Inside transaction(): the tags of these names, in order, each once; new ones are made."""
    wanted = {slug_of(name): name for name in names}
    query = select(Tag.slug, Tag.id).where(Tag.slug.in_(wanted))
    known = {slug: number for slug, number in db.session.execute(query)}  # noqa: C416 (rows are no plain pairs)
    for slug, name in wanted.items():
        if slug not in known:
            tag = Tag(slug=slug, name=name)
            db.session.add(tag)
            db.session.flush()
            known[slug] = tag.id
    return [known[slug] for slug in wanted]


def _there(model: Any, ids: Iterable[int]) -> list[int]:
    wanted = list(dict.fromkeys(one for one in ids if one))
    known = set(db.session.scalars(select(model.id).where(model.id.in_(wanted)))) if wanted else set()
    return [one for one in wanted if one in known]


def _ids(table: Table, article_id: int) -> list[int]:
    target = next(column for name, column in table.c.items() if name.endswith("_id") and name != "article_id")
    query = select(target).where(table.c.article_id == article_id).order_by(table.c.position, target)
    return list(db.session.scalars(query))


def _tag_names(article_id: int) -> list[str]:
    query = select(Tag.name).join(article_tag).where(article_tag.c.article_id == article_id)
    return list(db.session.scalars(query.order_by(article_tag.c.position, Tag.id)))


def _join(table: Table, article_id: int, ids: list[int]) -> None:
    if ids == _ids(table, article_id):
        return
    name = next(key for key in table.c.keys() if key.endswith("_id") and key != "article_id")  # noqa: SIM118
    db.session.execute(delete(table).where(table.c.article_id == article_id))
    rows = [{"article_id": article_id, name: one, "position": place} for place, one in enumerate(ids)]
    if rows:
        db.session.execute(insert(table), rows)
