"""Polarity on real reviews that are never trained on, or that are only used to see that a rule makes nothing worse.

Clause figures take the sign of the clause that holds the marked opinion, read with the whole text around it; a neutral clause is wrong
where the mark is not neutral. Research-only sets are used to evaluate, never to train or to mine words from.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.quality.restaurants import signed
from numpy.typing import NDArray

from huiyin.text import heads, polarity
from huiyin.text.building import clauses_with_polarity
from huiyin.text.cleaning import clean
from huiyin.text.codepoints import encode, fold
from huiyin.text.cues import opinion_cues
from huiyin.text.datasets import rows as rows_of

_LIMIT = 6000


def measure(data: Path) -> dict[str, Any]:
    """Every figure; `data` is the folder of the data sets."""
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
    """(sentiment of each text, sentiment of the clause at each (text, offset)), as the reader comes by them."""
    folded = fold(encode([clean(text).text if not places else text for text in texts]))
    found = polarity.weigh(folded, heads.load(), opinion_cues())
    at = np.array([folded.starts[text] + offset for text, offset in places], dtype=np.int64)
    return found.polarity.document, found.polarity.clause[found.clauses.of(at)] if len(at) else np.zeros(0)


def _hotel(data: Path) -> dict[str, Any]:
    found = [(row["review"], 1 if row["label"] == "1" else -1) for row in rows_of(data, "zh_sentiment_hotel/ChnSentiCorp_htl_all")]
    found = found[:: max(len(found) // _LIMIT, 1)]
    answers, _ = _read([text for text, _ in found], [])
    return _score("酒店评论，整篇", "训练时见过其中多数，只看不变差", answers, np.array([sign for _, sign in found]))


def _restaurant(data: Path, part: str) -> dict[str, Any]:
    """Reviews with marked opinions; `dev` was looked at (right or wrong in all) to set a few weights, `train` was not."""
    texts, marked, signs = signed(data, part)
    plain = [(text, next(iter(own))) for text, own in signs.items() if len(own) == 1]
    document, clause = _read(texts, [(text, at) for text, at, _ in marked])
    truth = np.array([sign for _, _, sign in marked])
    mixed = np.array([len(signs[text]) > 1 for text, _, _ in marked])
    split = "从不训练，定过几个权重" if part == "dev" else "从不训练，比过规则的取舍"
    whole = _score(f"餐馆评论（{part}），整篇", split, document[[text for text, _ in plain]], np.array([sign for _, sign in plain]))
    return {
        f"restaurant_{part}": whole,
        f"restaurant_{part}_mixed_clauses": _score(f"餐馆评论（{part}），褒贬都有的，每个观点所在的句", split, clause[mixed], truth[mixed]),
        f"restaurant_{part}_clauses": _score(f"餐馆评论（{part}），每个观点所在的句", split, clause, truth),
    }


def _makeup(data: Path) -> dict[str, Any]:
    texts, opinions = clauses_with_polarity(data)
    _, clause = _read(texts, [(text, at) for text, at, _ in opinions])
    return _score("化妆品评论，每个观点所在的句", "标注词训练过，只看不变差", clause, np.array([sign for _, _, sign in opinions]))


def _products(data: Path) -> dict[str, Any]:
    """Short clauses of six lines of products; the clause that holds the aspect, of the characters written together."""
    by: dict[str, list[tuple[str, int, int]]] = {}
    for row in rows_of(data, "zh_product_aspect_polarity/train"):
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
