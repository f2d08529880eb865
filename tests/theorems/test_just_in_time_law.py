"""O-30 to O-32 through the replay: an order, a passive provider over all prices, and one who mints around the order."""

import math
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from worlds import gbm, market_of, poisson

from amm.closed_form import just_in_time as closed
from compare.clocks import SECOND_NS
from compare.just_in_time_provider import JustInTime
from compare.ledger import Agent
from compare.liquidity_provider import LiquidityProvider
from compare.market import Market
from compare.paths import PricePath
from compare.result import Comparison
from compare.run import replay
from compare.tape import TakerTape

PRICE, CAPITAL, FEE = 2_000, 10**6, 3_000
PASSIVE = CAPITAL / (2 * math.sqrt(PRICE))
"""Passive liquidity in sqrt(base * quote)."""
SHARE = FEE / 10**6
KINK = PASSIVE * SHARE
"""In sqrt(base * quote): the base bought, times sqrt(P), at which the swap alone moves the price by twice the fee."""
LOT = Fraction(1, 10**9)
BUY, SELL = 1, -1
NO_ARBITRAGE = 10**12
POOL, MINTER = "liquidity provider", "just-in-time provider"


def one_order(side: int, size: float, capital_share: float | None, *, base_is_token0: bool = True) -> Comparison:
    """The fair price and the pool at 2000, one taker who takes any price; None for a run without a minter."""
    path = PricePath(np.array([0, 12 * SECOND_NS]), np.array([PRICE * 10**6] * 2), Fraction(1, 10**6))
    tape = TakerTape.from_arrays(
        np.array([SECOND_NS]), np.array([side]), np.array([size]), tolerance_bps=9_999, lot_size=LOT
    )
    sides: list[LiquidityProvider | JustInTime] = [LiquidityProvider("full", FEE)]
    if capital_share is not None:
        sides.append(JustInTime(capital_share=capital_share))
    market = Market.of(path, tape, quote_decimals=18, base_is_token0=base_is_token0)
    return replay(path, tape, sides, capital=CAPITAL, market=market, gas=NO_ARBITRAGE, samples=2)


class Bundle(NamedTuple):
    """What one bundle did; money in quote tokens, liquidity in sqrt(base * quote)."""

    minted: float
    amount_in: float
    """What the taker paid in, of either token."""
    profit: float
    passive_profit: float


def bundle_of(result: Comparison) -> Bundle:
    """Read a run of one order; minted liquidity is told from the fees, which go by share (O-30 checks that)."""
    market, swap = result.market, result[POOL].trades[0]
    passive, minter = sorted(swap.shares, key=lambda share: share.name != POOL)
    paid_base = swap.taker.base < 0
    fees = [share.fee.base if paid_base else share.fee.quote for share in (minter, passive)]
    amount = market.base_float(-swap.taker.base) if paid_base else -swap.taker.quote / 10**18
    profit, passive_profit = (market.quote_float(result[name].beyond_hodl) for name in (MINTER, POOL))
    return Bundle(PASSIVE * fees[0] / fees[1], amount, profit, passive_profit)


def stated_profit(own: float, other: float, amount_in: float, side: int) -> float:
    """O-31 in quote tokens; a seller pays in base, in which prices are then quote's."""
    price = PRICE if side == BUY else 1 / PRICE
    profit = closed.provider_profit(own, other, amount_in, price=price, fair_price=price, fee=SHARE)
    return profit if side == BUY else profit * PRICE


def best(side: int, size: float) -> float:
    """O-32 for an order in base: bought, it is the swap's output; sold, it is its input."""
    if side == BUY:
        return closed.optimal_liquidity_for_output(PASSIVE, size, PRICE, SHARE)
    return closed.optimal_liquidity(PASSIVE, size, 1 / PRICE, SHARE)


def order_at(side: int, share_of_kink: float) -> float:
    """Base tokens of an order relative to the one at the kink, in whole lots."""
    size = KINK / math.sqrt(PRICE) * share_of_kink
    return round(size if side == BUY else size / (1 - SHARE) ** 2, 9)


