"""Customers who leave, and why: churn drawn from what each customer complained of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from huiyin.simulate.planted.draft import Draft


@dataclass(frozen=True, slots=True)
class PlantedChurn:
    """`customers` is the table (customer_id, churned); `log_odds` what a complaint of each aspect adds."""

    customers: pa.Table
    log_odds: tuple[tuple[str, float], ...]
    base: float


def plant_churn(draft: Draft, log_odds: Mapping[str, float], base: float = -2.2) -> PlantedChurn:
    """Every customer who spoke churns with log odds `base` plus those of each aspect ever complained of.

    From a stream of its own, so that planting churn leaves the voices as they are.
    """
    customers, at = np.unique(draft.customer, return_inverse=True)
    logit = np.full(len(customers), base)
    for aspect, odds in sorted(log_odds.items()):
        said = np.zeros(len(customers), dtype=bool)
        said[at[draft.complains[:, draft.aspect(aspect)]]] = True
        logit += odds * said
    drawn = np.random.default_rng([draft.plan.seed, 11]).random(len(customers))
    churned = drawn < 1 / (1 + np.exp(-logit))
    table = pa.table({"customer_id": pa.array([f"c{one:06d}" for one in customers]), "churned": pa.array(churned)})
    return PlantedChurn(table, tuple(sorted(log_odds.items())), base)
