"""Ladders and grids: many levels, and a strategy whose P&L is known path by path (O-49, S72, S73)."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import Grid, Instrument, Ladder, MarketMaker, MarketView, OrderBook, Quote, Quotes, Side, TimeInForce
from orderbook.errors import InvalidParameterError, InventoryBoundError

PLAIN = Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=1)


@given(
    st.integers(1, 10**6) | st.fractions(1, 10**6, max_denominator=50),
    st.fractions(Fraction(1, 50), 50, max_denominator=50),
    st.fractions(1, 50, max_denominator=50),
    st.lists(st.integers(1, 9), min_size=1, max_size=6),
)
def test_a_ladder_is_even_steps_rounded_outwards(
    fair: int | Fraction, half_spread: Fraction, step: Fraction, sizes: list[int]
) -> None:
    """Each level is at its distance or less than a tick further out; bids end where prices do."""
    quotes = Ladder(half_spread, step, tuple(sizes)).quote(MarketView(0, fair, 0))
    assert [ask.size for ask in quotes.asks] == sizes
    assert [bid.size for bid in quotes.bids] == sizes[: len(quotes.bids)]
    for level, ask in enumerate(quotes.asks):
        assert 0 <= ask.price - (fair + half_spread + level * step) < 1
    for level, bid in enumerate(quotes.bids):
        assert 0 <= (fair - half_spread - level * step) - bid.price < 1
    if len(quotes.bids) < len(sizes):
        assert fair - half_spread - len(quotes.bids) * step < 1


def trade_through(book: OrderBook, maker: MarketMaker, before: int, after: int) -> None:
    """A taker takes whatever it can up to the new price."""
    side = Side.BUY if after > before else Side.SELL
    maker.book_fills(book.limit("taker", side, after, 10**6, TimeInForce.IOC).fills)


def run(path: list[int], levels: int) -> tuple[int, int]:
    """Profit and final inventory of a unit grid that is traded through along a path of unit steps."""
    book, start = OrderBook(PLAIN), path[0]
    grid = Grid.even(centre=start, step=1, size=1, levels=levels, shown=1)
    maker = MarketMaker("maker", grid, cash=10**6, holding=levels)
    opening = maker.wealth(PLAIN, start)
    for time_ns, (before, after) in enumerate(pairwise(path)):
        maker.refresh(book, time_ns, before)
        trade_through(book, maker, before, after)
    hodl = maker.target * (path[-1] - start)
    return int(maker.wealth(PLAIN, path[-1]) - opening - hodl), maker.inventory


@given(st.lists(st.sampled_from([-1, 1]), max_size=60))
def test_o49_a_unit_grid_earns_half_the_length_less_half_the_square_of_the_displacement(moves: list[int]) -> None:
    """Chakraborty and Kearns, path by path and exactly: (K - z^2) / 2, with the inventory at minus z."""
    path = [1_000]
    for move in moves:
        path.append(path[-1] + move)
    displacement = path[-1] - path[0]
    profit, inventory = run(path, levels=100)
    assert 2 * profit == len(moves) - displacement**2
    assert inventory == -displacement


def test_s72_s73_a_grid_gains_from_chop_and_loses_from_a_trend() -> None:
    """Twenty steps up and down earn 10; ten steps one way cost 45."""
    assert run([100 + step % 2 for step in range(21)], levels=20) == (10, 0)
    assert run(list(range(100, 111)), levels=20) == (-45, -10)
    assert run(list(range(100, 89, -1)), levels=20) == (-45, 10)


@st.composite
def grids(draw: st.DrawFn) -> tuple[Grid, int]:
    """A grid of uneven prices and sizes, and an inventory it can have."""
    prices = sorted(draw(st.sets(st.integers(1, 500), min_size=2, max_size=12)))
    sizes = draw(st.lists(st.integers(1, 20), min_size=len(prices) - 1, max_size=len(prices) - 1))
    start = draw(st.integers(0, len(prices) - 1))
    inventory = draw(st.integers(sum(sizes[:start]) - sum(sizes), sum(sizes[:start])))
    return Grid(tuple(prices), tuple(sizes), start), inventory


@given(grids())
def test_a_grid_quotes_every_lot_once(drawn: tuple[Grid, int]) -> None:
    """Beside a list with one entry for each lot: those it lacks are bid for below, those it has are offered above."""
    grid, inventory = drawn
    lots = [index for index, size in enumerate(grid.sizes) for _ in range(size)]
    missing = sum(grid.sizes[: grid.start]) - inventory
    quotes = grid.quote(MarketView(0, 1, inventory))
    bids = {grid.prices[index]: lots[:missing].count(index) for index in set(lots[:missing])}
    asks = {grid.prices[index + 1]: lots[missing:].count(index) for index in set(lots[missing:])}
    assert {bid.price: bid.size for bid in quotes.bids} == bids
    assert {ask.price: ask.size for ask in quotes.asks} == asks


def test_what_a_grid_bought_is_offered_one_price_up() -> None:
    """Four of six lots bought at 90: two are still bid for there, and four are offered at 100, ahead of the rest."""
    grid = Grid((80, 90, 100, 110), (6, 6, 6), start=2)
    assert grid.quote(MarketView(0, 90, 4)) == Quotes((Quote(90, 2), Quote(80, 6)), (Quote(100, 4), Quote(110, 6)))
    assert grid.quote(MarketView(0, 90, 12)).bids == ()
    assert grid.quote(MarketView(0, 90, -6)).asks == ()
    with pytest.raises(InventoryBoundError, match="13"):
        grid.quote(MarketView(0, 90, 13))
    with pytest.raises(InventoryBoundError, match="-7"):
        grid.quote(MarketView(0, 90, -7))


@pytest.mark.parametrize(
    ("prices", "sizes", "start", "match"),
    [
        ((10, 10), (1,), 0, "above the price of 10 ticks"),
        ((0, 10), (1,), 0, "prices is 0"),
        ((5, 10), (1, 1), 0, "1 sizes"),
        ((5, 10), (0,), 0, "sizes is 0"),
        ((5, 10), (1,), 2, "one of 2 prices"),
        ((5,), (), 0, "at least one size"),
    ],
)
def test_a_grid_that_is_none_is_refused(
    prices: tuple[int, ...], sizes: tuple[int, ...], start: int, match: str
) -> None:
    """The error says which part is wrong."""
    with pytest.raises(InvalidParameterError, match=match):
        Grid(prices, sizes, start)


def test_a_ladder_that_is_none_is_refused() -> None:
    """Steps of less than a tick would put two levels at one price."""
    with pytest.raises(InvalidParameterError, match="step_ticks"):
        Ladder(1, Fraction(1, 2), (1,))
    with pytest.raises(InvalidParameterError, match="half_spread_ticks"):
        Ladder(0, 1, (1,))
    with pytest.raises(InvalidParameterError, match="sizes"):
        Ladder(1, 1, ())
