"""The state of a book as arrays: what the compiled functions read and write."""

from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from orderbook._book_records import MAX_SIDE_NOTIONAL
from orderbook.book import OrderBook

NONE: Final = 2**32 - 1
"""No slot. Slots are unsigned, so that no index counts from the end."""
BIDS: Final = 0
ASKS: Final = 1
DIGIT_BITS: Final = 6
"""Bits of a price that one node of the tree tells apart."""
TALLEST: Final = 11
"""Nodes on the way to a level, at most: 11 digits hold every price below 2**63."""
SPARE_NODES: Final = 2 * TALLEST
"""Nodes that one order may need: for the way to its level, and for a taller tree."""

_FEWEST_SLOTS = 64
_Entry = TypeVar("_Entry", bound=np.generic)

_ORDER = np.dtype(
    [
        ("order_id", "i8"),
        ("price", "i8"),
        ("shown", "i8"),
        ("hidden", "i8"),
        ("display", "i8"),
        ("owner", "i4"),
        ("level", "u4"),
        ("ahead", "u4"),
        ("behind", "u4"),
        ("chained", "u4"),
        ("unused", "i4"),
    ]
)
_LEVEL = np.dtype(
    [
        ("price", "i8"),
        ("shown", "i8"),
        ("hidden", "i8"),
        ("first", "u4"),
        ("last", "u4"),
        ("orders", "i4"),
        ("node", "u4"),
        ("side", "i8"),
    ]
)
_HALF = np.dtype([("root", "u4"), ("best", "u4"), ("height", "i8"), ("notional", "i8")])
_STATE = np.dtype(
    [(name, "u4") for name in ("free_order", "free_level", "free_node", "unused")]
    + [
        (name, "i8")
        for name in (
            "next_order_id",
            "spare_nodes",
            "unit",
            "taker_fee_pips",
            "maker_rebate_pips",
            "owners",
            "most_lots_times_ticks",
            "keeps_fills",
            "fills",
            "prevented",
        )
    ]
)
_TAKER = np.dtype(
    [
        (name, "i8")
        for name in (
            "waits",
            "order_id",
            "side",
            "owner",
            "price",
            "worst",
            "left",
            "display",
            "rests",
            "self_trade",
            "filled",
            "notional",
            "taker_fee",
            "maker_rebate",
            "fills",
        )
    ]
)


BOOK_ORDER: Final = np.dtype(
    [
        ("order_id", "i8"),
        ("owner", "i8"),
        ("side", "i8"),
        ("price", "i8"),
        ("shown", "i8"),
        ("hidden", "i8"),
        ("display", "i8"),
    ]
)
"""An order that rests, with the index of its owner and of its side."""


class BookArrays(NamedTuple):
    """A book's state. Orders, levels and nodes stand in slots; a free slot names the next free one."""

    orders: NDArray[np.void]
    """Shape (orders,), a power of two. Free slots are linked by `behind`."""
    chains: NDArray[np.uint32]
    """Shape (orders,): by the id's lowest bits, the first order with them; the next one is its `chained`."""
    levels: NDArray[np.void]
    """Shape (levels,): a queue of orders at one price. Free slots are linked by `first`."""
    bits: NDArray[np.uint64]
    """Shape (nodes,): which children a node of the price tree has."""
    children: NDArray[np.uint32]
    """Shape (nodes, 64): nodes by the next digit of the price, or at the end levels. Free slots are linked by [0]."""
    path: NDArray[np.int64]
    """Shape (11,): room for the way from the root to a level."""
    halves: NDArray[np.void]
    """Shape (2,): of bids and asks, the root, its height in digits, the best level, and what all orders are worth."""
    state: NDArray[np.void]
    """Shape (1,)."""
    taker: NDArray[np.void]
    """Shape (1,): the order that is trading; it waits where there was no room for its next fill."""


def _free_list(array: NDArray[np.uint32], start: int) -> None:
    """Link the slots from `start` to the end."""
    array[start:] = np.arange(start + 1, array.size + 1)
    array[-1] = NONE


def empty_arrays(book: OrderBook, owners: int) -> BookArrays:
    """Return the state of an empty book with the instrument, the fees and the next id of this one, and little room."""
    slots = _FEWEST_SLOTS
    arrays = BookArrays(
        orders=np.zeros(slots, _ORDER),
        chains=np.full(slots, NONE, np.uint32),
        levels=np.zeros(slots, _LEVEL),
        bits=np.zeros(slots, np.uint64),
        children=np.full((slots, 1 << DIGIT_BITS), NONE, np.uint32),
        path=np.zeros(TALLEST, np.int64),
        halves=np.zeros(2, _HALF),
        state=np.zeros(1, _STATE),
        taker=np.zeros(1, _TAKER),
    )
    for field in (arrays.orders["behind"], arrays.levels["first"], arrays.children[:, 0]):
        _free_list(field, 0)
    arrays.children[:2, 0] = NONE  # the roots
    arrays.halves["root"], arrays.halves["height"], arrays.halves["best"] = (0, 1), 1, NONE
    state, unit = arrays.state[0], book.instrument.quote_units_per_tick_lot
    state["next_order_id"] = book.next_order_id
    state["free_node"], state["spare_nodes"] = 2, slots - 2
    # No order is small enough for a unit beyond that, so that nothing is multiplied with it.
    state["unit"], state["most_lots_times_ticks"] = min(unit, MAX_SIDE_NOTIONAL), MAX_SIDE_NOTIONAL // unit
    state["taker_fee_pips"], state["maker_rebate_pips"] = book.fees.taker_fee_pips, book.fees.maker_rebate_pips
    state["owners"] = owners
    return arrays


def grown(arrays: BookArrays) -> BookArrays:
    """Return the same state with twice the room in whatever may be too small for the next order."""
    state = arrays.state[0]
    if state["free_order"] == NONE:
        slots = arrays.orders.size
        orders = _longer(arrays.orders)
        _free_list(orders["behind"], slots)
        state["free_order"] = slots
        arrays = arrays._replace(orders=orders, chains=_chained(orders, slots))
    if state["free_level"] == NONE:
        slots = arrays.levels.size
        arrays = arrays._replace(levels=_longer(arrays.levels))
        _free_list(arrays.levels["first"], slots)
        state["free_level"] = slots
    if state["spare_nodes"] < SPARE_NODES:
        slots = arrays.bits.size
        children = np.full((2 * slots, 1 << DIGIT_BITS), NONE, np.uint32)
        children[:slots] = arrays.children
        _free_list(children[:, 0], slots)
        children[-1, 0] = state["free_node"]
        state["free_node"], state["spare_nodes"] = slots, state["spare_nodes"] + slots
        arrays = arrays._replace(bits=_longer(arrays.bits), children=children)
    return arrays


def _longer(array: NDArray[_Entry]) -> NDArray[_Entry]:
    return np.concatenate([array, np.zeros(array.size, array.dtype)])


def _chained(orders: NDArray[np.void], live: int) -> NDArray[np.uint32]:
    """Chain the orders of the first slots by the lowest bits of their ids, and return where each chain begins."""
    places = orders["order_id"][:live] & (orders.size - 1)
    by_place = np.argsort(places, kind="stable").astype(np.uint32)
    ordered = places[by_place]
    begins = np.append(True, ordered[1:] != ordered[:-1])
    orders["chained"][by_place] = np.where(begins, NONE, np.append(NONE, by_place[:-1]))
    chains = np.full(orders.size, NONE, np.uint32)
    chains[ordered] = by_place  # of those at one place the last one stays, and leads to the others
    return chains
