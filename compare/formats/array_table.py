"""NumPy arrays, and rows in lists, as tables: a structured array has named columns, any other has none."""

import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from compare.errors import InputError
from compare.formats.table import Table, make_table

_ROWS = "rows of equal length, such as [[time, open, high, low, close, volume], ...]"


def load_array(file: str | os.PathLike[str]) -> NDArray[Any]:
    """The array in an .npy file, or of an .npz file the only one or the one named `data`.

    Raises:
        InputError: The file cannot be read, or does not say which array is meant. Nothing in it is executed.
    """
    try:
        with Path(file).open("rb") as stream:
            loaded = np.load(stream, allow_pickle=False)
            if isinstance(loaded, np.ndarray):
                return loaded
            array: NDArray[Any] = loaded[_chosen(file, loaded.files)]
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError("there is no such file", source=file) from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"the file holds no array of numbers ({error})", source=file, remedy=".npz or .npy") from None
    return array


def array_table(array: NDArray[Any], source: str) -> Table:
    """The fields of a structured array, or the columns of one with two dimensions.

    Raises:
        InputError: The array has another shape, no row, or values that no column holds.
    """
    fields = array.dtype.names
    if fields is not None and array.ndim == 1:
        columns = {name: np.ascontiguousarray(array[name]) for name in fields}
    elif fields is None and array.ndim == 2:  # noqa: PLR2004  rows and columns
        columns = {f"column {at + 1}": np.ascontiguousarray(array[:, at]) for at in range(array.shape[1])}
    else:
        raise InputError(f"an array of {array.dtype} with the shape {array.shape}", source=source, remedy=_ROWS)
    return _columns_table(columns, source, has_header=fields is not None)


def rows_table(rows: Sequence[Any], source: str) -> Table:
    """Rows in lists or tuples, as columns without names; whole numbers keep every digit.

    Raises:
        InputError: No row, rows of different lengths, or values that no column holds.
    """
    if not rows:
        raise InputError("there are no rows", source=source, remedy=_ROWS)
    width = len(rows[0]) if isinstance(rows[0], list | tuple) else 0
    for number, row in enumerate(rows, 1):
        if not isinstance(row, list | tuple) or len(row) != width or not width:
            problem = f"{type(row).__name__} {row!r:.60} where there should be {width} fields"
            raise InputError(problem, source=source, place=f"row {number}", remedy=_ROWS)
    columns = {f"column {at + 1}": list(column) for at, column in enumerate(zip(*rows, strict=True))}
    return _columns_table(columns, source, has_header=False)


def column_of(values: Any) -> Any:  # noqa: ANN401  pyarrow ships no types
    """A column: as pyarrow has it, or as text where numbers of several kinds or of more than 64 bits are in it."""
    try:
        return pa.array(values)
    except (pa.ArrowException, OverflowError, TypeError, ValueError):
        return pa.array([_text(value) for value in values], pa.string())


def _chosen(file: str | os.PathLike[str], names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    if "data" in names:
        return "data"
    problem = f"the file holds {len(names)} arrays, and none is named data"
    raise InputError(problem, source=file, remedy="one array")


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | str):
        return str(value)
    raise TypeError(type(value).__name__)


def _columns_table(columns: dict[str, Any], source: str, *, has_header: bool) -> Table:
    arrays = {}
    for name, values in columns.items():
        try:
            arrays[name] = column_of(values)
        except TypeError as error:
            problem = f"{error} where there should be numbers or text"
            raise InputError(problem, source=source, place=f"column {name!r}", remedy=_ROWS) from None
    return make_table(source, pa.table(arrays), lambda row: f"row {row + 1}", has_header=has_header)
