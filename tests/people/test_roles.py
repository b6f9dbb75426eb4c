"""The table of roles and actions: every cell is asked for, and the documentation says the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.factories import make_account, make_article, make_comment
from tests.staff import Staff
from webapp.models import Role
from webapp.people import roles

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("role", [*Role])
@pytest.mark.parametrize("permission", roles.TABLE, ids=lambda one: one.what)
def test_a_cell_of_the_table(
    signed_in: Callable[..., Staff], role: Role, permission: roles.Permission
) -> None:
    article = make_article()
    comment, other = make_comment(article, status="held"), make_account("other@desk.example")
    someone = signed_in("someone@desk.example", role=role)
    someone.get("/desk/account")
    path = permission.path.format(article=article.id, comment=comment.id, account=other.id)
    answer = someone.get(path) if permission.method == "GET" else someone.post(path, {})
    if roles.may(role, permission):
        assert answer.status_code in (200, 303, 409, 422), answer.text
    else:
        assert answer.status_code in (403, 404), f"{role} may not {permission.what}"


def test_nobody_does_anything_without_signing_in(app: Flask, open_browser: Callable[[], Staff]) -> None:
    for permission in roles.TABLE:
        path = permission.path.format(article=1, comment=1, account=1)
        stranger = open_browser()
        answer = stranger.get(path) if permission.method == "GET" else stranger.post(path, {})
        assert answer.status_code in (302, 303) and answer.location.startswith("/sign-in"), permission.what


def test_the_documentation_says_the_same() -> None:
    written = (ROOT / "docs" / "roles.md").read_text(encoding="utf-8")
    assert written == roles.markdown(), "run: bin/standfirst account roles --markdown > docs/roles.md"


def test_the_table_names_an_address_of_every_part_of_the_desk(app: Flask) -> None:
    guarded = {rule.rule.split("/")[2] for rule in app.url_map.iter_rules() if rule.rule.startswith("/desk/")}
    named = {one.path.split("/")[2] for one in roles.TABLE if one.path.startswith("/desk/")}
    assert guarded - named <= {"embeds", "numbers.svg"}
