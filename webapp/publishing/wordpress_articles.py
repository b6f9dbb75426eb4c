"""Brings posts and pages with their comments, batch by batch: each in one transaction, with its address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import func, insert, select, update

from webapp.database import db
from webapp.models import (
    AddressKind,
    Article,
    ArticleTotals,
    Author,
    Comment,
    CommentKind,
    CommentStatus,
    Kind,
    Status,
    article_author,
    article_category,
    article_tag,
)
from webapp.publishing import addresses, ledger, wordpress_comments, wxr
from webapp.publishing.wordpress_bodies import Bodies
from webapp.publishing.wordpress_drafts import Draft, draft_of
from webapp.publishing.wordpress_links import with_date, with_slug
from webapp.publishing.wordpress_run import BIGGEST_KEPT_ID, Run, external_id

KIND = "post"
_JOINS = ((article_author, "author"), (article_category, "category"), (article_tag, "tag"))


def bring_articles(run: Run, items: Iterable[wxr.Item]) -> None:
    """Brings one batch of posts and pages, and the new comments of those that are here already."""
    wanted = _account(run, items)
    known = ledger.known(run.source, KIND, wanted)
    texts = Bodies(run)
    drafts = [draft_of(run, item, texts) for key, item in wanted.items() if key not in known]
    comments = {key: wordpress_comments.prepare(run, item) for key, item in wanted.items()}
    for key, item in wanted.items():
        _keep_old_links(run, key, item)
    with run.batch():
        # Another import may have brought some of them since.
        known = ledger.known(run.source, KIND, wanted)
        ids = _write(run, [draft for draft in drafts if draft.key not in known])
        here = _still_here(known)
        _write_comments(run, ids | here, comments)
    for key, item in wanted.items():
        if key in ids:
            run.report.brought(item.kind)
        elif key in here:
            run.report.already_here(item.kind)
        else:
            run.report.skip(item.kind, "was brought before and has been removed here", item.id, item.title)


def _account(run: Run, items: Iterable[wxr.Item]) -> dict[str, wxr.Item]:
    wanted: dict[str, wxr.Item] = {}
    for item in items:
        run.report.found(item.kind)
        key = external_id(item)
        reason = "an empty placeholder of WordPress's" if item.status == "auto-draft" else ""
        if not run.is_first(KIND, key):
            reason = "the export has another item of this number"
        if reason:
            run.report.skip(item.kind, reason, item.id, item.title)
            wordpress_comments.skip_all(run, item, "its article was not brought")
        else:
            wanted[key] = item
    return wanted


def _still_here(known: Mapping[str, int | None]) -> dict[str, int]:
    """Those brought before that the newsroom has not removed since."""
    locals_ = [local for local in known.values() if local]
    rows = set(db.session.scalars(select(Article.id).where(Article.id.in_(locals_))))
    return {key: local for key, local in known.items() if local in rows}


def _write(run: Run, drafts: list[Draft]) -> dict[str, int]:
    """Inside a batch: articles, addresses, labels; returns the new ids by external id."""
    _give_ids(drafts)
    db.session.add_all([draft.article for draft in drafts])
    db.session.flush()
    for draft in drafts:
        _give_addresses(run, draft)
    for table, name in _JOINS:
        rows = [row for draft in drafts for row in _join_rows(draft, name)]
        if rows:
            db.session.execute(insert(table), rows)
    ids = {draft.key: draft.article.id for draft in drafts}
    ledger.remember(run.source, KIND, ids, {draft.key: draft.pending for draft in drafts if draft.pending})
    return ids


def _give_ids(drafts: list[Draft]) -> None:
    """The old number where it is free; the database gives the others one above all that the file has."""
    wanted = {draft.item.id for draft in drafts if 0 < draft.item.id <= BIGGEST_KEPT_ID}
    taken = set(db.session.scalars(select(Article.id).where(Article.id.in_(wanted))))
    for draft in drafts:
        if draft.item.id in wanted - taken:
            draft.article.id = draft.item.id


def _join_rows(draft: Draft, name: str) -> list[dict[str, Any]]:
    ids = {"author": draft.author_ids, "category": draft.category_ids, "tag": draft.tag_ids}[name]
    return [
        {"article_id": draft.article.id, f"{name}_id": joined, "position": position}
        for position, joined in enumerate(ids)
    ]


def _give_addresses(run: Run, draft: Draft) -> None:
    """The permalink as it was, and redirects from the ones that it had before; drafts have none yet."""
    article, item = draft.article, draft.item
    if article.status == Status.draft:
        return
    path = _wanted_path(run, draft)
    given = addresses.claim(path, AddressKind.permalink, article_id=article.id)
    before = [with_slug(path, item.slug, old) for old in item.meta_values("_wp_old_slug")]
    before += [with_date(path, old) for old in item.meta_values("_wp_old_date")]
    for old in before:
        if old and old != given:
            addresses.redirect(old, article_id=article.id)
            run.keep_link(old, KIND, draft.key)


def _wanted_path(run: Run, draft: Draft) -> str:
    article = draft.article
    path = run.site.permalink(draft.item.link)
    # A front page of its own had the address that the site's front page has here.
    if path and path.strip("/") != run.site.root:
        return path
    if article.kind == Kind.page or article.published_at is None:
        return f"/{article.slug}/"
    return addresses.new_path(article.slug, article.published_at, run.zone, article_id=article.id)


def _write_comments(
    run: Run, ids: Mapping[str, int], comments: Mapping[str, list[wordpress_comments.Draft]]
) -> None:
    with_comments = {ids[key]: drafts for key, drafts in comments.items() if drafts and key in ids}
    for key, drafts in comments.items():
        for draft in drafts if key not in ids else ():
            run.report.skip(draft.label, "its article has been removed here", draft.old.id)
    signers = _signers(with_comments)
    for article_id, drafts in with_comments.items():
        authors = {author.id for author in signers.get(article_id, [])}
        emails = {author.email for author in signers.get(article_id, [])} - {""}
        wordpress_comments.write(run, article_id, drafts, authors, emails)
    _count_comments(with_comments)


def _signers(article_ids: Iterable[int]) -> dict[int, list[Author]]:
    """Who signs each article: what they say under it is marked as the author's."""
    signers: dict[int, list[Author]] = {}
    query = (
        select(article_author.c.article_id, Author)
        .join(Author, Author.id == article_author.c.author_id)
        .where(article_author.c.article_id.in_(list(article_ids)))
    )
    for article_id, author in db.session.execute(query):
        signers.setdefault(article_id, []).append(author)
    return signers


def _count_comments(article_ids: Iterable[int]) -> None:
    approved = (
        select(func.count())
        .select_from(Comment)
        .where(
            Comment.article_id == ArticleTotals.article_id,
            Comment.status == CommentStatus.approved,
            Comment.kind == CommentKind.comment,
        )
        .scalar_subquery()
    )
    statement = update(ArticleTotals).where(ArticleTotals.article_id.in_(list(article_ids)))
    db.session.execute(
        statement.values(comment_count=approved), execution_options={"synchronize_session": False}
    )


def _keep_old_links(run: Run, key: str, item: wxr.Item) -> None:
    if path := run.site.permalink(item.link):
        run.keep_link(path, KIND, key)
    if item.id:
        name = "page_id" if item.kind == "page" else "p"
        run.keep_link(f"/?{name}={item.id}", KIND, key)
