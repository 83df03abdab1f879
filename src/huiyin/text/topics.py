"""New topics out of opinions that no aspect of the taxonomy covers: short clauses grouped by what they speak of.

An opinion is the set of its 2- and 3-grams of letters and its Latin words (hashed as the heads hash them), and of the kinds of its
words (`huiyin.text.vectors`), by which 修 and 维修 meet; weighted by how rare they are in voices at large; words of praise and blame count
little, so that the object groups and not the mood. A topic is a definition, a weight vector over n-grams, and keeps it: what comes in
later is compared with definitions and never reshuffles the old topics. New topics are looked for in the rest alone. Nothing is random,
and everything is either placed or has a reason why not.

Grouping: the constant Potts model (Traag, Van Dooren & Nesterov, "Narrow scope for resolution-limit-free community detection", Phys. Rev.
E 2011) on the graph of cosines, by local moving and aggregation (Blondel et al., J. Stat. Mech. 2008) in whole numbers. Stability of a
group: mean best Jaccard index over subsamples (Hennig, "Cluster-wise assessment of cluster stability", CSDA 2007).
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array, diags_array, vstack
from scipy.sparse.csgraph import connected_components
from scipy.stats import ttest_ind

from huiyin.text import ngrams
from huiyin.text.clauses import kinds_of
from huiyin.text.codepoints import CodePoints, encode, fold
from huiyin.text.compiled import compiled
from huiyin.text.cues import opinion_cues
from huiyin.text.vectors import load as vectors_of_words

SAME = 0.30
"""Cosine from which on an opinion belongs to a topic."""
_EDGE = 0.22
_DENSITY = 0.10
"""Of the Potts model: opinions of a group are on average at least so alike."""
_ONE_TOPIC = 0.62
"""Cosine of two definitions from which on they are one topic."""
_WITHIN = 0.85
"""Share of a group's opinions that also lie within another one, from which on the two are one."""
CUSTOMERS = 5
"""A topic is what at least so many customers speak of."""
MOST = 8000
"""Different opinions that are grouped at once; what goes beyond is compared with what they give."""
_NEIGHBOURS = 200
_TERMS = 64
_MOOD = 0.25
"""What an n-gram weighs that touches a word of praise or blame."""
_ORDERS = (1, 2, 4)
_KIND = 1.5
"""What the kind of a word weighs against an n-gram."""
_TELLING = 0.25
"""From which weight on a word's kind counts: commoner words are in every opinion."""
_BLOCK = 1000
_SUBSAMPLES, _KEPT = 10, 0.8
_SCALE = 10_000
_PARTICLES = "的了是在我你他她它这那就都也很还有和与被把给太好真不没个一吗呢啊吧哦呀要会能着过上下里又再让得地非常特别比较感觉觉得"
_EXCLAIMS = "呀哦唉吧啊呢嘛哈啦哎哟呗咯了的"
PLACED, THIN, FEW = 0, 1, 2
"""Placed; says nothing but praise or blame; fewer than `CUSTOMERS` say anything like it."""


@dataclass(frozen=True, slots=True)
class Basis:
    """How much each n-gram tells: inverse document frequency over voices at large, in steps of 1/16; shape (BUCKETS,)."""

    steps: NDArray[np.uint8]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Basis:
        """From some thousand voices: 1 + ln((1 + N) / (1 + df)), and nothing for what more than a quarter of them say."""
        counts = np.bincount(_grams(texts)[1].indices, minlength=ngrams.BUCKETS) if len(texts) else np.zeros(ngrams.BUCKETS)
        weight = 1.0 + np.log((1.0 + len(texts)) / (1.0 + counts))
        weight[counts > max(0.25 * len(texts), 60)] = 0.0
        return cls(np.clip(np.rint(16 * weight), 0, 255).astype(np.uint8))


@dataclass(frozen=True, slots=True)
class Placing:
    """For each opinion its topic (−1: none) with the cosine, and the nearest two whatever their distance."""

    topic: NDArray[np.int64]
    cosine: NDArray[np.float64]
    reason: NDArray[np.int8]
    nearest: NDArray[np.int64]
    """Shape (N, 2); −1 where there is none."""


@dataclass(frozen=True, slots=True)
class Found:
    """New topics: definitions (T, BUCKETS), stability 0..1 of each."""

    definitions: csr_array
    stability: NDArray[np.float64]


def vectors(texts: Sequence[str], basis: Basis) -> csr_array:
    """Opinions as unit vectors over n-grams; shape (N, BUCKETS). A row that says nothing but praise or blame is empty."""
    weight, _ = _grams(texts)
    told = csr_array((weight.max(axis=1).toarray().ravel() >= 1.0).astype(np.float64)[:, None])
    matrix = csr_array(weight.multiply(basis.steps.astype(np.float64) / 16.0).multiply(told)).tocsr()
    matrix.eliminate_zeros()
    return _unit(matrix)


