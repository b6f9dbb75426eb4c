"""The static bundle: how it is made, and how it reaches a browser."""

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import brotli
import pytest
from flask import Flask
from fontTools.subset import parse_unicodes

from tools import bundle, fonts, icons, minify
from webapp import assets, paths

ROOT = Path(__file__).parent.parent
FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture
def address(app):
    return assets.asset_url("site.css")


def test_a_style_sheet_may_be_kept_for_ever_and_is_what_its_name_says(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == FOREVER
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in answer.headers
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", None),
        ("zstd", None),
        ("br;q=0, gzip;q=0", None),
    ],
)
def test_the_browser_gets_an_encoding_that_it_takes(client, address, accepted, sent):
    plain = client.get(address).data
    answer = client.get(address, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == sent
    decoded = {"br": brotli.decompress, "gzip": gzip.decompress}.get(sent, bytes)(answer.data)
    assert decoded == plain
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_fonts_and_icons_have_their_types_and_fonts_are_not_compressed_twice(app, client):
    font = client.get(assets.asset_url("fonts/newsreader.woff2"), headers={"Accept-Encoding": "br"})
    assert font.headers["Content-Type"] == "font/woff2"
    assert "Content-Encoding" not in font.headers
    assert client.get(assets.asset_url("icons.svg")).headers["Content-Type"] == "image/svg+xml"
    script = client.get(assets.asset_url("site.js")).headers["Content-Type"]
    assert script == "text/javascript; charset=utf-8"


def test_an_icon_that_a_page_has_often_is_drawn_in_the_page(app):
    icon = app.jinja_env.globals["icon"]
    drawing = ET.fromstring(icon("like", often=True))
    assert drawing.get("viewBox") == "0 0 24 24"
    assert drawing.get("aria-hidden") == "true"
    assert drawing.findall("path") and drawing.find("use") is None
    assert ET.fromstring(icon("like")).find("use") is not None
    with pytest.raises(KeyError):
        icon("none such", often=True)


def test_a_browser_that_has_a_file_is_not_sent_it_again(client, address):
    tag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_the_scripts_that_stand_in_a_page_are_those_that_the_policy_allows(client):
    answer = client.get("/about-nothing/")
    inline = re.findall(r"<script(?! src)[^>]*>(.*?)</script>", answer.text, re.DOTALL)
    assert len(inline) == 2
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline]
    rules = answer.headers["Content-Security-Policy"].split("; ")
    assert " ".join(["script-src 'self'", *(f"'sha256-{digest}'" for digest in digests)]) in rules
    assert answer.text.index(inline[1]) > answer.text.index("</footer>"), (
        "what asks for the others comes last"
    )


def test_only_reading_is_answered_from_the_bundle(client, address):
    assert client.head(address).data == b""
    assert int(client.head(address).headers["Content-Length"]) == len(client.get(address).data)
    assert client.post(address).status_code in {404, 405}


@pytest.mark.parametrize(
    "path",
    [
        "/static/site.css",
        "/static/nothing.0123456789.css",
        "/static/manifest.json",
        "/static/../pyproject.toml",
        "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/static//etc/passwd",
        "/static/",
    ],
)
def test_nothing_else_can_be_had_under_static(client, path):
    assert client.get(path).status_code in {301, 404}
    assert b"[project]" not in client.get(path, follow_redirects=True).data


def test_an_unknown_name_in_a_template_is_an_error(app):
    with pytest.raises(KeyError):
        assets.asset_url("no-such-thing.css")


def test_in_development_a_new_bundle_is_seen_at_once(tmp_path):
    maker = bundle.Bundle(tmp_path)
    maker.add("site.css", b"a{}")
    (tmp_path / "manifest.json").write_text(json.dumps({"files": maker.files}))
    app = Flask("development", static_folder=None)
    app.jinja_env.auto_reload = True
    assets.init_app(app, tmp_path)
    with app.app_context():
        before = assets.asset_url("site.css")
        maker.add("site.css", b"b{}")
        (tmp_path / "manifest.json").write_text(json.dumps({"files": maker.files, "made": "again"}))
        after = assets.asset_url("site.css")
    assert before != after
    assert app.test_client().get(after).data == b"b{}"


