"""A layout: a table as one venue or tool publishes it, its columns with their units, and how it is told from others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from compare.errors import InputError
from compare.formats import names
from compare.formats.table import Table

Prepare = Callable[[Table, Mapping[str, Any]], Table]
"""From the table of a file and the reader's options to the table that is read."""


class Content(StrEnum):
    """What a row is."""

    BARS = "bars"
    TRADES = "trades"
    QUOTES = "quotes"
    PRICES = "prices"
    POOL_EVENTS = "pool events"


@dataclass(frozen=True)
class Layout:
    """One format of data; give it to a reader as `format`, or `register` it under its name.

    Names of columns are compared in lower case with single underscores (`isBuyerMaker` is `is_buyer_maker`).

    Attributes:
        name: What `format` calls it.
        title: Who publishes it, for a person.
        content: What a row is.
        columns: For each column, in the file's order, what it holds and in which unit.
        time: The column of times.
        price: The column of prices; None where prices come from the pool's ticks.
        size: The column of sizes, in base tokens; of pool events, the base token's signed amount.
        side: The column of sides; None where the file does not say who took.
        side_of: Whose side that is.
        optional: Columns that may be missing; at the end of a row without a header line too.
        flags: Columns that hold true or false.
        headerless: Whether it is published without a header line.
        header: Whether it is published with one.
        open_ended: Whether more columns may follow where there is no header line; they are left out.
        newest_first: Whether the newest row stands first.
        whole_tokens: Whether amounts of pool events count whole tokens instead of the smallest units.
        fits: What else must hold of a table with these columns, for layouts of the same shape.
        prepare: Turns the table into one whose columns are those named above, where they are not in the file.
        sizes: The same, only where sizes are needed.
    """

    name: str
    title: str
    content: Content
    columns: Mapping[str, str]
    time: str
    price: str | None = None
    size: str | None = None
    side: str | None = None
    side_of: Literal["taker", "maker"] = "taker"
    optional: frozenset[str] = field(default_factory=frozenset)
    flags: frozenset[str] = field(default_factory=frozenset)
    headerless: bool = False
    header: bool = True
    open_ended: bool = False
    newest_first: bool = False
    whole_tokens: bool = False
    fits: Callable[[Table], bool] | None = None
    prepare: Prepare | None = None
    sizes: Prepare | None = None

    def __post_init__(self) -> None:
        """Check that columns that are spoken of are there.

        Raises:
            InputError: A column is named that is not among the columns, and nothing prepares it.
        """
        known = set(self.columns)
        spoken = self.optional | self.flags
        if self.prepare is None and self.sizes is None:
            spoken |= {name for name in (self.time, self.price, self.size, self.side) if name is not None}
        unknown = sorted(spoken - known)
        if unknown:
            problem = f"there is no column {unknown[0]!r}"
            raise InputError(problem, place=f"layout {self.name}", remedy=f"its columns are {', '.join(known)}")

    @property
    def required(self) -> frozenset[str]:
        """Plain names of the columns without which a table is something else."""
        return frozenset(names.plain(name) for name in self.columns if name not in self.optional)

    def named(self, table: Table, *, certain: bool = False) -> Table | None:
        """The table with this layout's columns under their names; None if it is something else.

        Args:
            table: Of a source.
            certain: Whether somebody says that it is this layout, so that its columns are all that is looked at.
        """
        if table.has_header:
            present = {names.plain(name) for name in table.columns}
            found = table if self.header and self.required <= present else None
        else:
            found = self._by_position(table)
        return found if found is not None and (certain or self.fits is None or self.fits(found)) else None

    def role(self, table: Table, name: str | None) -> str | None:
        """The table's own name of a column that the layout speaks of; None where it is not there."""
        return None if name is None else names.find(table, (names.plain(name),))

    def read(self, table: Table, options: Mapping[str, Any]) -> Table:
        """The rows to read, oldest first.

        Raises:
            InputError: As its `prepare`.
        """
        prepared = table if self.prepare is None else self.prepare(table, options)
        column = self.role(prepared, self.time)
        return prepared.oldest_first(column) if self.newest_first and column is not None else prepared

    def has(self, table: Table, name: str) -> bool:
        """Whether a table has one of its columns."""
        return self.role(table, name) is not None

    def describe(self) -> str:
        """Its name and columns, for a message."""
        return f"{self.name} ({', '.join(self.columns)})"

    def _by_position(self, table: Table) -> Table | None:
        expected = list(self.columns)
        fewest = next((at for at, name in enumerate(expected) if name in self.optional), len(expected))
        if not self.headerless or len(table.columns) < fewest:
            return None
        if len(table.columns) > len(expected) and not self.open_ended:
            return None
        renamed = table.renamed(expected)
        flagged = {name for name in renamed.columns if _is_flag(renamed.head(name, 1))}
        return renamed if flagged == self.flags & set(renamed.columns) else None


def head_numbers(table: Table, name: str, rows: int = 1_000) -> np.ndarray[Any, np.dtype[np.float64]]:
    """float64[n]: the first numbers of a column, NaN for what is none; to tell layouts of one shape apart."""
    column = table.head(name, rows)
    if pa.types.is_string(column.type):
        column = pc.utf8_trim_whitespace(column)
        digits = pc.match_substring_regex(column, r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$")
        column = pc.if_else(digits, column, pa.scalar(None, pa.string()))
    try:
        numbers = column.cast(pa.float64(), safe=False)
    except pa.ArrowException:
        return np.full(len(column), np.nan)
    values: np.ndarray[Any, np.dtype[np.float64]] = numbers.to_numpy(zero_copy_only=False).astype(np.float64)
    return values


def _is_flag(first: Any) -> bool:  # noqa: ANN401  pyarrow ships no types
    if pa.types.is_boolean(first.type):
        return True
    return len(first) > 0 and str(first[0].as_py()).strip().lower() in ("true", "false")
