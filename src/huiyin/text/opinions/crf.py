"""A linear-chain conditional random field over characters (Lafferty, McCallum & Pereira, ICML 2001).

Tags: outside, and begin / inside / end / single of targets and of opinions. The score of a tag sequence is the sum of its
emissions (weights of the hashed features of each position, outside being 0) and of its transitions; sequences that no
bracketing allows are forbidden. Learning maximises the log-likelihood by AdaGrad (Duchi, Hazan & Singer, JMLR 2011) over texts
in a seeded order, the weights of the later passes averaged; reading finds the likeliest sequence in integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiyin.text.compiled import compiled
from huiyin.text.opinions.features import BUCKETS, LEXICAL, WIDTH

_LEXICAL = np.isin(np.arange(WIDTH), LEXICAL)

TAGS = 9
OUTSIDE = 0
SPEAKS = TAGS - 1
"""Tags with weights: all but outside."""
TARGET, OPINION = 1, 5
"""First tag of each kind; begin, inside, end, single follow each other."""


def _allowed() -> NDArray[np.bool_]:
    """Which tag may follow which; row and column `TAGS` are the edges of the text."""
    begins, goes_on = [OUTSIDE, TARGET, TARGET + 3, OPINION, OPINION + 3], np.zeros((TAGS + 1, TAGS + 1), dtype=bool)
    for tag in (OUTSIDE, TARGET + 2, TARGET + 3, OPINION + 2, OPINION + 3, TAGS):
        goes_on[tag, begins] = True
        goes_on[tag, TAGS] = True
    for kind in (TARGET, OPINION):
        goes_on[kind, [kind + 1, kind + 2]] = True
        goes_on[kind + 1, [kind + 1, kind + 2]] = True
    return goes_on


ALLOWED = _allowed()


@dataclass(frozen=True, slots=True)
class Settings:
    """How a field is trained."""

    passes: int = 12
    rate: float = 0.02
    decay: float = 3e-6
    """L2 of every weight that a text touches."""
    blind: float = 0.2
    """Share of texts shown without lexical features: the classes must do alone, which is how it will be elsewhere."""
    drop: float = 0.1
    """Share of lexical features left out elsewhere."""


def train(
    rows: NDArray[np.int32], starts: NDArray[np.int64], gold: NDArray[np.int8], settings: Settings, weight: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """(weights (BUCKETS, SPEAKS), transitions (TAGS + 1, TAGS + 1)) learnt from texts with a tag at each position."""
    weights, squares = np.zeros((BUCKETS, SPEAKS), np.float32), np.full((BUCKETS, SPEAKS), 1e-2, np.float32)
    moves, move_squares = np.zeros((TAGS + 1, TAGS + 1)), np.full((TAGS + 1, TAGS + 1), 1e-2)
    kept, kept_moves, count = np.zeros_like(weights), np.zeros_like(moves), 0
    order_of = np.random.default_rng(7)
    weight = np.ones(len(starts) - 1) if weight is None else weight
    for number in range(settings.passes):
        order = order_of.permutation(len(starts) - 1)
        rate = settings.rate * (1.0 - 0.7 * number / settings.passes)
        _pass(
            rows,
            starts,
            gold,
            order,
            weight,
            weights,
            squares,
            moves,
            move_squares,
            ALLOWED,
            rate,
            settings.decay,
            settings.blind,
            settings.drop,
            number + 1,
        )
        if number >= settings.passes // 2:
            kept, kept_moves, count = kept + weights, kept_moves + moves, count + 1
    return kept / np.float32(max(count, 1)), kept_moves / max(count, 1)


@compiled
def _random(state: np.uint64) -> np.uint64:
    """Next number of a xorshift generator."""
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    return state ^ (state << np.uint64(17))


@compiled
def _pass(
    rows: NDArray[Any],
    starts: NDArray[Any],
    gold: NDArray[Any],
    order: NDArray[Any],
    weight: NDArray[Any],
    weights: NDArray[Any],
    squares: NDArray[Any],
    moves: NDArray[Any],
    move_squares: NDArray[Any],
    allowed: NDArray[Any],
    rate: float,
    decay: float,
    blind: float,
    drop: float,
    seed: int,
) -> None:
    state = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(12345)
    longest = 1
    for text in range(len(starts) - 1):
        longest = max(longest, starts[text + 1] - starts[text])
    used = np.empty((longest, WIDTH), np.int32)
    emission, marginal = np.empty((longest, TAGS)), np.empty((longest, TAGS))
    chances = np.empty((TAGS + 1, TAGS + 1))
    for one in range(len(order)):
        text = order[one]
        first, length = starts[text], starts[text + 1] - starts[text] - 1
        if length <= 0:
            continue
        state = _random(state)
        sightless = (state >> np.uint64(11)) * (1.0 / (1 << 53)) < blind
        for at in range(length):
            emission[at, :] = 0.0
            for slot in range(WIDTH):
                bucket = rows[first + at, slot]
                if _LEXICAL[slot]:
                    state = _random(state)
                    if sightless or (state >> np.uint64(11)) * (1.0 / (1 << 53)) < drop:
                        bucket = -1
                used[at, slot] = bucket
                if bucket >= 0:
                    for tag in range(SPEAKS):
                        emission[at, tag + 1] += weights[bucket, tag]
        _expect(emission, length, moves, allowed, marginal, chances)
        # `chances` holds expected transitions; what was seen is taken off.
        before = TAGS
        for at in range(length):
            tag = gold[first + at]
            chances[before, tag] -= 1.0
            before = tag
        chances[before, TAGS] -= 1.0
        share = weight[text]
        for tag in range(TAGS + 1):
            for to in range(TAGS + 1):
                if allowed[tag, to]:
                    slope = chances[tag, to] * share
                    move_squares[tag, to] += slope * slope
                    moves[tag, to] -= rate * slope / np.sqrt(move_squares[tag, to])
        for at in range(length):
            marginal[at, gold[first + at]] -= 1.0
            for slot in range(WIDTH):
                bucket = used[at, slot]
                if bucket >= 0:
                    for tag in range(SPEAKS):
                        slope = np.float32(marginal[at, tag + 1] * share + decay * weights[bucket, tag])
                        squares[bucket, tag] += slope * slope
                        weights[bucket, tag] -= np.float32(rate) * slope / np.sqrt(squares[bucket, tag])


@compiled
def _expect(emission: NDArray[Any], length: int, moves: NDArray[Any], allowed: NDArray[Any], marginal: NDArray[Any], chances: NDArray[Any]) -> None:
    """Marginals of the tags (length, TAGS) and expected transitions, by the forward-backward algorithm with scaling."""
    grown = np.zeros((TAGS + 1, TAGS + 1))
    for tag in range(TAGS + 1):
        for to in range(TAGS + 1):
            grown[tag, to] = np.exp(moves[tag, to]) if allowed[tag, to] else 0.0
    forward, local = np.empty((length, TAGS)), np.empty((length, TAGS))
    for at in range(length):
        top = emission[at, 0]
        for tag in range(1, TAGS):
            top = max(top, emission[at, tag])
        total = 0.0
        for tag in range(TAGS):
            local[at, tag] = np.exp(emission[at, tag] - top)
            mass = 0.0
            if at == 0:
                mass = grown[TAGS, tag]
            else:
                for before in range(TAGS):
                    mass += forward[at - 1, before] * grown[before, tag]
            forward[at, tag] = mass * local[at, tag]
            total += forward[at, tag]
        for tag in range(TAGS):
            forward[at, tag] /= total
    backward, earlier = np.empty(TAGS), np.empty(TAGS)
    chances[:, :] = 0.0
    for tag in range(TAGS):
        backward[tag] = grown[tag, TAGS]
    for at in range(length - 1, -1, -1):
        total = 0.0
        for tag in range(TAGS):
            marginal[at, tag] = forward[at, tag] * backward[tag]
            total += marginal[at, tag]
        for tag in range(TAGS):
            marginal[at, tag] /= total
            if at == length - 1:
                chances[tag, TAGS] = marginal[at, tag]
        if at == 0:
            for tag in range(TAGS):
                chances[TAGS, tag] = marginal[0, tag]
            break
        total = 0.0
        for before in range(TAGS):
            for tag in range(TAGS):
                total += forward[at - 1, before] * grown[before, tag] * local[at, tag] * backward[tag]
        scale = 0.0
        for before in range(TAGS):
            mass = 0.0
            for tag in range(TAGS):
                step = grown[before, tag] * local[at, tag] * backward[tag]
                mass += step
                chances[before, tag] += forward[at - 1, before] * step / total
            earlier[before] = mass
            scale = max(scale, mass)
        for tag in range(TAGS):
            backward[tag] = earlier[tag] / scale
