"""Articles, and pages, which are articles of another kind."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BindParameter,
    CheckConstraint,
    Column,
    ColumnElement,
    Computed,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    and_,
    bindparam,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, query_expression, relationship

from webapp import clock
from webapp.database import Model, db
from webapp.models.address import Address
from webapp.models.author import Author
from webapp.models.base import Json, UTCDateTime, index, one_of
from webapp.models.category import Category
from webapp.models.media import Media
from webapp.models.tag import Tag


class Kind(StrEnum):
    article = "article"
    page = "page"


class Status(StrEnum):
    """Where an article stands. A scheduled one goes live by itself when `published_at` has come."""

    draft = "draft"
    scheduled = "scheduled"
    published = "published"
    unpublished = "unpublished"
    private = "private"
    trashed = "trashed"


def at_present() -> BindParameter[datetime]:
    """The moment at which a query is run, so that it may be made once and kept."""
    return bindparam("now", callable_=clock.now, type_=UTCDateTime(), unique=True)


SITEMAP_LENGTH = 5000
"""Ids in one part of the sitemap."""
OPEN = "listed_at IS NOT NULL AND password_hash IS NULL"
LISTED_AT = "CASE WHEN kind = 'article' AND status IN ('published', 'scheduled') THEN published_at END"


def _join_table(name: str, target: str) -> Table:
    return Table(
        f"article_{name}",
        db.metadata,
        Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
        Column(f"{name}_id", ForeignKey(f"{target}.id", ondelete="CASCADE"), primary_key=True),
        Column("position", db.Integer, nullable=False, server_default="0"),
        # The article's own, kept up by the database (migration 0010): a list is one walk along this index.
        Column("listed_at", UTCDateTime),
        Index(f"ix_article_{name}_listed", f"{name}_id", "listed_at", "article_id"),
    )


article_author = _join_table("author", "author")
article_category = _join_table("category", "category")
article_tag = _join_table("tag", "tag")


article_listing = Table(
    "article_listing",
    db.metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("above_id", ForeignKey("category.id", ondelete="CASCADE"), primary_key=True),
    Column("listed_at", UTCDateTime),
    Index("ix_article_listing_listed", "above_id", "listed_at", "article_id"),
)
"""In the lists of which categories an article stands: of its own and of all above these. The database keeps it:
migration 0026."""

article_related = Table(
    "article_related",
    db.metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("position", db.Integer, primary_key=True, autoincrement=False),
    Column("related_id", ForeignKey("article.id", ondelete="CASCADE"), nullable=False, index=True),
)
"""What is like an article, the most like first: worked out after it was published (webapp.publishing.relating)."""

article_relating = Table(
    "article_relating",
    db.metadata,
    Column("article_id", db.Integer, primary_key=True, autoincrement=False),
)
"""Articles whose related ones are to be worked out (again): the database itself adds them (migration 0010)."""


class Article(Model):
    """A published piece or one on its way. Lists come in `position` order: the first category is the section."""

    __tablename__ = "article"
    __table_args__ = (
        CheckConstraint(one_of("kind", Kind), name="kind"),
        CheckConstraint(one_of("status", Status), name="status"),
        CheckConstraint("word_count >= 0", name="word_count"),
        CheckConstraint("status NOT IN ('published', 'scheduled') OR published_at IS NOT NULL", name="dated"),
        # Lists, archives and feeds read listed articles newest first; (listed_at, id) is the keyset.
        Index("ix_article_listed", "listed_at", "id"),
        # What a search has found by number is put in order without touching the articles' long texts.
        Index("ix_article_found", "id", "status", "published_at"),
        Index("ix_article_status", "status"),
        # For the desk: the beginning of an address (dialects.begins_with), and whose article it is.
        index("ix_article_slug", "slug", starts="slug"),
        Index("ix_article_account", "account_id", "id", "status"),
        index("ix_article_front_place", "front_place", where="front_place IS NOT NULL", unique=True),
        # Small indexes of few articles: conditions on them are written without parameters.
        index("ix_article_pages", "published_at", "id", where="kind = 'page'"),
        index("ix_article_locked", "id", where="password_hash IS NOT NULL"),
        # The end of each part of the sitemap (syndicating/queries.py).
        index("ix_article_part_listed", "sitemap_part", "listed_at", where=OPEN),
        index(
            "ix_article_part_updated",
            "sitemap_part",
            "updated_at",
            where=f"{OPEN} AND updated_at IS NOT NULL",
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), default=Kind.article)
    status: Mapped[str] = mapped_column(String(16), default=Status.draft)
    headline: Mapped[str] = mapped_column(Text, default="")
    """Plain text; may be empty in an import."""
    slug: Mapped[str] = mapped_column(String(200), default="")
    kicker: Mapped[str] = mapped_column(String(200), default="")
    standfirst: Mapped[str] = mapped_column(Text, default="")
    excerpt: Mapped[str] = mapped_column(Text, default="")
    """Plain text for lists: written by hand, or the beginning of the body."""
    body_source: Mapped[str] = mapped_column(Text, default="")
    body_format: Mapped[str] = mapped_column(String(16), default="html")
    """Of `body_source`: html, markdown or wordpress."""
    body_html: Mapped[str] = mapped_column(Text, default="")
    """Clean HTML, pages parted by markup.PAGE_BREAK. Templates see only this."""
    appendix_html: Mapped[str] = mapped_column(Text, default="")
    """The publisher's own block at the end of the text, clean; not counted as reading time."""
    search_headline: Mapped[str] = mapped_column(Text, default="")
    search_standfirst: Mapped[str] = mapped_column(Text, default="", server_default="")
    search_text: Mapped[str] = mapped_column(Text, default="")
    """Headline, standfirst and body as folded words (markup.search_words). The database itself keeps the index
    of them in `article_search` (migration 0010), which holds of a protected article the headline alone."""
    word_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When it went or goes live."""
    listed_at: Mapped[datetime | None] = mapped_column(UTCDateTime, Computed(LISTED_AT))
    """`published_at` of what appears in lists, the time being come; None for pages, drafts and what was taken down."""
    sitemap_part: Mapped[int] = mapped_column(Computed(f"id / {SITEMAP_LENGTH}"), deferred=True)
    updated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The last change that readers are told of; None when there was none."""
    is_sticky: Mapped[bool] = mapped_column(default=False)
    front_place: Mapped[int | None] = mapped_column()
    """Where the newsroom has pinned it on the front page: 1 leads, 2 and 3 stand below; None: nowhere."""
    password_hash: Mapped[str | None] = mapped_column(String(255))
    comments_open: Mapped[bool] = mapped_column(default=True)
    comments_hidden: Mapped[bool] = mapped_column(default=False)
    """A page without any discussion, not even a closed one."""
    lead_media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id", ondelete="SET NULL"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="SET NULL"), index=True)
    """Of a page: the page above it."""
    menu_order: Mapped[int] = mapped_column(default=0)
    canonical_url: Mapped[str] = mapped_column(String(1000), default="")
    imported_id: Mapped[int | None] = mapped_column(index=True)
    """WordPress's number, for /?p=N."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """Whose draft it is."""
    handed_over_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """Since when a draft waits for an editor to read it."""
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    """The number of its newest ArticleVersion; 0 while none is kept."""
    corrections: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list, server_default="[]")
    """What readers were told of changes, oldest first: number, change, note and at (ISO 8601) of each such version."""
    search_description: Mapped[str] = mapped_column(String(320), default="", server_default="")
    """For search engines and shares, where it is to be another text than the standfirst."""
    share_media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"), index=True)
    related_pins: Mapped[list[int]] = mapped_column(Json, default=list, server_default="[]")
    """Articles that stand first among the related ones, by id."""
    gone_note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    """What readers are told where an article was taken down."""

    authors: Mapped[list[Author]] = relationship(
        secondary=article_author, order_by=[article_author.c.position, Author.id], lazy="raise_on_sql"
    )
    categories: Mapped[list[Category]] = relationship(
        secondary=article_category, order_by=[article_category.c.position, Category.id], lazy="raise_on_sql"
    )
    tags: Mapped[list[Tag]] = relationship(
        secondary=article_tag, order_by=[article_tag.c.position, Tag.id], lazy="raise_on_sql"
    )
    lead_media: Mapped[Media | None] = relationship(foreign_keys=[lead_media_id], lazy="raise_on_sql")
    share_media: Mapped[Media | None] = relationship(foreign_keys=[share_media_id], lazy="raise_on_sql")
    totals: Mapped[ArticleTotals] = relationship(
        back_populates="article", lazy="raise_on_sql", cascade="all, delete-orphan", passive_deletes=True
    )
    path: Mapped[str | None] = column_property(
        # The kind is the one condition of the index of permalinks.
        select(Address.path)
        .where(Address.article_id == id, Address.kind == literal_column("'permalink'"))  # noqa: A003 (the column)
        .correlate_except(Address)
        .scalar_subquery()
    )
    """Where it lives; None for a draft that was never public."""
    share_lines: Mapped[str | None] = query_expression()
    """Shares by network as one text ("x:3,mastodon:1,x:2"), where the query asked for it (webapp.sharing.queries)."""

    @property
    def permalink(self) -> str:
        """The lasting address, a path such as /2026/12/slug/ (drafts without one: /?p=ID)."""
        return f"/?p={self.id}" if self.path is None else self.path

    @property
    def category(self) -> Category | None:
        """The section: the first category, or None."""
        return self.categories[0] if self.categories else None

    @property
    def photograph(self) -> Media | None:
        """The lead picture, where it is one that a browser shows."""
        return self.lead_media if self.lead_media and self.lead_media.is_image else None

    @property
    def is_protected(self) -> bool:
        return self.password_hash is not None

    def is_live(self) -> bool:
        """Whether readers may see it at all (a protected one still asks for its password)."""
        shown = self.status in (Status.published, Status.scheduled)
        return shown and self.published_at is not None and self.published_at <= clock.now()

    @classmethod
    def locked(cls, article_id: int) -> Article | None:
        """The article as it is now; nobody else changes it until the transaction ends."""
        return db.session.get(cls, article_id, with_for_update={"of": cls.__table__}, populate_existing=True)

    @classmethod
    def live(cls) -> ColumnElement[bool]:
        """The condition, for any query, under which readers may see an article at all."""
        return and_(cls.status.in_((Status.published, Status.scheduled)), cls.published_at <= at_present())

    @classmethod
    def listed(cls) -> ColumnElement[bool]:
        """The condition under which it stands in lists: live, and no page. A protected one's headline is no secret."""
        return cls.listed_at <= at_present()


