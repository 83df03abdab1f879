"""What labels of sentiment mean: `负面`, `-1`, one star, `positive`: a side −1, 0 or 1; and which of them the shipped reader would give."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from huiyin.text import Reader
from huiyin.text.polarity import NEUTRAL_BAND

_NAMED = {
    -1: (
        "negative",
        "neg",
        "bad",
        "complaint",
        "negativ",
        "负",
        "负面",
        "负向",
        "消极",
        "差评",
        "不满意",
        "贬",
        "贬义",
        "很差",
        "差",
        "no",
        "false",
        "unhappy",
    ),
    0: ("neutral", "neu", "mixed", "none", "中", "中性", "中立", "中评", "一般", "无", "other"),
    1: ("positive", "pos", "good", "praise", "正", "正面", "正向", "积极", "好评", "满意", "褒", "褒义", "很好", "好", "yes", "true", "happy"),
}
_SIDE = {name: side for side, names in _NAMED.items() for name in names}
_DOUBT = 0.15
"""Two numbered classes that the reader sees no farther apart than this are not told apart by it."""


_BATCH = 5_000


def sentiment_of(reader: Reader, texts: Sequence[str]) -> NDArray[np.float64]:
    """The reader's sentiment of any number of texts; shape (N,)."""
    parts = [reader.read(texts[at : at + _BATCH]).sentiment for at in range(0, len(texts), _BATCH)]
    return np.concatenate(parts) if parts else np.zeros(0)


def sides(labels: Sequence[str], sentiment: NDArray[np.float64], truth: Sequence[str]) -> dict[str, int]:
    """Side of each label: by its name, by the two ends of numbers, or, for numbers whose order tells nothing, by how their texts read.

    `sentiment` (N,) is what the shipped reader says of texts labelled `truth`.
    """
    names = {label: _SIDE.get(label.strip().lower()) for label in labels}
    if all(side is not None for side in names.values()):
        return {label: int(side or 0) for label, side in names.items()}
    try:
        numbers = {label: float(label) for label in labels}
    except ValueError:
        return _by_reading(labels, sentiment, truth)
    values = sorted(numbers.values())
    if values == [0.0, 1.0]:
        return {label: -1 if value == 0 else 1 for label, value in numbers.items()}
    if values[0] < 0:
        return {label: int(np.sign(value)) for label, value in numbers.items()}
    return _by_reading(labels, sentiment, truth)


def _by_reading(labels: Sequence[str], sentiment: NDArray[np.float64], truth: Sequence[str]) -> dict[str, int]:
    """The label whose texts read worst is negative, the best positive, the others by whose mean theirs is nearer; half way is neutral."""
    names = np.asarray(truth)
    means = {label: float(sentiment[names == label].mean()) if (names == label).any() else 0.0 for label in labels}
    low, high = min(means.values()), max(means.values())
    if high - low < _DOUBT:
        return dict.fromkeys(labels, 0)
    share = {label: (mean - low) / (high - low) for label, mean in means.items()}
    return {label: -1 if at < 1 / 3 else 1 if at > 2 / 3 else 0 for label, at in share.items()}


def answers(sentiment: NDArray[np.float64], labels: Sequence[str], truth: Sequence[str]) -> list[str]:
    """Of each text the label that its sentiment (N,) means: two sides by sign, three by the neutral band, a scale by its steps."""
    side = sides(labels, sentiment, truth)
    by_side = {one: [label for label in labels if side[label] == one] for one in (-1, 0, 1)}
    if all(len(found) <= 1 for found in by_side.values()):
        names = {one: found[0] for one, found in by_side.items() if found}
        if 0 not in names:
            return [names[1] if value > 0 else names[-1] for value in sentiment]
        bands = np.where(np.abs(sentiment) < NEUTRAL_BAND, 0, np.sign(sentiment)).astype(int)
        fallback = names[0]
        return [names.get(int(one), fallback) for one in bands]
    # A scale: its labels in the order in which their texts read, at equal steps of sentiment.
    names_array = np.asarray(truth)
    order = sorted(labels, key=lambda label: float(sentiment[names_array == label].mean()) if (names_array == label).any() else 0.0)
    steps = np.clip(((sentiment + 1.0) / 2.0 * len(order)).astype(int), 0, len(order) - 1)
    return [order[at] for at in steps]
