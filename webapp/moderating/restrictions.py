"""Switches for hot hours: slow mode, no links, everything waits; for an article, a category, a tag or the site."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from flask import Blueprint, abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from webapp import clock
from webapp.database import db, transaction
from webapp.filters import counted, day_and_clock
from webapp.models import Article, Category, Restriction, Tag, article_tag
from webapp.models.base import LARGEST_ID
from webapp.moderating import chain, queries
from webapp.moderating.accounts import current_account, local_path, role_required

bp = Blueprint("restrictions", __name__)
SLOW = {0: "no slow mode", 60: "1 minute", 300: "5 minutes", 900: "15 minutes", 3600: "1 hour"}
LASTS = {1: "1 hour", 3: "3 hours", 8: "8 hours", 24: "1 day", 72: "3 days", 0: "until somebody ends it"}
SCOPES = {"article": Article, "category": Category, "tag": Tag}


@bp.post("/moderation/switches")
@role_required("moderator")
def switch_on() -> ResponseReturnValue:
    """Sets a switch: `scope` (site, article, category, tag), `which` (id or slug), what it does, `lasts` in hours."""
    scope, which = request.form.get("scope", ""), request.form.get("which", "").strip()
    slow = request.form.get("slow", 0, type=int)
    lasts = request.form.get("lasts", 0, type=int)
    holds_all, holds_links = bool(request.form.get("holds_all")), bool(request.form.get("holds_links"))
    if slow not in SLOW or lasts not in LASTS:
        abort(422, description="Choose how slow, and for how long, from the lists.")
    if not (slow or holds_all or holds_links):
        abort(422, description="Choose at least one thing that the switch does. Nothing was changed.")
    account = current_account() or abort(401)
    now = clock.now()
    row = Restriction(
        holds_all=holds_all,
        holds_links=holds_links,
        slow_seconds=slow,
        note=request.form.get("note", "").strip()[:200],
        account_id=account.id,
        created_at=now,
        ends_at=now + timedelta(hours=lasts) if lasts else None,
    )
    if scope != "site":
        setattr(row, f"{scope}_id", _target(scope, which))
    with transaction(unseen=True):
        db.session.add(row)
        db.session.flush()
        chain.record("switch-on", f"switch:{row.id}", account_id=account.id, reason=row.note)
    return _back("The switch is on.")


@bp.post("/moderation/switches/<id:switch_id>/end")
@role_required("moderator")
def switch_off(switch_id: int) -> ResponseReturnValue:
    """Ends a switch before its time; harmless when it has ended."""
    account = current_account() or abort(401)
    with transaction(unseen=True):
        row = db.session.get(Restriction, switch_id, with_for_update=True) or abort(404)
        if row.ended_at is None:
            row.ended_at = clock.now()
            chain.record("switch-off", f"switch:{row.id}", account_id=account.id)
    return _back("The switch is off.")


def _target(scope: str, which: str) -> int:
    model = SCOPES.get(scope) or abort(
        422, description="Choose what the switch is for: the site, an article, …"
    )
    which = which.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]
    is_number = which.isascii() and which.isdecimal() and int(which[:10]) <= LARGEST_ID
    same = or_(model.slug == which, model.id == int(which)) if is_number else model.slug == which
    found = db.session.scalar(select(model.id).where(same).limit(1))
    if found is None:
        abort(
            422,
            description=f"There is no {scope} “{which[:60]}”. Choose one from the list, or paste its address.",
        )
    return found


def choices() -> list[tuple[str, str]]:
    """What a switch may be for, as slug and words: articles discussed lately, all categories, tags used lately."""
    used = func.count(article_tag.c.article_id)
    latest = select(Article.id).where(Article.listed()).order_by(Article.listed_at.desc()).limit(200)
    tags = select(Tag.slug, Tag.name).join(article_tag).where(article_tag.c.article_id.in_(latest))
    tags = tags.group_by(Tag.id).order_by(used.desc(), Tag.name)
    categories = select(Category.slug, Category.name).order_by(Category.position, Category.name)
    return [
        *((article.slug, f"Article: {article.headline}") for article in queries.discussed()),
        *((slug, f"Category: {name}") for slug, name in db.session.execute(categories)),
        *((slug, f"Tag: {name}") for slug, name in db.session.execute(tags.limit(50))),
    ]


def all_in_force() -> list[Restriction]:
    """Every switch that is on, with what it is for and who set it."""
    query = select(Restriction).where(
        Restriction.ended_at.is_(None), or_(Restriction.ends_at.is_(None), Restriction.ends_at > clock.now())
    )
    joined = (Restriction.account, Restriction.article, Restriction.category, Restriction.tag)
    return list(
        db.session.scalars(query.options(*(joinedload(one) for one in joined)).order_by(Restriction.id))
    )


def in_words(row: Restriction) -> str:
    """What a switch does, to what, and until when: one sentence."""
    does = [
        "every comment waits" if row.holds_all else "",
        "every comment with a link waits" if row.holds_links and not row.holds_all else "",
        f"one comment every {counted(row.slow_seconds // 60, 'minute')}" if row.slow_seconds else "",
    ]
    target = (
        f"under “{row.article.headline}”" if row.article
        else f"in {row.category.name}" if row.category
        else f"tagged {row.tag.name}" if row.tag
        else "on the whole site"
    )  # fmt: skip
    until = f" until {day_and_clock(row.ends_at)}" if row.ends_at else ""
    words = " and ".join(part for part in does if part)
    return f"{words[0].upper()}{words[1:]} {target}{until}."


def _back(text: str) -> ResponseReturnValue:
    # Flask's own type allows only text; a session keeps dictionaries as well.
    flash(cast("str", {"text": text, "entries": []}), "decision")
    return redirect(local_path(request.form.get("next")), code=303)
