"""An article as readers will see it, before they do."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from webapp import clock
from webapp.database import db
from webapp.models import Article, Author, Category, Kind, Media, Tag, WorkingCopy
from webapp.moderating.accounts import role_required
from webapp.publishing import bodies
from webapp.reading.around import whole
from webapp.reading.pages import article_context
from webapp.security import framed_by_itself
from webapp.writing import actions, allowed
from webapp.writing.fields import Fields, from_json

bp = Blueprint("previews", __name__)
ONE = "/desk/articles/<id:article_id>/preview"


@bp.get(ONE)
@role_required("author")
def preview(article_id: int) -> ResponseReturnValue:
    """The frame of the preview: the article at a phone's and at a desk's width."""
    article = allowed.seen(article_id)
    page = make_response(
        render_template("writing/preview.html", article=article, copy=actions.copy_of(article))
    )
    return framed_by_itself(page)


@bp.get(ONE + "/page")
@role_required("author")
def page(article_id: int) -> ResponseReturnValue:
    """The article itself, as it would be now. Nothing in it counts."""
    allowed.seen(article_id)
    article = shown(article_id, actions.copy_of(allowed.seen(article_id)))
    context = article_context(article, 1) | {"discussion": None}
    _with_terms(article, from_json(actions.copy_of(article).fields))
    return framed_by_itself(
        make_response(render_template("reading/article.html", **context, is_preview=True))
    )


def shown(article_id: int, copy: WorkingCopy) -> Article:
    """The article with what is being worked on in place of what readers see. Nothing of it can be stored."""
    article, new = whole(article_id), from_json(copy.fields)
    db.session.expunge(article)
    article.headline, article.kicker, article.standfirst = new.headline, new.kicker, new.standfirst
    bodies.fill(article, new.body, appendix=article.appendix_html, excerpt=new.excerpt, is_clean=True)
    article.comments_hidden = True
    dated = datetime.fromisoformat(new.dated) if new.dated else None
    article.published_at = dated or article.published_at or clock.now()
    media = db.session.get(Media, new.lead_media) if new.lead_media else None
    set_committed_value(article, "lead_media", media)
    return article


def _with_terms(article: Article, new: Fields) -> None:
    for name, model, wanted in (
        ("authors", Author, new.authors),
        ("categories", Category, new.categories),
    ):
        found = {one.id: one for one in db.session.scalars(select(model).where(model.id.in_(wanted)))}
        set_committed_value(article, name, [found[one] for one in wanted if one in found])
    known = {tag.name: tag for tag in db.session.scalars(select(Tag).where(Tag.name.in_(new.tags)))}
    tags = [known.get(name) or Tag(name=name, slug="new") for name in new.tags]
    set_committed_value(article, "tags", tags if article.kind == Kind.article else [])
