"""Sentences that say plainly what they mean: some judge a model that was taught, others keep it from forgetting."""

from __future__ import annotations

import functools

import numpy as np

from huiyin.text.polarity import NEUTRAL_BAND
from huiyin.text.reader import Reader
from huiyin.text.shipped import shipped
from huiyin.text.taxonomy import PACKS


@functools.cache
def anchors() -> dict[int, list[str]]:
    """Polarity → plain sentences of it."""
    loaded = shipped("data/anchors.yaml")
    return {-1: loaded["negative"], 0: loaded["neutral"], 1: loaded["positive"]}


@functools.cache
def examples() -> list[str]:
    """The examples of every shipped taxonomy. The plain sentences are not among them: they are there to judge."""
    found: list[str] = []
    for pack in PACKS:
        nodes = list(shipped(f"packs/{pack}.yaml")["aspects"])
        while nodes:
            node = nodes.pop()
            nodes += node.get("children", [])
            found += [str(text) for text in node.get("examples", [])]
    return found


def anchored(reader: Reader) -> int:
    """How many plain sentences are read rightly as a whole."""
    right = 0
    for side, texts in anchors().items():
        sentiment = reader.read(texts).sentiment
        right += int((np.where(np.abs(sentiment) < NEUTRAL_BAND, 0, np.sign(sentiment)) == side).sum())
    return right
