"""Commands that learn from a company's own texts: `train`, `adapt`, `evaluate`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huiyin.cli.language import english, say
from huiyin.learning import JUDGED, TASKS, TEACHER

if TYPE_CHECKING:
    from huiyin.learning import labelled

_DONE, _INPUT, _OUTPUT = 0, 3, 4


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to the command line."""
    for name, zh, en, known in (
        ("train", "用标注训练一个模型", "train a model from labels", TASKS),
        ("evaluate", "用标注给模型打分", "score a model against labels", JUDGED),
    ):
        command = commands.add_parser(name, help=say(zh, en))
        command.add_argument("file", type=Path, metavar="FILE")
        command.add_argument("--task", required=True, choices=known)
        command.add_argument("--text", metavar="COL")
        command.add_argument("--label", metavar="COL")
        command.add_argument("--polarity", metavar="COL", help=say("主题的极性（--task aspect）", "polarity of the aspect (--task aspect)"))
        command.add_argument(
            "--labels", type=Path, metavar="FILE", help=say("观点标注另在一个文件里（--task opinion）", "opinions in a file of their own")
        )
        if name == "train":
            _add_teacher(command, say("标注少、没标注的行多时请教师模型", "ask the teacher where labels are few and rows without many"))
            command.add_argument(
                "--teacher-reads",
                nargs="?",
                const="always",
                default="auto",
                choices=TEACHER,
                help=say(
                    "evaluate 读的时候也用教师模型，每秒几十到几百条；auto：更准才用", "evaluate reads with the teacher too; auto: if that is better"
                ),
            )
            command.add_argument("--out", required=True, type=Path, metavar="DIR")
            command.add_argument(
                "--force", action="store_true", help=say("比随包的模型差也写出", "write it even if it reads worse than the shipped one")
            )
        else:
            command.add_argument("--model", type=Path, metavar="DIR")
            command.add_argument("--json", action="store_true", help=say("只打一个 JSON", "print one JSON object"))
    moving = commands.add_parser("adapt", help=say("用没有标注的文本适应一个领域", "adapt to a domain from unlabelled texts"))
    moving.add_argument("file", type=Path, metavar="FILE")
    moving.add_argument("--text", metavar="COL")
    moving.add_argument(
        "--model", type=Path, metavar="DIR", help=say("从这个模型出发，默认是随包的", "start from this model; default the shipped one")
    )
    _add_teacher(moving, say("请教师模型也读一遍", "ask the teacher for a second opinion"))
    moving.add_argument("--out", required=True, type=Path, metavar="DIR")


def _add_teacher(command: argparse.ArgumentParser, about: str) -> None:
    command.add_argument("--teacher", choices=TEACHER, default="auto", help=about)


def run_train(options: argparse.Namespace) -> int:
    """Train, say what was learnt from and how well held-out texts are read."""
    if not _may_write(options.out):
        return _OUTPUT
    if options.task == "opinion":
        return _train_opinions(options)
    from huiyin.learning import tasks

    text, label = _columns(options)
    asked = {"teacher": options.teacher, "tell": _tell_either, "teacher_reads": options.teacher_reads}
    made = tasks.train_task(options.task, options.file, text, label, options.polarity, options.out, options.force, **asked)
    _tell_refused(made.refused)
    if made.taught is not None:
        _tell_either(*_about_teacher(made.taught))
    counts = "、".join(f"{name} {count:,}" for name, count in list(made.per_class.items())[:12])
    _tell(say(f"学了 {made.texts:,} 条：{counts}", f"Learnt from {made.texts:,} texts: {counts}"))
    if made.thin:
        names = "、".join(made.thin[:8])
        _tell(say(f"太少，学不准：{names}", f"Too few to learn well: {names}"))
    _tell(say("没学过的部分上：", "On texts left out: ") + _figures(made.after))
    if made.before:
        _tell(say("随包的模型：", "The shipped model: ") + _figures(made.before))
    print(options.out)
    return _DONE


