"""A price series from a file: which columns to take, what a row's time means, and what is refused."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypedDict, Unpack, get_args

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from compare.durations import NS_PER_SECOND, Duration, duration_ns, instant_text
from compare.errors import InputError
from compare.formats import names
from compare.formats.layout import Content, Layout
from compare.formats.numbers import is_text, read_numbers
from compare.formats.pool_ticks import tick_prices
from compare.formats.registry import TABLE, looked_for, open_source
from compare.formats.source import Source, name_of
from compare.formats.table import FileKind, Table
from compare.formats.timestamps import UNIT_NS, read_times

Missing = Literal["refuse", "drop"]
TimeUnit = Literal["s", "ms", "us", "ns"]

_POOL_CAVEAT: Final = (
    "; this is the pool's own price, which follows the market within its fee and only when someone swaps"
)


class PriceOptions(TypedDict, total=False):
    """What to read and how, where the file does not say; None is as good as nothing.

    Attributes:
        time_column: The column of times, or of block numbers.
        price_column: The column of prices, such as "ETH/USD" of a wide table.
        symbol: Of a table with a symbol column, the rows to take.
        time_unit: Unit of epoch numbers (s, ms, us, ns); by default their size or the column's name says it.
        bar: Length of a bar, whose price is put at its end; 0 leaves the times as they are.
        missing: "refuse" (default) refuses a price that is zero, empty or NaN; "drop" leaves its row out.
        decimals: Decimals of token0 and token1: the price is that of the pool tick.
        base_token: 0 (default) for the price of token0 in token1, 1 for the inverse.
        block_time: Time a block takes, 12s by default, where only block numbers are known.
        format: A format or its name; "auto" (default) recognises it, "table" takes columns by their names alone.
        date: The day of times that count from midnight, where the file's name does not say it.
    """

    time_column: str | None
    price_column: str | None
    symbol: str | None
    time_unit: TimeUnit | None
    bar: Duration | None
    missing: Missing | None
    decimals: tuple[int, int] | None
    base_token: Literal[0, 1] | None
    block_time: Duration | None
    format: Layout | str | None
    date: str | None


@dataclass(frozen=True)
class PriceSeries:
    """What a file says: times strictly increase, prices are positive and finite.

    Attributes:
        time_ns: int64[n], nanoseconds since 1970-01-01 UTC.
        price: float64[n], quote per base.
        name: A few words for a title.
        description: The file, the format, the columns, what the times mean, and what was left out.
        format: The name of the format, "table" where columns were taken by their names.
    """

    time_ns: NDArray[np.int64]
    price: NDArray[np.float64]
    name: str
    description: str
    format: str = TABLE


def read_prices(source: Source, kind: FileKind | None = None, **options: Unpack[PriceOptions]) -> PriceSeries:
    """The prices of a file, a frame or an array.

    Args:
        source: See `compare.formats.source.Source`.
        kind: What a file has to be; None takes what it is.
        **options: See `PriceOptions`.

    Raises:
        InputError: The source cannot be read as a price series; the message names the file, the row or column, and what
            would be right.
    """
    _check(options)
    opened, layout = open_source(source, kind, options.get("format"))
    table = trade_rows(one_symbol(opened, options.get("symbol")))
    if layout is not None:
        table = layout.read(table, options)
    price_column, price = _read_price(table, layout, options)
    times, meaning, many_at_once = _read_time(table, layout, price_column, options)
    kept = _has_price(table, price_column, price, options)
    table, times, price = table.where(kept), times[kept], price[kept]
    require_sorted(table, times, strict=not many_at_once)
    last = np.append(times[1:] != times[:-1], [True])
    dropped = int(np.count_nonzero(~kept))
    label = options.get("symbol") or options.get("price_column") or ""
    left_out = f"; {dropped} rows without a price left out" if dropped else ""
    file, kind_of = name_of(source), TABLE if layout is None else layout.name
    read_as = "" if layout is None else f", {layout.name}"
    name = f"{Path(file).stem} {label}".strip()
    about = f"{file}{read_as}: {price_column} {meaning}{left_out}"
    return PriceSeries(times[last], price[last], name, about, kind_of)


def one_symbol(table: Table, symbol: str | None) -> Table:
    """The rows of one symbol, where a table names symbols.

    Raises:
        InputError: A symbol that is not there, or none chosen where there are several.
    """
    column = names.find(table, names.SYMBOLS)
    if column is None:
        if symbol is not None:
            remedy = f"its columns are {table.names}; name one of a wide table with price_column"
            raise table.error(f"there is no column of symbols to find {symbol!r} in", remedy=remedy)
        return table
    values = table.column(column)
    if not is_text(values):
        return table
    known = [str(value) for value in pc.unique(values).to_pylist()]
    listed = ", ".join(known[:10]) + (", ..." if len(known) > 10 else "")  # noqa: PLR2004  enough to see what they look like
    if symbol is None:
        if len(known) > 1:
            raise table.error(f"there are {len(known)} symbols", column=column, remedy=f"choose one: {listed}")
        return table
    if symbol not in known:
        raise table.error(f"there is no symbol {symbol!r}", column=column, remedy=f"choose one: {listed}")
    return table.where(pc.equal(values, symbol).to_numpy(zero_copy_only=False))


def trade_rows(table: Table) -> Table:
    """The trades of a level-2 recording, whose `type` column marks them with T; any other table as it is."""
    column = names.find(table, ("type",))
    if column is None or names.find(table, ("local_ts_ns", "exch_ts_ns")) is None:
        return table
    kept: NDArray[np.bool_] = pc.equal(table.column(column), "T").to_numpy(zero_copy_only=False)
    if not kept.any():
        raise table.error("there is no trade", column=column, remedy="rows of type T")
    return table.where(kept)


def require_sorted(table: Table, times: NDArray[np.int64], *, strict: bool = False) -> None:
    """Times never go back; if strict, none is there twice.

    Raises:
        InputError: They do; the message names the row.
    """
    back, same = times[1:] < times[:-1], times[1:] == times[:-1]
    if back.any():
        row = int(np.argmax(back)) + 1
        newest_first = len(times) > 2 and bool((back | same).all())  # noqa: PLR2004  two rows show no order
        remedy = "the newest row is first: sort them, oldest first" if newest_first else "sort the rows by time"
        raise table.error(
            f"{instant_text(times[row])} comes after {instant_text(times[row - 1])}", row=row, remedy=remedy
        )
    if strict and same.any():
        row = int(np.argmax(same)) + 1
        problem = f"the time {instant_text(times[row])} is there twice"
        raise table.error(problem, row=row, remedy="give one price a time")


def _check(options: PriceOptions) -> None:
    missing, unit = options.get("missing") or "refuse", options.get("time_unit") or "s"
    if missing not in get_args(Missing):
        raise InputError(f"{missing!r} is no way to treat a missing price", place="missing", remedy="refuse or drop")
    if unit not in UNIT_NS:
        raise InputError(f"{unit!r} is no unit of time", place="time_unit", remedy=f"one of {', '.join(UNIT_NS)}")


def _read_price(table: Table, layout: Layout | None, options: PriceOptions) -> tuple[str, NDArray[np.float64]]:
    named, decimals = options.get("price_column"), options.get("decimals")
    if decimals is not None:
        column = named or names.find(table, names.TICKS)
        if column is None:
            raise table.error("there is no column of pool ticks", remedy=f"its columns are {table.names}")
        return column, tick_prices(table, column, decimals, options.get("base_token") or 0)
    column = named or (layout and layout.role(table, layout.price)) or names.find(table, names.PRICES)
    if column is None:
        remedy = f"name one with price_column; its columns are {table.names}; {looked_for()}"
        if names.find(table, names.TICKS) is not None:
            remedy = "for the price of the pool ticks, give the decimals of both tokens, such as (8, 18)"
        raise table.error("there is no column of prices", remedy=remedy)
    return column, read_numbers(table, column)


def _has_price(table: Table, column: str, price: NDArray[np.float64], options: PriceOptions) -> NDArray[np.bool_]:
    """Which rows have a price; those that have none are refused unless they may be dropped."""
    missing = np.isnan(price) | (price == 0)
    # A log of swaps, mints and burns has ticks at the swaps alone.
    may_drop = options.get("missing") == "drop" or options.get("decimals") is not None
    wrong = np.isinf(price) | (price < 0) | (missing & (not may_drop))
    if wrong.any():
        row = int(np.argmax(wrong))
        said = "missing" if np.isnan(price[row]) else f"{price[row]:g}"
        remedy = "a price is positive and finite"
        if missing[row]:
            remedy += "; if this means that there is none, leave such rows out with missing=drop"
        raise table.error(f"the price is {said}", row=row, column=column, remedy=remedy)
    if missing.all():
        raise table.error("there is no price at all", column=column, remedy="a column of prices")
    kept: NDArray[np.bool_] = ~missing
    return kept


def _read_time(
    table: Table, layout: Layout | None, price_column: str, options: PriceOptions
) -> tuple[NDArray[np.int64], str, bool]:
    """Times, words for what they mean, and whether several rows at one time are natural."""
    column = time_column(table, layout, options.get("time_column"))
    is_pool = options.get("decimals") is not None
    bar_ns = 0
    if names.plain(column) in names.BLOCKS:
        block_time = options.get("block_time") or "12s"
        times = block_times(table, column, block_time)
        seconds = duration_ns(block_time, key="block_time") / NS_PER_SECOND
        words = f"at {column} times {seconds:g} s for want of a clock (spans are approximate, dates are not real)"
    else:
        times = read_times(table, column, options.get("time_unit"))
        known_later = names.is_known_later(table, column, price_column)
        if layout is not None and layout.content is Content.BARS and column == layout.role(table, layout.time):
            known_later = not names.is_open(price_column)
        bar_ns, words = _bar(table, column, times, options.get("bar"), known_later=known_later)
    is_trades = names.is_trades(table, price_column) or (
        layout is not None and layout.content in (Content.TRADES, Content.QUOTES)
    )
    many_at_once = not bar_ns and (is_pool or is_trades)
    words += ", the last of those at one time" * many_at_once + _POOL_CAVEAT * is_pool
    return times + bar_ns, words, many_at_once


def block_times(table: Table, column: str, block_time: Duration) -> NDArray[np.int64]:
    """Times from block numbers, for want of a clock: a block number times the time a block takes.

    Raises:
        InputError: A block number is none; the message names the row.
    """
    block_ns = duration_ns(block_time, key="block_time")
    blocks = read_numbers(table, column)
    wrong = ~np.isfinite(blocks) | (blocks != np.rint(blocks)) | (blocks < 0) | (blocks * block_ns >= 2**63)
    if wrong.any():
        row = int(np.argmax(wrong))
        remedy = "a block number is a whole number of zero or more"
        raise table.error(f"{blocks[row]:g} is no block number", row=row, column=column, remedy=remedy)
    return blocks.astype(np.int64) * block_ns


def time_column(table: Table, layout: Layout | None, named: str | None) -> str:
    """The column of times or block numbers: the one that is named, the layout's, or one with a known name.

    Raises:
        InputError: There is none.
    """
    column = named or (layout and layout.role(table, layout.time))
    column = column or names.find_time(table) or names.find(table, names.BLOCKS)
    if column is None:
        remedy = f"name one with time_column; its columns are {table.names}; {looked_for()}"
        raise table.error("there is no column of times", remedy=remedy)
    return column


def _bar(
    table: Table, column: str, times: NDArray[np.int64], said: Duration | None, *, known_later: bool
) -> tuple[int, str]:
    """The time from a row's stamp to the moment its price is known, and words for it."""
    if said == 0 or (said is None and not known_later):
        return 0, f"at {column}"
    if said is not None:
        bar_ns = duration_ns(said, key="bar")
    else:
        require_sorted(table, times, strict=True)
        if len(times) == 1:
            raise table.error(
                "the length of a single bar is unknown", column=column, remedy="give it with bar, such as 1m"
            )
        bar_ns = int(np.diff(times).min())
    return bar_ns, f"of bars of {bar_ns / NS_PER_SECOND:g} s, known at the end of each: {column} plus the length"