def place(matrix: csr_array, definitions: csr_array) -> Placing:
    """Compare opinions with definitions; ties go to the earlier topic."""
    n, topics = matrix.shape[0], definitions.shape[0]
    first, second = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    best = np.zeros(n)
    for at in range(0, n if topics else 0, 20 * _BLOCK):
        cosines = np.round(np.asarray((matrix[at : at + 20 * _BLOCK] @ definitions.T).todense()), 9)
        rows = np.arange(len(cosines))
        here = cosines.argmax(axis=1)
        best[at + rows] = cosines[rows, here]
        first[at + rows] = np.where(cosines[rows, here] > 0, here, -1)
        cosines[rows, here] = -1.0
        other = cosines.argmax(axis=1)
        second[at + rows] = np.where(cosines[rows, other] > 0, other, -1)
    thin = np.diff(matrix.indptr) < 2
    placed = (best >= SAME) & ~thin
    reason = np.where(placed, PLACED, np.where(thin, THIN, FEW)).astype(np.int8)
    return Placing(np.where(placed, first, -1), best, reason, np.stack([first, second], axis=1))


def discover(matrix: csr_array, units: NDArray[np.int64]) -> Found:
    """Group opinions that belong to no topic yet; `units` (N,) are their customers. The order of the rows does not matter."""
    rows, members = _different(matrix)
    rows = rows[np.diff(matrix.indptr)[rows] >= 2]
    if not len(rows):
        return Found(csr_array((0, ngrams.BUCKETS)), np.zeros(0))
    chosen = rows[:MOST]
    inner = matrix[chosen]
    graph = _graph(inner)
    labels = _groups(graph)
    of_row = np.full(matrix.shape[0], -1, np.int64)
    of_row[chosen] = labels
    of_row = of_row[members]
    groups = _large(of_row, units)
    if not len(groups):
        return Found(csr_array((0, ngrams.BUCKETS)), np.zeros(0))
    centres = vstack([_definition(matrix[of_row == group]) for group in groups]).tocsr()
    joined = connected_components(_one_topic(matrix, of_row, groups, centres), directed=False)[1]
    stability = _stability(graph, labels, groups, joined)
    final = [np.isin(of_row, groups[joined == one]) for one in range(joined.max() + 1)]
    order = np.argsort([-len(np.unique(units[one])) for one in final], kind="stable")
    return Found(csr_array(vstack([_definition(matrix[final[one]]) for one in order])), stability[order])


def definition(matrix: csr_array) -> csr_array:
    """The definition that some opinions make: their mean, its heaviest n-grams; shape (1, BUCKETS)."""
    return _definition(matrix)


def matched(old: csr_array, new: csr_array, least: float = _ONE_TOPIC) -> NDArray[np.int64]:
    """For each new definition the old one it continues, each at most once, or −1; the assignment with the largest sum of cosines."""
    found = np.full(new.shape[0], -1, np.int64)
    if old.shape[0] and new.shape[0]:
        cosines = np.asarray((new @ old.T).todense())
        rows, columns = linear_sum_assignment(-cosines)
        good = cosines[rows, columns] >= least
        found[rows[good]] = columns[good]
    return found


def drifted(first: NDArray[np.float64], latest: NDArray[np.float64], least: int = 20) -> bool:
    """Whether what comes in now is less like the definition than what the topic was found in: Welch's one-sided t test at 1 %, and by 0.05.

    >>> drifted(np.full(30, 0.6) + np.arange(30) / 1000, np.full(30, 0.4) + np.arange(30) / 1000), drifted(np.ones(30), np.ones(5))
    (True, False)
    """
    if min(len(first), len(latest)) < least or first.mean() - latest.mean() < 0.05:
        return False
    return bool(ttest_ind(first, latest, equal_var=False, alternative="greater").pvalue < 0.01)


