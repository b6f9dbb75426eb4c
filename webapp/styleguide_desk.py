"""Made-up objects for the desk's page of the style guide; none is stored."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from webapp import clock
from webapp import styleguide_comments as comments
from webapp.library.rules import ACCEPTED
from webapp.models import (
    Account,
    Article,
    ArticleVersion,
    Change,
    Edition,
    EditionArticle,
    Menu,
    Message,
    Passkey,
    Subscriber,
    Tag,
    WorkingCopy,
)
from webapp.people import factors, sessions
from webapp.publishing import front, menus
from webapp.publishing.report import Report
from webapp.site import current_site
from webapp.styleguide_samples import ADA, FAR, MARA, SEA, TEO, TOWN, ago, article, made, media
from webapp.subscribing import forms
from webapp.writing import queries as desk_queries
from webapp.writing.differences import Piece, paragraphs
from webapp.writing.fields import Fields
from webapp.writing.history import Step
from webapp.writing.numbers import Figures
from webapp.writing.reached import Part, Reached

TEXTS = (
    "The boats come in with the tide.\nNobody looks at a clock.",
    "The boats come in with the evening tide.\nNobody looks at a clock.",
)


def for_staff(pictured: Article | None) -> dict[str, Any]:
    """What the parts of the desk's page take."""
    like = pictured.lead_media if pictured else None
    return {
        "current_account": lambda: ADA,
        "held_count": lambda: 408,
        "ada": ADA,
        "bare": article(),
        "articles": _articles(),
        "editors": _editors(like),
        "steps": _steps(),
        "figures": Figures([(ago(days=n)).date() for n in (2, 1, 0)], [120, 480, 310], {"copy": 12, "x": 3}),
        "reached": _reached(),
        "media": _media(like),
        "queue": comments.queue(),
        "log": comments.log(),
        "rules": comments.rules(),
        "letters": _letters(),
        "menu": _menu(),
        "front_places": front.PLACES,
        "people": _people(),
        "report": _report(),
    }


def _copy(of: Article, **fields: Any) -> WorkingCopy:
    known = {
        "article_id": of.id,
        "revision": 3,
        "fields": {},
        "saved_at": ago(minutes=6),
        "account": TEO,
        "due_note": "",
    }
    return made(WorkingCopy, **(known | fields))


def _articles() -> dict[str, Any]:
    """The list: a row for each status."""
    live = article(
        10,
        headline="A published article that was corrected since",
        corrections=[
            {
                "number": 2,
                "change": "correction",
                "at": ago(hours=1).isoformat(),
                "note": "It was the west pier.",
            }
        ],
        front_place=1,
        version=2,
    )
    changed = article(11, headline="A published article with a change that waits", comments_open=False)
    later = article(
        12,
        headline="An article with its time set",
        status="scheduled",
        published_at=clock.now() + timedelta(hours=9),
    )
    draft = article(13, headline="", status="draft", published_at=None, authors=[], categories=[])
    handed = article(
        14,
        headline="A draft that an editor should read",
        status="draft",
        published_at=None,
        handed_over_at=ago(hours=2),
    )
    down = article(15, headline="An article that was taken down", status="unpublished")
    private = article(16, headline="An article for the newsroom alone", status="private")
    trashed = article(17, headline="A draft in the trash", status="trashed", published_at=None)
    row = desk_queries.Row
    return {
        "groups": [
            desk_queries.Group(
                "In work",
                "drafts",
                [row(draft, _copy(draft), 0, desk_queries.missing(draft)), row(handed, None, 0, [])],
            ),
            desk_queries.Group("Scheduled", "scheduled", [row(later, None, 0, ["no lead picture"])]),
            desk_queries.Group(
                "Published",
                "published",
                [
                    row(live, None, 3, []),
                    row(
                        changed,
                        _copy(changed, due_at=clock.now() + timedelta(days=1)),
                        0,
                        ["no alt text on the lead picture"],
                    ),
                ],
                older="x",
            ),
            desk_queries.Group(
                "Put away",
                "unpublished",
                [row(down, None, 0, []), row(private, None, 0, []), row(trashed, None, 0, [])],
            ),
        ],
        "trashed": row(trashed, None, 0, []),
        "tabs": desk_queries.TABS,
        "counts": {"drafts": 14, "scheduled": 1, "published": 1240},
        "wanted": desk_queries.Filters("tide", category=SEA.id),
        "choices": {
            "authors": [(MARA.id, MARA.name)],
            "categories": [SEA, TOWN],
            "author_names": [MARA.name],
            "tag_names": ["Tides"],
        },
    }


