"""The desk's pages of the newsletter: editions, from the draft to the last mail."""

from __future__ import annotations

import hashlib

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from webapp import clock, htmx
from webapp.converters import id_from
from webapp.database import transaction
from webapp.mailing.actions import queue_mail
from webapp.models import Edition, EditionState
from webapp.moderating.accounts import own_account, role_required, told
from webapp.publishing.front import offered
from webapp.reading import queries, search_queries
from webapp.security import framed_by_itself
from webapp.settings import setting
from webapp.subscribing import editions, forms, letters, reader_pages

bp = Blueprint("newsletter_desk", __name__)
bp.register_blueprint(reader_pages.bp)
ADDRESS = "/desk/newsletter"
ONE = ADDRESS + "/<id:edition_id>"
SAID = "newsletter"
DEEDS = {
    "send": (editions.start, "It is being sent."),
    "pause": (editions.pause, "Paused: what the mail server has not taken yet waits."),
    "resume": (editions.go_on, "It goes on."),
    "end": (editions.end, "Ended: nobody else gets it."),
}


@bp.get(ADDRESS)
@role_required("editor")
def newsletter() -> ResponseReturnValue:
    """All editions, the newest first."""
    found, older = editions.page(id_from(request.args.get("before", "")) or 0)
    return render_template(
        "subscribing/editions.html",
        editions=found,
        older=older,
        readers=editions.readers(),
        rule=setting("NEWSLETTER"),
        said=told(SAID),
    )


@bp.post(ADDRESS)
@role_required("editor")
def begin() -> ResponseReturnValue:
    """Begins an edition with the newest articles in it."""
    return redirect(f"{ADDRESS}/{editions.begin(own_account()).id}", code=303)


@bp.get(ONE)
@role_required("editor")
def edition(edition_id: int) -> ResponseReturnValue:
    """A draft to write on, or what became of an edition that was sent."""
    found = _edition(edition_id)
    if found.state == EditionState.draft:
        return _draft(found, question=_question(request.args))
    page = render_template("subscribing/edition.html", **_shown(found), said=told(SAID))
    return framed_by_itself(make_response(page))


@bp.post(ONE)
@role_required("editor")
def change(edition_id: int) -> ResponseReturnValue:
    """Writes a draft down, after what the pressed button (`do`) says. 422 for what is wrong, 409 when a colleague
    changed it meanwhile; what was typed is there with either."""
    found, typed = _edition(edition_id), forms.draft(request.form)
    question = _question(request.form)
    if found.state != EditionState.draft:
        return _draft(found, typed, 409, "This edition was sent meanwhile; nothing of it can be changed.")
    if typed.errors:
        return _draft(found, typed, 422, question=question)
    if request.form.get("seen") != _mark(found):
        words = "A colleague changed this edition meanwhile. Yours is below; saving it replaces theirs."
        return _draft(found, typed, 409, words)
    editions.change(edition_id, typed.subject, typed.intro, typed.articles)
    return _changed(edition_id, request.form.get("do", "").partition(":")[0], question)


def _changed(edition_id: int, deed: str, question: str) -> Response:
    """What follows on saving: the form again, or the question whether to send it."""
    one = f"{ADDRESS}/{edition_id}"
    if deed == "test":
        flash(_test(_edition(edition_id)), SAID)
    elif deed in ("", "save"):
        flash("Saved.", SAID)
    elif deed == "send":
        one += "/sending"
        if htmx.is_htmx():
            answer = make_response("")
            answer.headers["HX-Redirect"] = one
            return answer
    if htmx.is_htmx():
        return _draft(_edition(edition_id), question=question)
    return redirect(one + (f"?q={question}" if question and deed != "send" else ""), code=303)


@bp.get(ONE + "/letter")
@role_required("editor")
def letter(edition_id: int) -> ResponseReturnValue:
    """The edition as mail programs show it, for the frame of the preview."""
    page = make_response(render_template("mailing/letter.html", letter=_letter(_edition(edition_id))))
    # A mail carries its looks in style attributes. This document alone may; it is shut in and runs nothing.
    pictures = f"img-src 'self' {setting('SITE_URL')}"
    page.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'unsafe-inline'; {pictures}; frame-ancestors 'self'; sandbox"
    )
    page.headers["Cache-Control"] = "private, no-store"
    return page


@bp.get(ONE + "/letter.txt")
@role_required("editor")
def plain_letter(edition_id: int) -> ResponseReturnValue:
    """The same as plain text."""
    page = make_response(_letter(_edition(edition_id)).as_text())
    page.headers["Content-Type"] = "text/plain; charset=utf-8"
    page.headers["Cache-Control"] = "private, no-store"
    return page


