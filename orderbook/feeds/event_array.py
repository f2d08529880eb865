"""The event arrays of hftbacktest (2.x): from their rows to events.

A row is (ev, exch_ts, local_ts, px, qty, order_id, ival, fval). The low bits of `ev` say what it is, the high ones
which side it is on and where it counts: a row whose times at the venue and at the recorder are in a different order
from its neighbours' stands in the array twice, once for each. The book at the venue takes the rows for the venue.
"""

from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import groupby
from typing import Final, NamedTuple

from orderbook.feeds.errors import FeedRecordError
from orderbook.feeds.events import (
    BestQuote,
    ClearedRange,
    DepthDiff,
    FeedEvent,
    OrderAdded,
    OrderDeleted,
    OrderModified,
    OrdersCleared,
    PriceLevel,
    Trade,
)
from orderbook.types import Side

EXCHANGE_FLAG: Final = 1 << 31
LOCAL_FLAG: Final = 1 << 30
BUY_FLAG: Final = 1 << 29
SELL_FLAG: Final = 1 << 28
FIRST_OWN_KIND: Final = 100
"""Kinds from here on are for whoever writes the array to define, and are left out."""

KIND_BITS: Final = SELL_FLAG - 1
"""Where `ev` says what a row is."""


class EventKind(IntEnum):
    """The low bits of `ev`."""

    DEPTH = 1
    TRADE = 2
    DEPTH_CLEAR = 3
    DEPTH_SNAPSHOT = 4
    BEST_QUOTE = 5
    ADD_ORDER = 10
    CANCEL_ORDER = 11
    MODIFY_ORDER = 12
    FILL = 13

    @property
    def is_depth(self) -> bool:
        """Whether it changes a book that is known level by level."""
        return self in (EventKind.DEPTH, EventKind.DEPTH_CLEAR, EventKind.DEPTH_SNAPSHOT)

    @property
    def names_order(self) -> bool:
        """Whether it is about one resting order."""
        return self >= EventKind.ADD_ORDER


class EventRow(NamedTuple):
    """One row, its price and size exact.

    Attributes:
        ev: what it is, as the array has it.
        exch_ts: nanoseconds, on the venue's clock.
        local_ts: nanoseconds, on the recorder's clock.
        price: ticks; None where the array has no finite number.
        size: lots; None where the array has no finite number.
        order_id: of a row that is about an order.
    """

    ev: int
    exch_ts: int
    local_ts: int
    price: int | None
    size: int | None
    order_id: int


class _Row(NamedTuple):
    record: int
    kind: EventKind
    side: Side | None
    row: EventRow


def array_events(rows: Sequence[EventRow]) -> Iterator[FeedEvent]:
    """The events at the venue, for an `OrderFeedBook` where rows name orders, and for a `DepthBook` where none does.

    * Depth, snapshot and clearing rows that follow each other with the same times are one message, and one `DepthDiff`.
    * Where rows name orders, a fill is a `Trade` that names its maker; the cancellation or modification after it takes
      the lots off. The rows of trades tell the same trades once more, without their makers, and are left out.

    Args:
        rows: the whole array, in its order.

    Raises:
        FeedRecordError: a row of an unknown kind, without a side, a price or a size that its kind needs, without either
            of the flags that say where it counts, or that goes back in time at the venue.
    """
    known = list(_venue_rows(rows))
    has_orders = any(row.kind.names_order for row in known)
    for _, group in groupby(known, key=_message):
        message = list(group)
        if has_orders:
            yield from (event for row in message for event in _order_event(row))
        elif message[0].kind.is_depth:
            yield _depth_event(message)
        else:
            yield from (_level_event(row) for row in message)


def _venue_rows(rows: Sequence[EventRow]) -> Iterator[_Row]:
    last_ns = None
    for record, row in enumerate(rows):
        kind = row.ev & KIND_BITS
        if not row.ev & (EXCHANGE_FLAG | LOCAL_FLAG):
            rule = "ev has the flag of the exchange (bit 31), the local one (bit 30), or both"
            raise FeedRecordError(record, "ev", row.ev, rule)
        if kind >= FIRST_OWN_KIND or not row.ev & EXCHANGE_FLAG:
            continue
        if kind not in EventKind.__members__.values():
            raise FeedRecordError(record, "kind", kind, f"the kinds are {[int(known) for known in EventKind]}")
        if last_ns is not None and row.exch_ts < last_ns:
            raise FeedRecordError(record, "exch_ts", row.exch_ts, f"time at the venue does not go back from {last_ns}")
        last_ns = row.exch_ts
        yield _Row(record, EventKind(kind), _side(record, row.ev), row)


