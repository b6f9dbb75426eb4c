"""An article's lasting address as its slug and date change: what was public once leads on as a redirect."""

from __future__ import annotations

from urllib.parse import unquote

from sqlalchemy import delete, select

from webapp.database import db
from webapp.models import Address, AddressKind, Article, Category, article_category
from webapp.publishing import addresses
from webapp.site import current_site


def settle(article: Article, *, was_public: bool, is_new_slug: bool) -> str:
    """Inside transaction(), when the article is dated: gives it the address that its slug asks for, and returns it.

    `was_public`: readers may know the address that it has. It stays while the slug does, keeps its form (an imported
    one may differ from this site's own), and leads on when the slug has changed. Where somebody else has the address,
    a number is added, to the slug as well.
    """
    held = db.session.scalar(
        select(Address).where(Address.article_id == article.id, Address.kind == AddressKind.permalink)
    )
    if held is not None and was_public and not is_new_slug:
        return held.path
    wanted = _wanted(article, held if was_public else None)
    if held is not None and held.path == wanted:
        return wanted
    if held is not None and was_public:
        held.kind = AddressKind.redirect
        db.session.flush()
    elif held is not None:
        db.session.execute(delete(Address).where(Address.id == held.id))
    mine = addresses.holder(wanted)
    if mine is not None and mine.article_id == article.id and mine.kind == AddressKind.redirect:
        mine.kind = AddressKind.permalink
        path = mine.path
    else:
        path = addresses.claim(wanted, AddressKind.permalink, article_id=article.id)
    if path != wanted:
        article.slug = unquote(path.rstrip("/").rpartition("/")[2])[:200] or article.slug
    db.session.flush()
    db.session.expire(article, ["path"])
    return path


def _wanted(article: Article, known: Address | None) -> str:
    if known is not None:
        before, slash, _ = known.path.rstrip("/").rpartition("/")
        ending = "/" if known.path.endswith("/") else ""
        return addresses.tidy(f"{before}{slash}{article.slug}{ending}")
    if article.kind == "page":
        above = db.session.get(Article, article.parent_id) if article.parent_id else None
        base = above.permalink.rstrip("/") if above is not None and above.path else ""
        return addresses.tidy(f"{base}/{article.slug}/")
    section = select(Category.slug).join(article_category).where(article_category.c.article_id == article.id)
    section = section.order_by(article_category.c.position).limit(1)
    moment = article.published_at
    if moment is None:
        raise ValueError("an article without a date has no address")
    category = db.session.scalar(section) or ""
    return addresses.new_path(article.slug, moment, current_site().zone, category, article.id)
