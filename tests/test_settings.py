"""Settings: one table, four sources, clear refusals, secrets kept."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from webapp import settings
from webapp.cli import cli
from webapp.settings import BadSetting, load, setting


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('site_title = "From the file"\nport = 9001\n')
    environ = {"STANDFIRST_INSTANCE": str(tmp_path), "STANDFIRST_SITE_TITLE": "From outside"}
    found = load(environ)
    assert (found.values["SITE_TITLE"], found.sources["SITE_TITLE"]) == (
        "From outside",
        "environment (STANDFIRST_SITE_TITLE)",
    )
    assert (found.values["PORT"], found.sources["PORT"]) == (9001, "settings.toml")
    assert found.values["SITE_URL"] == "http://127.0.0.1:9001"
    assert found.sources["COMMENTS_PER_PAGE"] == "default"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "eighty", "must be a whole number"),
        ("SITE_URL", "news.example", "without a path"),
        ("SITE_URL", "https://news.example/paper", "without a path"),
        ("TIME_ZONE", "Mars/Olympus", "time zone"),
        ("TIME_ZONE", "../../etc/passwd", "time zone"),
        ("TRUSTED_PROXIES", "-1", "0 or more"),
        ("COMMENT_HOLD_FIRST", "perhaps", "1 or 0"),
        ("COMMENT_DEPTH", "11", "from 1 to 10"),
    ],
)
def test_an_unusable_value_names_the_setting_its_place_and_the_reason(
    tmp_path: Path, name: str, value: str, words: str
) -> None:
    with pytest.raises(BadSetting) as caught:
        load({"STANDFIRST_INSTANCE": str(tmp_path), f"STANDFIRST_{name}": value})
    assert name in str(caught.value)
    assert words in str(caught.value)
    assert "environment" in str(caught.value)


def test_a_broken_file_or_an_unknown_name_in_it_is_said(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("site_title = \n")
    with pytest.raises(BadSetting, match=r"line 1"):
        load({"STANDFIRST_INSTANCE": str(tmp_path)})
    file.write_text('site_tilte = "x"\n')
    with pytest.raises(BadSetting, match="site_tilte"):
        load({"STANDFIRST_INSTANCE": str(tmp_path)})


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    environ = {"STANDFIRST_INSTANCE": str(tmp_path)}
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: load(environ).values["SECRET_KEY"], range(16)))
    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_the_newsroom_sets_only_its_own_settings_and_the_environment_wins(app: Flask) -> None:
    settings.store({"SITE_TITLE": "The Tide"})
    assert setting("SITE_TITLE") == "The Tide"
    assert settings.source("SITE_TITLE") == "database"
    with pytest.raises(KeyError):
        settings.store({"SECRET_KEY": "x"})
    with pytest.raises(BadSetting):
        settings.store({"TIME_ZONE": "Nowhere"})
    settings.store({"COMMENT_MIN_SECONDS": 30})
    assert setting("COMMENT_MIN_SECONDS") == 0


def test_what_the_command_line_stores_a_running_worker_sees_at_the_next_request(app: Flask) -> None:
    client = app.test_client()
    assert "The Tide" not in client.get("/").text
    settings.store({"SITE_TITLE": "The Tide"})
    assert "<title>The Tide" in client.get("/").text or "The Tide</title>" in client.get("/").text


def test_the_command_shows_every_setting_and_masks_secrets(app: Flask) -> None:
    shown = CliRunner().invoke(cli, ["settings"], obj=app)
    assert shown.exit_code == 0
    assert all(f"{item.name} = " in shown.output for item in settings.SETTINGS)
    assert "SECRET_KEY = (set)" in shown.output
    assert "a key for tests only" not in shown.output
    assert "COMMENT_MIN_SECONDS = 0" in shown.output
    assert "environment (STANDFIRST_COMMENT_MIN_SECONDS)" in shown.output
