"""Arrays of records in Parquet files, read and written one row group at a time: batches that are longer than memory."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from compare.errors import InputError

Records = NDArray[np.void]

ROWS = 1 << 16
"""Records in memory at a time."""
_BUFFER = 1 << 16
"""Bytes of a column read at a time; otherwise a file is read ahead of what is asked for."""


def write_records(path: Path, batches: Iterable[Records], dtype: "np.dtype[np.void]") -> None:
    """Write arrays of one dtype one after another; wide integers become binary, little-endian.

    Args:
        path: the file.
        batches: arrays of that dtype.
        dtype: one of those of amm.batch.
    """
    with pq.ParquetWriter(path, _schema(dtype)) as writer:
        for batch in batches:
            columns = [_column(batch[name], kind) for name, kind in _fields(dtype)]
            writer.write_batch(pa.record_batch(columns, schema=writer.schema))


def read_records(path: Path, dtype: "np.dtype[np.void]", rows: int = ROWS) -> Iterator[Records]:
    """Read what write_records wrote, so many records at a time, for the streams of amm.batch.

    Raises:
        InputError: if the file does not hold such records.
    """
    with pq.ParquetFile(path, pre_buffer=False, buffer_size=_BUFFER) as file:
        if not file.schema_arrow.equals(_schema(dtype)):
            raise InputError(f"its columns are not {dtype.names}", source=path)
        for batch in file.iter_batches(rows):
            records = np.empty(len(batch), dtype=dtype)
            for (name, kind), column in zip(_fields(dtype), batch.columns, strict=True):
                values = np.frombuffer(column.buffers()[1], dtype=kind.base)
                first, width = column.offset, int(np.prod(kind.shape))
                records[name] = values[first * width : (first + len(batch)) * width].reshape(len(batch), *kind.shape)
            yield records


def _fields(dtype: "np.dtype[np.void]") -> list[tuple[str, "np.dtype[np.generic]"]]:
    return [(name, entry[0]) for name, entry in (dtype.fields or {}).items()]


def _schema(dtype: "np.dtype[np.void]") -> pa.Schema:
    """Machine integers as they are, limbs as so many bytes."""
    return pa.schema(
        [
            pa.field(name, pa.binary(kind.itemsize) if kind.shape else pa.int64(), nullable=False)
            for name, kind in _fields(dtype)
        ]
    )


def _column(values: NDArray[np.generic], kind: "np.dtype[np.generic]") -> pa.Array:
    if not kind.shape:
        return pa.array(values, type=pa.int64())
    buffers = [None, pa.py_buffer(np.ascontiguousarray(values))]
    return pa.Array.from_buffers(pa.binary(kind.itemsize), len(values), buffers)
