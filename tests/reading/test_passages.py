"""What a search shows below each headline: how the article begins, or a passage deeper in it where the words stand."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.factories import make_article
from tests.statements import counted
from webapp.markup import passage, terms_in

SHOWN = re.compile(r'<p class="story-excerpt">(.*?)</p>', re.DOTALL)
EARLY = "".join(f"<p>Paragraph {number} says little about anything at all.</p>" for number in range(40))


def shown(client: FlaskClient, question: str) -> list[str]:
    return SHOWN.findall(client.get("/search", query_string={"q": question}).text)


@pytest.mark.both_databases
def test_words_far_down_are_shown_where_they_stand(client: FlaskClient) -> None:
    body = f"{EARLY}<p>It was late. The <em>lantern</em> of the harbour <b>R&amp;D</b> house burnt. Nobody saw it.</p>"
    make_article("Night", standfirst="A long night.", body=body)
    assert shown(client, "lantern") == [
        "The <mark>lantern</mark> of the harbour R&amp;D house burnt. Nobody saw it."
    ]


def test_words_that_are_shown_anyway_leave_the_standfirst(client: FlaskClient) -> None:
    make_article("Lantern", standfirst="A long night.", body=f"{EARLY}<p>The lantern.</p>")
    make_article("Night", standfirst="The lantern burnt.", body=f"{EARLY}<p>A lantern, a harbour.</p>")
    with counted() as statements:
        one, two = shown(client, "lantern")
    assert one.startswith("A long night. Paragraph 0 says")
    assert two.startswith("The <mark>lantern</mark> burnt. Paragraph 0 says")
    assert not [one for one in statements if "body_html" in one]


@pytest.mark.both_databases
def test_the_passage_with_most_of_the_words_is_shown(client: FlaskClient) -> None:
    body = f"{EARLY}<p>A lantern.</p><ul><li>Salt, a lantern and a harbour.</li></ul><p>A harbour.</p>"
    make_article("Night", standfirst="A long night in a harbour.", body=body)
    assert shown(client, "harbour lantern") == ["Salt, a <mark>lantern</mark> and a <mark>harbour</mark>."]


def test_a_passage_in_another_spelling_is_found_and_marked(client: FlaskClient) -> None:
    make_article("Night", body=f"{EARLY}<p>Das CAFÉ an der Straße.</p>")
    assert shown(client, "cafe strasse") == ["Das <mark>CAFÉ</mark> an der <mark>Straße</mark>."]


def test_what_a_passage_says_is_no_markup(client: FlaskClient) -> None:
    make_article("Night", body=f"{EARLY}<p>&lt;script&gt;alert(1)&lt;/script&gt; zebra &amp;amp;</p>")
    assert shown(client, "zebra") == ["&lt;script&gt;alert(1)&lt;/script&gt; <mark>zebra</mark> &amp;amp;"]


def test_breaks_and_cells_part_words_and_what_a_picture_shows_is_none(client: FlaskClient) -> None:
    picture = '<figure><img src="/media/a.png" alt="Zebra &lt;1 > 2&gt;"><figcaption>A drawing</figcaption></figure>'
    table = "<table><tr><td>Salt</td><td>A zebra crossing</td></tr></table>"
    make_article("Night", body=f"{EARLY}{picture}<p>Line one<br>a <i>z</i>ebra line</p>{table}")
    assert shown(client, "zebra") == ["a <mark>zebra</mark> line"]
    assert shown(client, "crossing") == ["A zebra <mark>crossing</mark>"]


def test_a_very_long_block_is_no_trouble(client: FlaskClient) -> None:
    make_article("Night", body=f"<p>{'«å ' * 40_100}zebra</p>")
    with counted() as statements:
        assert shown(client, "zebra")[0].endswith("å <mark>zebra</mark>")
    assert sum("body_html" in one for one in statements) == 1


def test_of_a_protected_article_no_passage_is_shown(client: FlaskClient) -> None:
    make_article("Lantern", body=f"{EARLY}<p>The lantern and its secret.</p>", password_hash="x")
    page = client.get("/search?q=lantern").text
    assert "Protected" in page and "secret" not in page and not SHOWN.findall(page)


def test_a_long_sentence_is_cut_before_and_behind() -> None:
    text = "start " + "word " * 60 + "harbour " + "more " * 60 + "end."
    cut = passage(text, ["harbour"], 40)
    assert cut.startswith("…word") and cut.endswith("more…") and "harbour" in cut and "start" not in cut
    assert passage("One. " + text, ["harbour"], 40) == cut
    assert passage("No term. " + "word " * 9, ["harbour"], 4) == "No term. word word…"


def test_scripts_without_spaces_have_passages() -> None:
    assert passage("昨日は雨だった。港は静かだった。", ["港"], 20) == "港は静かだった。"
    assert passage("雨" * 200 + "港は静かだった。", ["港"], 20) == "…港は静かだった。"
    assert terms_in("昨日は雨だった。港は静かだった。", ["港", "雨", "山"]) == 2
