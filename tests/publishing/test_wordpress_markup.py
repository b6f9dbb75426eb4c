"""Texts of WordPress as readers see them here: blocks, classic paragraphs, shortcodes, embeds, pages."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests import hostile
from webapp import markup
from webapp.publishing.wordpress_markup import Context, MediaInfo, convert
from webapp.publishing.wordpress_paragraphs import paragraphs
from webapp.publishing.wordpress_shortcodes import attributes

EXPORT = Path(__file__).parents[3] / "shared" / "exports" / "theme-unit-test-data.xml"
PICTURES = {
    number: MediaInfo(
        f"/media/{number}.jpg", 600, 400, f"Alt {number}", f"Caption {number}", f"T{number}", id=number
    )
    for number in (1, 2, 3)
}
SOUND = MediaInfo("/media/song.mp3", title="Song", mime="audio/mpeg", id=9)
CONTEXT = Context(
    base_urls=("https://old.example/blog",),
    attachment={**PICTURES, 9: SOUND}.get,
    attachments_of_post=(PICTURES[2], PICTURES[1], SOUND),
    headline={"/2013/01/pier/": "The pier"}.get,
    reusable={
        5: "<!-- wp:paragraph --><p>Again</p><!-- /wp:paragraph -->",
        6: '<!-- wp:block {"ref":6} /-->',
    }.get,
    footnotes=(("n1", "The <em>note</em>."),),
)


def _html(source):
    return convert(source, CONTEXT).html


def _flat(html):
    """Without the line ends between blocks and without what every picture has."""
    return re.sub(r">\n", ">", html).replace(' loading="lazy"', "")


def _image(number, extra=""):
    return f'<img alt="Alt {number}"{extra} src="/media/{number}.jpg" width="600" height="400">'


# Classic paragraphs


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("one\n\ntwo", "<p>one</p><p>two</p>"),
        ("one\r\n \r\n\r\ntwo\r\nthree", "<p>one</p><p>two<br>three</p>"),
        ("a <b>b\nc</b>", "<p>a <b>b<br>c</b></p>"),
        ("a<br />\nb", "<p>a<br>b</p>"),
        ("<h2>Head</h2>\ntext\n<ul>\n<li>x</li>\n<li>y</li>\n</ul>\nmore",
         "<h2>Head</h2><p>text</p><ul><li>x</li><li>y</li></ul><p>more</p>"),
        ("<p>one\ntwo</p>\nthree", "<p>one<br>two</p><p>three</p>"),
        ("<p>one\n\ntwo</p>", "<p>one</p><p>two</p>"),
        ("<div>bare</div>", "<div>bare</div>"),
        ("<div>\none\n\ntwo\n</div>", "<div><p>one</p><p>two</p></div>"),
        ("<blockquote>said</blockquote>", "<blockquote><p>said</p></blockquote>"),
        ("<blockquote>a\n\nb</blockquote>", "<blockquote><p>a</p><p>b</p></blockquote>"),
        ("<pre>\na\n\n  b</pre>\nc", "<pre>a\n\n  b</pre><p>c</p>"),
        ("<table>\n<tr>\n<td>a\nb</td>\n</tr>\n</table>", "<table><tbody><tr><td>a<br>b</td></tr></tbody></table>"),
        ("<li>x", "<p>x</p>"),
        ("a\n<hr />\nb", "<p>a</p><hr><p>b</p>"),
        ("a <!-- note\n\n --> b", "<p>a</p><p>b</p>"),
        ('<a href="/x"\ntitle="y">z</a>', '<p><a href="/x">z</a></p>'),
        ("<script>\n\nalert(1)\n\n</script>x", "<p>x</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_line_breaks_become_paragraphs(source, html):
    assert _flat(_html(source)) == html if source != "<li>x" else _flat(_html(source)) in (html, "x")


def test_text_that_has_paragraphs_stays_as_it_is():
    source = "<p>one</p>\n<p>two</p>\n"
    assert _flat(paragraphs(source)) == "<p>one</p><p>two</p>"


def test_a_floating_picture_becomes_a_figure_before_its_paragraph():
    html = _flat(_html('<img class="alignleft wp-image-1" src="/media/1.jpg" />Text goes on'))
    assert html == f'<figure class="body-left">{_image(1)}</figure><p>Text goes on</p>'
    html = _flat(
        _html('<p style="text-align:center"><img class="aligncenter wp-image-1" src="/media/1.jpg" /></p>')
    )
    assert html == f'<figure class="body-center">{_image(1)}</figure>'
    assert "<p>A <img" in _html('A <img src="/media/1.jpg"> in words')


# Blocks


def _block(name, inner="", attributes=""):
    return f"<!-- wp:{name} {attributes}-->\n{inner}\n<!-- /wp:{name} -->"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (_block("paragraph", '<p class="has-text-align-center has-large-font-size">x</p>'),
         '<p class="body-text-center">x</p>'),
        (_block("heading", '<h1 class="wp-block-heading" id="x">H</h1>', '{"level":1} '), '<h2 id="a-x">H</h2>'),
        (_block("list", "<ul><!-- wp:list-item --><li>a</li><!-- /wp:list-item --></ul>"), "<ul><li>a</li></ul>"),
        (_block("image", '<figure class="wp-block-image alignright size-large"><img src="/media/1.jpg" alt="" '
                'class="wp-image-1"/><figcaption class="wp-element-caption">C</figcaption></figure>', '{"id":1} '),
         f'<figure class="body-right">{_image(1)}<figcaption>C</figcaption></figure>'),
        (_block("image", '<div class="wp-block-image"><figure class="alignleft"><img src="/x.jpg"/></figure></div>'),
         '<figure class="body-left"><img alt="" src="/x.jpg"></figure>'),
        (_block("quote", '<blockquote class="wp-block-quote"><p>q</p><cite>Ann</cite></blockquote>'),
         "<blockquote><p>q</p><cite>Ann</cite></blockquote>"),
        (_block("pullquote", '<figure class="wp-block-pullquote"><blockquote><p>q</p></blockquote></figure>'),
         '<figure class="body-pull"><blockquote><p>q</p></blockquote></figure>'),
        (_block("table", '<figure class="wp-block-table"><table class="x"><thead><tr><th scope="col">H</th></tr>'
                "</thead>"
                "<tbody><tr><td>1</td></tr></tbody></table><figcaption>T</figcaption></figure>"),
         ('<figure><table><thead><tr><th scope="col">H</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>'
         "<figcaption>T</figcaption></figure>")),
        (_block("code", '<pre class="wp-block-code"><code>[gallery]\nhttps://youtu.be/x</code></pre>'),
         "<pre><code>[gallery]\nhttps://youtu.be/x</code></pre>"),
        (_block("verse", '<pre class="wp-block-verse">a\n b</pre>'), '<pre class="body-verse">a\n b</pre>'),
        (_block("preformatted", '<pre class="wp-block-preformatted">a\n b</pre>'), "<pre>a\n b</pre>"),
        (_block("separator", '<hr class="wp-block-separator alignwide"/>'), '<hr class="body-wide">'),
        (_block("spacer", '<div style="height:50px" aria-hidden="true" class="wp-block-spacer"></div>'), ""),
        (_block("group", f'<div class="wp-block-group">{_block("paragraph", "<p>in</p>")}</div>'),
         "<div><p>in</p></div>"),
        (_block("columns", '<div class="wp-block-columns"><!-- wp:column --><div class="wp-block-column">'
                "<p>a</p></div><!-- /wp:column --></div>"),
         '<div class="body-columns"><div class="body-column"><p>a</p></div></div>'),
        (_block("button", '<div class="wp-block-button"><a class="wp-block-button__link" href="https://old.example/x">'
                "Go</a></div>"),
         '<div><a class="body-button" href="/x">Go</a></div>'),
        (_block("media-text", '<div class="wp-block-media-text alignwide"><figure class="wp-block-media-text__media">'
                '<img src="/x.jpg" alt="A"/></figure><div class="wp-block-media-text__content"><p>t</p></div></div>'),
         '<div class="body-media body-wide"><figure><img alt="A" src="/x.jpg"></figure><div><p>t</p></div></div>'),
        (_block("cover", '<div class="wp-block-cover alignfull" style="background-image:url(/x.jpg)">'
                '<p class="wp-block-cover-text">t</p></div>'),
         '<div class="body-cover body-full"><img alt="" src="/x.jpg"><p>t</p></div>'),
        (_block("file", '<div class="wp-block-file"><object data="/x.pdf" type="application/pdf"></object>'
                '<a href="/x.pdf">Report</a><a href="/x.pdf" class="wp-block-file__button" download>Get</a></div>'),
         '<p><a href="/x.pdf">Report</a></p>'),
        (_block("video", '<figure class="wp-block-video"><video controls src="/v.mp4"></video></figure>'),
         '<figure><video controls="" src="/v.mp4" preload="none"></video></figure>'),
        (_block("social-links", '<ul class="wp-block-social-links"><!-- wp:social-link '
                '{"url":"https://www.youtube.com/x","service":"youtube"} /--></ul>'),
         '<ul><li><a href="https://www.youtube.com/x" rel="noopener">YouTube</a></li></ul>'),
        (_block("html", "<b>raw</b>") + _block("paragraph", "<p>x</p>"), "<b>raw</b><p>x</p>"),
        (_block("shortcode", "[audio src='/a.mp3']"),
         '<figure><audio src="/a.mp3" controls="" preload="none"></audio></figure>'),
        ('<!-- wp:block {"ref":5} /-->', "<p>Again</p>"),
        ("<!-- wp:footnotes /-->",
         '<ol><li id="a-n1">The <em>note</em>. <a href="#n1-link">↩︎</a></li></ol>'),
        (_block("jetpack/markdown", '<div class="wp-block-markdown"><p>own</p></div>'), "<div><p>own</p></div>"),
        (_block("paragraph", "<p>a</p>") + "\n\nclassic\ntext\n\nmore", "<p>a</p><p>classic<br>text</p><p>more</p>"),
        ("<!-- wp:group --><p>never closed", "<p>never closed</p>"),
        ("<p>a</p><!-- /wp:group --><!-- wp:paragraph {bad} --><p>b</p><!-- /wp:paragraph -->", "<p>a</p><p>b</p>"),
    ],
)  # fmt: skip
def test_blocks(source, html):
    assert _flat(_html(source)) == html


@pytest.mark.parametrize("wrapping", ["ul", "figure"])
def test_old_and_new_galleries_look_the_same(wrapping):
    item = '<figure><img src="/media/1.jpg" class="wp-image-1"/><figcaption>C</figcaption></figure>'
    inner = {
        "ul": f'<ul class="wp-block-gallery columns-2"><li class="blocks-gallery-item">{item}</li></ul>',
        "figure": '<figure class="wp-block-gallery columns-2"><ul class="blocks-gallery-grid">'
        f'<li class="blocks-gallery-item">{item}</li></ul></figure>',
    }[wrapping]
    html = _flat(_html(_block("gallery", inner, '{"columns":2} ') + _block("paragraph", "<p>after</p>")))
    figure = f"<figure>{_image(1)}<figcaption>C</figcaption></figure>"
    assert html == f'<figure class="body-gallery body-gallery-2">{figure}</figure><p>after</p>'


def test_blocks_that_the_site_fills_vanish_and_are_told():
    source = (
        "<!-- wp:latest-posts /--><!-- wp:query --><div><!-- wp:query-no-results --><p>Nothing</p>"
        "<!-- /wp:query-no-results --></div><!-- /wp:query --><!-- wp:acme/map /--><p>x</p>"
    )
    result = convert(source, CONTEXT)
    assert result.html == "<p>x</p>"
    assert [re.search("“(.*)”", note)[1] for note in result.notes] == ["latest-posts", "query", "acme/map"]


def test_a_reusable_block_that_is_missing_or_holds_itself_is_told():
    assert convert('<!-- wp:block {"ref":7} /-->', CONTEXT).notes == [
        "The reusable block 7 is not in the export and was left out."
    ]
    assert convert('<!-- wp:block {"ref":6} /-->', CONTEXT).html == ""


# Embeds

CARD = '<figure class="body-embed"><a href="{}" rel="noopener">{}</a></figure>'


@pytest.mark.parametrize(
    ("address", "html"),
    [
        ("https://youtu.be/abc?t=1&x=2", CARD.format("https://youtu.be/abc?t=1&amp;x=2", "Watch on YouTube")),
        ("https://twitter.com/a/status/1", CARD.format("https://twitter.com/a/status/1", "See the post on X")),
        ("https://soundcloud.com/a/b", CARD.format("https://soundcloud.com/a/b", "Listen on SoundCloud")),
        ("https://other.example/a", '<p><a href="https://other.example/a" rel="noopener">https://other.example/a</a></p>'),
        ("https://old.example/2013/01/pier/", '<p><a href="/2013/01/pier/">Read as well: The pier</a></p>'),
        ("http://www.old.example/x", '<p><a href="/x">http://www.old.example/x</a></p>'),
        ("https://old.example/a.mp3", '<figure><audio src="/a.mp3" controls="" preload="none"></audio></figure>'),
        ("https://old.example/a.mp4", '<figure><video src="/a.mp4" controls="" preload="none"></video></figure>'),
    ],
)  # fmt: skip
def test_an_address_on_a_line_of_its_own(address, html):
    assert _flat(_html(f"before\n{address}\nafter")) == f"<p>before</p>{html}<p>after</p>"
    assert _flat(_html(_block("paragraph", f"<p>{address.replace('&', '&amp;')}</p>"))) == html


def test_an_address_among_words_or_in_pre_stays_text():
    assert _html("see https://youtu.be/abc now") == "<p>see https://youtu.be/abc now</p>"
    assert _html("<pre>\nhttps://youtu.be/abc\n</pre>") == "<pre>https://youtu.be/abc\n</pre>"


@pytest.mark.parametrize("name", ["embed", "core-embed/youtube"])
def test_embed_blocks_become_cards_with_their_caption(name):
    source = _block(
        name,
        '<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\nhttps://youtu.be/abc\n</div>'
        "<figcaption>The <em>film</em></figcaption></figure>",
        '{"url":"https://youtu.be/abc"} ',
    )
    assert _flat(_html(source)) == (
        '<figure class="body-embed"><a href="https://youtu.be/abc" rel="noopener">Watch on YouTube</a>'
        "<figcaption>The <em>film</em></figcaption></figure>"
    )


# Shortcodes


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (('[caption id="attachment_1" align="alignleft" width="300"]'
          '<a href="/x"><img class="wp-image-1" src="/media/1.jpg"'
         ' /></a> A <em>caption</em>[/caption]'),
         f'<figure class="body-left"><a href="/x">{_image(1)}</a><figcaption>A <em>caption</em></figcaption></figure>'),
        ('[caption align="aligncenter" caption="Old way"]<img src="/x.jpg" />[/caption]',
         '<figure class="body-center"><img alt="" src="/x.jpg"><figcaption>Old way</figcaption></figure>'),
        ('[gallery ids="2,1" columns="2"]',
         ('<figure class="body-gallery body-gallery-2">'
         f"<figure>{_image(2)}<figcaption>Caption 2</figcaption></figure>"
         f"<figure>{_image(1)}<figcaption>Caption 1</figcaption></figure></figure>")),
        ("[gallery ids=”1″ link=”file”]",
         ('<figure class="body-gallery body-gallery-3"><figure><a href="/media/1.jpg">'
         f"{_image(1)}</a><figcaption>Caption 1</figcaption></figure></figure>")),
        ("[gallery exclude=2]",
         ('<figure class="body-gallery body-gallery-3">'
         f"<figure>{_image(1)}<figcaption>Caption 1</figcaption></figure></figure>")),
        ("[embed width=5]https://youtu.be/abc[/embed]", CARD.format("https://youtu.be/abc", "Watch on YouTube")),
        ("[youtube https://www.youtube.com/watch?v=abcdef]",
         CARD.format("https://www.youtube.com/watch?v=abcdef", "Watch on YouTube")),
        ('[audio mp3="https://old.example/a.mp3"][/audio]',
         '<figure><audio src="/a.mp3" controls="" preload="none"></audio></figure>'),
        ("[audio]", '<figure><audio src="/media/song.mp3" controls="" preload="none"></audio></figure>'),
        ('[video src="/v.mp4" poster="/p.jpg" width="640" height="360"]',
         ('<figure><video src="/v.mp4" poster="/p.jpg" width="640" height="360" controls="" preload="none"></video>'
         "</figure>")),
        ('[video src="https://vimeo.com/1"]', CARD.format("https://vimeo.com/1", "Watch on Vimeo")),
        ("[playlist ids='9']",
         '<ol><li>Song<figure><audio src="/media/song.mp3" controls="" preload="none"></audio></figure></li></ol>'),
        ("[[gallery]] and [[audio x]y[/audio]]", "<p>[gallery] and [audio x]y[/audio]</p>"),
        ("[gallery ids=77]", ""),
        ("a [sic] [1] [...] []", "<p>a [sic] [1] [...] []</p>"),
    ],
)  # fmt: skip
def test_shortcodes(source, html):
    result = convert(source, CONTEXT)
    assert _flat(result.html) == html
    assert result.unknown_shortcodes == []


def test_unknown_shortcodes_stay_as_text_and_are_told():
    source = '[acme id="3"] text [b]bold[/b]\n\n[contact-form-7]\n\n[my_box]\nin [sic]\n[/my_box]'
    result = convert(source, CONTEXT)
    assert markup.plain_text(result.html).split("\n")[0] == '[acme id="3"] text [b]bold[/b]'
    assert result.unknown_shortcodes == ["acme", "b", "contact-form-7", "my_box"]


def test_a_gallery_names_what_is_missing():
    result = convert("[gallery ids='1,77']", CONTEXT)
    assert result.notes == ["The attachment 77, which [gallery] names, is not in the export."]
    assert result.media_refs.ids == [1, 77]


def test_attributes_of_shortcodes():
    assert attributes("a=1 B=\"x y\" c='z' &quot;v w&quot; https://e.example/?q=1") == (
        {"a": "1", "b": "x y", "c": "z"},
        ["v w", "https://e.example/?q=1"],
    )


# Addresses and media


@pytest.mark.parametrize(
    ("address", "result"),
    [
        ("https://old.example/2013/01/pier/?a=1&amp;b=2#x", "/2013/01/pier/?a=1&amp;b=2#x"),
        ("http://www.old.example", "/"),
        ("//old.example//evil.example/", "/evil.example/"),
        ("https://old.example.evil.example/", "https://old.example.evil.example/"),
        ("https://old.example@evil.example/", "https://old.example@evil.example/"),
        ("/already/", "/already/"),
        ("mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_own_addresses_become_paths(address, result):
    assert f'href="{result}"' in _html(f'<a href="{address}">x</a>')


def test_files_are_noted_and_led_to_where_they_are_served():
    served = {"https://old.example/wp-content/uploads/2013/01/a-300x200.jpg": "/media/2013/01/a-300x200.jpg"}
    context = Context(("https://old.example",), PICTURES.get, media_address=served.get)
    result = convert(
        '<img class="wp-image-1" src="https://old.example/wp-content/uploads/2013/01/a-300x200.jpg">'
        '<a href="https://old.example/wp-content/uploads/b.pdf">b</a><img src="https://cdn.example/c.jpg">',
        context,
    )
    assert 'src="/media/2013/01/a-300x200.jpg" width="300" height="200"' in result.html
    assert 'href="/wp-content/uploads/b.pdf"' in result.html
    assert result.media_refs.ids == [1]
    assert [url.rpartition("/")[2] for url in result.media_refs.urls] == ["a-300x200.jpg", "b.pdf"]


def test_a_picture_that_waited_for_a_script_is_shown():
    html = _html('<img src="data:image/gif;base64,R0" data-lazy-src="https://old.example/x.jpg" alt="A">')
    assert 'src="/x.jpg"' in html


# Pages, more, appendix


@pytest.mark.parametrize(
    "mark",
    [
        "<!--nextpage-->",
        "<!-- wp:nextpage -->\n<!--nextpage-->\n<!-- /wp:nextpage -->",
        "\n<!--nextpage-->\n",
    ],
)
def test_pages(mark):
    result = convert(f"<p>one <b>bold</p>{mark}<p>two</b></p>", CONTEXT)
    assert result.html == f"<p>one <b>bold</b></p>{markup.PAGE_BREAK}<p>two</p>"


@pytest.mark.parametrize(
    "mark",
    [
        "<!--more-->",
        "<!--more Read on-->",
        '<!-- wp:more {"customText":"x"} -->\n<!--more x-->\n<!-- /wp:more -->',
    ],
)
def test_more(mark):
    result = convert(f"<p>before</p>\n{mark}\n<p>after</p>", CONTEXT)
    assert (_flat(result.more_html), _flat(result.html)) == ("<p>before</p>", "<p>before</p><p>after</p>")
    assert convert("<p>whole</p>").more_html == ""


def test_noteaser_hides_what_stands_before_more():
    result = convert("teaser<!--more--><!--noteaser-->rest", CONTEXT)
    assert (result.more_html, result.html) == ("<p>teaser</p>", "<p>rest</p>")


def test_a_last_block_of_raw_html_is_the_appendix():
    text = _block("paragraph", "<p>text</p>")
    own = _block("html", "<div onclick=x><b>ours</b></div><script>alert(1)</script></article>")
    result = convert(f"{text}\n\n{own}\n", CONTEXT)
    assert (result.html, _flat(result.appendix_html)) == ("<p>text</p>", "<div><b>ours</b></div>")
    assert convert(own, CONTEXT).appendix_html == ""
    assert convert(f"{own}{text}", CONTEXT).appendix_html == ""


# Hostile texts


@pytest.mark.parametrize(
    "around", ["{}", "<!-- wp:html -->{}<!-- /wp:html --><p>x</p>", "[caption]{}[/caption]"]
)
def test_what_is_hostile_is_harmless_in_every_kind_of_text(around):
    for source in hostile.ARTICLES:
        result = convert(around.format(source), CONTEXT)
        for html in (result.html, result.more_html, result.appendix_html):
            assert markup.clean_article(html) == html


def test_attributes_of_shortcodes_and_blocks_cannot_break_out():
    html = _html(
        '[video src="/v.mp4" poster=\'"><script>alert(1)</script>\' width="1 onclick=alert(1)"]'
        '[caption align="x\' onclick=alert(1)" caption="<img src=x onerror=alert(1)>"]<img src="/x.jpg">[/caption]'
        '<!-- wp:embed {"url":"javascript:alert(1)"} -->\n<p>javascript:alert(1)</p><!-- /wp:embed -->'
    )
    assert "<script" not in html
    assert not re.search(r"<[^>]+(onclick|onerror|javascript)", html)


@pytest.mark.parametrize("unit", ["[", "<"])
def test_a_megabyte_of_brackets_comes_through_as_text(unit):
    html = convert(unit * 1_000_000).html
    assert markup.plain_text(html) == unit * 1_000_000


@pytest.mark.parametrize(
    "unit",
    ["[a ", "[caption]", "[/caption]", "<!-- wp:a ", "<!-- wp:group -->", "<pre>", "<div class=wp-caption>",
     "<!--more-->", "http://a.example\n", "<p>https://", "\n\n", "<ul>"],
)  # fmt: skip
def test_long_repetitions_stay_in_proportion(unit):
    source = unit * (100_000 // len(unit))
    assert len(convert(source).html) < 10 * len(source)


# A real export


def test_the_real_export_comes_through_clean_and_whole():
    if not EXPORT.exists():
        pytest.skip(f"The export {EXPORT.name} is not on this machine.")
    names = {"content": "http://purl.org/rss/1.0/modules/content/", "wp": "https://wordpress.org/export/1.2/"}
    context = Context(base_urls=("https://wpthemetestdata.wordpress.com",))
    converted = 0
    for item in ET.parse(EXPORT).iterfind(".//item"):
        source = item.findtext("content:encoded", "", names)
        if item.findtext("wp:post_type", "", names) not in ("post", "page") or not source.strip():
            continue
        result = convert(source, context)
        converted += 1
        assert markup.clean_article(result.html) == result.html
        assert result.unknown_shortcodes == []
        assert "<!--" not in result.html.replace(markup.PAGE_BREAK, "")
        assert "[caption" not in result.html
        assert "[gallery" not in result.html
    assert converted > 50
