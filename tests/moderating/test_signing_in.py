"""Sign-in, sign-out, and the guard of staff pages."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from tests.factories import make_account, make_article, make_comment
from tests.moderating.reading_back import status_of
from webapp import clock
from webapp.database import db, transaction
from webapp.moderating import account_actions, queries
from webapp.moderating.accounts import FIRST_EMAIL, first_account, local_path
from webapp.moderating.signing_in import FAILURES_OF_NETWORK, FAILURES_OF_ONE


def test_the_right_password_leads_to_the_queue(open_browser):
    make_account()
    ines = open_browser()
    response = ines.sign_in("ines@desk.example")
    assert (response.status_code, response.location) == (303, "/moderation")
    assert ines.get("/moderation").status_code == 200


def test_the_address_may_be_typed_in_any_case(open_browser):
    make_account()
    assert open_browser().sign_in("  Ines@Desk.EXAMPLE ").status_code == 303


def test_the_cookie_is_kept_from_scripts_and_other_sites(open_browser):
    make_account()
    cookie = open_browser().sign_in("ines@desk.example").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_https_makes_the_cookie_secure(environment, open_browser):
    from webapp import create_app

    make_account()
    app = create_app({**environment, "STANDFIRST_SITE_URL": "https://news.example"})
    fields = {"email": "ines@desk.example", "password": "correct horse"}
    response = app.test_client().post("/sign-in", data=fields, base_url="https://news.example")
    assert "Secure" in response.headers["Set-Cookie"]


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-in?next=/moderation", "/moderation", "/sign-out", "/healthz"]
)
def test_no_page_sets_a_cookie_for_an_anonymous_reader(client: FlaskClient, path: str):
    assert "Set-Cookie" not in client.get(path).headers


def test_a_readers_page_does_not_vary_by_cookie(client: FlaskClient):
    assert "Cookie" not in client.get("/healthz").headers.get("Vary", "")


def test_unknown_wrong_and_disabled_are_told_the_same(open_browser):
    make_account("ines@desk.example")
    make_account("gone@desk.example", is_disabled=True)
    pages = [
        open_browser().sign_in("nobody@desk.example"),
        open_browser().sign_in("ines@desk.example", "wrong"),
        open_browser().sign_in("gone@desk.example"),
    ]
    assert {page.status_code for page in pages} == {422}
    for page in pages:
        assert "do not fit together, or the account is disabled" in page.text
        assert "Set-Cookie" not in page.headers


def test_an_unknown_address_costs_a_hash_as_well(open_browser, monkeypatch):
    looked_at: list[str] = []
    monkeypatch.setattr(
        account_actions, "is_password", lambda stored, _password: bool(looked_at.append(stored))
    )
    open_browser().sign_in("nobody@desk.example")
    assert [stored[:9] for stored in looked_at] == ["$argon2id"]


def test_a_failed_form_keeps_the_address_and_not_the_password(open_browser):
    page = open_browser().sign_in("nobody@desk.example", "hunter2-hunter2", next="/moderation?status=spam")
    assert 'value="nobody@desk.example"' in page.text
    assert "hunter2" not in page.text
    assert 'value="/moderation?status=spam"' in page.text


def test_empty_fields_are_named(open_browser):
    page = open_browser().sign_in("", "")
    assert page.status_code == 422
    assert "Type your e-mail address." in page.text
    assert "Type your password." in page.text


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/a\nb",
        " /moderation",
        "javascript:alert(1)",
        "moderation",
        "",
        "/" + "a" * 3000,
    ],
)
def test_next_takes_local_paths_only(open_browser, wanted: str):
    make_account()
    assert open_browser().sign_in("ines@desk.example", next=wanted).location == "/moderation"


def test_next_is_followed_on_this_site():
    assert local_path("/moderation?status=spam&q=a%20b") == "/moderation?status=spam&q=a%20b"


def test_whoever_is_signed_in_needs_no_form(ines):
    response = ines.get("/sign-in?next=/moderation/log")
    assert (response.status_code, response.location) == (303, "/moderation/log")


def test_guessing_is_slowed_down(open_browser):
    make_account()
    for _ in range(FAILURES_OF_ONE):
        assert open_browser().sign_in("ines@desk.example", "wrong").status_code == 422
    refused = open_browser().sign_in("ines@desk.example")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert "Too many tries. Wait 15 min, then try again." in refused.text
    # Another account from the same network is not touched by that.
    make_account("teo@desk.example")
    assert open_browser().sign_in("teo@desk.example").status_code == 303


def test_the_brake_comes_off_with_time(open_browser):
    make_account()
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _ in range(FAILURES_OF_ONE):
            open_browser().sign_in("ines@desk.example", "wrong")
        traveller.shift(timedelta(minutes=15, seconds=1))
        assert open_browser().sign_in("ines@desk.example").status_code == 303


def test_a_success_clears_the_count(open_browser):
    make_account()
    for _ in range(3):
        for _ in range(FAILURES_OF_ONE - 1):
            open_browser().sign_in("ines@desk.example", "wrong")
        assert open_browser().sign_in("ines@desk.example").status_code == 303


def test_one_network_cannot_try_all_addresses(open_browser, monkeypatch):
    monkeypatch.setattr(account_actions, "is_password", lambda *_: False)
    one = open_browser()
    for number in range(FAILURES_OF_NETWORK):
        assert one.sign_in(f"reader-{number}@post.example", "wrong").status_code == 422
    assert one.sign_in("another@post.example", "wrong").status_code == 429


def test_signing_in_does_not_use_up_the_networks_tries(open_browser):
    from webapp import occurrences

    make_account()
    for _ in range(3):
        open_browser().sign_in("ines@desk.example")
    with open_browser().client.application.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        from webapp.visitors import network_hash

        assert occurrences.hit("sign-in network", network_hash(), 60)[0] == 1


def test_signing_in_begins_a_new_session(ines):
    before = ines.token
    ines.sign_in("ines@desk.example")
    ines.get("/moderation/log")
    response = ines.client.post("/sign-out", data={"csrf_token": before})
    assert response.status_code == 400


def test_signing_out_ends_the_session_even_a_copied_one(ines, open_browser):
    name, value = "standfirst_session", ines.client.get_cookie("standfirst_session").value
    assert ines.post("/sign-out").location == "/"
    assert ines.get("/moderation").status_code == 302
    thief = open_browser()
    thief.client.set_cookie(name, value)
    assert thief.get("/moderation").status_code == 302


def test_signing_out_by_a_link_asks_first(ines):
    page = ines.get("/sign-out")
    assert "Sign out?" in page.text
    assert ines.get("/moderation").status_code == 200


def test_signing_out_needs_the_token(ines):
    assert ines.client.post("/sign-out").status_code == 400
    assert ines.get("/moderation").status_code == 200


def test_a_new_password_ends_open_sessions(ines):
    account = queries.account_by_email("ines@desk.example")
    assert account
    account_actions.change_password(account, "another long one")
    assert ines.get("/moderation").status_code == 302


def test_disabling_ends_open_sessions(ines):
    account = queries.account_by_email("ines@desk.example")
    assert account
    account_actions.set_disabled(account, True)
    assert ines.get("/moderation").status_code == 302


def test_a_session_ends_after_two_weeks(ines):
    with time_machine.travel(clock.now() + timedelta(days=14, minutes=1)):
        assert ines.get("/moderation").status_code == 302


def test_a_made_up_ticket_opens_nothing(ines):
    for ticket in ("", "1", "1:2:3:4", "x:y:z:1", f"{2**70}:a:b:1"):
        with ines.client.session_transaction() as session:
            session["_user_id"] = ticket
        assert ines.get("/moderation").status_code == 302


def test_a_staff_page_leads_to_sign_in_and_back(open_browser):
    make_account()
    reader = open_browser()
    response = reader.get("/moderation?status=spam&q=a+b")
    assert response.status_code == 302
    assert response.location == "/sign-in?next=%2Fmoderation%3Fstatus%3Dspam%26q%3Da%2Bb"
    form = reader.get(response.location)
    wanted = html.unescape(form.text.split('name="next" value="')[1].split('"')[0])
    assert reader.sign_in("ines@desk.example", next=wanted).location == "/moderation?status=spam&q=a+b"


def test_a_decision_without_sign_in_changes_nothing(open_browser):
    comment = make_comment(make_article(), status="held")
    reader = open_browser()
    assert reader.decide(comment, "approval").status_code == 303
    answer = reader.decide(comment, "approval", htmx=True)
    assert answer.status_code == 401
    assert "You are signed out" in answer.text
    assert status_of(comment) == "held"


@pytest.mark.parametrize("token", ["", "made up"])
@pytest.mark.parametrize("htmx", [False, True])
def test_a_decision_without_the_token_changes_nothing(ines, token: str, htmx: bool):
    comment = make_comment(make_article(), status="held")
    ines.token = token
    response = ines.decide(comment, "approval", htmx=htmx)
    assert response.status_code == 400
    assert "Nothing was changed" in response.text
    assert status_of(comment) == "held"


def test_an_old_token_is_told_so(signed_in):
    comment = make_comment(make_article(), status="held")
    ines = signed_in()
    with time_machine.travel(clock.now() + timedelta(hours=12, minutes=1)):
        response = ines.decide(comment, "approval")
    assert response.status_code == 400
    assert "too old" in response.text
    assert status_of(comment) == "held"


def test_the_token_may_come_in_a_header(ines):
    comment = make_comment(make_article(), status="held")
    response = ines.client.post(
        f"/moderation/comments/{comment.id}/approval", headers={"X-CSRFToken": ines.token}
    )
    assert response.status_code == 303
    assert status_of(comment) == "approved"


def test_another_site_decides_nothing(ines):
    comment = make_comment(make_article(), status="held")
    response = ines.client.post(
        f"/moderation/comments/{comment.id}/approval",
        data={"csrf_token": ines.token},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert response.status_code == 403
    assert status_of(comment) == "held"


def test_a_role_that_does_not_reach_is_refused(app, signed_in):
    from webapp.moderating.accounts import role_required

    app.add_url_rule("/desk/for-admins", "for_admins", role_required("admin")(lambda: "welcome"))
    assert signed_in("teo@desk.example", role="editor").get("/desk/for-admins").status_code == 403
    assert signed_in("nils@desk.example", role="admin").get("/desk/for-admins").text == "welcome"


@pytest.mark.parametrize("path", ["/moderation", "/moderation/log", "/sign-out", "/sign-in"])
def test_staff_pages_are_kept_by_nobody(ines, path: str):
    assert ines.get(path).headers["Cache-Control"] == "private, no-store"


def test_imports_are_for_editors(ines, signed_in):
    assert "/desk/site" not in ines.get("/moderation").text
    assert ines.get("/desk/imports/").status_code == 403
    assert "/desk/imports/" in signed_in("nils@desk.example", role="editor").get("/desk/site").text


def test_the_first_account_is_made_once(app, open_browser):
    made = first_account(app)
    assert made
    assert made[0] == FIRST_EMAIL
    assert open_browser().sign_in(*made).status_code == 303
    assert first_account(app) is None
    found = queries.account_by_email(FIRST_EMAIL)
    assert found
    assert found.role == "admin"


def test_there_is_no_first_account_beside_another(app):
    make_account()
    assert first_account(app) is None


def test_a_weak_hash_is_made_anew_on_sign_in(open_browser):
    from argon2 import PasswordHasher

    account = make_account()
    with transaction():
        account.password_hash = PasswordHasher(time_cost=1, memory_cost=32, parallelism=1).hash(
            "correct horse"
        )
    weak = account.password_hash
    assert open_browser().sign_in("ines@desk.example").status_code == 303
    db.session.refresh(account)
    assert account.password_hash != weak
    assert account.signed_in_at is not None
