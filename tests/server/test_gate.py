"""What the server refuses to start with, and that it says so in both languages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from huiyin.server.config.environment import Environment, database_settings
from huiyin.server.config.gate import refusals

GOOD = "uX3vK9_pQz7LmT2wRb8NcD5yHf4JgS6aE1kW0oVtBiMxZnYrPq-LsGdFhCjU"


def codes(tmp_path: Path, **said: str) -> list[str]:
    tmp_path.chmod(0o700)
    given = {"HUIYIN_DATA": str(tmp_path), "HUIYIN_SECRET_KEY": GOOD, **{f"HUIYIN_{name}": value for name, value in said.items()}}
    return [one.code for one in refusals(Environment.read(given))]


def test_a_sound_installation_starts(tmp_path: Path) -> None:
    assert codes(tmp_path) == []
    assert codes(tmp_path, URL="https://voc.example.com", DATABASE="postgres://huiyin:9f8aK2@db/huiyin") == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"SECRET_KEY": "short"}, "huiyin.E001"),
        ({"SECRET_KEY": "django-insecure-" + GOOD}, "huiyin.E001"),
        ({"SECRET_KEY": "demo" * 20}, "huiyin.E001"),
        ({"DATABASE": "postgres://huiyin:huiyin@db/huiyin"}, "huiyin.E002"),
        ({"DATABASE": "postgres://huiyin:postgres@db/huiyin"}, "huiyin.E002"),
        ({"DEBUG": "1", "URL": "https://voc.example.com"}, "huiyin.E003"),
        ({"DEMO": "1", "URL": "https://voc.example.com"}, "huiyin.E004"),
        ({"URL": "voc.example.com"}, "huiyin.E005"),
    ],
)
def test_it_refuses(tmp_path: Path, said: dict[str, str], code: str) -> None:
    assert code in codes(tmp_path, **said)


def test_it_refuses_a_data_folder_that_others_can_read(tmp_path: Path) -> None:
    environment = Environment.read({"HUIYIN_DATA": str(tmp_path), "HUIYIN_SECRET_KEY": GOOD})
    tmp_path.chmod(0o755)
    found = refusals(environment)
    assert [one.code for one in found] == ["huiyin.E006"]
    assert re.search("[一-鿿]", found[0].chinese)
    assert "chmod 700" in found[0].english


def test_the_start_itself_refuses_and_a_secret_is_drawn_for_the_owner_alone(tmp_path: Path) -> None:
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
    data = tmp_path / "data"
    done = subprocess.run(
        [sys.executable, "-m", "huiyin.server.serve", "0.0.0.0", "1"],
        env={**variables, "HUIYIN_DATA": str(data), "HUIYIN_DEMO": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "不能开在 0.0.0.0" in done.stderr
    assert "HUIYIN_URL" in done.stderr
    assert "Traceback" not in done.stderr
    assert data.stat().st_mode & 0o777 == 0o700
    assert (data / "secret.key").stat().st_mode & 0o777 == 0o600
    assert len((data / "secret.key").read_text()) > 60


def test_the_database_is_what_the_url_names() -> None:
    found = database_settings(Environment.read({"HUIYIN_DATABASE": "postgresql://me:p%40ss@db:5433/voices"}))
    assert (found["NAME"], found["PASSWORD"], found["PORT"]) == ("voices", "p@ss", "5433")
    with pytest.raises(ValueError, match="postgres"):
        database_settings(Environment.read({"HUIYIN_DATABASE": "mysql://x"}))
