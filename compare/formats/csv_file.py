"""CSV text as a table of strings: delimiter, header line and line numbers."""

import csv
import io
import math
import os
from functools import partial
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv

from compare.errors import InputError
from compare.formats.table import Table, make_table

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_DELIMITERS: Final = ",;\t|"
_REMARKS: Final = (b"http://", b"https://")  # CryptoDataDownload puts its address above the header


def read_csv(file: str | os.PathLike[str], data: bytes) -> Table:
    """The table in CSV text, every column as strings.

    Args:
        file: Its name, for errors.
        data: UTF-8 text.

    Raises:
        InputError: Not text in UTF-8, no row, or rows of different lengths.
    """
    data = data.removeprefix(_BYTE_ORDER_MARK).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if b"\0" in data:
        raise InputError("this is not a CSV file", source=file, remedy="a text file in UTF-8, or a Parquet file")
    lines_before, remarks, first_line = _first_line(file, data)
    delimiter = max(_DELIMITERS, key=first_line.count)
    try:
        fields = [field.strip() for field in next(csv.reader([first_line], delimiter=delimiter))]
    except csv.Error as error:
        raise InputError(f"the first line is not CSV ({error})", source=file, remedy="a line of column names") from None
    has_header = not any(_is_number(field) for field in fields)
    names = fields if has_header else [f"column {number}" for number in range(1, len(fields) + 1)]
    locate = partial(_line_of, data, remarks + has_header)
    skipped = lines_before + has_header
    uneven: list[Any] = []

    def keep_uneven(row: Any) -> str:  # noqa: ANN401  pyarrow ships no types
        uneven.append(row)
        return "skip"

    try:
        table = pa.csv.read_csv(
            io.BytesIO(data),
            # One thread: only then does pyarrow number the rows it refuses.
            pa.csv.ReadOptions(column_names=names, skip_rows=skipped, use_threads=False),
            pa.csv.ParseOptions(delimiter=delimiter, invalid_row_handler=keep_uneven),
            pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    except pa.ArrowException as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"this is not a CSV file in UTF-8 ({reason})", source=file) from None
    if uneven:
        row = uneven[0]
        raise InputError(
            f"{row.actual_columns} fields where there should be {row.expected_columns}",
            source=file,
            place=locate(row.number - 1 - skipped),
            remedy="every row has a field for each column",
        )
    return make_table(file, table, locate, has_header=has_header)


def _first_line(file: str | os.PathLike[str], data: bytes) -> tuple[int, int, str]:
    """How many lines stand before the first of the table, how many of them are not blank, and that line."""
    remarks = 0
    for before, line in enumerate(io.BytesIO(data)):
        if line.startswith(_REMARKS):
            remarks += 1
        elif line.strip():
            try:
                return before, remarks, line.decode().rstrip("\n")
            except UnicodeDecodeError:
                raise InputError("the text is not in UTF-8", source=file, remedy="save it as UTF-8") from None
    raise InputError("the file is empty", source=file, remedy="a CSV file of times and prices")


def _line_of(data: bytes, header_lines: int, row: int) -> str:
    """The line, counted as an editor does, of a row of the table; blank lines are no rows."""
    lines = (number for number, line in enumerate(io.BytesIO(data), 1) if line.strip(b"\n"))
    for index, number in enumerate(lines):
        if index == row + header_lines:
            return f"line {number}"
    return f"row {row + 1}"


def _is_number(field: str) -> bool:
    try:
        return math.isfinite(float(field))
    except ValueError:
        return False
