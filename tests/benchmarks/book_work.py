"""What books are given: streams of 53 % limit orders, 36 % cancels, each of a live order, and 11 % market orders."""

import random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orderbook import Instrument, OrderBook, Side
from orderbook.batch import BOOK_REQUEST, RequestKind

INSTRUMENT = Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=7)
OWNERS = tuple(f"owner {number}" for number in range(8))
MIDDLE = 100_000

_SIDES = {1: Side.BUY, -1: Side.SELL}
_LIMIT_SHARE, _CANCEL_SHARE = 0.53, 0.36


class Stream(NamedTuple):
    """Requests, and the ones that fill the book before them."""

    name: str
    before: NDArray[np.void]
    requests: NDArray[np.void]


def thin(count: int) -> Stream:
    """A few dozen orders at the twenty ticks next to the middle."""
    return _Maker(width=20, largest_market=20, seed=1).stream("thin", 0, count)


def deep(count: int) -> Stream:
    """A hundred thousand orders on six thousand levels."""
    return _Maker(width=3_000, largest_market=17, seed=2).stream("deep", 100_000, count)


class _Maker:
    """Makes a stream, with a book beside it that says which orders are live."""

    def __init__(self, *, width: int, largest_market: int, seed: int) -> None:
        self.draw = random.Random(seed)  # noqa: S311 - a workload
        self.width, self.largest_market = width, largest_market
        self.book = OrderBook(INSTRUMENT)
        self.live: list[int] = []
        self.place: dict[int, int] = {}

    def stream(self, name: str, before: int, count: int) -> Stream:
        first = [self.limit() for _ in range(before)]
        rows: list[tuple[int, ...]] = []
        while len(rows) < count:
            share = self.draw.random()
            if share < _LIMIT_SHARE or not self.live:
                rows.append(self.limit())
            elif share < _LIMIT_SHARE + _CANCEL_SHARE:
                rows.append(self.cancel())
            else:
                rows.append(self.market())
        return Stream(name, np.array(first, dtype=BOOK_REQUEST), np.array(rows, dtype=BOOK_REQUEST))

    def limit(self) -> tuple[int, ...]:
        sign, size, owner = self.draw.choice((1, -1)), self.draw.randint(1, 10), self.draw.randrange(len(OWNERS))
        price = MIDDLE - sign * self.draw.randint(1, self.width)
        order_id = self.book.limit("", _SIDES[sign], price, size).order_id
        self.place[order_id] = len(self.live)
        self.live.append(order_id)
        return 0, price, size, 0, owner, RequestKind.LIMIT, sign, 0, 0

    def cancel(self) -> tuple[int, ...]:
        order_id = self.draw.choice(self.live)
        self.book.cancel(order_id)
        self.drop(order_id)
        return order_id, 0, 0, 0, 0, RequestKind.CANCEL, 0, 0, 0

    def market(self) -> tuple[int, ...]:
        sign, size = self.draw.choice((1, -1)), self.draw.randint(1, self.largest_market)
        for fill in self.book.market("", _SIDES[sign], size).fills:
            if fill.maker_order_id not in self.book:
                self.drop(fill.maker_order_id)
        return 0, 0, size, 0, self.draw.randrange(len(OWNERS)), RequestKind.MARKET, sign, 0, 0

    def drop(self, order_id: int) -> None:
        """Forget an order that is no longer live."""
        at, last = self.place.pop(order_id), self.live.pop()
        if last != order_id:
            self.live[at], self.place[last] = last, at
