"""Which column is which: the names that venues and exports give to times, prices, sizes and sides."""

import re
from collections.abc import Iterable
from typing import Final

import pyarrow as pa

from compare.formats.table import Table

# Each tuple in order of preference: where a table has two of them, the earlier is taken.
TIMES: Final = (
    "open_time",
    "start_time",
    "start_at",
    "start",
    "time",
    "timestamp",
    "datetime",
    "date_time",
    "ts",
    "unix",
    "unix_timestamp",
    "unix_time",
    "epoch",
    "transact_time",
    "trade_time",
    "created_time",
    "created_at",
    "block_time",
    "block_timestamp",
    "evt_block_time",
    "local_ts",
    "local_timestamp",
    "exch_ts",
    "exch_timestamp",
    "date",
    "close_time",
    "index_level_0",  # what pandas calls an index without a name
    "",
)
PRICES: Final = (
    "price",
    "trade_price",
    "px",
    "close",
    "close_price",
    "closing_price",
    "last",
    "last_price",
    "mid",
    "mid_price",
)
SIZES: Final = ("qty", "quantity", "size", "amount", "volume", "base_volume")
SIDES: Final = ("side", "taker_side")
BUYER_IS_MAKER: Final = ("is_buyer_maker", "isbuyermaker")
SYMBOLS: Final = (
    "symbol",
    "instrument_name",
    "instrument",
    "instrument_id",
    "product_id",
    "pair",
    "ticker",
    "market",
    "coin",
)
BLOCKS: Final = ("block", "block_number", "evt_block_number")
TICKS: Final = ("tick", "close_tick", "event_tick")

_TRADE_PRICES: Final = ("price", "trade_price", "px", "last_price")
_TRADE_MARKS: Final = (
    *SIZES,
    *SIDES,
    *BUYER_IS_MAKER,
    "id",
    "trade_id",
    "agg_trade_id",
    "trd_match_id",
    "transact_time",
)
_BARS: Final = ({"open", "high", "low", "close"}, {"open_tick", "close_tick"})
_BAR_ENDS: Final = ("close_time", "end_time", "end")
_OPENS: Final = ("open", "open_price", "open_tick")
_UNITS: Final = {
    "s": "s",
    "sec": "s",
    "seconds": "s",
    "ms": "ms",
    "milliseconds": "ms",
    "us": "us",
    "microseconds": "us",
    "ns": "ns",
    "nanoseconds": "ns",
}


def plain(name: str) -> str:
    """A name in lower case with single underscores.

    >>> plain("isBuyerMaker"), plain("Open time"), plain("Timestamp (ms)"), plain("ETH/USD")
    ('is_buyer_maker', 'open_time', 'timestamp_ms', 'eth_usd')
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def split_unit(name: str) -> tuple[str, str | None]:
    """The plain name without its unit of time, and the unit.

    >>> split_unit("open_time_ms"), split_unit("time")
    (('open_time', 'ms'), ('time', None))
    """
    words = plain(name)
    stem, _, last = words.rpartition("_")
    return (stem, _UNITS[last]) if stem and last in _UNITS else (words, None)


def find(table: Table, known: Iterable[str]) -> str | None:
    """The column of the table whose plain name comes first among the known ones."""
    by_plain = {plain(name): name for name in reversed(list(table.columns))}
    return next((by_plain[name] for name in known if name in by_plain), None)


def find_time(table: Table) -> str | None:
    """The column of times: by name, with or without a unit, or the only column of timestamps."""
    by_stem = {split_unit(name)[0]: name for name in reversed(list(table.columns))}
    named = next((by_stem[name] for name in TIMES if name in by_stem), None)
    if named is not None:
        return named
    typed = [name for name, column in table.columns.items() if pa.types.is_timestamp(column.type)]
    return typed[0] if len(typed) == 1 else None


def is_bars(table: Table) -> bool:
    """Whether each row is a bar: it opens and closes."""
    names = {plain(name) for name in table.columns}
    return any(bar <= names for bar in _BARS)


def is_open(price_column: str) -> bool:
    """Whether a price is that at which a bar opens."""
    return plain(price_column) in _OPENS


def is_known_later(table: Table, time_column: str, price_column: str) -> bool:
    """Whether a price is known only when the bar that its row stamps ends."""
    is_end = split_unit(time_column)[0] in _BAR_ENDS
    return is_bars(table) and not is_end and not is_open(price_column)


def is_trades(table: Table, price_column: str) -> bool:
    """Whether each row is a trade: its price comes with a size, a side or a trade's number."""
    return plain(price_column) in _TRADE_PRICES and not is_bars(table) and find(table, _TRADE_MARKS) is not None