def run_adapt(options: argparse.Namespace) -> int:
    """Adapt, say what changed."""
    from huiyin.learning import labelled
    from huiyin.learning.adapting import LEAST_TEXTS, adapt

    if not _may_write(options.out):
        return _OUTPUT
    texts, refused = labelled.unlabelled(options.file, options.text)
    _tell_refused(refused)
    made = adapt(texts, options.model, options.teacher, _tell_either)
    if made is None:
        line = say(f"不同的文本少于 {LEAST_TEXTS} 条，学不出东西", f"Fewer than {LEAST_TEXTS} different texts: nothing to learn from")
        print(f"huiyin: {line}", file=sys.stderr)
        return _INPUT
    options.out.mkdir(parents=True, exist_ok=True)
    made.save(options.out)
    before, after = made.praise
    _tell(
        say(
            f"从 {made.texts:,} 条文本学了这个领域的说法；{made.changed:.1%} 的正负变了，正面从 {before:.1%} 到 {after:.1%}",
            f"Learnt the ways of this domain from {made.texts:,} texts; {made.changed:.1%} changed sides, praise {before:.1%} to {after:.1%}",
        )
    )
    print(options.out)
    return _DONE


def run_evaluate(options: argparse.Namespace) -> int:
    """Print the figures, as lines or as one JSON object."""
    if options.task == "opinion":
        scores = _evaluate_opinions(options)
    elif options.task == "topic":
        text, label = _columns(options)
        from huiyin.learning.grouping import evaluate_topics

        scores, refused = evaluate_topics(options.file, text, label)
        _tell_refused(refused)
    else:
        from huiyin.learning import tasks

        text, label = _columns(options)
        scores, refused = tasks.evaluate_task(options.task, options.file, text, label, options.polarity, options.model, _tell_either)
        _tell_refused(refused)
    if options.json:
        print(json.dumps(scores, ensure_ascii=False))
        return _DONE
    print(_figures(scores))
    for name, one in scores.get("per_class", {}).items():
        print(f"  {name}  P {one['precision']:.3f}  R {one['recall']:.3f}  F1 {one['f1']:.3f}  n {one['n']:,}")
    return _DONE


def _columns(options: argparse.Namespace) -> tuple[str, str]:
    if not options.text or not options.label:
        from huiyin.learning.tasks import TaskError

        raise TaskError("要用 --text 和 --label 指明文本列和标签列", "Name the columns of text and label with --text and --label")
    return options.text, options.label


def _train_opinions(options: argparse.Namespace) -> int:
    from huiyin.learning import opinions

    made = opinions.train_opinions(options.file, options.labels, options.out)
    for line in made.lines(english()):
        _tell(line)
    print(options.out)
    return _DONE


def _evaluate_opinions(options: argparse.Namespace) -> dict[str, Any]:
    from huiyin.learning import opinions

    scores, lines = opinions.evaluate_opinions(options.file, options.labels, options.model, english())
    for line in lines:
        _tell(line)
    return scores


def _figures(scores: dict[str, Any]) -> str:
    return "  ".join(
        f"{name} {value:.4f}" if isinstance(value, float) else f"{name} {value:,}" for name, value in scores.items() if not isinstance(value, dict)
    )


def _may_write(out: Path) -> bool:
    """Whether the folder can be made and written to; asked before minutes are spent on training."""
    there = next(one for one in (out, *out.absolute().parents) if one.exists())
    if there.is_dir() and os.access(there, os.W_OK):
        return True
    line = say(f"不能写入 {out}：{there} 不是能写的文件夹", f"Cannot write to {out}: {there} is no folder that can be written to")
    print(f"huiyin: {line}", file=sys.stderr)
    return False


def _tell_refused(refused: Sequence[labelled.Refused]) -> None:
    from huiyin.learning import labelled

    if refused:
        _tell(say(f"{len(refused):,} 行没有用上：", f"{len(refused):,} rows were not used:"))
        for line in labelled.describe(refused, english()):
            _tell(f"  {line}")


def _about_teacher(taught: dict[str, Any]) -> tuple[str, str]:
    count = taught["unlabelled"]
    if taught["student"]:
        return f"从教师模型读的 {count:,} 条没标注的文本里学了", f"Learnt from {count:,} texts without labels that the teacher read"
    return (
        f"教师模型读了 {count:,} 条没标注的文本；只学标注读得更准，所以没有用它",
        f"The teacher read {count:,} texts without labels; the labels alone read held-out texts better, so it is not used",
    )


def _tell_either(zh: str, en: str) -> None:
    _tell(say(zh, en))


def _tell(line: str) -> None:
    print(line, file=sys.stderr)