def _grams(texts: Sequence[str]) -> tuple[csr_array, csr_array]:
    """(weights: 1, or `_MOOD` where a word of praise or blame is touched or all are particles; ones) of the n-grams of letters of each text."""
    points = fold(encode(list(texts)))
    length = len(points.codes)
    letters = (kinds_of(points.codes) == 2) & ~((points.codes >= 0x30) & (points.codes <= 0x39))
    cues = opinion_cues()
    hits = cues.mood(cues.finder.find(points))
    mood = np.concatenate([[0], np.cumsum(hits.covered(length))])
    solid = np.concatenate([[0], np.cumsum(letters)])
    particles = np.concatenate([[0], np.cumsum(np.isin(points.codes, [ord(one) for one in _PARTICLES]))])
    exclaims = np.isin(points.codes, [ord(one) for one in _EXCLAIMS])
    buckets = ngrams.buckets(points.codes)
    latin = ngrams.is_latin(points.codes)
    at = np.arange(length)
    text = points.text_of(at)
    rows, columns, weights = [], [], []
    for order in _ORDERS:
        size = order + 1 if order < ngrams.ORDERS else 1
        end = np.minimum(at + size, length)
        whole = (solid[end] - solid[at] == size) & (buckets[:, order] < ngrams.BUCKETS)
        whole &= latin if order >= ngrams.ORDERS else ~(latin & latin[np.minimum(at + 1, length - 1)])
        rows.append(text[whole])
        columns.append(buckets[whole, order])
        # 哎 and 呀 at either end make no other thing of it.
        empty = (particles[end] - particles[at] == size) | exclaims[at] | exclaims[np.maximum(end - 1, 0)]
        weights.append(np.where((mood[end] > mood[at]) | empty, _MOOD, 1.0)[whole])
    kinds = _kinds(points, mood)
    rows.append(kinds[0])
    columns.append(kinds[1])
    weights.append(np.full(len(kinds[0]), _KIND))
    shape = (len(texts), ngrams.BUCKETS)
    row, column, weight = np.concatenate(rows), np.concatenate(columns), np.concatenate(weights)
    # An n-gram counts once for a text, with the largest weight it has there.
    order_ = np.lexsort((-weight, column, row))
    row, column, weight = row[order_], column[order_], weight[order_]
    once = np.ones(len(row), bool)
    once[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
    row, column, weight = row[once], column[once], weight[once]
    return csr_array((weight, (row, column)), shape), csr_array((np.ones(len(row)), (row, column)), shape)


def _kinds(points: CodePoints, mood: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(text, bucket) of the kind of each Chinese word that tells something and touches no praise or blame; `mood` counts these letters up.

    Latin words are too rare in the texts that kinds were learnt from.
    """
    words = vectors_of_words()
    found = words.find(points)
    tells = (found.end - found.start > 1) & (words.weight[found.phrase] > _TELLING) & (mood[found.end] == mood[found.start])
    tells &= ~ngrams.is_latin(points.codes[found.start])
    # An odd factor keeps kinds apart and spreads them over the buckets.
    return points.text_of(found.start[tells]), (words.kind[found.phrase[tells]] + 1) * 2654435761 % ngrams.BUCKETS


def _unit(matrix: csr_array) -> csr_array:
    norm = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return csr_array(diags_array(1.0 / np.where(norm > 0, norm, 1.0)) @ matrix)


def _definition(matrix: csr_array) -> csr_array:
    mean = np.round(np.asarray(matrix.mean(axis=0)).ravel(), 9)
    kept = np.lexsort((np.arange(len(mean)), -mean))[:_TERMS]
    kept = np.sort(kept[mean[kept] > 0])
    return _unit(csr_array((mean[kept], (np.zeros(len(kept), np.int64), kept)), (1, ngrams.BUCKETS)))


def _different(matrix: csr_array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(one row of each kind of equal rows, in an order that does not depend on the given one; for each row the row that stands for it)."""
    keys = np.array(
        [
            zlib.crc32(matrix.data[a:b].round(9).tobytes(), zlib.crc32(matrix.indices[a:b].astype(np.int32).tobytes())) << 20 | (b - a)
            for a, b in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True)
        ],
        np.int64,
    )
    _kinds, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return first, first[inverse]


def _graph(matrix: csr_array) -> csr_array:
    """Cosines of at least `_EDGE` between different rows, the strongest of each, in whole ten-thousandths; symmetric."""
    blocks = []
    for at in range(0, matrix.shape[0], _BLOCK):
        cosines = csr_array(matrix[at : at + _BLOCK] @ matrix.T).tocoo()
        rows, columns = cosines.coords
        weights = np.rint(cosines.data * _SCALE).astype(np.int64)
        kept = (weights >= _EDGE * _SCALE) & (rows + at != columns)
        rows, columns, weights = rows[kept], columns[kept], weights[kept]
        order = np.lexsort((columns, -weights, rows))
        rows, columns, weights = rows[order], columns[order], weights[order]
        place_in_row = np.arange(len(rows)) - np.searchsorted(rows, rows)
        near = place_in_row < _NEIGHBOURS
        blocks.append(csr_array((weights[near], (rows[near], columns[near])), (min(_BLOCK, matrix.shape[0] - at), matrix.shape[0])))
    found = csr_array(vstack(blocks))
    return csr_array(found.maximum(found.T))


def _groups(graph: csr_array) -> NDArray[np.int64]:
    """Group of each row, numbered by their first rows."""
    labels = np.arange(graph.shape[0])
    sizes, density = np.ones(graph.shape[0], np.int64), int(_DENSITY * _SCALE)
    while True:
        graph.sort_indices()
        own = np.arange(graph.shape[0])
        _move(graph.indptr.astype(np.int64), graph.indices.astype(np.int64), graph.data.astype(np.int64), sizes, own, density)
        _names, own = np.unique(own, return_inverse=True)
        labels = own[labels]
        if len(_names) == graph.shape[0]:
            return labels
        to_group = csr_array((np.ones(len(own), np.int64), (np.arange(len(own)), own)))
        graph = csr_array(to_group.T @ graph @ to_group)
        graph.setdiag(0)
        graph.eliminate_zeros()
        sizes = np.bincount(own, sizes).astype(np.int64)


@compiled
def _move(
    starts: NDArray[np.int64],
    others: NDArray[np.int64],
    weights: NDArray[np.int64],
    sizes: NDArray[np.int64],
    labels: NDArray[np.int64],
    density: int,
) -> None:
    """Move each node to the group where it gains most, the lower number of equals, until none gains: Σ weights − density · size · size."""
    total = np.zeros(len(sizes), np.int64)
    for node in range(len(sizes)):
        total[labels[node]] += sizes[node]
    towards = np.zeros(len(sizes), np.int64)
    for _sweep in range(100):
        moved = 0
        for node in range(len(sizes)):
            mine = labels[node]
            total[mine] -= sizes[node]
            for edge in range(starts[node], starts[node + 1]):
                towards[labels[others[edge]]] += weights[edge]
            best, gain = mine, towards[mine] - density * sizes[node] * total[mine]
            for edge in range(starts[node], starts[node + 1]):
                group = labels[others[edge]]
                value = towards[group] - density * sizes[node] * total[group]
                if value > gain or (value == gain and group < best):
                    best, gain = group, value
            for edge in range(starts[node], starts[node + 1]):
                towards[labels[others[edge]]] = 0
            total[best] += sizes[node]
            if best != mine:
                labels[node] = best
                moved += 1
        if moved == 0:
            break


def _large(of_row: NDArray[np.int64], units: NDArray[np.int64]) -> NDArray[np.int64]:
    """Groups that enough customers speak of."""
    inside = of_row >= 0
    pairs = np.unique(np.stack([of_row[inside], units[inside]], axis=1), axis=0)
    groups, counts = np.unique(pairs[:, 0], return_counts=True)
    return groups[counts >= CUSTOMERS]


def _one_topic(matrix: csr_array, of_row: NDArray[np.int64], groups: NDArray[np.int64], centres: csr_array) -> csr_array:
    """Which groups are one topic: definitions alike, or nearly all opinions of one would belong to the other as well."""
    inside = np.flatnonzero(np.isin(of_row, groups))
    group = np.searchsorted(groups, of_row[inside])
    close = csr_array((np.asarray((matrix[inside] @ centres.T).todense()) >= SAME).astype(np.float64))
    by_group = csr_array((np.ones(len(inside)), (group, np.arange(len(inside)))), (len(groups), len(inside)))
    shares = np.asarray((by_group @ close).todense()) / np.bincount(group, minlength=len(groups))[:, None]
    return csr_array((np.asarray((centres @ centres.T).todense()) >= _ONE_TOPIC) | (shares >= _WITHIN))


def _stability(graph: csr_array, labels: NDArray[np.int64], groups: NDArray[np.int64], joined: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mean over subsamples of the best Jaccard index that each topic finds among their groups; shape (topics,)."""
    topic_of = np.full(labels.max() + 1, -1, np.int64)
    topic_of[groups] = joined
    topics, count = topic_of[labels], int(joined.max()) + 1
    found = np.zeros(count)
    for draw in range(_SUBSAMPLES):
        kept = np.flatnonzero(np.random.default_rng(draw).random(len(labels)) < _KEPT)
        again = _groups(csr_array(graph[kept][:, kept]))
        inside = topics[kept] >= 0
        table = csr_array((np.ones(int(inside.sum())), (topics[kept][inside], again[inside])), (count, int(again.max()) + 1)).toarray()
        sizes, others = np.bincount(topics[kept][inside], minlength=count), np.bincount(again)
        found += (table / np.maximum(sizes[:, None] + others[None, :] - table, 1)).max(axis=1)
    return found / _SUBSAMPLES
