"""Fair prices that move from block to block, and what a run of blocks estimates."""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from compare.clocks import SECOND_NS, Clocks, random_ticks
from compare.market import Market
from compare.paths import PricePath
from compare.provider_book import NOTHING
from compare.result import Comparison
from compare.seed_study import Estimate
from compare.tape import TakerTape

PRICE = 2_000
CAPITAL = 2 * 10**7
LIQUIDITY = CAPITAL / (2 * math.sqrt(PRICE))
"""What the capital buys over the whole range, in sqrt(base tokens * quote tokens)."""
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


class Blocks(NamedTuple):
    """What arbitrage did to one provider block by block, as shares of the full-range pool's value 2 L sqrt(S)."""

    loss: list[float]
    """What the arbitrageur gained."""
    fee: list[float]
    """The provider's fee income."""

    @property
    def traded(self) -> list[float]:
        """One for each block with a trade, else zero."""
        return [float(loss > 0) for loss in self.loss]


def blocks_of(result: Comparison, name: str) -> Blocks:
    """Read every block of a run of `CAPITAL` without takers from its trades; the path moves at its blocks only."""
    market, trades = result.market, {trade.time_ns: trade for trade in result[name].trades}
    loss, fee = [], []
    for time_ns, fair in zip(result.path.time_ns[1:].tolist(), result.path.ticks[1:].tolist(), strict=True):
        trade = trades.pop(time_ns, None)
        whole = 2 * LIQUIDITY * math.sqrt(market.price_float(fair))
        gains = (NOTHING, NOTHING) if trade is None else (trade.taker, trade.shares[0].fee)
        values = [market.cash(gain.quote) + market.value(gain.base, fair) for gain in gains]
        loss.append(market.quote_float(values[0]) / whole)
        fee.append(market.quote_float(values[1]) / whole)
    assert not trades
    return Blocks(loss, fee)
