import csv
import gzip
import json
import re
from pathlib import Path

import numpy as np
import pytest
import yaml

from huiyin.text import Reader, clause_building, heads, ngrams
from huiyin.text.clause_building import LABELS, Taught
from huiyin.text.heads import Fitted
from huiyin.text.training import Labelled

TRAINING = Path(__file__).parents[2] / "training"
CLASSES = ("negative", "neutral", "positive")


def _written() -> dict[str, list[str]]:
    return {label: (TRAINING / f"written_{label}.txt").read_text(encoding="utf-8").splitlines() for label in LABELS.values()}


def _head() -> Fitted:
    return CLASSES, np.zeros((3, ngrams.BUCKETS)), np.zeros(3)


def test_labels_stand_by_hashes_and_hold_no_text() -> None:
    with (TRAINING / "clauses.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) >= 7000
    assert all(list(row) == ["key", "label", "group"] and re.fullmatch("[0-9a-f]{14}", row["key"]) and row["label"] in LABELS for row in rows)
    assert len({row["key"] for row in rows}) == len(rows)


def test_written_sentences_stand_once_and_are_no_test_cases() -> None:
    sentences = [one for of_label in _written().values() for one in of_label]
    assert len(sentences) == len(set(sentences)) >= 1400
    cases = {
        text
        for path in (Path(__file__).parent / "traps").glob("*.yaml")
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
        for text in (row["meet"] if "meet" in row else [row["text"]])
    }
    assert not cases & set(sentences)


def test_clauses_are_cut_as_the_reader_cuts_them() -> None:
    assert list(clause_building.clauses(["房间很干净，但是早餐太差。", "ok", "客服没回"])) == ["房间很干净", "但是早餐太差", "客服没回"]


def test_labelled_clauses_are_found_again(tmp_path: Path) -> None:
    data, lessons = tmp_path / "data", tmp_path / "training"
    lessons.mkdir()
    labels = [("早餐太差", "-"), ("房间在三楼", "0"), ("没有人说过这一句", "+")]
    lines = ["key\tlabel\tgroup", *(f"{clause_building.key(text)}\t{label}\thotel" for text, label in labels)]
    (lessons / "clauses.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for label in LABELS.values():
        (lessons / f"written_{label}.txt").write_text(f"写下的{label}\n\n", encoding="utf-8")
    for name, column in (
        ("zh_ecommerce_asqp/makeup_reviews", "Reviews"),
        ("zh_ecommerce_asqp/laptop_unlabelled", "Reviews"),
        ("zh_phone_reviews_dated/reviews", "content"),
        ("zh_tourism_reviews/reviews_2018_2019", "content"),
        ("zh_gov_hotline/messages_unlabelled", "content"),
    ):
        path = data / f"{name}.csv.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([[column], ["房间在三楼，早餐太差，袖口还钻毛" if "makeup" in name else "别的"]])
    talk = {
        "sentences": ["续 航 很 顶 ， 屏 幕 一 般", "iPhone 12 发 热"],
        "triplets": [[0, 2, -1, -1, 2, 4, "pos", "", "", ""], [5, 7, -1, -1, 7, 9, "pos", "", "", ""], [5, 7, -1, -1, 7, 9, "neg", "", "", ""]],
    }
    talk["triplets"].append([9, 11, -1, -1, 11, 13, "neg", "", "", ""])
    phones = data / "zh_phone_dialogue_diaasq/train.json.gz"
    phones.parent.mkdir()
    phones.write_bytes(gzip.compress(json.dumps([talk]).encode()))
    keys = np.array([int(clause_building.key(text), 16) for text in ("没有人说过这一句", "袖口还钻毛")], np.uint64)
    likely, group = np.array([[0, 0, 255], [204, 51, 0]], np.uint8), np.array([1, 0], np.uint8)
    np.savez(lessons / "taught.npz", keys=keys, likely=likely, group=group, groups=np.array(["makeup", "app"]))
    found, taught, missed = clause_building.lessons([], data, lessons)
    assert missed == 1
    assert (taught.texts, taught.likely.tolist(), taught.groups) == (["袖口还钻毛"], [[0.8, 0.2, 0.0]], ["makeup"])
    assert taught.without({"makeup"}).texts == []
    assert {(one.text, one.label) for one in found} == {
        ("早餐太差", "negative"),
        ("房间在三楼", "neutral"),
        ("续航很顶", "positive"),
        ("iPhone 12发热", "negative"),
        *((f"写下的{label}", label) for label in LABELS.values()),
    }


def test_a_head_is_moved_towards_what_clauses_were_labelled() -> None:
    found = [Labelled(text, label, "x") for label, texts in _written().items() for text in texts[:60]]
    classes, coefficients, intercepts = clause_building.fit(_head(), found)
    scores = clause_building.training.features([one.text for one in found]) @ coefficients.T + intercepts
    right = np.asarray(scores).argmax(axis=1) == [classes.index(one.label) for one in found]
    assert right.mean() > 0.9


def test_a_head_learns_what_the_encoder_thinks_and_labels_more() -> None:
    found = [Labelled("屏幕很亮", "positive", "x"), Labelled("屏幕很暗", "negative", "x"), Labelled("昨天到的", "neutral", "x")]
    told = ["袖口钻毛", "鞋带老松", "屏幕很暗"]
    taught = Taught(told, np.array([[0.9, 0.1, 0.0], [0.9, 0.1, 0.0], [0.0, 0.0, 1.0]]), ["x"] * 3)
    _classes, coefficients, intercepts = clause_building.fit(_head(), found, taught)
    scores = np.asarray(clause_building.training.features(told) @ coefficients.T + intercepts)
    assert scores.argmax(axis=1).tolist() == [0, 0, 0]


def test_opinions_of_the_encoder_stand_by_hashes() -> None:
    with np.load(TRAINING / "taught.npz", allow_pickle=False) as stored:
        keys, likely, group, groups = (stored[name] for name in ("keys", "likely", "group", "groups"))
    assert len(keys) == len(likely) == len(group) >= 150_000
    assert (np.diff(keys.astype(np.int64)) > 0).all()
    assert (np.abs(likely.astype(int).sum(axis=1) - 255) <= 2).all()
    assert group.max() < len(groups)


def test_both_heads_of_sentiment_move_together() -> None:
    change, shift = np.full((3, ngrams.BUCKETS), 0.5), np.array([1.0, 0.0, -1.0])
    moved = heads.moved({"sentiment": _head(), "emotion": _head(), "clause": _head()}, change, shift)
    assert (moved["emotion"][1] == 0).all()
    assert all((moved[name][1] == 0.5).all() and (moved[name][2] == shift).all() for name in ("sentiment", "clause"))
    assert set(heads.moved({"sentiment": _head()}, change, shift)) == {"sentiment"}


def test_a_model_of_before_without_a_head_for_clauses_still_reads(tmp_path: Path) -> None:
    fitted, combine = heads.fitted()
    heads.save(tmp_path / "heads.npz", {name: one for name, one in fitted.items() if name != heads.CLAUSE}, combine, "2026.11")
    reading = Reader.load("general", tmp_path).read(["房间很干净，但是早餐太差", "请问几点开门"])
    assert reading.mentions.polarity.tolist()[:2] == [1, -1]
    assert "2026.11" in reading.version


@pytest.mark.parametrize(
    ("text", "side"), [("明年不续费了", -1), ("跑了三趟才盖上章", -1), ("全程不用自己动手", 1), ("怎么退订会员", 0), ("如何注销账号", 0)]
)
def test_what_customers_do_tells_what_they_think(general: Reader, text: str, side: int) -> None:
    sentiment = float(general.read([text]).sentiment[0])
    assert (sentiment <= -0.2, abs(sentiment) < 0.2, sentiment >= 0.2)[side + 1]


def test_praise_cried_out_before_trouble_is_none(general: Reader) -> None:
    bitter, sincere = general.read(["可真省事，自己组装了一天", "可真省事，师傅十分钟装好"]).sentiment
    assert bitter < 0 < sincere
