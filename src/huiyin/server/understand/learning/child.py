"""The training process: lessons in, a model file and its worth out. Knows no Django and no database, and ends when its parent does."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from huiyin.server.understand.learning.comparing import Span, differences, read_of
from huiyin.server.understand.reading.child import serve_parent
from huiyin.text import Reader
from huiyin.text.errors import TextError
from huiyin.text.teaching import Lesson, Taught, heads_of, teach

NICE = 10


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done. `now` is the folder of the model in use, empty for the shipped one; `sample` holds (id, text)."""

    lessons: list[Lesson]
    taxonomy: str
    now: str
    background: list[str]
    sample: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it; everything but `data` goes into JSON."""

    version: str
    verdict: str
    acceptable: bool
    outcome: dict[str, Any]
    preview: dict[str, Any]
    data: bytes


def train(task: Task) -> Done:
    """The whole work, in this process."""
    now = Path(task.now) if task.now else None
    found = teach(task.lessons, task.taxonomy, now, task.background)
    outcome = {
        "lessons": found.lessons,
        "polarity": asdict(found.polarity),
        "aspect": asdict(found.aspect),
        "anchors": list(found.anchors),
        "strength": found.strength,
        "placing": list(found.placing),
    }
    if not found.acceptable:
        return Done(found.version, found.verdict, False, outcome, {}, b"")
    with tempfile.TemporaryDirectory() as folder:
        found.save(Path(folder))
        data = (Path(folder) / "heads.npz").read_bytes()
    return Done(found.version, found.verdict, True, outcome, _preview(task, now, found), data)


def _preview(task: Task, now: Path | None, found: Taught) -> dict[str, Any]:
    """Both models over the sample: voices with any difference, opinions by kind of difference, and the first of them."""
    before = Reader.load(task.taxonomy, now, widen=False)
    after = before.with_heads(heads_of(found))
    texts = [text for _, text in task.sample]
    old, new = (_read(reader, texts) for reader in (before, after))
    rows = range(len(texts))
    return differences([one for one, _text in task.sample], [old.get(row, {}) for row in rows], [new.get(row, {}) for row in rows])


def _read(reader: Reader, texts: Sequence[str]) -> dict[int, dict[Span, tuple[int, str | None]]]:
    columns = reader.read(texts).mention_columns()
    return read_of(zip(*(columns[name].to_pylist() for name in ("row", "start", "end", "polarity", "aspect")), strict=True))


def main(work: Connection) -> None:
    """One task in; ("done", Done) or ("refused", zh, en) out."""
    serve_parent(NICE)
    answer: tuple[Any, ...]
    try:
        answer = ("done", train(work.recv()))
    except TextError as error:
        answer = ("refused", error.message_zh, error.message_en)
    with suppress(BrokenPipeError):
        work.send(answer)