def test_without_a_bundle_the_error_says_how_to_make_one(tmp_path):
    with pytest.raises(RuntimeError, match=r"python -m tools\.bundle"):
        assets.init_app(Flask("bare"), tmp_path)


def served(name: str) -> str:
    names = json.loads((paths.dist_dir() / "manifest.json").read_text())["files"]
    return (paths.dist_dir() / names[name]).read_text()


def test_the_licences_of_what_is_passed_on_are_passed_on():
    text = served("licences.txt")
    for name in json.loads((ROOT / "package.json").read_text())["dependencies"]:
        assert f"\n{name} " in f"\n{text}"
    assert "SIL OPEN FONT LICENSE" in text


def test_the_order_of_layers_is_said_first():
    assert served("site.css").startswith("@layer reset,tokens,base,layout,components,utilities;")


def test_styles_name_only_files_that_are_there():
    addresses = re.findall(r'url\("([^"]+)"\)', served("site.css") + served("staff.css"))
    assert addresses
    for address in addresses:
        if not address.startswith("data:"):
            assert (paths.dist_dir() / address.removeprefix("/static/")).is_file(), address


def test_what_a_reader_downloads_first_stays_small():
    names = json.loads((paths.dist_dir() / "manifest.json").read_text())["files"]
    sent = {name: (paths.dist_dir() / f"{file}.br") for name, file in names.items()}
    assert sent["site.css"].stat().st_size < 15 * 1024
    assert sent["site.js"].stat().st_size < 20 * 1024
    size = {
        recipe.name: (paths.dist_dir() / names[f"fonts/{recipe.name}.{recipe.flavor}"]).stat().st_size
        for recipe in fonts.RECIPES
    }
    early = ("newsreader", "newsreader-headline", "public-sans")
    assert sum(size[name] for name in early) < 40 * 1024
    assert sum(size[f"{name}{letters}"] for name in early for letters in ("", "-accents")) < 63 * 1024
    later = ("newsreader-bold", "newsreader-italic")
    assert sum(size[name] for name in (*early, *later)) < 120 * 1024


@pytest.mark.parametrize("sprite", ["icons", "brands"])
def test_every_icon_of_the_list_is_in_the_sprite_and_takes_the_colour_of_the_text(sprite):
    names = [
        line.split()[0]
        for line in (ROOT / "static" / f"{sprite}.txt").read_text().splitlines()
        if line.strip() and not line.startswith("#")
    ]
    root = ET.fromstring(served(f"{sprite}.svg"))
    symbols = {symbol.get("id"): symbol for symbol in root}
    assert list(symbols) == [f"i-{name}" for name in names]
    for symbol in symbols.values():
        assert symbol.get("viewBox")
        assert "currentColor" in ET.tostring(symbol, encoding="unicode")


@pytest.mark.parametrize(
    ("drawn", "rounded"),
    [
        ("M1.234 -0.001l.999.9999-.0049 3", "M1.23 0l1 1 0 3"),
        # The flags of an arc stand before the next number without anything between.
        ("M12 2a1.005 1 0 01.5.123", "M12 2a1 1 0 0 1 .5.12"),
        ("a1 1 0 1 0-2.001-1e-3z", "a1 1 0 1 0-2 0z"),
        ("M-.004-0.126 10.10", "M0-.13 10.1"),
    ],
)
def test_the_lines_of_a_drawing_are_rounded(drawn, rounded):
    assert icons._rounded(drawn) == rounded


@pytest.mark.parametrize("line", ["share lucide:no-such-icon", "share nowhere:x", "mark missing.svg"])
def test_a_wrong_line_in_the_list_of_icons_is_named(tmp_path, line):
    (tmp_path / "icons.txt").write_text(f"# ours\n{line}\n")
    with pytest.raises(ValueError, match="line 2"):
        icons.compose(tmp_path / "icons.txt", tmp_path, ROOT / "node_modules")


