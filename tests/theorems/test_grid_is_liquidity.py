"""O-50: a grid of orders and a pool's position are the same strategy, cash flow by cash flow (S62, S72, S73).

The grid bids P_i and asks P_(i+1) for L (1 / sqrt(P_i) - 1 / sqrt(P_(i+1))); the pool has liquidity L and the fee
1 - phi = e^(-w/2), w being the log distance of two rungs, in the numeraire: a Uniswap pool's fee in the base token is
worth just that when it is sold as it comes in.
"""

import math
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rungs import CAPITAL, FEE, KEEP, PRICE, TICK, RungWorld, random_rungs, rung_world

from amm.closed_form import concentrated
from amm.closed_form import fees_and_blocks as fab
from amm.closed_form.loss_versus_rebalancing import jump_loss
from compare.clocks import SECOND_NS
from compare.market import Market
from compare.market_maker import MarketMaker
from compare.metrics import metrics
from compare.paths import PricePath
from compare.provider_book import FlowKind
from compare.result import Comparison, ProviderResult
from compare.run import replay
from compare.tape import TakerKind, TakerTape
from orderbook import Grid

STEPS = 2_000
LIQUIDITY = CAPITAL / (2 * math.sqrt(PRICE))


@cache
def world(*, base_is_token0: bool = True) -> RungWorld:
    return rung_world(random_rungs(STEPS, seed=50), base_is_token0=base_is_token0)


def quote(result: Comparison, wealth_units: int) -> float:
    return result.market.quote_float(wealth_units)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_o50_grid_and_pool_have_the_same_cash_flows_in_floats(seed: int) -> None:
    """2000 steps: every flow of both tokens, and the profit, are equal to 1e-10; without fees the profit is the IL."""
    width, liquidity, price = 0.006, 1_000.0, 2_000.0
    lower, upper = 1e-9 * price, 1e9 * price
    walk = random_rungs(STEPS, seed)
    rungs = {rung: price * math.exp(rung * width) for rung in range(min(walk), max(walk) + 1)}
    keep = math.exp(-width / 2)
    base, maker, pool, fees = 0.0, 0.0, 0.0, 0.0
    for before, after in pairwise(walk):
        start, end = rungs[before], rungs[after]
        size = liquidity * (1 / math.sqrt(min(start, end)) - 1 / math.sqrt(max(start, end)))
        order_base, order_cash = (-size, size * end) if end > start else (size, -size * end)
        held, left = (concentrated.holdings(liquidity, at, lower, upper) for at in (start, end))
        curve_base, curve_cash = left.amount0 - held.amount0, left.amount1 - held.amount1
        fee = curve_cash * (1 / keep - 1) if end > start else -curve_cash * (1 - keep)
        assert curve_base == pytest.approx(order_base, abs=1e-10)
        assert curve_cash + fee == pytest.approx(order_cash, abs=1e-10)
        base, maker, pool, fees = base + order_base, maker + order_cash, pool + curve_cash + fee, fees + fee
    last = rungs[walk[-1]]
    assert pool + base * last == pytest.approx(maker + base * last, abs=1e-10)
    loss = -liquidity * math.sqrt(price) * (math.sqrt(last / price) - 1) ** 2
    assert pool + base * last == pytest.approx(fees + loss, abs=1e-8)


def rounding(market: Market, size: int, price: int) -> int:
    """How far apart one trade of both may be, wealth units: two lots, a tick on the size, four units of each token."""
    two_lots = market.base_units(2)
    return market.value(two_lots, price) + market.value(size, 1) + 4 * (market.cash(1) + market.value(1, price))


