"""Where passkeys belong, and answers that no authenticator gives."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.people.authenticator import Authenticator, to_bytes, to_text
from webapp import create_app
from webapp.models import Passkey
from webapp.people import ceremony


@pytest.mark.parametrize(
    ("url", "rp_id", "origin", "words"),
    [
        ("https://News.Example", "news.example", "https://news.example", ""),
        ("https://news.example:443", "news.example", "https://news.example", ""),
        ("https://news.example:8443", "news.example", "https://news.example:8443", ""),
        ("https://zürich.example", "xn--zrich-kva.example", "https://xn--zrich-kva.example", ""),
        ("http://localhost:8000", "localhost", "http://localhost:8000", ""),
        ("http://127.0.0.1:8000", "127.0.0.1", "http://127.0.0.1:8000", "a bare IP address (127.0.0.1)"),
        ("https://[::1]:8000", "::1", None, "a bare IP address (::1)"),
        ("http://news.example", "news.example", "http://news.example", "https"),
    ],
)
def test_where_the_site_is_says_the_setting(
    environment: dict[str, str], url: str, rp_id: str, origin: str | None, words: str
) -> None:
    with create_app({**environment, "STANDFIRST_SITE_URL": url}).app_context():
        assert ceremony.place().rp_id == rp_id
        assert origin is None or ceremony.place().origin == origin
        assert words in ceremony.why_not() and bool(words) == bool(ceremony.why_not())


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_answer_whatever_breaks_anything(app: Flask, data: st.DataObject) -> None:
    """Bytes that authenticators never send: refused in words, never an error of the server."""
    phone, question = Authenticator(), ceremony.Question(to_text(b"c" * 32), 1, "")
    asked_is = {"challenge": question.challenge, "user": {"id": "AAAA"}}
    made = phone.makes(asked_is)
    passkey = Passkey(public_key="AAAA", handle="AAAA", credential=to_text(phone.credential))
    for said in (made, phone.signs(asked_is)):
        name = data.draw(st.sampled_from(sorted(said["response"])))
        if name == "transports":
            said["response"][name] = data.draw(ANYTHING)
            ceremony.new_credential(json.dumps(said), question)
            continue
        content = bytearray(to_bytes(said["response"][name]))
        for place, value in data.draw(
            st.lists(st.tuples(st.integers(0, 999), st.integers(0, 255)), min_size=1)
        ):
            content[place % len(content)] = value
        said["response"][name] = to_text(bytes(content[: data.draw(st.integers(0, 999))]))
        try:
            ceremony.new_credential(json.dumps(said), question)
            ceremony.counted(json.dumps(said), question, passkey)
        except ceremony.Refused:
            pass
    for whole in (data.draw(ANYTHING), {"response": data.draw(ANYTHING)}):
        ceremony.credential_of(json.dumps(whole))
        with pytest.raises(ceremony.Refused):
            ceremony.new_credential(json.dumps(whole), question)
        with pytest.raises(ceremony.Refused):
            ceremony.counted(json.dumps(whole), question, passkey)
