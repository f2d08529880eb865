"""Columns of whole numbers of any size, exact: a double, which keeps 15 to 17 digits, is refused."""

import re
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from compare.formats.numbers import is_text
from compare.formats.raw_logs import WORD
from compare.formats.table import Table

_WHOLE: Final = re.compile(r"([+-]?)(\d+)(?:\.(\d*))?")
_DECIMAL: Final = re.compile(r"\s*[+-]?\d+\.\d+\s*")
_HEXADECIMAL: Final = re.compile(r"0x[0-9a-fA-F]+")
_REMEDY: Final = "write all digits, as a whole number or as text"


def read_integers(table: Table, name: str, *, signed: bool = False, decimals: int = 0) -> list[int | None]:
    """The numbers of a column, None where there is none.

    Args:
        table: The table.
        name: A column of integers, decimals, text, or big-endian words of 32 bytes.
        signed: Whether such words are signed.
        decimals: A number counts so many times ten of the units that are returned: 6 turns 1.5 into 1,500,000.

    Raises:
        InputError: No such column, one of doubles, or a value that is no whole number of units; the message names the
            row.
    """
    column = table.column(name)
    if pa.types.is_floating(column.type):
        problem = f"this is {column.type}, which keeps some 15 digits"
        raise table.error(problem, column=name, remedy="a column of text or decimals, such as event__amount0_string")
    numbers: list[int | None] = []
    scale = int(10**decimals)
    for row, value in enumerate(column.to_pylist()):
        if isinstance(value, str) and value.removeprefix("-").isdecimal() and value.isascii():
            numbers.append(int(value) * scale)
            continue
        try:
            numbers.append(None if value is None or value == "" else _integer(value, signed=signed, decimals=decimals))
        except ValueError as error:
            raise table.error(str(error), row=row, column=name, remedy=_REMEDY) from None
    return numbers


def counts_whole_tokens(table: Table, name: str) -> bool:
    """Whether some amount of a column has a decimal point, which no number of smallest units has."""
    column = table.column(name)
    if pa.types.is_decimal(column.type):
        return bool(column.type.scale > 0)
    return bool(is_text(column)) and any(_DECIMAL.fullmatch(value) for value in column.to_pylist() if value)


def _integer(value: Any, *, signed: bool, decimals: int) -> int:  # noqa: ANN401  whatever a column holds
    if isinstance(value, int) and not isinstance(value, bool):
        return value * int(10**decimals)
    if isinstance(value, bytes):
        if len(value) != WORD:
            raise ValueError(f"a word of {len(value)} bytes instead of {WORD}")
        return int.from_bytes(value, "big", signed=signed)
    text = f"{value:f}" if isinstance(value, Decimal) else str(value).strip()
    if _HEXADECIMAL.fullmatch(text):
        return int(text, 16)
    match = _WHOLE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:40]!r} does not show all digits of a number")
    fraction = (match[3] or "").rstrip("0")
    if len(fraction) > decimals:
        raise ValueError(f"{text[:40]!r} is no whole number of units of {decimals} decimals")
    number = int(match[2] + fraction.ljust(decimals, "0"))
    return -number if match[1] == "-" else number
