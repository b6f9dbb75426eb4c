"""The sanitiser as readers meet it: what stays of a text, what goes, and that nothing hostile comes through."""

import re
import sys
import threading

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import hostile
from webapp import markup
from webapp.markup_rules import ARTICLE, COMMENT, COMMENT_REL, Policy

REL = f'rel="{COMMENT_REL}"'


def _elements(html):
    """Every element of the HTML as a browser would build it, by a parser that the sanitiser does not use itself."""
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    return [element for element in tree.iter() if element is not tree]


def _assert_harmless(html: str, policy: Policy):
    for element in _elements(html):
        assert isinstance(element.tag, str), f"a comment is left in {html!r}"
        assert element.tag in policy.tags
        allowed = policy.allowed.get(element.tag, frozenset()) | policy.allowed.get("*", frozenset())
        for name, value in element.attrib.items():
            assert name in allowed or name == "class", f"{name} on <{element.tag}>"
            if name in ("href", "src", "poster", "cite"):
                assert re.match(r"https?://\w|mailto:|tel:|/(?![/\\])|#|\?", value), value
            if name == "id":
                assert value.startswith("a-")
            if name == "class":
                assert set(value.split()) <= markup.BODY_CLASSES
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]", html)


# Comments


@pytest.mark.parametrize("source", hostile.COMMENTS)
def test_a_hostile_comment_comes_out_harmless(source):
    html = markup.clean_comment(source)
    _assert_harmless(html, COMMENT)
    for element in _elements(html):
        if element.tag == "a":
            assert re.match("https?://", element.get("href"), re.IGNORECASE)
            assert element.get("rel") == COMMENT_REL
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\ufeff]", html)
    assert markup.clean_comment(html) == html


@pytest.mark.parametrize("source", hostile.SCRIPTS)
def test_the_text_of_a_script_never_becomes_an_element(source):
    assert not [element for element in _elements(markup.clean_comment(source)) if element.tag == "script"]


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Plain words.", "<p>Plain words.</p>"),
        ("one\ntwo", "<p>one<br>two</p>"),
        ("one\r\n\r\n\r\ntwo", "<p>one</p>\n<p>two</p>"),
        ("  spaces   here ", "<p>spaces here</p>"),
        ("1 < 2 & 3 > 2 <3", "<p>1 &lt; 2 &amp; 3 &gt; 2 &lt;3</p>"),
        ("if a <b then", "<p>if a &lt;b then</p>"),
        ("&lt;b&gt; &amp;lt; &copy;", "<p>&lt;b&gt; &amp;lt; ©</p>"),
        ("<b>bold</b> <i>it</i>", "<p><b>bold</b> <i>it</i></p>"),
        ("<b>one\n\ntwo</b> three", "<p><b>one</b></p>\n<p><b>two</b> three</p>"),
        ("<b><i>x</b>y</i>", "<p><b><i>x</i></b><i>y</i></p>"),
        ("<b></b><p></p>", ""),
        ("<strike>x</strike>", "<p><s>x</s></p>"),
        ("<div>one</div><div>two</div>", "<p>one</p>\n<p>two</p>"),
        ("<h1>Loud</h1>quiet", "<p>Loud</p>\n<p>quiet</p>"),
        ("a<br>b<br />\nc", "<p>a<br>b<br>c</p>"),
        ("a<br><br>b", "<p>a</p>\n<p>b</p>"),
        ("<blockquote>said\n\nmore</blockquote>so", "<blockquote><p>said</p>\n<p>more</p>\n</blockquote>\n<p>so</p>"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li>\n<li>b</li>\n</ul>"),
        ("<ul>a</ul>", "<ul><li>a</li>\n</ul>"),
        ("<li>alone", "<p>alone</p>"),
        ("<pre>\n a\n  <b>b</b></pre>", "<pre> a\n  <b>b</b></pre>"),
        ("<code>x = 1</code>", "<p><code>x = 1</code></p>"),
        ("<abbr title='HyperText'>HTML</abbr>", '<p><abbr title="HyperText">HTML</abbr></p>'),
        ("<q>so</q> <cite>Ann</cite> <em>e</em> <del>d</del>",
         "<p><q>so</q> <cite>Ann</cite> <em>e</em> <del>d</del></p>"),
        ("before<script>alert(1)</script>after", "<p>beforeafter</p>"),
        ("a<style>b{}</style>c<svg><text>d</text></svg>e", "<p>ace</p>"),
        ("<u>unknown</u> <font size=7>tags</font>", "<p>unknown tags</p>"),
        ("<!-- hidden -->shown", "<p>shown</p>"),
        ("", ""),
        (" \n\t ", ""),
        ("\u200b\u2060&nbsp;\u3164", ""),
    ],
)  # fmt: skip
def test_comment_markup(source, html):
    assert markup.clean_comment(source) == html


