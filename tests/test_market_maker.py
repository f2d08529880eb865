"""A market maker in a book: what it pays for, what it keeps in the queue, and what it is left with."""

from dataclasses import dataclass, field
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import (
    FeeSchedule,
    FixedSpread,
    Instrument,
    InventoryLimits,
    MarketMaker,
    MarketView,
    OrderBook,
    QueuePosition,
    Quote,
    Quotes,
    Rejection,
    Side,
    Withdrawal,
    WithdrawalReason,
)
from orderbook.errors import InsufficientCapitalError, InvalidParameterError
from orderbook.quoting.avellaneda_stoikov import AvellanedaStoikovInfiniteHorizon

PLAIN = Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=1)


@dataclass
class Told:
    """A strategy that quotes what it is told, and remembers what it was shown."""

    quotes: Quotes
    shown: list[MarketView] = field(default_factory=list)

    def quote(self, view: MarketView) -> Quotes:
        self.shown.append(view)
        return self.quotes


def told(bid: tuple[int, int] | None, ask: tuple[int, int] | None) -> Told:
    return Told(Quotes.one_level(None if bid is None else Quote(*bid), None if ask is None else Quote(*ask)))


@pytest.mark.parametrize(("markout_cost", "profit"), [(0, 10_000), (1, 0)])
def test_s02_a_tiny_spread_times_a_large_volume(markout_cost: int, profit: int) -> None:
    """A cent captured on a million units is 10 000; if the price moves a cent against each fill, nothing is left."""
    book = OrderBook(Instrument(0, 2, base_units_per_lot=1, quote_units_per_tick_lot=1))
    maker = MarketMaker("maker", told((100, 500_000), (102, 500_000)), cash=10**9, holding=500_000)
    maker.refresh(book, 0, 101)
    earned = Fraction(0)
    for side in Side:
        after = 101 + markout_cost * side.sign
        before = maker.wealth(book.instrument, after)
        maker.book_fills(book.market("client", side, 500_000).fills)
        earned += maker.wealth(book.instrument, after) - before
    assert earned / 10**book.instrument.quote_decimals == profit


def test_quotes_that_have_not_changed_keep_their_place() -> None:
    """A refresh with the same quotes touches nothing; one that only shrinks a size reduces; a new price moves."""
    book = OrderBook(PLAIN)
    strategy = told((99, 5), (101, 5))
    maker = MarketMaker("maker", strategy, cash=10_000, holding=100)
    first = maker.refresh(book, 0, 100)
    behind = book.limit("other", Side.BUY, 99, 1).order_id
    assert len(first.placements) == 2
    assert maker.refresh(book, 1, 100).placements == ()
    strategy.quotes = told((99, 3), (101, 5)).quotes
    assert maker.refresh(book, 2, 100).placements == ()
    assert book.queue_position(behind) == QueuePosition(1, 3)
    strategy.quotes = told((99, 4), (101, 5)).quotes
    (placed,) = maker.refresh(book, 3, 100).placements
    assert book.queue_position(placed.order_id) == QueuePosition(1, 1)
    strategy.quotes = told((98, 4), None).quotes
    maker.refresh(book, 4, 100)
    assert [(order.side, order.price, order.size) for order in book.orders_of("maker")] == [(Side.BUY, 98, 4)]


def test_both_quotes_are_cancelled_before_either_is_placed() -> None:
    """Quotes may jump past where the other side stood without the market maker meeting itself."""
    book = OrderBook(PLAIN)
    strategy = told((99, 5), (101, 5))
    maker = MarketMaker("maker", strategy, cash=10_000, holding=100)
    maker.refresh(book, 0, 100)
    for bid, ask in ((109, 111), (89, 91)):
        strategy.quotes = told((bid, 5), (ask, 5)).quotes
        result = maker.refresh(book, 1, 100)
        assert all(placement.rejection is None for placement in result.placements)
        assert (book.best_bid, book.best_ask) == (bid, ask)


def test_a_quote_that_would_take_is_reported_and_absent() -> None:
    """The placement carries the rejection, and the next refresh tries again."""
    book = OrderBook(PLAIN)
    others = book.limit("other", Side.SELL, 98, 1).order_id
    maker = MarketMaker("maker", told((99, 5), (101, 5)), cash=10_000, holding=100)
    result = maker.refresh(book, 0, 100)
    assert [placement.rejection for placement in result.placements] == [Rejection.WOULD_TAKE, None]
    assert book.best_bid is None
    book.cancel(others)
    assert [placement.rejection for placement in maker.refresh(book, 1, 100).placements] == [None]
    assert book.best_bid == 99


