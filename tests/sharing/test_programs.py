"""Names of programs: the same verdict as the library's own, on its own words and on browsers'."""

from __future__ import annotations

import re

import pytest
from crawlerdetect import CrawlerDetect
from crawlerdetect.providers.crawlers import data as crawlers
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.sharing.programs import is_program

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
BROWSERS = (
    FIREFOX,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; CUBOT X30) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36",
)
library = CrawlerDetect()
words = [re.sub(r"\\(.)|[\^$]", r"\1", pattern) for pattern in crawlers]


def same(agent: str) -> bool:
    return is_program(agent) is library.isCrawler(agent)


def test_each_word_of_the_library_is_known_alone_within_a_name_and_in_capitals() -> None:
    made = [(word, f"{FIREFOX} {word}", f"({word.upper()})", f" {word.lower()}") for word in words]
    assert [agent for four in made for agent in four if agent.strip() and not same(agent)] == []
    assert sum(is_program(word) for word in words) > 1400


@pytest.mark.parametrize("agent", BROWSERS)
def test_browsers_are_none(agent: str) -> None:
    assert not is_program(agent)
    assert same(agent)


@pytest.mark.parametrize(
    "agent",
    ["", " ", "Firefox/1", "Ruby", "xRuby", "xRuby/1", "\u017fpider", "\u212a", "bo\u0307t", "сrawler bot"],
)
def test_what_is_odd_is_taken_as_the_library_takes_it(agent: str) -> None:
    assert same(agent)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from([*words, *FIREFOX.split(), "/", "1.0", "-", "\u017f", "X"]), max_size=5),
    st.text(max_size=8),
)
def test_any_name_is_taken_as_the_library_takes_it(parts: list[str], rest: str) -> None:
    assert same(" ".join(parts) + rest)
