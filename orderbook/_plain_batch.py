"""A batch of requests done by an OrderBook, one after another."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from orderbook._book_records import (
    BOOK_FILL,
    MAX_SIDE_NOTIONAL,
    PREVENTED_TRADE,
    RequestKind,
    RequestStatus,
)
from orderbook._request_errors import SELF_TRADES, SIDES, TIMES_IN_FORCE
from orderbook.book import OrderBook, check_limit, check_side
from orderbook.errors import (
    FinishedOrderError,
    InvalidInstructionError,
    InvalidPriceError,
    InvalidSideError,
    InvalidSizeError,
    NotionalTooLargeError,
    OrderBookError,
    ReduceTooLargeError,
    UnknownOrderError,
)
from orderbook.types import Placement, Rejection, Side, TimeInForce

Records = NDArray[np.void]
_Request = tuple[int, int, int, int, int, int, int, int, int]
_Result = tuple[int, int, int, int, int, int, int, int, int, int]

_STATUSES: Final[dict[type[OrderBookError], RequestStatus]] = {
    InvalidSideError: RequestStatus.INVALID_SIDE,
    InvalidPriceError: RequestStatus.INVALID_PRICE,
    UnknownOrderError: RequestStatus.UNKNOWN_ORDER,
    FinishedOrderError: RequestStatus.FINISHED_ORDER,
    ReduceTooLargeError: RequestStatus.REDUCE_TOO_LARGE,
    NotionalTooLargeError: RequestStatus.NOTIONAL_TOO_LARGE,
}
_REJECTIONS: Final = {
    None: RequestStatus.DONE,
    Rejection.WOULD_TAKE: RequestStatus.WOULD_TAKE,
    Rejection.NOT_FILLABLE: RequestStatus.NOT_FILLABLE,
}


class PlainBook:
    """The engine of a batch where there is no compiler."""

    def __init__(self, book: OrderBook, owners: tuple[str, ...]) -> None:
        """Start with a copy of a book."""
        self._book = _copy(book)
        self._owners = owners
        self._index_of = {owner: index for index, owner in enumerate(owners)}
        self._fills: list[tuple[int, ...]] = []
        self._prevented: list[tuple[int, ...]] = []
        # What each side's orders are worth at most: exact when it was last counted, and never less since.
        self._bound = {side: self._notional(side) for side in Side}

    def run(self, requests: Records, results: Records, *, fills: bool) -> tuple[Records, Records]:
        """Do every request, write over the results, and return fills and prevented trades."""
        self._fills, self._prevented = [], []
        for index, request in enumerate(requests.tolist()):
            try:
                results[index] = self._do(request)
            except ReduceTooLargeError as error:
                results[index] = _result(resting=error.remaining, status=RequestStatus.REDUCE_TOO_LARGE)
            except OrderBookError as error:
                results[index] = _result(status=_status_of(error, requests[index]))
            if not fills:
                self._fills.clear()
        records = np.array(self._fills, dtype=BOOK_FILL)
        return records, np.array(self._prevented, dtype=PREVENTED_TRADE)

    def to_book(self) -> OrderBook:
        """Return a copy of the book."""
        return _copy(self._book)

    def _do(self, request: _Request) -> _Result:
        """Do one request, as BOOK_REQUEST has it."""
        order_id, price, size, display, owner, kind, side, time_in_force, self_trade = request
        # A code that stands for no member goes as it is, for the book to refuse it: hence Any.
        name: Any = self._owners[owner] if 0 <= owner < len(self._owners) else None
        named_side: Any = SIDES.get(side, side)
        named_time: Any = TIMES_IN_FORCE.get(time_in_force, time_in_force)
        named_self_trade: Any = SELF_TRADES.get(self_trade, self_trade)
        if kind == RequestKind.CANCEL:
            return _result(order_id=order_id, cancelled=self._book.cancel(order_id))
        if kind == RequestKind.REDUCE:
            return _result(order_id=order_id, resting=self._book.reduce(order_id, size))
        if kind == RequestKind.REPLACE:
            named_side = self._book.order(order_id).side
        elif kind not in {RequestKind.LIMIT, RequestKind.MARKET}:
            return _result(status=RequestStatus.INVALID_KIND)
        elif name is None:
            return _result(status=RequestStatus.INVALID_OWNER)
        if kind == RequestKind.MARKET:
            placement = self._book.market(name, named_side, size, self_trade=named_self_trade)
            return self._placed(placement, named_side)
        check_side(named_side)
        check_limit(price, size, named_time, display or None, named_self_trade)
        self._check_notional(named_side, price, size, named_time)
        terms = {"display": display or None, "self_trade": named_self_trade}
        if kind == RequestKind.REPLACE:
            placement = self._book.replace(order_id, price, size, named_time, **terms)
        else:
            placement = self._book.limit(name, named_side, price, size, named_time, **terms)
        return self._placed(placement, named_side)

    def _placed(self, placement: Placement, side: Side) -> _Result:
        """Record what a placement brought."""
        for fill in placement.fills:
            owners = self._index_of[fill.maker_owner], self._index_of[fill.taker_owner]
            self._fills.append((*fill[:2], *fill[5:], *owners, side.sign))
        self._prevented += [(placement.order_id, *trade) for trade in placement.prevented]
        return (
            placement.order_id,
            placement.filled,
            placement.resting,
            placement.price or 0,
            placement.cancelled,
            sum(fill.notional for fill in placement.fills),
            sum(fill.taker_fee for fill in placement.fills),
            sum(fill.maker_rebate for fill in placement.fills),
            _REJECTIONS[placement.rejection],
            len(placement.fills),
        )

    def _check_notional(self, side: Side, price: int, size: int, time_in_force: TimeInForce) -> None:
        """Refuse an order with which its side could be worth more than MAX_SIDE_NOTIONAL."""
        bid, ask = self._book.best_bid, self._book.best_ask
        at = price
        if time_in_force is TimeInForce.POST_ONLY_REPRICE:  # where it would rest
            if side is Side.BUY and ask is not None:
                at = min(price, ask - 1)
            elif side is Side.SELL and bid is not None:
                at = max(price, bid + 1)
        notional = self._book.instrument.notional(at, size)
        if notional > MAX_SIDE_NOTIONAL - self._bound[side]:
            self._bound[side] = self._notional(side)
            if notional > MAX_SIDE_NOTIONAL - self._bound[side]:
                raise NotionalTooLargeError(price, size)
        self._bound[side] += notional

    def _notional(self, side: Side) -> int:
        """Return what the orders of a side are worth."""
        return sum(self._book.instrument.notional(order.price, order.size) for order in self._book.orders(side))


def _copy(book: OrderBook) -> OrderBook:
    """Return a book in the same state."""
    orders = [order for side in Side for order in book.orders(side)]
    return OrderBook.restored(book.instrument, book.fees, orders, book.next_order_id)


def _result(
    *, order_id: int = 0, resting: int = 0, cancelled: int = 0, status: RequestStatus = RequestStatus.DONE
) -> _Result:
    """Return a record of BOOK_RESULT for what was not placed."""
    return order_id, 0, resting, 0, cancelled, 0, 0, 0, status, 0


def _status_of(error: OrderBookError, request: np.void) -> RequestStatus:
    """Return the status of a request that the book has refused with this error."""
    if isinstance(error, InvalidSizeError):
        return RequestStatus.INVALID_SIZE if request["size"] <= 0 else RequestStatus.INVALID_DISPLAY
    if isinstance(error, InvalidInstructionError):
        has_time = request["kind"] != RequestKind.MARKET and int(request["time_in_force"]) not in TIMES_IN_FORCE
        return RequestStatus.INVALID_TIME_IN_FORCE if has_time else RequestStatus.INVALID_SELF_TRADE
    return _STATUSES[type(error)]
