"""Sentiment on a domain that nothing was trained on, and after adapting to its unlabelled texts.

For each domain the heads and the words' leanings are trained anew without its texts and clauses (and without sets that share its texts), and
the whole reader judges it: praise or blame, as labelled. For `adapted`, seven tenths of the domain's texts, without labels, are adapted to, and
the other three tenths judged; `before` is the same three tenths without adapting, `taught` with the teacher asked. SnowNLP on the same texts,
a sample of 600.
"""

from __future__ import annotations

import tempfile
import zlib
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from benchmarks.quality import peers
from numpy.typing import NDArray

from huiyin.learning.adapting import adapt
from huiyin.text import Reader, building, clause_building, heads, sense, training
from huiyin.text.codepoints import encode, fold
from huiyin.text.training import Labelled

DOMAINS = {"酒店": ("shop:酒店",), "书籍": ("shop:书籍",), "应用": ("app", "bank_app"), "乳品": ("shop:蒙牛",), "水果": ("shop:水果",)}
LESSONS = Path(__file__).parents[2] / "training"
_MOST, _CAP, _SNOW = 4_000, 9_000, 600


def _without(texts: list[Labelled], lessons: clause_building.Lessons, groups: tuple[str, ...], folder: Path) -> sense.Leanings:
    """Heads in `folder` and leanings, of texts and clauses of other groups only."""
    own = {one.text for one in texts if one.group in groups}
    kept = [one for one in texts if one.group not in groups and one.text not in own]
    weight = training.balanced([one.group for one in kept], _CAP)
    fitted = training.fit_head(training.features([one.text for one in kept]), [one.label for one in kept], building.SENTIMENTS, weight)
    shipped, combine = heads.fitted()
    labelled = [one for one in lessons.labelled if one.group not in groups]
    clause = clause_building.fit(fitted, labelled, lessons.taught.without(groups))
    heads.save(folder / "heads.npz", {**shipped, heads.SENTIMENT: fitted, heads.CLAUSE: clause}, combine, "without")
    judging = [at for at, one in enumerate(kept) if one.label != "neutral"]
    points = fold(encode([kept[at].text for at in judging]))
    return sense.fit(points, np.array([kept[at].label == "positive" for at in judging]), weight[judging])


def _right(folder: Path, texts: list[Labelled]) -> NDArray[np.bool_]:
    sentiment = Reader.load("general", folder).read([one.text for one in texts]).sentiment
    return np.asarray((sentiment > 0) == np.array([one.label == "positive" for one in texts]))


def _adapted(plain: Path, domain: list[Labelled], cut: int, teacher: str) -> float:
    """Accuracy on the rest of a domain after adapting to its first `cut` texts."""
    made = adapt([one.text for one in domain[:cut]], plain, teacher)
    assert made is not None
    with tempfile.TemporaryDirectory() as folder:
        made.save(Path(folder))
        return round(float(_right(Path(folder), domain[cut:]).mean()), 4)


def _beside(texts: list[Labelled]) -> float | None:
    """Accuracy of SnowNLP; None where it is not installed."""
    try:
        praised = peers.snownlp([one.text for one in texts[:_SNOW]]) > 0
    except ImportError:
        return None
    return float(np.mean(praised == np.array([one.label == "positive" for one in texts[:_SNOW]])))


def measure(data: Path) -> dict[str, Any]:
    """Accuracy of each domain."""
    texts, found = list(building.sentiment_texts(data)), {}
    lessons = clause_building.lessons([one.text for one in texts], data, LESSONS)
    for name, groups in DOMAINS.items():
        domain = sorted(
            {one for one in texts if one.group in groups and one.label != "neutral" and one.text.strip()},
            key=lambda one: zlib.crc32(one.text.encode("utf-8", "replace")),
        )
        domain = domain[:_MOST]
        cut = len(domain) * 7 // 10
        with tempfile.TemporaryDirectory() as plain:
            leanings = _without(texts, lessons, groups, Path(plain))
            with mock.patch.object(sense, "load", lambda leanings=leanings: leanings):
                right = _right(Path(plain), domain)
                after = {choice: _adapted(Path(plain), domain, cut, choice) for choice in ("never", "always")}
        found[name] = {
            "n": len(domain),
            "accuracy": round(float(right.mean()), 4),
            "before": round(float(right[cut:].mean()), 4),
            "adapted": after["never"],
            "taught": after["always"],
            "snownlp": _beside(domain),
        }
    return found


def rows(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What, figure, how split and against what."""
    return [
        (
            f"情感，没训练过的领域：{name}",
            f"{one['accuracy']:.3f}；适应前 → 后 {one['before']:.3f} → {one['adapted']:.3f}，请教师 {one['taught']:.3f}",
            f"{one['n']:,} 条；适应只看另外七成的文字" + (f"；SnowNLP {one['snownlp']:.3f}" if one["snownlp"] is not None else ""),
        )
        for name, one in found.items()
    ]
