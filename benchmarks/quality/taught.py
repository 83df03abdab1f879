"""Few labels with and without the teacher: so many labels a class, the other texts of the set without theirs, judged on texts left out.

Three draws of the labels; the mean, and the lowest and highest macro-F1. The texts left out are those of `learned`. Two thousand of the other
texts are read by the teacher. Both models are linear and read at the same speed; the one with the teacher needs it to be trained only.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.quality.learned import SINGLE, Pair

from huiyin.learning.classifier import drawn, train
from huiyin.learning.few import Lesson
from huiyin.learning.scores import exclusive_scores
from huiyin.learning.teacher import Teacher

SETS = ("zh_bank_comments_df529", "zh_weibo_emotion_smp2020 (general)", "en_nhs_survey_fft (5 classes)")
PER_CLASS, DRAWS, _POOL = (16, 64), 3, 2_000


def _some(learnt: list[Pair], per_class: int, draw: int) -> list[Pair]:
    lot, found = random.Random(draw), []
    for label in sorted({label for _text, label in learnt}):
        own = [one for one in learnt if one[1] == label]
        found += lot.sample(own, min(per_class, len(own)))
    return found


def _judged(learnt: list[Pair], left: list[Pair], lesson: Lesson | None) -> tuple[float, float]:
    model = train("x", [text for text, _label in learnt], [(label,) for _text, label in learnt], exclusive=True, lesson=lesson)
    index = {name: at for at, name in enumerate(model.classes)}
    said = np.array([index[one] for (one,) in model.classify([text for text, _label in left])])
    found = exclusive_scores(np.array([index[label] for _text, label in left]), said, list(model.classes))
    return found["accuracy"], found["macro_f1"]


def _of_set(learnt: list[Pair], left: list[Pair]) -> dict[str, Any]:
    texts = sorted({text for text, _label in learnt})
    pool = [texts[at] for at in drawn(texts, _POOL)]
    draws = {(per, draw): _some(learnt, per, draw) for per in PER_CLASS for draw in range(DRAWS)}
    wanted = sorted({*pool, *(text for one in draws.values() for text, _label in one)})
    vectors = dict(zip(wanted, Teacher.load().vectors(wanted), strict=True))
    found: dict[str, Any] = {"n": len(left)}
    for per in PER_CLASS:
        with_teacher, without = [], []
        for draw in range(DRAWS):
            some = draws[per, draw]
            others = sorted(set(pool) - {text for text, _label in some})
            lesson = Lesson(others, np.array([vectors[text] for text, _label in some]), np.array([vectors[text] for text in others]))
            without.append(_judged(some, left, None))
            with_teacher.append(_judged(some, left, lesson))
        found[str(per)] = {"without": without, "with": with_teacher}
    return found


def measure(data: Path) -> dict[str, Any]:
    """Accuracy and macro-F1 of each draw."""
    return {name: _of_set(*SINGLE[name][1](data)) for name in SETS}


def rows(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What, figure, how split and against what."""
    out = []
    for name, one in found.items():
        for per in PER_CLASS:
            told = {side: np.array(one[str(per)][side]) for side in ("without", "with")}
            parts = [
                f"准确率 {figures[:, 0].mean():.3f}，宏 F1 {figures[:, 1].mean():.3f}（{figures[:, 1].min():.3f}–{figures[:, 1].max():.3f}）"
                for figures in (told["without"], told["with"])
            ]
            out.append((f"{name}，每类 {per} 条", f"{parts[0]} → {parts[1]}", f"{DRAWS} 次抽签；留出 {one['n']:,} 条；不用 → 用教师模型"))
    return out
