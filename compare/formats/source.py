"""Where data comes from: a file, a data frame, an array, or rows in lists."""

import os
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa

from compare.errors import InputError
from compare.formats.array_table import array_table, column_of, rows_table
from compare.formats.files import read_table
from compare.formats.table import FileKind, Table, make_table

Source: TypeAlias = Any
"""The path of a file; or a frame: of pandas, polars, pyarrow or whatever else hands its columns over as an Arrow stream
(the Arrow PyCapsule interface); a NumPy array, structured or with two dimensions; or rows in lists."""

FRAME_NAME = "frame"
"""What an error calls a source that is no file."""


def is_file(source: Source) -> bool:
    """Whether a source names a file."""
    return isinstance(source, str | os.PathLike)


def name_of(source: Source) -> str:
    """What to call a source: the file's name, or that it is a frame."""
    return os.path.basename(os.fspath(source)) if is_file(source) else FRAME_NAME  # noqa: PTH119  Path("") is "."


def read_source(source: Source, kind: FileKind | None = None) -> Table:
    """The table in a source.

    Args:
        source: See `Source`.
        kind: What a file has to be; None takes what it is.

    Raises:
        InputError: The file cannot be read, or the object holds no table.
    """
    if is_file(source):
        return read_table(source, kind)
    if isinstance(source, np.ndarray):
        return array_table(source, FRAME_NAME)
    if isinstance(source, Sequence) and not isinstance(source, bytes | bytearray):
        return rows_table(source, FRAME_NAME)
    return make_table(FRAME_NAME, _without_views(_arrow(source)), lambda row: f"row {row + 1}")


def _arrow(frame: Any) -> Any:  # noqa: ANN401  any frame, and pyarrow ships no types
    try:
        if isinstance(frame, pd.DataFrame):
            return _from_pandas(frame)
        if isinstance(frame, pa.Table):
            return frame
        if hasattr(frame, "__arrow_c_stream__"):
            return pa.table(frame)
    except (pa.ArrowException, TypeError, ValueError) as error:
        remedy = "columns that Arrow has; cast integers of 128 bits to decimals or text"
        raise InputError(f"the frame cannot be read ({error})", source=FRAME_NAME, remedy=remedy) from None
    problem = f"a {type(frame).__name__} holds no table"
    remedy = "a file, a pandas, polars or pyarrow frame, a NumPy array, or rows in lists"
    raise InputError(problem, source=FRAME_NAME, remedy=remedy)


def _without_views(table: Any) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Views of strings and bytes, as polars has them, as plain ones: Arrow can filter no views."""
    plain = {pa.string_view(): pa.string(), pa.binary_view(): pa.binary()}
    for at, field in enumerate(table.schema):
        kind = field.type
        if pa.types.is_dictionary(kind) and kind.value_type in plain:
            parts = [
                pa.DictionaryArray.from_arrays(part.indices, part.dictionary.cast(plain[kind.value_type]))
                for part in table.column(at).chunks
            ]
            decoded = pa.dictionary(kind.index_type, plain[kind.value_type])
            table = table.set_column(at, field.name, pa.chunked_array(parts, decoded))
        elif kind in plain:
            table = table.set_column(at, field.name, table.column(at).cast(plain[kind]))
    return table


def _from_pandas(frame: pd.DataFrame) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Objects are turned one column at a time: Python's integers know no end, and keep every digit as text."""
    objects = [name for name, kind in frame.dtypes.items() if pd.api.types.is_object_dtype(kind)]
    if not objects:
        return pa.Table.from_pandas(frame)
    columns = {str(name): column_of([None if _is_nothing(v) else v for v in frame[name]]) for name in objects}
    rest = pa.Table.from_pandas(frame.drop(columns=objects))
    arrays = {name: columns.get(name, rest[name] if name in rest.column_names else None) for name in map(str, frame)}
    index = {name: rest[name] for name in rest.column_names if name not in arrays}
    return pa.table(arrays | index)


def _is_nothing(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)  # noqa: PLR0124  only NaN differs from itself
