"""Inviting, changing and keeping out people; new passwords by mail; sessions; second factors."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.factories import make_account
from tests.staff import Staff
from webapp import clock
from webapp.database import db
from webapp.models import Account, Author, ModerationEntry, OutgoingMail, SecondFactor, StaffSession
from webapp.settings import setting

pytestmark = pytest.mark.both_databases
MINE = {"your_password": "correct horse"}


@pytest.fixture
def admin(signed_in: Callable[..., Staff]) -> Staff:
    one = signed_in("ada@desk.example", role="admin", name="Ada")
    one.get("/desk/people")
    return one


def mailed_link() -> str:
    mail = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    assert mail is not None
    found = re.search(r"https?://[^/\s]+(/welcome/\S+)", mail.text)
    assert found, mail.text
    return found[1]


def account(email: str) -> Account:
    db.session.expire_all()
    return db.session.scalars(select(Account).where(Account.email == email)).one()


def deeds() -> list[str]:
    return list(db.session.scalars(select(ModerationEntry.decision).order_by(ModerationEntry.id)))


def test_somebody_is_invited_joins_once_and_works(
    app: Flask, admin: Staff, open_browser: Callable[[], Staff]
) -> None:
    fields = {"email": "Kofi@Desk.example", "role": "author", "name": "Kofi", **MINE}
    assert admin.post("/desk/people", fields).status_code == 303
    assert "invited" in admin.get("/desk/people").text
    kofi, link = open_browser(), mailed_link()
    assert kofi.sign_in("kofi@desk.example", "").status_code == 422
    page = kofi.get(link)
    assert page.status_code == 200 and page.headers["Referrer-Policy"] == "no-referrer"
    weak = kofi.post(link, {"password": "short", "again": "short"})
    assert weak.status_code == 422 and "at least 10 characters" in weak.text
    other = kofi.post(link, {"password": "seven gulls", "again": "eight gulls"})
    assert other.status_code == 422 and "do not match" in other.text
    joined = kofi.post(link, {"password": "seven gulls on it", "again": "seven gulls on it"})
    assert joined.status_code == 303
    assert kofi.get("/desk/articles").status_code == 200
    assert open_browser().get(link).status_code == 410, "a link is good once"
    assert deeds() == ["invite", "join"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "nonsense"}, "no e-mail address"),
        ({"email": "a@b.example\nBcc: x@y.example"}, "no e-mail address"),
        ({"role": "owner"}, "Choose a role."),
        ({"email": "ADA@desk.example"}, "is here already"),
        ({"your_password": "wrong"}, "This is not your password."),
    ],
)
def test_a_bad_invitation_is_refused_and_stays_typed(
    admin: Staff, fields: dict[str, str], words: str
) -> None:
    typed = {"email": "kofi@desk.example", "role": "author", "name": "Kofi & Co", **MINE, **fields}
    answer = admin.post("/desk/people", typed)
    assert answer.status_code == 422 and words in answer.text and "Kofi &amp; Co" in answer.text
    assert db.session.scalar(select(OutgoingMail.id)) is None


def test_links_are_over_after_their_time_and_a_forged_one_is_none(
    app: Flask, admin: Staff, open_browser: Callable[[], Staff]
) -> None:
    admin.post("/desk/people", {"email": "kofi@desk.example", "role": "author", **MINE})
    link = mailed_link()
    reader = open_browser()
    for forged in (link[:-2], link + "x", "/welcome/x", "/welcome/" + "a" * 3000):
        assert reader.get(forged).status_code == 410
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert reader.get(link).status_code == 410
        assert (
            reader.post(link, {"password": "seven gulls on it", "again": "seven gulls on it"}).status_code
            == 410
        )
    admin.get(f"/desk/people/{account('kofi@desk.example').id}")
    again = admin.post(f"/desk/people/{account('kofi@desk.example').id}/invitation")
    assert again.status_code == 303
    assert reader.get(link).status_code == 410 and reader.get(mailed_link()).status_code == 200


def test_a_forgotten_password_is_set_anew_and_ends_every_session(
    app: Flask, signed_in: Callable[..., Staff], open_browser: Callable[[], Staff]
) -> None:
    thief = signed_in("ines@desk.example")
    reader = open_browser()
    known = reader.post("/sign-in/forgotten", {"email": "Ines@desk.example"})
    unknown = reader.post("/sign-in/forgotten", {"email": "nobody@desk.example"})
    assert known.status_code == unknown.status_code == 200
    assert re.sub(r"\s", "", known.text) == re.sub(r"\s", "", unknown.text), "nobody learns who works here"
    assert len(db.session.scalars(select(OutgoingMail)).all()) == 1
    link = mailed_link()
    reader.post(link, {"password": "new lamps for old", "again": "new lamps for old"})
    assert thief.get("/moderation").status_code == 302
    assert reader.get("/moderation").status_code == 200
    assert open_browser().sign_in("ines@desk.example").status_code == 422
    assert open_browser().sign_in("ines@desk.example", "new lamps for old").status_code == 303
    for _ in range(5):
        reader.post("/sign-in/forgotten", {"email": "ines@desk.example"})
    assert len(db.session.scalars(select(OutgoingMail)).all()) <= 3


def test_a_person_is_changed_kept_out_and_signs_articles(
    app: Flask, admin: Staff, signed_in: Callable[..., Staff]
) -> None:
    kofi = signed_in("kofi@desk.example", role="author", name="Kofi")
    number = account("kofi@desk.example").id
    admin.get(f"/desk/people/{number}")
    fields = {"name": "Kofi Mensah", "role": "editor", "author": "new", **MINE}
    assert admin.post(f"/desk/people/{number}", {**fields, "your_password": "no"}).status_code == 422
    assert admin.post(f"/desk/people/{number}", fields).status_code == 303
    assert db.session.scalars(select(Author).where(Author.account_id == number)).one().name == "Kofi"
    assert kofi.get("/desk/articles").status_code == 302, "a new role ends the session"
    assert (
        admin.post(f"/desk/people/{number}", {**fields, "author": "", "is_disabled": "1"}).status_code == 303
    )
    assert account("kofi@desk.example").is_disabled
    assert db.session.scalar(select(Author.account_id)) is None


def test_the_last_admin_stays(admin: Staff) -> None:
    number = account("ada@desk.example").id
    make_account("old@desk.example", role="admin", is_disabled=True)
    make_account("soon@desk.example", role="admin", password_hash="")
    for fields in ({"role": "editor"}, {"role": "admin", "is_disabled": "1"}):
        answer = admin.post(f"/desk/people/{number}", {"name": "Ada", **fields, **MINE})
        assert answer.status_code == 409 and "last admin" in answer.text
    assert admin.get("/desk/people").status_code == 200


def test_sessions_are_listed_and_ended(
    app: Flask, signed_in: Callable[..., Staff], open_browser: Any
) -> None:
    here = signed_in("ines@desk.example")
    there = open_browser()
    there.client.post(
        "/sign-in",
        data={"email": "ines@desk.example", "password": "correct horse"},
        headers={"User-Agent": "Phone <b>1</b>"},
    )
    page = here.get("/desk/account").text
    assert "Phone &lt;b&gt;1&lt;/b&gt;" in page and page.count("This browser") == 1
    key = re.search(r'name="key" value="([0-9a-f]+)"', page)
    assert key
    assert here.post("/desk/account/sessions-end", {"key": key[1]}).status_code == 303
    assert there.get("/moderation").status_code == 302 and here.get("/moderation").status_code == 200
    # The cookie's own number is kept nowhere, and somebody else's session cannot be ended.
    other = signed_in("teo@desk.example")
    other.get("/desk/account")
    mine = db.session.scalars(select(StaffSession.key)).all()
    for one in mine:
        other.post("/desk/account/sessions-end", {"key": one})
    assert here.get("/moderation").status_code == 200


def test_a_password_is_changed_with_the_old_one(signed_in: Callable[..., Staff], open_browser: Any) -> None:
    here, there = signed_in("ines@desk.example"), open_browser()
    there.sign_in("ines@desk.example")
    here.get("/desk/account")
    new = {"password": "new lamps for old", "again": "new lamps for old"}
    wrong = here.post("/desk/account/password", {**new, "your_password": "wrong"})
    assert wrong.status_code == 422 and "not your password" in wrong.text
    assert here.post("/desk/account/password", {**new, **MINE}).status_code == 303
    assert here.get("/moderation").status_code == 200 and there.get("/moderation").status_code == 302


def test_guessing_the_own_password_has_an_end(signed_in: Callable[..., Staff]) -> None:
    here = signed_in("ines@desk.example")
    here.get("/desk/account")
    for _ in range(8):
        here.post("/desk/account/password", {"your_password": "wrong"})
    answer = here.post("/desk/account/password", {"password": "x" * 12, "again": "x" * 12, **MINE})
    assert answer.status_code == 422 and "Too many tries" in answer.text


def _with_factor(here: Staff) -> tuple[pyotp.TOTP, list[str]]:
    page = here.get("/desk/account/factor").text
    secret = re.search(r'name="secret" value="([A-Z2-7]+)"', page)
    assert secret and "<svg" in page and "style=" not in page
    totp = pyotp.TOTP(secret[1])
    bad = here.post("/desk/account/factor", {"secret": secret[1], "code": "000000", **MINE})
    assert bad.status_code == 422 and secret[1] in bad.text
    done = here.post("/desk/account/factor", {"secret": secret[1], "code": totp.at(clock.now()), **MINE})
    assert done.status_code == 200, done.text
    return totp, re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", done.text)


def test_two_factors_from_set_up_to_recovery(
    app: Flask, signed_in: Callable[..., Staff], open_browser: Callable[[], Staff]
) -> None:
    with time_machine.travel("2026-12-04T10:00:05+00:00", tick=False) as traveller:
        here = signed_in("ines@desk.example")
        totp, codes = _with_factor(here)
        assert len(codes) == 10
        stored = db.session.scalars(select(SecondFactor)).one()
        assert not any(code in str(stored.codes) for code in codes)

        def second_step(code: str) -> Any:
            one = open_browser()
            page = one.sign_in("ines@desk.example")
            assert page.status_code == 200 and one.get("/moderation").status_code == 302
            token = re.search(r'name="token" value="([^"]+)"', page.text)
            assert token
            return one.client.post(
                "/sign-in/code", data={"token": token[1], "code": code, "next": "/moderation"}
            )

        assert second_step(totp.at(clock.now())).status_code == 422, "the code of the set-up is used up"
        traveller.shift(30)
        assert second_step(totp.at(clock.now())).status_code == 303
        assert second_step(totp.at(clock.now())).status_code == 422, "no code is good twice"
        assert second_step(codes[0].upper()).status_code == 303
        assert second_step(codes[0]).status_code == 422
        assert second_step("").status_code == 422
        # Turning it off takes password and code.
        traveller.shift(30)
        off = {"your_password": "correct horse"}
        assert here.post("/desk/account/factor/end", off).status_code == 422
        assert (
            here.post("/desk/account/factor/end", {**off, "your_code": totp.at(clock.now())}).status_code
            == 303
        )
        assert open_browser().sign_in("ines@desk.example").status_code == 303
    assert deeds() == ["factor-on", "code-used", "factor-off"]


def test_guessing_codes_has_an_end_and_the_step_is_over_after_ten_minutes(
    app: Flask, signed_in: Callable[..., Staff], open_browser: Callable[[], Staff]
) -> None:
    _totp, codes = _with_factor(signed_in("ines@desk.example"))
    one = open_browser()
    page = one.sign_in("ines@desk.example")
    token = re.search(r'name="token" value="([^"]+)"', page.text)
    assert token
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        late = one.client.post("/sign-in/code", data={"token": token[1], "code": codes[0]})
        assert late.status_code == 410
    for _ in range(5):
        assert one.client.post("/sign-in/code", data={"token": token[1], "code": "123456"}).status_code == 422
    last = one.client.post("/sign-in/code", data={"token": token[1], "code": codes[1]})
    assert last.status_code == 429


def test_an_admin_switches_a_colleagues_factor_off(admin: Staff, signed_in: Callable[..., Staff]) -> None:
    _with_factor(signed_in("ines@desk.example"))
    number = account("ines@desk.example").id
    admin.get(f"/desk/people/{number}")
    assert admin.post(f"/desk/people/{number}/factor-end", {"your_password": "x"}).status_code == 422
    assert admin.post(f"/desk/people/{number}/factor-end", MINE).status_code == 303
    assert db.session.scalar(select(SecondFactor.account_id)) is None


def test_the_sites_settings_are_changed_live(app: Flask, signed_in: Callable[..., Staff]) -> None:
    editor = signed_in("vera@desk.example", role="editor")
    editor.get("/desk/site")
    from webapp.publishing.site_pages import NAMES

    fields = {name: str(setting(name)) for name in NAMES}
    bad = editor.post("/desk/site", {**fields, "TIME_ZONE": "Mars/Base", "SITE_TITLE": "The <Tide>"})
    assert bad.status_code == 422 and "The &lt;Tide&gt;" in bad.text
    assert editor.post("/desk/site", {**fields, "SITE_TITLE": "The <Tide>"}).status_code == 303
    assert "The &lt;Tide&gt;" in editor.get("/").text
    assert deeds() == ["setting"]
