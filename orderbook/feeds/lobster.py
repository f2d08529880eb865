"""LOBSTER's message and order-book files: NASDAQ's orders, from the rows of a file to events.

A message file has one row an event (time, type, order id, size, price, direction); an order-book file has the best
levels after each of them. The format is described in LOBSTER's own readme of its samples (lobsterdata.com).

Messages alone rebuild a book only where the file holds every order of the day from its beginning, or an opening book is
known, and no level is left out. A file that was cut to the best levels says nothing of what happens to a level while
it lies deeper; there the order-book file is the feed, and the messages add its trades: `depth_events`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import IntEnum
from fractions import Fraction
from typing import Final, NamedTuple

from orderbook._checks import require_int
from orderbook.feeds.errors import FeedError, FeedRecordError
from orderbook.feeds.events import (
    CrossTrade,
    DepthSnapshot,
    FeedEvent,
    OrderAdded,
    OrderDeleted,
    OrderExecuted,
    OrderReduced,
    PriceLevel,
    Trade,
    TradingHalt,
    TradingState,
)
from orderbook.types import Side

PRICE_UNITS_PER_DOLLAR: Final = 10_000
EMPTY_LEVEL: Final = 9_999_999_999
"""The price, with either sign, of a level that is not there."""

_SIDES: Final = {1: Side.BUY, -1: Side.SELL}
_ABOUT_AN_ORDER: Final[Mapping[int, Callable[[int, int, int, Side, int, int], FeedEvent]]] = {
    1: OrderAdded,
    2: OrderReduced,
    3: OrderDeleted,
    4: OrderExecuted,
}
_STATES: Final = {-1: TradingState.HALTED, 0: TradingState.QUOTING, 1: TradingState.TRADING}


class LobsterType(IntEnum):
    """What a message says."""

    SUBMISSION = 1
    CANCELLATION = 2
    DELETION = 3
    VISIBLE_EXECUTION = 4
    HIDDEN_EXECUTION = 5
    CROSS_TRADE = 6
    TRADING_HALT = 7


class LobsterMessage(NamedTuple):
    """One row of a message file.

    Attributes:
        time_ns: nanoseconds after midnight.
        type: 1 to 7, see `LobsterType`.
        order_id: 0 for a hidden order.
        size: shares.
        price: ten-thousandths of a dollar; for a halt -1 when it begins, 0 when quoting and 1 when trading resumes.
        direction: of the resting order: 1 for a bid, -1 for an ask.
    """

    time_ns: int
    type: int
    order_id: int
    size: int
    price: int
    direction: int


class LobsterBookRow(NamedTuple):
    """One row of an order-book file: the best levels after the message of the same number, the best first.

    Attributes:
        asks: (price in ten-thousandths of a dollar, shares); a level that is not there has `EMPTY_LEVEL` as its price.
        bids: the same, with minus `EMPTY_LEVEL`.
    """

    asks: tuple[PriceLevel, ...]
    bids: tuple[PriceLevel, ...]


def order_events(messages: Iterable[LobsterMessage], price_units_per_tick: int = 100) -> Iterator[FeedEvent]:
    """The events of a message file, for an `OrderFeedBook`; one lot is one share.

    A hidden execution is a `Trade` that no visible order made, often between two ticks; a cross trade and a halt leave
    the book alone.

    >>> [event] = order_events([LobsterMessage(34_200_000_000_001, 1, 16113575, 18, 5853300, 1)])
    >>> event.order_id, event.side.value, event.price, event.size
    (16113575, 'buy', 58533, 18)

    Args:
        messages: in the file's order.
        price_units_per_tick: ten-thousandths of a dollar in a tick; a cent by default.

    Raises:
        FeedRecordError: a row that the format does not allow, an order's price between two ticks, or a time that goes
            back.
    """
    require_int("price_units_per_tick", price_units_per_tick, minimum=1)
    last_ns = 0
    for record, message in enumerate(messages):
        if message.time_ns < last_ns:
            raise FeedRecordError(record, "time_ns", message.time_ns, f"time does not go back from {last_ns}")
        last_ns = message.time_ns
        yield _event(record, message, price_units_per_tick)


def depth_events(
    messages: Iterable[LobsterMessage], books: Iterable[LobsterBookRow], price_units_per_tick: int = 100
) -> Iterator[FeedEvent]:
    """The trades of a message file and, after each message, the levels of the order-book file, for a `DepthBook`.

    Args:
        messages: in the file's order.
        books: the order-book file, which has a row for each message.
        price_units_per_tick: ten-thousandths of a dollar in a tick; a cent by default.

    Raises:
        FeedRecordError: as `order_events`, or a level of the book between two ticks.
        FeedError: one file has more rows than the other.
    """
    rows, record = iter(books), -1
    for record, event in enumerate(order_events(messages, price_units_per_tick)):
        row = next(rows, None)
        if row is None:
            raise FeedError(f"message {record} has no row in the order-book file; each message has one")
        time_ns = event.local_ns
        if isinstance(event, OrderExecuted):
            yield Trade(time_ns, time_ns, event.price, event.size, event.side.opposite)
        elif isinstance(event, Trade | CrossTrade | TradingHalt):
            yield event
        bids = _levels(record, row.bids, price_units_per_tick)
        asks = _levels(record, row.asks, price_units_per_tick)
        yield DepthSnapshot(time_ns, time_ns, None, bids, asks)
    if next(rows, None) is not None:
        raise FeedError(f"the order-book file goes on after message {record}, the last; each of its rows has a message")


def opening_snapshot(row: LobsterBookRow, time_ns: int, price_units_per_tick: int = 100) -> DepthSnapshot:
    """The book that an order-book row shows, for an `OrderFeedBook` to start from: the messages after that row follow.

    Raises:
        FeedRecordError: a level between two ticks.
    """
    bids, asks = _levels(0, row.bids, price_units_per_tick), _levels(0, row.asks, price_units_per_tick)
    return DepthSnapshot(time_ns, time_ns, None, bids, asks)


def _event(record: int, message: LobsterMessage, unit: int) -> FeedEvent:
    time_ns, kind, order_id, size, price_units, direction = message
    if kind == LobsterType.TRADING_HALT:
        state = _STATES.get(price_units)
        if state is None:
            raise FeedRecordError(record, "price", price_units, "the price of a halt is -1, 0 or 1")
        return TradingHalt(time_ns, time_ns, state)
    if price_units <= 0:
        raise FeedRecordError(record, "price", price_units, "a price is positive")
    if size <= 0:
        raise FeedRecordError(record, "size", size, "a size is a positive number of shares")
    if kind == LobsterType.CROSS_TRADE:
        return CrossTrade(time_ns, time_ns, _exact_ticks(price_units, unit), size)
    side = _SIDES.get(direction)
    if side is None:
        raise FeedRecordError(record, "direction", direction, "a direction is 1 or -1")
    if kind == LobsterType.HIDDEN_EXECUTION:
        return Trade(time_ns, time_ns, _exact_ticks(price_units, unit), size, side.opposite, hidden=True)
    about_order = _ABOUT_AN_ORDER.get(kind)
    if about_order is None:
        raise FeedRecordError(record, "type", kind, "a type is a number from 1 to 7")
    return about_order(time_ns, time_ns, order_id, side, _ticks(record, price_units, unit), size)


def _exact_ticks(price_units: int, unit: int) -> int | Fraction:
    """A price that need not be on a tick."""
    price, rest = divmod(price_units, unit)
    return Fraction(price_units, unit) if rest else price


def _ticks(record: int, price_units: int, unit: int) -> int:
    if price_units <= 0:
        raise FeedRecordError(record, "price", price_units, "a price is positive")
    price, rest = divmod(price_units, unit)
    if rest:
        raise FeedRecordError(record, "price", price_units, f"a price is a multiple of the tick, {unit}")
    return price


def _levels(record: int, levels: tuple[PriceLevel, ...], unit: int) -> tuple[PriceLevel, ...]:
    there = (level for level in levels if abs(level.price) != EMPTY_LEVEL)
    return tuple(PriceLevel(_ticks(record, price, unit), size) for price, size in there)