@bp.get(ONE + "/sending")
@role_required("editor")
def sending(edition_id: int) -> ResponseReturnValue:
    """Asks once more, with the number of readers."""
    found = _edition(edition_id)
    if found.state != EditionState.draft:
        return redirect(f"{ADDRESS}/{edition_id}", code=303)
    return render_template("subscribing/send.html", **_shown(found), readers=editions.readers(), problem="")


@bp.post(ONE + "/sending")
@role_required("editor")
def turn(edition_id: int) -> ResponseReturnValue:
    """Sends, pauses, goes on, ends (`deed`). 409 where it is not in a state for that; 422 with nothing to send."""
    found, deed = _edition(edition_id), request.form.get("deed", "")
    if deed not in DEEDS:
        abort(422, description="Nothing was changed: the button is unknown.")
    if deed == "send":
        problem = _unready(found)
        if problem:
            page = render_template(
                "subscribing/send.html", **_shown(found), readers=editions.readers(), problem=problem
            )
            return make_response(page, 422)
    action, words = DEEDS[deed]
    if not action(edition_id, by=own_account()):
        abort(
            409,
            description="This edition is in another state meanwhile. Open it again to see what became of it.",
        )
    flash(words, SAID)
    return redirect(f"{ADDRESS}/{edition_id}", code=303)


@bp.get(ONE + "/progress")
@role_required("editor")
def progress(edition_id: int) -> ResponseReturnValue:
    """How far the sending is: a fragment that asks for itself again while there is something to come."""
    answer = make_response(render_template("subscribing/_progress.html", edition=_edition(edition_id)))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post(ONE + "/deletion")
@role_required("editor")
def throw_away(edition_id: int) -> ResponseReturnValue:
    """Deletes a draft. 409 where it was sent meanwhile."""
    _edition(edition_id)
    if not editions.throw_away(edition_id):
        abort(409, description="This edition was sent, so it stays.")
    flash("The draft is gone.", SAID)
    return redirect(ADDRESS, code=303)


def _draft(
    found: Edition,
    typed: forms.Draft | None = None,
    status: int = 200,
    problem: str = "",
    *,
    question: str = "",
) -> Response:
    articles = editions.articles_of(found)
    if typed:
        cards = queries.cards(typed.articles)
        articles = [cards[number] for number in typed.articles if number in cards]
    else:
        typed = forms.Draft(found.subject, found.intro, [article.id for article in articles])
    chosen = set(typed.articles)
    context = {
        "edition": found,
        "typed": typed,
        "articles": articles,
        "lost": 0 if typed.errors or problem else len(found.entries) - len(articles),
        "offered": [one for one in offered(question) if one.id not in chosen],
        "question": question,
        "problem": problem,
        "seen": _mark(found),
        "readers": editions.readers(),
        "default_subject": letters.subject_of(Edition(subject=""), articles),
        "said": told(SAID),
    }
    answer = htmx.answer(
        fragment=lambda: render_template("subscribing/_draft.html", **context),
        page=lambda: render_template("subscribing/draft.html", **context),
        status=status,
    )
    return framed_by_itself(make_response(answer))


def _shown(found: Edition) -> dict[str, object]:
    articles = editions.articles_of(found)
    return {"edition": found, "articles": articles, "subject": letters.subject_of(found, articles)}


def _unready(found: Edition) -> str:
    """Why an edition cannot be sent; empty when it can."""
    if not editions.articles_of(found) and not found.intro.strip():
        return "There is nothing in it: choose an article or write a few words."
    return "" if editions.readers() else "Nobody has confirmed the newsletter yet, so nobody would get it."


def _test(found: Edition) -> str:
    me = own_account()
    made = letters.letter(found, editions.articles_of(found), me.email, is_test=True)
    with transaction(unseen=True):
        queue_mail(f"test:{found.id}:{me.id}:{int(clock.now().timestamp() * 1000)}", me.email, made)
    return f"A test is on its way to {me.email}."


def _letter(found: Edition):  # noqa: ANN202 (a Letter)
    return letters.letter(found, editions.articles_of(found), own_account().email)


def _mark(found: Edition) -> str:
    """What a draft says, in short: two people who write on it do not overwrite each other unseen."""
    parts = (found.subject, found.intro, *(str(entry.article_id) for entry in found.entries))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _question(given) -> str:  # noqa: ANN001 (a form or a query)
    return given.get("q", "").strip()[: search_queries.LONGEST]


def _edition(edition_id: int) -> Edition:
    return editions.one(edition_id) or abort(404, description="There is no such edition (any more).")
