"""A level-2 recording from a table: depth snapshots and diffs, trades, and best bids and asks.

Columns: `local_ts_ns` and `exch_ts_ns`, `type` (S snapshot, D diff, T trade, B best bid and ask), `side` (1 for bids
and takers who buy, -1 for asks and takers who sell), `price`, `qty`, `id` (update id, or the number of a trade); and,
where the recorder kept them, `first_id` and `previous_id` of a diff, without which a missing diff cannot be seen. The
rows of one message follow each other.
"""

import os
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from compare.formats.files import read_table
from compare.formats.numbers import is_text, read_numbers, trimmed
from compare.formats.table import Table, first_failure
from compare.formats.timestamps import read_times
from compare.formats.units import whole_units
from orderbook.feeds.events import BestQuote, DepthDiff, DepthSnapshot, FeedEvent, PriceLevel, Trade
from orderbook.types import Instrument, Side

_TYPES: Final = ("S", "D", "T", "B")
_SIDES: Final = {1: Side.BUY, -1: Side.SELL}
_QUOTE_ROWS: Final = 2


def read_level2(file: str | os.PathLike[str], instrument: Instrument) -> list[FeedEvent]:
    """The messages of a level-2 recording, in its order.

    A time at the venue that equals the local time to the nanosecond is the recorder's own, and None in the event.

    Args:
        file: CSV or Parquet, as the module describes.
        instrument: what a tick and a lot are; every price and every size is a whole number of them.

    Raises:
        InputError: The file cannot be read so; the message names the file, the row and what would be right.
    """
    return list(_messages(_Columns(read_table(file, None), instrument)))


class _Columns:
    """The columns as lists of ints, checked row by row.

    Attributes:
        table: where they come from, for errors.
        kinds: the types.
        starts: the first row of each message, and the number of rows.
        local_ns: when a row was received.
        venue_ns: when it happened.
        sides: of bids or takers who buy, 1; else -1.
        levels: price in ticks and size in lots.
        ids: update ids, and numbers of trades.
        first_ids: None without the column.
        previous_ids: None without the column.
    """

    def __init__(self, table: Table, instrument: Instrument) -> None:
        self.table = table
        self.kinds = _types(table)
        local_ns, ids = read_times(table, "local_ts_ns", "ns"), _integers(table, "id")
        self.starts = _starts(self.kinds, ids, local_ns)
        self.local_ns: list[int] = local_ns.tolist()
        self.venue_ns: list[int] = read_times(table, "exch_ts_ns", "ns").tolist()
        self.sides = _sides(table)
        prices = _units(table, "price", instrument.tick_size, "tick")
        _require_positive(table, "price", prices, np.ones(len(table), np.bool_))
        sizes = _units(table, "qty", instrument.lot_size, "lot")
        _require_positive(table, "qty", sizes, self.kinds != "D")
        self.levels = list(map(PriceLevel, prices.tolist(), sizes.tolist()))
        self.ids: list[int] = ids.tolist()
        self.first_ids = _optional_integers(table, "first_id")
        self.previous_ids = _optional_integers(table, "previous_id")


def _messages(columns: _Columns) -> Iterator[FeedEvent]:
    kinds = columns.kinds.tolist()
    for start, end in zip(columns.starts[:-1], columns.starts[1:], strict=True):
        local_ns, venue = columns.local_ns[start], columns.venue_ns[start]
        venue_ns = None if venue == local_ns else venue
        kind, number = kinds[start], columns.ids[start]
        if kind == "T":
            price, size = columns.levels[start]
            yield Trade(venue_ns, local_ns, price, size, _SIDES[columns.sides[start]], number)
            continue
        rows = range(start, end)
        bids = tuple(columns.levels[row] for row in rows if columns.sides[row] > 0)
        asks = tuple(columns.levels[row] for row in rows if columns.sides[row] < 0)
        if kind == "S":
            yield DepthSnapshot(venue_ns, local_ns, number, bids, asks)
        elif kind == "D":
            first = None if columns.first_ids is None else columns.first_ids[start]
            previous = None if columns.previous_ids is None else columns.previous_ids[start]
            yield DepthDiff(venue_ns, local_ns, number, bids, asks, first, previous)
        elif len(bids) != 1 or len(asks) != 1 or end - start != _QUOTE_ROWS:
            problem = f"update {number} has {len(bids)} best bids and {len(asks)} best asks"
            raise columns.table.error(problem, row=start, remedy="a message of type B has one row of each")
        else:
            yield BestQuote(venue_ns, local_ns, number, bids[0], asks[0])


