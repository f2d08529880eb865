"""Numbers of a path: drawdown, recovery, tail and memory, each by a slow look at every pair or by a known law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import gbm, market_of, run

from compare.clocks import SECOND_NS, Clocks
from compare.liquidity_provider import LiquidityProvider
from compare.market_maker import MarketMaker
from compare.metrics import metrics
from compare.path_metrics import expected_shortfall, half_life_steps, longest_below, max_drawdown
from compare.provider_book import FlowKind
from compare.run import replay
from compare.tape import TakerTape
from orderbook import ProportionalSpread

STEPS = st.lists(st.integers(-9, 9), min_size=1, max_size=40)


@given(STEPS)
def test_drawdown_and_recovery_against_all_pairs(steps: list[int]) -> None:
    """The largest fall is that of the worst pair; the longest wait is the longest run below an earlier point."""
    path = np.cumsum(np.array(steps, dtype=float))
    points = path.tolist()
    assert max_drawdown(path) == max(points[i] - points[j] for i in range(len(points)) for j in range(i, len(points)))
    below = [any(earlier > here for earlier in points[:place]) for place, here in enumerate(points)]
    runs = "".join("x" if one else " " for one in below).split()
    assert longest_below(path) == max(map(len, runs), default=0)


@given(st.lists(st.integers(-100, 100), min_size=1, max_size=200))
def test_the_tail_is_the_mean_of_the_worst_twentieth(steps: list[int]) -> None:
    """Sorted, the first twentieth, one at least."""
    worst = sorted(steps)[: max(len(steps) // 20, 1)]
    assert expected_shortfall(np.array(steps, dtype=float)) == pytest.approx(sum(worst) / len(worst))


@pytest.mark.parametrize("half_life", [2.0, 10.0, 40.0])
def test_an_inventory_that_halves_in_so_many_steps_is_found(half_life: float) -> None:
    """A first-order autoregression of 200 000 steps, to five percent."""
    kept = 0.5 ** (1 / half_life)
    shocks = np.random.default_rng(5).normal(size=200_000).tolist()
    path = [0.0]
    for shock in shocks:
        path.append(kept * path[-1] + shock)
    assert half_life_steps(np.array(path)) == pytest.approx(half_life, rel=0.05)


def test_what_does_not_revert_has_no_half_life() -> None:
    """A constant has none, nor what swings to and fro."""
    assert half_life_steps(np.ones(10)) is None
    assert half_life_steps(np.array([1.0, -1.0] * 10)) is None


def test_depth_comes_back_with_the_quotes() -> None:
    """A maker that quotes anew every eight minutes has a depth that recovers more slowly than with every minute."""
    path = gbm(hours=4, volatility=0.1)
    tape = TakerTape.poisson(path, rate="60/h", mean_size=1, mean_tolerance_bps=40, seed=6)
    maker = MarketMaker(ProportionalSpread(half_spread_pips=500, size=3_000))

    def half_life(minutes: int) -> float:
        clocks = Clocks(12 * SECOND_NS, minutes * 60 * SECOND_NS)
        result = replay(path, tape, [maker], capital=100_000, clocks=clocks, samples=1_200)
        found = metrics(result, result.providers[0])["depth_half_life_seconds"]
        assert found is not None
        return found

    assert 5 < half_life(1) < half_life(8) < 8 * 60


def test_the_share_of_looks_that_trade() -> None:
    """Against the trades' own times: a pool without takers trades when the price has left its band, once a block."""
    path = gbm(hours=1)
    market, clocks = market_of(path), Clocks(24 * SECOND_NS, 24 * SECOND_NS)
    sides = [LiquidityProvider("5%", 100)]
    result = replay(path, TakerTape.empty(market.lot_size), sides, capital=100_000, market=market, clocks=clocks)
    (pool,) = result.providers
    traded = metrics(result, pool)["trade_probability"]
    assert traded == pool.book.sums.trades[FlowKind.ARBITRAGE] / (3_600 // 24 + 1)
    assert 0.1 < traded < 1


def test_volatility_against_the_one_that_fees_pay_for() -> None:
    """Its square is LVR over fees; a maker has none. Two percent over the depth is the price's move a token."""
    result = run()
    pool, maker = (metrics(result, result[name]) for name in ("liquidity provider", "market maker"))
    ratio, covered = pool["realised_over_implied_volatility"], pool["fees_over_lvr"]
    if covered is not None and covered > 0:
        assert ratio is not None
        assert ratio**2 * covered == pytest.approx(1)
    assert maker["realised_over_implied_volatility"] is None
    prices = [result.market.price_float(sample.fair_ticks) for sample in result["market maker"].samples]
    for one in (pool, maker):
        assert one["kyle_lambda"] is not None
        assert one["mean_depth"] is not None
        assert one["kyle_lambda"] * one["mean_depth"] == pytest.approx(0.02 * sum(prices) / len(prices))
