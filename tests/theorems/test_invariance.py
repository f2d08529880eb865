"""What may not matter does not: the order of the venues, the unit of the price, the size of everything."""

from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from worlds import gbm

from compare.clocks import SECOND_NS, Clocks
from compare.just_in_time_provider import JustInTime
from compare.liquidity_provider import LiquidityProvider
from compare.market import Market
from compare.market_maker import MarketMaker
from compare.metrics import metrics
from compare.pair_venue import PairLiquidityProvider
from compare.paths import PricePath
from compare.provider_book import FlowKind
from compare.result import Comparison, ProviderResult
from compare.run import replay
from compare.tape import TakerKind, TakerTape
from compare.world import Mode, Provider
from orderbook import FeeSchedule, InventoryLimits, KillSwitch, Ladder, ProportionalSpread

FEES = FeeSchedule(100, 200)
_MONEY = {
    "break_even_noise_volume",
    "hedged_cvar",
    "hedged_max_drawdown",
    "hedged_profit",
    "lowest_equity",
    "max_drawdown",
    "peak_locked_capital",
}
_BASE = {"inventory_deviation", "mean_depth"}


def tape_of(path: PricePath, lot: Fraction) -> TakerTape:
    """Noise, and one informed order in four."""
    tape = TakerTape.poisson(path, rate="400/h", mean_size=3, lot_size=lot, mean_tolerance_bps=20, seed=3)
    return replace(tape, kind=np.where(tape.uid % 4, TakerKind.NOISE, TakerKind.INFORMED).astype(np.uint8))


@pytest.mark.parametrize("mode", Mode)
def test_the_order_of_the_providers_changes_no_bit(mode: Mode) -> None:
    """Every kind of provider, costs, risk limits and random clocks: two other orders, and every byte is the same."""
    path = gbm(hours=0.4, volatility=2)
    market = Market.from_tick_size(path.tick_size, Fraction(2_000))
    sides: list[Provider] = [
        LiquidityProvider("5%", 500, name="a"),
        LiquidityProvider(("0.3%", "2%"), 500, recentre=True, outside_cost_bps=2, gas=0.1, name="b"),
        LiquidityProvider("20%", 3_000, name="c"),
        PairLiquidityProvider("d"),
        PairLiquidityProvider("e"),
        MarketMaker(Ladder(500, 700, (50_000, 50_000)), FEES, limits=InventoryLimits(200_000, 200_000), name="f"),
        MarketMaker(
            ProportionalSpread(600, 40_000), FEES, kill_switch=KillSwitch(max_loss=10**8, pause_ns=10**11), name="g"
        ),
        JustInTime(gas=0.05, name="h"),
    ]
    clocks = Clocks(12 * SECOND_NS, 5 * SECOND_NS, seed=6)
    tape = tape_of(path, market.lot_size)

    def outcome(order: list[Provider]) -> Comparison:
        return replay(path, tape, order, market=market, capital=10**6, mode=mode, clocks=clocks, gas=1, samples=5)

    one = outcome(sides)
    assert sum(bool(provider.trades) for provider in one.providers) == len(one.providers)
    for order in (sides[::-1], [*sides[5:], *sides[:5]]):
        other = outcome(order)
        assert one.summary() == other.summary()
        assert one.executions().equals(other.executions(), check_metadata=True)
        assert one.samples_frame().equals(other.samples_frame())


@cache
def scaled(*, price: int, size: int, mode: Mode) -> Comparison:
    """One run in prices so many times as high, with everything so many times as large."""
    lot = Fraction(1, 10**12)
    base = gbm(hours=0.5)
    path = PricePath(base.time_ns, base.ticks, base.tick_size * price)
    tape = tape_of(base, lot)
    tape = replace(tape, lots=tape.lots * size)
    market = Market.of(path, tape, quote_decimals=18)
    sides: list[Provider] = [
        LiquidityProvider("full", 500, name="v3"),
        PairLiquidityProvider("v2"),
        MarketMaker(ProportionalSpread(500, 10**13 * size), FEES, name="book"),
    ]
    return replay(path, tape, sides, capital=200_000 * price * size, market=market, mode=mode, samples=10)


def fills(provider: ProviderResult) -> list[tuple[int, FlowKind]]:
    """Who traded, in order; but for a lot or so that rounding leaves to an arbitrageur at the edge of the band."""
    return [(trade.uid, trade.kind) for trade in provider.trades if abs(trade.taker.base) > 10**9]


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("price", "size"), [(1, 10), (10, 1), (7, 3)])
def test_prices_and_sizes_have_no_unit(price: int, size: int, mode: Mode) -> None:
    """All prices and all sizes times a number: the same fills, and every ratio the same to ten digits.

    Lots are 1e-12 and token units 1e-18 of a token. Basis points of volume, returns on capital, shares and rates
    do not change; money and depth do, by the numbers.
    """
    one, other = scaled(price=1, size=1, mode=mode), scaled(price=price, size=size, mode=mode)
    for here, there in zip(one.providers, other.providers, strict=True):
        assert fills(here) == fills(there)
        base, numbers = metrics(one, here), metrics(other, there)
        assert base.keys() == numbers.keys()
        for name, value in base.items():
            factor: float = price * size if name in _MONEY else size if name in _BASE else 1
            if name == "kyle_lambda":  # a price for each base token
                factor = price / size
            assert numbers[name] == (None if value is None else pytest.approx(value * factor, rel=1e-10)), name
