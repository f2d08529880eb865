"""Columns of whole numbers of any size: into Arrow, and back to the same integers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NARROW: Final = pa.decimal128(38, 0)
WIDE: Final = pa.decimal256(76, 0)
TEXT: Final = pa.string()
INTEGER: Final = b"integer"
"""What the metadata of a column of amounts has under `type`, so that text is read as numbers again."""


def integer_array(values: Sequence[int | None]) -> Any:  # noqa: ANN401  pyarrow ships no types
    """A column of whole numbers in the narrowest type that holds them all; none of them is ever rounded.

    >>> integer_array([1, None, -(10**37)]).type, integer_array([10**38]).type, integer_array([2**256 - 1]).type
    (Decimal128Type(decimal128(38, 0)), Decimal256Type(decimal256(76, 0)), DataType(string))
    """
    largest = max((abs(value) for value in values if value is not None), default=0)
    if largest < 10**NARROW.precision:
        # Two steps: pyarrow takes a large integer for one of as many digits as the first has.
        return pa.array(values, WIDE).cast(NARROW)
    if largest < 10**WIDE.precision:
        return pa.array(values, WIDE)
    return pa.array([None if value is None else str(value) for value in values], TEXT)


def is_integers(field: Any) -> bool:  # noqa: ANN401  pyarrow ships no types
    """Whether a field of a schema holds whole numbers without a bound."""
    if pa.types.is_decimal(field.type):
        return bool(field.type.scale == 0)
    return bool(field.type == TEXT and (field.metadata or {}).get(b"type") == INTEGER)


def integers(column: Any) -> list[int | None]:  # noqa: ANN401  pyarrow ships no types
    """The numbers of a column that `integer_array` made, as Python's integers."""
    return [None if value is None else int(value) for value in column.to_pylist()]


def exact_table(columns: Mapping[str, Sequence[Any]], schema: Any, metadata: Mapping[str, str]) -> Any:  # noqa: ANN401  pyarrow ships no types
    """A table of a schema, its columns of amounts as wide as they need to be.

    Args:
        columns: Values of each column.
        schema: Of the table.
        metadata: What is said of the whole table.
    """
    fields, arrays = [], []
    for field in schema:
        values = columns[field.name]
        array = integer_array(values) if is_integers(field) else pa.array(values, field.type)
        fields.append(field.with_type(array.type))
        arrays.append(array)
    return pa.table(arrays, schema=pa.schema(fields, metadata={**(schema.metadata or {}), **metadata}))


def exact_frame(table: Any) -> pd.DataFrame:  # noqa: ANN401  pyarrow ships no types
    """A table as a frame of pandas, its amounts as Python's integers.

    >>> exact_frame(pa.table({"amount": integer_array([2**70])})).amount[0]
    1180591620717411303424
    """
    columns = {
        field.name: pd.Series(integers(column), dtype=object) if is_integers(field) else column.to_pandas()
        for field, column in zip(table.schema, table.columns, strict=True)
    }
    return pd.DataFrame(columns)
