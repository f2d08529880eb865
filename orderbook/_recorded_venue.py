"""The venue's side of a replay: a recorded book, and our orders standing in it without changing it."""

from fractions import Fraction
from typing import Final, NamedTuple

from orderbook.feeds.depth_book import DepthBook
from orderbook.feeds.events import (
    DepthDiff,
    DepthSnapshot,
    FeedEvent,
    OrderAdded,
    OrderDeleted,
    OrderExecuted,
    OrderModified,
    OrderReduced,
    OrdersCleared,
    Trade,
)
from orderbook.feeds.order_feed_book import OrderFeedBook
from orderbook.fees import FeeSchedule
from orderbook.queue_models import JoinedLevel, OrderChange, QueueModel, QueuePlace
from orderbook.types import Fill, Instrument, Side

OWNER: Final = "us"
MARKET: Final = "market"

_AboutOrder = OrderExecuted | OrderReduced | OrderDeleted | OrderModified
_Place = tuple[Side, int]


class RecordedFill(NamedTuple):
    """A trade of ours that the recorded market would have made.

    Attributes:
        time_ns: at the venue.
        fill: the trade; we are the maker.
        mid_price: of the recorded book at that moment, in ticks, exact.
    """

    time_ns: int
    fill: Fill
    mid_price: Fraction


class _OurOrder:
    """An order of ours at the venue."""

    __slots__ = ("left", "order_id", "place", "price", "side", "taken_across")

    def __init__(self, order_id: int, side: Side, price: int, size: int, place: QueuePlace) -> None:
        self.order_id = order_id
        self.side = side
        self.price = price
        self.left = size
        self.place = place
        self.taken_across = 0  # lots already taken of what stands on the other side at our price or better