def _editors(like: Any) -> dict[str, dict[str, Any]]:
    """A published article that was typed wrongly while somebody else saved it, and a draft that may only be read."""
    live = _articles()["groups"][2].rows[0].article
    fields = Fields(
        headline="The town that tells the time by the tide",
        standfirst="On the island there is one clock, and it is always wrong.",
        body="<p>The boats come in with the evening tide.</p><h2>Low water</h2><p>Nobody looks at a clock.</p>",
        authors=[MARA.id],
        categories=[SEA.id, TOWN.id],
        tags=["Tides", "Piers"],
        lead_media=FAR + 1,
        password_hash="x",  # noqa: S106 (of nobody)
    )
    shown = SimpleNamespace(
        authors=MARA.name, tags="Tides, Piers", related="", lead_media=media(like, 1), share_media=None
    )
    handed = article(18, headline="A draft", status="draft", published_at=None, handed_over_at=ago(hours=2))
    known = {
        "choices": _articles()["choices"],
        "zone": current_site().zone,
        "others": ["Teo Marsh"],
        "changes": [one for one in Change if one != Change.first],
        "pages": [],
        "words": 1240,
        "is_stale": False,
        "raw": {},
        "shown": shown,
        "fields": fields,
        "revision": 3,
        "may_publish": True,
        "here": "/_styleguide/desk",
        "token": "",
    }
    theirs = {
        "fields": Fields(body="<p>Theirs.</p>"),
        "named": {"headline": ("The town and its tide", fields.headline)},
        "pieces": paragraphs(*TEXTS),
    }
    return {
        "published, typed wrongly, and saved by somebody else meanwhile": known
        | {
            "article": live,
            "copy": _copy(live),
            "errors": {"slug": "This address is taken.", "canonical_url": "This is not a whole address."},
            "theirs": theirs,
            "may_write": True,
            "is_live": True,
            "versions": [1, 2],
            "missing": [],
        },
        "a draft that may only be read": known
        | {
            "article": handed,
            "copy": _copy(handed, due_at=None),
            "errors": {},
            "theirs": None,
            "may_write": False,
            "is_live": False,
            "versions": [],
            "missing": ["no lead picture"],
        },
    }


def _steps() -> list[Step]:
    known = {"article_id": FAR, "fields": {}, "account": TEO, "published_at": ago(hours=1)}
    corrected = made(ArticleVersion, number=2, change="correction", note="It was the west pier.", **known)
    first = made(ArticleVersion, number=1, change="first", **known)
    headline = [Piece("same", "The town and its "), Piece("old", "clock "), Piece("new", "tide")]
    return [
        Step(corrected, "The town and its tide", {"Headline": headline}, paragraphs(*TEXTS), 900),
        Step(first, "The town and its clock", {}, [], 896),
    ]


def _reached() -> Reached:
    sources = (Part("Search", 620, 62.0, 48.0), Part("By itself", 380, 38.0, 52.0))
    depths = (Part("A quarter", 700, 70.0, 65.0), Part("To the end", 310, 31.0, None))
    return Reached(1000, ago(days=30).date(), sources, depths, has_usual=True)


def _media(like: Any) -> dict[str, Any]:
    """Files: whole, without a description, with its cut moved, broken, and no pictures at all."""
    whole = media(like, 1, title="Pier at low water", caption="The pier at noon", credit="Sample")
    pdf = media(None, 5, file="2026/12/programme.pdf", mime="application/pdf", alt="")
    return {
        "files": [
            whole,
            media(like, 2, title="Without a description", alt=""),
            media(like, 3, title="Cut elsewhere", focus_x=20, focus_y=70, tint="231"),
            media(None, 4, title="Its file is gone"),
            pdf,
        ],
        "whole": whole,
        "pdf": pdf,
        "problems": ["holiday.tiff is neither a picture, sound, film nor a PDF that can be taken."],
        "accepted": ACCEPTED,
        "typed": SimpleNamespace(alt="A pier", caption="", credit="x" * 20, licence="", title="Pier"),
        "errors": {"credit": "At most 500 characters; these are 512."},
        "asked": {"q": "", "kind": ""},
        "sought": {"q": "zyzzyva", "kind": ""},
    }


