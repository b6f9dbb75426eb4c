"""What a start imports: not what only few requests need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

LATER = {
    "PIL",
    "alembic",
    "markdown_it",
    "pygal",
    "rapidfuzz",
    "segno",
    "sqlalchemy.dialects.postgresql",
    "yaml",
}
"""Slow to import, and needed by no page for readers."""


def test_a_server_starts_without_what_few_requests_need(tmp_path: Path) -> None:
    code = "import sys, webapp.wsgi, webapp.serving, webapp.schema; print(*sys.modules)"
    given = os.environ | {"STANDFIRST_INSTANCE": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", code], env=given, capture_output=True, text=True, check=True)
    assert not LATER & set(run.stdout.split())