@pytest.mark.parametrize("base_is_token0", [True, False])
def test_o50_s62_grid_and_pool_have_the_same_cash_flows_in_the_replay(*, base_is_token0: bool) -> None:
    """The exact pool and the real book on one tape: each of 2000 trades is the same but for its roundings.

    At the end their profits are, to the sum of those: 4e-8 of a quote token on a capital of 100 000.
    """
    result, prices, lots, rungs = world(base_is_token0=base_is_token0)
    market, allowed = result.market, 0
    pool, grid = result["pool"], result["grid"]
    for (before, after), swap, fill in zip(pairwise(rungs), pool.trades, grid.trades, strict=True):
        size, price = market.base_units(lots[min(before, after)]), prices[after]
        ours, theirs = swap.shares[0], fill.shares[0]
        assert theirs.change.base == (-size if after > before else size)
        assert abs(ours.change.base - ours.fee.base - theirs.change.base) <= market.base_units(2)
        sold = market.cash(ours.change.quote) + market.value(ours.fee.base, price)
        assert abs(sold - market.cash(theirs.change.quote)) <= rounding(market, size, price)
        allowed += rounding(market, size, price)
    assert quote(result, allowed) < 4e-8
    # The pool's fee inventory drifts with the price; sold as it comes in, it does not.
    sold_at_once = pool.beyond_hodl - pool.book.sums.fee_inventory
    assert abs(sold_at_once - grid.beyond_hodl) <= allowed
    assert abs(quote(result, grid.beyond_hodl)) > 10


def test_o50_the_loss_of_both_is_the_impermanent_loss() -> None:
    """What the ledger calls the pool's impermanent loss is -L sqrt(P0) (sqrt(r) - 1)^2, to 1e-9 of a quote token."""
    result = world().result
    start, end = result.path.prices[[0, -1]].tolist()
    stated = -LIQUIDITY * math.sqrt(start) * (math.sqrt(end / start) - 1) ** 2
    assert quote(result, result["pool"].book.impermanent_loss()) == pytest.approx(stated, abs=1e-9)


def test_o21_takers_on_rungs_pay_the_pool_exactly_its_lvr() -> None:
    """Each trade's fee is the jump's loss, to 1e-10 of a quote token: a hedged provider earns nothing."""
    result = world().result
    pool, market = result["pool"], result.market
    for (start, end), trade in zip(pairwise(result.path.ticks.tolist()), pool.trades, strict=True):
        fee = trade.shares[0].fee
        lost = jump_loss(LIQUIDITY, market.price_float(start), end / start)
        assert quote(result, market.cash(fee.quote) + market.value(fee.base, end)) == pytest.approx(lost, abs=1e-10)
    assert metrics(result, pool)["hedged_profit"] == pytest.approx(0, abs=4e-8)


def test_o20_a_hedged_provider_breaks_even_at_the_volatility_of_the_path() -> None:
    """Fees over depth imply the rungs' own volatility, and so does Lambert's formula from volume, to half a rung."""
    result = world().result
    pool, width = result["pool"], float(-2 * math.log(KEEP))
    depth = float(np.mean([concentrated.depth_density(LIQUIDITY, price) for price in result.path.prices[:-1].tolist()]))
    fees = quote(result, sum(pool.book.sums.fees.values())) / STEPS
    assert fab.break_even_volatility(fees, depth) == pytest.approx(width, rel=1e-3)
    units = 10**result.market.instrument.quote_decimals
    volume = sum(abs(trade.taker.quote) for trade in pool.trades) / units / STEPS
    implied = fab.implied_volatility(FEE / 10**6, volume, depth * 2 * FEE / 10**6) / math.sqrt(365)
    assert implied == pytest.approx(width, rel=width / 2)


@pytest.mark.parametrize(("pool_fee", "sign"), [(2_000, -1), (4_000, 1)])
def test_o20_a_lower_fee_loses_and_a_higher_one_earns(pool_fee: int, sign: int) -> None:
    """On the same steps a hedged provider paid a third less than the loss ends below nothing; a third more, above."""
    result = rung_world(random_rungs(100, seed=50), pool_fee=pool_fee).result
    pool = result["pool"]
    lvr, hedged = quote(result, pool.book.lvr()), metrics(result, pool)["hedged_profit"]
    assert hedged == pytest.approx(sign * lvr / 3, rel=1e-2)


