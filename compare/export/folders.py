"""Every table in a folder of results, or in a pool's history, as other files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from compare.errors import InputError
from compare.export.table_files import ExportKind, write_table
from compare.export.tables import history_table
from compare.history import MANIFEST, History

if TYPE_CHECKING:
    from pathlib import Path


def export_folder(source: Path, kind: ExportKind, out: Path | None = None) -> list[Path]:
    """Write every table of a result as another kind of file.

    Args:
        source: A folder of results, the folder of a pool's history, or one Parquet file.
        kind: Of the new files.
        out: Where they go; by default beside what they are made from.

    Returns:
        The files written.

    Raises:
        InputError: There is no table, a file cannot be read or written, or it would be written over itself.
    """
    folder = out or (source if source.is_dir() else source.parent)
    if kind is ExportKind.PARQUET and folder in (source, source.parent) and not (source / MANIFEST).exists():
        raise InputError("the tables are Parquet already", source=source, remedy="name another folder with --out")
    written: list[Path] = []
    for name, table in _tables(source):
        written += write_table(table, folder / f"{name}.{kind}")
    return written


def _tables(source: Path) -> list[tuple[str, Any]]:
    if (source / MANIFEST).is_file():
        return [("history", history_table(History.open(source)))]
    files = sorted(source.glob("*.parquet")) if source.is_dir() else [source]
    if not files:
        remedy = "a folder that lpmm compare --out wrote, or one of a pool's history"
        raise InputError("holds no table", source=source, remedy=remedy)
    return [(file.stem, _read(file)) for file in files]


def _read(file: Path) -> Any:  # noqa: ANN401  pyarrow ships no types
    try:
        with pq.ParquetFile(file) as parquet:
            return parquet.read()
    except FileNotFoundError:
        raise InputError("there is no such file", source=file) from None
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"is no Parquet file ({str(error).splitlines()[0]})", source=file) from None
