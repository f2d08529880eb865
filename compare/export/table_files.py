"""A table as a file: Parquet, CSV or JSON, and read back to the same table.

Parquet has the schema, units and meanings inside. Beside a CSV file NAME.csv stands NAME.schema.json with them; a JSON
file has them first, then its rows.
"""

from __future__ import annotations

import io
import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from compare.errors import InputError
from compare.exact_columns import TEXT, is_integers
from compare.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

_OF_FIELD: Final = ("name", "column", "nullable")
SCHEMA_SUFFIX: Final = ".schema.json"
_TYPES: Final = {
    str(kind): kind
    for kind in (pa.int8(), pa.uint8(), pa.int16(), pa.int32(), pa.int64(), pa.float64(), pa.string(), pa.bool_())
}


class ExportKind(StrEnum):
    """The kinds of file that a table is written as."""

    PARQUET = "parquet"
    CSV = "csv"
    JSON = "json"


def write_table(table: Any, file: Path) -> list[Path]:  # noqa: ANN401  pyarrow ships no types
    """Write a table as what the file's name ends with: .parquet, .csv or .json; whole or not at all.

    Returns:
        The files written: of CSV also the one with the schema.

    Raises:
        InputError: The name ends with something else, or the file cannot be written.
    """
    kind = _kind(file)
    writers = {file.name: lambda path: path.write_bytes(_bytes(table, kind))}
    if kind is ExportKind.CSV:
        text = json.dumps(table_document(table), indent=1) + "\n"
        writers[file.stem + SCHEMA_SUFFIX] = lambda path: path.write_text(text, encoding="utf-8")
    return write_whole(file.parent, writers)


def read_table(file: Path) -> Any:  # noqa: ANN401  pyarrow ships no types
    """A table that `write_table` wrote, the same in every value, type and word of its schema.

    Raises:
        InputError: The file is missing, or is no such table.
    """
    kind = _kind(file)
    try:
        if kind is ExportKind.PARQUET:
            with pq.ParquetFile(file) as parquet:
                return parquet.read()
        if kind is ExportKind.CSV:
            document = json.loads(file.with_name(file.stem + SCHEMA_SUFFIX).read_text(encoding="utf-8"))
            return _from_csv(file.read_bytes(), _schema(document))
        document = json.loads(file.read_text(encoding="utf-8"))
        return _from_rows(document["rows"], _schema(document))
    except OSError as error:
        name = error.filename or file
        raise InputError(f"cannot be read ({error.strerror or error})", source=name) from None
    except (pa.ArrowException, KeyError, TypeError, ValueError) as error:
        problem = f"is no table of this program ({str(error).splitlines()[0]})"
        raise InputError(problem, source=file, remedy="a file that write_table wrote") from None


def table_document(table: Any) -> dict[str, Any]:  # noqa: ANN401  pyarrow ships no types
    """What a schema says, ready for JSON: the table's name and metadata, and each column's type, unit and meaning."""
    return {
        "metadata": {key: value for key, value in _words(table.schema.metadata).items() if key != "ARROW:schema"},
        "columns": [
            {"name": field.name, "column": str(field.type), "nullable": field.nullable, **_words(field.metadata)}
            for field in table.schema
        ],
    }


def _kind(file: Path) -> ExportKind:
    try:
        return ExportKind(file.suffix.removeprefix(".").lower())
    except ValueError:
        remedy = f"a name that ends with one of {', '.join('.' + kind for kind in ExportKind)}"
        raise InputError(f"{file.suffix or 'no ending'} is no kind of table", source=file, remedy=remedy) from None


def _bytes(table: Any, kind: ExportKind) -> bytes:  # noqa: ANN401  pyarrow ships no types
    sink = io.BytesIO()
    if kind is ExportKind.PARQUET:
        pq.write_table(table, sink, compression="zstd")
    elif kind is ExportKind.CSV:
        pa.csv.write_csv(table, sink)
    else:
        text = [column.cast(TEXT) if is_integers(field) else column for field, column in _columns(table)]
        rows = pa.table(text, names=table.column_names).to_pylist()
        lines = ",\n".join(map(json.dumps, rows))
        head = json.dumps(table_document(table), indent=1).removesuffix("\n}")
        sink.write(f'{head},\n "rows": [\n{lines}\n]\n}}\n'.encode())
    return sink.getvalue()


def _columns(table: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401  pyarrow ships no types
    return list(zip(table.schema, table.columns, strict=True))


def _from_csv(data: bytes, schema: Any) -> Any:  # noqa: ANN401  pyarrow ships no types
    """Every column as text first: only so does an empty text differ from none, and no digit is lost."""
    options = pa.csv.ConvertOptions(
        column_types=dict.fromkeys(schema.names, TEXT),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    # In a table of one column a row of nothing is an empty line.
    lines = pa.csv.ParseOptions(ignore_empty_lines=False)
    table = pa.csv.read_csv(io.BytesIO(data), parse_options=lines, convert_options=options)
    return pa.table([table[field.name].cast(field.type) for field in schema], schema=schema)


def _from_rows(rows: list[dict[str, Any]], schema: Any) -> Any:  # noqa: ANN401  pyarrow ships no types
    text = pa.schema([field.with_type(TEXT) if is_integers(field) else field for field in schema])
    table = pa.Table.from_pylist(rows, schema=text)
    return pa.table([table[field.name].cast(field.type) for field in schema], schema=schema)


def _schema(document: dict[str, Any]) -> Any:  # noqa: ANN401  pyarrow ships no types
    fields = []
    for column in document["columns"]:
        said = {key: value for key, value in column.items() if key not in _OF_FIELD}
        kind = _TYPES.get(column["column"]) or _decimal(column["column"])
        fields.append(pa.field(column["name"], kind, column["nullable"], metadata=said))
    return pa.schema(fields, metadata=document["metadata"])


def _decimal(words: str) -> Any:  # noqa: ANN401  pyarrow ships no types
    for kind in (pa.decimal128(38, 0), pa.decimal256(76, 0)):
        if words == str(kind):
            return kind
    raise ValueError(f"{words} is no type of a column")


def _words(metadata: dict[bytes, bytes] | None) -> dict[str, str]:
    return {key.decode(): value.decode() for key, value in (metadata or {}).items()}
