"""Thin books, crowds and manipulation: the table's worked numbers, on the book, the pair and the venues themselves."""

from dataclasses import dataclass
from fractions import Fraction

import pytest
from worlds import gbm, market_of

from amm import UniswapV2Pair
from amm.accounting import share_amounts
from amm.closed_form.concentrated import depth_down, depth_up
from amm.closed_form.constant_product import amount_in, amount_out
from compare.curve_venue import CurveLiquidityProvider, CurveVenue
from compare.liquidity_provider import LiquidityProvider
from compare.market_maker import MarketMaker
from compare.provider_book import Amounts, FlowKind
from compare.run import replay
from compare.tape import TakerTape
from compare.venue import BUY, TakerOrder
from compare.world import Mode, Provider, open_worlds
from orderbook import FeeSchedule, Instrument, OrderBook, ProportionalSpread, Side

WEI = 10**18
PLAIN = Instrument(18, 6, 10**15, 10)


def ladder(sizes: list[int], makers: int = 1, first: int = 1_001) -> OrderBook:
    """A book with asks one tick apart, each maker with the same lots at each of them."""
    book = OrderBook(PLAIN)
    for ticks, size in enumerate(sizes):
        for maker in range(makers):
            book.limit(f"maker {maker}", Side.SELL, first + ticks, size)
    return book


def levels_taken(book: OrderBook, lots: int) -> int:
    """How many prices a market order reaches."""
    return len({fill.price for fill in book.market("taker", Side.BUY, lots).fills})


