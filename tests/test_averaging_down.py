"""Averaging down as a strategy: the articles' numbers, quoted and filled in a book (S09, S10, S15, S16)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import (
    AveragingDown,
    FeeSchedule,
    FixedSpread,
    Instrument,
    MarketMaker,
    MarketView,
    OrderBook,
    QuotingStrategy,
    Side,
)
from orderbook.errors import InvalidParameterError

FEES = FeeSchedule(maker_rebate_pips=100, taker_fee_pips=200)
FINE = Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=10**6)
HALF = Fraction(1, 2)


def setting(strategy: QuotingStrategy) -> tuple[OrderBook, MarketMaker]:
    return OrderBook(FINE, FEES), MarketMaker("maker", strategy, cash=10**15, holding=10_000)


def hit(book: OrderBook, maker: MarketMaker, fair: Fraction) -> None:
    """The market maker quotes around a price, and a client sells one lot to it."""
    maker.refresh(book, 0, fair)
    maker.book_fills(book.market("client", Side.SELL, 1).fills)


def asked(book: OrderBook, maker: MarketMaker, fair: Fraction) -> int:
    """The price it asks, in ticks."""
    maker.refresh(book, 0, fair)
    assert book.best_ask is not None
    return book.best_ask


def test_s09_the_ask_comes_down_with_the_average_cost() -> None:
    """In ticks of .1: bought at 1000.0 it asks 999.9, bought again at 998.0 it asks 998.9, which keeps .0998 a unit.

    Break-even is 999.80002 and then 998.80022: the article's 999.8 and 998.8 lose .00002 and .0002, and 998.9 does not.
    """
    book, maker = setting(AveragingDown(HALF, 1, FEES))
    hit(book, maker, 10_000 + HALF)
    fallen = 9_980 + HALF
    assert maker.view(0, fallen).average_cost == 9_999
    assert asked(book, maker, fallen) == 9_999
    hit(book, maker, fallen)
    cost = maker.view(0, fallen).average_cost
    assert cost == Fraction("9989.001")
    assert asked(book, maker, fallen) == 9_989
    assert (round(float(FEES.break_even_ask(9_999)), 4), round(float(FEES.break_even_ask(cost)), 4)) == (
        9_998.0002,
        9_988.0022,
    )
    edges = [FEES.maker_price(Side.SELL, price) - cost for price in (9_988, 9_989)]
    assert [round(float(edge) / 10, 4) for edge in edges] == [-0.0002, 0.0998]


def test_s15_s16_averaging_down_halves_what_the_ask_is_away() -> None:
    """In ticks of .01: bought at 100 and 99.80 the average is 99.89001; the ask falls from 99.99 to 99.89.

    The article's 99.98 and 99.88 are the break-evens, 99.980002 and 99.880022, without their last digits.
    """
    book, maker = setting(AveragingDown(HALF, 1, FEES))
    hit(book, maker, 10_000 + HALF)
    assert asked(book, maker, 9_980 + HALF) == 9_999
    hit(book, maker, 9_980 + HALF)
    cost = maker.view(0, 9_980).average_cost
    assert cost == Fraction("9989.001")
    assert round(float(cost) / 100, 5) == 99.89001
    assert asked(book, maker, 9_980 + HALF) == 9_989
    assert round(float(FEES.maker_price(Side.SELL, 9_989) - cost) / 100, 5) == 0.00998


def test_s10_in_a_trend_it_buys_all_the_way_down() -> None:
    """Hit at 1000 and at every dollar from 998 to 900, no ask ever taken: 100 units, 4941.50 under water."""
    book, maker = setting(AveragingDown(HALF, 1, FEES))
    for price in (1_000, *range(998, 899, -1)):
        hit(book, maker, 10 * price + HALF)
    assert maker.inventory == 100
    profit = maker.wealth(FINE, 9_000) - 10**15 - maker.target * 9_000 * 10**6
    assert round(float(profit) / 10**7, 2) == -4941.50


def test_s28_in_chop_it_never_sells_at_a_loss_where_a_fixed_spread_does() -> None:
    """Sold to high and bought from low, over and over: a fixed spread realises each loss, averaging down waits."""
    profits = []
    for strategy in (AveragingDown(2, 1, FEES), FixedSpread(2, 1)):
        book, maker = setting(strategy)
        for swing in range(40):
            high, low = 10_000 + swing % 3, 9_900
            hit(book, maker, Fraction(high))
            maker.refresh(book, 0, low)
            maker.book_fills(book.market("client", Side.BUY, 1).fills)
            maker.refresh(book, 0, high)
            maker.book_fills(book.market("client", Side.BUY, 1).fills)
            maker.book_fills(book.market("client", Side.SELL, 1).fills)
        profits.append(maker.wealth(FINE, 10_000) - 10**15 - maker.target * 10_000 * 10**6)
    assert profits[0] > 0 > profits[1]


@given(st.integers(5_000, 20_000), st.fractions(5_000, 20_000), st.integers(-9, 9), st.integers(-2_000, 5_000))
def test_no_quote_realises_a_loss(fair: int, cost: Fraction, inventory: int, rebate: int) -> None:
    """Whatever the cost and the rebate, a fill that reduces the inventory earns at least what was paid."""
    fees = FeeSchedule(maker_rebate_pips=rebate)
    quotes = AveragingDown(HALF, 1, fees).quote(MarketView(0, fair, inventory, cost))
    assert quotes.bid is not None
    assert quotes.ask is not None
    if inventory > 0:
        assert fees.maker_price(Side.SELL, quotes.ask.price) >= cost
    if inventory < 0:
        assert fees.maker_price(Side.BUY, quotes.bid.price) <= cost
    assert quotes.bid.price < fair < quotes.ask.price


def test_without_a_known_cost_it_is_a_fixed_spread() -> None:
    """Flat, or with an inventory nobody knows the cost of; a spread or a size of nothing is refused."""
    for inventory in (0, 5):
        view = MarketView(0, 10_000, inventory)
        assert AveragingDown(3, 2, FEES).quote(view) == FixedSpread(3, 2).quote(view)
    with pytest.raises(InvalidParameterError, match="half_spread_ticks"):
        AveragingDown(0, 1, FEES)
    with pytest.raises(InvalidParameterError, match="size"):
        AveragingDown(1, 0, FEES)
