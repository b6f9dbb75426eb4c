"""The numbers: for the newsroom with a chart and tables, and month by month for everybody."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.commenting.talk import send, stored
from tests.factories import make_article
from tests.staff import Staff
from webapp import clock
from webapp.settings import store


@pytest.mark.both_databases
def test_the_newsroom_reads_what_became_of_comments(app: Flask, client: FlaskClient, ines: Staff) -> None:
    article = make_article("Heat from the fjord")
    for body in ("One.", "Two.", "See https://a.example and https://b.example"):
        send(client, article, body=body)
    first, second, third = stored(article)
    with time_machine.travel(clock.now() + timedelta(minutes=10)):
        ines.decide(first, "approval")
        ines.decide(second, "trash")
        ines.decide(third, "spam")
        page = " ".join(re.sub(r"<[^>]+>", " ", ines.get("/moderation/numbers?days=7").text).split())
    assert "3 comments came, 1 were approved and 2 rejected by hand." in page
    assert "Half of what waited was decided within 10 minutes." in page
    assert "First comment 3" in page
    assert "Links 1" in page
    assert "Ines 1 2" in page
    assert "Heat from the fjord 3 2" in page


def test_the_chart_is_a_picture_of_the_same_numbers(ines: Staff) -> None:
    for theme in ("", "&theme=dark"):
        answer = ines.get(f"/moderation/numbers.svg?days=30{theme}")
        assert answer.mimetype == "image/svg+xml"
        assert "<script" not in answer.text
        assert not re.search(r'(href|src)="http', answer.text)
        assert ET.fromstring(answer.text).tag.endswith("svg")
    assert ines.get("/moderation/numbers?days=31").status_code == 404


def test_readers_see_the_months_and_no_names(app: Flask, client: FlaskClient, ines: Staff) -> None:
    store({"DISALLOWED_WORDS": ["casino"]})
    article = make_article()
    send(client, article, body="A word.")
    send(client, article, body="A casino bonus.")
    ines.decide(stored(article)[0], "approval")
    page = client.get("/how-we-moderate")
    assert page.status_code == 200
    cells = re.findall(r"<td>(\d+)</td>", page.text)
    assert cells == ["2", "1", "1", "1", "0", "0", "0"]
    assert "Ines" not in page.text
    assert "Lena" not in page.text


def test_a_month_begins_where_the_last_one_ends(app: Flask, client: FlaskClient) -> None:
    article = make_article(published_at=datetime(2026, 1, 1, tzinfo=UTC))
    for moment in (datetime(2026, 2, 28, 23, 59, tzinfo=UTC), datetime(2026, 3, 1, 0, 0, tzinfo=UTC)):
        with time_machine.travel(moment):
            send(client, article, body=f"At {moment}.")
    with time_machine.travel(datetime(2026, 3, 15, tzinfo=UTC)):
        page = client.get("/how-we-moderate").text
    rows = re.findall(r'<th scope="row">(\w+ \d+)</th><td>(\d+)</td>', page)
    assert rows == [("March 2026", "1"), ("February 2026", "1")]