def test_a_drawing_of_our_own_becomes_a_symbol(tmp_path):
    (tmp_path / "icons.txt").write_text("mark mark.svg\n")
    (tmp_path / "mark.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'
    )
    sprite = icons.compose(tmp_path / "icons.txt", tmp_path, tmp_path)
    assert '<symbol id="i-mark" viewBox="0 0 9 9"><path d="M0 0h9"/></symbol>' in sprite


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a { color: red; }", "a{color:red}"),
        ("/* why */\n.a  .b ,\n.c { margin: 0 auto }", ".a .b,.c{margin:0 auto}"),
        ('a::after { content: "/* kept;  as  it : is */"; }', 'a::after{content:"/* kept;  as  it : is */"}'),
        ("a { width: calc(1px + 2px); }", "a{width:calc(1px + 2px)}"),
        (".a :hover { top: 0 }", ".a :hover{top:0}"),
        ("@media (min-width: 40rem) { a { top: 0 } }", "@media (min-width:40rem){a{top:0}}"),
        ("a { background: url(a;b.png) }", "a{background:url(a;b.png)}"),
        (r'a { content: "\"}" }', r'a{content:"\"}"}'),
    ],
)
def test_styles_lose_only_what_means_nothing(source, expected):
    assert minify.css(source) == expected


def test_scripts_lose_comments_that_fill_lines_and_nothing_that_looks_like_one():
    source = '// why\nconst a = "http://x/*y*/";\n/* a\n   block */\n  go(); // beside\n'
    assert minify.js(source) == 'const a = "http://x/*y*/";\ngo(); // beside\n'
    spaced = "const t = `a\n  // kept\n`;"
    assert minify.js(spaced) == spaced


@pytest.fixture
def sources(tmp_path) -> Path:
    """A small checkout, with the packages of this one."""
    for folder in ("static/css/components", "static/css/staff", "static/js/staff", "static/img", "tools"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("bundle", "fonts", "icons", "minify"):
        (tmp_path / "tools" / f"{name}.py").write_text("")
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    (tmp_path / "static" / ".cache").symlink_to(ROOT / "static" / ".cache")
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "package.json").write_text('{"dependencies": {"htmx.org": "4.0.1"}}')
    (tmp_path / "static/icons.txt").write_text("share lucide:share-2\n")
    (tmp_path / "static/brands.txt").write_text("x simple-icons:x\n")
    (tmp_path / "static/css/layers.css").write_text("@layer a, b;")
    (tmp_path / "static/css/components/button.css").write_text('b { src: url("fonts/newsreader.woff2") }')
    (tmp_path / "static/js/copy.js").write_text("const name = 1;")
    (tmp_path / "static/js/like.js").write_text("const name = 2;")
    return tmp_path


def test_a_bundle_is_made_once_and_again_when_a_source_changes(sources):
    assert not bundle.is_fresh(sources)
    first = bundle.build(sources)
    assert bundle.is_fresh(sources)
    assert bundle.build(sources) == first
    (sources / "static/css/components/button.css").write_text("b { top: 0 }")
    assert not bundle.is_fresh(sources)
    second = bundle.build(sources)
    assert second["site.css"] != first["site.css"]
    assert second["site.js"] == first["site.js"]
    dist = sources / "static/dist"
    # A server that has not been restarted still names the one before; the one before that goes.
    assert (dist / first["site.css"]).is_file()
    (sources / "static/css/components/button.css").write_text("b { top: 1px }")
    bundle.build(sources)
    assert (dist / second["site.css"]).is_file()
    assert not list(dist.glob(f"{first['site.css']}*"))


def test_scripts_do_not_tread_on_each_others_names(sources):
    names = bundle.build(sources)
    script = (sources / "static/dist" / names["site.js"]).read_text()
    assert script.index("htmx") < script.index("const name = 1;") < script.index("const name = 2;")
    assert script.count('(()=>{"use strict";') == 2
    assert "sourceMappingURL" not in script


@pytest.mark.parametrize(
    ("text", "words"),
    [('a { src: url("img/none.svg") }', "img/none.svg"), ('@import "other.css";', "@import")],
)
def test_a_style_sheet_that_would_not_work_stops_the_build(sources, text, words):
    (sources / "static/css/components/button.css").write_text(text)
    with pytest.raises(ValueError, match=words):
        bundle.build(sources)


