"""Linear heads over hashed n-grams, scored for every clause of a batch in one pass.

A head is a column of an int8 matrix `W` (buckets × columns) with a scale and a bias. For a span with n features its
logit is `scale · Σ W[bucket] / √n + bias`. Sums are taken in integers, so they are exact: the answer does not depend on
batch size, order or thread count. Multinomial logistic regression on L2-like scaled counts; see docs/reference/models.md.
"""

from __future__ import annotations

import functools
import json
import zipfile
import zlib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiyin.text import ngrams
from huiyin.text.errors import TextError
from huiyin.text.ngrams import BUCKETS

FORMAT = 1
NEVER = (2.0, 2.0)
"""No probability is so high."""
SENTIMENT, CLAUSE = "sentiment", "clause"
"""The head that judges whole texts, and the one that judges their clauses; a model without the second judges both with the first."""


Fitted = tuple[tuple[str, ...], NDArray[np.float64], NDArray[np.float64]]
"""Classes, coefficients (classes, buckets), intercepts (classes,)."""


class ModelError(TextError):
    """A model folder or file that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Heads:
    """All heads of a model side by side."""

    packed: NDArray[np.uint64]
    """The weights as `ngrams.pack` lays them."""
    scale: NDArray[np.float64]
    bias: NDArray[np.float64]
    classes: dict[str, tuple[str, ...]]
    """Classes of each head, in the order of its columns."""
    first: dict[str, int]
    """First column of each head."""
    combine: NDArray[np.float64]
    """Coefficients that blend clause logit, word list and document logit into a clause's polarity."""
    version: str
    placing: tuple[float, float] = NEVER
    """From which probability on the head `aspect`, where there is one, places an unplaced opinion, and moves a placed one."""

    def sums(self, folded: NDArray[np.uint32], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
        """Column sums over the features of each span between consecutive `bounds`, then their number; shape (spans, columns + 1)."""
        return ngrams.sums(folded, bounds, self.packed, len(self.scale))

    def probabilities(self, head: str, sums: NDArray[np.int64]) -> NDArray[np.float64]:
        """Class probabilities of `head` for each row of `sums`; shape (rows, classes)."""
        first, count = self.first[head], len(self.classes[head])
        columns = slice(first, first + count)
        n = np.maximum(sums[:, -1], 1)
        # Classes lie along the first axis: reducing the short last one would go row by row.
        logits = np.ascontiguousarray(sums[:, columns].T) * self.scale[columns, None] / np.sqrt(n) + self.bias[columns, None]
        logits -= logits.max(axis=0)
        exponentials = np.exp(logits)
        return np.asarray((exponentials / exponentials.sum(axis=0)).T)


def save(target: Path, fitted: dict[str, Fitted], combine: NDArray[np.float64], version: str, placing: tuple[float, float] = NEVER) -> None:
    """Quantise fitted heads (`name → (classes, coefficients (classes, buckets), intercepts)`) and write them as a model file."""
    header = _header(fitted, version, placing)
    np.savez_compressed(target, **_quantised(fitted, combine), header=np.array(json.dumps(header, ensure_ascii=False)))


def assembled(fitted: dict[str, Fitted], combine: NDArray[np.float64], version: str, placing: tuple[float, float] = NEVER) -> Heads:
    """The same heads as `save` and then `load` give, without a file."""
    return _heads(_quantised(fitted, combine), _header(fitted, version, placing))


def _header(fitted: dict[str, Fitted], version: str, placing: tuple[float, float]) -> dict[str, Any]:
    return {"format": FORMAT, "version": version, "heads": {name: list(classes) for name, (classes, *_rest) in fitted.items()}, "placing": placing}


def _quantised(fitted: dict[str, Fitted], combine: NDArray[np.float64]) -> dict[str, Any]:
    weights, scales, biases = [], [], []
    for _classes, coefficients, intercepts in fitted.values():
        # A class that no feature speaks for keeps a scale of 1, so that nothing is divided by zero.
        largest = np.abs(coefficients).max(axis=1)
        scale = np.where(largest > 0, largest, 127.0) / 127.0
        weights.append(np.rint(coefficients / scale[:, None]).astype(np.int8).T)
        scales.append(scale)
        biases.append(intercepts)
    return {"weights": np.concatenate(weights, axis=1), "scale": np.concatenate(scales), "bias": np.concatenate(biases), "combine": combine}


def moved(fitted: dict[str, Fitted], change: NDArray[np.float64], shift: NDArray[np.float64]) -> dict[str, Fitted]:
    """The heads with those of texts and of clauses moved by the same: coefficients by `change` (classes, buckets), intercepts by `shift`."""
    both = {name: fitted[name] for name in (SENTIMENT, CLAUSE) if name in fitted}
    return {**fitted, **{name: (classes, coefficients + change, intercepts + shift) for name, (classes, coefficients, intercepts) in both.items()}}


def load(folder: Path | None = None) -> Heads:
    """The shipped heads, or those in `folder`/heads.npz.

    Raises:
        ModelError: the file is missing, damaged, or of a later format.
    """
    return _load_shipped() if folder is None else _load(folder / "heads.npz")


def fitted(folder: Path | None = None) -> tuple[dict[str, Fitted], NDArray[np.float64]]:
    """The heads as `save` takes them, of the shipped model or of one in a folder, and how they are blended.

    Raises:
        ModelError: as `load`.
    """
    with resources.as_file(resources.files("huiyin.text").joinpath("data/heads.npz")) as shipped:
        arrays, header = _read(shipped if folder is None else folder / "heads.npz")
    found: dict[str, Fitted] = {}
    first = 0
    for name, classes in header["heads"].items():
        columns = slice(first, first := first + len(classes))
        weights = arrays["weights"][:, columns].astype(np.float64) * arrays["scale"][columns]
        found[name] = (tuple(classes), np.ascontiguousarray(weights.T), arrays["bias"][columns])
    return found, arrays["combine"]


def copy_shipped(folder: Path) -> None:
    """Put the shipped heads into a folder that exists, so that it is a model by itself."""
    (folder / "heads.npz").write_bytes(resources.files("huiyin.text").joinpath("data/heads.npz").read_bytes())


@functools.cache
def _load_shipped() -> Heads:
    with resources.as_file(resources.files("huiyin.text").joinpath("data/heads.npz")) as path:
        return _load(path)


def _load(path: Path) -> Heads:
    arrays, header = _read(path)
    try:
        return _heads(arrays, header)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise ModelError(f"模型文件 {path} 内容不全或对不上（{error!r}）", f"The model file {path} is incomplete ({error!r})") from None


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        header = json.loads(str(arrays["header"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(f"模型文件 {path} 读不了（{error}）", f"The model file {path} cannot be read ({error})") from None
    if not isinstance(header, dict) or "format" not in header:
        raise ModelError(f"模型文件 {path} 没有说明自己的格式", f"The model file {path} does not say its format")
    if header["format"] != FORMAT:
        raise ModelError(
            f"模型文件 {path} 的格式是 {header['format']}，这个版本只认 {FORMAT}，需要重新训练",
            f"The model file {path} has format {header['format']}, this version reads {FORMAT}; train it again",
        )
    return arrays, header


def _heads(arrays: dict[str, Any], header: dict[str, Any]) -> Heads:
    classes = {str(name): tuple(str(value) for value in values) for name, values in header["heads"].items()}
    starts = np.cumsum([0, *(len(values) for values in classes.values())])
    stored_weights, columns = arrays["weights"], int(starts[-1])
    shapes = (stored_weights.shape, arrays["scale"].shape, arrays["bias"].shape, arrays["combine"].shape)
    if shapes != ((BUCKETS, columns), (columns,), (columns,), (4,)):
        raise ValueError(f"shapes {shapes}")
    if stored_weights.dtype != np.int8 or not all(np.isfinite(arrays[name]).all() for name in ("scale", "bias", "combine")):
        raise ValueError("values")
    first = dict(zip(classes, (int(start) for start in starts), strict=False))
    placing = tuple(float(one) for one in header.get("placing", NEVER))
    packed = ngrams.pack(stored_weights)
    return Heads(packed, arrays["scale"], arrays["bias"], classes, first, arrays["combine"], str(header["version"]), (placing[0], placing[1]))
