"""Makers of test data: each gives a complete, valid row with the few fields that a test cares about."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

from webapp import clock
from webapp.database import db, transaction
from webapp.models import (
    Account,
    Address,
    AddressKind,
    Article,
    ArticleTotals,
    Author,
    Category,
    Comment,
    CommentStatus,
    Media,
    Status,
    Tag,
    address_key,
    path_segment,
)

_numbers = itertools.count(1)


def make_author(name: str = "Mara Lindqvist", **fields: Any) -> Author:
    return _keep(Author(name=name, slug=fields.pop("slug", f"author-{next(_numbers)}"), **fields))


def make_category(name: str = "Sea", **fields: Any) -> Category:
    slug = fields.pop("slug", f"{name.lower().replace(' ', '-')}-{next(_numbers)}")
    parent: Category | None = fields.pop("parent", None)
    path = f"{parent.path}/{slug}" if parent else slug
    return _keep(Category(name=name, slug=slug, path=path, parent_id=parent.id if parent else None, **fields))


def make_tag(name: str = "Tides", **fields: Any) -> Tag:
    return _keep(Tag(name=name, slug=fields.pop("slug", f"{name.lower()}-{next(_numbers)}"), **fields))


def make_media(**fields: Any) -> Media:
    """A picture of 1200 × 800 pixels; its file is not on the disk."""
    fields.setdefault("file", f"2026/12/picture-{next(_numbers)}.jpg")
    sized = {"width": 1200, "height": 800, "mime": "image/jpeg", "created_at": clock.now()}
    return _keep(Media(**(sized | fields)))


def make_article(headline: str = "The town that tells the time", **fields: Any) -> Article:
    """A published article, an hour old, at /<slug>/ (or `permalink=`). `password=` protects it."""
    from webapp.publishing.bodies import fill

    slug = fields.pop("slug", f"article-{next(_numbers)}")
    permalink = fields.pop("permalink", f"/{slug}/")
    body = fields.pop("body", "<p>The tide came in at ten.</p><p>It went out again at four.</p>")
    appendix = fields.pop("appendix", "")
    password = fields.pop("password", None)
    totals = {
        name: fields.pop(name) for name in list(fields) if name.endswith("_count") and name != "word_count"
    }
    fields.setdefault("status", Status.published)
    fields.setdefault("published_at", clock.now() - timedelta(hours=1))
    article = Article(headline=headline, slug=slug, created_at=clock.now(), **fields)
    article.totals = ArticleTotals(**totals)
    if password is not None:
        from webapp.passwords import hash_password

        article.password_hash = hash_password(password)
    fill(article, body, appendix=appendix)
    with transaction():
        db.session.add(article)
        db.session.flush()
        key = address_key(permalink)
        db.session.add(Address(key=key, path=permalink, kind=AddressKind.permalink, article_id=article.id))
    db.session.expire_all()
    return article


def make_comment(article: Article, body: str = "Well observed.", **fields: Any) -> Comment:
    """An approved comment, counted in the article's totals; `parent=` makes it a reply."""
    parent: Comment | None = fields.pop("parent", None)
    fields.setdefault("status", CommentStatus.approved)
    fields.setdefault("created_at", clock.now())
    fields.setdefault("name", "Hana")
    fields.setdefault("email", "hana@post.example")
    depth = min(parent.depth + 1, 5) if parent else 1
    comment = Comment(
        article_id=article.id,
        parent_id=parent.id if parent else None,
        body_source=body,
        body_html=f"<p>{body}</p>",
        depth=depth,
        **fields,
    )
    with transaction():
        db.session.add(comment)
        db.session.flush()
        comment.root_id = parent.root_id if parent else comment.id
        above = parent.path[: (depth - 1) * 16] if parent else ""
        comment.path = above + path_segment(comment.created_at, comment.id)
        if comment.status == CommentStatus.approved:
            totals = db.session.get_one(ArticleTotals, article.id)
            totals.comment_count = totals.comment_count + 1
    return comment


def make_account(email: str = "ines@desk.example", role: str = "moderator", **fields: Any) -> Account:
    """An account whose password is `correct horse`."""
    from webapp.passwords import hash_password

    fields.setdefault("session_key", f"session-{next(_numbers)}")
    fields.setdefault("password_hash", hash_password(fields.pop("password", "correct horse")))
    return _keep(Account(email=email, role=role, created_at=clock.now(), **fields))


def at(text: str) -> datetime:
    """A moment from ISO text with a zone: at("2026-12-04T09:00+00:00")."""
    return datetime.fromisoformat(text)


def _keep(row: Any) -> Any:
    with transaction():
        db.session.add(row)
    return row
