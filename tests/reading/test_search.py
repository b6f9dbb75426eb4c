"""Search: what is found, in which order, with which marks, and what never is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.factories import make_article
from tests.statements import counted
from webapp import clock, settings
from webapp.models import Kind, Status
from webapp.reading.search_queries import terms_of

LINK = re.compile(
    r'class="headline"[^>]*>(?:<a )?(?:[^>]*?)href="/([^"]+)/"|class="headline" href="/([^"]+)/"'
)


def found(client: FlaskClient, question: str, path: str = "/search", **more: object) -> list[str]:
    """The slugs of the results, in their order."""
    answer = client.get(path, query_string={"q": question, **more})
    assert answer.status_code == 200
    main = answer.text.partition("<main")[2].partition("</main>")[0] or answer.text
    return [first or second for first, second in LINK.findall(main)]


@pytest.mark.both_databases
def test_every_word_must_occur(client: FlaskClient) -> None:
    make_article("Harbour lights", slug="harbour", body="<p>The tide table hangs by the door.</p>")
    make_article("Night train", slug="train", body="<p>No table here.</p>")
    assert found(client, "table") == ["train", "harbour"]
    assert found(client, "table tide") == ["harbour"]
    assert found(client, "TABLE harbour") == ["harbour"]
    assert found(client, "table zebra") == []


@pytest.mark.both_databases
def test_words_in_the_headline_count_more_then_the_newest_come_first(client: FlaskClient) -> None:
    start = clock.now() - timedelta(days=1)
    for number, (slug, headline) in enumerate(
        [("new", "Boats"), ("both", "Low tide"), ("one", "Tide"), ("old", "Ships"), ("standfirst", "Ferries")]
    ):
        standfirst = "About a low tide." if slug == "standfirst" else ""
        published_at = start - timedelta(hours=number)
        make_article(
            headline, slug=slug, standfirst=standfirst, body="<p>Low tide.</p>", published_at=published_at
        )
    assert found(client, "low tide") == ["both", "standfirst", "one", "new", "old"]


@pytest.mark.both_databases
def test_case_accents_and_width_do_not_matter(client: FlaskClient) -> None:
    make_article("Café in Łódź", slug="cafe", body="<p>Straße, Ελλάδα, ＦＵＬＬ, ﬁne</p>")
    for question in ("cafe", "CAFÉ", "cafe\u0301", "strasse", "ελλαδα", "full", "fine"):
        assert found(client, question) == ["cafe"], question


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("question", "slugs"),
    [
        ("100%", ["percent"]),
        ("%", ["percent"]),
        ("_", ["underscore"]),
        ("a_b", ["underscore"]),
        ("\\", ["backslash"]),
        ("c:\\d", ["backslash"]),
        ("o'clock", ["quote"]),
        ("'; DROP TABLE article; --", []),
        ("🌊", ["emoji"]),
        ("“tide”", ["quote"]),
        ('"tide', ["quote"]),
        ("\0", []),
        ("tide\0", ["quote"]),
        ("\ud83d", []),
        ("<script>", []),
    ],
)
def test_signs_mean_themselves(client: FlaskClient, question: str, slugs: list[str]) -> None:
    for slug, text in {
        "percent": "It was 100% wet",
        "underscore": "the name a_b",
        "backslash": "in c:\\d",
        "quote": "at ten o'clock the tide",
        "emoji": "waves 🌊 here",
    }.items():
        make_article("Plain", slug=slug, body=f"<p>{text}</p>")
    encoded = question.encode("utf-8", "surrogatepass")
    answer = client.get("/search", query_string={"q": encoded})
    assert answer.status_code == 200
    main = answer.text.partition("<main")[2]
    assert [first or second for first, second in LINK.findall(main)] == slugs
    assert client.get("/_fragments/search", query_string={"q": encoded}).status_code == 200


@pytest.mark.parametrize(
    "question", ["x" * 1000, "é" * 1000, "a " * 500, "🌊" * 1000, "%" * 1000, "\u0301" * 1000]
)
def test_long_questions(client: FlaskClient, question: str) -> None:
    for path in ("/search", "/_fragments/search"):
        assert client.get(path, query_string={"q": question}).status_code == 200


def test_a_question_has_at_most_eight_words_of_two_hundred_characters() -> None:
    assert len(terms_of(" ".join(f"w{number}" for number in range(50)))) == 8
    assert terms_of("x" * 300) == ["x" * 200]
    assert terms_of("tide Tide, 'tide' TÍDE") == ["tide"]
    assert terms_of(" \t\n ") == []
    assert terms_of("… ! ?") == []


@pytest.mark.both_databases
def test_only_what_readers_may_see_is_found(client: FlaskClient) -> None:
    make_article("Zebra", slug="live")
    make_article("Zebra of a page", slug="page", kind=Kind.page, published_at=clock.now() - timedelta(days=2))
    make_article("Zebra", slug="ahead", published_at=clock.now() + timedelta(hours=1))
    for status in (Status.draft, Status.private, Status.trashed, Status.unpublished):
        make_article("Zebra", slug=status, status=status)
    assert found(client, "zebra") == ["live", "page"]
    assert found(client, "zebra", "/_fragments/search") == ["live", "page"]


@pytest.mark.both_databases
def test_of_a_protected_article_the_headline_alone_is_searched(client: FlaskClient) -> None:
    make_article(
        "Die große Köln-Akte",
        slug="vault",
        standfirst="Secret words.",
        body="<p>Hidden words.</p>",
        password="x",
    )
    make_article("e\u0301" * 10, slug="short", standfirst="Concealed", password="x")
    assert found(client, "große köln") == ["vault"]
    for question in ("secret", "hidden", "words", "concealed", "c", "köln secret"):
        assert "vault" not in found(client, question)
        assert "short" not in found(client, question)


def test_marks_are_safe(client: FlaskClient) -> None:
    make_article('A <b>bold</b> & "quoted" Tide', slug="tide", standfirst="Tide & <i>time</i>")
    text = client.get("/search?q=tide").text
    assert "&lt;b&gt;bold&lt;/b&gt; &amp;" in text
    assert "<mark>Tide</mark>" in text
    assert "<i>time" not in text
    hostile = client.get('/search?q="><script>alert(1)</script>').text
    assert "<script>alert" not in hostile
    assert hostile.count("<h1") == 1


def test_the_page_without_a_question(client: FlaskClient) -> None:
    for path in ("/search", "/search?q=", "/search?q=%20%20"):
        text = client.get(path).text
        assert "<h1>Search</h1>" in text
        assert "No result" not in text
        assert 'content="noindex, follow"' in text


def test_counts_in_words(client: FlaskClient) -> None:
    make_article("Tide", slug="one")
    assert "1 result<" in client.get("/search?q=tide").text
    make_article("Tide", slug="two")
    assert "2 results<" in client.get("/search?q=tide").text
    none = client.get("/search?q=zebra").text
    assert "No result<" in none
    assert "Nothing contains this word." in none


@pytest.mark.both_databases
def test_results_come_in_pages(client: FlaskClient) -> None:
    settings.store({"ARTICLES_PER_PAGE": 2})
    start = clock.now() - timedelta(days=1)
    for number in range(5):
        make_article("Tide & ebb", slug=f"a{number}", published_at=start - timedelta(hours=number))
    assert found(client, "tide &") == ["a0", "a1"]
    assert found(client, "tide &", page=2) == ["a2", "a3"]
    assert found(client, "tide &", page=3) == ["a4"]
    first = client.get("/search", query_string={"q": "tide &"}).text
    assert 'href="/search?q=tide%20%26&amp;page=2" rel="next"' in first
    assert "5 results" in first
    last = client.get("/search", query_string={"q": "tide", "page": 3}).text
    assert 'rel="next"' not in last
    for page in ("4", "0", "-1", "999999999999999999999"):
        assert client.get("/search", query_string={"q": "tide", "page": page}).status_code == 404


def test_results_while_typing(client: FlaskClient) -> None:
    for number in range(7):
        make_article("Tide", slug=f"a{number}")
    answer = client.get("/_fragments/search?q=tide")
    assert answer.text.lstrip().startswith('<div id="_search">')
    assert len(found(client, "tide", "/_fragments/search")) == 5
    assert 'href="/search?q=tide"' in answer.text
    assert "View all results" in answer.text
    assert (
        '<p id="search-status" class="visually-hidden" role="status" hx-swap-oob="innerHTML">7 results</p>'
        in answer.text
    )
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "<html" not in answer.text


def test_no_result_is_said_at_none_only(client: FlaskClient) -> None:
    make_article("Tide", slug="tide")
    nothing = client.get("/_fragments/search?q=zebra").text
    assert "No result" in nothing
    assert "View all" not in nothing
    assert "No result" not in client.get("/_fragments/search?q=tide").text
    empty = client.get("/_fragments/search?q=").text
    assert "No result" not in empty
    assert "<li" not in empty


def test_every_page_has_the_field(client: FlaskClient) -> None:
    text = client.get("/nothing-here").text
    assert 'action="/search"' in text
    assert 'hx-get="/_fragments/search"' in text
    assert 'id="_search"' in text


@pytest.mark.both_databases
def test_a_search_costs_the_same_however_much_is_found(client: FlaskClient) -> None:
    make_article("Tide")
    client.get("/search?q=tide")
    with counted() as few:
        client.get("/search?q=tide")
    for _ in range(10):
        make_article("Tide")
    with counted() as many:
        client.get("/search?q=tide")
    assert len(many) == len(few) <= 8
