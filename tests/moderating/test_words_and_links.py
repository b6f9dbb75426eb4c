"""The pure parts: how links are spelled out, and what the queue says."""

from __future__ import annotations

import pytest

from webapp.moderating.links import Link, link_to, spelled_out, without_links
from webapp.moderating.words import effort, rule_label


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://kran.example/winter/carriages.pdf", Link("kran.example", "/winter/carriages.pdf")),
        ("https://Kran.example/", Link("kran.example", "")),
        ("http://timetables.example/coast?night=1", Link("timetables.example", "/coast?night=1")),
        ("https://kran.example:8443/a", Link("kran.example:8443", "/a")),
        ("https://bank.example@evil.example/", Link("evil.example", "")),
        ("https://hаvn.example/", Link("xn--hvn-6cd.example", "", written="hаvn.example")),
        ("https://[broken", Link("https://[broken", "")),
        ("https://kran.example:99999/", Link("https://kran.example:99999/", "")),
        (
            "https://" + "ä" * 300 + ".example/",
            Link("\\xe4" * 300 + ".example", "", written="ä" * 300 + ".example"),
        ),
        ("mailto:hana@post.example", None),
        ("", None),
    ],
)
def test_a_link_shows_its_real_host(address: str, link: Link | None):
    assert link_to(address) == link


def test_each_address_is_listed_once():
    html = '<p><a href="https://a.example">a</a> <a href="https://b.example">b</a> <a href="https://a.example">a</a></p>'
    assert [link.host for link in spelled_out(html)] == ["a.example", "b.example"]


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ('<p>See <a href="https://a.example" rel="nofollow">this</a>.</p>', "<p>See <mark>this</mark>.</p>"),
        ('<a href="https://a.example/?x=\'><script>">a &lt; b</a>', "<mark>a &lt; b</mark>"),
        ("<p><b>bold</b> &amp; <code>x</code></p>", "<p><b>bold</b> &amp; <code>x</code></p>"),
    ],
)
def test_links_become_marked_words(html: str, shown: str):
    assert without_links(html) == shown


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, ""),
        (1, "about 1 min"),
        (3, "about 1 min"),
        (4, "about 2 min"),
        (18, "about 6 min"),
        (720, "about 4 h"),
    ],
)
def test_effort_in_words(count: int, words: str):
    assert effort(count) == words


def test_a_rules_name_is_a_label():
    assert rule_label("first_comment") == "First comment"
    assert rule_label("") == "Rule"
