"""A column of numbers as doubles, and what in it is missing."""

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from compare.formats.table import Array, Table, first_failure

_MISSING_WORDS: Final = pa.array(["", "nan", "null", "none", "na", "n/a"])


def is_text(column: Array) -> bool:
    """Whether a column holds strings."""
    return any(check(column.type) for check in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view))


def trimmed(column: Array) -> Array:
    """Strings without spaces around them."""
    return pc.utf8_trim_whitespace(column.cast(pa.string()))


def read_numbers(table: Table, name: str) -> NDArray[np.float64]:
    """float64[n]: the numbers of a column; NaN where it says so, has nothing, or has a word for nothing.

    Raises:
        InputError: No such column, or a value that is not a number.
    """
    column = table.column(name)
    if is_text(column):
        words = trimmed(column)
        missing = pc.is_in(pc.utf8_lower(words), value_set=_MISSING_WORDS)
        column = pc.if_else(missing, pa.scalar(None, pa.string()), words)
    elif not (
        pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type)
    ):
        raise table.error(f"this is {column.type}", column=name, remedy="a column of numbers")
    try:
        numbers = _doubles(column)
    except pa.ArrowException:
        row = first_failure(column, _doubles)
        problem = f"{column[row].as_py()!r} is not a number"
        raise table.error(problem, row=row, column=name, remedy="write digits with a point for decimals") from None
    values: NDArray[np.float64] = numbers.to_numpy(zero_copy_only=False).astype(np.float64)
    return values


def read_positive(table: Table, name: str) -> NDArray[np.float64]:
    """float64[n]: prices or sizes of trades, none of which is missing, zero, negative or infinite.

    Raises:
        InputError: As `read_numbers`, or one is; the message names the row.
    """
    values = read_numbers(table, name)
    usable = np.isfinite(values) & (values > 0)
    if not usable.all():
        row = int(np.argmin(usable))
        remedy = "prices and sizes of trades are positive and finite"
        raise table.error(f"the value is {values[row]:g}", row=row, column=name, remedy=remedy)
    return values


def _doubles(column: Array) -> Array:
    return column.cast(pa.float64(), safe=False)
