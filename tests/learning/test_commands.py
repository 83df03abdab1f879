"""`train`, `evaluate`, `adapt` as a user types them."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from huiyin.cli import main
from huiyin.text import Reader
from tests.learning.conftest import sentences

Written = Callable[..., Path]


def _evaluated(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, float]:
    capsys.readouterr()
    assert main(["evaluate", *arguments, "--json"]) == 0
    found: dict[str, float] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("task", ["sentiment", "intent", "emotion"])
def test_a_model_is_trained_and_judged(task: str, written: Written, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    label = {"sentiment": {"好": "正面", "坏": "负面"}, "intent": {"好": "表扬", "坏": "投诉"}, "emotion": {"好": "happy", "坏": "angry"}}[task]
    for name, rows in (("train", sentences(200)), ("test", sentences(80, seed=3))):
        written(f"{name}.csv", ["text", "label"], [(text, label[side]) for text, _thing, side in rows])
    columns = ("--task", task, "--text", "text", "--label", "label")
    assert main(["train", str(tmp_path / "train.csv"), *columns, "--out", str(tmp_path / "model"), "--force"]) == 0
    assert "没学过的部分上" in capsys.readouterr().err
    found = _evaluated(capsys, str(tmp_path / "test.csv"), *columns, "--model", str(tmp_path / "model"))
    assert found["accuracy"] > 0.95
    assert found["n"] == 80
    assert set(found) >= {"accuracy", "macro_f1", "micro_f1", "per_class", "confusion", "n"}
    shipped = _evaluated(capsys, str(tmp_path / "test.csv"), *columns)
    assert 0 <= shipped["accuracy"] <= 1
    assert Reader.load("general", tmp_path / "model").read(["快递太差劲"]).sentiment[0] < 0


def test_aspects_with_polarity(written: Written, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, rows in (("train", sentences(200)), ("test", sentences(80, seed=3))):
        written(f"{name}.csv", ["text", "label", "side"], rows)
    columns = ("--task", "aspect", "--text", "text", "--label", "label", "--polarity", "side")
    assert main(["train", str(tmp_path / "train.csv"), *columns, "--out", str(tmp_path / "model")]) == 0
    found = _evaluated(capsys, str(tmp_path / "test.csv"), *columns, "--model", str(tmp_path / "model"))
    assert found["micro_f1"] > 0.95
    assert found["pair_f1"] > 0.9


def test_opinions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draw = random.Random(4)
    lines = []
    for at in range(150):
        target, opinion = draw.choice(["快递", "包装", "客服", "价格"]), draw.choice(["很快", "太慢", "不错", "糟糕"])
        side = "negative" if opinion in ("太慢", "糟糕") else "positive"
        start = draw.randint(0, 2)
        one = {"target": target, "target_start": start, "target_end": start + 2, "opinion": opinion, "opinion_start": start + 2}
        one |= {"opinion_end": start + 4, "aspect": target, "polarity": side}
        lines.append(json.dumps({"id": str(at), "text": "这次"[:start] + target + opinion, "opinions": [one]}, ensure_ascii=False))
    (tmp_path / "train.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert main(["train", str(tmp_path / "train.jsonl"), "--task", "opinion", "--out", str(tmp_path / "model")]) == 0
    found = _evaluated(capsys, str(tmp_path / "train.jsonl"), "--task", "opinion", "--model", str(tmp_path / "model"))
    assert found["target_f1"] > 0.9
    assert set(found) >= {f"{kind}_f1{how}" for kind in ("target", "opinion", "pair", "quad") for how in ("", "_overlap")}


def test_a_domain_teaches_its_own_words(written: Written, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`爆缸三连` is a complaint only because it keeps company with complaints."""
    draw = random.Random(5)
    texts = [f"{text}，{'爆缸三连' if side == '坏' else '棱镜环扣'}{draw.randint(1, 999)}" for text, _thing, side in sentences(400)]
    path = written("domain.csv", ["text"], [(text,) for text in texts])
    before = Reader.load("general").read(["又是爆缸三连", "还是棱镜环扣"]).sentiment
    assert main(["adapt", str(path), "--text", "text", "--out", str(tmp_path / "model")]) == 0
    assert "学了这个领域的说法" in capsys.readouterr().err
    after = Reader.load("general", tmp_path / "model").read(["又是爆缸三连", "还是棱镜环扣"]).sentiment
    assert after[0] < min(before[0], -0.2)
    assert after[1] > max(before[1], 0.2)


def test_too_few_texts_are_refused(written: Written, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written("few.csv", ["text", "label"], [("好", "正面"), ("坏", "负面")])
    assert main(["train", str(path), "--task", "sentiment", "--text", "text", "--label", "label", "--out", str(tmp_path / "model")]) == 3
    assert "至少要" in capsys.readouterr().err
    assert main(["adapt", str(path), "--text", "text", "--out", str(tmp_path / "model")]) == 3
    assert not (tmp_path / "model").exists()


def test_a_worse_model_is_not_written_silently(written: Written, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Labels drawn by lot teach nothing; the shipped reader knows these sentences."""
    draw = random.Random(6)
    rows = [
        (text, {"好": "正面", "坏": "负面"}[side] if draw.random() < 0.65 else draw.choice(["正面", "负面"])) for text, _thing, side in sentences(60)
    ]
    path = written("noise.csv", ["text", "label"], [(f"{text[:4]}一般说来", label) for text, label in rows[:40]] + rows[40:])
    columns = ["--task", "sentiment", "--text", "text", "--label", "label", "--out", str(tmp_path / "model")]
    code = main(["train", str(path), *columns])
    said = capsys.readouterr().err
    assert (code == 3 and "没有写出模型" in said and not (tmp_path / "model").exists()) or (code == 0 and "随包的模型" in said)


def test_a_model_of_another_task_and_unknown_labels_are_refused(written: Written, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written("a.csv", ["text", "label"], [(text, thing) for text, thing, _side in sentences(60)])
    columns = ["--text", "text", "--label", "label"]
    assert main(["train", str(path), "--task", "intent", *columns, "--out", str(tmp_path / "model")]) == 0
    assert main(["evaluate", str(path), "--task", "emotion", *columns, "--model", str(tmp_path / "model")]) == 5
    assert main(["evaluate", str(path), "--task", "intent", *columns]) == 5
    assert "train --task intent" in capsys.readouterr().err
    assert main(["evaluate", str(path), "--task", "intent", "--text", "text"]) == 3


def test_a_folder_that_cannot_be_written_is_refused_before_anything_is_learnt(
    written: Written, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written("a.csv", ["text", "label"], [(text, side) for text, _thing, side in sentences(60)])
    (tmp_path / "file").write_text("x")
    out = ["--out", str(tmp_path / "file" / "model")]
    assert main(["train", str(path), "--task", "intent", "--text", "text", "--label", "label", *out]) == 4
    assert main(["adapt", str(path), "--text", "text", *out]) == 4
    assert "不能写入" in capsys.readouterr().err
