"""Rules about the whole house: who may import what, which addresses exist, what fragments say they take."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import jinja2.meta
import pytest
from flask import Flask
from jinja2 import nodes

from webapp import paths, settings_page
from webapp.settings import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
WEBAPP = ROOT / "webapp"
SLICES = (
    "mailing",
    "notifying",
    "reading",
    "commenting",
    "moderating",
    "sharing",
    "publishing",
    "syndicating",
    "writing",
    "library",
    "people",
    "leaving",
    "contacting",
    "subscribing",
)
MODULES = sorted(path for path in WEBAPP.rglob("*.py") if "migrations" not in path.parts)
FRAGMENTS = sorted(paths.templates_dir().rglob("_*.html"))


def imported(path: Path) -> set[str]:
    """The full names of the modules that a file imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_only_markup_imports_bleach() -> None:
    found = {
        name_of(p) for p in MODULES if any(n == "bleach" or n.startswith("bleach.") for n in imported(p))
    }
    assert found == {"webapp/markup.py"}


@pytest.mark.parametrize("path", [p for p in MODULES if p.name == "rules.py"], ids=name_of)
def test_rules_know_neither_flask_nor_sql(path: Path) -> None:
    roots = {name.split(".")[0] for name in imported(path)}
    assert not roots & {"flask", "sqlalchemy", "flask_wtf", "flask_login"}
    assert "webapp.database" not in imported(path)


@pytest.mark.parametrize("path", [p for p in MODULES if p.name in ("routes.py", "forms.py")], ids=name_of)
def test_routes_and_forms_hold_no_sql(path: Path) -> None:
    assert not {n for n in imported(path) if n.startswith("sqlalchemy") or n == "webapp.database.db"}


@pytest.mark.parametrize("path", sorted((WEBAPP / "models").glob("*.py")), ids=name_of)
def test_models_stand_under_the_slices(path: Path) -> None:
    slices = tuple(f"webapp.{name}" for name in SLICES)
    assert not {name for name in imported(path) if name.startswith(slices)}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nobody_but_the_clock_asks_for_the_time(path: Path) -> None:
    if path.name == "clock.py":
        return
    assert not re.search(r"datetime\.(now|utcnow|today)\(|date\.today\(", path.read_text(encoding="utf-8"))


def test_no_address_vanishes(app: Flask) -> None:
    """`routes.txt` is the list of what other sites and programs rely on: adding is fine, removing is a decision."""
    here = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method in ("GET", "POST")
    }
    kept = {line for line in (Path(__file__).parent / "routes.txt").read_text().splitlines() if line}
    assert kept - here == set(), "these addresses are gone"
    assert here - kept == set(), "write these new addresses into tests/site/routes.txt"


@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda p: str(p.relative_to(paths.templates_dir())))
def test_a_fragment_says_what_it_takes(app: Flask, path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    opening = re.match(r"\{#(.*?)#\}", source, re.DOTALL)
    if path.name == "_macros.html":
        return
    assert opening, "a fragment opens with a comment that lists what it takes"
    context: dict[str, object] = {}
    app.update_template_context(context)
    given = set(app.jinja_env.globals) | set(context) | {"request", "session", "g", "config"}
    tree = app.jinja_env.parse(source)
    # What is set or imported inside a block counts as undeclared outside of it; it is made here all the same.
    given |= {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    given |= {
        alias if isinstance(alias, str) else alias[1]
        for made in tree.find_all(nodes.FromImport)
        for alias in made.names
    }
    taken = jinja2.meta.find_undeclared_variables(tree) - given
    said = set(re.findall(r"\w+", opening[1]))
    assert taken - said == set(), "these are taken and not said"


def test_every_setting_is_documented() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == settings_page.markdown_table()
    assert all(len(item.help) > 10 and item.help.endswith((".", "…")) for item in SETTINGS)


@pytest.mark.parametrize("path", sorted(paths.templates_dir().rglob("*.html")), ids=lambda path: path.name)
def test_htmx_finds_what_it_has_to_make_ready(path: Path) -> None:
    """What neither asks with hx-get nor with hx-post is made ready only where static/js/ready.js names it."""
    others = r"\bhx-(?:put|patch|delete|action|method|boost|on|query|live|sse|ws)\b"
    assert re.findall(others, path.read_text(encoding="utf-8")) == []
