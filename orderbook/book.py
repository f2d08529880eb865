"""A price-time-priority order book in integer ticks and lots.

The book owns no agent: an order carries the name of its owner, and every fill names both sides. Time is arrival: of two
orders at one price, the one that came first trades first, whatever any clock says.
"""

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Iterator
from fractions import Fraction

from orderbook.errors import (
    FinishedOrderError,
    InvalidPriceError,
    InvalidSizeError,
    ReduceTooLargeError,
    UnknownOrderError,
)
from orderbook.fees import FeeSchedule
from orderbook.types import (
    DepthLevel,
    Fill,
    Instrument,
    Placement,
    QueuePosition,
    Rejection,
    RestingOrder,
    Side,
    TimeInForce,
)


class _Order:
    """An order that rests; `size` shrinks as it fills."""

    __slots__ = ("half", "order_id", "owner", "price", "size")

    def __init__(self, order_id: int, owner: str, half: "_HalfBook", price: int, size: int) -> None:
        self.order_id = order_id
        self.owner = owner
        self.half = half
        self.price = price
        self.size = size


class _Level:
    """The queue at one price: orders by id, the first to trade first, and their lots together."""

    __slots__ = ("price", "queue", "size")

    def __init__(self, price: int) -> None:
        self.price = price
        self.size = 0
        # Unlike a dict, an OrderedDict finds its first entry in constant time after many removals at the front.
        self.queue: OrderedDict[int, _Order] = OrderedDict()


class _HalfBook:
    """One side of the book: the levels by key, and the keys in order, the best last.

    A key is the price for bids and minus the price for asks, so that "better" is "greater" on both sides.
    """

    __slots__ = ("keys", "levels", "side", "sign")

    def __init__(self, side: Side) -> None:
        self.side = side
        self.sign = side.sign
        self.keys: list[int] = []
        self.levels: dict[int, _Level] = {}

    def append(self, order: _Order) -> None:
        """Put an order at the end of the queue at its price."""
        key = order.price * self.sign
        level = self.levels.get(key)
        if level is None:
            level = self.levels[key] = _Level(order.price)
            insort(self.keys, key)
        level.queue[order.order_id] = order
        level.size += order.size

    def remove(self, order: _Order) -> None:
        """Take an order out of its queue, and the level with it if it was the last."""
        key = order.price * self.sign
        level = self.levels[key]
        del level.queue[order.order_id]
        level.size -= order.size
        if not level.queue:
            del self.levels[key]
            del self.keys[bisect_left(self.keys, key)]

    def best_price(self) -> int | None:
        """The best price of this side; None when it is empty."""
        return self.keys[-1] * self.sign if self.keys else None

    def worst_key_for(self, limit: int) -> int:
        """The key of the last level that an order from the other side with this limit price may trade with."""
        return limit * self.sign

    def best_first(self) -> Iterator[_Level]:
        """The levels, the best first."""
        return (self.levels[key] for key in reversed(self.keys))


