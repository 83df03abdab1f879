"""The trap suite: short texts on which simple readers fail, written for the project, each with the reading expected.

A file of `traps/` is one class of traps. Two are held, sentences of somebody who knew no rule, by which none was made: `told_held.yaml`, and
`blind_held.yaml`, whose cases name their class. Half of the other classes was held once, was looked at, and counts among the rest since.

Fields of a case: `is` the document's polarities that are right (+, −, 0, or several), `at` the polarity of the mention that speaks of a word,
`intent`, `urgency`, `effort`, `emotion` and `spam` the values that are right, `not_intent` those that are wrong; `meet`: texts that must share
an aspect of `pack`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from huiyin.text import Reader, Reading

FOLDER = Path(__file__).parent / "traps"
SIGNALS = ("intent", "urgency", "effort", "emotion")
_SIGNS = {-1: "-", 0: "0", 1: "+"}


@dataclass(frozen=True)
class Outcome:
    """One case tried; `wrong` says what was read instead, empty where it passed."""

    group: str
    held: bool
    text: str
    wrong: str


def run(reader: Reader) -> list[Outcome]:
    """Every case of every class; only the synonyms are read with their own pack."""
    return [one for path in sorted(FOLDER.glob("*.yaml")) for one in _run_file(path, reader)]


def rates(outcomes: list[Outcome]) -> dict[str, tuple[int, int]]:
    """(passed, cases) of each class, in order of name."""
    passed, cases = Counter(one.group for one in outcomes if not one.wrong), Counter(one.group for one in outcomes)
    return {group: (passed[group], cases[group]) for group in sorted(cases)}


def _run_file(path: Path, reader: Reader) -> list[Outcome]:
    held, group = path.stem.endswith("_held"), path.stem.removesuffix("_held")
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    single = [row for row in rows if "text" in row]
    found: list[Outcome] = []
    if single:
        reading = reader.read([row["text"] for row in single])
        columns = {name: column.to_pylist() for name, column in {**reading.feedback_columns()}.items()}
        mentions = reading.mention_columns()
        below = {name: mentions[name].to_pylist() for name in ("row", "start", "end", "target", "polarity")}
        found = [Outcome(row.get("class", group), held, row["text"], _wrong(row, at, reading, columns, below)) for at, row in enumerate(single)]
    for row in rows:
        if "meet" in row:
            found += [Outcome(row.get("class", group), held, text, wrong) for text, wrong in _meet(row["pack"], row["meet"])]
    return found


def _wrong(row: dict[str, Any], at: int, reading: Reading, columns: dict[str, list[Any]], below: dict[str, list[Any]]) -> str:
    value = float(reading.sentiment[at])
    sign = "-" if value <= -0.2 else "+" if value >= 0.2 else "0"
    wrong = [] if "is" not in row or sign in str(row["is"]) else [f"polarity {value:+.2f}, not {row['is']}"]
    wrong += [f"{name} {columns[name][at]}, not {row[name]}" for name in SIGNALS if name in row and columns[name][at] not in row[name]]
    if "not_intent" in row and columns["intent"][at] in row["not_intent"]:
        wrong.append(f"intent {columns['intent'][at]}")
    if "spam" in row and int(columns["is_spam"][at]) not in row["spam"]:
        wrong.append(f"spam {columns['is_spam'][at]}")
    for word, expected in row.get("at", {}).items():
        said = _said_of(word, at, row["text"], below)
        if said != expected:
            wrong.append(f"{word} {said or 'no mention'}, not {expected}")
    return "; ".join(wrong)


def _said_of(word: str, at: int, text: str, below: dict[str, list[Any]]) -> str | None:
    """Polarity of the mention that covers `word`, one with the word as its target before others."""
    place = text.index(word)
    here = [
        number for number, row in enumerate(below["row"]) if row == at and below["start"][number] < place + len(word) and place < below["end"][number]
    ]
    here.sort(key=lambda number: (word not in (below["target"][number] or ""), below["polarity"][number] == 0))
    return _SIGNS[below["polarity"][here[0]]] if here else None


def _meet(pack: str, texts: list[str]) -> list[tuple[str, str]]:
    columns = Reader.load(pack).read(texts).mention_columns()
    aspects = [
        {aspect for row, aspect in zip(columns["row"].to_pylist(), columns["aspect"].to_pylist(), strict=True) if row == at and aspect}
        for at in range(len(texts))
    ]
    common = Counter(aspect for one in aspects for aspect in one)
    meeting = max(sorted(common), key=lambda aspect: common[aspect]) if common else None
    return [(text, "" if meeting in one else f"{sorted(one)}, not {meeting}") for text, one in zip(texts, aspects, strict=True)]
