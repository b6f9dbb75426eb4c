"""What staff do to things that are no comments stands in the log as well; lists are narrowed by what stands in them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.factories import make_article, make_comment
from tests.staff import Staff
from webapp import clock
from webapp.database import db, transaction
from webapp.models import ModerationEntry, Restriction
from webapp.moderating import chain

pytestmark = pytest.mark.both_databases


def _offered(page: str, name: str) -> dict[str, str]:
    select = re.search(rf'<select name="{name}">(.*?)</select>', page, re.S)
    assert select, f"no choice of {name}"
    return dict(re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)', select[1]))


def test_closing_a_discussion_and_switches_are_logged(ines: Staff) -> None:
    article = make_article("Tides")
    closing = f"/moderation/articles/{article.id}/closing"
    ines.post(closing)
    ines.post(closing)
    switch = {"scope": "site", "holds_all": "1", "slow": "0", "lasts": "3", "note": "Gale"}
    ines.post("/moderation/switches", switch)
    ines.post(f"/moderation/switches/{db.session.scalars(db.select(Restriction.id)).one()}/end")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", ines.get("/moderation/log").text))
    said = [
        "Ines switched off: Every comment waits on the whole site",
        "Ines switched on: Every comment waits on the whole site",
        "Ines opened the discussion again of “Tides”.",
        "Ines closed the discussion of “Tides”.",
    ]
    places = [text.find(words) for words in said]
    assert -1 not in places and places == sorted(places), text
    assert "Gale" in text


def test_what_a_deed_was_about_is_under_the_chain(ines: Staff) -> None:
    ines.post(f"/moderation/articles/{make_article().id}/closing")
    assert chain.verify().broken_at is None
    with transaction():
        db.session.execute(update(ModerationEntry).values(subject="article:999"))
    assert chain.verify().broken_at is not None


def test_a_deed_counts_in_nobodys_own_list(ines: Staff) -> None:
    ines.post(f"/moderation/articles/{make_article().id}/closing")
    page = ines.get("/moderation?status=mine").text
    assert re.search(r"Mine\s*<[^>]+>\s*0\s*<", page), "a closing is no decision on a comment"


def test_a_list_offers_the_articles_of_what_stands_in_it(ines: Staff) -> None:
    first, second, calm = make_article("Tides"), make_article("Kelp"), make_article("Wind")
    make_comment(first, status="held", name="Aino")
    make_comment(second, status="held", name="Björk")
    make_comment(calm, status="approved", created_at=clock.now() - timedelta(days=1))
    page = ines.get("/moderation").text
    assert _offered(page, "article") == {"": "any", str(second.id): "Kelp", str(first.id): "Tides"}
    narrowed = ines.get(f"/moderation?article={first.id}").text
    assert "Aino" in narrowed and "Björk" not in narrowed
    elsewhere = ines.get(f"/moderation?status=approved&article={first.id}").text
    assert set(_offered(elsewhere, "article").values()) == {"any", "Wind", "Tides"}, "what is chosen stays"
    assert "Wind" not in ines.get("/moderation?status=mine").text


def test_a_rule_is_chosen_by_its_name_the_plugs_too(ines: Staff, client: FlaskClient) -> None:
    article = make_article()
    for rule in ("akismet", "work", "links"):
        verdict = {"rule": rule, "status": "held", "reason": "It waits."}
        make_comment(article, status="held", name=f"By {rule}", verdicts=[verdict])
    rules = _offered(ines.get("/moderation").text, "rule")
    assert {"akismet": "Akismet", "work": "Proof of work", "links": "Links"}.items() <= rules.items()
    narrowed = ines.get("/moderation?rule=akismet").text
    assert "By akismet" in narrowed and "By work" not in narrowed and "By links" not in narrowed
