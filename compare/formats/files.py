"""Open a file: which kind it is, and what can be wrong with it before a row is read."""

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
from compare.formats.array_table import array_table, load_array
from compare.formats.csv_file import read_csv
from compare.formats.json_file import read_json
from compare.formats.table import FileKind, Table, make_table

_PARQUET: Final = b"PAR1"
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_ZSTANDARD: Final = b"\x28\xb5\x2f\xfd"
_NUMPY: Final = b"\x93NUMPY"
_JSON: Final = (b"[", b"{")


def read_table(file: str | os.PathLike[str], kind: FileKind | None) -> Table:
    """The table in a file.

    Args:
        file: CSV or JSON (plain, gzip, Zstandard, or the one member of a zip file), Parquet, or NumPy's .npy or .npz.
        kind: What it has to be; None takes what it is.

    Raises:
        InputError: The file is missing, cannot be read, is empty, or is of another kind.
    """
    try:
        with Path(file).open("rb") as stream:
            head = stream.read(len(_NUMPY))
            if not head:
                raise InputError("the file is empty", source=file, remedy="a CSV or Parquet file of times and prices")
            if head.startswith(_PARQUET):
                _require(FileKind.PARQUET, kind, file)
                return _read_parquet(file)
            data = head + stream.read()
    except FileNotFoundError:
        raise InputError("there is no such file", source=file) from None
    except OSError as error:
        raise InputError(f"the file cannot be read ({error.strerror or error})", source=file) from None
    if is_numpy(data):
        _require(FileKind.NUMPY, kind, file)
        return array_table(load_array(file), os.fspath(file))
    text = _uncompressed(data, file)
    if text.lstrip().startswith(_JSON):
        _require(FileKind.JSON, kind, file)
        return read_json(file, text)
    _require(FileKind.CSV, kind, file)
    return read_csv(file, text)


def unpacked(file: str | os.PathLike[str]) -> bytes:
    """The bytes of a file, uncompressed.

    Raises:
        InputError: It cannot be read, or is damaged.
    """
    try:
        return _uncompressed(Path(file).read_bytes(), file)
    except OSError as error:
        raise InputError(f"the file cannot be read ({error.strerror or error})", source=file) from None


def is_numpy(data: bytes) -> bool:
    """Whether these are the bytes of an array, or of an archive of arrays."""
    if data.startswith(_NUMPY):
        return True
    if not data.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return all(name.endswith(".npy") for name in archive.namelist())
    except zipfile.BadZipFile:
        return False


def _require(found: FileKind, kind: FileKind | None, file: str | os.PathLike[str]) -> None:
    if kind not in (None, found):
        raise InputError(f"this is not a {kind} file", source=file, remedy=f"give a {kind} file")


def _uncompressed(data: bytes, file: str | os.PathLike[str]) -> bytes:
    try:
        if data.startswith(_GZIP):
            return gzip.decompress(data)
        if data.startswith(_ZSTANDARD):
            with pa.CompressedInputStream(pa.BufferReader(data), "zstd") as stream:
                return bytes(stream.read())
        if data.startswith(_ZIP):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = archive.namelist()
                if len(members) != 1:
                    problem = f"the zip file holds {len(members)} files"
                    raise InputError(problem, source=file, remedy="a zip file of one CSV file")
                return archive.read(members[0])
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, pa.ArrowException) as error:
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
