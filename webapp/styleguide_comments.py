"""Made-up comments for the desk's page of the style guide: the queue, the log and the rules."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from webapp import clock
from webapp.models import (
    Comment,
    CommentFlag,
    CommentStatus,
    ModerationEntry,
    Restriction,
)
from webapp.moderating import actions as decisions
from webapp.moderating import chain, queries, queue_queries, restrictions, verdicts, words
from webapp.moderating.commenters import Commenter
from webapp.moderating.forms import SignInForm
from webapp.moderating.links import Link
from webapp.moderating.replay import Difference, Replay
from webapp.moderating.subjects import Subject
from webapp.settings import SETTINGS
from webapp.styleguide_samples import FAR, SEA, TEO, TEXT, ago, article, made

RULES = ("COMMENT_HOLD_FIRST", "COMMENT_MAX_LINKS", "MODERATION_WORDS", "SITE_TAGLINE", "MODERATOR_MAIL")


def _comment(number: int, **fields: Any) -> Comment:
    known = {
        "id": FAR + number,
        "article_id": FAR + 1,
        "article": article(),
        "name": "Ingrid S.",
        "email": "ingrid@reader.example",
        "body_source": "",
        "body_html": TEXT,
        "created_at": ago(minutes=40),
    }
    return made(Comment, **(known | fields))


def queue() -> dict[str, Any]:
    """Rows of the queue with what rules and readers said, and what opens beside it."""
    first = {"rule": "first_comment", "status": "held", "reason": "The first comment from this browser."}
    link = {"rule": "links", "status": "held", "reason": "2 links; 1 may stand without waiting."}
    word = {"rule": "disallowed_words", "status": "spam", "reason": "“casino” is on the newsroom’s list."}
    flag = made(
        CommentFlag,
        comment_id=FAR + 23,
        writer_hash="",
        reason="Insulting: names a neighbour",
        created_at=ago(minutes=5),
    )
    seo = '<p>Best <a href="https://xn--bcher-kva.example/win">casino</a> in town.</p>'
    spam = _comment(
        22,
        name="Best Offers",
        website="https://offers.example/",
        body_html=seo,
        verdicts=[link, word],
        score=97,
        band=2,
    )
    answered = _comment(20, status="approved", name="Noor")
    answer = _comment(
        24,
        name="ليلى",
        body_html="<p>شكرا على المقال.</p>",
        parent_id=answered.id,
        depth=2,
        verdicts=[first],
        score=8,
        band=0,
        network_hash="x",
    )
    reported = _comment(23, status="approved", name="Jan", edited_at=ago(minutes=3), is_pinned=True)
    row = queue_queries.Row
    rows = {
        "likely fine": row(answer, answered, [], [], 12, 1, [False] * 11 + [True]),
        "likely spam": row(
            spam, None, [Link("xn--bcher-kva.example", "/win", "bücher.example")], [], 4, 4, [True] * 4
        ),
        "reported": row(reported, None, [], [flag] * 6),
    }
    entry = made(
        ModerationEntry,
        id=FAR,
        comment_id=FAR + 25,
        decision="approval",
        to_status="approved",
        account=TEO,
        created_at=ago(minutes=1),
    )
    switch = made(
        Restriction,
        id=FAR,
        holds_all=True,
        slow_seconds=300,
        note="Until the count is over",
        account=TEO,
        created_at=ago(hours=1),
        ends_at=clock.now() + timedelta(hours=3),
        category=SEA,
    )
    return {
        "rows": rows,
        "taken": decisions.Change(_comment(25, status="approved"), entry),
        "switches": [switch],
        "counts": queue_queries.Counts(
            {"held": 408, "flagged": 3, "approved": 1001, "spam": 61, "trashed": 0, "mine": 12}, ago(hours=5)
        ),
        "none": queue_queries.Counts(dict.fromkeys(queue_queries.TABS, 0)),
        "tabs": queue_queries.TABS,
        "wanted": queue_queries.Filters(rule="links"),
        "choices": {
            "article": [(FAR, "The town and its tide")],
            "category": [(SEA.id, SEA.name)],
            "rule": [("links", "Links")],
            "hours": [(24, "a day")],
            "band": [(0, "likely fine")],
            "order": [("likely", "likely fine first"), ("newest", "newest first")],
        },
        "lesson": SimpleNamespace(quality={"precision": 0.94, "recall": 0.88, "tested": 1240}),
        "toasts": {
            "one": {"text": "Marked the comment by Best Offers as spam.", "entries": [FAR], "tell": FAR + 22},
            "several": {"text": "Approved 12 comments.", "entries": [FAR, FAR + 1], "tell": None},
        },
        "commenter": Commenter(
            answer,
            [_comment(26, status="spam"), _comment(27, status="approved")],
            {FAR + 26: entry},
            12,
            1,
            [False] * 11 + [True],
            ago(days=90),
            31,
            2,
            1,
            True,
            True,
            False,
        ),
        "thread": [answered, answer, *[_comment(30 + depth, depth=depth) for depth in range(3, 6)]],
        "slow": restrictions.SLOW,
        "lasts": restrictions.LASTS,
        "sign_in": SignInForm("ada@", "", {"password": "Type your password."}),
    }


def log() -> dict[str, Any]:
    def entry(number: int, decision: str, to: str, **fields: Any) -> ModerationEntry:
        known = {
            "id": FAR + number,
            "comment_id": FAR,
            "from_status": "held",
            "created_at": ago(minutes=number),
            "account": TEO,
        }
        return made(ModerationEntry, decision=decision, to_status=to, **(known | fields))

    row, comment = queries.LogRow, _comment(40)
    return {
        "rows": [
            row(entry(1, "approval", "approved"), comment, True),
            row(
                entry(2, "arrival", "held", account=None, reason="The first comment from this browser."),
                comment,
                False,
            ),
            row(entry(3, "spam", "spam"), None, False),
            row(entry(4, "publish", "", subject="article:1"), None, False),
        ],
        "subjects": {"article:1": Subject("“The town and its tide”", "/desk/articles/1")},
        "deeds": chain.DEEDS,
    }


def rules() -> dict[str, Any]:
    about = {item.name: item for item in SETTINGS if item.name in RULES}
    typed = {name: {bool: True, int: "many"}.get(type(item.default), "") for name, item in about.items()}
    found = verdicts.Verdict("links", CommentStatus.held, "3 links; 1 may stand without waiting.")
    return {
        "names": [name for name in RULES if name in about],
        "about": about,
        "typed": typed | {"MODERATOR_MAIL": "daily", "MODERATION_WORDS": "casino\nlottery"},
        "problems": {"COMMENT_MAX_LINKS": "A whole number is needed here."},
        "fixed": {"SITE_TAGLINE": "settings.toml"},
        "label": words.setting_label,
        "tried": Replay(1240, [Difference(_comment(41, status="approved"), "approved", "held", [found])]),
        "same": Replay(1240, []),
    }
