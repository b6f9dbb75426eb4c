"""What a process remembers of the site is true: whoever writes what readers may notice ends it for everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from tests.conftest import Browser
from tests.factories import make_article, make_category
from tests.statements import counted
from webapp import clock, create_app, generation, settings
from webapp.database import db, transaction
from webapp.models import Menu, MenuItem, Status


@pytest.fixture
def visitor(client: Browser) -> Browser:
    client.remembers = True
    return client


def test_settings_menus_and_sections_are_read_once(visitor: Browser) -> None:
    make_category("Sea")
    visitor.get("/about-nothing")
    with counted() as statements:
        visitor.get("/about-nothing")
    read = [one for one in statements if "site_setting" in one or "FROM menu" in one or "is_on_front" in one]
    assert read == []


def test_a_change_by_another_process_is_seen_at_once(visitor: Browser, environment: dict[str, str]) -> None:
    assert "<title>Search – Standfirst</title>" in visitor.get("/search").text
    other = create_app(environment)
    with other.app_context():
        settings.store({"SITE_TITLE": "The Other Paper"})
    assert "<title>Search – The Other Paper</title>" in visitor.get("/search").text


def test_what_was_read_before_a_change_is_not_kept_after_it(app: Flask) -> None:
    def read() -> str:
        generation.advance()  # Somebody writes in between.
        return "old"

    assert generation.remembered("this", read) == "old"
    assert generation.remembered("this", lambda: "new") == "new"
    assert generation.remembered("this", lambda: "newer") == "new"


def test_where_nobody_can_tell_nothing_is_remembered(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.extensions[generation.EXTENSION].__class__, "current", lambda _self: None)
    assert generation.remembered("this", lambda: "one") == "one"
    assert generation.remembered("this", lambda: "two") == "two"


def test_a_menu_shows_an_article_from_its_moment_on(visitor: Browser) -> None:
    soon = make_article(
        "Opening night", status=Status.scheduled, published_at=clock.now() + timedelta(hours=1)
    )
    with transaction():
        menu = Menu(name="Main", slug="main", location="main")
        db.session.add(menu)
        db.session.flush()
        db.session.add(MenuItem(menu_id=menu.id, article_id=soon.id, position=0))
    assert "Opening night" not in visitor.get("/search").text
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        assert "Opening night" in visitor.get("/search").text
    with transaction():
        soon.status = Status.unpublished
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        assert "Opening night" not in visitor.get("/search").text
