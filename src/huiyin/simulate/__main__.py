"""python -m huiyin.simulate --out feedback.csv --rows 20000 --seed 7 --truth truth.json"""

import argparse
import json
from pathlib import Path

from huiyin.simulate import write_csv


def main() -> None:
    """Read the command line, write the files, say what was written."""
    parser = argparse.ArgumentParser(prog="python -m huiyin.simulate", description="Write the feedback of a fictional company with known truth.")
    parser.add_argument("--out", type=Path, required=True, help="CSV file to write")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--truth", type=Path, help="JSON file for what was planted")
    arguments = parser.parse_args()
    if arguments.rows < 1:
        parser.error(f"--rows must be at least 1, got {arguments.rows}")
    truth = write_csv(arguments.out, arguments.rows, arguments.seed)
    if arguments.truth is not None:
        arguments.truth.write_text(json.dumps(truth.as_dict(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"{truth.rows} records, {truth.records_with_complaint} with complaints, {truth.start} to {truth.end}: {arguments.out}")


if __name__ == "__main__":
    main()
