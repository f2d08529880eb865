"""A price path on disk: one Parquet file of whole ticks, with the size of a tick, the origin and the hash."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from compare.errors import InputError
from compare.files import write_whole

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from compare.paths import PricePath

SCHEMA: Final = "lpmm price path 1"
FIELDS: Final = (
    pa.field(
        "time_ns",
        pa.int64(),
        nullable=False,
        metadata={"unit": "nanoseconds since 1970-01-01 UTC", "meaning": "strictly increasing"},
    ),
    pa.field(
        "ticks",
        pa.int64(),
        nullable=False,
        metadata={"unit": "ticks of tick_size, in this schema's metadata", "meaning": "the fair price from then on"},
    ),
)
"""The columns of the file, each with its meaning."""
_MAGIC: Final = b"PAR1"


class StoredPath(NamedTuple):
    """What a file holds: the arguments of a `PricePath`, and the hash it must have."""

    time_ns: NDArray[np.int64]
    ticks: NDArray[np.int64]
    tick_size: Fraction
    name: str
    description: str
    max_relative_error: float
    sha256: str


def path_table(path: PricePath) -> Any:  # noqa: ANN401  pyarrow ships no types
    """A price path as a pyarrow table: whole ticks, with the size of one in the metadata."""
    said = {
        "schema": SCHEMA,
        "tick_size": str(path.tick_size),
        "sha256": path.sha256,
        "name": path.name,
        "description": path.description,
        "max_relative_error": repr(path.max_relative_error),
    }
    return pa.table({"time_ns": path.time_ns, "ticks": path.ticks}, schema=pa.schema(FIELDS, metadata=said))


def write_path(path: PricePath, file: str | os.PathLike[str]) -> None:
    """Write a path; `PricePath.from_file` reads the same one. The file appears whole or not at all.

    Raises:
        InputError: The file cannot be written.
    """
    target, table = Path(file), path_table(path)
    write_whole(target.parent, {target.name: lambda place: pq.write_table(table, place, compression="zstd")})


def stored_path(file: object) -> StoredPath | None:
    """The path in a file that `write_path` wrote; None for any other source.

    Raises:
        InputError: The file says that it is one, and is damaged.
    """
    if not isinstance(file, str | os.PathLike) or not _is_parquet(file):
        return None
    try:
        with pq.ParquetFile(file) as parquet:
            said = {key.decode(): value.decode() for key, value in (parquet.schema_arrow.metadata or {}).items()}
            if said.get("schema") != SCHEMA:
                return None
            table = parquet.read()
        time_ns, ticks = (table[name].to_numpy() for name in ("time_ns", "ticks"))
        error = float(said["max_relative_error"])
        about = (said["name"], said["description"], error, said["sha256"])
        return StoredPath(time_ns, ticks, Fraction(said["tick_size"]), *about)
    except (OSError, pa.ArrowException, KeyError, ValueError, ZeroDivisionError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"the price path is damaged ({reason})", source=file) from None


def _is_parquet(file: str | os.PathLike[str]) -> bool:
    try:
        with Path(file).open("rb") as stream:
            return stream.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False
