"""Polarity on real reviews that are never trained on, or that are only used to see that a rule makes nothing worse.

Clause figures take the sign of the clause that holds the marked opinion, read with the whole text around it; a neutral clause is wrong
where the mark is not neutral. Research-only sets are used to evaluate, never to train or to mine words from.
"""

from __future__ import annotations

import argparse
import ast
import csv
import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiyin.text import clauses, heads, polarity
from huiyin.text.cleaning import clean
from huiyin.text.codepoints import encode, fold
from huiyin.text.cues import opinion_cues

_LIMIT = 6000


def measure(data: Path) -> dict[str, Any]:
    """Every figure; `data` is the folder of the data sets."""
    csv.field_size_limit(2**31 - 1)
    return {"hotel": _hotel(data), **_restaurant(data, "train"), **_restaurant(data, "dev"), "makeup": _makeup(data), **_products(data)}


def rows(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(what, figure, how split) of each figure."""
    out = []
    for one in found.values():
        figures = f"{one['accuracy']:.3f}（负 {one['negative']:.3f}，正 {one['positive']:.3f}，n={one['n']}）"
        out.append((str(one["what"]), figures, str(one["split"])))
    return out


def _score(what: str, split: str, answers: NDArray[Any], truth: NDArray[Any]) -> dict[str, Any]:
    right = np.sign(answers) == truth
    recall = {name: round(float(right[truth == sign].mean()), 4) for name, sign in (("negative", -1), ("positive", 1))}
    return {"what": what, "split": split, "accuracy": round(float(right.mean()), 4), **recall, "n": len(truth)}


def _read(texts: list[str], places: list[tuple[int, int]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(sentiment of each text, sentiment of the clause at each (text, offset))."""
    cues, model, points = opinion_cues(), heads.load(), encode([clean(text).text if not places else text for text in texts])
    folded = fold(points)
    hits = cues.finder.find(folded)
    pieces = clauses.split(folded, polarity.turning(hits, cues, folded.starts))
    sums = model.sums(folded.codes, pieces.bounds)
    opinions = polarity.weigh_opinions(hits, cues, pieces, folded.codes)
    judged = polarity.judge(model, sums, clauses.by_text(pieces, sums, len(texts)), opinions, pieces, clauses.letters(folded, pieces))
    at = np.array([points.starts[text] + offset for text, offset in places], dtype=np.int64)
    return judged.document, judged.clause[pieces.of(at)] if len(at) else np.zeros(0)


def _table(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _hotel(data: Path) -> dict[str, Any]:
    found = [(row["review"], 1 if row["label"] == "1" else -1) for row in _table(data / "zh_sentiment_hotel/ChnSentiCorp_htl_all.csv.gz")]
    found = found[:: max(len(found) // _LIMIT, 1)]
    answers, _ = _read([text for text, _ in found], [])
    return _score("酒店评论，整篇", "训练时见过其中多数，只看不变差", answers, np.array([sign for _, sign in found]))


def _restaurant(data: Path, part: str) -> dict[str, Any]:
    """Reviews with marked opinions; `dev` was looked at (right or wrong in all) to set a few weights, `train` was not."""
    texts: list[str] = []
    marked: list[tuple[int, int, int]] = []
    with gzip.open(data / f"zh_restaurant_aste/{part}.txt.gz", "rt", encoding="utf-8") as file:
        for line in file:
            words, _, opinions = line.strip().partition("####")
            tokens = words.split(" ")
            offsets = np.concatenate([[0], np.cumsum([len(token) for token in tokens])])
            for _, (_, last), polarity in ast.literal_eval(opinions):
                sign = {"POS": 1, "NEG": -1}.get(polarity[:3].upper(), 0)
                if sign and last < len(tokens):
                    marked.append((len(texts), int(offsets[last]), sign))
            texts.append("".join(tokens))
    signs: dict[int, set[int]] = {}
    for text, _, sign in marked:
        signs.setdefault(text, set()).add(sign)
    plain = [(text, next(iter(own))) for text, own in signs.items() if len(own) == 1]
    document, clause = _read(texts, [(text, at) for text, at, _ in marked])
    truth = np.array([sign for _, _, sign in marked])
    mixed = np.array([len(signs[text]) > 1 for text, _, _ in marked])
    split = "从不训练，定过几个权重" if part == "dev" else "从不训练，没看过"
    whole = _score(f"餐馆评论（{part}），整篇", split, document[[text for text, _ in plain]], np.array([sign for _, sign in plain]))
    return {
        f"restaurant_{part}": whole,
        f"restaurant_{part}_mixed_clauses": _score(f"餐馆评论（{part}），褒贬都有的，每个观点所在的句", split, clause[mixed], truth[mixed]),
        f"restaurant_{part}_clauses": _score(f"餐馆评论（{part}），每个观点所在的句", split, clause, truth),
    }


def _makeup(data: Path) -> dict[str, Any]:
    texts = {row["id"]: row["Reviews"] for row in _table(data / "zh_ecommerce_asqp/makeup_reviews.csv.gz")}
    index = {name: at for at, name in enumerate(texts)}
    opinions = [
        (index[row["id"]], int(row["O_start"]), {"正面": 1, "负面": -1}[row["Polarities"]])
        for row in _table(data / "zh_ecommerce_asqp/makeup_labels.csv.gz")
        if row["O_start"].strip().isdigit() and row["Polarities"] != "中性" and row["id"] in index
    ]
    _, clause = _read(list(texts.values()), [(text, at) for text, at, _ in opinions])
    return _score("化妆品评论，每个观点所在的句", "标注词训练过，只看不变差", clause, np.array([sign for _, _, sign in opinions]))


def _products(data: Path) -> dict[str, Any]:
    """Short clauses of six lines of products; the clause that holds the aspect, of the characters written together."""
    by: dict[str, list[tuple[str, int, int]]] = {}
    for row in _table(data / "zh_product_aspect_polarity/train.csv.gz"):
        sign = {"Positive": 1, "Negative": -1}.get(row["polarity"])
        if sign is None:
            continue
        spaced = row["text"].replace(" ", "") if row["text"].count(" ") > len(row["text"]) / 4 else row["text"]
        place, aspect = spaced.find("$T$"), row["aspect"].replace(" ", "")
        if place >= 0:
            by.setdefault(row["domain"], []).append((spaced.replace("$T$", aspect), place, sign))
    found: dict[str, Any] = {}
    for domain, cases in sorted(by.items()):
        _, clause = _read([text for text, _, _ in cases], [(at, place) for at, (_, place, _) in enumerate(cases)])
        found[f"product_{domain}"] = _score(f"{domain}，说到这一点的句", "从不训练", clause, np.array([sign for _, _, sign in cases]))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    found = measure(parser.parse_args().data)
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n" if "--json" in sys.argv else "")
    for what, figure, split in rows(found):
        sys.stdout.write(f"{what}: {figure} [{split}]\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
