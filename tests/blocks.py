"""Fair prices that move from block to block, and what a run of blocks estimates."""

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from compare.clocks import SECOND_NS, Clocks, random_ticks
from compare.market import Market
from compare.paths import PricePath
from compare.study import Estimate
from compare.tape import TakerTape

PRICE = 2_000
FINE = Fraction(1, 10**6)
"""Tick and lot: far below any move and any trade of these tests."""


def block_path(clocks: Clocks, blocks: int, deviation: float, seed: int) -> PricePath:
    """A driftless logarithm of the price, known at the very ticks of the clock: exact, whatever their distances.

    Args:
        clocks: Blocks a second apart, or a second on average.
        blocks: How many, or how many on average.
        deviation: Of the logarithm in one second.
        seed: Of the moves.
    """
    assert clocks.block_ns == SECOND_NS
    end = blocks * SECOND_NS
    times = np.arange(0, end + 1, SECOND_NS) if clocks.seed is None else random_ticks(0, end, SECOND_NS, clocks.seed)
    deviations = deviation * np.sqrt(np.diff(times) / SECOND_NS)
    moves = deviations * np.random.default_rng(seed).standard_normal(len(times) - 1)
    prices = PRICE * np.exp(np.concatenate([[0.0], np.cumsum(moves)]))
    return PricePath.from_arrays(times, prices, tick_size=FINE)


def fine_market(path: PricePath) -> tuple[Market, TakerTape]:
    """Units far below any trade, and a tape without takers."""
    nobody = TakerTape.empty(FINE)
    return Market.of(path, nobody), nobody


def batch_estimate(values: Sequence[float], batches: int = 40) -> Estimate:
    """The mean of a stationary sequence, its error from the means of long batches, which hardly know each other."""
    size = len(values) // batches
    return Estimate.of([math.fsum(values[k * size : (k + 1) * size]) / size for k in range(batches)])


def require_within(estimate: Estimate, truth: float, errors: float = 3) -> None:
    """The estimate is within so many of its standard errors of the truth."""
    assert abs(estimate.mean - truth) < errors * estimate.error, (estimate, truth)
