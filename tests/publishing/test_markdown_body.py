"""What Markdown becomes once it is cleaned: figures, galleries, pull quotes, notes, tables."""

from __future__ import annotations

import pytest

from webapp import markup
from webapp.publishing.markdown_body import Picture, Unresolved, render


def link(target: str) -> str:
    if target.startswith("gone"):
        raise ValueError(f"{target} is not there")
    return f"/2026/{target.removesuffix('.md')}/"


def picture(target: str, _alt: str) -> Picture:
    return Picture(f"/media/demo/{target}", 1600, 900)


def html(source: str) -> str:
    """The body as it is stored, without line ends."""
    return markup.clean_article(render(source, link=link, picture=picture)).replace("\n", "")


def test_a_picture_with_a_title_is_a_figure_with_a_caption() -> None:
    made = html('Text.\n\n![A quay](quay.webp "The quay & the <bar>.")\n')
    assert "<p>Text.</p><figure><img" in made
    assert 'alt="A quay"' in made
    assert 'width="1600"' in made
    assert 'height="900"' in made
    assert "<figcaption>The quay &amp; the &lt;bar&gt;.</figcaption></figure>" in made


def test_a_wide_picture_says_so_on_its_figure() -> None:
    assert '<figure class="body-wide"><img' in html('![A quay](quay.webp "The quay."){.wide onclick=x}')


def test_a_class_that_is_not_of_the_house_is_dropped() -> None:
    assert "<figure><img" in html("![A quay](quay.webp){.advert}")


def test_a_picture_within_a_line_stays_there() -> None:
    made = html("See ![the mark](mark.webp) there.")
    assert "<figure" not in made
    assert "<p>See <img" in made


def test_a_gallery_sets_its_pictures_side_by_side() -> None:
    made = html('::: gallery\n![a](a.webp "One")\n![b](b.webp)\n![c](c.webp)\n:::\n')
    assert made.startswith('<figure class="body-gallery body-gallery-3"><figure>')
    assert made.count("<figure>") == 3
    assert "<figcaption>One</figcaption>" in made


def test_four_pictures_make_two_rows() -> None:
    made = html("::: gallery\n![](a.webp)\n\n![](b.webp)\n\n![](c.webp)\n\n![](d.webp)\n:::\n")
    assert "body-gallery-2" in made


def test_a_pull_quote_names_its_speaker() -> None:
    made = html("::: pull\nWe already *knew*.\n\n— Osk, ferry master\n:::\n")
    assert made == (
        '<blockquote class="body-pull"><p>We already <em>knew</em>.</p><cite>Osk, ferry master</cite></blockquote>'
    )


def test_a_pull_quote_needs_no_speaker() -> None:
    assert html("::: pull\nWe already knew.\n:::\n") == (
        '<blockquote class="body-pull"><p>We already knew.</p></blockquote>'
    )


def test_notes_lead_there_and_back() -> None:
    made = html("Late.[^1] Again.[^1]\n\n[^1]: By fourteen minutes.\n")
    assert '<a href="#a-note-1" id="a-note-mark-1">1</a>' in made
    assert '<li id="a-note-1">' in made
    assert 'href="#a-note-mark-1"' in made
    assert 'href="#a-note-mark-1-1"' in made
    assert 'id="a-note-mark-1-1"' in made


def test_tables_keep_their_alignment_without_a_style() -> None:
    made = html("| Stop | Boardings |\n| --- | ---: |\n| Gasworks | 1,900 |\n")
    assert '<th scope="col">Stop</th>' in made
    assert '<td class="body-text-right">1,900</td>' in made
    assert "style" not in made


def test_links_between_files_get_their_addresses() -> None:
    assert '<a href="/2026/tides/">the tide</a>' in html("[the tide](tides.md)")


@pytest.mark.parametrize(
    "address", ["https://example.org/a?b=1", "/about/", "#part", "mailto:desk@standfirst.example"]
)
def test_absolute_addresses_stay(address: str) -> None:
    assert f'href="{address}"' in html(f"[there]({address})")


def test_an_address_alone_in_a_line_is_a_link() -> None:
    assert '<a href="https://example.org/tides"' in html("Text.\n\nhttps://example.org/tides\n")


def test_html_is_cleaned() -> None:
    made = html(
        '<script>alert(1)</script>\n\n<p onclick="x">Text <b>bold</b></p>\n\n[bad](javascript:alert(1))'
    )
    assert "script" not in made.replace("javascript:alert(1)", "")
    assert "onclick" not in made
    assert "<b>bold</b>" in made
    assert 'href="javascript' not in made


def test_a_page_break_parts_the_text() -> None:
    made = render("One.\n\n<!-- nextpage -->\n\nTwo.\n", link=link, picture=picture)
    assert markup.clean_article(made).split(markup.PAGE_BREAK) == ["<p>One.</p>", "<p>Two.</p>"]


def test_what_leads_nowhere_is_told_with_its_line() -> None:
    with pytest.raises(Unresolved, match=r"gone\.md is not there") as caught:
        render("One.\n\nTwo.\n\n[three](gone.md)\n", link=link, picture=picture)
    assert caught.value.line == 5