@pytest.mark.parametrize(
    ("cash", "holding", "expected"),
    [
        (99 * 5, 5, Quotes.one_level(Quote(99, 5), Quote(101, 5))),
        (99 * 5 - 1, 4, Quotes.one_level(Quote(99, 4), Quote(101, 4))),
        (98, 0, Quotes.one_level(None, None)),
        (99, 1, Quotes.one_level(Quote(99, 1), Quote(101, 1))),
    ],
)
def test_quotes_are_clipped_to_cash_and_holding(cash: int, holding: int, expected: Quotes) -> None:
    """No bid beyond its cash, no ask beyond its holding; what is clipped to nothing is absent."""
    book = OrderBook(PLAIN)
    maker = MarketMaker("maker", told((99, 5), (101, 5)), cash=cash, holding=holding)
    assert maker.refresh(book, 0, 100).affordable == expected


def test_a_ladder_is_clipped_from_its_far_end() -> None:
    """The best levels are paid for first; the first one that is not paid for in full is the last."""
    book = OrderBook(PLAIN, FeeSchedule(maker_rebate_pips=-10_000))
    quotes = Quotes((Quote(99, 2), Quote(98, 2), Quote(97, 2)), (Quote(101, 2), Quote(102, 2), Quote(103, 2)))
    maker = MarketMaker("maker", Told(quotes), cash=2 * 100 + 99, holding=4)
    assert maker.refresh(book, 0, 100).affordable == Quotes((Quote(99, 2), Quote(98, 1)), quotes.asks[:2])


def test_levels_of_a_ladder_that_have_not_changed_keep_their_place() -> None:
    """A ladder that moves by one level cancels one order and places one on each side."""
    book = OrderBook(PLAIN)
    strategy = Told(Quotes((Quote(99, 2), Quote(98, 2)), (Quote(101, 2), Quote(102, 2))))
    maker = MarketMaker("maker", strategy, cash=10_000, holding=100)
    first = [placement.order_id for placement in maker.refresh(book, 0, 100).placements]
    strategy.quotes = Quotes((Quote(98, 1), Quote(97, 2)), (Quote(100, 2), Quote(101, 2)))
    second = [placement.order_id for placement in maker.refresh(book, 1, 99).placements]
    assert [(order.order_id, order.price, order.size) for order in book.orders(Side.BUY)] == [
        (first[1], 98, 1),
        (second[0], 97, 2),
    ]
    assert [(order.order_id, order.price, order.size) for order in book.orders(Side.SELL)] == [
        (second[1], 100, 2),
        (first[2], 101, 2),
    ]
    assert maker.withdraw(book) == 7


@pytest.mark.parametrize(("inventory", "profit"), [(10, -20), (-10, 20)])
def test_s37_inventory_risk_goes_both_ways(inventory: int, profit: int) -> None:
    """Ten long lose 20 when the price falls by 2, ten short gain it."""
    maker = MarketMaker("maker", FixedSpread(1, 1), cash=0, holding=20, target=20 - inventory)
    held = maker.wealth(PLAIN, 98) - maker.wealth(PLAIN, 100) - maker.target * -2
    assert (maker.inventory, held) == (inventory, profit)


def test_every_withdrawal_is_kept_with_its_time_and_reason() -> None:
    """No price, no quote, no room, no cash: one record when it begins, one when the reason changes, none in between."""
    book = OrderBook(PLAIN)
    strategy = told((99, 5), (101, 5))
    maker = MarketMaker(
        "maker", strategy, cash=99 * 5, holding=10, target=10, limits=InventoryLimits(max_long=6, max_short=6)
    )
    buy, sell = (Side.BUY,), (Side.SELL,)
    assert maker.refresh(book, 1, 100).withdrawals == ()
    maker.refresh(book, 2, None)
    maker.refresh(book, 3, None)
    maker.refresh(book, 4, 100)
    strategy.quotes = told(None, (101, 5)).quotes
    maker.refresh(book, 5, 100)
    strategy.quotes = told((99, 5), (101, 5)).quotes
    maker.refresh(book, 6, 100)
    maker.book_fills(book.market("client", Side.SELL, 5).fills)
    assert maker.refresh(book, 7, 100).withdrawals == (Withdrawal(7, buy, WithdrawalReason.CAPITAL, 5),)
    for time_ns in (8, 9, 10):
        maker.book_fills(book.market("client", Side.BUY, 5).fills)
        maker.refresh(book, time_ns, 100)
    assert maker.withdrawals == [
        Withdrawal(2, (*buy, *sell), WithdrawalReason.NO_FAIR_PRICE, 0),
        Withdrawal(5, buy, WithdrawalReason.NO_QUOTE, 0),
        Withdrawal(7, buy, WithdrawalReason.CAPITAL, 5),
        Withdrawal(10, sell, WithdrawalReason.INVENTORY_LIMIT, -6),
    ]


