"""What the documents refer to is there, and what docstrings show by examples is so."""

from __future__ import annotations

import doctest
import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(
    r"\]\((?!https?:|mailto:|#)([^)#\s]+)|(?:src|srcset|href)=\"(?!https?:|mailto:|#)([^\"#\s]+)"
)
EXAMPLES = sorted(
    file for file in (ROOT / "webapp").rglob("*.py") if ">>> " in file.read_text(encoding="utf-8")
)
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


def links(document: Path) -> list[str]:
    """Without those in examples."""
    text = CODE.sub("", document.read_text(encoding="utf-8"))
    return [one or other for one, other in LINK.findall(text)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_shows_and_links_to_is_there(document: Path) -> None:
    assert [link for link in links(document) if not (document.parent / link).exists()] == []


def test_there_are_documents_with_links() -> None:
    assert sum(len(links(document)) for document in DOCUMENTS) > 50


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_examples_in_docstrings_show_is_so(file: Path) -> None:
    module = import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    assert doctest.testmod(module).failed == 0
