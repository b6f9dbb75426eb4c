"""Share intents carry the headline and the address unharmed, whatever the headline holds."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from webapp.sharing.networks import (
    BLUESKY_LIMIT,
    BY_NAME,
    NETWORKS,
    Share,
    mastodon_host,
    mastodon_intent,
    shorten,
)

ODD = "Salt & “light” #1: 50% off? <b>No</b> + ünï 🌊👩‍👩‍👧"
URL = "https://news.example/2026/12/salt/?a=1&b=2"


@pytest.mark.parametrize("network", [n for n in NETWORKS if n.intent], ids=lambda n: n.name)
def test_an_intent_carries_headline_and_address_unharmed(network) -> None:
    address = network.intent(Share(ODD, URL))
    parts = urlsplit(address)
    values = [value for found in parse_qs(parts.query, strict_parsing=True).values() for value in found]
    assert any(URL in value for value in values)
    if network.name not in ("facebook", "linkedin"):
        assert any(ODD in value for value in values)
    assert parts.scheme in ("https", "mailto")
    assert not parts.fragment


def test_a_bluesky_post_stays_within_its_limit_and_keeps_the_address() -> None:
    text = parse_qs(urlsplit(BY_NAME["bluesky"].intent(Share("Long words " * 60, URL))).query)["text"][0]
    assert len(text) <= BLUESKY_LIMIT
    assert text.endswith("… " + URL)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 10, "short"),
        ("one two three", 9, "one two…"),
        ("👩‍👩‍👧" * 3, 7, "👩‍👩‍👧…"),
        ("🇩🇰" * 4, 4, "🇩🇰…"),
        ("e\u0301" * 5, 4, "e\u0301…"),
    ],
)
def test_shortening_never_cuts_a_letter_in_two(text: str, limit: int, expected: str) -> None:
    assert shorten(text, limit) == expected


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("mastodon.example", "mastodon.example"),
        (" HTTPS://Mastodon.Example/@mara ", "mastodon.example"),
        ("@mara@tide.example", "tide.example"),
        ("küste.example", "xn--kste-0ra.example"),
    ],
)
def test_a_mastodon_server_is_found_in_what_a_reader_types(typed: str, host: str) -> None:
    assert mastodon_host(typed) == host
    assert mastodon_intent(host, Share(ODD, URL)).startswith(f"https://{host}/share?text=")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "localhost",
        "127.0.0.1",
        "http://m.example",
        "javascript:alert(1)",
        "a b.example",
        "https://u:p@m.example",
        "m.example:8080",
        "m.example/../..",
        "x" * 300 + ".example",
        "-a.example",
        "m..example",
        "\u0000.example",
    ],
)
def test_anything_that_is_no_https_host_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match=r"server"):
        mastodon_host(typed)
