"""What decisions teach: how good the order is, on made-up and on real comments."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from flask import Flask

from tests.factories import make_account, make_article, make_comment
from webapp.database import db
from webapp.models import Comment, CommentStatus, Lesson
from webapp.moderating.actions import Decision, decide
from webapp.moderating.bayes import Model, band, measured
from webapp.moderating.learning import learn, lesson

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "spam-comments.csv"
FINE = "the tram was late again because of ice number {}"
SPAM = "check my channel and win a free prize at https://bonus.example/{}"


def test_a_model_of_few_decisions_says_nothing() -> None:
    assert Model.learnt([(FINE.format(1), False)] * 50).score("free prize") is None
    assert band(None) == 1


def test_it_tells_apart_what_was_decided_and_keeps_that_as_json() -> None:
    decisions = [(FINE.format(n), False) for n in range(30)] + [(SPAM.format(n), True) for n in range(30)]
    model = Model.from_json(Model.learnt(decisions).as_json())
    assert band(model.score("win a free prize")) == 2
    assert band(model.score("the tram was late")) == 0
    assert model.score("") is not None
    assert 0 <= (model.score("prize " * 100_000) or 0) <= 1


@pytest.mark.skipif(not REAL.exists(), reason="the labelled comments are not on this machine")
def test_real_comments_of_another_video() -> None:
    with REAL.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    last = max(row["video"] for row in rows)
    seen = [(row["text"], row["spam"] == "1") for row in rows if row["video"] != last]
    unseen = [(row["text"], row["spam"] == "1") for row in rows if row["video"] == last]
    quality = measured(Model.learnt(seen), unseen)
    assert (quality.precision or 0) > 0.85
    assert (quality.recall or 0) > 0.9


@pytest.mark.both_databases
def test_the_queue_learns_from_decisions(app: Flask) -> None:
    article, account = make_article(), make_account("ines@desk.example")
    for number in range(35):
        fine = make_comment(article, FINE.format(number), status=CommentStatus.held)
        junk = make_comment(article, SPAM.format(number), status=CommentStatus.held)
        decide([fine.id], Decision.approval, by=account)
        decide([junk.id], Decision.spam, by=account)
    waiting = make_comment(article, "win a free prize", status=CommentStatus.held)
    assert learn() == 70
    assert learn() == 0, "nothing new"
    db.session.expire_all()
    assert db.session.get_one(Comment, waiting.id).band == 2
    known = lesson()
    assert isinstance(known, Lesson)
    assert known.quality["tested"] == 24
    assert known.quality["precision"] == 1.0
