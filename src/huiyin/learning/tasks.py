"""The tasks that can be trained and judged: what each reads, learns, keeps and scores."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from huiyin.learning import labelled, sentiments
from huiyin.learning.aspects import AspectModel, train_aspects
from huiyin.learning.classifier import FILE, Classifier, drawn, readable, train, with_teacher
from huiyin.learning.few import FEW, LEAST_UNLABELLED, MOST_UNLABELLED, Lesson
from huiyin.learning.scores import exclusive_scores, several_scores
from huiyin.learning.teacher import Vectors, asking
from huiyin.text import ModelError, Reader, heads, training
from huiyin.text.cues import EMOTIONS
from huiyin.text.errors import TextError
from huiyin.text.heads import Fitted
from huiyin.text.signals import HEAD_EMOTIONS, INTENTS

LEAST_TEXTS, LEAST_PER_CLASS = 20, 5
_EMOTION_NAMES = {
    **{name: name for name in EMOTIONS},
    **HEAD_EMOTIONS,
    "disgusted": "disgust",
    "surprised": "surprise",
    "开心": "joy",
    "高兴": "joy",
    "喜": "joy",
    "喜悦": "joy",
    "好": "like",
    "喜欢": "like",
    "怒": "anger",
    "愤怒": "anger",
    "生气": "anger",
    "哀": "sadness",
    "悲伤": "sadness",
    "难过": "sadness",
    "惧": "fear",
    "恐惧": "fear",
    "害怕": "fear",
    "恶": "disgust",
    "厌恶": "disgust",
    "惊": "surprise",
    "惊奇": "surprise",
    "惊讶": "surprise",
    "无": "none",
    "中性": "none",
}
_INTENT_NAMES = {
    **{name: name for name in INTENTS},
    "投诉": "complaint",
    "抱怨": "complaint",
    "表扬": "praise",
    "建议": "wish",
    "期望": "wish",
    "需求": "need",
    "求助": "need",
    "咨询": "question",
    "提问": "question",
    "流失": "churn",
    "无": "none",
}
_MOVE = 3.0


class TaskError(TextError):
    """Labels that nothing can be learnt from, or a model that would get worse."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What `huiyin train` tells of a task: figures of held-out folds, those of the shipped reader on the same texts, class sizes."""

    task: str
    texts: int
    per_class: dict[str, int]
    before: dict[str, Any] | None
    after: dict[str, Any]
    thin: tuple[str, ...]
    """Classes with too few texts to be learnt well."""
    refused: list[labelled.Refused]
    taught: dict[str, Any] | None = None
    """Of the teacher, where it was asked: how many texts without a label it read, and whether its student was kept."""


def train_task(
    task: str,
    file: Path,
    text: str,
    label: str,
    polarity: str | None,
    out: Path,
    force: bool = False,
    teacher: str = "never",
    tell: asking.Tell = asking.quiet,
    teacher_reads: str = "never",
) -> Trained:
    """Learn a task from a file of labels, write the model into `out`.

    `teacher`, one of `huiyin.learning.TEACHER`: whether it may read rows without a label, where labels are few; `tell` hears what it does.
    `teacher_reads`, one of the same: whether the model may read the teacher's vectors beside the n-grams, slower and better; with `auto` it does if
    that reads held-out texts better. A model without them is written too, for where there is no teacher.

    Raises:
        TaskError: too few labels; with `always`, too few texts without; or the model reads worse than the shipped one without `force`.
        ModelError: `teacher` is `always` and it is not installed.
        FilesError: the file or a column cannot be used.
    """
    found = labelled.several(file, text, label, polarity) if task == "aspect" else labelled.single(file, text, label)
    _enough(found)
    teaching = _taught(task, found, teacher, tell, teacher_reads)
    made = _learn_aspects(found, teaching) if task == "aspect" else _learn_classes(task, found, teaching)
    after, shipped = made.learnt["held_out"], made.shipped
    if shipped is not None and not force and after["accuracy"] < shipped["accuracy"] and after["macro_f1"] < shipped["macro_f1"]:
        raise TaskError(
            f"没有写出模型：没学过的部分它判对 {after['accuracy']:.3f}，随包的模型 {shipped['accuracy']:.3f}；多标些，或用 --force 照样写出",
            f"No model was written: on unseen texts it is right in {after['accuracy']:.3f}, the shipped one in {shipped['accuracy']:.3f}; "
            "label more, or write it all the same with --force",
        )
    out.mkdir(parents=True, exist_ok=True)
    made.model.save(out)
    if made.heads:
        fitted, combine = heads.fitted()
        heads.save(out / "heads.npz", {**fitted, **made.heads}, combine, f"{heads.load().version}-{task}")
    else:
        heads.copy_shipped(out)
    per_class = dict(made.learnt["per_class"])
    thin = tuple(name for name, count in per_class.items() if count < LEAST_PER_CLASS)
    held = {**after, **({"polarity": made.learnt["polarity"]} if "polarity" in made.learnt else {})}
    told = Trained(task, len(found.texts), per_class, shipped, held, thin, found.refused, made.learnt.get("teacher"))
    card = {"task": task, "texts": told.texts, "per_class": per_class, "held_out": held, "shipped": shipped}
    card |= {name: made.learnt[name] for name in ("teacher", "reads_with") if name in made.learnt}
    (out / "model.json").write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return told