def ladder(prices: list[int]) -> ProviderResult:
    """A grid of one lot at every tick along a path of ticks; each step one informed taker buys or sells a lot."""
    times = 12 * SECOND_NS * np.arange(len(prices), dtype=np.int64)
    path = PricePath(times, np.array(prices, dtype=np.int64), TICK)
    sides = np.sign(np.diff(prices)).astype(np.int64)
    tape = TakerTape.from_arrays(
        times[1:], sides, np.full(len(sides), 1.0), tolerance_bps=0, lot_size=1, kind=TakerKind.INFORMED
    )
    market = Market.of(path, tape, quote_decimals=18)
    grid = Grid.even(prices[0], step=1, size=1, levels=len(prices))
    capital = 4 * len(prices) * prices[0] * TICK
    result = replay(path, tape, [MarketMaker(grid, name="grid")], capital=capital, market=market, samples=2)
    return result["grid"]


def in_ticks(provider: ProviderResult) -> int:
    """Profit beyond HODL in ticks times lots."""
    units, rest = divmod(provider.beyond_hodl, provider.book.market.value(provider.book.market.base_units(1), 1))
    assert rest == 0
    return units


@settings(max_examples=20)
@given(st.lists(st.sampled_from([-1, 1]), min_size=1, max_size=40))
def test_o49_profit_of_a_unit_ladder_in_the_replay(steps: list[int]) -> None:
    """(K - z^2) / 2 on every path of unit steps, to the last unit: K / 2 is spread, z^2 / 2 lost on inventory."""
    grid = ladder([10_000 + sum(steps[:k]) for k in range(len(steps) + 1)])
    assert in_ticks(grid) * 2 == len(steps) - sum(steps) ** 2


@pytest.mark.parametrize(
    ("row", "steps", "profit"), [("chop", [1, -1] * 10, 10), ("trend", [1] * 10, -45), ("fall", [-1] * 10, -45)]
)
def test_s72_s73_a_grid_earns_in_chop_and_fears_one_side(row: str, steps: list[int], profit: int) -> None:
    """Twenty steps back and forth earn 10; ten steps one way, up or down, cost 45."""
    assert in_ticks(ladder([10_000 + sum(steps[:k]) for k in range(len(steps) + 1)])) == profit, row


def test_o21_rungs_are_crossed_as_often_as_the_variance_says() -> None:
    """A grid against an arbitrageur on a walk of steps a fifth of a rung: crossings within three standard errors.

    A quote is taken one step beyond it, so from one fill it is k steps to the next the same way and k + 2 back: the
    mean time between is k (k + 2) steps, and tends to k^2 of continuous monitoring, E N = sigma^2 T / w^2.
    """
    steps, fine = 12_000, 5
    walk = 10_000_000 + np.concatenate([[0], np.cumsum(np.random.default_rng(21).choice((-1, 1), steps))])
    times = 12 * SECOND_NS * np.arange(steps + 1, dtype=np.int64)
    path = PricePath(times, walk, TICK)
    grid = Grid.even(int(walk[0]), step=fine, size=1, levels=400, shown=2)
    market = Market.of(path, TakerTape.empty(1), quote_decimals=18)
    capital = 4 * 400 * int(walk[0]) * TICK
    maker = replay(
        path, TakerTape.empty(1), [MarketMaker(grid, name="grid")], capital=capital, market=market, samples=2
    )["grid"]
    count, mean = len(maker.trades), steps / (fine * (fine + 2))
    # The time out of an interval has two thirds of its squared mean as variance, so a count two thirds of its mean.
    assert abs(count - mean) < 3 * math.sqrt(2 / 3 * mean)
    # Watched more often a taker gains less: here a step on each lot, whatever the path.
    assert -maker.book.sums.edge[FlowKind.ARBITRAGE] == count * market.value(market.base_units(1), 1)