@dataclass(frozen=True)
class ProactiveMarketMaker:
    """DODO's rule around a price i: k = 0 is that price, and k = 1 is x y = k."""

    price: Fraction
    slippage: Fraction
    target: int

    def cost(self, reserves: Amounts, base: int) -> int | None:
        left = reserves.base - base
        if left <= 0:
            return None
        curved = self.slippage * Fraction(self.target**2, reserves.base * left)
        exact = self.price * base * (1 - self.slippage + curved)
        return -(-exact.numerator // exact.denominator)


@pytest.mark.parametrize(("slippage", "paid"), [("1/2", "10555.555556"), ("1", "11111.111112"), ("0", "10000")])
def test_s57_a_pool_around_a_price_of_its_own(slippage: str, paid: str) -> None:
    """100 of 1,000 at a price of 100 cost 10,555.56 with k = 0.5, and as much as in x y = k with k = 1."""
    market = market_of(gbm(price=100))
    ticks = int(100 / market.tick_size)
    unit_price = Fraction(100 * 10**6, WEI)
    rule = ProactiveMarketMaker(unit_price, Fraction(slippage), 1_000 * WEI)
    provider = CurveLiquidityProvider(rule, fee=0)
    capital = 2 * 100_000 * market.wealth_units_per_quote
    (world,) = open_worlds([provider], Mode.PARALLEL, market, ticks, capital=capital, gas=0)
    (venue,) = world.venues
    assert isinstance(venue, CurveVenue)
    before = venue.reserves
    assert before.base == 1_000 * WEI
    assert venue.take(TakerOrder(0, BUY, 100 * WEI, ticks * 10**7, FlowKind.NOISE, 0), ticks) == 100 * WEI
    assert Fraction(venue.reserves.quote - before.quote, 10**6) == Fraction(paid)


def test_s76_a_flash_crash_walks_the_ladder() -> None:
    """100 lots into ten a level reach ten levels."""
    assert levels_taken(ladder([10] * 20), 100) == 10


def test_s77_wash_trading_costs_the_venue_s_share_in_a_book() -> None:
    """$1M between two accounts of one owner: fee less rebate of 1.5 bp is $150."""
    book = OrderBook(PLAIN, FeeSchedule(maker_rebate_pips=50, taker_fee_pips=200))
    lots = 10**6 * 10**6 // (1_000 * PLAIN.quote_units_per_tick_lot)
    book.limit("left hand", Side.SELL, 1_000, lots)
    fills = book.limit("right hand", Side.BUY, 1_000, lots).fills
    assert sum(fill.cash_change("left hand") + fill.cash_change("right hand") for fill in fills) == -150 * 10**6


def test_s77_wash_trading_in_a_pool_pays_the_other_providers() -> None:
    """$1M through a pool at 30 bp of which 80 % is one's own: the other fifth of the fees, $600."""
    pair = UniswapV2Pair.from_reserves(10**10 * WEI, 10**10 * WEI)
    pair.total_supply, pair.balance_of = 100 * WEI, {"washer": 80 * WEI, "others": 20 * WEI}
    before = sum(share_amounts(pair, "washer"))
    there = pair.swap_exact_input(True, 500_000 * WEI, "washer").amount1_out
    back = pair.swap_exact_input(False, there, "washer").amount0_out
    cost = 500_000 * WEI - back - (sum(share_amounts(pair, "washer")) - before)
    assert cost / WEI == pytest.approx(600, rel=3e-3)


def pumped(followers: float) -> float:
    """What buying with 10,000, letting others buy, and selling all again earns in a pair of 1,000 and 100,000."""
    pair = UniswapV2Pair.from_reserves(1_000 * WEI, 100_000 * WEI)
    bought = pair.swap_exact_input(False, 10_000 * WEI, "attacker").amount0_out
    if followers:
        pair.swap_exact_input(False, int(followers * WEI), "followers")
    return pair.swap_exact_input(True, bought, "attacker").amount1_out / WEI - 10_000


def test_s78_pump_and_dump_needs_followers() -> None:
    """Alone it loses both fees, 54.49; with as much again from followers it earns 1,736.84."""
    assert pumped(0) == pytest.approx(-54.49, abs=0.005)
    assert pumped(10_000) == pytest.approx(1_736.84, abs=0.005)
    bought = amount_out(100_000, 1_000, 10_000, 0)
    base_left = 1_000 - bought - amount_out(110_000, 1_000 - bought, 10_000, 0)
    assert amount_out(base_left, 120_000, bought, 0) - 10_000 == pytest.approx(1_803.28, abs=0.005)


def test_s79_ramping_breaks_even_at_the_flow_it_induces() -> None:
    """315.68 of followers pay the fees of the one who leads them, and less does not."""
    assert pumped(315.68) == pytest.approx(0, abs=0.005)
    assert pumped(315) < 0 < pumped(316)


def test_s80_cornering_a_pool_moves_its_price_a_hundredfold() -> None:
    """Nine tenths of one side cost nine times the other, and leave a price a hundred times as high."""
    paid = amount_in(100_000, 1_000, 900, 0)
    assert paid == pytest.approx(900_000)
    assert (100_000 + paid) / 100 == pytest.approx(100 * 100_000 / 1_000)


def test_s82_two_venues_are_never_further_apart_than_their_fees() -> None:
    """A pool at 30 bp and a maker at 5 bp, both arbitraged at one fair price: their mids differ by 35 bp at most."""
    path = gbm(hours=6, volatility=2)
    market = market_of(path)
    sides: list[Provider] = [
        LiquidityProvider("full", 3_000),
        MarketMaker(ProportionalSpread(half_spread_pips=500, size=5_000)),
    ]
    result = replay(path, TakerTape.empty(market.lot_size), sides, capital=10**6, market=market, mode=Mode.ROUTED)
    pool, book = (result[one.name].samples for one in sides)
    gaps = []
    for here, there in zip(pool, book, strict=True):
        prices = here.bid, here.ask, there.bid, there.ask
        if here.time_ns and all(price is not None for price in prices):
            bid, ask, low, high = (float(price or 0) for price in prices)
            gaps.append(abs((bid * ask) ** 0.5 / (low * high) ** 0.5 - 1))
    assert len(gaps) > 100
    assert 0.0020 < max(gaps) < 0.0035


def test_s83_a_block_of_one_percent_of_a_pool_costs_one_percent_more() -> None:
    """The size premium of a hundredth of the pool is 1 / 0.99 - 1 = 1.0101 %."""
    assert amount_in(100_000, 1_000, 10, 0) / (10 * 100) - 1 == pytest.approx(0.010101, abs=5e-7)


def test_s84_the_two_percent_depth_of_a_market_as_a_pool() -> None:
    """11.8k to 7k is -40.7 %, 6.8k to 9.1k is +33.8 %; a full-range pool needs $11.2bn for $112M within 2 %."""
    assert Fraction(70, 118) - 1 == pytest.approx(-0.407, abs=5e-4)
    assert Fraction(91, 68) - 1 == pytest.approx(0.338, abs=5e-4)
    liquidity = 11.2e9 / 2  # at a price of 1, half of the value in either token
    assert depth_up(liquidity, 1, 0.02) + depth_down(liquidity, 1, 0.02) == pytest.approx(112e6, rel=1e-3)


def test_s85_one_of_six_equal_makers_leaves() -> None:
    """A sixth of the depth goes, and the same order moves the price 1.2 times as far."""
    six, five = ladder([10] * 10, makers=6), ladder([10] * 10, makers=5)
    assert Fraction(five.depth(Side.SELL)[0].size, six.depth(Side.SELL)[0].size) == Fraction(5, 6)
    assert Fraction(levels_taken(five, 300), levels_taken(six, 300)) == Fraction(6, 5)


def test_s87_what_leaves_a_book_moves_its_price() -> None:
    """Of 10,000 lots a level 40.68 % are withdrawn: the same order goes 1.686 times as far."""
    lots = 10_000 * 593
    far, near = levels_taken(ladder([5_932] * 1_010), lots), levels_taken(ladder([10_000] * 610), lots)
    assert far / near == pytest.approx(1 / (1 - 0.4068), rel=1e-3)
    assert far / near == pytest.approx(1.686, abs=1e-3)


def test_s89_a_shock_breaks_whole_layers_and_stops_in_the_next() -> None:
    """Layers of 10 under a shock of 35: three are gone, and five of the fourth are left."""
    book = ladder([10] * 6)
    book.market("shock", Side.BUY, 35)
    left = book.depth(Side.SELL)
    assert len(left) == 6 - 3
    assert left[0].size == 5


def test_s94_what_a_taker_pays_is_half_the_spread_and_the_fee() -> None:
    """At 1,000 and 1,000.1 with a fee of 2 bp: 0.05 from the middle, and 0.2 to the venue."""
    ask, middle = Fraction("1000.1"), Fraction("1000.05")
    paid = FeeSchedule(taker_fee_pips=200).taker_price(Side.BUY, ask)
    assert ask - middle == Fraction("0.05")
    assert paid - ask == pytest.approx(0.2, abs=5e-5)
    assert paid - middle == (ask - middle) + ask * Fraction(200, 10**6)
