"""Texts that are nearly the same: a template with the names changed. Bounded: a sample of each unit, fixed by hash."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from huiyin.facts import Filter, Voices
from huiyin.insight.integrity.checks import named

PER_UNIT = 150
MOST_UNITS = 400
_NO_LETTER = re.compile(r"[\W\d_]+")


def normal_form(text: str) -> str:
    """Letters only, small: what is left when digits, spaces, punctuation and pictures go.

    >>> normal_form("给5星好评！！ 送 30元")
    '给星好评送元'
    """
    return _NO_LETTER.sub("", text.lower())


def near_duplicates(texts: Sequence[str], near: float = 85.0, neighbours: int = 2) -> NDArray[np.bool_]:
    """Which texts have at least so many others at a likeness of `near` (0..100, Indel ratio of rapidfuzz) or more.

    >>> near_duplicates(["服务很好环境也好下次再来", "服务真好环境也好下次再来", "服务很好环境真好下次再来", "送餐慢得要命等了一个小时"], 80).tolist()
    [True, True, True, False]
    """
    if len(texts) <= neighbours:
        return np.zeros(len(texts), dtype=bool)
    alike = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=near, dtype=np.uint8) > 0
    return np.asarray((alike.sum(axis=1) - 1) >= neighbours)


def sampled(
    store: Voices, where: Filter | None, unit: str, units: Sequence[str], letters: int, near: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[tuple[str, str]]]:
    """Near duplicates in a sample of each unit: hits and texts compared, (U,) each, and the (feedback_id, unit) of the hits."""
    base, values = named(unit)
    table = store.query(
        f"WITH {base} SELECT feedback_id, place, text FROM (SELECT feedback_id, place, text, "
        "row_number() OVER (PARTITION BY place ORDER BY md5(feedback_id), feedback_id) AS turn "
        f"FROM named WHERE length(text) >= {int(letters)} AND place IS NOT NULL) drawn WHERE turn <= {PER_UNIT} ORDER BY place, turn",
        values,
        where,
    )
    ids, places, texts = (table[name].to_pylist() for name in ("feedback_id", "place", "text"))
    row_of = {name: row for row, name in enumerate(units)}
    hits, compared = np.zeros(len(units)), np.zeros(len(units))
    found: list[tuple[str, str]] = []
    edges = [0, *(np.flatnonzero(np.array(places[1:]) != np.array(places[:-1])) + 1).tolist(), len(places)] if places else []
    for first, end in list(zip(edges, edges[1:], strict=False))[:MOST_UNITS]:
        row = row_of.get(places[first])
        if row is None:
            continue
        forms = [(at, normal_form(texts[at])) for at in range(first, end)]
        long = [(at, form) for at, form in forms if len(form) >= letters]
        alike = near_duplicates([form for _, form in long], near)
        hits[row], compared[row] = float(alike.sum()), float(len(long))
        found += [(ids[at], places[at]) for (at, _), hit in zip(long, alike.tolist(), strict=True) if hit]
    return hits, compared, found