def test_the_fonts_have_the_letters_and_weights_that_the_design_asks_for():
    from fontTools.ttLib import TTFont

    made = {
        recipe.name: TTFont(ROOT / "static/dist" / served_name(f"fonts/{recipe.name}.{recipe.flavor}"))
        for recipe in fonts.RECIPES
    }
    limits = {
        name: {axis.axisTag: (axis.minValue, axis.maxValue) for axis in font["fvar"].axes}
        for name, font in made.items()
        if "fvar" in font
    }
    assert limits["public-sans"] == {"wght": (400, 700)}
    weights = {
        "newsreader": 400,
        "newsreader-italic": 400,
        "newsreader-headline": 500,
        "newsreader-bold": 700,
    }
    assert {name: made[name]["OS/2"].usWeightClass for name in weights} == weights
    for name in ("newsreader", "newsreader-headline", "newsreader-bold"):
        assert made[f"{name}-ext"]["OS/2"].usWeightClass == weights[name]
    for name in ("newsreader", "newsreader-headline"):
        assert made[f"{name}-accents"]["OS/2"].usWeightClass == weights[name]
    assert not weights.keys() & limits.keys()
    for name in (*weights, "public-sans"):
        assert set(map(ord, "A“”‘’–—…€−×°")) <= made[name].getBestCmap().keys()
        accented = made.get(f"{name}-accents", made[name]).getBestCmap()
        assert set(map(ord, "éßÅñœ¿½")) <= accented.keys()
    for name in ("newsreader-ext", "newsreader-headline-ext", "newsreader-bold-ext", "public-sans-ext"):
        assert made[name].getBestCmap().keys() >= set(map(ord, "Łźřőşš"))
    features = {record.FeatureTag for record in made["public-sans"]["GSUB"].table.FeatureList.FeatureRecord}
    assert "tnum" in features


def test_the_style_sheet_asks_each_font_file_for_the_letters_that_it_has():
    style_sheet = (ROOT / "static/css/fonts.css").read_text()
    faces = re.findall(r"url\(\"fonts/([a-z-]+)\.woff2\"\).*?unicode-range:\s*(.*?);", style_sheet, re.DOTALL)
    recipes = {recipe.name: recipe for recipe in fonts.RECIPES if recipe.flavor == "woff2"}
    assert sorted(name for name, _ in faces) == sorted(recipes)
    for name, letters in faces:
        assert set(parse_unicodes(re.sub(r"\s", "", letters))) == set(
            parse_unicodes(recipes[name].letters)
        ), name


def test_no_letter_is_in_two_files_of_a_typeface():
    parts = [set(parse_unicodes(letters)) for letters in (fonts.BASIC, fonts.ACCENTS, fonts.LATIN_EXT)]
    assert sum(map(len, parts)) == len(set.union(*parts))


@pytest.mark.parametrize(
    ("name", "part"), [("newsreader-headline", fonts.KERNING_STEP), ("public-sans", fonts.LABEL_KERNING_STEP)]
)
def test_rounded_kerning_still_draws_pairs_together(name, part):
    from fontTools.ttLib import TTFont

    font = TTFont(ROOT / "static/dist" / served_name(f"fonts/{name}.woff2"))
    step = round(part * font["head"].unitsPerEm)
    tables = [
        getattr(one, "ExtSubTable", one)
        for lookup in font["GPOS"].table.LookupList.Lookup
        for one in lookup.SubTable
    ]
    pairs = {
        (first, record.SecondGlyph): record.Value1.XAdvance
        for table in tables
        if table.Format == 1
        for first, records in zip(table.Coverage.glyphs, table.PairSet, strict=True)
        for record in records.PairValueRecord
    }
    classes = [
        cell.Value1.XAdvance
        for table in tables
        if table.Format == 2
        for row in table.Class1Record
        for cell in row.Class2Record
    ]
    if name == "newsreader-headline":
        assert pairs["A", "V"] < 0 < pairs["A", "slash"]
    assert min(classes) < 0
    assert all(distance % step == 0 for distance in (*pairs.values(), *classes))


def served_name(name: str) -> str:
    return json.loads((paths.dist_dir() / "manifest.json").read_text())["files"][name]
