"""Recorded swaps of a pool from a file, as taker orders: time, taker's side and size of the base token."""

import os
from pathlib import Path
from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from compare.checks import whole
from compare.durations import Duration
from compare.errors import InputError
from compare.formats import names
from compare.formats.files import read_table
from compare.formats.numbers import read_numbers
from compare.formats.prices import block_times, require_sorted
from compare.formats.table import FileKind
from compare.formats.timestamps import read_times


class SwapOptions(TypedDict, total=False):
    """What to read and how, where the file does not say.

    Attributes:
        amount_column: The base token's signed amount, positive into the pool; amount0 by default.
        base_decimals: Its decimals; 18 by default, 0 where the column counts whole tokens.
        time_column: The column of times, or of block numbers.
        block_time: Time a block takes, 12s by default, where only block numbers are known.
    """

    amount_column: str | None
    base_decimals: int | None
    time_column: str | None
    block_time: Duration | None


def read_swaps(
    file: str | os.PathLike[str], kind: FileKind | None = None, **options: Unpack[SwapOptions]
) -> tuple[NDArray[np.int64], NDArray[np.int8], NDArray[np.float64], str]:
    """The swaps of a CSV or Parquet file, those that moved none of the base token left out.

    Args:
        file: The file.
        kind: What it has to be; None takes what it is.
        **options: See `SwapOptions`.

    Returns:
        time_ns int64[n], side int8[n] (+1 where the taker bought base), size float64[n] in base tokens, and a
        description.

    Raises:
        InputError: The file cannot be read as swaps; the message names the file, the row or column, and what would be
            right.
    """
    table = read_table(file, kind)
    column = options.get("amount_column") or names.find(table, ("amount0",))
    if column is None:
        remedy = f"name one with amount_column; its columns are {table.names}"
        raise table.error("there is no column of amounts", remedy=remedy)
    time_column = options.get("time_column") or names.find_time(table) or names.find(table, names.BLOCKS)
    if time_column is None:
        remedy = f"name one with time_column; its columns are {table.names}"
        raise table.error("there is no column of times", remedy=remedy)
    if names.plain(time_column) in names.BLOCKS:
        times = block_times(table, time_column, options.get("block_time") or "12s")
    else:
        times = read_times(table, time_column, None)
    amounts = read_numbers(table, column)
    wrong = ~np.isfinite(amounts)
    if wrong.any():
        raise table.error("the amount is missing", row=int(np.argmax(wrong)), column=column, remedy="give a number")
    require_sorted(table, times)
    decimals = 18 if options.get("base_decimals") is None else whole(options["base_decimals"], "base_decimals")
    moved = amounts != 0
    if not moved.any():
        raise InputError("no swap moves the base token", source=file, place=column, remedy="name another column")
    side = np.where(amounts[moved] < 0, 1, -1).astype(np.int8)
    about = f"{Path(file).name}: swaps at {time_column}, base in {column}"
    return times[moved], side, np.abs(amounts[moved]) / float(10**decimals), about
