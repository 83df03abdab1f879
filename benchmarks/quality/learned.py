"""Models trained from labels, on texts left out, beside character TF-IDF with a linear machine on the very same texts.

One text in five, by the hash of what it says, is left out; where a set has a test part of its own kind (weibo's general posts) only of those.
"""

from __future__ import annotations

import csv
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score
from sklearn.preprocessing import MultiLabelBinarizer
from sklearn.svm import LinearSVC

from huiyin.learning import tasks
from huiyin.text.datasets import rows as rows_of

Pair = tuple[str, str]


def _out(text: str) -> bool:
    return zlib.crc32(text.encode("utf-8", "replace")) % 5 == 0


def _bank(data: Path) -> tuple[list[Pair], list[Pair]]:
    return _split([(row["text"], row["class"]) for row in rows_of(data, "zh_bank_comments_df529/train")])


def _weibo(data: Path) -> tuple[list[Pair], list[Pair]]:
    learnt: list[Pair] = []
    left: list[Pair] = []
    for row in rows_of(data, "zh_weibo_emotion_smp2020/train"):
        (left if row["set_name"].startswith("usual") and _out(row["content"]) else learnt).append((row["content"], row["label"]))
    return learnt, left


def _banking(data: Path) -> tuple[list[Pair], list[Pair]]:
    return _split([(row["text"], row["category"]) for row in rows_of(data, "en_banking77/train")])


def _nhs(data: Path) -> tuple[list[Pair], list[Pair]]:
    rows = rows_of(data, "en_nhs_survey_fft/survey")
    return _split(
        [
            (row["FFT answer"], row["Comment sentiment"][:1])
            for row in rows
            if row["Comment sentiment"][:1] in tuple("12345") and len(row["FFT answer"]) > 3
        ]
    )


def _split(pairs: list[Pair]) -> tuple[list[Pair], list[Pair]]:
    return [one for one in pairs if not _out(one[0])], [one for one in pairs if _out(one[0])]


SINGLE: dict[str, tuple[str, Callable[[Path], tuple[list[Pair], list[Pair]]]]] = {
    "zh_bank_comments_df529": ("sentiment", _bank),
    "zh_weibo_emotion_smp2020 (general)": ("emotion", _weibo),
    "en_banking77": ("intent", _banking),
    "en_nhs_survey_fft (5 classes)": ("sentiment", _nhs),
}


def _written(path: Path, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(columns)
        out.writerows(rows)
    return path


def _figures(task: str, columns: tuple[str, ...], learnt: Any, left: Any, told: tuple[str, ...]) -> dict[str, Any]:
    """The figures `told` of a model trained without the teacher, and of one trained as the command line does where it is installed."""
    polarity, found = (columns[2] if len(columns) > 2 else None), {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        labelled, judged = _written(folder / "a.csv", columns, learnt), _written(folder / "b.csv", columns, left)
        for reads in ("never", "auto"):
            tasks.train_task(task, labelled, *columns[:2], polarity, folder / reads, force=True, teacher_reads=reads, teacher=reads)
            found[reads] = tasks.evaluate_task(task, judged, *columns[:2], polarity, folder / reads)[0]
    return {"n": found["never"]["n"], **{f"{reads}_{key}": one[key] for reads, one in found.items() for key in told}}


def _single(task: str, learnt: list[Pair], left: list[Pair]) -> dict[str, Any]:
    found = _figures(task, ("t", "l"), learnt, left, ("accuracy", "macro_f1"))
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    machine = LinearSVC(class_weight="balanced", random_state=0).fit(
        vectors.fit_transform([text for text, _ in learnt]), [label for _, label in learnt]
    )
    said, truth = machine.predict(vectors.transform([text for text, _ in left])), [label for _, label in left]
    return {
        "learnt": len(learnt),
        **found,
        "peer_accuracy": round(float(accuracy_score(truth, said)), 4),
        "peer_macro_f1": round(float(f1_score(truth, said, average="macro")), 4),
    }


def _car(data: Path) -> list[tuple[str, str, str]]:
    return [(row["content"], row["subject"], row["sentiment_value"]) for row in rows_of(data, "zh_car_bdci2018/train")]


def _makeup(data: Path) -> list[tuple[str, str, str]]:
    texts = {row["id"]: row["Reviews"] for row in rows_of(data, "zh_ecommerce_asqp/makeup_reviews")}
    return [
        (texts[row["id"]], row["Categories"], row["Polarities"]) for row in rows_of(data, "zh_ecommerce_asqp/makeup_labels") if row["id"] in texts
    ]


SEVERAL = {"zh_car_bdci2018": _car, "zh_ecommerce_asqp (categories)": _makeup}


def _several(rows: list[tuple[str, str, str]]) -> dict[str, Any]:
    learnt, left = [row for row in rows if not _out(row[0])], [row for row in rows if _out(row[0])]
    found = _figures("aspect", ("t", "a", "p"), learnt, left, ("micro_f1", "macro_f1", "pair_f1", "polarity_accuracy"))
    parts = []
    for part in (learnt, left):
        of_text: dict[str, set[str]] = {}
        for text, aspect, _polarity in part:
            of_text.setdefault(text, set()).add(aspect)
        parts.append(of_text)
    binary = MultiLabelBinarizer().fit(parts[0].values())
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    matrix, other = vectors.fit_transform(parts[0]), vectors.transform(parts[1])
    truth, target = binary.transform(parts[1].values()), binary.transform(parts[0].values())
    said = [LinearSVC(random_state=0).fit(matrix, target[:, at]).predict(other) for at in range(len(binary.classes_))]
    peers = {kind: round(float(f1_score(truth, [list(row) for row in zip(*said, strict=True)], average=kind)), 4) for kind in ("micro", "macro")}
    return {
        **found,
        "peer_micro_f1": peers["micro"],
        "peer_macro_f1": peers["macro"],
    }


def measure(data: Path) -> dict[str, Any]:
    """Figures of each set."""
    found: dict[str, Any] = {name: _single(task, *split(data)) for name, (task, split) in SINGLE.items()}
    return {**found, **{name: _several(rows(data)) for name, rows in SEVERAL.items()}}


def rows(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What, figure, how split and against what."""
    out = []
    for name, one in found.items():
        single = "never_accuracy" in one
        told = _accuracy if single else _aspects
        without, with_it = told(one, "never"), told(one, "auto")
        kind = "accuracy" if single else "micro_f1"
        peers = f"留出 {one['n']:,} 条；字 TF-IDF + 线性：{one[f'peer_{kind}']:.3f} / {one['peer_macro_f1']:.3f}"
        out.append((name, without if without == with_it else f"{without}；装了教师模型 {with_it}", peers))
    return out


def _accuracy(one: dict[str, Any], reads: str) -> str:
    return f"准确率 {one[f'{reads}_accuracy']:.3f}，宏 F1 {one[f'{reads}_macro_f1']:.3f}"


def _aspects(one: dict[str, Any], reads: str) -> str:
    micro, macro, pair = (one[f"{reads}_{key}"] for key in ("micro_f1", "macro_f1", "pair_f1"))
    return f"主题微 F1 {micro:.3f}，宏 F1 {macro:.3f}，主题 + 极性 F1 {pair:.3f}"
