"""Recorded trades from a file: time, taker's side, size and price."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypedDict, Unpack

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from compare.errors import InputError
from compare.formats import names
from compare.formats.files import read_table
from compare.formats.numbers import is_text, read_numbers, trimmed
from compare.formats.prices import TimeUnit, one_symbol, require_sorted, trade_rows
from compare.formats.table import FileKind, Table
from compare.formats.timestamps import read_times

_BUY_WORDS: Final = ("buy", "b", "bid", "1", "+1")
_SELL_WORDS: Final = ("sell", "s", "ask", "a", "-1")


class TradeOptions(TypedDict, total=False):
    """What to read and how, where the file does not say.

    Attributes:
        time_column: The column of times.
        price_column: The column of prices.
        size_column: The column of sizes, in base tokens.
        side_column: The column of sides: buy or sell, b or s, 1 or -1; or whether the buyer was the maker.
        side_of: Whose side the column names: "taker" (default), or "maker" as Coinbase has it.
        symbol: Of a table with a symbol column, the rows to take.
        time_unit: Unit of epoch numbers (s, ms, us, ns); by default their size or the column's name says it.
    """

    time_column: str | None
    price_column: str | None
    size_column: str | None
    side_column: str | None
    side_of: Literal["taker", "maker"] | None
    symbol: str | None
    time_unit: TimeUnit | None


@dataclass(frozen=True)
class TradeSeries:
    """Trades in the order of time; several may share one.

    Attributes:
        time_ns: int64[n], nanoseconds since 1970-01-01 UTC.
        side: int8[n], +1 where the taker buys base, -1 where it sells.
        size: float64[n], base tokens, positive.
        price: float64[n], quote per base, positive.
        description: The file and its columns.
    """

    time_ns: NDArray[np.int64]
    side: NDArray[np.int8]
    size: NDArray[np.float64]
    price: NDArray[np.float64]
    description: str


def read_trades(
    file: str | os.PathLike[str], kind: FileKind | None = None, **options: Unpack[TradeOptions]
) -> TradeSeries:
    """The trades of a CSV or Parquet file.

    Args:
        file: The file.
        kind: What it has to be; None takes what it is.
        **options: See `TradeOptions`.

    Raises:
        InputError: The file cannot be read as trades; the message names the file, the row or column, and what would be
            right.
    """
    table = trade_rows(one_symbol(read_table(file, kind), options.get("symbol")))
    time_column = _chosen(table, options.get("time_column") or names.find_time(table), "times", "time_column")
    price_column = _chosen(
        table, options.get("price_column") or names.find(table, names.PRICES), "prices", "price_column"
    )
    size_column = _chosen(table, options.get("size_column") or names.find(table, names.SIZES), "sizes", "size_column")
    side_names = (*names.BUYER_IS_MAKER, *names.SIDES)
    side_column = _chosen(table, options.get("side_column") or names.find(table, side_names), "sides", "side_column")
    times = read_times(table, time_column, options.get("time_unit"))
    require_sorted(table, times)
    return TradeSeries(
        times,
        _sides(table, side_column, options.get("side_of")),
        _positive(table, size_column),
        _positive(table, price_column),
        f"{Path(file).name}: trades at {time_column}, {size_column} by {side_column}",
    )


def _chosen(table: Table, column: str | None, what: str, option: str) -> str:
    if column is None:
        raise table.error(
            f"there is no column of {what}", remedy=f"name one with {option}; its columns are {table.names}"
        )
    return column


def _positive(table: Table, column: str) -> NDArray[np.float64]:
    values = read_numbers(table, column)
    usable = np.isfinite(values) & (values > 0)
    if not usable.all():
        row = int(np.argmin(usable))
        remedy = "prices and sizes of trades are positive and finite"
        raise table.error(f"the value is {values[row]:g}", row=row, column=column, remedy=remedy)
    return values


def _sides(table: Table, column: str, side_of: str | None) -> NDArray[np.int8]:
    """The taker's side of every trade."""
    if side_of not in (None, "taker", "maker"):
        raise InputError(f"{side_of!r} has no side", place="side_of", remedy="taker or maker")
    values = table.column(column)
    words = pc.utf8_lower(trimmed(values) if is_text(values) else values.cast(pa.string()))
    buyer_is_maker = names.plain(column) in names.BUYER_IS_MAKER or pa.types.is_boolean(values.type)
    buys, sells = (("false",), ("true",)) if buyer_is_maker else (_BUY_WORDS, _SELL_WORDS)
    is_buy = pc.is_in(words, value_set=pa.array(buys)).to_numpy(zero_copy_only=False)
    is_sell = pc.is_in(words, value_set=pa.array(sells)).to_numpy(zero_copy_only=False)
    known = is_buy | is_sell
    if not known.all():
        row = int(np.argmin(known))
        remedy = f"{buys[0]} or {sells[0]}"
        raise table.error(f"{values[row].as_py()!r} is no side", row=row, column=column, remedy=remedy)
    sign = -1 if side_of == "maker" else 1
    return np.where(is_buy, sign, -sign).astype(np.int8)
