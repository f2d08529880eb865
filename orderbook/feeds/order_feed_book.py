"""A book rebuilt from an L3 feed, which names every order: all queues, in their order."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import NamedTuple

from orderbook.errors import InvalidPriceError, InvalidSideError, InvalidSizeError
from orderbook.feeds._depth_side import DepthSide, RecordedDepth
from orderbook.feeds.errors import (
    CrossedFeedError,
    DuplicateFeedOrderError,
    FeedOrderMismatchError,
    FinishedFeedOrderError,
    UnknownFeedOrderError,
)
from orderbook.feeds.events import (
    DepthSnapshot,
    FeedEvent,
    OrderAdded,
    OrderDeleted,
    OrderExecuted,
    OrderModified,
    OrderReduced,
    OrdersCleared,
)
from orderbook.types import Side


class QueuedLots(NamedTuple):
    """Lots in a queue that belong together.

    Attributes:
        order_id: whose they are; None for all orders that were there before the feed began, which it does not name.
        size: lots.
    """

    order_id: int | None
    size: int


class _Known:
    """An order of the feed that is not finished."""

    __slots__ = ("price", "side", "size")

    def __init__(self, side: Side, price: int, size: int) -> None:
        self.side = side
        self.price = price
        self.size = size


class OrderFeedBook(RecordedDepth):
    """Every order of the feed, in queues by price.

    The feed begins with an empty book, or with a `DepthSnapshot` of what stood there before: that volume has no names,
    stands at the front of its queues, and is what messages about unknown orders take from. A later snapshot starts
    anew. Whatever does not fit is a typed error, and the book is as it was.

    A visible order may trade only while it is there; whether the feed respects the queue is not for this book to say.

    >>> book = OrderFeedBook()
    >>> book.apply(OrderAdded(0, 0, order_id=7, side=Side.BUY, price=100, size=5))
    True
    >>> book.apply(OrderExecuted(1, 1, order_id=7, side=Side.BUY, price=100, size=2))
    True
    >>> book.queue_at(Side.BUY, 100)
    [QueuedLots(order_id=7, size=3)]
    """

    def __init__(self) -> None:
        """Start an empty book."""
        super().__init__()
        self._orders: dict[int, _Known] = {}
        self._queues: dict[tuple[Side, int], OrderedDict[int, _Known]] = {}
        self._unnamed: dict[tuple[Side, int], int] = {}
        self._finished: set[int] = set()

    def apply(self, event: FeedEvent) -> bool:
        """Take in one message, and return whether it changed the book.

        Raises:
            UnknownFeedOrderError: an order that was never added, where no unnamed volume stands for it.
            FinishedFeedOrderError: an order that was deleted or has traded whole.
            DuplicateFeedOrderError: an order added under an id used before.
            FeedOrderMismatchError: side, price or size is not what the book knows of the order, or more lots are taken
                off it than it has.
            CrossedFeedError: a bid would not be below every ask.
            InvalidPriceError: a price is not a positive int.
            InvalidSizeError: a size is not a positive int.
        """
        match event:
            case OrderAdded():
                self._add(event)
            case OrderExecuted() | OrderReduced():
                self._take(event)
            case OrderDeleted():
                self._delete(event)
            case OrderModified():
                self._modify(event)
            case OrdersCleared():
                self._clear(event.side)
            case DepthSnapshot():
                self._open(event)
            case _:
                return False
        return True

    @property
    def is_started(self) -> bool:
        """True: what was there before the feed is for a snapshot to say, or nothing."""
        return True

    def queue_at(self, side: Side, price: int) -> list[QueuedLots]:
        """The queue at a price, the first to trade first."""
        unnamed = self._unnamed.get((side, price), 0)
        queue = [QueuedLots(None, unnamed)] if unnamed else []
        orders = self._queues.get((side, price))
        return queue + [QueuedLots(order_id, order.size) for order_id, order in orders.items()] if orders else queue

    def place_of(self, order_id: int) -> tuple[Side, int] | None:
        """Side and price of an order in the book; None for one that the feed has not named, or that is finished."""
        order = self._orders.get(order_id)
        return None if order is None else (order.side, order.price)

    def size_of(self, order_id: int) -> int:
        """Lots an order has left; 0 for one that the feed has not named, or that is finished."""
        order = self._orders.get(order_id)
        return 0 if order is None else order.size

    def unnamed_at(self, side: Side, price: int) -> int:
        """Lots at a price whose orders the feed does not name."""
        return self._unnamed.get((side, price), 0)

    def __len__(self) -> int:
        """How many named orders rest."""
        return len(self._orders)

    def __iter__(self) -> Iterator[int]:
        """The ids of the named orders, in order of arrival."""
        return iter(self._orders)

    def _open(self, snapshot: DepthSnapshot) -> None:
        """Start anew from levels whose orders have no names."""
        opened = OrderFeedBook()
        for side, levels in ((Side.BUY, snapshot.bids), (Side.SELL, snapshot.asks)):
            for price, size in levels:
                _check(price, size)
                opened._sides[side].set(price, size)
                opened._unnamed[side, price] = size
        bid, ask = opened.best_bid, opened.best_ask
        if bid is not None and ask is not None and bid >= ask:
            raise CrossedFeedError(bid, ask)
        self._sides, self._unnamed = opened._sides, opened._unnamed
        self._orders, self._queues = {}, {}

    def _add(self, event: OrderAdded) -> None:
        _check(event.price, event.size)
        if event.side not in self._sides:
            raise InvalidSideError(event.side)
        if event.order_id in self._orders or event.order_id in self._finished:
            raise DuplicateFeedOrderError(event.order_id)
        self._check_uncrossed(event.side, event.price)
        self._append(event.order_id, _Known(event.side, event.price, event.size))

    def _take(self, event: OrderExecuted | OrderReduced) -> None:
        _check(event.price, event.size)
        order = self._orders.get(event.order_id)
        if order is None:
            self._take_unnamed(event.order_id, event.side, event.price, event.size)
            return
        _match(event.order_id, order, event.side, event.price)
        if event.size > order.size:
            rule = "no more lots are taken off an order than it has"
            raise FeedOrderMismatchError(event.order_id, "size", event.size, order.size, rule)
        self._shrink(event.order_id, order, event.size)

    def _delete(self, event: OrderDeleted) -> None:
        order = self._orders.get(event.order_id)
        if order is None:
            self._take_unnamed(event.order_id, event.side, event.price, event.size)
            return
        _match(event.order_id, order, event.side, event.price)
        if event.size is not None and event.size != order.size:
            rule = "a deletion takes all that an order has"
            raise FeedOrderMismatchError(event.order_id, "size", event.size, order.size, rule)
        self._shrink(event.order_id, order, order.size)

    def _modify(self, event: OrderModified) -> None:
        _check(event.price, event.size)
        order = self._orders.get(event.order_id)
        if order is None:
            raise self._not_there(event.order_id)
        if event.price == order.price and event.size <= order.size:
            self._shrink(event.order_id, order, order.size - event.size)
            return
        self._check_uncrossed(order.side, event.price)
        self._shrink(event.order_id, order, order.size)
        self._finished.discard(event.order_id)
        self._append(event.order_id, _Known(order.side, event.price, event.size))

    def _clear(self, side: Side | None) -> None:
        sides = tuple(Side) if side is None else (side,)
        for order_id in [order_id for order_id, order in self._orders.items() if order.side in sides]:
            self._finished.add(order_id)
            del self._orders[order_id]
        self._queues = {place: queue for place, queue in self._queues.items() if place[0] not in sides}
        self._unnamed = {place: size for place, size in self._unnamed.items() if place[0] not in sides}
        self._sides.update({half: DepthSide(half) for half in sides})

    def _append(self, order_id: int, order: _Known) -> None:
        self._orders[order_id] = order
        self._queues.setdefault((order.side, order.price), OrderedDict())[order_id] = order
        self._resize(order.side, order.price, order.size)

    def _shrink(self, order_id: int, order: _Known, by: int) -> None:
        """Take lots off an order, which is finished when none are left."""
        order.size -= by
        if not order.size:
            place = order.side, order.price
            del self._orders[order_id], self._queues[place][order_id]
            if not self._queues[place]:
                del self._queues[place]
            self._finished.add(order_id)
        self._resize(order.side, order.price, -by)

    def _take_unnamed(self, order_id: int, side: Side | None, price: int | None, size: int | None) -> None:
        """Take lots off what stood at a price before the feed began, if the message can mean that."""
        if order_id in self._finished:
            raise FinishedFeedOrderError(order_id)
        if side is None or price is None or size is None or not 0 < size <= self._unnamed.get((side, price), 0):
            raise UnknownFeedOrderError(order_id)
        self._unnamed[side, price] -= size
        if not self._unnamed[side, price]:
            del self._unnamed[side, price]
        self._resize(side, price, -size)

    def _resize(self, side: Side, price: int, by: int) -> None:
        half = self._sides[side]
        half.set(price, half.sizes.get(price, 0) + by)

    def _check_uncrossed(self, side: Side, price: int) -> None:
        other = self._sides[side.opposite].best_price()
        if other is not None and (price - other) * side.sign >= 0:
            bid, ask = (price, other) if side is Side.BUY else (other, price)
            raise CrossedFeedError(bid, ask)

    def _not_there(self, order_id: int) -> UnknownFeedOrderError | FinishedFeedOrderError:
        return (FinishedFeedOrderError if order_id in self._finished else UnknownFeedOrderError)(order_id)


def _check(price: object, size: object) -> None:
    if type(price) is not int or price <= 0:
        raise InvalidPriceError(price)
    if type(size) is not int or size <= 0:
        raise InvalidSizeError(size)


def _match(order_id: int, order: _Known, side: Side | None, price: int | None) -> None:
    """Refuse a message that puts an order elsewhere than it is; what it does not say cannot differ."""
    if side is not None and side is not order.side:
        raise FeedOrderMismatchError(order_id, "side", side.value, order.side.value, "an order keeps its side")
    if price is not None and price != order.price:
        rule = "a message about an order names its price"
        raise FeedOrderMismatchError(order_id, "price", price, order.price, rule)
