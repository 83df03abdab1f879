"""A lasting store from the command line: filled, asked, copied, and refused in one plain sentence."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from huiyin.cli import main
from huiyin.simulate import write_csv

QUESTIONS = [
    ("problems", "--taxonomy", "consumer_electronics"),
    ("steps", "ordering"),
    ("conditions", "hardware/noise"),
    ("metric", "nps"),
    ("movement", "nps", "--before", "until=2025-12-31", "--after", "since=2026-01-01"),
    ("nowcast", "nps"),
    ("drivers", "nps"),
    ("alarms",),
    ("emerging",),
    ("effect", "--aspect", "service/hotline_queue", "--day", "2026-03-02"),
    ("needs", "--first", "aspect=delivery/delay&polarity=-1", "--second", "aspect=hardware/noise&polarity=-1"),
    ("groups", "--first", "region=华东", "--second", "region=华南"),
    ("words", "--first", "region=华东", "--second", "region=华南"),
    ("opportunities",),
    ("integrity", "--unit", "store"),
    ("voices", "--order", "most_negative"),
    ("voices", "--draw", "5"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    write_csv(folder / "voices.csv", rows=3000)
    assert main(["import", str(folder / "voices.csv"), "--store", str(folder / "s.duckdb"), "--quiet"]) == 0
    return folder / "s.duckdb"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one[0])
def test_every_question_has_an_answer_to_read_and_one_to_compute_with(store: Path, capsys, question: tuple[str, ...]) -> None:
    assert main(["insight", *question, "--store", str(store)]) == 0
    assert capsys.readouterr().out.strip()
    assert main(["insight", *question, "--store", str(store), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)


def test_a_filter_narrows_the_answer(store: Path, capsys) -> None:
    counts = []
    for where in ("", "region=华东"):
        main(["insight", "voices", "--store", str(store), "--where", where, "--json"])
        counts.append(json.loads(capsys.readouterr().out)["voices"])
    assert 0 < counts[1] < counts[0]


@pytest.mark.parametrize("wrong", [("--where", "since=gestern"), ("--where", "polarity=x")])
def test_a_filter_that_is_none_is_refused_by_name(store: Path, capsys, wrong: tuple[str, str]) -> None:
    assert main(["insight", "alarms", "--store", str(store), *wrong]) == 2
    assert wrong[1].split("=")[0] in capsys.readouterr().err


def test_backup_verify_restore(store: Path, tmp_path: Path, capsys) -> None:
    assert main(["backup", "--store", str(store), str(tmp_path / "b.backup")]) == 0
    rows = capsys.readouterr().out
    assert main(["verify", str(tmp_path / "b.backup")]) == 0
    assert capsys.readouterr().out == rows
    assert main(["restore", str(tmp_path / "b.backup"), "--store", str(tmp_path / "t.duckdb")]) == 0
    assert main(["insight", "voices", "--store", str(tmp_path / "t.duckdb"), "--json"]) == 0
    assert f"feedback={json.loads(capsys.readouterr().out.split(chr(10), 1)[1])['voices']}"[:9] == "feedback="


def test_a_store_in_use_is_told_with_who_has_it(store: Path, tmp_path: Path) -> None:
    hold = "import sys, time; from huiyin.facts import open_facts; s = open_facts(sys.argv[1]); print('open', flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", hold, str(store)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline().strip() == "open"
        command = [sys.executable, "-c", "from huiyin.cli import main; raise SystemExit(main())", "insight", "alarms", "--store", str(store)]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "HUIYIN_LANG": "en"}, check=False)
    finally:
        holder.kill()
        holder.wait()
    assert done.returncode == 4
    assert str(holder.pid) in done.stderr
    assert "Traceback" not in done.stderr
