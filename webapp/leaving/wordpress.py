"""The site as a WordPress export (WXR 1.2), which WordPress's own importer takes: articles, pages, people, terms,
media by their addresses, comments with their threads, menus. What WordPress has no place for stands in `postmeta`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC
from email.utils import format_datetime
from html import escape
from typing import IO, Any

from sqlalchemy import func, select

from webapp import clock
from webapp.database import db
from webapp.leaving import wordpress_menus
from webapp.leaving import wordpress_parts as parts
from webapp.leaving.elements import Elements
from webapp.models import (
    Article,
    ArticleTotals,
    Author,
    Category,
    Comment,
    CommentKind,
    Media,
    Status,
    Tag,
    article_author,
    article_category,
    article_tag,
)
from webapp.publishing.wordpress_counts import LIKE_KEYS
from webapp.settings import setting
from webapp.site import current_site
from webapp.syndicating.feed_formats import with_absolute_links

SPACES = {
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "wp": "http://wordpress.org/export/1.2/",
}
STATUSES = {
    Status.published: "publish",
    Status.scheduled: "future",
    Status.draft: "draft",
    Status.unpublished: "draft",
    Status.private: "private",
    Status.trashed: "trash",
}
APPROVED = {"approved": "1", "held": "0", "spam": "spam", "trashed": "trash"}
VIEW_KEYS = ("views", "post_views_count")
"""WP-PostViews, and what most themes that count by themselves use."""
BATCH = 100
Progress = Callable[[int], None]


def steps() -> int:
    """How many items there are, for a progress bar."""
    articles = db.session.scalar(select(func.count()).select_from(Article)) or 0
    return articles + (db.session.scalar(select(func.count()).select_from(Media)) or 0)


def protected_count() -> int:
    """Articles whose password cannot be taken along, since only a hash of it is kept: they leave as private ones."""
    query = select(func.count()).select_from(Article).where(Article.password_hash.is_not(None))
    return db.session.scalar(query) or 0


def write(file: IO[str], progress: Progress = lambda _steps: None) -> None:
    """Writes the whole export. Memory does not grow with the site."""
    out = Elements(file)
    site = current_site()
    out.xml.startDocument()
    out.open("rss", version="2.0", **{f"xmlns:{name}": address for name, address in SPACES.items()})
    out.open("channel")
    out.put("title", site.title)
    out.put("link", site.url)
    out.put("description", site.tagline)
    out.put("pubDate", format_datetime(clock.now()))
    out.put("language", site.language)
    out.put("wp:wxr_version", "1.2")
    out.put("wp:base_site_url", site.url)
    out.put("wp:base_blog_url", site.url)
    # Terms share one row of numbers in WordPress, and so do articles, media and menu items: tags stand behind the
    # categories here, menus behind the tags, media behind the articles, menu items behind the media.
    tags = _highest(Category)
    behind = _highest(Article) + 1
    numbers = wordpress_menus.Numbers(tags, tags + _highest(Tag), behind + _highest(Media))
    _people(out)
    _terms(out, numbers.tags)
    wordpress_menus.terms(out, numbers)
    out.put("generator", "https://wordpress.org/?v=6.0")
    logins = {author.id: author.slug for author in db.session.scalars(select(Author))}
    for portion in _portions(Media):
        for media in portion:
            _attachment(out, media, behind)
        progress(len(portion))
    for portion in _portions(Article):
        _articles(out, portion, behind, logins)
        progress(len(portion))
    wordpress_menus.items(out, numbers)
    out.close("channel")
    out.close("rss")
    out.xml.endDocument()


def _highest(model: type[Article] | type[Category] | type[Media] | type[Tag]) -> int:
    return db.session.scalar(select(func.max(model.id))) or 0


def _people(out: Elements) -> None:
    for author in db.session.scalars(select(Author).order_by(Author.id)):
        out.open("wp:author")
        out.put("wp:author_id", author.id)
        out.put("wp:author_login", author.slug)
        out.put("wp:author_email", author.email)
        out.put("wp:author_display_name", author.name)
        out.put("wp:author_first_name", "")
        out.put("wp:author_last_name", "")
        out.close("wp:author")


def _terms(out: Elements, behind: int) -> None:
    categories = db.session.scalars(select(Category).order_by(Category.path)).all()
    slugs = {one.id: one.slug for one in categories}
    for one in categories:
        out.open("wp:category")
        out.put("wp:term_id", one.id)
        out.put("wp:category_nicename", one.slug)
        out.put("wp:category_parent", slugs.get(one.parent_id or 0, ""))
        out.put("wp:cat_name", one.name)
        out.put("wp:category_description", one.description)
        out.close("wp:category")
    for tag in db.session.scalars(select(Tag).order_by(Tag.id)):
        out.open("wp:tag")
        out.put("wp:term_id", behind + tag.id)
        out.put("wp:tag_slug", tag.slug)
        out.put("wp:tag_name", tag.name)
        out.put("wp:tag_description", tag.description)
        out.close("wp:tag")


def _attachment(out: Elements, media: Media, behind: int) -> None:
    out.open("item")
    out.put("title", media.title or media.file.rpartition("/")[2])
    out.put("link", f"{setting('SITE_URL')}/?attachment_id={behind + media.id}")
    out.put("guid", setting("SITE_URL") + media.url, isPermaLink="false")
    out.put("content:encoded", media.description)
    out.put("excerpt:encoded", media.caption)
    out.put("wp:post_id", behind + media.id)
    parts.moments(out, media.created_at)
    out.put("wp:post_name", media.file.rpartition("/")[2].rpartition(".")[0])
    out.put("wp:status", "inherit")
    out.put("wp:post_parent", media.article_id or 0)
    out.put("wp:menu_order", 0)
    out.put("wp:post_type", "attachment")
    out.put("wp:attachment_url", setting("SITE_URL") + media.url)
    out.meta("_wp_attached_file", media.file)
    out.meta("_wp_attachment_image_alt", media.alt)
    out.meta("standfirst_credit", media.credit)
    out.meta("standfirst_licence", media.licence)
    out.close("item")


def _articles(out: Elements, portion: list[Article], behind: int, logins: dict[int, str]) -> None:
    ids = [one.id for one in portion]
    authors = _members(article_author, "author_id", ids)
    categories = _labels(article_category, Category, ids)
    tags = _labels(article_tag, Tag, ids)
    counted = select(ArticleTotals).where(ArticleTotals.article_id.in_(ids))
    totals = {one.article_id: one for one in db.session.scalars(counted)}
    comments: dict[int, list[Comment]] = defaultdict(list)
    query = select(Comment).where(Comment.article_id.in_(ids), ~Comment.is_withdrawn).order_by(Comment.id)
    for comment in db.session.scalars(query):
        comments[comment.article_id].append(comment)
    for article in portion:
        out.open("item")
        written = [logins[one] for one in authors[article.id] if one in logins]
        _article(out, article, behind, written)
        _numbers(out, totals.get(article.id))
        for slug, name in categories[article.id]:
            out.put("category", name, domain="category", nicename=slug)
        for slug, name in tags[article.id]:
            out.put("category", name, domain="post_tag", nicename=slug)
        # Several authors are the business of a plug-in of WordPress (Co-Authors Plus), whose form this is.
        for login in written[1:] and written:
            out.put("category", login, domain="author", nicename=f"cap-{login}")
        for comment in comments[article.id]:
            _comment(out, comment)
        out.close("item")


def _article(out: Elements, article: Article, behind: int, logins: list[str]) -> None:
    url = setting("SITE_URL") + article.permalink
    status = STATUSES[Status(article.status)]
    # WordPress reads a title as HTML.
    out.put("title", escape(article.headline, quote=False))
    out.put("link", url)
    if article.published_at:
        out.put("pubDate", format_datetime(article.published_at.astimezone(UTC)))
    out.put("dc:creator", logins[0] if logins else "")
    out.put("guid", url, isPermaLink="false")
    out.put("content:encoded", with_absolute_links(article.body_html, setting("SITE_URL")))
    out.put("excerpt:encoded", article.excerpt)
    out.put("wp:post_id", article.id)
    parts.moments(out, article.published_at or article.created_at, article.updated_at)
    out.put(
        "wp:comment_status", "open" if article.comments_open and not article.comments_hidden else "closed"
    )
    out.put("wp:ping_status", "closed")
    out.put("wp:post_name", article.slug)
    out.put("wp:status", "private" if article.is_protected and status in ("publish", "future") else status)
    out.put("wp:post_parent", article.parent_id or 0)
    out.put("wp:menu_order", article.menu_order)
    out.put("wp:post_type", "page" if article.kind == "page" else "post")
    out.put("wp:post_password", "")
    out.put("wp:is_sticky", int(article.is_sticky))
    if article.lead_media_id:
        out.meta("_thumbnail_id", behind + article.lead_media_id)
    out.meta("post_subtitle", article.standfirst)
    out.meta("standfirst_kicker", article.kicker)
    for told in article.corrections:
        out.meta(f"standfirst_{told['change']}", f"{told['at']} {told['note']}")


def _numbers(out: Elements, totals: ArticleTotals | None) -> None:
    """What was counted here and before, in the fields of plug-ins that count in WordPress."""
    if totals:
        for key in VIEW_KEYS:
            out.meta(key, totals.views_shown)
        out.meta("standfirst_shares", totals.shares_shown)


def _comment(out: Elements, comment: Comment) -> None:
    out.open("wp:comment")
    out.put("wp:comment_id", comment.id)
    out.put("wp:comment_author", comment.name)
    out.put("wp:comment_author_email", comment.email)
    out.put("wp:comment_author_url", comment.website)
    out.put("wp:comment_author_IP", "")
    out.put("wp:comment_date", parts.local(comment.created_at))
    out.put("wp:comment_date_gmt", parts.utc(comment.created_at))
    out.put("wp:comment_content", comment.body_html)
    out.put("wp:comment_approved", APPROVED[comment.status])
    out.put("wp:comment_type", "comment" if comment.kind == CommentKind.comment else comment.kind)
    out.put("wp:comment_parent", comment.parent_id or 0)
    out.put("wp:comment_user_id", 0)
    for key in LIKE_KEYS:
        out.meta(key, comment.like_count, of="comment")
    out.close("wp:comment")


def _members(table: Any, column: str, ids: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    query = select(table.c.article_id, table.c[column]).where(table.c.article_id.in_(ids))
    for article_id, one in db.session.execute(query.order_by(table.c.position)):
        found[article_id].append(one)
    return found


def _labels(table: Any, model: Any, ids: list[int]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    owner = table.c[f"{model.__tablename__}_id"]
    query = select(table.c.article_id, model.slug, model.name).join(model, model.id == owner)
    for article_id, slug, name in db.session.execute(
        query.where(table.c.article_id.in_(ids)).order_by(table.c.position)
    ):
        found[article_id].append((slug, name))
    return found


def _portions(model: Any) -> Iterator[list[Any]]:
    after = 0
    while True:
        rows: Iterable[Any] = db.session.scalars(
            select(model).where(model.id > after).order_by(model.id).limit(BATCH)
        )
        some = list(rows)
        if not some:
            return
        after = some[-1].id
        yield some
        db.session.expunge_all()
