"""The shipped packs, measured on the company's own voices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from django.utils.translation import get_language

from huiyin.facts import Filter
from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import wilson
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reckoning.keeping import reckoned
from huiyin.server.understand.taxonomy.packfile import tree_of_pack
from huiyin.text import load_taxonomy
from huiyin.text.codepoints import encode, fold
from huiyin.text.taxonomy import PACKS, best_of

SAMPLE = 2000
"""Voices that the packs are tried on, drawn blindly."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A shipped pack as it is offered."""

    key: str
    name: str
    themes: tuple[str, ...]
    leaves: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """How a pack suits the voices: the share of them that names one of its aspects, and its fit, which rewards telling apart."""

    key: str
    named: Estimate
    aspects: int
    """Of its aspects, how many are named at all."""
    fit: float
    chosen: bool
    """Whether `auto` would take it."""


def offered() -> list[Pack]:
    """All of them, in the order in which ties are broken."""
    return [_offered(key, "en" if get_language() == "en" else "zh") for key in PACKS]


@lru_cache(maxsize=64)
def _offered(key: str, language: str) -> Pack:
    tree = tree_of_pack(key)
    leaves = tree.leaves()
    examples = [one.examples[0] for one in leaves if one.examples]
    themes = tuple(one.called(language) for one in tree.children(""))
    return Pack(key, tree.name.get(language) or tree.name.get("zh", key), themes, len(leaves), tuple(examples[:: max(1, len(examples) // 2)][:2]))


def measured(within: Filter) -> tuple[list[Measured], int]:
    """Every pack on a sample of the voices, the one that suits best first; and how large the sample is."""
    return reckoned(("packs.measured", within.to_query()), lambda: _measured(within)).value


def _measured(within: Filter) -> tuple[list[Measured], int]:
    rows = facts_store().query(
        "SELECT text FROM voice WHERE text IS NOT NULL ORDER BY md5('1:' || feedback_id), feedback_id LIMIT ?", [SAMPLE], within
    )
    texts = [one for one in rows["text"].to_pylist() if one.strip()]
    if not texts:
        return [], 0
    points = fold(encode(texts))
    found, suited = [], {}
    for key in PACKS:
        pack = load_taxonomy(key)
        hits = pack.finder.find(points)
        real = hits.where(pack.aspect_of[hits.phrase] >= 0)
        named = len(np.unique(points.text_of(real.start)))
        suited[key] = pack.suits(texts)
        found.append((key, wilson(named, len(texts), 100), len(np.unique(pack.aspect_of[real.phrase])), suited[key][0]))
    best = best_of(suited)
    return sorted((Measured(*one, one[0] == best) for one in found), key=lambda one: (-one.fit, PACKS.index(one.key))), len(texts)
