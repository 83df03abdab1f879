"""Tune the teacher to labelled clauses, and write down what it thinks of many more: `python training/teach.py --data FOLDER`.

multilingual-e5-small (see `huiyin.learning.teacher`) is tuned to three tasks at once: what a clause says, what a text says, which emotion a post
has. Then it reads clauses that nobody labelled; `taught.npz` keeps the hash, the source and the probabilities of each, and `make models` lets
the head for clauses learn from them. Needs PyTorch for the processor (`pip install torch`) beside `huiyin[teacher]`; a quarter of an hour to
tune, ten minutes to read, on two cores with bfloat16 instructions.

The teacher learns nothing of hotels, books, apps, dairy and fruit, so that `benchmarks/quality/unseen.py` can leave each of these out and still
use the teacher's opinions of the others; nor of one labelled clause in ten, by which the head is judged. On another processor sums are rounded
otherwise: the probabilities differ in their last digits.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from huiyin.learning.teacher import WIDTH, Teacher
from huiyin.learning.teacher.carried import Carried
from huiyin.text import building, clause_building
from huiyin.text.clause_building import LABELS

LEFT_OUT = frozenset({"shop:酒店", "shop:书籍", "app", "bank_app", "shop:蒙牛", "shop:水果"})
NOT_TAUGHT = frozenset({"asqp", "mailbox"})
"""Sources whose texts are no clauses of customers but terms and titles."""
MOST_PIECES, MOST_TEXTS, MOST_CLAUSES, SHORTEST = 96, 9_000, 10_000, 4
EPOCHS, RATE, HEAD_RATE, WARM_UP = 2, 1e-4, 2e-3, 60
SHARES = {"clause": 2.0, "text": 1.0, "emotion": 0.4}
MOST_OF_A_SOURCE = 400
TUNED_AT_ONCE, READ_AT_ONCE = 4_500, 20_000
"""Pieces of a batch."""


class Lesson(NamedTuple):
    """A text, and which class of which task it has."""

    task: str
    text: str
    target: int
    group: str


def lessons(data: Path, folder: Path) -> tuple[list[Lesson], set[str]]:
    """What the teacher is tuned to, and every labelled clause."""
    texts = list(building.sentiment_texts(data))
    clauses = clause_building.lessons([one.text for one in texts], data, folder).labelled
    own = {one.text for one in texts if one.group in LEFT_OUT}
    sides = tuple(LABELS.values())
    found = [Lesson("text", one.text, sides.index(one.label), one.group) for one in texts]
    found += [Lesson("clause", one.text, sides.index(one.label), one.group) for one in clauses if not building.left_out(one.text)]
    found += [Lesson("emotion", one.text, building.EMOTIONS.index(one.label), one.group) for one in building.emotion_texts(data)]
    return [one for one in found if one.group not in LEFT_OUT and one.text not in own], {one.text for one in clauses}


def unlabelled(data: Path, labelled: set[str]) -> Iterator[tuple[str, str]]:
    """(clause, source) of those to be read: equal numbers of each source, as far as they go."""
    of_source: dict[str, set[str]] = defaultdict(set)
    for one in building.sentiment_texts(data):
        if one.group not in NOT_TAUGHT:
            of_source[one.group].add(one.text)
    for text, source in clause_building.sources(data):
        of_source[source].add(text)
    seen = set(labelled)
    for source, texts in sorted(of_source.items()):
        chosen = sorted(texts, key=lambda text: (zlib.crc32(text.encode("utf-8", "replace")), text))[:MOST_TEXTS]
        count = 0
        for clause in clause_building.clauses(chosen):
            if len(clause) >= SHORTEST and clause not in seen and count < MOST_CLAUSES:
                seen.add(clause)
                count += 1
                yield clause, source


class Layer(nn.Module):
    """Attention and feed-forward, each added and normed (Vaswani et al., 2017)."""

    def __init__(self, carried: Carried, name: str) -> None:
        super().__init__()
        width, inner = carried.shape.width, carried.shape.inner
        self.heads = carried.shape.heads
        self.attends = _linear(carried, [f"{name}.{part}" for part in "qkv"], width)
        self.said, self.wide, self.narrow = (
            _linear(carried, [f"{name}.{part}"], columns) for part, columns in (("ao", width), ("fi", width), ("fo", inner))
        )
        self.between, self.after = (_norm(carried, f"{name}.{part}") for part in ("aln", "oln"))

    def forward(self, rows: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """`rows` (B, L, W), `there` (B, 1, 1, L)."""
        batch, length, width = rows.shape
        query, key, value = self.attends(rows).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        score = torch.matmul(query, key.transpose(-1, -2)).float() * (width // self.heads) ** -0.5
        seen = torch.matmul(torch.softmax(score.masked_fill(~there, -1e4), -1).to(value.dtype), value)
        rows = self.between(rows + self.said(seen.transpose(1, 2).reshape(batch, length, width)))
        return self.after(rows + self.narrow(functional.gelu(self.wide(rows))))


class Encoder(nn.Module):
    """The teacher as PyTorch can tune it; its table of pieces is not tuned."""

    def __init__(self, carried: Carried) -> None:
        super().__init__()
        self.words = torch.from_numpy(carried.matrix("emb.word", WIDTH))
        self.places = torch.from_numpy(carried.vector("emb.pos").reshape(-1, WIDTH) + carried.vector("emb.type").reshape(-1, WIDTH)[0])
        self.first, self.drop = _norm(carried, "emb.ln"), nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer(carried, f"l{at}") for at in range(carried.shape.layers))

    def forward(self, pieces: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """The normed mean of each text's last layer; shape (B, WIDTH)."""
        there = torch.arange(pieces.shape[1])[None] < lengths[:, None]
        rows = self.drop(self.first(self.words[pieces] + self.places[: pieces.shape[1]]))
        for layer in self.layers:
            rows = layer(rows, there[:, None, None, :])
        mean = (rows.float() * there[:, :, None]).sum(1) / lengths[:, None]
        return functional.layer_norm(mean, (WIDTH,))


