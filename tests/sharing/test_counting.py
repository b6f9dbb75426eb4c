"""Views and shares: counted once for a reader in a window, never for programs, exact under concurrency."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, func, select

from tests.factories import at, make_account, make_article
from webapp import clock
from webapp.database import db, transaction
from webapp.models import Status, TallyDay, TallyHour
from webapp.sharing import actions, queries

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def view(
    client: FlaskClient, article_id: int, address: str = "192.0.2.1", agent: str = FIREFOX, **headers: str
):
    environ = {"REMOTE_ADDR": address}
    return client.post(
        f"/articles/{article_id}/views", headers={"User-Agent": agent, **headers}, environ_base=environ
    )


def share(client: FlaskClient, article_id: int, network: str, address: str = "192.0.2.1", **headers: str):
    return client.post(
        f"/articles/{article_id}/shares",
        data={"network": network},
        headers={"User-Agent": FIREFOX, **headers},
        environ_base={"REMOTE_ADDR": address},
    )


def shown(response) -> tuple[int, int]:
    text = response.get_data(as_text=True)
    found = re.search(r'id="_counters"[^>]*data-view-count="(\d+)" data-share-count="(\d+)"', text)
    assert found, text
    return int(found[1]), int(found[2])


@pytest.mark.both_databases
def test_a_view_counts_once_in_a_window_of_thirty_minutes(client: FlaskClient) -> None:
    article = make_article()
    start = at("2026-12-04T09:00+00:00")
    with time_machine.travel(start, tick=False) as now:
        assert shown(view(client, article.id)) == (1, 0)
        now.shift(timedelta(minutes=29, seconds=59))
        assert shown(view(client, article.id)) == (1, 0)
        now.shift(timedelta(seconds=2))
        assert shown(view(client, article.id)) == (2, 0)


@pytest.mark.usefixtures("everything_waits_for_the_disk")
def test_shares_wait_for_the_disk_and_views_do_not(client: FlaskClient) -> None:
    article = make_article()
    levels: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("PRAGMA synchronous"):
            levels.append(statement.rpartition(" ")[2])

    event.listen(db.engine, "before_cursor_execute", note)
    # The first count of a day has more to do.
    view(client, article.id)
    assert levels[-1] == "NORMAL"
    levels.clear()
    view(client, article.id, address="192.0.2.9")
    share(client, article.id, "x")
    assert levels == ["NORMAL", "FULL"]


@pytest.mark.both_databases
def test_a_view_is_there_after_a_commit_that_did_not_wait(client: FlaskClient) -> None:
    article = make_article()
    view(client, article.id)
    other = create_engine(db.engine.url)
    with other.connect() as connection:
        found = connection.execute(select(TallyHour.count).where(TallyHour.article_id == article.id))
        assert found.scalars().all() == [1]
    other.dispose()


def test_another_reader_or_another_article_is_another_view(client: FlaskClient) -> None:
    first, second = make_article(), make_article()
    view(client, first.id)
    assert shown(view(client, first.id, address="192.0.2.2")) == (2, 0)
    assert shown(view(client, first.id, agent=FIREFOX + " Other/1")) == (3, 0)
    assert shown(view(client, second.id)) == (1, 0)


@pytest.mark.parametrize(
    ("agent", "headers"),
    [
        ("", {}),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", {}),
        ("curl/8.0", {}),
        ("facebookexternalhit/1.1", {}),
        (FIREFOX, {"Sec-Purpose": "prefetch;prerender"}),
        (FIREFOX, {"Purpose": "prefetch"}),
    ],
)
def test_programs_previews_and_prefetches_are_answered_but_not_counted(
    client: FlaskClient, agent: str, headers: dict[str, str]
) -> None:
    article = make_article()
    response = view(client, article.id, agent=agent, **headers)
    assert response.status_code == 200
    assert shown(response) == (0, 0)


def test_reading_a_page_or_asking_for_its_head_counts_nothing(client: FlaskClient) -> None:
    article = make_article()
    client.get(article.permalink, headers={"User-Agent": FIREFOX})
    client.head(article.permalink, headers={"User-Agent": FIREFOX})
    client.get(f"/_fragments/counters/{article.id}", headers={"User-Agent": FIREFOX})
    assert queries.totals(article.id).view_count == 0


def test_signed_in_staff_are_not_counted(client: FlaskClient) -> None:
    article = make_article()
    make_account("ines@desk.example")
    client.post("/sign-in", data={"email": "ines@desk.example", "password": "correct horse"})
    assert shown(view(client, article.id)) == (0, 0)
    share(client, article.id, "x")
    assert queries.totals(article.id).share_count == 0


def test_a_forged_forwarding_header_makes_no_new_reader(client: FlaskClient) -> None:
    article = make_article()
    for number in range(5):
        response = view(client, article.id, **{"X-Forwarded-For": f"198.51.100.{number}"})
    assert shown(response) == (1, 0)


@pytest.mark.parametrize("status", [Status.draft, Status.private, Status.trashed, Status.unpublished])
def test_what_readers_cannot_see_cannot_be_counted(client: FlaskClient, status: Status) -> None:
    article = make_article(status=status)
    assert view(client, article.id).status_code == 404
    assert share(client, article.id, "x").status_code == 404
    assert view(client, 999_999).status_code == 404
    assert share(client, 999_999, "x").status_code == 404


def test_a_share_counts_once_per_network_and_leads_on(client: FlaskClient) -> None:
    article = make_article("Tides & clocks", permalink="/tides/")
    response = share(client, article.id, "facebook")
    assert response.status_code == 303
    assert (
        response.location == "https://www.facebook.com/sharer/sharer.php?u=http%3A%2F%2Flocalhost%2Ftides%2F"
    )
    share(client, article.id, "facebook")
    share(client, article.id, "reddit")
    assert queries.shares_by_network(article.id) == {"facebook": 1, "reddit": 1}
    assert queries.totals(article.id).share_count == 2


def test_with_htmx_a_share_answers_the_counters(client: FlaskClient) -> None:
    article = make_article()
    response = share(client, article.id, "copy", **{"HX-Request": "true"})
    assert response.status_code == 200
    assert shown(response) == (0, 1)
    assert 'hx-target="#_share_block"' in response.get_data(as_text=True)


@pytest.mark.parametrize("network", ["", "myspace", "X", "facebook\x00", "x" * 5000])
def test_an_unknown_network_is_refused_and_not_counted(client: FlaskClient, network: str) -> None:
    article = make_article()
    assert share(client, article.id, network).status_code == 422
    assert queries.totals(article.id).share_count == 0


def test_sharing_to_mastodon_asks_for_the_server_first(client: FlaskClient) -> None:
    article = make_article("Tides", permalink="/tides/")
    asked = share(client, article.id, "mastodon")
    assert asked.status_code == 303
    assert asked.location == f"/articles/{article.id}/shares/mastodon"
    assert "Your server" in client.get(asked.location).text
    assert queries.totals(article.id).share_count == 0

    data = {"network": "mastodon", "server": "http://bad"}
    refused = client.post(f"/articles/{article.id}/shares", data=data, headers={"User-Agent": FIREFOX})
    assert refused.status_code == 422
    assert 'value="http://bad"' in refused.text

    data["server"] = "tide.example"
    done = client.post(f"/articles/{article.id}/shares", data=data, headers={"User-Agent": FIREFOX})
    assert "https://tide.example/share?text=Tides%20http" in done.text
    assert queries.shares_by_network(article.id) == {"mastodon": 1}


def test_the_policy_lets_the_share_form_lead_to_each_network(client: FlaskClient) -> None:
    article = make_article()
    policy = client.get("/how-we-count").headers["Content-Security-Policy"]
    allowed = re.search(r"form-action ([^;]+)", policy)[1].split()
    for network in (
        "facebook",
        "x",
        "linkedin",
        "reddit",
        "whatsapp",
        "telegram",
        "bluesky",
        "threads",
        "pinterest",
    ):
        target = share(client, article.id, network).location
        assert any(target.startswith(origin + "/") for origin in allowed), network
    assert "mailto:" in allowed


@pytest.mark.both_databases
def test_fifty_parallel_readers_lose_no_view(app: Flask) -> None:
    article_id = make_article().id

    def read(number: int) -> int:
        return view(app.test_client(), article_id, address=f"192.0.2.{number}").status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(read, range(50))) == {200}
    db.session.rollback()
    assert queries.totals(article_id).view_count == 50
    assert db.session.scalar(select(func.sum(TallyHour.count))) == 50


@pytest.mark.both_databases
def test_the_same_readers_at_once_on_several_machines_are_counted_once(app: Flask) -> None:
    """Nothing but the database is between them here."""
    article_id = make_article().id

    def read(number: int) -> int:
        return view(app.test_client(), article_id, address=f"192.0.2.{number // 8}").status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(read, range(80))) == {200}
    db.session.rollback()
    assert queries.totals(article_id).view_count == 10


@pytest.mark.both_databases
def test_one_reader_clicking_at_once_from_many_tabs_is_one_share(app: Flask) -> None:
    article_id = make_article().id
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: share(app.test_client(), article_id, "x").status_code, range(24)))
    db.session.rollback()
    assert queries.totals(article_id).share_count == 1


@pytest.mark.both_databases
def test_old_hours_become_days_and_no_count_is_lost(app: Flask) -> None:
    article = make_article()
    now = clock.now()
    with transaction():
        for days in (0, 10, 30, 32, 40, 41):
            actions.add(article.id, "x", clock.hour_of(now - timedelta(days=days)), 3)
            actions.add(article.id, "view", clock.hour_of(now - timedelta(days=days, hours=1)), 5)
    before = queries.shares_by_network(article.id)
    assert actions.fold_hours_into_days() >= 6
    assert actions.fold_hours_into_days() == 0
    assert queries.shares_by_network(article.id) == before == {"x": 18}
    days = db.session.scalar(select(func.sum(TallyDay.count)).where(TallyDay.metric == "view"))
    hours = db.session.scalar(select(func.sum(TallyHour.count)).where(TallyHour.metric == "view"))
    assert days + hours == 30
    assert days >= 15


def test_the_first_count_of_a_day_folds_by_itself(client: FlaskClient) -> None:
    article = make_article()
    with transaction():
        actions.add(article.id, "view", clock.hour_of(clock.now() - timedelta(days=40)), 7)
    view(client, article.id)
    assert db.session.scalar(select(func.sum(TallyDay.count))) == 7
