"""A file as named columns, each row of which knows the place a person finds it at."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from compare.errors import InputError

Array = Any
"""A pyarrow array; pyarrow ships no types."""


class FileKind(StrEnum):
    """The kinds of file that hold tables."""

    CSV = "CSV"
    PARQUET = "Parquet"
    JSON = "JSON"
    NUMPY = "NumPy"


@dataclass(frozen=True)
class Table:
    """Columns of one file.

    Attributes:
        source: The file as the person named it.
        columns: pyarrow chunked arrays by name, in the file's order.
        rows: int64[n], the row of the file that each row here is.
        locate: From a row of the file to the words that find it.
        has_header: Whether the columns' names are the file's own, and not made up for want of a header line.
    """

    source: str
    columns: Mapping[str, Array]
    rows: NDArray[np.int64]
    locate: Callable[[int], str]
    has_header: bool = True

    def __len__(self) -> int:
        """Number of rows."""
        return self.rows.size

    def column(self, name: str) -> Array:
        """One column as a plain array: chunks joined, dictionaries decoded.

        Raises:
            InputError: There is no such column; the message lists those there are.
        """
        if name not in self.columns:
            raise self.error(f"there is no column {name!r}", remedy=f"its columns are {self.names}")
        column = self.columns[name].combine_chunks()
        return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column

    def head(self, name: str, rows: int) -> Array:
        """The first rows of a column, as `column` gives it, without a copy of the others."""
        return replace(self, columns={name: self.columns[name].slice(0, rows)}).column(name)

    @property
    def names(self) -> str:
        """The names of the columns, for a message."""
        return ", ".join(name or "(no name)" for name in self.columns)

    def where(self, kept: NDArray[np.bool_]) -> "Table":
        """The rows that are kept."""
        if kept.all():
            return self
        mask = pa.array(kept)
        columns = {name: column.filter(mask) for name, column in self.columns.items()}
        return replace(self, columns=columns, rows=self.rows[kept])

    def renamed(self, names: Sequence[str]) -> "Table":
        """The first columns under other names, in order; those without a new name are left out."""
        return replace(self, columns=dict(zip(names, self.columns.values(), strict=False)))

    def with_columns(self, columns: Mapping[str, Array]) -> "Table":
        """The same rows with columns added or replaced."""
        return replace(self, columns={**self.columns, **columns})

    def oldest_first(self, name: str) -> "Table":
        """The rows in the opposite order, where the column of times shows that the newest stands first."""
        column, last = self.columns[name], len(self) - 1
        if last < 1 or not _falls(column[0].as_py(), column[last].as_py()):
            return self
        order = np.arange(last, -1, -1)
        columns = {key: values.take(pa.array(order)) for key, values in self.columns.items()}
        return replace(self, columns=columns, rows=self.rows[order])

    def error(self, problem: str, *, row: int | None = None, column: str | None = None, remedy: str = "") -> InputError:
        """An error at a row of this table, a column, both or neither."""
        words = [] if row is None else [self.locate(int(self.rows[row]))]
        words += [] if column is None else [f"column {column!r}"]
        return InputError(problem, source=self.source, place=", ".join(words), remedy=remedy)


def make_table(
    file: str | os.PathLike[str], table: Array, locate: Callable[[int], str], *, has_header: bool = True
) -> Table:
    """A pyarrow table with the place of its rows.

    Raises:
        InputError: No row, or two columns of one name.
    """
    columns = dict(zip(table.column_names, table.columns, strict=True))
    if len(columns) < table.num_columns:
        twice = next(name for name in columns if table.column_names.count(name) > 1)
        raise InputError(f"two columns are named {twice!r}", source=file, remedy="give each column its own name")
    if not table.num_rows:
        raise InputError("the file has no rows", source=file, remedy="a table of times and prices")
    return Table(os.fspath(file), columns, np.arange(table.num_rows), locate, has_header)


def _falls(first: object, last: object) -> bool:
    """Whether the first time is after the last; numbers in text are compared as numbers."""
    try:
        return float(first) > float(last)  # type: ignore[arg-type]  # what is no number raises
    except (TypeError, ValueError):
        return str(first) > str(last)


def first_failure(values: Array, convert: Callable[[Array], object]) -> int:
    """The index of the first value that `convert` refuses, found by halving; something in `values` is refused."""
    low, high = 0, len(values)
    while high - low > 1:
        middle = (low + high) // 2
        try:
            convert(values.slice(low, middle - low))
        except pa.ArrowException:
            high = middle
        else:
            low = middle
    return low
