"""Who may do what to an article. Authors have their own drafts; editors have all articles."""

from __future__ import annotations

from flask import abort

from webapp.models import Account, Article, Status
from webapp.moderating.accounts import current_account
from webapp.writing import queries


def me() -> Account:
    """Whoever is signed in."""
    return current_account() or abort(401)


def may_see(account: Account, article: Article) -> bool:
    return account.has_role("editor") or (account.has_role("author") and article.account_id == account.id)


def may_write(account: Account, article: Article) -> bool:
    is_own = article.account_id == account.id and article.status == Status.draft
    return account.has_role("editor") or (account.has_role("author") and is_own)


def seen(article_id: int) -> Article:
    """The article, for somebody who may see it on the desk; 404 for anybody else."""
    article = queries.article(article_id)
    if article is None or not may_see(me(), article):
        abort(404, description="There is no such article on your desk.")
    return article


def written(article_id: int) -> Article:
    """The article, for somebody who may change it; 404 or 403 for anybody else."""
    article = seen(article_id)
    if not may_write(me(), article):
        abort(403, description="This article is with the editors now. Ask one of them to change it.")
    return article
