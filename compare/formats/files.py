"""Open a file of prices: which kind it is, and what can be wrong with it before a row is read."""

import gzip
import io
import os
import zipfile
import zlib
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from compare.errors import InputError
from compare.formats.csv_file import read_csv
from compare.formats.table import FileKind, Table, make_table

_PARQUET: Final = b"PAR1"
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"


def read_table(file: str | os.PathLike[str], kind: FileKind | None) -> Table:
    """The table in a file.

    Args:
        file: CSV (plain, gzip, or the one member of a zip file) or Parquet.
        kind: What it has to be; None takes what it is.

    Raises:
        InputError: The file is missing, cannot be read, is empty, or is of another kind.
    """
    try:
        with Path(file).open("rb") as stream:
            head = stream.read(len(_PARQUET))
            if not head:
                raise InputError("the file is empty", source=file, remedy="a CSV or Parquet file of times and prices")
            found = FileKind.PARQUET if head == _PARQUET else FileKind.CSV
            if kind not in (None, found):
                raise InputError(f"this is not a {kind} file", source=file, remedy=f"give a {kind} file")
            if found is FileKind.CSV:
                return read_csv(file, _unpacked(head + stream.read(), file))
    except FileNotFoundError:
        raise InputError("there is no such file", source=file) from None
    except OSError as error:
        raise InputError(f"the file cannot be read ({error.strerror or error})", source=file) from None
    return _read_parquet(file)


def _unpacked(data: bytes, file: str | os.PathLike[str]) -> bytes:
    try:
        if data.startswith(_GZIP):
            return gzip.decompress(data)
        if data.startswith(_ZIP):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = archive.namelist()
                if len(members) != 1:
                    problem = f"the zip file holds {len(members)} files"
                    raise InputError(problem, source=file, remedy="a zip file of one CSV file")
                return archive.read(members[0])
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise InputError(f"the file is damaged ({error})", source=file) from None
    return data


def _read_parquet(file: str | os.PathLike[str]) -> Table:
    try:
        # ParquetFile reads this one file; read_table would take folder names such as date=2024 for columns.
        with pq.ParquetFile(file) as parquet:
            table = parquet.read()
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"the Parquet file is damaged ({reason})", source=file) from None
    return make_table(file, table, lambda row: f"row {row + 1}")