def _letters() -> dict[str, Any]:
    """Editions in every state, readers of the newsletter in every state."""
    entries = [
        made(EditionArticle, edition_id=FAR, article_id=FAR + number, position=number) for number in range(3)
    ]

    def edition(number: int, state: str, **fields: Any) -> Edition:
        known = {
            "id": FAR + number,
            "subject": "The week by the water",
            "created_at": ago(days=1),
            "recipients": 1240,
            "account": ADA,
        }
        return made(Edition, state=state, entries=list(entries), **(known | fields))

    def reader(number: int, state: str, **fields: Any) -> Subscriber:
        return made(
            Subscriber,
            id=FAR + number,
            email=f"reader{number}@mail.example",
            state=state,
            asked_at=ago(days=9),
            **fields,
        )

    begun = {"started_at": ago(minutes=9)}
    return {
        "editions": {
            "draft": edition(1, "draft", subject=""),
            "being sent": edition(2, "sending", queued=480, sent=430, failed=2, **begun),
            "paused, since something failed": edition(
                3,
                "paused",
                queued=480,
                sent=310,
                failed=170,
                problem="The mail server refuses: 421 too many messages.",
                **begun,
            ),
            "done": edition(
                4,
                "sent",
                queued=1240,
                sent=1239,
                failed=1,
                settled_at=ago(minutes=1),
                rule_key="2026-50",
                **begun,
            ),
            "ended early": edition(5, "ended", queued=480, sent=480, **begun),
        },
        "readers": [
            reader(1, "confirmed", confirmed_at=ago(days=8)),
            reader(2, "asked"),
            reader(3, "stopped", confirmed_at=ago(days=8), ended_at=ago(days=1), origin="list"),
            reader(
                4, "bounced", confirmed_at=ago(days=8), ended_at=ago(days=1), problem="550 no such mailbox"
            ),
        ],
        "typed": forms.Draft("", "Good morning.", [FAR + 1], {"subject": "At most 150 characters."}),
        "offered": [article(2, headline="An older article")],
        "message": made(
            Message,
            id=FAR,
            name="Jan",
            email="jan@reader.example",
            subject="The picture of the pier",
            body="It is the east pier.\nKind regards",
            fingerprint="",
            created_at=ago(hours=3),
        ),
        "done": made(
            Message,
            id=FAR + 1,
            name="Eva",
            email="eva@reader.example",
            subject="",
            body="Thank you.",
            fingerprint="",
            created_at=ago(days=3),
            account=TEO,
        ),
    }


def _menu() -> dict[str, Any]:
    entry = menus.Entry
    return {
        "entries": [
            entry(FAR + 1, "Sea", "", "/category/sea/", is_first=True),
            entry(FAR + 2, "Harbour", "Harbour", "/category/harbour/", level=2, can_go_in=True),
            entry(FAR + 3, "The lost pier", "", "/the-lost-pier/", is_seen=False, level=3),
            entry(FAR + 4, "Typed wrongly", "Typed wrongly", "ftp://old.example", is_last=True),
        ],
        "wrong": FAR + 4,
        "errors": {f"to-{FAR + 4}": "This does not lead anywhere a reader can go."},
        "menus": [(made(Menu, id=FAR, slug="main", name="Main", location="main"), 7), (None, 0)],
        "places": menus.PLACES,
        "tag": made(Tag, id=FAR, name="Tides", slug="tides"),
    }


def _people() -> dict[str, Any]:
    def account(number: int, name: str, role: str, **fields: Any) -> Account:
        known = {
            "email": f"{name.lower()}@desk.example",
            "password_hash": "x",
            "signed_in_at": ago(hours=number),
        }
        return made(Account, id=FAR + number, name=name, role=role, **(known | fields))

    session = SimpleNamespace(
        key="this",
        browser="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
        began_at=ago(days=3),
        seen_at=ago(minutes=1),
    )
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 (of nobody)
    return {
        "people": [
            ADA,
            account(2, "Ines", "moderator"),
            account(3, "Sam", "author", password_hash="", signed_in_at=None),
            account(4, "Former", "editor", is_disabled=True),
        ],
        "sessions": [session, SimpleNamespace(**(vars(session) | {"key": "other"}))],
        "passkeys": [
            made(
                Passkey,
                id=FAR,
                account_id=FAR,
                name="My phone",
                credential="",
                public_key="",
                handle="",
                made_at=ago(days=9),
                used_at=ago(hours=1),
            )
        ],
        "passkey_problem": SimpleNamespace(words="The password is not right.", at=FAR, name="Phone"),
        "browser": sessions.browser_in_words,
        "secret": secret,
        "picture": Markup(factors.picture(ADA, secret)),  # noqa: S704 (drawn here)
        "codes": ["abcd-efgh", "ijkl-mnop", "qrst-uvwx", "yz23-4567"],
    }


def _report() -> Report:
    report = Report(
        "export.xml",
        "old.example",
        ago(minutes=5),
        missing_media=["2013/01/pier.jpg"],
        unknown_shortcodes=Counter(gallery=3),
    )
    report.found("articles", 12)
    report.brought("articles", 11)
    report.skip("articles", "it has no address", 7, "Untitled")
    return report
