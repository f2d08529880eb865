"""The typed error of a malformed request, from the request and its status."""

from typing import Any, Final

import numpy as np

from orderbook._book_records import RequestKind, RequestStatus
from orderbook.book import OrderBook
from orderbook.errors import (
    FinishedOrderError,
    InvalidInstructionError,
    InvalidSizeError,
    NotionalTooLargeError,
    OrderBookError,
    ReduceTooLargeError,
    UnknownOrderError,
)
from orderbook.types import Instrument, SelfTradePrevention, Side, TimeInForce

SIDES: Final = {1: Side.BUY, -1: Side.SELL}
TIMES_IN_FORCE: Final = dict(enumerate(TimeInForce))
SELF_TRADES: Final = dict(enumerate(SelfTradePrevention))

_UNIT: Final = Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=1)


def error_of(request: np.void, result: np.void) -> OrderBookError | None:
    """Return the error with which OrderBook refuses a request; None unless its status says that it is malformed."""
    status = RequestStatus(int(result["status"]))
    if status < RequestStatus.INVALID_KIND:
        return None
    order_id, price, size, _, owner, kind, *_ = request.tolist()
    known: dict[RequestStatus, OrderBookError] = {
        RequestStatus.INVALID_KIND: InvalidInstructionError(kind, "a kind is a member of RequestKind"),
        RequestStatus.INVALID_OWNER: InvalidInstructionError(owner, "an owner is the index of one of the owners"),
        RequestStatus.UNKNOWN_ORDER: UnknownOrderError(order_id),
        RequestStatus.FINISHED_ORDER: FinishedOrderError(order_id),
        RequestStatus.REDUCE_TOO_LARGE: ReduceTooLargeError(order_id, size, int(result["resting"])),
        RequestStatus.NOTIONAL_TOO_LARGE: NotionalTooLargeError(price, size),
    }
    return known.get(status) or _error_of_terms(request)


def _error_of_terms(request: np.void) -> OrderBookError:
    """Return the error that the terms of a request raise in any book."""
    _, price, size, display, _, kind, side, time_in_force, self_trade = request.tolist()
    if kind == RequestKind.REDUCE:
        return InvalidSizeError(size)
    # A code that stands for no member goes as it is, for the book to name it: hence Any.
    named_side: Any = Side.BUY if kind == RequestKind.REPLACE else SIDES.get(side, side)
    named_time: Any = TIMES_IN_FORCE.get(time_in_force, time_in_force)
    named_self_trade: Any = SELF_TRADES.get(self_trade, self_trade)
    book = OrderBook(_UNIT)
    try:
        if kind == RequestKind.MARKET:
            book.market("", named_side, size, self_trade=named_self_trade)
        else:
            book.limit("", named_side, price, size, named_time, display=display or None, self_trade=named_self_trade)
    except OrderBookError as error:
        return error
    raise RuntimeError(f"a request is called malformed, and its terms are not: {request}")