class _Made(NamedTuple):
    """A model, what is known of it, what the shipped reader scores on the same texts, and heads of the reader that the labels moved."""

    model: Classifier | AspectModel
    learnt: dict[str, Any]
    shipped: dict[str, Any] | None = None
    heads: dict[str, Fitted] = {}


def _learn_aspects(found: labelled.Labelled, teaching: _Teaching) -> _Made:
    model = train_aspects(found.texts, found.labels, found.polarities, teaching.taught, teaching.required)
    learnt = dict(model.aspects.learnt)
    if model.polarity is not None:
        learnt["polarity"] = model.polarity.learnt["held_out"]
    return _Made(model, learnt)


class _Teaching(NamedTuple):
    """What the teacher makes of the texts: a lesson for a student, or vectors that may be read beside the n-grams, or have to be, or nothing."""

    lesson: Lesson | None = None
    taught: Vectors | None = None
    required: bool = False


def _taught(task: str, found: labelled.Labelled, choice: str, tell: asking.Tell, reads: str) -> _Teaching:
    said = set[str]()

    def once(zh: str, en: str) -> None:
        if zh not in said:
            said.add(zh)
            tell(zh, en)

    required = reads == "always"
    lesson = None if required or task == "aspect" else _lesson(found, choice, once)
    if lesson is not None or reads == "never" or (choice == "never" and not required):
        return _Teaching(lesson)
    model = asking.asked(reads, found.texts, once)
    return _Teaching(None, None if model is None else asking.read(model, found.texts, once), required)


def _lesson(found: labelled.Labelled, choice: str, tell: asking.Tell) -> Lesson | None:
    """What the teacher makes of the rows without a label, if there are such, labels are few, and it can be asked."""
    few_labels = len(found.texts) <= FEW * len({label for one in found.labels for label in one})
    pool = sorted(set(found.unlabelled.values()) - set(found.texts))
    if choice == "always" and len(pool) < LEAST_UNLABELLED:
        raise TaskError(
            f"教师模型没有可读的：标签空着的文本有 {len(pool)} 条，至少要 {LEAST_UNLABELLED} 条",
            f"There is nothing for the teacher to read: {len(pool)} texts without a label, at least {LEAST_UNLABELLED} are needed",
        )
    if choice == "never" or len(pool) < LEAST_UNLABELLED or not (few_labels or choice == "always"):
        return None
    chosen = [pool[at] for at in drawn(pool, MOST_UNLABELLED)]
    model = asking.asked(choice, [*found.texts, *chosen], tell)
    if model is None:
        return None
    vectors = asking.read(model, [*found.texts, *chosen], tell)
    found.refused[:] = [one for one in found.refused if one.row not in found.unlabelled]
    return Lesson(chosen, vectors[: len(found.texts)], vectors[len(found.texts) :])


def _learn_classes(task: str, found: labelled.Labelled, teaching: _Teaching) -> _Made:
    truth = [one[0] for one in found.labels]
    plain = train(task, found.texts, found.labels, exclusive=True, lesson=teaching.lesson)
    classifier = with_teacher(plain, found.texts, found.labels, teaching.taught, teaching.required)
    reader = Reader.load("general")
    sentiment = sentiments.sentiment_of(reader, found.texts) if task == "sentiment" else None
    said = _shipped(task, reader, found.texts, truth, sentiment)
    shipped = None if said is None else _exclusive(truth, said)
    return _Made(classifier, classifier.learnt, shipped, _moved_heads(task, found.texts, truth, sentiment))


def _enough(found: labelled.Labelled) -> None:
    classes = {label for one in found.labels for label in one}
    if len(found.texts) < LEAST_TEXTS or not classes or (len(classes) < 2 and all(found.labels)):
        raise TaskError(
            f"学不了：能用的有 {len(found.texts)} 条、{len(classes)} 个类；至少要 {LEAST_TEXTS} 条、两个类",
            f"Nothing to learn: {len(found.texts)} usable texts in {len(classes)} classes; at least {LEAST_TEXTS} texts in two classes are needed",
        )


# ---- heads: what a trained task changes in the reader


Sentiment = NDArray[np.float64]


def _moved_heads(task: str, texts: Sequence[str], truth: Sequence[str], sentiment: Sentiment | None) -> dict[str, Fitted]:
    """The shipped head of the task moved by what the labels say: `analyze --model` reads every clause with it."""
    fitted, _combine = heads.fitted()
    if task == "sentiment" and sentiment is not None:
        side = sentiments.sides(sorted(set(truth)), sentiment, truth)
        places: list[int | None] = [side[one] + 1 for one in truth]
    elif task == "emotion":
        index = {_EMOTION_NAMES.get(name, name): at for at, name in enumerate(fitted["emotion"][0])}
        places = [index.get(_EMOTION_NAMES.get(one.lower(), "")) for one in truth]
    else:
        return {}
    rows = [at for at, place in enumerate(places) if place is not None]
    if not rows:
        return {}
    target = np.array([places[at] for at in rows], np.int64)
    matrix = training.features([texts[at] for at in rows])
    classes, coefficients, intercepts = fitted[task]
    offset = np.asarray(matrix @ coefficients.T) + intercepts
    change, shift = training.residual(matrix, offset, np.eye(len(classes))[target], training.class_weights(target, len(classes)), _MOVE, shifts=False)
    if task == heads.SENTIMENT:
        return heads.moved(fitted, change, shift)
    return {task: (classes, coefficients + change, intercepts + shift)}


