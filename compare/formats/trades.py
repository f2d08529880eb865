"""Recorded trades from a file: time, taker's side, size and price."""

from dataclasses import dataclass
from typing import Final, Literal, TypedDict, Unpack

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from compare.checks import positive
from compare.errors import InputError
from compare.formats import names
from compare.formats.layout import Layout
from compare.formats.numbers import is_text, read_positive, trimmed
from compare.formats.prices import TimeUnit, one_symbol, require_sorted, time_column, trade_rows
from compare.formats.registry import AUTO, TABLE, open_source
from compare.formats.source import Source, name_of
from compare.formats.table import FileKind, Table
from compare.formats.timestamps import read_times

_BUY_WORDS: Final = ("buy", "b", "bid", "1", "+1")
_SELL_WORDS: Final = ("sell", "s", "ask", "a", "-1")
_KNOWN: Final = {
    "price": names.PRICES,
    "size": names.SIZES,
    "side": (*names.BUYER_IS_MAKER, *names.SIDES),
}


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
        format: A format or its name; "auto" (default) recognises it, "table" takes columns by their names alone.
        date: The day of times that count from midnight, where the file's name does not say it.
        contract_size: Base tokens that a size of one stands for, where sizes count contracts.
    """

    time_column: str | None
    price_column: str | None
    size_column: str | None
    side_column: str | None
    side_of: Literal["taker", "maker"] | None
    symbol: str | None
    time_unit: TimeUnit | None
    format: Layout | str | None
    date: str | None
    contract_size: float | None


@dataclass(frozen=True)
class TradeSeries:
    """Trades in the order of time; several may share one.

    Attributes:
        time_ns: int64[n], nanoseconds since 1970-01-01 UTC.
        side: int8[n], +1 where the taker buys base, -1 where it sells.
        size: float64[n], base tokens, positive.
        price: float64[n], quote per base, positive.
        description: The file, the format and its columns.
        format: The name of the format, "table" where columns were taken by their names.
    """

    time_ns: NDArray[np.int64]
    side: NDArray[np.int8]
    size: NDArray[np.float64]
    price: NDArray[np.float64]
    description: str
    format: str = TABLE


def read_trades(source: Source, kind: FileKind | None = None, **options: Unpack[TradeOptions]) -> TradeSeries:
    """The trades of a file, a frame or an array.

    Args:
        source: See `compare.formats.source.Source`.
        kind: What a file has to be; None takes what it is.
        **options: See `TradeOptions`.

    Raises:
        InputError: The source cannot be read as trades; the message names the file, the row or column, and what would
            be right.
    """
    wanted = options.get("format")
    opened, layout = open_source(source, kind, wanted)
    table = trade_rows(one_symbol(opened, options.get("symbol")))
    if layout is not None:
        table = _with_sizes(layout.read(table, options), layout, options)
        if layout.side_of == "maker" and wanted in (None, AUTO) and options.get("side_of") is None:
            problem = f"this may be {layout.name}, whose side is the maker's, or a table whose side is the taker's"
            raise table.error(problem, remedy=f"say format={layout.name} or format={TABLE}")
    when = time_column(table, layout, options.get("time_column"))
    price, size, side = (_column(table, layout, what, options) for what in ("price", "size", "side"))
    times = read_times(table, when, options.get("time_unit"))
    require_sorted(table, times)
    side_of = options.get("side_of") or (layout.side_of if layout is not None else None)
    read_as = "" if layout is None else f", {layout.name}"
    return TradeSeries(
        times,
        _sides(table, side, side_of),
        read_positive(table, size) * _contract_size(layout, options),
        read_positive(table, price),
        f"{name_of(source)}{read_as}: trades at {when}, {size} by {side}",
        TABLE if layout is None else layout.name,
    )


def _with_sizes(table: Table, layout: Layout, options: TradeOptions) -> Table:
    """The table with sizes in base tokens, where the layout has to make them and nobody names another column."""
    return table if layout.sizes is None or options.get("size_column") else layout.sizes(table, options)


def _contract_size(layout: Layout | None, options: TradeOptions) -> float:
    """Base tokens that a size of one stands for."""
    given = options.get("contract_size")
    if given is None or (layout is not None and layout.sizes is not None and not options.get("size_column")):
        return 1.0
    return positive(given, "contract_size")


def _column(table: Table, layout: Layout | None, what: Literal["price", "size", "side"], options: TradeOptions) -> str:
    """The column of prices, sizes or sides: the one that is named, the layout's, or one with a known name."""
    named = {"price": options.get("price_column"), "size": options.get("size_column")}.get(
        what, options.get("side_column")
    )
    column = named or (layout and layout.role(table, getattr(layout, what))) or names.find(table, _KNOWN[what])
    if column is None:
        remedy = f"name one with {what}_column; its columns are {table.names}"
        raise table.error(f"there is no column of {what}s", remedy=remedy)
    return column


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
