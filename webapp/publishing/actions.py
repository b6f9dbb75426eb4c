"""What the desk does beside importing: placing menus, cleaning stored texts again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import select, update

from webapp import markup
from webapp.database import db, transaction
from webapp.models import Article, Comment, Menu
from webapp.publishing import bodies

_BATCH = 50


def place_menu(slug: str, location: str | None) -> bool:
    """Puts a menu at a location (None: nowhere) and takes away the one that stands there. False: no such menu."""
    with transaction():
        menu = db.session.scalar(select(Menu).where(Menu.slug == slug))
        if menu is None:
            return False
        # First the place is cleared: two menus at one location would break the constraint on the way.
        db.session.execute(
            update(Menu).where(Menu.location == location, Menu.id != menu.id).values(location=None)
        )
        menu.location = location
    return True


def clean_all(progress: Callable[[int], None] = lambda _steps: None) -> int:
    """Cleans the HTML of every article and comment anew; returns how many changed.

    Articles are cleaned from their stored HTML, comments from what their writers typed.
    """
    return _clean_articles(progress) + _clean_comments(progress)


def _clean_articles(progress: Callable[[int], None]) -> int:
    changed = 0
    for articles in _batches(Article):
        fresh = [Article(headline=each.headline, standfirst=each.standfirst) for each in articles]
        for new, old in zip(fresh, articles, strict=True):
            bodies.fill(new, old.body_html, appendix=old.appendix_html, excerpt=old.excerpt)
        with transaction():
            for new, old in zip(fresh, articles, strict=True):
                if (new.body_html, new.appendix_html) != (old.body_html, old.appendix_html):
                    changed += 1
                    values = {
                        name: getattr(new, name)
                        for name in (
                            "body_html",
                            "appendix_html",
                            "word_count",
                            "search_headline",
                            "search_standfirst",
                            "search_text",
                        )
                    }
                    same = Article.id == old.id, Article.body_html == old.body_html
                    db.session.execute(update(Article).where(*same).values(values))
        progress(len(articles))
    return changed


def _clean_comments(progress: Callable[[int], None]) -> int:
    changed = 0
    for comments in _batches(Comment):
        fresh = {comment.id: _cleaned(comment) for comment in comments}
        with transaction():
            for comment in comments:
                if fresh[comment.id] != comment.body_html:
                    changed += 1
                    # A comment that its writer is editing at this moment is left to that edit.
                    same = Comment.id == comment.id, Comment.body_source == comment.body_source
                    db.session.execute(update(Comment).where(*same).values(body_html=fresh[comment.id]))
        progress(len(comments))
    return changed


def _cleaned(comment: Comment) -> str:
    source = comment.body_source.encode()[: markup.COMMENT_LIMIT].decode(errors="ignore")
    return markup.clean_comment(source)


def _batches(model: type[Article] | type[Comment]) -> Iterator[list]:
    after = 0
    while True:
        query = select(model).where(model.id > after).order_by(model.id).limit(_BATCH)
        rows = list(db.session.scalars(query))
        if not rows:
            return
        after = rows[-1].id
        yield rows
        db.session.expunge_all()
