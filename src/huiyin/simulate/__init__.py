"""A fictional company, 栖川 Qichuan, whose feedback carries known truth: the demo's data and the tests' yardstick.

Never used to train the text engine nor to score its accuracy. Seeded: the same rows, seed, start and weeks give the same records.
"""

from huiyin.simulate.operations import Happened, write_operations
from huiyin.simulate.truth import AspectTruth, EffectTruth, Truth
from huiyin.simulate.world import World, simulate, simulate_batches, write_csv

__all__ = ["AspectTruth", "EffectTruth", "Happened", "Truth", "World", "simulate", "simulate_batches", "write_csv", "write_operations"]
