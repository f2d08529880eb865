"""Recorded swaps of a pool from a file, as taker orders: time, taker's side and size of the base token."""

from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from compare.checks import whole
from compare.durations import Duration
from compare.errors import InputError
from compare.formats import names
from compare.formats.layout import Layout
from compare.formats.numbers import read_numbers
from compare.formats.prices import block_times, require_sorted, time_column
from compare.formats.registry import open_source
from compare.formats.source import Source, name_of
from compare.formats.table import FileKind
from compare.formats.timestamps import read_times


class SwapOptions(TypedDict, total=False):
    """What to read and how, where the file does not say.

    Attributes:
        amount_column: The base token's signed amount, positive into the pool; amount0 by default.
        base_decimals: Its decimals; 18 by default, 0 where the column counts whole tokens.
        time_column: The column of times, or of block numbers.
        block_time: Time a block takes, 12s by default, where only block numbers are known.
        format: A format or its name; "auto" (default) recognises it, "table" takes columns by their names alone.
    """

    amount_column: str | None
    base_decimals: int | None
    time_column: str | None
    block_time: Duration | None
    format: Layout | str | None


def read_swaps(
    source: Source, kind: FileKind | None = None, **options: Unpack[SwapOptions]
) -> tuple[NDArray[np.int64], NDArray[np.int8], NDArray[np.float64], str]:
    """The swaps in a file or frame, those that moved none of the base token left out.

    Args:
        source: See `compare.formats.source.Source`.
        kind: What a file has to be; None takes what it is.
        **options: See `SwapOptions`.

    Returns:
        time_ns int64[n], side int8[n] (+1 where the taker bought base), size float64[n] in base tokens, and a
        description.

    Raises:
        InputError: The source cannot be read as swaps; the message names the file, the row or column, and what would be
            right.
    """
    table, layout = open_source(source, kind, options.get("format"))
    if layout is not None:
        table = layout.read(table, options)
    in_layout = layout.role(table, layout.size) if layout is not None else None
    column = options.get("amount_column") or in_layout or names.find(table, ("amount0",))
    if column is None:
        remedy = f"name one with amount_column; its columns are {table.names}"
        raise table.error("there is no column of amounts", remedy=remedy)
    when = time_column(table, layout, options.get("time_column"))
    if names.plain(when) in names.BLOCKS:
        times = block_times(table, when, options.get("block_time") or "12s")
    else:
        times = read_times(table, when, None)
    amounts = read_numbers(table, column)
    wrong = ~np.isfinite(amounts)
    if wrong.any():
        raise table.error("the amount is missing", row=int(np.argmax(wrong)), column=column, remedy="give a number")
    require_sorted(table, times)
    default = 0 if layout is not None and layout.whole_tokens else 18
    given = options.get("base_decimals")
    decimals = default if given is None else whole(given, "base_decimals")
    moved = amounts != 0
    if not moved.any():
        raise InputError(
            "no swap moves the base token", source=name_of(source), place=column, remedy="name another column"
        )
    side = np.where(amounts[moved] < 0, 1, -1).astype(np.int8)
    read_as = "" if layout is None else f", {layout.name}"
    about = f"{name_of(source)}{read_as}: swaps at {when}, base in {column}"
    return times[moved], side, np.abs(amounts[moved]) / float(10**decimals), about