# ---- judging


def evaluate_task(
    task: str, file: Path, text: str, label: str, polarity: str | None, model: Path | None, tell: asking.Tell = asking.quiet
) -> tuple[dict[str, Any], list[labelled.Refused]]:
    """How well a model, without one the shipped reader, gives the labels of a file: the figures of `huiyin evaluate`. `tell` hears of the teacher.

    Raises:
        ModelError: the model is of another task, or the shipped reader knows nothing of these labels.
        FilesError: the file or a column cannot be used.
    """
    if task == "aspect":
        found = labelled.several(file, text, label, polarity)
        return _judge_aspects(found, polarity is not None, model, tell), found.refused
    found = labelled.single(file, text, label)
    truth = [one[0] for one in found.labels]
    if not truth:
        raise TaskError(f"{file.name} 里没有带标签的行", f"{file.name} has no labelled row")
    if model is not None and (model / FILE).exists():
        classifier = readable(model, tell)
        if classifier.task != task:
            raise ModelError(f"{model} 里是 {classifier.task} 的模型，不是 {task} 的", f"{model} holds a model for {classifier.task}, not for {task}")
        return _exclusive(truth, [one[0] for one in classifier.classify(found.texts)]), found.refused
    said = _shipped(task, Reader.load("general", model), found.texts, truth)
    if said is None:
        raise ModelError(
            f"随包的模型不认识这些标签，先用 huiyin train --task {task} 训练",
            f"The shipped model does not know these labels; train one with huiyin train --task {task}",
        )
    return _exclusive(truth, said), found.refused


def _exclusive(truth: Sequence[str], said: Sequence[str]) -> dict[str, Any]:
    names = sorted({*truth, *said})
    index = {name: at for at, name in enumerate(names)}
    return exclusive_scores(np.array([index[one] for one in truth]), np.array([index[one] for one in said]), names)


def _shipped(task: str, reader: Reader, texts: Sequence[str], truth: Sequence[str], sentiment: Sentiment | None = None) -> list[str] | None:
    """What the reader says in the words of the file's labels; None where it has none for them. `sentiment`: what it says, if known."""
    labels = sorted(set(truth))
    if task == "sentiment":
        return sentiments.answers(sentiments.sentiment_of(reader, texts) if sentiment is None else sentiment, labels, truth)
    known = _EMOTION_NAMES if task == "emotion" else _INTENT_NAMES
    of_label = {label: known.get(label.strip().lower()) for label in labels}
    if sum(one is not None for one in of_label.values()) < max(2, len(labels) / 2):
        return None
    label_of = {name: label for label, name in of_label.items() if name is not None}
    reading = reader.read(texts).feedback_columns()[task].to_pylist()
    rest = label_of.get("none", labels[0])
    return [label_of.get(one, rest) for one in reading]


def _judge_aspects(found: labelled.Labelled, with_polarity: bool, model: Path | None, tell: asking.Tell) -> dict[str, Any]:
    if model is None or not (model / FILE).exists():
        raise ModelError(
            "判主题要有 --model，先用 huiyin train --task aspect 训练", "Aspects need --model; train one with huiyin train --task aspect"
        )
    trained = AspectModel.load(model, tell)
    names = sorted({*trained.aspects.classes, *(label for one in found.labels for label in one)})
    index = {name: at for at, name in enumerate(names)}
    said = trained.read(found.texts)
    tables = [np.zeros((len(found.texts), len(names)), bool) for _side in range(2)]
    for row, (labels, answers) in enumerate(zip(found.labels, said, strict=True)):
        tables[0][row, [index[one] for one in labels]] = True
        tables[1][row, [index[one] for one in answers]] = True
    scores = several_scores(tables[0], tables[1], names)
    if with_polarity:
        scores["pair_f1"] = _pair_f1([dict(zip(*pair, strict=True)) for pair in zip(found.labels, found.polarities, strict=True)], said)
        given = trained.polarities(found.texts, found.labels)
        right = [one == other for row, truth in zip(given, found.polarities, strict=True) for one, other in zip(row, truth, strict=True)]
        scores["polarity_accuracy"] = round(float(np.mean(right)), 4) if right else 0.0
    return scores


def _pair_f1(truth: Sequence[dict[str, str]], said: Sequence[dict[str, str]]) -> float:
    """F1 over (aspect, polarity) pairs of all texts."""
    right = sum(len(one.items() & other.items()) for one, other in zip(truth, said, strict=True))
    return round(2 * right / max(sum(map(len, truth)) + sum(map(len, said)), 1), 4)
