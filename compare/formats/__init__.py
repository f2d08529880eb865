"""Recorded prices, trades and pool events from files, frames and arrays.

A file is CSV or JSON (plain, gzip, Zstandard, or the one member of a zip file), Parquet, or NumPy's .npy and .npz. A
frame is one of pandas, polars or pyarrow, or whatever else hands its columns over as an Arrow stream.

What a table is, is recognised by its columns, and said in the description of what was read. There is a `Layout` for
each format that is known by name (`layouts`; the page docs/data.md shows every one); a name or a `Layout` given as
`format` skips recognition, and `register` adds one of your own. A table that is none of them is read by the names of
its columns:

- Bars (columns open, high, low, close) are stamped with the time they open, but their close is known only when they
  end: the price is put at open time plus the bar's length. The length is the smallest distance between two rows; `bar`
  says another, and `bar=0` leaves the times alone.
- Trades (a price, and a size, side or trade id): several at one time are natural, and the last of them is the price.
- Any other table with a time and a price, last, close or mid column; with `price_column`, any column of a wide table.
- Pool ticks: with `decimals` of token0 and token1, the price is 1.0001**tick in whole tokens; several swaps in one
  block or at one time are natural, and the last is the price. Where only block numbers are known, time is `block_time`
  a block.

- Swaps of a pool as taker orders (`read_swaps`): the base token's signed amount, positive into the pool.
- Swaps, mints, burns and all other events of a pool, exact (`read_pool_events`).

Market data for `orderbook.feeds`, in whole ticks and lots: `read_level2` (snapshots, diffs, trades and best quotes of a
level-2 recording), `read_lobster_messages` and `read_lobster_books`, `read_event_array` (hftbacktest).

A time is an epoch number, whose unit (s, ms, us, ns) follows from its size or the column's name, or ISO 8601 text;
without a zone it is UTC. Everything else is refused with one `compare.errors.InputError` that names the file, the row
and what would be right.
"""

from compare.formats.event_array_file import read_event_array
from compare.formats.layout import Content, Layout
from compare.formats.level2 import read_level2
from compare.formats.lobster_files import read_lobster_books, read_lobster_messages
from compare.formats.pool_events import read_pool_events
from compare.formats.prices import PriceOptions, PriceSeries, read_prices
from compare.formats.registry import layouts, register
from compare.formats.source import Source
from compare.formats.swaps import SwapOptions, read_swaps
from compare.formats.table import FileKind, Table
from compare.formats.trades import TradeOptions, TradeSeries, read_trades

__all__ = [
    "Content",
    "FileKind",
    "Layout",
    "PriceOptions",
    "PriceSeries",
    "Source",
    "SwapOptions",
    "Table",
    "TradeOptions",
    "TradeSeries",
    "layouts",
    "read_event_array",
    "read_level2",
    "read_lobster_books",
    "read_lobster_messages",
    "read_pool_events",
    "read_prices",
    "read_swaps",
    "read_trades",
    "register",
]
