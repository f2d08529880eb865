"""What a feed of market data says, one record a message: the same kinds from whatever file or venue.

Prices are positive ints of ticks and sizes positive ints of lots. Every record begins with two times in nanoseconds:
`exchange_ns`, when it happened, on the venue's clock (None where the feed does not say), and `local_ns`, when it was
received, on the recorder's. The two clocks need not agree; `orderbook.feeds.clocks` brings them together.
"""

import enum
from fractions import Fraction
from typing import NamedTuple

from orderbook.types import Side


class PriceLevel(NamedTuple):
    """What stands at one price.

    Attributes:
        price: ticks.
        size: lots; in a diff, 0 where nothing stands there any more.
    """

    price: int
    size: int


Levels = tuple[PriceLevel, ...]


class ClearedRange(NamedTuple):
    """Levels of one side that are gone, from the best as far as a price.

    Attributes:
        side: BUY for bids, SELL for asks.
        through: the last price of the range, in ticks; None for the whole side.
    """

    side: Side
    through: int | None


class DepthSnapshot(NamedTuple):
    """All levels of a book, or as many as the venue shows; whatever was known before is replaced.

    Attributes:
        exchange_ns: when it was so.
        local_ns: when it was received.
        update_id: of the last change in it; None where changes are not numbered.
        bids: in any order.
        asks: in any order.
    """

    exchange_ns: int | None
    local_ns: int
    update_id: int | None
    bids: Levels
    asks: Levels


class DepthDiff(NamedTuple):
    """The levels that changed, each with its new size.

    Attributes:
        exchange_ns: when it was so.
        local_ns: when it was received.
        update_id: of the last change in it; None where changes are not numbered.
        bids: new sizes, in any order; 0 removes.
        asks: the same.
        first_update_id: of the first change in it; None where the feed does not say.
        previous_update_id: the `update_id` of the diff before it; None where the feed does not say.
        cleared: levels to drop before the new sizes hold.
    """

    exchange_ns: int | None
    local_ns: int
    update_id: int | None
    bids: Levels
    asks: Levels
    first_update_id: int | None = None
    previous_update_id: int | None = None
    cleared: tuple[ClearedRange, ...] = ()


class BestQuote(NamedTuple):
    """The best bid and the best ask, as the venue announces them by themselves.

    Attributes:
        exchange_ns: when it was so.
        local_ns: when it was received.
        update_id: of the last change in it; None where changes are not numbered.
        bid: None where the message does not say.
        ask: None where the message does not say.
    """

    exchange_ns: int | None
    local_ns: int
    update_id: int | None
    bid: PriceLevel | None
    ask: PriceLevel | None


class Trade(NamedTuple):
    """A trade that does not by itself change the book: what it took, a later message takes off.

    Attributes:
        exchange_ns: when it happened.
        local_ns: when it was received.
        price: ticks, exact; a hidden order may trade between two.
        size: lots.
        taker_side: what the taker did.
        trade_id: the venue's number; None without one.
        maker_order_id: the resting order that traded; None where the feed does not name it.
        hidden: whether the resting order was one that the book does not show.
    """

    exchange_ns: int | None
    local_ns: int
    price: int | Fraction
    size: int
    taker_side: Side
    trade_id: int | None = None
    maker_order_id: int | None = None
    hidden: bool = False


class OrderAdded(NamedTuple):
    """An order joins the end of the queue at its price.

    Attributes:
        exchange_ns: when it happened.
        local_ns: when it was received.
        order_id: its id, never used before.
        side: buy or sell.
        price: ticks.
        size: lots.
    """

    exchange_ns: int
    local_ns: int
    order_id: int
    side: Side
    price: int
    size: int


class OrderReduced(NamedTuple):
    """Lots are cancelled off an order, which keeps its place and has some left.

    Attributes:
        exchange_ns: when it happened.
        local_ns: when it was received.
        order_id: its id.
        side: buy or sell.
        price: ticks.
        size: lots taken off.
    """

    exchange_ns: int
    local_ns: int
    order_id: int
    side: Side
    price: int
    size: int


class OrderDeleted(NamedTuple):
    """An order is cancelled whole.

    Attributes:
        exchange_ns: when it happened.
        local_ns: when it was received.
        order_id: its id.
        side: buy or sell; None where the feed does not repeat it.
        price: ticks; None where the feed does not repeat it.
        size: lots it still had; None where the feed does not repeat it.
    """

    exchange_ns: int
    local_ns: int
    order_id: int
    side: Side | None = None
    price: int | None = None
    size: int | None = None


class OrderModified(NamedTuple):
    """An order has a new price or size; it keeps its place if only the size changes, and does not grow.

    Attributes:
        exchange_ns: when it happened.
        local_ns: when it was received.
        order_id: its id.
        price: ticks, from now on.
        size: lots, from now on.
    """

    exchange_ns: int
    local_ns: int
    order_id: int
    price: int
    size: int


class OrderExecuted(NamedTuple):
    """A resting order trades, and has that much less.

    Attributes:
        exchange_ns: when it happened.
        local_ns: when it was received.
        order_id: the resting order.
        side: of the resting order; the taker did the opposite.
        price: ticks.
        size: lots traded.
    """

    exchange_ns: int
    local_ns: int
    order_id: int
    side: Side
    price: int
    size: int


class OrdersCleared(NamedTuple):
    """The venue drops all orders of a side, or of both.

    Attributes:
        exchange_ns: when it happened.
        local_ns: when it was received.
        side: which; None for both.
    """

    exchange_ns: int
    local_ns: int
    side: Side | None


class CrossTrade(NamedTuple):
    """The result of an auction in one line; the orders it filled are reported by themselves.

    Attributes:
        exchange_ns: when it happened.
        local_ns: when it was received.
        price: ticks, exact; an auction may trade between two.
        size: lots.
    """

    exchange_ns: int
    local_ns: int
    price: int | Fraction
    size: int


class TradingState(enum.Enum):
    """What the venue allows."""

    HALTED = "neither quotes nor trades"
    QUOTING = "quotes, and no trades yet"
    TRADING = "quotes and trades"


class TradingHalt(NamedTuple):
    """The venue stops trading, or resumes it.

    Attributes:
        exchange_ns: when it happened.
        local_ns: when it was received.
        state: what holds from now on.
    """

    exchange_ns: int
    local_ns: int
    state: TradingState


DepthEvent = DepthSnapshot | DepthDiff
"""Changes of a book known level by level."""

OrderEvent = OrderAdded | OrderReduced | OrderDeleted | OrderModified | OrderExecuted | OrdersCleared
"""Changes of a book known order by order."""

FeedEvent = DepthEvent | OrderEvent | BestQuote | Trade | CrossTrade | TradingHalt