@given(
    st.integers(0, 10**6),
    st.integers(1, 500),
    st.integers(-900_000, 5_000),
    st.lists(st.integers(1, 40), max_size=30),
)
def test_a_bid_that_fills_in_pieces_never_costs_more_than_the_cash(
    cash: int, price: int, rebate: int, pieces: list[int]
) -> None:
    """Also with a maker fee that is rounded up on every piece."""
    book = OrderBook(PLAIN, FeeSchedule(maker_rebate_pips=rebate))
    maker = MarketMaker("maker", told((price, 10**6), None), cash=cash)
    maker.refresh(book, 0, price + 1)
    for piece in pieces:
        maker.book_fills(book.market("client", Side.SELL, piece).fills)
        assert maker.cash >= 0


@given(st.lists(st.tuples(st.sampled_from(Side), st.integers(1, 9), st.integers(95, 105)), max_size=60))
def test_wealth_changes_by_what_the_fills_are_worth(flow: list[tuple[Side, int, int]]) -> None:
    """Cash and holding are the opening ones plus every fill, and all money in the book's world adds up to nothing."""
    book = OrderBook(Instrument(0, 0, 1, 1_000), FeeSchedule(100, 250))
    strategy = AvellanedaStoikovInfiniteHorizon(risk_aversion=0.5, fill_decay=1.0, max_inventory=20, size=4)
    maker = MarketMaker("maker", strategy, cash=10_000_000, holding=50)
    client_cash = client_lots = venue = 0
    for time_ns, (side, size, fair_price) in enumerate(flow):
        maker.refresh(book, time_ns, fair_price)
        fills = book.market("client", side, size).fills
        maker.book_fills(fills)
        client_cash += sum(fill.cash_change("client") for fill in fills)
        client_lots += sum(fill.inventory_change("client") for fill in fills)
        venue += sum(fill.venue_income for fill in fills)
        assert maker.cash + client_cash + venue == 10_000_000
        assert maker.holding + client_lots == 50
        assert abs(maker.inventory) <= 20


def test_the_target_is_the_opening_holding_unless_it_is_given() -> None:
    """The strategy sees the time, the fair price as it is, and the holding less the target."""
    strategy = told(None, None)
    for target in (None, 10):
        maker = MarketMaker("maker", strategy, cash=0, holding=7, target=target)
        maker.refresh(OrderBook(PLAIN), 5, Fraction(3, 2))
    assert strategy.shown == [MarketView(5, Fraction(3, 2), 0), MarketView(5, Fraction(3, 2), -3)]


def test_withdrawing_cancels_both_quotes() -> None:
    """The book is empty afterwards, the lots are counted, and withdrawing twice is nothing."""
    book = OrderBook(PLAIN)
    maker = MarketMaker("maker", told((99, 5), (101, 3)), cash=10_000, holding=100)
    maker.refresh(book, 0, 100)
    book.market("client", Side.SELL, 2)
    assert maker.withdraw(book) == 3 + 3
    assert (len(book), maker.withdraw(book)) == (0, 0)


def test_fills_beyond_the_capital_are_refused_whole() -> None:
    """Someone else's orders under its name: an error that names the balance, and nothing is booked."""
    book = OrderBook(PLAIN)
    maker = MarketMaker("maker", FixedSpread(1, 1), cash=10, holding=1)
    book.limit("other", Side.BUY, 5, 2)
    book.limit("other", Side.SELL, 9, 2)
    with pytest.raises(InsufficientCapitalError, match="holding of -1"):
        maker.book_fills(book.market("maker", Side.SELL, 2).fills)
    with pytest.raises(InsufficientCapitalError, match="cash of -8"):
        maker.book_fills(book.market("maker", Side.BUY, 2).fills)
    assert (maker.cash, maker.holding) == (10, 1)


@pytest.mark.parametrize("name", ["cash", "holding", "target"])
def test_a_negative_or_broken_amount_is_refused(name: str) -> None:
    """The error names the amount."""
    for value in (-1, 1.5, True):
        amounts: dict[str, int] = {"cash": 1, "holding": 1, "target": 1}
        with pytest.raises(InvalidParameterError, match=name):
            MarketMaker("maker", FixedSpread(1, 1), **(amounts | {name: value}))  # type: ignore[arg-type] # on purpose
