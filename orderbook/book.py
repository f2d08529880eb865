"""A price-time-priority order book in integer ticks and lots.

The book owns no agent: an order carries the name of its owner, and every fill names both sides. Time is arrival: of two
orders at one price, the one that came first trades first, whatever any clock says.
"""

from collections.abc import Iterable
from fractions import Fraction
from itertools import islice
from typing import Self

from orderbook._levels import HalfBook, Order
from orderbook._matching import Matcher, fills_whole
from orderbook.errors import (
    FinishedOrderError,
    InvalidInstructionError,
    InvalidPriceError,
    InvalidSideError,
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
    PreventedTrade,
    QueuePosition,
    Rejection,
    RestingOrder,
    SelfTradePrevention,
    Side,
    TimeInForce,
)


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
        self._bids, self._asks = HalfBook.pair()
        self._orders: dict[int, Order] = {}
        self._matcher = Matcher(self._orders, instrument, self.fees)
        self._next_order_id = 1

    @classmethod
    def restored(
        cls, instrument: Instrument, fees: FeeSchedule, orders: Iterable[RestingOrder], next_order_id: int
    ) -> Self:
        """A book in which orders rest as they did in another one.

        Args:
            instrument: what ticks and lots are worth.
            fees: what each fill is charged.
            orders: as `orders` gave them for either side, of one and the same book; that is not checked.
            next_order_id: as it was there.
        """
        book = cls(instrument, fees)
        book._next_order_id = next_order_id
        for record in orders:
            order = Order(record.order_id, record.owner, book._half(record.side), record.price, record.shown)
            order.hidden, order.display = record.size - record.shown, record.display
            order.half.append(order)
            book._orders[record.order_id] = order
        for order_id in sorted(book._orders):  # the oldest first
            book._orders[order_id] = book._orders.pop(order_id)
        return book

    @property
    def next_order_id(self) -> int:
        """The id that the next order will have."""
        return self._next_order_id

    # Orders

    def limit(
        self,
        owner: str,
        side: Side,
        price: int,
        size: int,
        time_in_force: TimeInForce = TimeInForce.GTC,
        *,
        display: int | None = None,
        self_trade: SelfTradePrevention = SelfTradePrevention.ALLOW,
    ) -> Placement:
        """Trade up to `size` lots at `price` ticks or better; what becomes of the rest is for `time_in_force` to say.

        Args:
            owner: the name on the order and on its fills.
            side: buy or sell.
            price: ticks.
            size: lots.
            time_in_force: what becomes of the part that does not trade at once.
            display: for an iceberg, the lots to show at a time; whenever they have traded, the next ones go to the end
                of the queue. Left out, the whole order is shown. What does not rest has nothing to show.
            self_trade: what to do on meeting an order of the same owner. A post-only order meets nobody.

        Raises:
            InvalidSideError: the side is neither of the two.
            InvalidPriceError: the price is not a positive int.
            InvalidSizeError: the size or the display is not a positive int.
            InvalidInstructionError: an instruction is no member of its enum.
        """
        check_side(side)
        check_limit(price, size, time_in_force, display, self_trade)
        order = self._arrive(owner, side, price, size, display)
        return self._submit(order, time_in_force, self_trade)

    def market(
        self, owner: str, side: Side, size: int, *, self_trade: SelfTradePrevention = SelfTradePrevention.ALLOW
    ) -> Placement:
        """Trade up to `size` lots at whatever prices the book has; what it cannot fill is cancelled.

        Raises:
            InvalidSideError: the side is neither of the two.
            InvalidSizeError: the size is not a positive int.
            InvalidInstructionError: the self-trade prevention is no member of its enum.
        """
        check_side(side)
        _check_size(size)
        _check_self_trade(self_trade)
        order = self._arrive(owner, side, 0, size)
        others = order.half.across.keys
        return self._trade(order, others[0] if others else 0, self_trade, rests=False)

    def cancel(self, order_id: int) -> int:
        """Take an order out of the book, and return the lots it still had.

        Raises:
            UnknownOrderError: this book never gave out the id.
            FinishedOrderError: the order no longer rests.
        """
        order = self._resting(order_id)
        order.half.remove(order)
        del self._orders[order_id]
        return order.shown + order.hidden

    def reduce(self, order_id: int, by: int) -> int:
        """Take `by` lots off an order, which keeps its place in the queue, and return the lots it has left.

        An iceberg loses hidden lots first.

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
        order.half.level_of(order).reduce(order, by)
        return order.size

    def replace(
        self,
        order_id: int,
        price: int,
        size: int,
        time_in_force: TimeInForce = TimeInForce.GTC,
        *,
        display: int | None = None,
        self_trade: SelfTradePrevention = SelfTradePrevention.ALLOW,
    ) -> Placement:
        """Cancel an order and place one of the same owner and side in its stead, as one step.

        The new order has a new id and instructions of its own, and goes to the end of the queue, even at the old price.
        If it is refused, the old one stays where it was.

        Args:
            order_id: the order to replace.
            price: ticks.
            size: lots.
            time_in_force: as for `limit`.
            display: as for `limit`.
            self_trade: as for `limit`.

        Raises:
            UnknownOrderError: this book never gave out the id.
            FinishedOrderError: the order no longer rests.
            InvalidPriceError: the price is not a positive int.
            InvalidSizeError: the size or the display is not a positive int.
            InvalidInstructionError: an instruction is no member of its enum.
        """
        old = self._resting(order_id)
        check_limit(price, size, time_in_force, display, self_trade)
        order = self._arrive(old.owner, old.half.side, price, size, display)
        return self._submit(order, time_in_force, self_trade, old)

    # What stands in the book

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
        """The levels of one side as others see them, the best first; at most so many of them if `levels` is given."""
        half = self._half(side)
        best_first = islice(half.best_first(), levels)
        return [DepthLevel(level.price, level.shown, len(level.queue)) for level in best_first]

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
        return order.half.level_of(order).position_of(order)

    # Matching

    def _half(self, side: Side) -> HalfBook:
        check_side(side)
        return self._bids if side is Side.BUY else self._asks

    def _resting(self, order_id: int) -> Order:
        if type(order_id) is not int or not 0 < order_id < self._next_order_id:
            raise UnknownOrderError(order_id)
        order = self._orders.get(order_id)
        if order is None:
            raise FinishedOrderError(order_id)
        return order

    def _arrive(self, owner: str, side: Side, price: int, size: int, display: int | None = None) -> Order:
        """An order with the next id, not yet in the book."""
        order_id = self._next_order_id
        self._next_order_id = order_id + 1
        order = Order(order_id, owner, self._bids if side is Side.BUY else self._asks, price, size)
        if display is not None and display < size:
            order.display = display
            order.resize(size)
        return order

    def _submit(
        self, order: Order, time_in_force: TimeInForce, self_trade: SelfTradePrevention, old: Order | None = None
    ) -> Placement:
        """Refuse an order or let it trade, in place of an old one if there is one."""
        other = order.half.across
        rejection: Rejection | None = None
        if time_in_force is TimeInForce.FOK:
            rejection = None if fills_whole(order, other, self_trade) else Rejection.NOT_FILLABLE
        elif time_in_force is TimeInForce.POST_ONLY_REPRICE and other.meets(order.price):
            order.price = other.keys[-1] * other.sign - order.half.sign
            rejection = None if order.price else Rejection.WOULD_TAKE
        elif time_in_force is TimeInForce.POST_ONLY and other.meets(order.price):
            rejection = Rejection.WOULD_TAKE
        if rejection is not None:
            return Placement(order.order_id, (), 0, 0, None, order.size, rejection)
        if old is not None:
            self.cancel(old.order_id)
        return self._trade(order, order.price * other.sign, self_trade, rests=time_in_force.rests)

    def _trade(self, order: Order, worst: int, self_trade: SelfTradePrevention, *, rests: bool) -> Placement:
        """Match an order down to the key `worst` of the other side, and rest what is left if it may."""
        other = order.half.across
        fills: tuple[Fill, ...] = ()
        prevented: tuple[PreventedTrade, ...] = ()
        filled, size = 0, order.size
        if other.keys and other.keys[-1] >= worst:
            fills, prevented = self._matcher.match(order, other, worst, self_trade)
            filled = size - order.size - sum(trade.taker_cancelled for trade in prevented)
        resting, price = 0, None
        if rests and order.size:
            resting, price = order.size, order.price
            self._orders[order.order_id] = order
            order.half.append(order)
        return Placement(order.order_id, fills, filled, resting, price, size - filled - resting, None, prevented)


def _record(order: Order) -> RestingOrder:
    half = order.half
    return RestingOrder(order.order_id, order.owner, half.side, order.price, order.size, order.shown, order.display)


def check_limit(price: object, size: object, time_in_force: object, display: object, self_trade: object) -> None:
    """Refuse terms that no limit order can have; see `OrderBook.limit`."""
    # The exact type: a bool is an int to isinstance, and a float that happens to be whole is still a float.
    if type(price) is not int or price <= 0:
        raise InvalidPriceError(price)
    if type(size) is not int or size <= 0:
        raise InvalidSizeError(size)
    if display is not None:
        _check_size(display)
    if type(time_in_force) is not TimeInForce:
        raise InvalidInstructionError(time_in_force, "a time in force is a member of TimeInForce")
    _check_self_trade(self_trade)


def check_side(side: object) -> None:
    """Refuse what is no side."""
    if type(side) is not Side:
        raise InvalidSideError(side)


def _check_size(size: object) -> None:
    if type(size) is not int or size <= 0:
        raise InvalidSizeError(size)


def _check_self_trade(self_trade: object) -> None:
    if type(self_trade) is not SelfTradePrevention:
        raise InvalidInstructionError(self_trade, "a self-trade prevention is a member of SelfTradePrevention")
