"""Inventory limits and the kill switch, alone and on a market maker in a book (S43)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import (
    FeeSchedule,
    FixedSpread,
    Instrument,
    InventoryLimits,
    KillSwitch,
    MarketMaker,
    OrderBook,
    Quote,
    Quotes,
    Side,
    Withdrawal,
    WithdrawalReason,
)
from orderbook.errors import ClockReversedError, InvalidParameterError

PLAIN = Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=1)
SECOND = 10**9
BOTH = (Side.BUY, Side.SELL)


def ladder(levels: int) -> Quotes:
    return Quotes(
        tuple(Quote(100 - level, level) for level in range(1, levels + 1)),
        tuple(Quote(100 + level, level) for level in range(1, levels + 1)),
    )


@given(st.integers(0, 30), st.integers(0, 30), st.integers(-40, 40), st.integers(0, 5))
def test_limits_leave_the_best_levels_and_room_for_nothing_more(
    max_long: int, max_short: int, inventory: int, levels: int
) -> None:
    """If every quote of a side fills, the inventory ends within the limit, or where it was if it was beyond it."""
    quotes = ladder(levels)
    clipped = InventoryLimits(max_long, max_short).clip(quotes, inventory)
    for kept, wanted, room in (
        (clipped.bids, quotes.bids, max_long - inventory),
        (clipped.asks, quotes.asks, max_short + inventory),
    ):
        assert sum(level.size for level in kept) == max(0, min(room, sum(level.size for level in wanted)))
        assert [level.price for level in kept] == [level.price for level in wanted[: len(kept)]]
        assert [level.size for level in kept[:-1]] == [level.size for level in wanted[: max(0, len(kept) - 1)]]


def test_s43_the_eleventh_unit_is_refused_and_the_cut_starts_on_that_event() -> None:
    """At most ten: of eleven units sold to the market maker ten fill, and on that event it sells them back."""
    book = OrderBook(PLAIN)
    switch = KillSwitch(max_inventory=10)
    maker = MarketMaker("maker", FixedSpread(1, 50), cash=10_000, holding=100, kill_switch=switch)
    book.limit("other", Side.BUY, 90, 1_000)
    maker.refresh(book, 1 * SECOND, 100)
    assert maker.withdrawals == []
    sale = book.limit("client", Side.SELL, 99, 11)
    assert (sale.filled, sale.resting) == (10, 1)
    reaction = maker.react(book, sale.fills, 2 * SECOND, 100)
    assert reaction is not None
    assert reaction.cut is not None
    assert [(fill.maker_owner, fill.price, fill.size) for fill in reaction.cut.fills] == [("other", 90, 10)]
    assert (maker.inventory, maker.cash) == (0, 10_000 - 10 * 99 + 10 * 90)
    assert maker.withdrawals == [Withdrawal(2 * SECOND, BOTH, WithdrawalReason.MAX_INVENTORY, 10)]
    assert switch.tripped is not None
    assert (switch.tripped.value, switch.tripped.limit) == (10, 10)
    assert book.orders_of("maker") == []


def test_s43_what_the_book_cannot_take_is_cut_at_the_next_refresh() -> None:
    """Three of ten find a buyer at once, the rest when one comes; nothing is quoted in between or after."""
    book = OrderBook(PLAIN)
    maker = MarketMaker(
        "maker",
        FixedSpread(1, 50),
        cash=10_000,
        holding=100,
        kill_switch=KillSwitch(max_inventory=10, cut_to=2),
    )
    maker.refresh(book, 0, 100)
    book.limit("other", Side.BUY, 98, 3)
    maker.react(book, book.market("client", Side.SELL, 10).fills, 1, 100)
    assert maker.inventory == 7
    book.limit("other", Side.BUY, 95, 100)
    maker.refresh(book, 2, 100)
    assert maker.inventory == 2
    assert maker.refresh(book, 3, 100).cut is None
    assert len(maker.withdrawals) == 1


def test_s43_a_short_position_is_cut_only_as_far_as_the_cash_pays() -> None:
    """Ten short with 1110 in cash, which pays for three lots at 200, two at 201, and a fee of 1 % rounded up."""
    book = OrderBook(PLAIN, FeeSchedule(taker_fee_pips=10_000))
    maker = MarketMaker("maker", FixedSpread(1, 50), cash=100, holding=100, kill_switch=KillSwitch(max_inventory=10))
    maker.refresh(book, 0, 100)
    fills = book.market("client", Side.BUY, 10).fills
    book.limit("other", Side.SELL, 200, 3)
    book.limit("other", Side.SELL, 201, 3)
    reaction = maker.react(book, fills, 1, 100)
    assert reaction is not None
    assert (maker.inventory, maker.cash) == (-5, 1_110 - 606 - 407)


def test_s43_a_loss_over_the_window_withdraws() -> None:
    """Ten long while the price falls a tick a second: a loss of 50 is allowed, one of 60 ends quoting then and there.

    The 90 lots it is to hold anyway lose as much on each tick ninefold, and do not count.
    """
    book = OrderBook(PLAIN)
    switch = KillSwitch(max_loss=50, loss_window_ns=60 * SECOND, cut_to=10)
    maker = MarketMaker("maker", FixedSpread(1, 10), cash=10_000, holding=100, target=90, kill_switch=switch)
    for second in range(6):
        maker.refresh(book, second * SECOND, 100 - second)
    assert (maker.withdrawals, len(book)) == ([], 2)
    maker.refresh(book, 6 * SECOND, 94)
    maker.refresh(book, 7 * SECOND, 99)
    assert maker.withdrawals == [Withdrawal(6 * SECOND, BOTH, WithdrawalReason.LOSS, 10)]
    assert switch.tripped == (6 * SECOND, WithdrawalReason.LOSS, 60, 50, 10)
    assert len(book) == 0


def test_s43_a_loss_that_is_slow_enough_does_not_trip() -> None:
    """The same fall spread over many windows: no window holds more than the limit."""
    switch = KillSwitch(max_loss=50, loss_window_ns=60 * SECOND)
    for minute in range(100):
        assert switch.observe(minute * 60 * SECOND, inventory=1, wealth=-50 * minute) is None
    trip = switch.observe(100 * 60 * SECOND - 1, inventory=1, wealth=-50 * 100)
    assert trip is not None
    assert (trip.reason, trip.value) == (WithdrawalReason.LOSS, 100)


def test_s43_an_inventory_that_fills_too_fast_trips() -> None:
    """Five lots within a second pass, six do not; spread over two seconds twelve do."""
    fast = KillSwitch(max_fill=5, fill_window_ns=SECOND)
    assert fast.observe(0, inventory=0, wealth=0) is None
    assert fast.observe(SECOND // 2, inventory=-5, wealth=0) is None
    trip = fast.observe(SECOND - 1, inventory=-6, wealth=0)
    assert trip is not None
    assert (trip.reason, trip.value, trip.limit) == (WithdrawalReason.FILL_SPEED, 6, 5)
    slow = KillSwitch(max_fill=5, fill_window_ns=SECOND)
    for second in range(10):
        assert slow.observe(second * SECOND, inventory=5 * second, wealth=0) is None


def test_a_pause_ends_and_the_switch_forgets() -> None:
    """Tripped by a loss, quoting goes on after the pause, measured from what is seen then."""
    switch = KillSwitch(max_loss=10, pause_ns=5)
    switch.observe(0, inventory=1, wealth=100)
    assert switch.observe(1, inventory=1, wealth=80) is not None
    assert switch.observe(5, inventory=1, wealth=80) is not None
    assert switch.observe(6, inventory=1, wealth=80) is None
    assert switch.observe(7, inventory=1, wealth=69) is not None
    assert [trip.time_ns for trip in switch.trips] == [1, 7]
    switch.reset()
    assert switch.tripped is None


def test_time_does_not_go_backwards() -> None:
    """A look at an earlier time is refused, and names both."""
    switch = KillSwitch(max_inventory=5)
    switch.observe(10, inventory=0, wealth=0)
    with pytest.raises(ClockReversedError, match="time 9 ns is before 10 ns"):
        switch.observe(9, inventory=0, wealth=Fraction(0))


@pytest.mark.parametrize(
    ("name", "value"),
    [("max_loss", 0), ("max_fill", 1.5), ("max_inventory", -3), ("loss_window_ns", 0), ("pause_ns", True)],
)
def test_limits_that_are_none_are_refused(name: str, value: int) -> None:
    """The error names the limit."""
    with pytest.raises(InvalidParameterError, match=name):
        KillSwitch(**{name: value})
    with pytest.raises(InvalidParameterError, match="cut_to"):
        KillSwitch(max_inventory=5, cut_to=5)
    with pytest.raises(InvalidParameterError, match="max_short"):
        InventoryLimits(1, -1)