def _linear(carried: Carried, parts: Sequence[str], columns: int) -> nn.Linear:
    weight = np.concatenate([carried.matrix(f"{part}.w", columns) for part in parts])
    made = nn.Linear(columns, len(weight))
    made.weight.data.copy_(torch.from_numpy(weight))
    made.bias.data.copy_(torch.from_numpy(np.concatenate([carried.vector(f"{part}.b") for part in parts])))
    return made


def _norm(carried: Carried, name: str) -> nn.LayerNorm:
    made = nn.LayerNorm(WIDTH, carried.epsilon)
    made.weight.data.copy_(torch.from_numpy(carried.vector(f"{name}.w").copy()))
    made.bias.data.copy_(torch.from_numpy(carried.vector(f"{name}.b").copy()))
    return made


Pieces = Sequence[NDArray[np.int64]]


def batches(rows: Sequence[int], pieces: Pieces, most: int) -> Iterator[list[int]]:
    """Rows of like length together, at most `most` pieces with their padding."""
    batch: list[int] = []
    for row in sorted(rows, key=lambda one: (len(pieces[one]), one)):
        if batch and (len(batch) + 1) * len(pieces[row]) > most:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def padded(rows: Sequence[int], pieces: Pieces) -> tuple[torch.Tensor, torch.Tensor]:
    """Piece numbers (B, L) and lengths (B,)."""
    lengths = np.array([len(pieces[row]) for row in rows])
    out = np.ones((len(rows), lengths.max()), np.int64)
    for at, row in enumerate(rows):
        out[at, : lengths[at]] = pieces[row]
    return torch.from_numpy(out), torch.from_numpy(lengths)


