"""Many requests to an order book in one call, compiled where numba is installed (`pip install lpmm[fast]`).

The compiled book gives the integers that `OrderBook` gives, order by order and fill by fill; without numba an OrderBook
does the same work, more slowly. This module needs numpy; `import orderbook` does not import it.

Example:
    >>> from orderbook import Instrument, OrderBook, Side
    >>> empty = OrderBook(Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=1))
    >>> requests = np.zeros(3, dtype=BOOK_REQUEST)  # zeros: limit orders, good till cancelled, of the first owner
    >>> requests["kind"] = RequestKind.LIMIT, RequestKind.MARKET, RequestKind.CANCEL
    >>> requests["side"], requests["owner"] = (-1, 1, 0), (0, 1, 0)
    >>> requests["price"], requests["size"], requests["order_id"] = (103, 0, 0), (5, 2, 0), (0, 0, 7)
    >>> batch = BatchBook(empty, owners=["maker", "taker"], compiled=False)
    >>> run = batch.run(requests)
    >>> run.results["filled"].tolist(), run.fills["notional"].tolist()
    ([0, 2, 0], [206])
    >>> run.error(2)
    UnknownOrderError('order 7 was never given out by this book')
    >>> batch.to_book().depth(Side.SELL)
    [DepthLevel(price=103, size=3, orders=1)]
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from lpmm_numba import has_compiler
from orderbook._book_records import (
    BOOK_FILL,
    BOOK_REQUEST,
    BOOK_RESULT,
    MAX_SIDE_NOTIONAL,
    PREVENTED_TRADE,
    RequestKind,
    RequestStatus,
)
from orderbook._request_errors import error_of
from orderbook.book import OrderBook
from orderbook.errors import InvalidParameterError, NotionalTooLargeError, OrderBookError
from orderbook.types import Side

__all__ = [
    "BOOK_FILL",
    "BOOK_REQUEST",
    "BOOK_RESULT",
    "MAX_SIDE_NOTIONAL",
    "PREVENTED_TRADE",
    "BatchBook",
    "BookRun",
    "RequestKind",
    "RequestStatus",
]

Records = NDArray[np.void]


class BookRun(NamedTuple):
    """What became of every request.

    Attributes:
        requests: as given; shape (n,), dtype BOOK_REQUEST.
        results: shape (n,), dtype BOOK_RESULT.
        fills: shape (fills,), dtype BOOK_FILL, in the order they happened: the first `results["fills"][0]` of them are
            the first request's. Empty where they were not asked for.
        prevented: shape (any,), dtype PREVENTED_TRADE, in order.
    """

    requests: Records
    results: Records
    fills: Records
    prevented: Records

    def error(self, index: int) -> OrderBookError | None:
        """What OrderBook raises for a request that is malformed; None for one that is not."""
        return error_of(self.requests[index], self.results[index])


class BookEngine(Protocol):
    """What a BatchBook runs on."""

    def run(self, requests: Records, results: Records, *, fills: bool) -> tuple[Records, Records]:
        """Do every request, write over the results, and return fills and prevented trades."""
        ...

    def to_book(self) -> OrderBook:
        """Return a book in the state of this one."""
        ...


class BatchBook:
    """An order book that takes arrays of requests, one batch after another.

    A malformed request changes nothing, and the next one follows. Orders are named by the ids OrderBook gives: every
    limit, market and replace request that is not malformed takes the next one. One side may hold no more than
    `MAX_SIDE_NOTIONAL` quote units: on either engine an order that could take it further is malformed.

    The compiled loop runs without Python's lock, so that threads can each drive a book of their own. Memory is that of
    the orders that rest, and of the batch.
    """

    def __init__(self, book: OrderBook, owners: Sequence[str], *, compiled: bool | None = None) -> None:
        """Start as a book stands; that book itself is not changed.

        Args:
            book: with its instrument, its fees and its orders.
            owners: the names that requests refer to, those of all orders in the book among them.
            compiled: whether to use the compiled engine; None uses it where numba is installed.

        Raises:
            InvalidParameterError: an owner is there twice, or that of an order in the book is not.
            NotionalTooLargeError: a side of the book is worth more than MAX_SIDE_NOTIONAL.
            ImportError: the compiled engine is asked for, and numba is not installed.
        """
        names = tuple(owners)
        _check_owners(book, names)
        self._engine: BookEngine
        if has_compiler() if compiled is None else compiled:
            from orderbook._compiled.book_engine import CompiledBook  # noqa: PLC0415 - numba takes long to import

            self._engine = CompiledBook(book, names)
        else:
            from orderbook._plain_batch import PlainBook  # noqa: PLC0415 - only where it is needed, as the other one

            self._engine = PlainBook(book, names)

    def run(self, requests: Records, *, fills: bool = True, out: Records | None = None) -> BookRun:
        """Do every request in turn.

        Args:
            requests: shape (n,), dtype BOOK_REQUEST.
            fills: whether to keep a record of every fill; their sums are in the results anyway.
            out: where the results are written, shape (n,), dtype BOOK_RESULT, contiguous; None makes an array.

        Raises:
            InvalidParameterError: an array has another dtype or shape.
        """
        if requests.dtype != BOOK_REQUEST or requests.ndim != 1:
            raise InvalidParameterError("requests", (requests.dtype, requests.shape), "one dimension of BOOK_REQUEST")
        results = np.empty(len(requests), dtype=BOOK_RESULT) if out is None else out
        if results.dtype != BOOK_RESULT or results.shape != requests.shape or not results.flags.carray:
            given, rule = (results.dtype, results.shape), f"{len(requests)} contiguous records of BOOK_RESULT"
            raise InvalidParameterError("out", given, rule)
        return BookRun(requests, results, *self._engine.run(requests, results, fills=fills))

    def to_book(self) -> OrderBook:
        """Return an OrderBook in the state of this one, of its own."""
        return self._engine.to_book()


def _check_owners(book: OrderBook, owners: tuple[str, ...]) -> None:
    known = set(owners)
    if len(known) != len(owners):
        raise InvalidParameterError("owners", owners, "names that differ")
    for side in Side:
        notional = 0
        for order in book.orders(side):
            if order.owner not in known:
                raise InvalidParameterError("owners", owners, f"the owners of all orders, {order.owner!r} among them")
            notional += book.instrument.notional(order.price, order.size)
            if notional > MAX_SIDE_NOTIONAL:
                raise NotionalTooLargeError(order.price, order.size)