class OrderBook:
    """Limit orders in price-time priority, and the fills of what trades against them.

    A malformed request raises an `OrderBookError`, and a well-formed order that cannot be honoured comes back as a
    `Placement` with a rejection; either way the book is as it was.

    >>> book = OrderBook(Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=1))
    >>> _ = book.limit("maker", Side.SELL, price=103, size=5)
    >>> placement = book.market("taker", Side.BUY, size=2)
    >>> [(fill.maker_owner, fill.price, fill.size) for fill in placement.fills]
    [('maker', 103, 2)]
    >>> book.depth(Side.SELL)
    [DepthLevel(price=103, size=3, orders=1)]

    Attributes:
        instrument: what ticks and lots are worth.
        fees: what each fill is charged.
    """

    def __init__(self, instrument: Instrument, fees: FeeSchedule | None = None) -> None:
        """Start an empty book; without a fee schedule nothing is charged."""
        self.instrument = instrument
        self.fees = FeeSchedule() if fees is None else fees
        self._bids = _HalfBook(Side.BUY)
        self._asks = _HalfBook(Side.SELL)
        self._orders: dict[int, _Order] = {}
        self._next_order_id = 1

    def limit(
        self, owner: str, side: Side, price: int, size: int, time_in_force: TimeInForce = TimeInForce.GTC
    ) -> Placement:
        """Trade up to `size` lots at `price` ticks or better; what becomes of the rest is for `time_in_force` to say.

        Raises:
            InvalidPriceError: the price is not a positive int.
            InvalidSizeError: the size is not a positive int.
        """
        _check_price(price)
        _check_size(size)
        rejection = self._refusal(side, price, size, time_in_force)
        if rejection is not None:
            return Placement(self._take_id(), (), 0, 0, size, rejection)
        return self._place(owner, side, price, size, rest=_rests(time_in_force))

    def market(self, owner: str, side: Side, size: int) -> Placement:
        """Trade up to `size` lots at whatever prices the book has; what it cannot fill is cancelled.

        Raises:
            InvalidSizeError: the size is not a positive int.
        """
        _check_size(size)
        return self._place(owner, side, None, size, rest=False)

    def cancel(self, order_id: int) -> int:
        """Take an order out of the book, and return the lots it still had.

        Raises:
            UnknownOrderError: this book never gave out the id.
            FinishedOrderError: the order no longer rests.
        """
        order = self._resting(order_id)
        order.half.remove(order)
        del self._orders[order_id]
        return order.size

    def reduce(self, order_id: int, by: int) -> int:
        """Take `by` lots off an order, which keeps its place in the queue, and return the lots it has left.

        Raises:
            UnknownOrderError: this book never gave out the id.
            FinishedOrderError: the order no longer rests.
            InvalidSizeError: the reduction is not a positive int.
            ReduceTooLargeError: nothing would be left.
        """
        order = self._resting(order_id)
        _check_size(by)
        if by >= order.size:
            raise ReduceTooLargeError(order_id, by, order.size)
        order.size -= by
        order.half.levels[order.price * order.half.sign].size -= by
        return order.size

    def replace(self, order_id: int, price: int, size: int, time_in_force: TimeInForce = TimeInForce.GTC) -> Placement:
        """Cancel an order and place one of the same owner and side in its stead, as one step.

        The new order has a new id and goes to the end of the queue, even at the old price. If it is refused, the old
        one stays where it was.

        Raises:
            UnknownOrderError: this book never gave out the id.
            FinishedOrderError: the order no longer rests.
            InvalidPriceError: the price is not a positive int.
            InvalidSizeError: the size is not a positive int.
        """
        order = self._resting(order_id)
        side = order.half.side
        _check_price(price)
        _check_size(size)
        rejection = self._refusal(side, price, size, time_in_force)
        if rejection is not None:
            return Placement(self._take_id(), (), 0, 0, size, rejection)
        self.cancel(order_id)
        return self._place(order.owner, side, price, size, rest=_rests(time_in_force))

    @property
    def best_bid(self) -> int | None:
        """The highest bid in ticks; None without one."""
        return self._bids.best_price()

    @property
    def best_ask(self) -> int | None:
        """The lowest ask in ticks; None without one."""
        return self._asks.best_price()

    @property
    def mid_price(self) -> Fraction | None:
        """Half way between best bid and best ask, in ticks, exact; None unless there are both."""
        bid, ask = self.best_bid, self.best_ask
        return None if bid is None or ask is None else Fraction(bid + ask, 2)

    @property
    def spread(self) -> int | None:
        """Best ask less best bid, in ticks; None unless there are both."""
        bid, ask = self.best_bid, self.best_ask
        return None if bid is None or ask is None else ask - bid

    def depth(self, side: Side, levels: int | None = None) -> list[DepthLevel]:
        """The levels of one side, the best first; at most so many of them if `levels` is given."""
        half = self._half(side)
        count = len(half.keys) if levels is None else levels
        return [
            DepthLevel(level.price, level.size, len(level.queue))
            for level, _ in zip(half.best_first(), range(count), strict=False)
        ]

    def order(self, order_id: int) -> RestingOrder:
        """The order under this id, as it stands.

        Raises:
            UnknownOrderError: this book never gave out the id.
            FinishedOrderError: the order no longer rests.
        """
        return _record(self._resting(order_id))

    def __contains__(self, order_id: object) -> bool:
        """Whether an order rests under this id."""
        return order_id in self._orders

    def __len__(self) -> int:
        """How many orders rest."""
        return len(self._orders)

    def orders(self, side: Side) -> list[RestingOrder]:
        """Every order of one side, in the order in which they would trade."""
        return [_record(order) for level in self._half(side).best_first() for order in level.queue.values()]

    def orders_of(self, owner: str) -> list[RestingOrder]:
        """Every order of an owner, the oldest first; looks at each order in the book."""
        return [_record(order) for order in self._orders.values() if order.owner == owner]

    def queue_position(self, order_id: int) -> QueuePosition:
        """How much has priority over an order at its own price; looks at each order ahead of it.

        Raises:
            UnknownOrderError: this book never gave out the id.
            FinishedOrderError: the order no longer rests.
        """
        order = self._resting(order_id)
        orders_ahead = size_ahead = 0
        for other in order.half.levels[order.price * order.half.sign].queue.values():
            if other is order:
                break
            orders_ahead += 1
            size_ahead += other.size
        return QueuePosition(orders_ahead, size_ahead)

    def _half(self, side: Side) -> _HalfBook:
        return self._bids if side is Side.BUY else self._asks

    def _take_id(self) -> int:
        order_id = self._next_order_id
        self._next_order_id = order_id + 1
        return order_id

    def _resting(self, order_id: int) -> _Order:
        if type(order_id) is not int or not 0 < order_id < self._next_order_id:
            raise UnknownOrderError(order_id)
        order = self._orders.get(order_id)
        if order is None:
            raise FinishedOrderError(order_id)
        return order

    def _refusal(self, side: Side, price: int, size: int, time_in_force: TimeInForce) -> Rejection | None:
        """Why a limit order would be refused now; None when it would not. Changes nothing."""
        if time_in_force is TimeInForce.POST_ONLY:
            other = self._half(side.opposite)
            if other.keys and other.keys[-1] >= other.worst_key_for(price):
                return Rejection.WOULD_TAKE
        elif time_in_force is TimeInForce.FOK and self._available(side, price, size) < size:
            return Rejection.NOT_FILLABLE
        return None

    def _available(self, side: Side, price: int, size: int) -> int:
        """Lots within a limit price, counted until there are `size` of them."""
        other = self._half(side.opposite)
        worst = other.worst_key_for(price)
        available = 0
        for key in reversed(other.keys):
            if key < worst or available >= size:
                break
            available += other.levels[key].size
        return available

    def _place(self, owner: str, side: Side, price: int | None, size: int, *, rest: bool) -> Placement:
        """Match an order that is known to be in order, and rest what is left if it may."""
        order_id = self._take_id()
        other = self._asks if side is Side.BUY else self._bids
        fills: tuple[Fill, ...] = ()
        left = size
        if other.keys:
            worst = other.keys[0] if price is None else price * other.sign
            if other.keys[-1] >= worst:
                fills, left = self._match(order_id, owner, side, worst, size)
        if left and rest and price is not None:
            half = self._bids if side is Side.BUY else self._asks
            order = self._orders[order_id] = _Order(order_id, owner, half, price, left)
            half.append(order)
            return Placement(order_id, fills, size - left, left, 0, None)
        return Placement(order_id, fills, size - left, 0, left, None)

    def _match(self, taker_id: int, owner: str, side: Side, worst: int, size: int) -> tuple[tuple[Fill, ...], int]:
        """Trade with the other side down to the key `worst`; return the fills and the lots left over."""
        other = self._half(side.opposite)
        keys, levels, orders = other.keys, other.levels, self._orders
        unit, fees = self.instrument.quote_units_per_tick_lot, self.fees
        fills: list[Fill] = []
        left = size
        while left and keys and keys[-1] >= worst:
            level = levels[keys[-1]]
            price, queue = level.price, level.queue
            while left and queue:
                maker = next(iter(queue.values()))
                traded = min(maker.size, left)
                notional = price * traded * unit
                fills.append(
                    Fill(
                        maker.order_id,
                        taker_id,
                        maker.owner,
                        owner,
                        side,
                        price,
                        traded,
                        notional,
                        fees.taker_fee_on(notional),
                        fees.maker_rebate_on(notional),
                    )
                )
                left -= traded
                level.size -= traded
                maker.size -= traded
                if not maker.size:
                    del queue[maker.order_id], orders[maker.order_id]
            if not queue:
                del levels[keys.pop()]
        return tuple(fills), left


def _rests(time_in_force: TimeInForce) -> bool:
    return time_in_force is TimeInForce.GTC or time_in_force is TimeInForce.POST_ONLY


def _record(order: _Order) -> RestingOrder:
    return RestingOrder(order.order_id, order.owner, order.half.side, order.price, order.size)


def _check_price(price: object) -> None:
    # The exact type: a bool is an int to isinstance, and a float that happens to be whole is still a float.
    if type(price) is not int or price <= 0:
        raise InvalidPriceError(price)


def _check_size(size: object) -> None:
    if type(size) is not int or size <= 0:
        raise InvalidSizeError(size)
