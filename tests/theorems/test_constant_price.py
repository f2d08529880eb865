"""At a price that never moves there is nothing but fees: the path causes no loss, and noise lends a pool what it takes.

A taker who moves the pool pays for it; the pool is worth L sqrt(S) (sqrt(S/P) + sqrt(P/S) - 2) more at the fair price
until somebody moves it back. So at any moment the profit is the fees and that, and when the pool is back at the fair
price, the fees alone.
"""

import math
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from compare.clocks import SECOND_NS
from compare.liquidity_provider import LiquidityProvider
from compare.market import Market
from compare.market_maker import MarketMaker
from compare.paths import PricePath
from compare.provider_book import FlowKind
from compare.result import Comparison
from compare.run import replay
from compare.shadow import split_arbitrage, without_noise
from compare.tape import TakerKind, TakerTape
from orderbook import FeeSchedule, ProportionalSpread

PRICE, CAPITAL, FEE = 2_000, 10**6, 500
LIQUIDITY = CAPITAL / (2 * math.sqrt(PRICE))
LOT = Fraction(1, 10**6)
POOL, MAKER = "liquidity provider", "market maker"
BUY, SELL = 1, -1
Order = tuple[int, float, int]
"""Side, base tokens, tolerance in pips."""

ORDERS = st.lists(
    st.tuples(st.sampled_from([BUY, SELL]), st.floats(1e-3, 30), st.integers(0, 5_000)), min_size=1, max_size=25
)


def providers() -> list[LiquidityProvider | MarketMaker]:
    return [LiquidityProvider("full", FEE), MarketMaker(ProportionalSpread(FEE, 10**7), FeeSchedule(100, 200))]


def run(orders: list[Order], *, blocks: bool = True) -> Comparison:
    """Orders seven seconds apart, with arbitrage every twelve or priced out by its gas; 18 decimals of both tokens."""
    times = 7 * SECOND_NS * np.arange(1, len(orders) + 1, dtype=np.int64)
    ends = np.array([0, int(times[-1]) + SECOND_NS])
    path = PricePath(ends, np.full(2, PRICE * 10**6), Fraction(1, 10**6))
    sides, sizes, tolerances = zip(*orders, strict=True)
    tape = TakerTape(
        times,
        np.array(sides, dtype=np.int8),
        np.array([max(round(size / LOT), 1) for size in sizes], dtype=np.int64),
        np.array(tolerances, dtype=np.int64),
        np.full(len(orders), TakerKind.NOISE, dtype=np.uint8),
        np.arange(len(orders), dtype=np.int64),
        LOT,
    )
    market = Market.of(path, tape, quote_decimals=18)
    gas = 0 if blocks else 10**9
    return replay(path, tape, providers(), capital=CAPITAL, market=market, gas=gas, samples=2)


def units(result: Comparison, trades: int) -> int:
    """What so many trades and one burn may round, wealth units: four units of either token each."""
    return 4 * (trades + 1) * (result.market.cash(1) + result.market.value(1, PRICE * 10**6))


@settings(max_examples=40)
@given(orders=ORDERS, blocks=st.booleans())
def test_profit_is_fees_and_what_displacement_lends(orders: list[Order], *, blocks: bool) -> None:
    """After any flow, with arbitrage or without: nothing from rebalancing, and IL of the pool's own price, exactly."""
    result = run(orders, blocks=blocks)
    pool, book = result[POOL], result[POOL].book
    assert book.drift() == book.sums.rebalancing == book.sums.fee_inventory == book.sums.inventory == 0
    assert book.impermanent_loss() == -book.lvr()
    assert book.profit_and_loss() == book.fee_value() - book.lvr() == sum(book.sums.edge.values())
    bid = pool.samples[-1].bid
    assert bid is not None
    ratio = math.sqrt(bid / (1 - FEE / 10**6) / PRICE)
    lent = LIQUIDITY * math.sqrt(PRICE) * (1 / ratio + ratio - 2)
    # The price is shown as a double, so the square of a small displacement is known to 1e-15 of the value.
    assert abs(result.market.quote_float(book.impermanent_loss()) - lent) <= 2e-15 * CAPITAL
    assert book.fee_value() >= 0


@settings(max_examples=40)
@given(ORDERS)
def test_back_at_the_fair_price_profit_is_fees(orders: list[Order]) -> None:
    """The last taker moves the pool above the fair price and the next one to it: IL and LVR are roundings, P&L fees.

    A seller who tolerates just the fee stops where the pool's price is the fair price.
    """
    result = run([*orders, (BUY, 1_000.0, 2 * FEE), (SELL, 10_000.0, FEE)])
    book, trades = result[POOL].book, len(result[POOL].trades)
    assert abs(book.impermanent_loss()) <= units(result, trades)
    assert abs(book.profit_and_loss() - book.fee_value()) <= units(result, trades)
    assert book.sums.fees[FlowKind.NOISE] > 0


@settings(max_examples=15)
@given(ORDERS)
def test_the_path_causes_no_loss_and_the_maker_earns_its_spread(orders: list[Order]) -> None:
    """Without noise nothing happens at all; with it the maker makes spread and rebates, exactly, and has no loss."""
    result = run(orders)
    shadow = replay(
        result.path, without_noise(result.tape), providers(), capital=CAPITAL, market=result.market, samples=2
    )
    parts = split_arbitrage(result, shadow)
    assert [part.path for part in parts.values()] == [0, 0]
    assert all(not one.trades for one in shadow.providers)
    maker = result[MAKER].book
    half_spread = PRICE * 10**6 * FEE // 10**6
    traded = sum(abs(trade.taker.base) for trade in result[MAKER].trades)
    assert maker.components() == {
        "spread_capture": result.market.value(traded, half_spread),
        "rebates": maker.fee_value(),
        "adverse_selection": 0,
        "inventory": 0,
    }
    assert parts[MAKER].edge == 0
