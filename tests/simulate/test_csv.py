import csv
import json
import subprocess
import sys
from pathlib import Path

from huiyin.simulate import simulate, write_csv


def test_a_csv_file_gives_the_records_back(tmp_path: Path) -> None:
    path = tmp_path / "feedback.csv"
    truth = write_csv(path, rows=12_000, seed=3)
    world = simulate(rows=12_000, seed=3)
    assert truth == world.truth
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = [{name: "" if value is None else str(value) for name, value in record.items()} for record in world.records.to_pylist()]
    assert rows == expected


def test_the_command_writes_records_and_truth(tmp_path: Path) -> None:
    out, truth = tmp_path / "feedback.csv", tmp_path / "truth.json"
    command = [sys.executable, "-m", "huiyin.simulate", "--out", str(out), "--rows", "500", "--seed", "5", "--truth", str(truth)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "500 records" in done.stdout
    told = json.loads(truth.read_text(encoding="utf-8"))
    assert (told["rows"], told["seed"]) == (500, 5)
    assert len(out.read_text(encoding="utf-8-sig").splitlines()) == 501
