"""A pool without a fee loses exactly its loss-versus-rebalancing: path by path, and in the mean (O-08, O-13, O-14)."""

import math
from fractions import Fraction
from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest
from blocks import require_within
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_ledger import retell
from worlds import gbm, market_of, poisson

from amm.closed_form import concentrated, options
from amm.math.tick_math import get_sqrt_ratio_at_tick
from compare.clocks import SECOND_NS, Clocks
from compare.liquidity_provider import LiquidityProvider
from compare.market import Market
from compare.market_maker import MarketMaker
from compare.paths import PricePath
from compare.price_range import PriceRange
from compare.provider_book import FlowKind
from compare.result import Comparison, ProviderResult
from compare.run import replay
from compare.seed_study import Estimate
from compare.tape import TakerTape
from orderbook import ProportionalSpread

PRICE, LIQUIDITY = 2_000, 1_000
LOWER, UPPER = 73_136, 78_638
"""Ticks of 1500 and 2600, the nearest."""
LOT = Fraction(1, 10**6)


def pool_alone(path: PricePath, *, fee: int = 0, liquidity: int = LIQUIDITY) -> Comparison:
    """A position between 1500 and 2600 with the arbitrageur, block by block; 18 decimals of both tokens."""
    low, high = bounds()
    capital = liquidity * concentrated.position_value(1.0, path.prices[0], low, high)
    nobody = TakerTape.empty(LOT)
    pool = LiquidityProvider(PriceRange.ticks(LOWER, UPPER), fee, tick_spacing=1, name="pool")
    market = Market.of(path, nobody, quote_decimals=18)
    clocks = Clocks(SECOND_NS, SECOND_NS)
    return replay(path, nobody, [pool], capital=Fraction(capital), market=market, clocks=clocks, samples=2)


def bounds() -> tuple[float, float]:
    """The prices of the ticks, as the pool has them."""
    return (get_sqrt_ratio_at_tick(LOWER) / 2**96) ** 2, (get_sqrt_ratio_at_tick(UPPER) / 2**96) ** 2


def path_of(prices: list[float]) -> PricePath:
    times = SECOND_NS * np.arange(len(prices), dtype=np.int64)
    return PricePath.from_arrays(times, prices, tick_size="0.0000000001")


def in_quote(result: Comparison, wealth_units: int) -> float:
    return result.market.quote_float(wealth_units)


@settings(max_examples=25)
@given(st.lists(st.floats(1_000, 4_000), min_size=2, max_size=30))
def test_o13_without_a_fee_arbitrage_takes_the_discrete_lvr(prices: list[float]) -> None:
    """A block a step: each swap takes -dL (1 - S / product of roots), in the range or out of it, and no step is left.

    To 2e-15 of the value of the liquidity, L sqrt(S): what the floats of the formula round. The swap itself rounds one
    unit of each token, 1e-18.
    """
    path = path_of(prices)
    result = pool_alone(path)
    pool, (low, high), market = result["pool"], bounds(), result.market
    taken = {trade.time_ns: trade for trade in pool.trades}
    total, exact = 0.0, 2e-15 * LIQUIDITY * math.sqrt(4_000)
    for time_ns, step in zip(path.time_ns[1:].tolist(), pairwise(path.prices.tolist()), strict=True):
        loss = -concentrated.impermanent_loss_amount(LIQUIDITY, *step, low, high)
        trade = taken.pop(time_ns, None)
        gain = 0 if trade is None else market.cash(trade.taker.quote) + market.value(trade.taker.base, trade.fair_ticks)
        assert in_quote(result, gain) == pytest.approx(loss, rel=1e-12, abs=exact)
        total += loss
    assert not taken
    assert in_quote(result, pool.book.lvr()) == pytest.approx(total, rel=1e-12, abs=30 * exact)
    assert in_quote(result, pool.book.sums.edge[FlowKind.ARBITRAGE]) == -in_quote(result, pool.book.lvr())
    assert pool.book.fee_value() == 0


def test_o13_o14_there_and_back_loses_though_nothing_is_impermanent() -> None:
    """2000, 2300, 2000 at L = 1000: impermanent loss 0, loss-versus-rebalancing 452.77."""
    result = pool_alone(path_of([2_000, 2_300, 2_000]))
    book = result["pool"].book
    assert in_quote(result, book.impermanent_loss()) == pytest.approx(0, abs=1e-12)
    assert in_quote(result, book.lvr()) == pytest.approx(452.77, abs=5e-3)


def test_o14_impermanent_loss_is_lvr_and_the_cost_of_not_rebalancing() -> None:
    """With fees and noise too, IL = LVR + sum (x0 - x) dS to the last unit, told anew from the trades and the path."""
    path = gbm()
    market = market_of(path)
    result = replay(path, poisson(path, market), [LiquidityProvider("5%", 500)], capital=10**5, market=market)
    provider = result["liquidity provider"]
    told = retell(provider.world, provider.name, path)
    lvr = -sum(told.trading_edge.values())
    assert -provider.book.impermanent_loss() == lvr + told.beyond_endowment
    assert lvr == provider.book.lvr() > 0


