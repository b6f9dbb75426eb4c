"""Passkeys: made, used to sign in, as the second step and to confirm, removed; and every answer that opens nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from tests.people.authenticator import PRESENT, Authenticator, to_bytes, to_text
from tests.staff import Staff
from webapp import clock
from webapp.cli import cli
from webapp.database import db, transaction
from webapp.models import Account, ModerationEntry, Passkey, SecondFactor
from webapp.people import passkeys

pytestmark = pytest.mark.both_databases
MINE = {"your_password": "correct horse"}
HERE = "/desk/account/passkeys"
Open = Callable[[], Staff]


def deeds() -> list[str]:
    return list(db.session.scalars(select(ModerationEntry.decision).order_by(ModerationEntry.id)))


def kept() -> list[Passkey]:
    db.session.expire_all()
    return list(db.session.scalars(select(Passkey).order_by(Passkey.id)))


def asked_for_new(here: Staff, name: str = "My phone", **fields: str) -> dict[str, Any]:
    here.get("/desk/account")
    answer = here.post(HERE + "/new", {"name": name, **MINE, **fields})
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    return answer.json["publicKey"]


def hands_in(here: Staff, made: dict[str, Any], name: str = "My phone") -> Any:
    return here.post(HERE, {"name": name, "passkey": json.dumps(made)})


def with_passkey(here: Staff, name: str = "My phone", **claims: Any) -> Authenticator:
    phone = Authenticator(**claims)
    assert hands_in(here, phone.makes(asked_for_new(here, name)), name).status_code == 303
    return phone


def asked(one: Staff, path: str = "/sign-in/passkey/question", **fields: str) -> dict[str, Any]:
    answer = one.post(path, fields)
    assert answer.status_code == 200 and answer.json is not None, answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.json["publicKey"]


def signs_in(one: Staff, said: Any, **fields: str) -> Any:
    text = said if isinstance(said, str) else json.dumps(said)
    return one.client.post("/sign-in/passkey", data={"passkey": text, **fields})


def is_in(one: Staff) -> bool:
    return one.get("/moderation").status_code == 200


def test_a_passkey_is_made_named_used_and_removed(ines: Staff, open_browser: Open) -> None:
    options = asked_for_new(ines)
    assert options["rp"]["id"] == "localhost" and options["excludeCredentials"] == []
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    handle = to_bytes(options["user"]["id"])
    assert len(handle) == 32 and b"ines" not in handle
    phone = Authenticator()
    assert hands_in(ines, phone.makes(options), "My <b>phone</b>").status_code == 303
    page = ines.get("/desk/account").text
    assert "The passkey is added." in page and "My &lt;b&gt;" in page and "not used yet" in page
    assert kept()[0].transports == ["hybrid", "internal"]

    one = open_browser()
    options = asked(one, path="/sign-in/passkey/question")
    assert options["allowCredentials"] == [] and options["userVerification"] == "required"
    answer = signs_in(one, phone.signs(options), next="/desk/account")
    assert (answer.status_code, answer.location) == (303, "/desk/account")
    page = one.get("/desk/account").text
    assert "not used yet" not in page and "Your password alone lets you in as well" in page
    account = db.session.scalars(select(Account)).one()
    assert kept()[0].sign_count == 1 and kept()[0].used_at and account.signed_in_at

    number = kept()[0].id
    assert one.post(f"{HERE}/{number}/name", {"name": "Old phone"}).status_code == 303
    assert kept()[0].name == "Old phone" and "Old phone" in one.get("/desk/account").text
    assert one.post(f"{HERE}/{number}/removal", {"your_password": "no"}).status_code == 422
    assert one.post(f"{HERE}/{number}/removal", MINE).status_code == 303
    assert kept() == []
    other = open_browser()
    gone = signs_in(other, phone.signs(asked(other)))
    assert gone.status_code == 422 and "opens nothing here" in gone.text and not is_in(other)
    assert deeds() == ["passkey-on", "passkey-named", "passkey-off"]


def test_who_adds_one_is_asked_again_and_names_it(ines: Staff) -> None:
    ines.get("/desk/account")
    for fields, words in (
        ({"name": "Phone", "your_password": "wrong"}, "not your password"),
        ({"name": " ", **MINE}, "Give it a name"),
        ({"name": "x" * 81, **MINE}, "at most 80 characters"),
    ):
        answer = ines.post(HERE + "/new", fields)
        assert answer.status_code == 422 and answer.json and words in answer.json["problem"]
    made = Authenticator().makes(asked_for_new(ines, "x" * 80))
    long = hands_in(ines, made, "y" * 81)
    assert long.status_code == 422 and "at most 80" in long.text and "y" * 81 in long.text
    assert kept() == []
    number = with_passkey(ines, "x" * 80) and kept()[0].id
    for name in ("", "z" * 81):
        assert ines.post(f"{HERE}/{number}/name", {"name": name}).status_code == 422
    assert kept()[0].name == "x" * 80


@pytest.mark.parametrize(
    "claims",
    [
        {"origin": "https://localhost.evil.example"},
        {"origin": "http://localhost:8000"},
        {"origin": "https://localhost"},
        {"rp_id": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
    ],
    ids=str,
)
def test_nothing_is_made_or_opened_for_another_place_or_by_nobody(
    ines: Staff, open_browser: Open, claims: dict[str, Any]
) -> None:
    answer = hands_in(ines, Authenticator(**claims).makes(asked_for_new(ines)))
    assert answer.status_code == 422 and "no passkey for this site" in answer.text and kept() == []
    phone = with_passkey(ines)
    for name, value in claims.items():
        setattr(phone, name, value)
    one = open_browser()
    assert signs_in(one, phone.signs(asked(one))).status_code == 422 and not is_in(one)
    assert kept()[0].sign_count == 0


def test_a_host_header_decides_nothing(ines: Staff) -> None:
    ines.get("/desk/account")
    answer = ines.client.post(
        HERE + "/new",
        data={"csrf_token": ines.token, "name": "x", **MINE},
        headers={"X-Forwarded-Host": "evil.example"},
    )
    assert answer.json and answer.json["publicKey"]["rp"]["id"] == "localhost"


def test_a_question_is_answered_once_even_with_a_copy_of_the_cookie(ines: Staff, open_browser: Open) -> None:
    phone, one, thief = with_passkey(ines), open_browser(), open_browser()
    said = phone.signs(asked(one))
    cookie = one.client.get_cookie("standfirst_session")
    assert cookie is not None
    assert signs_in(one, said).status_code == 303
    replayed = signs_in(one, said)
    assert replayed.status_code == 422 and "answered already" in replayed.text
    thief.client.set_cookie("standfirst_session", cookie.value)
    assert signs_in(thief, said).status_code == 422 and not is_in(thief)
    # A later answer to the same question is none, either.
    thief.client.set_cookie("standfirst_session", cookie.value)
    challenge = to_text(json.loads(to_bytes(said["response"]["clientDataJSON"]))["challenge"].encode())
    again = phone.signs({"challenge": to_bytes(challenge).decode()})
    assert signs_in(thief, again).status_code == 422 and not is_in(thief)


def test_a_question_of_another_browser_or_for_something_else_is_none(ines: Staff, open_browser: Open) -> None:
    phone, one, other = with_passkey(ines), open_browser(), open_browser()
    said = phone.signs(asked(one))
    assert signs_in(other, said).status_code == 422, "it was never asked"
    asked(other)
    assert signs_in(other, said).status_code == 422, "it was asked something else"
    confirming = phone.signs(asked(ines, HERE + "/question"))
    assert signs_in(ines, confirming).status_code == 422, "confirming is not signing in"
    made_up = phone.signs({"challenge": to_text(b"x" * 32)})
    assert signs_in(other, made_up).status_code == 422 and not is_in(other)


def test_a_question_is_over_after_five_minutes(ines: Staff, open_browser: Open) -> None:
    with time_machine.travel("2026-12-04T10:00:05+00:00", tick=False) as traveller:
        ines.sign_in("ines@desk.example")
        phone, one = with_passkey(ines), open_browser()
        said = phone.signs(asked(one))
        made = Authenticator().makes(asked_for_new(ines))
        traveller.shift(301)
        late = signs_in(one, said)
        assert late.status_code == 422 and "too long" in late.text and not is_in(one)
        assert hands_in(ines, made).status_code == 422 and len(kept()) == 1
        said = phone.signs(asked(one))
        traveller.shift(299)
        assert signs_in(one, said).status_code == 303


def test_a_counter_that_does_not_go_up_is_refused_and_logged(ines: Staff, open_browser: Open) -> None:
    phone = with_passkey(ines, counter=5)
    one = open_browser()
    assert signs_in(one, phone.signs(asked(one))).status_code == 303 and kept()[0].sign_count == 6
    for counter in (5, 2, -1):
        phone.counter, copied = counter, open_browser()
        answer = signs_in(copied, phone.signs(asked(copied)))
        assert answer.status_code == 422 and "counter did not go up" in answer.text and not is_in(copied)
    assert kept()[0].sign_count == 6 and deeds() == ["passkey-on", *["passkey-behind"] * 3]
    editor_log = ines.get("/moderation/log").text
    assert "may have been copied" in editor_log


def test_an_authenticator_without_a_counter_is_good(ines: Staff, open_browser: Open) -> None:
    phone = with_passkey(ines, step=0)
    for _ in range(2):
        one = open_browser()
        assert signs_in(one, phone.signs(asked(one))).status_code == 303
    assert deeds() == ["passkey-on"]


def test_a_disabled_account_stays_out(ines: Staff, open_browser: Open) -> None:
    phone, one = with_passkey(ines), open_browser()
    said = phone.signs(asked(one))
    with transaction():
        db.session.scalars(select(Account)).one().is_disabled = True
    answer = signs_in(one, said)
    assert answer.status_code == 422 and not is_in(one) and kept()[0].sign_count == 0


def test_a_passkey_opens_its_own_account_alone(
    ines: Staff, signed_in: Callable[..., Staff], open_browser: Open
) -> None:
    teo = signed_in("teo@desk.example")
    hers, his = with_passkey(ines), with_passkey(teo)
    # Somebody else's name for it, and somebody else's handle.
    one = open_browser()
    said = his.signs(asked(one))
    number = to_text(hers.credential)
    assert signs_in(one, said | {"id": number, "rawId": number}).status_code == 422 and not is_in(one)
    his.handle, own = hers.handle, his.handle
    assert signs_in(one, his.signs(asked(one))).status_code == 422 and not is_in(one)
    his.handle = ""
    assert signs_in(one, his.signs(asked(one))).status_code == 422 and not is_in(one)
    his.handle = own
    # It confirms nothing of hers, and neither renames nor removes anything.
    ines.get("/desk/account")
    other = json.dumps(his.signs(asked(ines, HERE + "/question", csrf_token=ines.token)))
    number = kept()[0].id
    refused = ines.post(f"{HERE}/{number}/removal", {"your_passkey": other})
    assert refused.status_code == 422 and "Nothing was changed." in refused.text
    teo.get("/desk/account")
    assert teo.post(f"{HERE}/{number}/removal", MINE).status_code == 404
    assert teo.post(f"{HERE}/{number}/name", {"name": "Mine"}).status_code == 404
    assert [one.name for one in kept()] == ["My phone", "My phone"]
    # What she was asked to make is not made for him.
    options = asked_for_new(ines)
    assert hands_in(teo, Authenticator().makes(options)).status_code == 422 and len(kept()) == 2


def test_a_credential_is_kept_once(ines: Staff, signed_in: Callable[..., Staff]) -> None:
    phone = with_passkey(ines)
    options = asked_for_new(ines)
    assert [one["id"] for one in options["excludeCredentials"]] == [to_text(phone.credential)]
    assert options["user"]["id"] == phone.handle, "an account is known by one handle"
    twice = hands_in(ines, phone.makes(options))
    assert twice.status_code == 422 and "is here already" in twice.text
    teo = signed_in("teo@desk.example")
    assert hands_in(teo, phone.makes(asked_for_new(teo))).status_code == 422
    assert len(kept()) == 1 and deeds() == ["passkey-on"]


def test_there_is_an_end_to_how_many(ines: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passkeys, "MOST", 1)
    with_passkey(ines)
    answer = hands_in(ines, Authenticator().makes(asked_for_new(ines)))
    assert answer.status_code == 422 and "Remove one first" in answer.text


BAD = [
    "",
    "{",
    "null",
    "[]",
    "7",
    '"x"',
    "{}",
    '{"response": 3}',
    '{"response": {}}',
    "[" * 70_000,
    "x" * 70_000,
]


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:10] or "empty")
def test_what_is_no_json_of_a_passkey_opens_nothing(ines: Staff, open_browser: Open, text: str) -> None:
    one = open_browser()
    asked(one)
    assert signs_in(one, text).status_code == 422 and not is_in(one)
    asked_for_new(ines)
    assert ines.post(HERE, {"name": "x", "passkey": text}).status_code == 422 and kept() == []


@pytest.mark.parametrize("part", ["id", "rawId", "type", "clientDataJSON", "authenticatorData", "signature"])
def test_an_answer_with_a_part_that_is_missing_or_wrong_opens_nothing(
    ines: Staff, open_browser: Open, part: str
) -> None:
    phone, one = with_passkey(ines), open_browser()
    for value in (None, 3, "", "!!", [], {}, "AAAA", "\ud800", "A\0"):
        said = phone.signs(asked(one))
        place = said if part in said else said["response"]
        place[part] = value
        answer = signs_in(one, said)
        assert answer.status_code in (422, 429), value
        one = open_browser()
    assert not is_in(one) and kept()[0].sign_count == 0


def test_too_many_tries_are_slowed_down(ines: Staff, open_browser: Open) -> None:
    phone, one = with_passkey(ines), open_browser()
    phone.origin = "https://evil.example"
    for _ in range(5):
        assert signs_in(one, phone.signs(asked(one))).status_code == 422
    phone.origin = "http://localhost"
    last = signs_in(one, phone.signs(asked(one)))
    assert last.status_code == 429 and int(last.headers["Retry-After"]) > 0 and not is_in(one)
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        assert signs_in(one, phone.signs(asked(one))).status_code == 303


def with_factor(here: Staff) -> pyotp.TOTP:
    found = re.search(r'name="secret" value="([A-Z2-7]+)"', here.get("/desk/account/factor").text)
    assert found
    totp = pyotp.TOTP(found[1])
    done = here.post("/desk/account/factor", {"secret": found[1], "code": totp.at(clock.now()), **MINE})
    assert done.status_code == 200
    return totp


def test_a_passkey_is_the_second_step_beside_the_code(
    ines: Staff, signed_in: Callable[..., Staff], open_browser: Open
) -> None:
    phone, stranger = with_passkey(ines), with_passkey(signed_in("teo@desk.example"))
    assert open_browser().sign_in("ines@desk.example").status_code == 303, "a passkey asks for no code"
    with_factor(ines)
    one = open_browser()
    page = one.sign_in("ines@desk.example").text
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token and "Use a passkey" in page and not is_in(one)
    options = asked(one, token=token[1])
    assert [known["id"] for known in options["allowCredentials"]] == [to_text(phone.credential)]

    def second(said: dict[str, Any]) -> Any:
        fields = {"token": token[1], "passkey": json.dumps(said), "next": "/moderation"}
        return one.client.post("/sign-in/code", data=fields)

    assert second(stranger.signs(options)).status_code == 422 and not is_in(one)
    said = phone.signs(asked(one, token=token[1]))
    del said["response"]["userHandle"]
    assert second(said).status_code == 303 and is_in(one)
    assert one.post("/sign-in/passkey/question", {"token": "x"}).status_code == 410
    # Without a token nobody learns which passkeys there are.
    assert asked(open_browser())["allowCredentials"] == []


def test_a_passkey_confirms_in_place_of_password_and_code(ines: Staff) -> None:
    phone = with_passkey(ines)
    with_factor(ines)
    assert "Use a passkey instead" in ines.get("/desk/account").text
    said = json.dumps(phone.signs(asked(ines, HERE + "/question", csrf_token=ines.token)))
    off = ines.post("/desk/account/factor/end", {"your_passkey": said})
    assert off.status_code == 303 and db.session.scalar(select(SecondFactor.account_id)) is None
    again = ines.post(f"{HERE}/{kept()[0].id}/removal", {"your_passkey": said})
    assert again.status_code == 422 and "Nothing was changed." in again.text and len(kept()) == 1
    said = json.dumps(phone.signs(asked(ines, HERE + "/question", csrf_token=ines.token)))
    assert asked_for_new(ines, your_passkey=said, your_password="")
    for _ in range(8):
        ines.post(f"{HERE}/{kept()[0].id}/removal", {"your_passkey": "{}"})
    last = ines.post(f"{HERE}/{kept()[0].id}/removal", MINE)
    assert last.status_code == 422 and "Too many tries" in last.text


def test_who_has_none_is_asked_for_none(ines: Staff) -> None:
    page = ines.get("/desk/account").text
    assert "Use a passkey instead" not in page
    answer = ines.post(HERE + "/question", {})
    assert answer.status_code == 409 and answer.json == {"problem": "You have no passkey."}


def test_the_form_token_is_asked_for(ines: Staff, open_browser: Open) -> None:
    for path in ("", "/new", "/question", "/1/name", "/1/removal"):
        assert ines.client.post(HERE + path, data={"name": "x", **MINE}).status_code == 400
        assert open_browser().post(HERE + path).status_code == 303, "leads to the sign-in"
    for path in ("/sign-in/passkey", "/sign-in/passkey/question"):
        foreign = open_browser().client.post(path, headers={"Sec-Fetch-Site": "cross-site"})
        assert foreign.status_code == 403


def test_an_admin_or_the_command_line_takes_them_away(
    app: Flask, ines: Staff, signed_in: Callable[..., Staff], open_browser: Open
) -> None:
    admin = signed_in("ada@desk.example", role="admin")
    number = db.session.scalars(select(Account.id).where(Account.email == "ines@desk.example")).one()
    with_passkey(ines)
    with_factor(ines)
    page = admin.get(f"/desk/people/{number}").text
    assert "Switch off their second factor and remove 1 passkey" in page
    assert admin.post(f"/desk/people/{number}/factor-end", MINE).status_code == 303
    assert kept() == [] and db.session.scalar(select(SecondFactor.account_id)) is None
    assert "have lost" not in admin.get(f"/desk/people/{number}").text
    with_passkey(ines)
    with_passkey(ines, "Key")
    run = CliRunner().invoke(cli, ["account", "factor-off", "ines@desk.example"], obj=app)
    assert run.exit_code == 0 and "2 passkeys are removed" in run.output, run.output
    assert kept() == []
    assert deeds()[-1] == "passkey-off" and "at the command line" in admin.get("/moderation/log").text


def test_a_site_at_an_ip_address_says_why_there_are_none(app: Flask, ines: Staff, open_browser: Open) -> None:
    phone = with_passkey(ines)
    one = open_browser()
    said = phone.signs(asked(one))
    assert "Sign in with a passkey" in one.get("/sign-in").text
    app.extensions["standfirst_settings"].values["SITE_URL"] = "http://127.0.0.1:8000"
    assert "Sign in with a passkey" not in one.get("/sign-in").text
    assert one.post("/sign-in/passkey/question").status_code == 409
    assert signs_in(one, said).status_code == 422 and not is_in(one)
    page = ines.get("/desk/account").text
    assert "at a bare IP address (127.0.0.1)" in page and "Add a passkey" not in page
    assert "Use a passkey instead" not in page
    assert ines.post(HERE + "/new", {"name": "x", **MINE}).status_code == 409
    assert ines.post(f"{HERE}/{kept()[0].id}/removal", MINE).status_code == 303, "what is there can go"


def test_asking_sets_no_cookie_before_anybody_presses(open_browser: Open) -> None:
    one = open_browser()
    assert "Set-Cookie" not in one.get("/sign-in").headers
    assert "HttpOnly" in one.post("/sign-in/passkey/question").headers["Set-Cookie"]