def plan(known: Sequence[Lesson], pieces: Pieces) -> list[tuple[str, list[int]]]:
    """Batches of one task each, over all epochs, shuffled."""
    of_source: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, one in enumerate(known):
        of_source[one.task, one.group if one.task == "text" else ""].append(row)
    out = []
    for _epoch in range(EPOCHS):
        of_task: dict[str, list[int]] = defaultdict(list)
        for (task, _group), rows in sorted(of_source.items()):
            count = int(min(SHARES[task] * len(rows), MOST_OF_A_SOURCE if task == "text" else np.inf))
            random.shuffle(rows)
            of_task[task] += (rows * (count // len(rows) + 1))[:count]
        epoch = []
        for task, rows in of_task.items():
            random.shuffle(rows)
            epoch += [(task, one) for at in range(0, len(rows), 2_000) for one in batches(rows[at : at + 2_000], pieces, TUNED_AT_ONCE)]
        random.shuffle(epoch)
        out += epoch
    return out


def tuned(teacher: Teacher, known: Sequence[Lesson]) -> tuple[Encoder, nn.Linear]:
    """The encoder, and the head that tells what a clause says."""
    pieces = [teacher.pieces.of_text(one.text, MOST_PIECES) for one in known]
    encoder = Encoder(teacher.carried)
    heads = nn.ModuleDict({task: nn.Linear(WIDTH, 1 + max(one.target for one in known if one.task == task)) for task in SHARES})
    body = list(encoder.parameters())
    descent = torch.optim.AdamW([{"params": body, "lr": RATE}, {"params": heads.parameters(), "lr": HEAD_RATE}], weight_decay=0.01)
    steps = plan(known, pieces)
    rates = torch.optim.lr_scheduler.LambdaLR(descent, lambda step: min(step / WARM_UP, 1) * max(0.02, 1 - step / len(steps)))
    encoder.train()
    started = time.monotonic()
    for step, (task, rows) in enumerate(steps):
        with torch.autocast("cpu", torch.bfloat16):
            vectors = encoder(*padded(rows, pieces))
        target = torch.tensor([known[row].target for row in rows])
        loss = functional.cross_entropy(heads[task](vectors), target, label_smoothing=0.05)
        descent.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(body, 1.0)
        descent.step()
        rates.step()
        if step % 50 == 0:
            sys.stdout.write(f"{step} / {len(steps)} {task} {loss.item():.3f} {time.monotonic() - started:.0f} s\n")
            sys.stdout.flush()
    return encoder.eval(), heads["clause"]


def told(encoder: Encoder, head: nn.Linear, teacher: Teacher, texts: Sequence[str]) -> NDArray[np.float32]:
    """How likely each text is negative, neutral, positive; shape (N, 3)."""
    pieces, out = [teacher.pieces.of_text(text, MOST_PIECES) for text in texts], np.zeros((len(texts), len(LABELS)), np.float32)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for rows in batches(range(len(texts)), pieces, READ_AT_ONCE):
            out[rows] = torch.softmax(head(encoder(*padded(rows, pieces))).float(), -1).numpy()
    return out


def main() -> int:
    """Command line: tune, read, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--lessons", type=Path, default=Path(__file__).parent)
    options = parser.parse_args()
    random.seed(0)
    torch.manual_seed(0)
    torch.set_flush_denormal(True)
    teacher = Teacher.load()
    known, labelled = lessons(options.data, options.lessons)
    encoder, head = tuned(teacher, known)
    found = list(unlabelled(options.data, labelled))
    write(options.lessons / "taught.npz", found, told(encoder, head, teacher, [clause for clause, _source in found]))
    return 0


def write(path: Path, found: Sequence[tuple[str, str]], likely: NDArray[np.float32]) -> None:
    """Hashes, sources and probabilities (in 255ths) of clauses, in the order of the hashes."""
    names = sorted({source for _clause, source in found})
    keys = np.array([int(clause_building.key(clause), 16) for clause, _source in found], np.uint64)
    order = np.argsort(keys)
    group = np.array([names.index(source) for _clause, source in found], np.uint8)
    np.savez_compressed(path, keys=keys[order], likely=np.rint(255 * likely[order]).astype(np.uint8), group=group[order], groups=np.array(names))


if __name__ == "__main__":
    raise SystemExit(main())
