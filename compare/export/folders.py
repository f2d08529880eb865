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
    from collections.abc import Iterator
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
    home = source if source.is_dir() else source.parent
    folder = out or home
    if kind is ExportKind.PARQUET and folder == home and not (source / MANIFEST).exists():
        raise InputError("the tables are Parquet already", source=source, remedy="name another folder with --out")
    written: list[Path] = []
    for name, table in _tables(source):
        written += write_table(table, folder / f"{name}.{kind}")
    return written


def _tables(source: Path) -> Iterator[tuple[str, Any]]:
    """The tables and their names; those of folders inside have the folders' names before their own."""
    if (source / MANIFEST).is_file():
        yield "history", history_table(History.open(source))
        return
    home = source if source.is_dir() else source.parent
    files = sorted(source.rglob("*.parquet")) if source.is_dir() else [source]
    if not files:
        remedy = "a folder that lpmm compare --out wrote, or one of a pool's history"
        raise InputError("holds no table", source=source, remedy=remedy)
    for file in files:
        yield str(file.relative_to(home).with_suffix("")), _read(file)


def _read(file: Path) -> Any:  # noqa: ANN401  pyarrow ships no types
    try:
        with pq.ParquetFile(file) as parquet:
            said = (parquet.schema_arrow.metadata or {}).get(b"schema", b"")
            if said.startswith(b"lpmm "):
                return parquet.read()
        raise InputError("is no table of this program", source=file, remedy="one that lpmm compare --out wrote")
    except FileNotFoundError:
        raise InputError("there is no such file", source=file) from None
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"is no Parquet file ({str(error).splitlines()[0]})", source=file) from None