def stratified(replicate: int, volatility: float, years: float, *, strata: int, steps: int) -> list[PricePath]:
    """Driftless GBM, one path in each of so many equal parts of the law of its end, bridged in between."""
    draw = np.random.default_rng([8, replicate])
    share = np.linspace(0, 1, steps + 1)
    paths = []
    for stratum in range(strata):
        end = NormalDist().inv_cdf((stratum + draw.random()) / strata)
        walk = np.concatenate([[0.0], np.cumsum(draw.standard_normal(steps))]) / math.sqrt(steps)
        bridge = share * end + walk - share * walk[-1]
        logs = volatility * math.sqrt(years) * bridge - volatility**2 * years * share / 2
        paths.append(path_of((PRICE * np.exp(logs)).tolist()))
    return paths


def test_o08_the_mean_over_replays_is_the_closed_form() -> None:
    """Sigma = .8, 30 days, L = 1000: mean impermanent loss and mean LVR of 800 replays, each within three errors.

    -529.768411 is the closed form between 1500 and 2600 (it agrees with the option strip and the integral of the LVR
    rate to 1e-11 elsewhere); between the nearest ticks it is another 0.02. Twenty replicates of forty strata each
    give the standard errors: 4 for the impermanent loss, 11 for the LVR, of which only the end is stratified.
    """
    volatility, years = 0.8, 30 / 365
    low, high = bounds()
    before = concentrated.position_value(LIQUIDITY, PRICE, low, high)
    expected = options.expected_position_value(LIQUIDITY, PRICE, low, high, volatility**2 * years) - before
    round_numbers = options.expected_position_value(LIQUIDITY, PRICE, 1_500, 2_600, volatility**2 * years)
    assert round_numbers - concentrated.position_value(LIQUIDITY, PRICE, 1_500, 2_600) == pytest.approx(
        -529.768411, abs=1e-6
    )
    assert expected == pytest.approx(-529.768411, abs=0.05)
    losses, lvrs = [], []
    for replicate in range(20):
        results = [pool_alone(path) for path in stratified(replicate, volatility, years, strata=40, steps=6)]
        books = [(result, result["pool"].book) for result in results]
        losses.append(float(np.mean([in_quote(result, book.impermanent_loss()) for result, book in books])))
        lvrs.append(float(np.mean([in_quote(result, book.lvr()) for result, book in books])))
    require_within(Estimate.of(losses), expected)
    require_within(Estimate.of(lvrs), -expected)


def test_without_takers_a_fresh_maker_is_flat_and_a_pool_is_its_curve() -> None:
    """No noise: a maker who moves first has no trade and not a unit of profit, and the pool ends at V(S)."""
    path = path_of(gbm(3, volatility=2).prices.tolist())
    nobody = TakerTape.empty(LOT)
    market = Market.of(path, nobody, quote_decimals=18)
    capital = Fraction(concentrated.position_value(LIQUIDITY, path.prices[0], *bounds()))
    result = replay(
        path,
        nobody,
        [
            LiquidityProvider(PriceRange.ticks(LOWER, UPPER), 0, tick_spacing=1, name="pool"),
            MarketMaker(ProportionalSpread(1, 10**6), name="maker"),
        ],
        capital=capital,
        market=market,
        clocks=Clocks(SECOND_NS, SECOND_NS, arbitrageur_first=False),
    )
    maker, pool = result["maker"], result["pool"]
    assert not maker.trades
    assert maker.beyond_hodl == 0
    curve = concentrated.position_value(LIQUIDITY, path.prices[-1], *bounds())
    assert in_quote(result, pool.book.wealth()) == pytest.approx(curve, rel=1e-12)


@pytest.mark.parametrize("fee", [500, 3_000])
def test_without_takers_a_pool_with_a_fee_is_its_curve_at_its_own_price_and_its_fees(fee: int) -> None:
    """What it trades is worth x S + y with the holdings at the pool's price; fees come on top."""
    path = path_of(gbm(3, volatility=2).prices.tolist())
    result = pool_alone(path, fee=fee)
    provider, fair = result["pool"], float(path.prices[-1])
    amount0, amount1 = concentrated.holdings(LIQUIDITY, _pool_price(provider, fee), *bounds())
    traded = in_quote(result, provider.book.wealth() - provider.book.fee_value())
    assert traded == pytest.approx(amount0 * fair + amount1, rel=1e-11)
    assert provider.book.fee_value() > 0


def _pool_price(provider: ProviderResult, fee: int) -> float:
    bid = provider.samples[-1].bid
    assert bid is not None
    return bid / (1 - fee / 10**6)
