"""Requests to an order book and what became of them, as numpy records."""

from enum import IntEnum
from typing import Final

import numpy as np

MAX_SIDE_NOTIONAL: Final = 2**62
"""Quote units that the orders of one side may be worth together, so that no sum in 64 bits can overflow."""


class RequestKind(IntEnum):
    """Which method of OrderBook a request stands for."""

    LIMIT = 0
    MARKET = 1
    CANCEL = 2
    REDUCE = 3
    REPLACE = 4


class RequestStatus(IntEnum):
    """What became of a request; from INVALID_KIND on it is malformed, and `BookRun.error` has the typed error."""

    DONE = 0
    WOULD_TAKE = 1
    NOT_FILLABLE = 2
    INVALID_KIND = 3
    INVALID_OWNER = 4
    INVALID_SIDE = 5
    INVALID_PRICE = 6
    INVALID_SIZE = 7
    INVALID_DISPLAY = 8
    INVALID_TIME_IN_FORCE = 9
    INVALID_SELF_TRADE = 10
    UNKNOWN_ORDER = 11
    FINISHED_ORDER = 12
    REDUCE_TOO_LARGE = 13
    NOTIONAL_TOO_LARGE = 14


BOOK_REQUEST: Final = np.dtype(
    [
        ("order_id", "<i8"),
        ("price", "<i8"),
        ("size", "<i8"),
        ("display", "<i8"),
        ("owner", "<i4"),
        ("kind", "i1"),
        ("side", "i1"),
        ("time_in_force", "i1"),
        ("self_trade", "i1"),
    ]
)
"""One call of an OrderBook's method; fields that the method does not take play no part.

kind is a RequestKind; order_id the order to cancel, reduce or replace; price in ticks; size in lots, for REDUCE those
to take off; display in lots, 0 to show all; owner an index into the batch's owners; side +1 to buy, -1 to sell;
time_in_force and self_trade the position of the instruction in its enum."""

BOOK_RESULT: Final = np.dtype(
    [
        ("order_id", "<i8"),
        ("filled", "<i8"),
        ("resting", "<i8"),
        ("price", "<i8"),
        ("cancelled", "<i8"),
        ("notional", "<i8"),
        ("taker_fee", "<i8"),
        ("maker_rebate", "<i8"),
        ("status", "<i4"),
        ("fills", "<i4"),
    ]
)
"""What a request did: the fields of its Placement, and the sums of its fills. Lots, ticks and quote units.

Of a cancel, `cancelled` is what the order still had; of a reduction, `resting` is what it has left, also where that is
too little to reduce. `price` is 0 where nothing was put into the book, `fills` is the number of fills, and `status` a
RequestStatus; a malformed request has zeros elsewhere."""

BOOK_FILL: Final = np.dtype(
    [
        ("maker_order_id", "<i8"),
        ("taker_order_id", "<i8"),
        ("price", "<i8"),
        ("size", "<i8"),
        ("notional", "<i8"),
        ("taker_fee", "<i8"),
        ("maker_rebate", "<i8"),
        ("maker_owner", "<i4"),
        ("taker_owner", "<i4"),
        ("taker_side", "<i8"),
    ]
)
"""One Fill; owners are indices into the batch's owners, and taker_side is +1 for a buy, -1 for a sell."""

PREVENTED_TRADE: Final = np.dtype(
    [("taker_order_id", "<i8"), ("maker_order_id", "<i8"), ("maker_cancelled", "<i8"), ("taker_cancelled", "<i8")]
)
"""One PreventedTrade, with the incoming order."""
