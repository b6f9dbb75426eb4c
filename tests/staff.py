"""Fixtures: staff who are signed in, each with a browser of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories


class Staff:
    """A browser. `post` sends the token of the page that it saw last, `htmx=True` as HTMX in that page would."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        response = self.client.get(path, **options)
        found = re.search(r'name="csrf_token" value="([^"]+)"', response.text)
        self.token = found[1] if found else self.token
        return response

    def post(self, path: str, data: dict[str, Any] | None = None, *, htmx: bool = False) -> TestResponse:
        headers = {"HX-Request": "true"} if htmx else {}
        return self.client.post(path, data={"csrf_token": self.token, **(data or {})}, headers=headers)

    def decide(
        self, comment: Any, decision: str, *, htmx: bool = False, expected: str = "held"
    ) -> TestResponse:
        fields = {"expected": expected, "next": f"/moderation?status={expected}"}
        return self.post(f"/moderation/comments/{comment.id}/{decision}", fields, htmx=htmx)

    def sign_in(self, email: str, password: str = "correct horse", **fields: str) -> TestResponse:
        return self.client.post("/sign-in", data={"email": email, "password": password, **fields})


@pytest.fixture
def open_browser(app: Flask) -> Callable[[], Staff]:
    """Opens a browser in which nobody is signed in."""
    return lambda: Staff(app.test_client())


@pytest.fixture
def signed_in(open_browser: Callable[[], Staff]) -> Callable[..., Staff]:
    """Makes an account and signs it in: signed_in("teo@desk.example", role="editor", name="Teo")."""

    def make(email: str = "ines@desk.example", role: str = "moderator", **fields: Any) -> Staff:
        factories.make_account(email, role=role, **fields)
        one = open_browser()
        assert one.sign_in(email).status_code == 303
        one.get("/desk/account")  # For its token.
        return one

    return make


@pytest.fixture
def ines(signed_in: Callable[..., Staff]) -> Staff:
    """A moderator at the queue."""
    return signed_in(name="Ines")
