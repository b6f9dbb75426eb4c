"""The reader of WordPress exports: every version, every encoding, and a clear word for what is broken."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.publishing import exports
from webapp.publishing import wxr

ROOT = Path(__file__).parents[2]


def items(path: Path) -> list[wxr.Item]:
    return [record for record in wxr.read(path) if isinstance(record, wxr.Item)]


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_reads_every_version(tmp_path, version):
    path = exports.write(
        tmp_path,
        exports.author("ann"),
        exports.category(3, "world"),
        exports.tag(4, "sea"),
        exports.item(7, exports.label("world"), exports.comment(1), excerpt="Short."),
        version=version,
    )

    survey = wxr.check(path)

    assert survey.version == version
    assert survey.counts == {"author": 1, "category": 1, "tag": 1, "post": 1, "comment": 1}
    assert survey.notes == []
    (post,) = items(path)
    assert (post.id, post.excerpt, post.content) == (7, "Short.", "Some words.")
    assert post.labels == (wxr.Label("category", "world", "world"),)
    assert post.comments[0].author == "Reader 1"


def test_the_site_comes_first(tmp_path):
    path = exports.write(tmp_path, exports.item(1), title="Fish & Chips")

    first = next(iter(wxr.read(path)))

    assert isinstance(first, wxr.Site)
    assert (first.title, first.tagline, first.base_url) == ("Fish & Chips", "News since 1901", exports.SITE)


def test_an_export_without_items_is_an_export(tmp_path):
    assert wxr.check(exports.write(tmp_path)).counts == {}


def test_version_1_0_writes_each_label_twice(tmp_path):
    doubled = "<category><![CDATA[World]]></category>" + exports.label("world", "World")
    path = exports.write(
        tmp_path, exports.item(1, doubled, exports.label("sea", "Sea", domain="tag")), version="1.0"
    )

    assert items(path)[0].labels == (
        wxr.Label("category", "world", "World"),
        wxr.Label("post_tag", "sea", "Sea"),
    )


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-16-le"),
        ("UTF-16", "utf-16-be"),
        ("ISO-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
    ],
)
def test_encodings(tmp_path, declared, encoding):
    path = tmp_path / "export.xml"
    path.write_bytes(exports.export(exports.item(1, title="Café Zoë"), encoding=declared).encode(encoding))

    assert items(path)[0].title == "Café Zoë"


def test_quotes_of_windows_in_a_file_that_says_latin_1(tmp_path):
    path = tmp_path / "export.xml"
    path.write_bytes(exports.export(exports.item(1, title="“Now”"), encoding="ISO-8859-1").encode("cp1252"))

    assert items(path)[0].title == "“Now”"


def test_emoji_and_right_to_left(tmp_path):
    path = exports.write(tmp_path, exports.item(1, title="שלום 🌊 مرحبا"))

    assert items(path)[0].title == "שלום 🌊 مرحبا"


def test_cdata_splits_are_joined(tmp_path):
    path = exports.write(tmp_path, exports.item(1, content="a ]]> b <![CDATA[ c"))

    assert items(path)[0].content == "a ]]> b <![CDATA[ c"


def test_forbidden_control_characters_are_left_out_and_noted(tmp_path):
    path = exports.write(tmp_path, exports.item(1), exports.item(2, content="bell\x07 and \x0bmore\uffff"))

    assert items(path)[1].content == "bell and more"
    (note,) = wxr.check(path).notes
    assert note.startswith("3 control characters")
    assert note.endswith("the first on line 12.")


def write_bytes(folder: Path, content: bytes) -> Path:
    path = folder / "export.xml"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"PK\x03\x04", "zip"),
        (b"hello", "not XML"),
        (b"\xff\xfeh\x00i\x00", "not XML"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"<html><body></body></html>", "web page"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "not a WordPress export"),
        (b"<rss version='2.0'><channel><title>News</title><item/></channel></rss>", "ordinary feed"),
        (b"<rss version='2.0'></rss>", "ordinary feed"),
        (b"<?xml version='1.0' encoding='klingon'?><rss/>", "klingon"),
        (b"<?xml version='1.0' encoding='base64'?><rss/>", "base64"),
    ],
)
def test_what_is_no_export(tmp_path, content, reason):
    with pytest.raises(wxr.Malformed, match=reason):
        wxr.check(write_bytes(tmp_path, content))


BOMB = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>\n'
EXTERNAL = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n'


@pytest.mark.parametrize("head", [BOMB, EXTERNAL, "<!DOCTYPE rss>\n"])
def test_document_types_and_entities_are_refused(tmp_path, head):
    with pytest.raises(wxr.Malformed, match="document type") as caught:
        wxr.check(exports.write(tmp_path, exports.item(1), head=head))
    assert caught.value.line == 2


def test_a_broken_tag_names_its_line(tmp_path):
    lines = exports.export(exports.item(1), exports.item(2)).splitlines(keepends=True)
    lines[11] = lines[11].replace("</dc:creator>", "</dc:wrong>")

    with pytest.raises(wxr.Malformed, match="closed") as caught:
        wxr.check(write_bytes(tmp_path, "".join(lines).encode()))

    assert caught.value.line == 12
    assert caught.value.column > 1
    assert str(caught.value).startswith("line 12, column ")


def test_a_file_that_was_cut_off(tmp_path):
    whole = exports.export(exports.item(1), exports.item(2)).encode()

    with pytest.raises(wxr.Malformed, match="ends") as caught:
        wxr.check(write_bytes(tmp_path, whole[:-20]))
    assert caught.value.line >= 12


def test_an_entity_that_xml_does_not_know(tmp_path):
    text = exports.export(exports.item(1)).replace("News since 1901", "News&nbsp;since 1901")

    with pytest.raises(wxr.Malformed, match="entity") as caught:
        wxr.check(write_bytes(tmp_path, text.encode()))
    assert caught.value.line == 6


def test_bytes_that_are_not_of_the_encoding(tmp_path):
    text = exports.export(exports.item(1, title="Caf\N{LATIN SMALL LETTER E WITH ACUTE}")).encode("latin-1")

    with pytest.raises(wxr.Malformed, match="0xe9") as caught:
        wxr.check(write_bytes(tmp_path, text))
    assert caught.value.line == 11


def test_numbers_that_are_odd_count_as_none(tmp_path):
    path = exports.write(
        tmp_path, exports.item(1, post_parent="x", menu_order="-3", post_id="99999999999999999999")
    )

    (post,) = items(path)
    assert (post.id, post.parent, post.menu_order) == (0, 0, 0)


def test_a_title_or_anything_else_may_be_missing(tmp_path):
    bare = "<item><wp:post_id>5</wp:post_id><wp:comment><wp:comment_id>1</wp:comment_id></wp:comment></item>"
    (post,) = items(exports.write(tmp_path, bare))

    assert (post.id, post.kind, post.title, post.status, post.published.utc) == (
        5,
        "post",
        "",
        "publish",
        None,
    )
    assert post.comments[0].approved == "0"


def test_dates(tmp_path):
    none = "0000-00-00 00:00:00"
    path = exports.write(
        tmp_path,
        exports.item(1, post_date="2015-03-01 02:00:00", post_date_gmt="2015-03-01 09:00:00"),
        exports.item(2, post_date="2015-03-01 02:00:00", post_date_gmt=none),
        exports.item(3, post_date=none, post_date_gmt=none),
        exports.item(4, post_date="9999-12-31 23:59:59", post_date_gmt="9999-12-31 23:59:59"),
        exports.item(5, post_date="12015-03-01 02:00:00", post_date_gmt="soon"),
    )

    found = [item.published for item in items(path)]

    assert found[0].utc == datetime(2015, 3, 1, 9, tzinfo=UTC)
    assert (found[1].utc, found[1].local) == (None, datetime(2015, 3, 1, 2))  # noqa: DTZ001
    assert (found[2].utc, found[2].local) == (None, None)
    assert found[3].utc == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert (found[4].utc, found[4].local) == (None, None)


def test_the_feed_date_stands_in(tmp_path):
    text = exports.item(1, post_date="", post_date_gmt="").replace(
        "<link>", "<pubDate>Tue, 05 May 2015 14:00:00 +0200</pubDate><link>"
    )
    assert items(exports.write(tmp_path, text))[0].published.utc == datetime(2015, 5, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("dates", "zone"),
    [
        (
            [("2015-01-10 07:00:00", "2015-01-10 12:00:00"), ("2015-07-10 08:00:00", "2015-07-10 12:00:00")],
            "America/New_York",
        ),
        (
            [("2015-01-10 13:00:00", "2015-01-10 12:00:00"), ("2015-07-10 14:00:00", "2015-07-10 12:00:00")],
            "Europe/Berlin",
        ),
        ([("2015-01-10 17:30:00", "2015-01-10 12:00:00")], "Asia/Kolkata"),
        ([("2015-01-10 12:00:00", "2015-01-10 12:00:00")], "UTC"),
        ([("2015-01-10 01:00:00", "2015-01-10 12:00:00")], "Etc/GMT+11"),
        ([("2015-01-10 12:00:00", "0000-00-00 00:00:00")], "UTC"),
        ([], "UTC"),
    ],
)
def test_the_zone_is_found_from_local_and_utc_times(tmp_path, dates, zone):
    path = exports.write(
        tmp_path,
        *(exports.item(n, post_date=local, post_date_gmt=gmt) for n, (local, gmt) in enumerate(dates, 1)),
    )

    assert wxr.check(path).zone == zone


MEASURE = """
import resource, sys
from pathlib import Path
from webapp.publishing import wxr
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
wxr.check(Path(sys.argv[1]))
for record in wxr.read(Path(sys.argv[1])):
    pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_memory_stays_bounded(tmp_path):
    path = tmp_path / "large.xml"
    start, end = exports.export("SPLIT").split("SPLIT")
    with path.open("w", encoding="utf-8") as file:
        file.write(start)
        body = "<p>A paragraph of words and more words.</p>\n" * 1_500
        for number in range(1, 901):
            file.write(exports.item(number, exports.comment(number), content=body))
        file.write(end)
    assert path.stat().st_size > 55_000_000

    grown = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )

    # Kilobytes; a reader that kept what it has read would grow by more than the file.
    assert int(grown.stdout) < 20_000