@pytest.mark.parametrize("base_is_token0", [True, False])
@pytest.mark.parametrize("side", [BUY, SELL])
def test_o30_o31_o32_one_bundle(side: int, *, base_is_token0: bool) -> None:
    """An order of thirty times the kink: share, profit and size of the bundle are the closed forms, to nine digits."""
    result = one_order(side, order_at(side, 30), 10.0, base_is_token0=base_is_token0)
    bundle, swap = bundle_of(result), result[POOL].trades[0]
    passive, minter = sorted(swap.shares, key=lambda share: share.name != POOL)
    # O-30: what trades goes by the same share as the fees did.
    for token in ("base", "quote"):
        traded = [getattr(one.change, token) - getattr(one.fee, token) for one in (minter, passive)]
        assert traded[0] / traded[1] == pytest.approx(bundle.minted / PASSIVE, rel=1e-9)
    # O-32: the size is the best one. O-31: what each made of it, the minter after its hedge.
    assert bundle.minted == pytest.approx(best(side, order_at(side, 30)), rel=1e-9)
    for own, other, profit in (
        (bundle.minted, PASSIVE, bundle.profit),
        (PASSIVE, bundle.minted, bundle.passive_profit),
    ):
        assert profit == pytest.approx(stated_profit(own, other, bundle.amount_in, side), rel=1e-9)


@pytest.mark.parametrize("side", [BUY, SELL])
def test_o32_below_twice_the_fee_more_liquidity_is_better(side: int) -> None:
    """An order that alone moves the price by less than two fees: whatever capital there is, all of it is minted."""
    size = order_at(side, 0.9)
    assert best(side, size) == math.inf
    bundles = [bundle_of(one_order(side, size, share)) for share in (1, 2, 4)]
    for less, more in pairwise(bundles):
        assert more.minted == pytest.approx(2 * less.minted, rel=1e-9)
        assert more.profit > less.profit
    assert bundles[-1].profit < SHARE * size * PRICE / (1 - SHARE) ** 2


@pytest.mark.parametrize("side", [BUY, SELL])
def test_o32_above_twice_the_fee_one_size_is_best(side: int) -> None:
    """An order that alone moves it by more: from some capital on the bundle is the same, and any smaller earns less."""
    size = order_at(side, 1.1)
    rich, richer = (bundle_of(one_order(side, size, share)) for share in (4, 8))
    assert rich == richer
    assert rich.minted == pytest.approx(best(side, size), rel=1e-9)
    poor = [bundle_of(one_order(side, size, share)) for share in (0.01, 0.02, 0.05)]
    assert [bundle.minted < rich.minted for bundle in poor] == [True] * 3
    profits = [*(bundle.profit for bundle in poor), rich.profit]
    assert profits == sorted(profits)


def gains(result: Comparison) -> dict[str, int]:
    """What everyone holds beyond what it brought, at the last price, wealth units; only dust was there before."""
    (world,) = result.worlds
    providers = {name: book.beyond_hodl() for name, book in world.providers.items()}
    return providers | {agent.value: world.wealth(agent) for agent in Agent}


@pytest.mark.parametrize("side", [BUY, SELL])
def test_o31_minter_passive_and_taker_add_up(side: int) -> None:
    """The same order with a minter and without: what it wins and the taker saves is what the passive provider loses.

    The taker's demand does not depend on the price here, so the passive provider loses one for one (O-33).
    """
    size = order_at(side, 30)
    runs = [one_order(side, size, share) for share in (10.0, None)]
    on, off = map(gains, runs)
    changes = {name: on[name] - off.get(name, 0) for name in on}
    assert sum(changes.values()) == 0
    assert changes[MINTER] > 0 > changes[POOL]
    assert changes[Agent.NOISE] > 0
    # Roundings stay in the pool as dust, or outside where the minter hedges: ten units of the base token's at most.
    rounding = 10 * runs[0].market.value(1, PRICE * 10**6)
    assert abs(changes[MINTER] + changes[Agent.NOISE] + changes[POOL]) <= rounding


def test_just_in_time_on_and_off_adds_up_over_a_whole_run() -> None:
    """Three hours of noise, arbitrage and gas, on and off: the differences of all agents add up to nothing, exactly.

    The minter wins, the passive provider loses, takers win.
    """
    path = gbm(hours=3)
    market = market_of(path)
    tape = poisson(path, market, mean_size=20)
    passive = LiquidityProvider("20%", FEE)
    off, on = (
        gains(replay(path, tape, [passive, *extra], capital=10**6, market=market, gas=1, samples=2))
        for extra in ([], [JustInTime(gas=1)])
    )
    differences = {name: on[name] - off.get(name, 0) for name in on}
    assert sum(differences.values()) == 0
    assert differences[MINTER] > 0 > differences[POOL]
    assert differences[Agent.NOISE] > 0
