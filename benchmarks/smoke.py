"""CI's short run on real files: right columns guessed, coverage and sentiment above a floor, rows per second printed.

Speed is printed, never judged. Quality is: a floor under what was measured when the model was shipped.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.quality.restaurants import signed

from huiyin.analyze import analyze
from huiyin.text import Reader

FILES = {
    "zh_appstore_smarthome/reviews.csv.gz": (("content", "time", "rating", "app", "author_id"), "app_software", 0.45),
    "zh_gov_hotline/messages_votes.csv.gz": (("content", "time", None, None, "user_id"), "public_service", 0.85),
    "zh_car_complaints/complaints.csv.gz": (("desc", "datetime", None, "car_model", None), "automobile", 0.85),
}
SENTIMENT_FLOOR = 0.86
OPINION_FLOOR = 0.86


def jobs(data: Path) -> list[str]:
    failures = []
    for name, (columns, pack, coverage) in FILES.items():
        with tempfile.TemporaryDirectory() as folder:
            result = analyze([data / name], Path(folder) / "out")
        sources: list[dict[str, dict[str, dict[str, str]]]] = result.run["sources"]  # type: ignore[assignment]
        guessed = sources[0]["columns"]
        found = tuple(guessed[role]["name"] if role in guessed else None for role in ("text", "time", "rating", "product", "customer"))
        placed = result.findings.coverage.feedback_placed.value or 0.0
        seconds = result.run["seconds"]
        rows = result.findings.volume.read
        print(f"{name}: {rows:,} rows, {rows / seconds['total']:,.0f} rows/s, {result.findings.taxonomy}, placed {placed:.3f}")  # type: ignore[index]
        if found != columns:
            failures.append(f"{name}: columns {found}, not {columns}")
        if not result.findings.taxonomy.startswith(pack):
            failures.append(f"{name}: taxonomy {result.findings.taxonomy}, not {pack}")
        if placed < coverage:
            failures.append(f"{name}: placed {placed:.3f} < {coverage}")
        if len(result.findings.problems) < 10 or len(result.findings.problems[0].evidence) < 20:
            failures.append(f"{name}: too few problems or voices")
    return failures


def sentiment(data: Path) -> list[str]:
    """Restaurant reviews with marked opinions, a set that no shipped model was trained on (marked research only: used to evaluate)."""
    texts, opinions, signs = signed(data, "dev")
    reading = Reader.load(taxonomy="restaurant").read(texts)
    plain = [(text, next(iter(found))) for text, found in signs.items() if len(found) == 1]
    whole = float(np.mean([np.sign(reading.sentiment[text]) == sign for text, sign in plain]))
    recall = {sign: float(np.mean([np.sign(reading.sentiment[text]) == sign for text, own in plain if own == sign])) for sign in (-1, 1)}
    found = reading.mentions
    start, end = found.start - reading.mention_offset, found.end - reading.mention_offset
    right, judged, mixed = 0, 0, 0
    for text, at, sign in opinions:
        if len(signs[text]) < 2:
            continue
        mixed += 1
        here = np.flatnonzero((reading.mention_text == text) & (start <= at) & (at < end) & (found.polarity != 0))
        if len(here):
            judged += 1
            right += int(found.polarity[here[0]] == sign)
    print(
        f"restaurant reviews never trained on: sentiment {whole:.3f} (n={len(plain)}; recall negative {recall[-1]:.3f}, positive {recall[1]:.3f}); "
        f"opinions in mixed reviews: {judged / mixed:.3f} judged, of these {right / judged:.3f} right (n={mixed})"
    )
    failures = [] if whole >= SENTIMENT_FLOOR else [f"sentiment {whole:.3f} < {SENTIMENT_FLOOR}"]
    return failures + ([] if right / judged >= OPINION_FLOOR else [f"opinions in mixed reviews {right / judged:.3f} < {OPINION_FLOOR}"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"{options.data} is not there: the smoke run needs the shared data", file=sys.stderr)
        return 1
    failures = jobs(options.data) + sentiment(options.data)
    print("\n".join(failures) or "smoke run: all above their floors")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