def _link(address, words=None):
    return f'<a href="{address}" {REL}>{words or address}</a>'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("see https://example.org/a?b=1&c=2.", f"see {_link('https://example.org/a?b=1&amp;c=2')}."),
        ("(http://example.org)", f"({_link('http://example.org')})"),
        ("http://example.org/Foo_(bar), x", f"{_link('http://example.org/Foo_(bar)')}, x"),
        ("www.example.org/x!", f"{_link('http://www.example.org/x', 'www.example.org/x')}!"),
        ("“https://example.org”", f"“{_link('https://example.org')}”"),
        ("https://例え.jp/道。次", f"{_link('https://例え.jp/道')}。次"),
        ("https://example.org/a?x=&amp;lt;", f"{_link('https://example.org/a?x=&amp;lt')};"),
        ("<https://example.org>", f"&lt;{_link('https://example.org')}&gt;"),
        ("<code>https://example.org</code>", "<code>https://example.org</code>"),
        ("<a href='https://example.org/'>here</a>", _link("https://example.org/", "here")),
        ("<a href='HTTPS://example.org/a b'>here</a>", _link("HTTPS://example.org/a%20b", "here")),
        (
            "<a href='https://example.org/?a=1&copy=2'>x</a>",
            _link("https://example.org/?a=1&amp;copy=2", "x"),
        ),
        ("<a href='mailto:a@example.org'>x</a>", "x"),
        ("<a name=x>x</a>", "x"),
        ("ftp://example.org javascript:alert(1)", "ftp://example.org javascript:alert(1)"),
        ("https://user:word@example.org", "https://user:word@example.org"),
        ("mail me@example.org", "mail me@example.org"),
        ("xhttps://example.org", "xhttps://example.org"),
    ],
)
def test_links_in_comments(source, html):
    if source.startswith("<https"):  # A tag to every parser: nothing of it can be shown.
        assert markup.clean_comment(source) == ""
    else:
        assert markup.clean_comment(source) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("family 👩‍👩‍👧‍👦 and 👩🏽‍💻", "family 👩‍👩‍👧‍👦 and 👩🏽‍💻"),
        ("می‌خواهم", "می‌خواهم"),
        ("क्‍ष", "क्‍ष"),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿 flag", "🏴󠁧󠁢󠁳󠁣󠁴󠁿 flag"),
        ("שלום \u200fעולם", "שלום \u200fעולם"),
        ("w\u200do\u200br\u00add", "word"),
        ("\u202etxet\u202c", "txet"),
        ("e\u0301", "é"),
        ("Z" + "\u0301\u0316" * 50, "Ź" + "\u0316" * 4),
        ("a\U000e0041b", "ab"),
        ("a\x00\x07\ufdd0\uffffb", "ab"),
    ],
)
def test_characters_of_a_comment(typed, kept):
    assert markup.clean_comment(typed) == f"<p>{kept}</p>"


