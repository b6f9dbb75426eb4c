"""Fixtures of the desk: an editor and an author, each in a browser of their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.staff import Staff


@pytest.fixture
def editor(signed_in: Callable[..., Staff]) -> Staff:
    """Ines, who may change every article."""
    return signed_in("ines@desk.example", role="editor", name="Ines")


@pytest.fixture
def author(signed_in: Callable[..., Staff]) -> Staff:
    """Kofi, who writes drafts."""
    return signed_in("kofi@desk.example", role="author", name="Kofi")
