"""Search: what is found, in which order, with which marks, and what never is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.conftest import Browser
from tests.factories import make_article, make_author, make_category, make_tag
from tests.statements import counted
from webapp import clock, settings
from webapp.database import db
from webapp.models import Kind, Status
from webapp.reading import search_queries
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
    assert found(client, "low tide") == ["both", "standfirst", "new", "one", "old"]


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
        ("%", []),
        ("_", []),
        ("a_b", ["underscore"]),
        ("\\", []),
        ("c:\\d", ["backslash"]),
        ("o'clock", ["quote"]),
        ("'; DROP TABLE article; --", []),
        ("🌊", []),
        ("“tide”", ["quote"]),
        ('"tide', ["quote"]),
        ("waves OR tide", []),
        ("NEAR(waves here)", []),
        ("waves*", ["emoji"]),
        ("headline:waves", []),
        ("tide & | ! <-> :*", ["quote"]),
        ("\0", []),
        ("tide\0", ["quote"]),
        ("\ud83d", []),
        ("<script>", []),
    ],
)
def test_signs_are_no_commands(client: FlaskClient, question: str, slugs: list[str]) -> None:
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
    assert [term.text for term in terms_of("x" * 300)] == ["x" * 200]
    assert [term.text for term in terms_of("tide Tide, 'tide' TÍDE")] == ["tide"]
    assert terms_of(" \t\n ") == []
    assert terms_of("… ! ?") == []


@pytest.mark.both_databases
def test_a_word_is_found_by_its_beginning_and_a_phrase_as_it_stands(client: FlaskClient) -> None:
    make_article("Springtides", slug="spring", body="<p>Well-known harbour master.</p>")
    make_article("Masters of harbours", slug="masters", body="<p>日本語の記事です。</p>")
    assert found(client, "spring") == ["spring"]
    assert found(client, "tides") == []
    assert found(client, "harbour master") == ["masters", "spring"]
    assert found(client, '"harbour master"') == ["spring"]
    assert found(client, "“harbour mast”") == []
    assert found(client, "well-known") == ["spring"]
    assert found(client, "known-well") == []
    assert found(client, "語の記") == ["masters"]
    assert found(client, "記の語") == []


@pytest.mark.both_databases
def test_the_index_follows_what_happens_to_an_article(client: FlaskClient) -> None:
    article = make_article("Walrus", slug="a", standfirst="Tusks.", body="<p>Whiskers.</p>")
    assert [found(client, word) for word in ("walrus", "tusks", "whiskers")] == [["a"]] * 3
    article.search_headline, article.search_text = "narwhal", "horn"
    db.session.commit()
    assert [found(client, word) for word in ("walrus", "whiskers")] == [[], []]
    assert [found(client, word) for word in ("narwhal", "horn", "tusks")] == [["a"]] * 3
    article.password_hash = "x"
    db.session.commit()
    assert [found(client, word) for word in ("narwhal", "horn", "tusks")] == [["a"], [], []]
    db.session.delete(article)
    db.session.commit()
    assert found(client, "narwhal") == []


@pytest.mark.both_databases
def test_narrowed_by_category_author_and_time(client: FlaskClient) -> None:
    science = make_category("Science", slug="science")
    physics = make_category("Physics", slug="physics", parent=science)
    mara = make_author("Mara", slug="mara")
    long_ago = clock.now() - timedelta(days=40)
    make_article("Tide one", slug="one", categories=[physics], published_at=long_ago)
    make_article("Tide two", slug="two", authors=[mara], published_at=clock.now() - timedelta(hours=1))
    make_article("Tide three", slug="three", categories=[science], authors=[mara])
    assert found(client, "tide", category="science") == ["three", "one"]
    assert found(client, "tide", category="physics") == ["one"]
    assert found(client, "tide", author="mara") == ["three", "two"]
    assert found(client, "tide", days=31) == ["three", "two"]
    assert found(client, "tide", days=31, category="science", author="mara") == ["three"]
    assert found(client, "tide", category="nowhere", author="nobody", days="x") == ["three", "two", "one"]
    page = client.get("/search?q=tide&category=physics&author=mara").text
    assert "Nothing of that choice contains this word." in page
    assert 'value="physics" selected' in page and "only by Mara" in page


@pytest.mark.both_databases
def test_a_typing_mistake_gets_a_suggestion(client: FlaskClient) -> None:
    make_article("Lighthouse keepers", slug="a")
    make_tag("Seaweed")
    page = client.get("/search?q=lighthuose keepers").text
    assert (
        'Did you mean <a class="quiet-link" href="/search?q=lighthouse%20keepers">lighthouse keepers</a>?'
        in page
    )
    begun = client.get("/search?q=lighthuose keep").text
    assert ">lighthouse keep</a>?" in begun, "the beginning of a word is as good as a whole one"
    assert "Did you mean" not in client.get("/search?q=seawed").text, "nothing would be found"
    assert "Did you mean" not in client.get("/search?q=lighthouse").text
    assert "Did you mean" not in client.get("/search?q=qqqqqq").text


@pytest.mark.both_databases
def test_a_suggestion_finds_something_within_what_was_chosen(client: FlaskClient) -> None:
    sea, energy = make_category("Sea", slug="sea"), make_category("Energy", slug="energy")
    make_article("Lighthouse keepers", categories=[make_category("Coast", slug="coast", parent=sea)])
    make_article("Lighthouse drafts", categories=[energy], status=Status.draft)
    assert "Did you mean" in client.get("/search?q=lighthuose&category=sea").text
    assert "Did you mean" not in client.get("/search?q=lighthuose&category=energy").text


@pytest.mark.both_databases
def test_of_very_many_matches_the_newest_are_ranked_and_that_is_said(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_queries, "MOST", 3)
    for number in range(5):
        make_article("Tide", slug=f"a{number}", published_at=clock.now() - timedelta(hours=9 - number))
    assert found(client, "tide") == ["a4", "a3", "a2"]
    assert "3 results and more: the newest are ranked" in client.get("/search?q=tide").text


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
    assert len(many) == len(few) <= 7


@pytest.mark.both_databases
def test_the_known_words_are_remembered_until_readers_may_notice_something(client: Browser) -> None:
    client.remembers = True
    make_article("Lighthouse keepers")

    def asked(word: str) -> tuple[str, int]:
        with counted() as statements:
            page = client.get(f"/search?q={word}").text
        return page, sum("search_headline" in one or "UNION ALL SELECT anon" in one for one in statements)

    asked("lighthuose")
    page, statements = asked("lighthuose")
    assert "Did you mean" in page and statements == 0
    assert "Did you mean" not in asked("marzipna")[0]
    make_article("Marzipan weather")
    page, statements = asked("marzipna")
    assert "?q=marzipan" in page and statements > 0
