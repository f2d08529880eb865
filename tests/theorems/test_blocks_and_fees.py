"""O-15, O-16 and O-18 on the exact pool: what a fee and the time between blocks leave of loss-versus-rebalancing."""

import math

import numpy as np
import pytest
from blocks import CAPITAL, Blocks, batch_estimate, block_path, blocks_of, fine_market, require_within

from amm.closed_form import fees_and_blocks as fab
from compare.clocks import SECOND_NS, Clocks
from compare.liquidity_provider import LiquidityProvider
from compare.paths import PricePath
from compare.run import replay
from compare.seed_study import Estimate

FIVE_BP = 500
WIDE = round(-math.expm1(-0.3) * 10**6)
"""The fee of a log half-spread of 0.3."""


def run(path: PricePath, clocks: Clocks, fee: int) -> Blocks:
    """A full-range pool of any fee on its own with the arbitrageur."""
    market, nobody = fine_market(path)
    pool = LiquidityProvider("full", fee, tick_spacing=10, name="pool")
    return blocks_of(replay(path, nobody, [pool], capital=CAPITAL, market=market, clocks=clocks, samples=2), "pool")


def half_spread(fee: int) -> float:
    return fab.log_half_spread(fee / 10**6)


@pytest.mark.parametrize("clock_seed", [None, 3])
def test_o25_every_trade_is_the_recursion_of_the_mispricing(clock_seed: int | None) -> None:
    """Beside two lines of floats: the same blocks trade, for the stated profit to eleven digits.

    The log mispricing moves with the fair price; outside the band the pool is brought to its edge.
    """
    clocks = Clocks(SECOND_NS, SECOND_NS, seed=clock_seed)
    path = block_path(clocks, 3_000, 0.0008, seed=2)
    found, width = run(path, clocks, FIVE_BP), half_spread(FIVE_BP)
    mispricing, stated = 0.0, []
    for move in np.diff(np.log(path.prices)).tolist():
        mispricing += move
        excess = abs(mispricing) - width
        stated.append(fab.arbitrage_profit(0.5, 1.0, max(excess, 0.0), width))  # 2 L sqrt(S) is one
        mispricing = max(-width, min(width, mispricing))
    assert [loss > 0 for loss in found.loss] == [loss > 0 for loss in stated]
    assert found.loss == pytest.approx(stated, rel=1e-11, abs=1e-18)
    assert sum(found.traded) > 1_000


def test_o15_o16_blocks_at_random_times() -> None:
    """50 000 Poisson blocks at eta g = 1.3: how often, how much and for what fee, within three standard errors."""
    clocks, width, deviation = Clocks(SECOND_NS, SECOND_NS, seed=1), half_spread(FIVE_BP), 0.00054
    found = run(block_path(clocks, 50_000, deviation, seed=1), clocks, FIVE_BP)
    require_within(batch_estimate(found.traded), fab.trade_probability(deviation, 1.0, width))
    loss = fab.arbitrage_loss_rate(deviation, 1.0, width, fee_on_input=True)
    require_within(batch_estimate(found.loss), loss)
    require_within(batch_estimate(found.fee), fab.arbitrage_fee_rate(deviation, 1.0, width, fee_on_input=True))
    # O-17: with nobody else, the pool loses in the mean whatever arbitrage pays in fees.
    assert 0 < loss < fab.arbitrage_loss_rate(deviation, 1.0, 0.0)


def test_o16_stress_on_the_exact_pool() -> None:
    """A fee of 26 % and ten blocks a day at 100 % a root day: 200 runs of 80 blocks, the first 20 to forget the start.

    The exact factors of a fee on the input matter here: 16 % for the loss.
    """
    volatility, rate = 1.0, 10.0
    width = half_spread(WIDE)
    means: dict[str, list[float]] = {"loss": [], "fee": [], "traded": []}
    for seed in range(200):
        clocks = Clocks(SECOND_NS, SECOND_NS, seed=seed)
        found = run(block_path(clocks, 100, volatility / math.sqrt(rate), seed), clocks, WIDE)
        for name, values in means.items():
            values.append(float(np.mean(getattr(found, name)[20:])))
    require_within(Estimate.of(means["traded"]), fab.trade_probability(volatility, rate, width))
    loss = fab.arbitrage_loss_rate(volatility, rate, width, fee_on_input=True)
    require_within(Estimate.of(means["loss"]), loss / rate)
    require_within(Estimate.of(means["fee"]), fab.arbitrage_fee_rate(volatility, rate, width, fee_on_input=True) / rate)


@pytest.mark.parametrize("relative_half_spread", [0.6, 1.0])
def test_o18_blocks_at_fixed_intervals(relative_half_spread: float) -> None:
    """30 000 blocks of one length: the loss is that of the fixed law, not that of random blocks of the same mean."""
    clocks, width = Clocks(SECOND_NS, SECOND_NS), half_spread(FIVE_BP)
    deviation = width / relative_half_spread
    found = run(block_path(clocks, 30_000, deviation, seed=18), clocks, FIVE_BP)
    loss = batch_estimate(found.loss)
    # Per unit of depth, which is a quarter of the value 2 L sqrt(S).
    require_within(loss, fab.fixed_interval_loss(deviation, width) / 4)
    assert abs(loss.mean - fab.random_interval_loss(deviation, width) / 4) > 3 * loss.error
