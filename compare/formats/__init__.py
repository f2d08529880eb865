"""Recorded prices and trades from files: CSV (plain, gzip, zip) and Parquet.

Recognised without an option, by the names of columns or, where a CSV has no header line, by their number:

- Klines and other bars (columns open, high, low, close; Binance with and without a header, ccxt, Kraken, Coinbase,
  Bybit, OKX). Bars are stamped with the time they open, but their close is known only when they end: the price is put
  at open time plus the bar's length. The length is the smallest distance between two rows; `bar` says another, and
  `bar=0` leaves the times alone.
- Trades and aggregate trades (a price, and a size, side or trade id): several at one time are natural, and the last of
  them is the price.
- A level-2 recording with a `type` column: its rows of type T are trades, timed by the local clock that orders the
  file.
- Any other table with a time and a price, last, close or mid column; with `price_column`, any column of a wide table.
- Pool ticks: with `decimals` of token0 and token1, the price is 1.0001**tick in whole tokens; several swaps in one
  block or at one time are natural, and the last is the price. Where only block numbers are known, time is `block_time`
  a block.

- Swaps of a pool as taker orders (`read_swaps`): the base token's signed amount, positive into the pool.

Market data for `orderbook.feeds`, in whole ticks and lots: `read_level2` (snapshots, diffs, trades and best quotes of a
level-2 recording), `read_lobster_messages` and `read_lobster_books`, `read_event_array` (hftbacktest).

A time is an epoch number, whose unit (s, ms, us, ns) follows from its size or the column's name, or ISO 8601 text;
without a zone it is UTC. Everything else is refused with one `compare.errors.InputError` that names the file, the row
and what would be right.
"""

from compare.formats.event_array_file import read_event_array
from compare.formats.level2 import read_level2
from compare.formats.lobster_files import read_lobster_books, read_lobster_messages
from compare.formats.prices import PriceOptions, PriceSeries, read_prices
from compare.formats.swaps import SwapOptions, read_swaps
from compare.formats.table import FileKind
from compare.formats.trades import TradeOptions, TradeSeries, read_trades

__all__ = [
    "FileKind",
    "PriceOptions",
    "PriceSeries",
    "SwapOptions",
    "TradeOptions",
    "TradeSeries",
    "read_event_array",
    "read_level2",
    "read_lobster_books",
    "read_lobster_messages",
    "read_prices",
    "read_swaps",
    "read_trades",
]
