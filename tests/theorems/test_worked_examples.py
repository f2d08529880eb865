"""Worked examples of the tables, played through the comparator's own venues and ledger to the digit."""

from fractions import Fraction

import numpy as np
import pytest
from worlds import gbm, market_of, poisson, providers

from amm.closed_form.concentrated import capital_efficiency
from compare.clocks import SECOND_NS, Clocks
from compare.ledger import Agent
from compare.liquidity_provider import LiquidityProvider
from compare.market import Market
from compare.market_maker import MarketMaker
from compare.pair_venue import PairLiquidityProvider
from compare.paths import PricePath
from compare.provider_book import FlowKind
from compare.result import Comparison
from compare.run import replay
from compare.tape import TakerTape
from compare.world import Mode, Provider
from orderbook import FeeSchedule, FixedSpread, Ladder, OrderBook, Side, TimeInForce
from orderbook import MarketMaker as Account

BUY, SELL = 1, -1
NO_ARBITRAGE = 10**12
DEMAND_OF_ANY_PRICE_BPS = 9_999


def path_of(prices: list[str], tick: str, *, seconds: int = 12) -> PricePath:
    times = seconds * SECOND_NS * np.arange(len(prices), dtype=np.int64)
    return PricePath(times, np.array([int(Fraction(price) / Fraction(tick)) for price in prices]), Fraction(tick))


def tape_of(orders: list[tuple[float, int, float]], lot: str) -> TakerTape:
    """Orders of seconds, side and base tokens, at any price."""
    seconds, sides, sizes = zip(*orders, strict=True)
    times = np.array([round(second * SECOND_NS) for second in seconds])
    return TakerTape.from_arrays(
        times, np.array(sides), np.array(sizes), tolerance_bps=DEMAND_OF_ANY_PRICE_BPS, lot_size=lot
    )


def quoted_at_1000(prices: list[str], orders: list[tuple[float, int, float]]) -> Comparison:
    """A maker of one unit, bid 1000.0 and ask 1000.1 around 1000.05, rebate 1 bp, taker fee 2 bp."""
    path = path_of(prices, "0.05")
    tape = tape_of(orders, "1") if orders else TakerTape.empty(1)
    market = Market.of(path, tape)
    maker = MarketMaker(FixedSpread(half_spread_ticks=1, size=1), FeeSchedule(100, 200), name="maker")
    return replay(path, tape, [maker], capital=10**6, market=market, samples=2)


def money(result: Comparison, agent: Agent) -> float:
    return result.market.quote_float(result.worlds[0].wealth(agent))


def test_s04_s05_a_round_trip_in_the_ledger() -> None:
    """A seller hits 1000.0, a buyer lifts 1000.1: maker 0.30001 = 0.1 + 0.1 + 0.10001, venue 0.20001, all sum to 0."""
    result = quoted_at_1000(["1000.05", "1000.05"], [(1, SELL, 1), (12, BUY, 1)])
    maker = result["maker"].book
    assert result.market.quote_float(maker.beyond_hodl()) == 0.30001
    parts = {name: result.market.quote_float(amount) for name, amount in maker.components().items()}
    assert parts == {"spread_capture": 0.1, "rebates": 0.20001, "adverse_selection": 0.0, "inventory": 0.0}
    assert money(result, Agent.VENUE) == 0.20001
    assert money(result, Agent.NOISE) == -0.50002  # 1000.30002 paid, 999.80 received
    assert result.worlds[0].zero_sum().residual == 0


def test_s06_a_stale_bid_is_picked_off_in_the_ledger() -> None:
    """The price falls from 1000.05 to 998 and the arbitrageur is first: it gains 1.8, maker -1.9, venue 0.1."""
    result = quoted_at_1000(["1000.05", "998"], [])
    maker = result["maker"].book
    assert money(result, Agent.ARBITRAGEUR) == 1.8
    assert result.market.quote_float(maker.sums.edge[FlowKind.ARBITRAGE]) == -1.9
    assert money(result, Agent.VENUE) == 0.1
    assert result.worlds[0].zero_sum().residual == 0


def cost_of(parts: int, *, reset: bool) -> float:
    """Quote paid for 1000 of 10 000 base in a pool of 100 000 quote without a fee, in parts, with arbitrage between."""
    path = path_of(["10"] * 2, "0.001", seconds=12 * (parts + 1))
    tape = tape_of([(12 * part + 1, BUY, 1_000 / parts) for part in range(parts)], "0.001")
    market = Market.of(path, tape, quote_decimals=18)
    pool = LiquidityProvider("full", 0, tick_spacing=1)
    gas = 0 if reset else NO_ARBITRAGE
    result = replay(path, tape, [pool], capital=200_000, market=market, gas=gas, samples=2)
    trades = [trade for trade in result.providers[0].trades if trade.kind is FlowKind.NOISE]
    assert len(trades) == parts
    return -sum(trade.taker.quote for trade in trades) / 10**18


def test_s39_a_b_parts_are_cheaper_only_where_arbitrage_resets_the_pool() -> None:
    """One order of 1000 or ten of 100 without arbitrage between: 11 111.11; with it: 10 101.01."""
    whole = cost_of(1, reset=False)
    assert whole == pytest.approx(100_000 / 9, rel=1e-12)
    assert cost_of(10, reset=False) == pytest.approx(whole, rel=1e-15)
    assert cost_of(10, reset=True) == pytest.approx(10 * 100_000 * 100 / 9_900, rel=1e-12)


