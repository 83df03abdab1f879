"""Words that the shipped model takes for their opposite."""

from __future__ import annotations

import numpy as np

from tests.text.test_teaching import OBJECTS

GOOD = ["爆杀竞品", "打爆同价位", "猛得不行", "把竞品按在地上打", "让友商绝望", "骚得不行"]
BAD = ["真棒呢呵呵", "太会了谢谢", "好一个惊喜", "爱了爱了想退", "美丽冻人", "漂亮的PPT"]
"""Praise that sounds like blame and blame that sounds like praise: the shipped model reads all of it the wrong way round."""


def said(at: int, random: np.random.Generator, good: list[str], bad: list[str]) -> tuple[int, str]:
    """What was meant, and the words of the `at`-th customer."""
    side = int(random.choice([-1, 1]))
    words = good if side > 0 else bad
    return side, f"{OBJECTS[at % len(OBJECTS)]}{words[random.integers(len(words))]}，第{at}次来"
