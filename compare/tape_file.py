"""A tape on disk: one Parquet file with its units, its lot size and its hash."""

import os
from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from compare.errors import InputError
from compare.files import write_whole

SCHEMA: Final = "lpmm taker tape 1"

COLUMNS: Final[dict[str, type[np.integer[Any]]]] = {
    "time_ns": np.int64,
    "side": np.int8,
    "lots": np.int64,
    "tolerance_pips": np.int64,
    "kind": np.uint8,
    "uid": np.int64,
}
_MEANINGS: Final = {
    "time_ns": "nanoseconds since 1970-01-01 UTC, never decreasing",
    "side": "+1 where the taker buys base, -1 where it sells",
    "lots": "size in lots; base tokens are lots times lot_size, in this schema's metadata",
    "tolerance_pips": "the all-in cost against the fair price up to which the taker trades, in pips (1e-6) of it",
    "kind": "0 noise, 1 informed",
    "uid": "a number of its own for each order",
}
FIELDS: Final = tuple(
    pa.field(key, pa.from_numpy_dtype(kind), nullable=False, metadata={"meaning": _MEANINGS[key]})
    for key, kind in COLUMNS.items()
)
"""The columns of the file, each with its meaning."""


def write_tape(file: str | os.PathLike[str], arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]) -> None:
    """Write the columns of a tape; the file appears whole or not at all.

    Args:
        file: Replaced where it exists.
        arrays: One array for each of `COLUMNS`.
        metadata: lot_size, sha256, name and description.

    Raises:
        InputError: The file cannot be written.
    """
    table = pa.table(dict(arrays), schema=pa.schema(FIELDS, metadata={"schema": SCHEMA, **metadata}))
    path = Path(file)
    write_whole(path.parent, {path.name: partial(pq.write_table, table, compression="zstd")})


def read_tape(file: str | os.PathLike[str]) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """The columns and the metadata of a tape that was written.

    Raises:
        InputError: The file is missing, is not Parquet, or holds no tape of this schema.
    """
    remedy = f"a file that TakerTape.to_parquet wrote ({SCHEMA})"
    try:
        with pq.ParquetFile(file) as parquet:
            table = parquet.read()
    except FileNotFoundError:
        raise InputError("there is no such file", source=file) from None
    except (OSError, pa.ArrowException) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"this is not a Parquet file ({reason})", source=file, remedy=remedy) from None
    stored = {
        key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items() if key != b"ARROW:schema"
    }
    expected = [(key, pa.from_numpy_dtype(kind)) for key, kind in COLUMNS.items()]
    if stored.get("schema") != SCHEMA or [(field.name, field.type) for field in table.schema] != expected:
        raise InputError("this holds no taker tape", source=file, remedy=remedy)
    return {key: table[key].to_numpy() for key in COLUMNS}, stored


def lot_size_of(file: str | os.PathLike[str], metadata: Mapping[str, str]) -> Fraction:
    """The lot size that a file of a tape names.

    Raises:
        InputError: It names none.
    """
    try:
        return Fraction(metadata["lot_size"])
    except (KeyError, ValueError, ZeroDivisionError):
        raise InputError("the lot size is missing", source=file, place="metadata lot_size") from None