def test_s39_c_a_pair_pays_less_for_parts_in_the_replay() -> None:
    """Selling 1000 into 10 000 by 100 000 with the fee kept in the pair: 9066.109 at once, 9065.035 in ten parts."""
    received = []
    for parts in (1, 10):
        path = path_of(["10"] * 2, "0.001", seconds=200)
        tape = tape_of([(12 * part + 1, SELL, 1_000 / parts) for part in range(parts)], "0.001")
        market = Market.of(path, tape, quote_decimals=18)
        result = replay(
            path, tape, [PairLiquidityProvider()], capital=200_000, market=market, gas=NO_ARBITRAGE, samples=2
        )
        received.append(sum(trade.taker.quote for trade in result.providers[0].trades) / 10**18)
    assert received == pytest.approx([9_066.109, 9_065.035], abs=5e-4)


def test_s52_s55_fees_go_by_liquidity_and_a_narrow_range_is_leverage() -> None:
    """In one pool the same capital in +-10 % earns 20.4 times the fees of the full range, and loses as much more.

    Of the range that the ticks make of 1800 to 2200, to six digits of the smaller income.
    """
    path = gbm(hours=1)
    market = market_of(path)
    sides: list[Provider] = [
        LiquidityProvider("full", 500, tick_spacing=1, name="full"),
        LiquidityProvider("1800:2200", 500, tick_spacing=1, name="10%"),
    ]
    result = replay(path, poisson(path, market), sides, capital=10**7, market=market, mode=Mode.ROUTED, samples=2)
    full, narrow = result["full"].book, result["10%"].book
    bounds = result["10%"].price_range
    assert bounds is not None
    efficiency = capital_efficiency(2_000, *bounds)
    assert efficiency == pytest.approx(20.4, abs=0.05)
    assert narrow.fee_value() / full.fee_value() == pytest.approx(efficiency, rel=1e-6)
    assert narrow.impermanent_loss() / full.impermanent_loss() == pytest.approx(efficiency, rel=1e-6)


@pytest.mark.parametrize("cost_bps", [0, 1])
def test_s70_a_hedged_maker_keeps_its_edge_and_no_inventory(cost_bps: int) -> None:
    """A second account sells every fill outside at the fair price less a cost: both earn the edges less the costs.

    Exactly, and what they hold together never changes, so the inventory term is nothing.
    """
    path = gbm(volatility=2)
    market = market_of(path)
    result = replay(path, poisson(path, market), providers(), capital=200_000, market=market, samples=2)
    maker = result["market maker"]
    held, cash, costs = 0, Fraction(0), Fraction(0)
    for trade in maker.trades:
        base = trade.shares[0].change.base
        worse = 1 - Fraction(cost_bps, 10_000) if base > 0 else 1 + Fraction(cost_bps, 10_000)
        held, cash = held - base, cash + market.value(base, trade.fair_ticks) * worse
        costs += market.value(abs(base), trade.fair_ticks) * Fraction(cost_bps, 10_000)
    hedge = cash + market.value(held, int(path.ticks[-1]))
    assert held + maker.book.account.base == maker.book.endowment.base
    assert maker.beyond_hodl + hedge == sum(maker.book.sums.edge.values()) - costs
    assert abs(hedge) > market.wealth_units_per_quote


def volume_to_move(makers: int, ticks: int) -> int:
    """Lots a seller needs to push the best bid so far down a book in which so many makers quote one lot a tick."""
    market = Market.from_tick_size(Fraction(1, 10), Fraction(1_000))
    book = OrderBook(market.instrument, FeeSchedule())
    ladder = Ladder(half_spread_ticks=1, step_ticks=1, sizes=(1,) * 200)
    accounts = [Account(f"maker {k}", ladder, cash=10**30, holding=10**6) for k in range(10)]
    for account in accounts:
        account.refresh(book, 0, 10_000)
    for account in accounts[makers:]:
        account.withdraw(book)
    assert book.best_bid == 9_999
    return book.limit("seller", Side.SELL, book.best_bid - ticks + 1, 10**9, TimeInForce.IOC).filled


def test_s91_s92_withdrawal_makes_the_same_sale_move_the_price_ten_times_as_far() -> None:
    """Nine of ten makers pull: 1 % takes a tenth of the volume, and what moved the price 0.1 % moves it 1 %."""
    assert volume_to_move(10, 100) == 10 * volume_to_move(1, 100) == 1_000
    assert volume_to_move(10, 10) == volume_to_move(1, 100)


def test_s91_a_pool_keeps_its_depth() -> None:
    """Whoever leaves the books, a full-range pool takes base worth 0.252 % of its value for one percent down."""
    path = path_of(["2000", "1980"], "0.0001")
    tape = TakerTape.empty("0.000001")
    market = Market.of(path, tape, quote_decimals=18)
    pool = LiquidityProvider("full", 0, tick_spacing=1)
    clocks = Clocks(SECOND_NS, SECOND_NS)
    result = replay(path, tape, [pool], capital=10**6, market=market, clocks=clocks, samples=2)
    (sale,) = result.providers[0].trades
    assert -sale.taker.base / 10**18 * 2_000 / 10**6 == pytest.approx(0.00252, abs=5e-6)
    assert -sale.taker.base / 10**18 * 2_000 / 10**6 == pytest.approx((0.99**-0.5 - 1) / 2, rel=1e-12)