class RecordedVenue:
    """Our resting orders in recorded market data. See `orderbook.market_replay` for the rules.

    Attributes:
        book: the recorded one.
        mid_price: the last one known; None before the first.
        orders: ours, by id.
    """

    def __init__(
        self, book: DepthBook | OrderFeedBook, queue_model: QueueModel, instrument: Instrument, fees: FeeSchedule
    ) -> None:
        """Start with no order of ours."""
        self.book = book
        self.mid_price: Fraction | None = None
        self.orders: dict[int, _OurOrder] = {}
        self._queue_model = queue_model
        self._instrument = instrument
        self._fees = fees

    def place(self, order_id: int, side: Side, price: int, size: int) -> bool:
        """Rest an order behind what stands at its price; refuse it, and return False, if it would trade at once."""
        other = self.book.best(side.opposite)
        if other is not None and (price - other.price) * side.sign >= 0:
            return False
        queue = self.book.queue_at(side, price) if isinstance(self.book, OrderFeedBook) else None
        joined = JoinedLevel(price, self.book.size_at(side, price), queue)
        self.orders[order_id] = _OurOrder(order_id, side, price, size, self._queue_model.join(joined))
        return True

    def cancel(self, order_id: int) -> bool:
        """Take an order of ours out; False if there is nothing left of it."""
        return self.orders.pop(order_id, None) is not None

    def reduce(self, order_id: int, by: int) -> None:
        """Take lots off an order of ours, which keeps its place; with none left it is gone."""
        order = self.orders.get(order_id)
        if order is not None:
            order.left -= by
            self._drop_finished()

    def on_event(self, event: FeedEvent) -> list[RecordedFill]:
        """Let the recorded market go on by one message, and return what we trade by it."""
        time_ns = event.local_ns if event.exchange_ns is None else event.exchange_ns
        fills: list[RecordedFill] = []
        if isinstance(event, Trade):
            fills = self._on_trade(time_ns, event)
        elif isinstance(event, OrderExecuted):
            maker = event.order_id
            trade = Trade(time_ns, time_ns, event.price, event.size, event.side.opposite, maker_order_id=maker)
            fills = self._on_trade(time_ns, trade)
        if isinstance(event, DepthSnapshot | DepthDiff):
            if self.book.apply(event):
                self._levels_changed({(order.side, order.price) for order in self.orders.values()}, None, None)
        elif isinstance(event, _AboutOrder) and isinstance(self.book, OrderFeedBook):
            self._on_order(event, self.book)
        elif self.book.apply(event) and isinstance(event, OrderAdded):
            self._levels_changed({(event.side, event.price)}, None, None)
        self.mid_price = self.book.mid_price or self.mid_price
        return fills + self._on_crossing(time_ns)

    def expired_by(self, event: FeedEvent) -> list[int]:
        """Take out our orders where the venue has dropped everybody's, and return their ids."""
        if not isinstance(event, OrdersCleared):
            return []
        dropped = [order.order_id for order in self.orders.values() if event.side in (None, order.side)]
        for order_id in dropped:
            del self.orders[order_id]
        return dropped

    def _on_trade(self, time_ns: int, trade: Trade) -> list[RecordedFill]:
        """Give us what a trade would have given us: first at better prices than its own, then in the queue."""
        side, budget, fills = trade.taker_side.opposite, trade.size, []
        ours_at_price = 0
        mine = [order for order in self.orders.values() if order.side is side]
        for order in sorted(mine, key=lambda order: -order.price * side.sign):  # stable: the older first
            better = (order.price - trade.price) * side.sign
            if better < 0:
                break
            reach = trade.size if better else self._reach(order, trade) - ours_at_price
            size = min(order.left, budget, max(0, reach))
            if not size:
                continue
            ours_at_price += 0 if better else size
            budget -= size
            fills.append(self._fill(time_ns, order, size))
        self._drop_finished()
        return fills

    def _reach(self, order: _OurOrder, trade: Trade) -> int:
        """Lots of a trade at our price that are left for us."""
        if trade.hidden:
            # What is shown comes before what is hidden: we trade only if nobody who is shown stands before us.
            return 0 if order.place.size_ahead_x32 else trade.size
        maker = trade.maker_order_id
        if maker is not None and isinstance(self.book, OrderFeedBook) and self.book.place_of(maker) is None:
            maker = None
        return order.place.on_trade(trade.size, maker)

    def _on_order(self, event: _AboutOrder, book: OrderFeedBook) -> None:
        """An order of the others trades, shrinks, moves or leaves."""
        order_id = event.order_id
        place, before = book.place_of(order_id), book.size_of(order_id)
        book.apply(event)
        if place is not None:
            after = book.place_of(order_id) or place
            keeps = after == place and book.size_of(order_id) <= before
            change = OrderChange(order_id, book.size_of(order_id) if keeps else 0)
            self._levels_changed({place, after}, place, change)
        elif not isinstance(event, OrderModified) and event.side is not None and event.price is not None:
            place = event.side, event.price
            self._levels_changed({place}, place, OrderChange(None, book.unnamed_at(*place)))

    def _levels_changed(self, places: set[_Place], changed: _Place | None, change: OrderChange | None) -> None:
        for order in self.orders.values():
            place = order.side, order.price
            if place in places:
                order.place.on_level(self.book.size_at(*place), change if place == changed else None)

    def _on_crossing(self, time_ns: int) -> list[RecordedFill]:
        """Trade with what the recorded book shows on the other side at our price or better."""
        fills = []
        for order in self.orders.values():
            other = self.book.best(order.side.opposite)
            if other is None or (order.price - other.price) * order.side.sign < 0:
                order.taken_across = 0
                continue
            across = sum(level.size for level in self.book.levels(order.side.opposite, order.price))
            order.taken_across = min(order.taken_across, across)
            size = min(order.left, across - order.taken_across)
            if size:
                order.taken_across += size
                fills.append(self._fill(time_ns, order, size))
        self._drop_finished()
        return fills

    def _fill(self, time_ns: int, order: _OurOrder, size: int) -> RecordedFill:
        order.left -= size
        notional = self._instrument.notional(order.price, size)
        fee, rebate = self._fees.taker_fee_on(notional), self._fees.maker_rebate_on(notional)
        taker = order.side.opposite
        fill = Fill(order.order_id, 0, OWNER, MARKET, taker, order.price, size, notional, fee, rebate)
        return RecordedFill(time_ns, fill, self.mid_price or Fraction(order.price))

    def _drop_finished(self) -> None:
        for order in [order for order in self.orders.values() if order.left <= 0]:
            del self.orders[order.order_id]