def _starts(kinds: NDArray[np.str_], ids: NDArray[np.int64], local_ns: NDArray[np.int64]) -> list[int]:
    """The first row of every message, and after the last the number of rows: each trade is a message."""
    new = (kinds[1:] != kinds[:-1]) | (ids[1:] != ids[:-1]) | (local_ns[1:] != local_ns[:-1]) | (kinds[1:] == "T")
    return [0, *(np.flatnonzero(new) + 1).tolist(), kinds.size]


def _types(table: Table) -> NDArray[np.str_]:
    kinds: NDArray[np.str_] = np.array(table.column("type").cast(pa.string()).to_pylist(), dtype=np.str_)
    unknown = ~np.isin(kinds, _TYPES)
    if unknown.any():
        row = int(np.argmax(unknown))
        remedy = f"the types are {', '.join(_TYPES)}"
        raise table.error(f"{str(kinds[row])!r} is no type of message", row=row, column="type", remedy=remedy)
    return kinds


def _sides(table: Table) -> list[int]:
    sides = _integers(table, "side")
    unknown = np.abs(sides) != 1
    if unknown.any():
        row = int(np.argmax(unknown))
        raise table.error(f"{sides[row]} is no side", row=row, column="side", remedy="1 or -1")
    numbers: list[int] = sides.tolist()
    return numbers


def _units(table: Table, column: str, unit: Fraction, name: str) -> NDArray[np.int64]:
    """A column in whole ticks or lots."""
    values = read_numbers(table, column)
    units, whole = whole_units(values, unit)
    if not whole.all():
        row = int(np.argmin(whole))
        problem = f"{float(values[row])!r} is not a multiple of the {name}, {unit}"
        raise table.error(problem, row=row, column=column, remedy=f"give the {name} of the recording")
    return units


def _require_positive(table: Table, column: str, values: NDArray[np.int64], needed: NDArray[np.bool_]) -> None:
    """Nothing is negative, and where it is needed nothing is zero."""
    wrong = (values < 0) | (needed & (values == 0))
    if wrong.any():
        row = int(np.argmax(wrong))
        remedy = "prices are positive, and so are sizes; only in a diff a size of 0 says that a level is gone"
        raise table.error(f"the value is {read_numbers(table, column)[row]:g}", row=row, column=column, remedy=remedy)


def _optional_integers(table: Table, column: str) -> list[int] | None:
    if column not in table.columns:
        return None
    numbers: list[int] = _integers(table, column).tolist()
    return numbers


def _integers(table: Table, name: str) -> NDArray[np.int64]:
    column = table.column(name)
    column = trimmed(column) if is_text(column) else column

    def whole(part: Any) -> Any:  # noqa: ANN401  pyarrow ships no types
        return part.cast(pa.int64())

    try:
        numbers: NDArray[np.int64] = whole(column).to_numpy(zero_copy_only=False)
    except pa.ArrowException:
        row = first_failure(column, whole)
        problem = f"{column[row].as_py()!r} is not a whole number"
        raise table.error(problem, row=row, column=name, remedy="write digits") from None
    if column.null_count:
        row = int(np.argmax(np.asarray(column.is_null())))
        raise table.error("the value is missing", row=row, column=name, remedy="write digits")
    return numbers