def _side(record: int, ev: int) -> Side | None:
    if ev & BUY_FLAG and ev & SELL_FLAG:
        raise FeedRecordError(record, "ev", ev, "ev has at most one of the flags of buy (bit 29) and sell (bit 28)")
    if ev & BUY_FLAG:
        return Side.BUY
    return Side.SELL if ev & SELL_FLAG else None


def _message(row: _Row) -> tuple[object, ...]:
    """What rows of one message share; a row that is no depth is a message of its own."""
    times = row.row.exch_ts, row.row.local_ts
    return (True, *times) if row.kind.is_depth else (False, row.record)


def _depth_event(message: list[_Row]) -> DepthDiff:
    sizes: dict[Side, dict[int, int]] = {side: {} for side in Side}
    cleared: list[ClearedRange] = []
    for row in message:
        if row.kind is EventKind.DEPTH_CLEAR:
            for side in Side if row.side is None else (row.side,):
                through = row.row.price if row.side is not None else None
                cleared.append(ClearedRange(side, through))
                kept = {price: size for price, size in sizes[side].items() if _is_beyond(side, price, through)}
                sizes[side] = kept
            continue
        sizes[_needed_side(row)][_price(row)] = _size(row, minimum=0)
    bids, asks = (tuple(PriceLevel(*level) for level in sizes[side].items()) for side in Side)
    first = message[0].row
    return DepthDiff(first.exch_ts, first.local_ts, None, bids, asks, cleared=tuple(cleared))


def _is_beyond(side: Side, price: int, through: int | None) -> bool:
    return through is not None and (through - price) * side.sign > 0


def _level_event(row: _Row) -> FeedEvent:
    _, kind, _, (_, exch_ts, local_ts, _, _, _) = row
    side, price = _needed_side(row), _price(row)
    if kind is EventKind.BEST_QUOTE:
        level = PriceLevel(price, _size(row, minimum=0))
        bid, ask = (level, None) if side is Side.BUY else (None, level)
        return BestQuote(exch_ts, local_ts, None, bid, ask)
    return Trade(exch_ts, local_ts, price, _size(row, minimum=1), side)


def _order_event(row: _Row) -> tuple[FeedEvent, ...]:
    _, kind, side, (_, exch_ts, local_ts, _, _, order_id) = row
    match kind:
        case EventKind.ADD_ORDER:
            size = _size(row, minimum=1)
            return (OrderAdded(exch_ts, local_ts, order_id, _needed_side(row), _price(row), size),)
        case EventKind.CANCEL_ORDER:
            return (OrderDeleted(exch_ts, local_ts, order_id),)
        case EventKind.MODIFY_ORDER:
            return (OrderModified(exch_ts, local_ts, order_id, _price(row), _size(row, minimum=1)),)
        case EventKind.FILL:
            taker = _needed_side(row).opposite
            trade = Trade(exch_ts, local_ts, _price(row), _size(row, minimum=1), taker, maker_order_id=order_id)
            return (trade,)
        case EventKind.DEPTH_CLEAR:
            return (OrdersCleared(exch_ts, local_ts, side),)
        case EventKind.TRADE:
            return ()
    raise FeedRecordError(row.record, "kind", kind.name, "an array names orders or gives levels, not both")


def _needed_side(row: _Row) -> Side:
    if row.side is None:
        raise FeedRecordError(row.record, "ev", row.row.ev, f"a row of kind {row.kind.name} has a side")
    return row.side


def _price(row: _Row) -> int:
    price = row.row.price
    if price is None or price <= 0:
        raise FeedRecordError(row.record, "px", price, "a price is positive")
    return price


def _size(row: _Row, minimum: int) -> int:
    size = row.row.size
    if size is None or size < minimum:
        raise FeedRecordError(row.record, "qty", size, f"a size here is at least {minimum}")
    return size
