"""Rebuild the shipped model: `python -m huiyin.text.building --data FOLDER`. Needs the data sets.

What each head is trained on, what is held out and how well it does is printed and written to `docs/reference/models.json`;
docs/reference/models.md tells the same in words.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huiyin.text import clause_building, heads, polarity, sense, training
from huiyin.text.codepoints import encode, fold
from huiyin.text.cues import opinion_cues
from huiyin.text.datasets import rows
from huiyin.text.training import Labelled

VERSION = "2026.11.3"
SENTIMENTS = ("negative", "neutral", "positive")
EMOTIONS = ("angry", "fear", "happy", "neutral", "sad", "surprise")
_CAP = 9000
_HOLD_OUT = 10
_MOST_MISSED = 0.05
BLEND = np.array([0.668, 2.588, 0.621, 0.05])
"""How a clause's own logit, its opinion words and the logit of its text are blended, the last once more where the text turns. Fitted on opinions
of cosmetics reviews before there was a head for clauses; that head has learnt from the same reviews, and what is fitted there now reads clauses
of mixed restaurant reviews worse (.878 for .891)."""


def _sign(value: float) -> str:
    return SENTIMENTS[0 if value < 0 else 2 if value > 0 else 1]


def sentiment_texts(data: Path) -> Iterator[Labelled]:
    """Texts with a sentiment, from sets that do not forbid training (see each set's README)."""
    for row in rows(data, "zh_sentiment_online_shopping/online_shopping_10_cats"):
        yield Labelled(row["review"], _sign(1 if row["label"] == "1" else -1), f"shop:{row['cat']}")
    for row in rows(data, "zh_sentiment_nlpcc14/train"):
        yield Labelled(row["review"], _sign(1 if row["label"] == "1" else -1), "nlpcc14")
    for row in rows(data, "zh_appstore_smarthome/reviews"):
        stars = float(row["rating"] or 3)
        if stars != 3 and stars != 4:
            yield Labelled(f"{row['title']}\n{row['content'].split('------')[0]}", _sign(stars - 3), "app")
    for row in rows(data, "zh_bank_comments_df529/train"):
        yield Labelled(row["text"], SENTIMENTS[{"0": 0, "1": 2, "2": 1}[row["class"]]], "bank")
    yield from _car_posts(data)
    for row in rows(data, "zh_weibo_emotion_smp2020/train"):
        if row["label"] != "surprise":
            yield Labelled(row["content"], _sign({"happy": 1, "neutral": 0}.get(row["label"], -1)), "weibo")
    for row in rows(data, "zh_restaurant_asap_sample/sample"):
        if float(row["star"]) != 3:
            yield Labelled(row["reviewbody"], _sign(float(row["star"]) - 3), "asap")
    for row in rows(data, "zh_ecommerce_asqp/makeup_labels"):
        words = f"{row['AspectTerms']}{row['OpinionTerms']}".replace("_", "")
        yield Labelled(words, {"正面": "positive", "负面": "negative", "中性": "neutral"}[row["Polarities"]], "asqp")
    yield from _headlines(data)
    for row in rows(data, "en_nhs_survey_fft/survey"):
        if row["Comment sentiment"][:1] in tuple("12345") and len(row["FFT answer"]) > 3:
            yield Labelled(row["FFT answer"], _sign(3 - float(row["Comment sentiment"])), "nhs")
    for row in rows(data, "en_bank_app_reviews/reviews"):
        yield Labelled(row["review"], _sign(float(row["rating"]) - 3), "bank_app")


def _car_posts(data: Path) -> Iterator[Labelled]:
    found: dict[str, set[str]] = {}
    for row in rows(data, "zh_car_bdci2018/train"):
        found.setdefault(row["content"], set()).add(row["sentiment_value"])
    for text, values in found.items():
        if len(values) == 1:
            yield Labelled(text, _sign(float(next(iter(values)))), "car")


def _headlines(data: Path) -> Iterator[Labelled]:
    """Complaint headlines are complaints; mailbox titles by the verb that says what they are (weak labels)."""
    for row in rows(data, "zh_car_complaints/complaints"):
        yield Labelled(row["desc"], "negative", "car_complaint")
    for row in rows(data, "zh_gov_hotline/messages_replies"):
        title = row["title"]
        if any(word in title for word in ("投诉", "举报", "扰民", "拖欠", "乱收费", "违规", "强制", "严重", "太差")):
            yield Labelled(title, "negative", "mailbox")
        elif any(word in title for word in ("咨询", "请问", "询问", "建议")):
            yield Labelled(title, "neutral", "mailbox")


def emotion_texts(data: Path) -> Iterator[Labelled]:
    """Weibo posts with one of six emotions."""
    for row in rows(data, "zh_weibo_emotion_smp2020/train"):
        yield Labelled(row["content"], row["label"], row["set_name"])


def left_out(text: str) -> bool:
    """Whether a text is one of the tenth by which heads are judged: by the hash of what it says, so that copies fall on the same side."""
    return zlib.crc32(text.encode("utf-8", "replace")) % _HOLD_OUT == 0


def _held_out(texts: list[Labelled]) -> NDArray[np.bool_]:
    return np.array([left_out(one.text) for one in texts])


def _fit(texts: list[Labelled], classes: tuple[str, ...], report: dict[str, object]) -> heads.Fitted:
    matrix, labels = training.features([one.text for one in texts]), [one.label for one in texts]
    weight = training.balanced([one.group for one in texts], _CAP)
    held = _held_out(texts)
    trial = training.fit_head(matrix[~held], [one for one, out in zip(labels, held, strict=True) if not out], classes, weight[~held])
    answers = np.asarray((matrix[held] @ trial[1].T + trial[2]).argmax(axis=1))
    truth = np.array([classes.index(label) for label in np.asarray(labels)[held]])
    groups = np.array([one.group for one in texts])[held]
    report["trained_on"] = {name: int((np.array([one.group for one in texts]) == name).sum()) for name in sorted({one.group for one in texts})}
    report["held_out_accuracy"] = {name: round(float((answers == truth)[groups == name].mean()), 4) for name in sorted(set(groups.tolist()))}
    report["held_out_n"] = len(truth)
    return training.fit_head(matrix, labels, classes, weight)


def clauses_with_polarity(data: Path) -> tuple[list[str], list[tuple[int, int, int]]]:
    """Cosmetics reviews and their opinions as (review, offset of the opinion words, polarity −1 or 1)."""
    reviews = {row["id"]: row["Reviews"] for row in rows(data, "zh_ecommerce_asqp/makeup_reviews")}
    index = {name: at for at, name in enumerate(reviews)}
    opinions = [
        (index[row["id"]], int(row["O_start"]), 1 if row["Polarities"] == "正面" else -1)
        for row in rows(data, "zh_ecommerce_asqp/makeup_labels")
        if row["O_start"].strip().isdigit() and row["Polarities"] != "中性" and row["id"] in index
    ]
    return list(reviews.values()), opinions


def judged_clauses(model: heads.Heads, data: Path) -> dict[str, object]:
    """Recall of praise and blame among the marked opinions of cosmetics reviews; the words that mark them were trained on."""
    texts, opinions = clauses_with_polarity(data)
    folded = fold(encode(texts))
    found = polarity.weigh(folded, model, opinion_cues())
    at = found.clauses.of(np.array([folded.starts[review] + offset for review, offset, _ in opinions], dtype=np.int64))
    truth = np.array([sign for _, _, sign in opinions])
    right = np.sign(found.polarity.clause[at]) == truth
    return {"clause_recall": {name: round(float(right[truth == sign].mean()), 4) for name, sign in (("negative", -1), ("positive", 1))}}


def fit_clauses(sentiment: heads.Fitted, texts: list[Labelled], data: Path, folder: Path, report: dict[str, object]) -> heads.Fitted:
    """The head for clauses, and in `report` how well it and the head of texts judge labelled clauses that neither learnt from.

    Raises:
        ValueError: many labels found no clause, so that the data or the way clauses are cut is another one than when they were labelled.
    """
    found, taught, missed = clause_building.lessons([one.text for one in texts], data, folder)
    if missed > _MOST_MISSED * len(found):
        raise ValueError(f"{missed} labelled clauses were not found in {data}")
    held = _held_out(found)
    trial = clause_building.fit(sentiment, [one for one, out in zip(found, held, strict=True) if not out], taught)
    left = [one for one, out in zip(found, held, strict=True) if out]
    matrix, truth = training.features([one.text for one in left]), np.array([SENTIMENTS.index(one.label) for one in left])
    before, after = (np.asarray(matrix @ head[1].T + head[2]).argmax(axis=1) == truth for head in (sentiment, trial))
    groups = np.array([one.group for one in left])
    report["trained_on"] = {str(name): sum(one.group == name for one in found) for name in sorted({one.group for one in found})}
    report["labels"] = {name: sum(one.label == name for one in found) for name in SENTIMENTS}
    report["not_found"], report["held_out_n"], report["taught"] = missed, len(left), len(taught.texts)
    report["held_out_accuracy"] = {
        str(name): [round(float(right[groups == name].mean()), 4) for right in (before, after)] for name in np.unique(groups)
    } | {"all": [round(float(right.mean()), 4) for right in (before, after)]}
    return clause_building.fit(sentiment, found, taught)


def build(data: Path, target: Path, lessons: Path) -> dict[str, object]:
    """Train every head, write the model file to `target`, return what the model card needs. `lessons` holds the labelled clauses."""
    report: dict[str, dict[str, object]] = {"sentiment": {}, "emotion": {}, "clause_head": {}, "clause": {}}
    texts = list(sentiment_texts(data))
    sentiment = _fit(texts, SENTIMENTS, report["sentiment"])
    emotion = _fit(list(emotion_texts(data)), EMOTIONS, report["emotion"])
    clause = fit_clauses(sentiment, texts, data, lessons, report["clause_head"])
    fitted = {heads.SENTIMENT: sentiment, "emotion": emotion, heads.CLAUSE: clause}
    heads.save(target, fitted, BLEND, VERSION)
    report["clause"] = judged_clauses(heads.load(target.parent), data)
    build_sense(data, target.parent / "sense.npz")
    return {"version": VERSION, "bytes": target.stat().st_size, **report}


def build_sense(data: Path, target: Path) -> None:
    """Learn from the same texts how each word of the shipped vectors leans."""
    texts = [one for one in sentiment_texts(data) if one.label != "neutral"]
    side = np.array([one.label == "positive" for one in texts])
    weight = training.balanced([one.group for one in texts], _CAP)
    sense.save(sense.fit(fold(encode([one.text for one in texts])), side, weight), target)


def main() -> int:
    """Command line: build, print the report, write it to `--report`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "data" / "heads.npz")
    parser.add_argument("--lessons", type=Path, default=Path("training"), help="labelled clauses and written sentences")
    parser.add_argument("--report", type=Path, default=Path("docs/reference/models.json"))
    options = parser.parse_args()
    report = build(options.data, options.out, options.lessons)
    text = json.dumps(report, ensure_ascii=False, indent=2)
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