def test_a_comment_of_the_longest_length_is_taken_and_a_longer_one_is_not():
    assert (
        markup.clean_comment("é" * (markup.COMMENT_LIMIT // 2))
        == f"<p>{'é' * (markup.COMMENT_LIMIT // 2)}</p>"
    )
    with pytest.raises(markup.TooLong) as refusal:
        markup.clean_comment("é" * (markup.COMMENT_LIMIT // 2 + 1))
    assert refusal.value.limit == markup.COMMENT_LIMIT


def _depth(html):
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    level, row = 0, list(tree)
    while row:
        level, row = level + 1, [child for element in row for child in element]
    return level


@pytest.mark.parametrize("tag", ["b", "blockquote", "ul><li", "q", "div", "span", "a href=http://a.example"])
def test_nesting_is_cut_and_the_words_stay(tag):
    html = markup.clean_comment(f"<{tag}>" * 2000 + "words")
    assert "words" in html
    assert _depth(html) <= COMMENT.deepest_block + 1 + COMMENT.deepest_inline


@pytest.mark.parametrize(
    "unit",
    ["<", "<b>", "<p>x", "<b><p>x", "(", "http://a.example/(", "&", "&#", "<!--", "<a x='", "<a ", "www.", "\n", "[",
     "x<br>", "</p>", "<ul><li>", "<table>", "<b id=1>x", "\u0301", "\u200d", "<script>", "<title>", "<svg>"],
)  # fmt: skip
def test_what_is_written_stays_in_proportion_to_what_was_sent(unit):
    source = f"<b><i><a href='http://example.org/{'x' * 200}'>" + unit * (20_000 // len(unit))
    assert len(markup.clean_comment(source)) < 20 * len(source)
    assert len(markup.clean_article(source)) < 20 * len(source)


_pieces = st.sampled_from(
    ["<b>", "</b>", "<i>", "</i>", "<p>", "</p>", "<ul>", "<ol>", "<li>", "</li>", "</ul>", "<blockquote>",
     "</blockquote>", "<pre>", "</pre>", "<code>", "</code>", "<a href='http://a.example/?b&c'>", "</a>",
     "<br>", "\n", "\n\n", " ", "x", "y z", "http://a.example/b", "www.a.example", "(", ")", ".",
     "&amp;lt;", "&", "<", ">", "\"", "'", "\u200d", "\ud83d\udc69", "\u0301", "e", "&nbsp;", "<q>",
     "</q>", "<abbr title='a \"b\" &amp; c'>", "</abbr>", "<div>", "</div>", "<table>", "<tr>", "<td>",
     "</table>", "<script>", "</script>", "<!--", "-->", "&#x202e;", "&#10;", "<h2>", "</h2>", "<h1 id=x>",
     "<dl>", "<dt>", "<dd>", "</dl>", "<figure>", "<figcaption>", "</figure>", "<img src=/x.jpg>", "<hr>",
     "<details>", "<summary>", "</details>", "<video src=/v.mp4>", "</video>",
     "<iframe src=https://youtu.be/x></iframe>", "<a href=#x>", "<a id=y>", "<a name=z>", "<caption>",
     "<thead>", "<th scope=col>", "<sup>", "</sup>", "<span>", "<object>", "<!--nextpage-->", "</td>",
     "</tr>"]
)  # fmt: skip
_sources = st.lists(_pieces, max_size=40).map("".join) | st.text(max_size=200)


@settings(max_examples=400, deadline=None)
@given(_sources)
def test_cleaning_a_comment_again_changes_nothing(source):
    html = markup.clean_comment(source)
    _assert_harmless(html, COMMENT)
    assert markup.clean_comment(html) == html


@settings(max_examples=400, deadline=None)
@given(_sources)
def test_cleaning_an_article_again_changes_nothing(source):
    html = markup.clean_article(source)
    for page in html.split(markup.PAGE_BREAK):
        _assert_harmless(page, ARTICLE)
    assert markup.clean_article(html) == html


def test_threads_do_not_mix_up_their_texts():
    wrong, interval = [], sys.getswitchinterval()

    def clean(number):
        for turn in range(40):
            words = f"<b>thread {number}</b> turn {turn} https://example.org/{number}/{turn}"
            html = markup.clean_comment(words)
            if (
                html.count(f"https://example.org/{number}/{turn}") != 2
                or f"<b>thread {number}</b>" not in html
            ):
                wrong.append(html)

    threads = [threading.Thread(target=clean, args=(number,)) for number in range(4)]
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert wrong == []


# Articles


@pytest.mark.parametrize("source", hostile.ARTICLES)
def test_a_hostile_article_comes_out_harmless(source):
    html = markup.clean_article(source)
    for page in html.split(markup.PAGE_BREAK):
        _assert_harmless(page, ARTICLE)
    assert markup.clean_article(html) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<h1>Big</h1>", "<h2>Big</h2>"),
        ("<h3 class=x style='color:red' align=center>H</h4>t", "<h3>H</h3>\nt"),
        ("<p>a<div>b</div>c", "<p>a</p>\n<div>b</div>\nc"),
        ("<section><p>x</p></section>", "<div><p>x</p>\n</div>"),
        ("<p></p><figure></figure><ul></ul>", ""),
        ("<tt>a</tt><acronym title=b>c</acronym>", '<code>a</code><abbr title="b">c</abbr>'),
        ("<a href='https://example.org/' target=_blank>x</a>", '<a href="https://example.org/" rel="noopener">x</a>'),
        ("<a href=http://a.example rel='sponsored me'>x</a>",
         '<a href="http://a.example" rel="sponsored noopener">x</a>'),
        ("<a href='/2013/01/x/'>x</a>", '<a href="/2013/01/x/">x</a>'),
        ("<a href='mailto:a@example.org'>x</a>", '<a href="mailto:a@example.org">x</a>'),
        ("<a href='//example.org/x'>x</a>", '<a href="https://example.org/x" rel="noopener">x</a>'),
        ("<a href='page.html'>x</a>", "x"),
        ("<img src='/a.jpg' alt='A \"b\"' width=10 height=20 class='alignleft size-full'>",
         '<img alt="A &quot;b&quot;" loading="lazy" src="/a.jpg" width="10" height="20">'),
        ("<img src=/a.jpg width=100% srcset='/b.jpg 2x'>", '<img alt="" loading="lazy" src="/a.jpg">'),
        ("<img src=a.jpg><img>", ""),
        ("<figure class='body-left size-large'><img src=/a.jpg><figcaption>C <b>b</b></figcaption></figure>",
         ('<figure class="body-left"><img alt="" loading="lazy" src="/a.jpg"><figcaption>C <b>b</b>'
         '</figcaption>\n</figure>')),
        ("<table><tr><th scope=col colspan=2 rowspan=x>H<tr><td>1<td>2</table>",
         ('<table><tbody><tr><th scope="col" colspan="2">H</th>\n</tr>\n<tr><td>1</td>\n<td>2</td>\n'
         '</tr>\n</tbody>\n</table>')),
        ("<table>loose<tr><td>1</table>",
         "<table><tbody><tr><td>loose</td>\n</tr>\n<tr><td>1</td>\n</tr>\n</tbody>\n</table>"),
        ("<dl><dt>a<dd>b</dl>", "<dl><dt>a</dt>\n<dd>b</dd>\n</dl>"),
        ("<ol start=3 type=a reversed><li value=4>x</ol>",
         '<ol start="3" type="a" reversed=""><li value="4">x</li>\n</ol>'),
        ("<details open><summary>s</summary>t</details>", '<details open=""><summary>s</summary>\nt</details>'),
        ("<audio src=/a.mp3 autoplay loop>old</audio>", '<audio src="/a.mp3" controls="" preload="none"></audio>'),
        ("<video poster=/p.jpg width=640><source src=/v.mp4 type=video/mp4><a href=/v.mp4>v</a></video>x",
         ('<video poster="/p.jpg" width="640" controls="" preload="none">'
         '<source src="/v.mp4" type="video/mp4"></video>x')),
        ("<video>nothing</video>x", "x"),
        ("<time datetime='2013-01-05T10:00:00+01:00' pubdate>then</time>",
         '<time datetime="2013-01-05T10:00:00+01:00">then</time>'),
        ("<p lang=de dir=rtl title=x>x</p>", '<p lang="de" dir="rtl">x</p>'),
        ("H<sub>2</sub>O<sup>1</sup> <mark>m</mark> <kbd>k</kbd> <small>s</small> <ins>i</ins>",
         "H<sub>2</sub>O<sup>1</sup> <mark>m</mark> <kbd>k</kbd> <small>s</small> <ins>i</ins>"),
        ("a<br>b<hr>c", "a<br>b<hr>\nc"),
        ("<pre>  a\n\tb</pre>", "<pre>  a\n\tb</pre>"),
        ("<script>x</script><style>y</style><!-- z --><form><input>t</form>", "<div>t</div>"),
    ],
)  # fmt: skip
def test_article_markup(source, html):
    assert markup.clean_article(source) == html


def test_ids_get_a_prefix_and_links_to_them_follow():
    source = (
        "<p>see<a id='ref1' href='#note1'>1</a></p><a name='old'></a><h2 id='note1'>N</h2><h3 id='note1'>twice</h3>"
        "<a href='#old'>o</a><a href='#comments'>c</a><a href='#'>top</a>"
    )
    html = markup.clean_article(source)
    assert html == (
        '<p>see<a href="#a-note1" id="a-ref1">1</a></p>\n<a id="a-old"></a><h2 id="a-note1">N</h2>\n<h3>twice</h3>\n'
        '<a href="#a-old">o</a><a href="#comments">c</a><a href="#">top</a>'
    )
    assert markup.clean_article("<p id=x>x</p>", prefix="b-") == '<p id="b-x">x</p>'


def test_pages_are_cleaned_apart():
    html = markup.clean_article(
        "<p><b>one<!--nextpage-->two</b><a href='#n'>n</a><!--nextpage--> <!--nextpage--><p id=n>three"
    )
    assert html.split(markup.PAGE_BREAK) == [
        "<p><b>one</b></p>",
        'two<a href="#a-n">n</a>',
        '<p id="a-n">three</p>',
    ]


@pytest.mark.parametrize(
    ("source", "address", "words"),
    [
        ("<iframe src='//www.youtube.com/embed/dQw4w9WgXcQ?rel=0'></iframe>",
         "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "Watch on YouTube"),
        ("<iframe src='https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ' title='The song'></iframe>",
         "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "Watch: “The song” on YouTube"),
        ("<iframe src='https://player.vimeo.com/video/123?h=1'></iframe>", "https://vimeo.com/123", "Watch on Vimeo"),
        ("<iframe src='https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b&color=1'></iframe>",
         "https://soundcloud.com/a/b", "Listen on SoundCloud"),
        ("<object data='x.swf'><embed src='http://www.youtube.com/v/dQw4w9WgXcQ'></object>",
         "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "Watch on YouTube"),
        ("<iframe src='https://charts.example/7?a=1&amp;b=2'></iframe>",
         "https://charts.example/7?a=1&amp;b=2", "Open the embedded page (charts.example)"),
    ],
)  # fmt: skip
def test_a_frame_becomes_a_card_with_a_link(source, address, words):
    card = f'<figure class="body-embed"><a href="{address}" rel="noopener">{words}</a></figure>'
    assert markup.clean_article(f"<p>{source}</p>") == card


# Text


def test_a_single_line_has_no_hidden_or_control_characters():
    assert markup.clean_text("  Ann\n\u202e\x00 \u200be\u0301 Lee\u200f ") == "Ann é Lee"


def test_plain_text_has_a_line_for_each_block():
    html = (
        "<h2>Head&amp;s</h2><p>a <b>b</b>\nc<br>d</p><script>no</script>"
        "<ul><li>x</li><li>y</li></ul><table><tr><td>1</td><td>2</td></tr></table>"
    )
    assert markup.plain_text(html) == "Head&s\na b c\nd\nx\ny\n1 2"
    assert markup.plain_text("one<!--nextpage--><svg><text>no</text></svg>") == "one"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("— … 👍", 0),
        ("one two-three o'clock", 3),
        ("3,5 %", 2),
        ("Привет, мир", 2),
        ("日本語の文章です", 4),
        ("中文 and English", 3),
        ("안녕하세요 세계", 2),
        ("สวัสดีชาวโลก", 3),
        ("שלום עולם", 2),
    ],
)
def test_words_are_counted_in_every_script(text, count):
    assert markup.word_count(text) == count


@pytest.mark.parametrize(
    ("text", "words", "result"),
    [
        ("one two\nthree", 3, "one two three"),
        ("one two, three", 2, "one two…"),
        ("中文字符很多", 2, "中文字符…"),
        ("", 5, ""),
    ],
)
def test_an_excerpt_ends_after_so_many_words(text, words, result):
    assert markup.excerpt(text, words=words) == result


@pytest.mark.parametrize(
    ("text", "terms", "html"),
    [
        ("Café <b> & cafés", ["cafe"], "<mark>Café</mark> &lt;b&gt; &amp; <mark>café</mark>s"),
        ("decaf Cafe\u0301!", ["café"], "decaf <mark>Cafe\u0301</mark>!"),
        ("STRASSE und Straße", ["straße"], "<mark>STRASSE</mark> und <mark>Straße</mark>"),
        ("東京都の天気", ["天気"], "東京都の<mark>天気</mark>"),
        ("a.c abc", ["a.c", ""], "<mark>a.c</mark> abc"),
        ("<script>", ["script"], "&lt;<mark>script</mark>&gt;"),
        ("nothing", [], "nothing"),
        ("newsroom news", ["news", "newsroom"], "<mark>newsroom</mark> <mark>news</mark>"),
    ],
)
def test_terms_are_marked(text, terms, html):
    assert markup.highlight(text, terms) == html


def test_both_sides_of_a_search_fold_alike():
    assert markup.fold("  CAFÉ\nＮews Straße ") == markup.fold("cafe news strasse")
    assert markup.fold("が") != markup.fold("か")


@pytest.mark.parametrize(
    ("text", "blank"), [("\u200d \u0301\u2800", True), ("👍", False), ("!", False), ("a", False)]
)
def test_whether_anything_can_be_seen(text, blank):
    assert markup.is_blank(text) is blank