PAGES = select(Article.id).where(text("article.kind = 'page'"))
"""The ids of all pages, few as they are: by themselves, so that they are found along their own index."""


class ArticleTotals(Model):
    """The numbers shown with an article. Apart from it, since they change while the text does not.

    `view_count` and `share_count` hold what was counted here; imported numbers stand beside them, never mixed.
    """

    __tablename__ = "article_totals"
    __table_args__ = (
        CheckConstraint(
            "view_count >= 0 AND share_count >= 0 AND comment_count >= 0"
            " AND imported_view_count >= 0 AND imported_share_count >= 0",
            name="not_negative",
        ),
    )

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    view_count: Mapped[int] = mapped_column(db.BigInteger, default=0, server_default="0")
    share_count: Mapped[int] = mapped_column(db.BigInteger, default=0, server_default="0")
    comment_count: Mapped[int] = mapped_column(default=0, server_default="0")
    """Approved comments; mentions (pingbacks, trackbacks) are not among them."""
    imported_view_count: Mapped[int] = mapped_column(db.BigInteger, default=0, server_default="0")
    imported_share_count: Mapped[int] = mapped_column(db.BigInteger, default=0, server_default="0")
    imported_before: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """The imported numbers were counted before this moment."""

    article: Mapped[Article] = relationship(back_populates="totals", lazy="raise_on_sql")

    @property
    def views_shown(self) -> int:
        return self.view_count + self.imported_view_count

    @property
    def shares_shown(self) -> int:
        return self.share_count + self.imported_share_count
