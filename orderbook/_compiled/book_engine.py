"""Runs the compiled book behind a batch."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from orderbook._book_records import BOOK_FILL, PREVENTED_TRADE
from orderbook._compiled.book_arrays import ASKS, BIDS, BOOK_ORDER, NONE, BookArrays, empty_arrays, grown
from orderbook._compiled.requests import put_orders, run_requests
from orderbook.book import OrderBook
from orderbook.types import RestingOrder, Side

Records = NDArray[np.void]

_FEWEST_RECORDS = 64


class CompiledBook:
    """The engine of a batch where there is a compiler."""

    def __init__(self, book: OrderBook, owners: tuple[str, ...]) -> None:
        """Start with a copy of a book."""
        self._owners = owners
        self._instrument, self._fees = book.instrument, book.fees
        self._arrays = _to_arrays(book, owners)

    def run(self, requests: Records, results: Records, *, fills: bool) -> tuple[Records, Records]:
        """Do every request, write over the results, and return fills and prevented trades."""
        # One memory layout, for which the loop is compiled.
        requests = np.require(requests, requirements=["C", "A", "W"])
        state = self._arrays.state[0]
        state["keeps_fills"] = fills
        fill_records = _Records(BOOK_FILL, len(requests) if fills else 0)
        prevented = _Records(PREVENTED_TRADE, 0)
        done = 0
        while True:
            state["fills"], state["prevented"] = fill_records.used, prevented.used
            done = run_requests(self._arrays, requests, results, fill_records.room, prevented.room, done)
            fill_records.used, prevented.used = int(state["fills"]), int(state["prevented"])
            if done == len(requests):
                return fill_records.all(), prevented.all()
            if not self._arrays.taker["waits"][0]:
                self._arrays = grown(self._arrays)
            elif not prevented.make_room():
                fill_records.make_room()

    def to_book(self) -> OrderBook:
        """Return a book in the state of the arrays."""
        next_order_id = int(self._arrays.state["next_order_id"][0])
        return OrderBook.restored(self._instrument, self._fees, _resting(self._arrays, self._owners), next_order_id)


class _Records:
    """Records that are added one by one, and nobody knows how many there will be."""

    def __init__(self, kind: np.dtype[np.void], expected: int) -> None:
        """Make room for some."""
        self.room = np.empty(max(_FEWEST_RECORDS, expected), dtype=kind)
        self.used = 0
        self._full: list[Records] = []

    def make_room(self) -> bool:
        """Return whether there was none left; then there is as much again."""
        if self.used < len(self.room):
            return False
        self._full.append(self.room)
        self.room, self.used = np.empty_like(self.room), 0
        return True

    def all(self) -> Records:
        """Return every record."""
        rest = self.room[: self.used]
        return np.concatenate([*self._full, rest]) if self._full else rest


def _to_arrays(book: OrderBook, owners: tuple[str, ...]) -> BookArrays:
    """Copy a book's state into arrays."""
    index_of = {owner: index for index, owner in enumerate(owners)}
    rows = [
        (
            order.order_id,
            index_of[order.owner],
            index,
            order.price,
            order.shown,
            order.size - order.shown,
            order.display,
        )
        for index, side in ((BIDS, Side.BUY), (ASKS, Side.SELL))
        for order in book.orders(side)
    ]
    orders = np.array(rows, dtype=BOOK_ORDER)
    arrays, done = empty_arrays(book, len(owners)), 0
    while (done := put_orders(arrays, orders, done)) < len(orders):
        arrays = grown(arrays)
    return arrays


def _resting(arrays: BookArrays, owners: tuple[str, ...]) -> Iterator[RestingOrder]:
    """Yield every order, those at one price in queue order."""
    levels = arrays.levels[arrays.levels["orders"] > 0]
    for slot, index in zip(levels["first"].tolist(), levels["side"].tolist(), strict=True):
        at, side = slot, Side.BUY if index == BIDS else Side.SELL
        while at != NONE:
            order_id, price, shown, hidden, display, owner, _, _, at, *_ = arrays.orders[at].item()
            yield RestingOrder(order_id, owners[owner], side, price, shown + hidden, shown, display)
