"""A column of times as integer nanoseconds since 1970-01-01 UTC."""

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from compare.formats.names import split_unit
from compare.formats.numbers import is_text, trimmed
from compare.formats.table import Array, Table, first_failure

UNIT_NS: Final = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}

# From here (1973) to a thousand times this a number is in seconds; then come milliseconds, and so on, without a gap.
_FIRST_SECONDS: Final = 10**8
_ISO: Final = "write ISO 8601 such as 2025-10-10T21:20:00Z, or an epoch number"
_DECIMALS: Final = pa.decimal128(27, 9)  # times a factor of ten digits it fills Arrow's 38
_ZONE: Final = r"\d:\d{2}[^+Z-]*(?P<zone>Z|[+-]\d{2}(?::?\d{2})?)$"
_UTC_ZONES: Final = ("Z", "+00", "+0000", "+00:00", "-00:00")


def read_times(table: Table, name: str, unit: str | None) -> NDArray[np.int64]:
    """int64[n]: a column of epoch numbers, timestamps, dates or ISO 8601 text.

    Args:
        table: The table.
        name: The column.
        unit: The unit of epoch numbers; None infers it from the column's name or the size of the numbers.

    Raises:
        InputError: No such column, a missing or unreadable time, several units or several zones in one column.
    """
    column = table.column(name)
    if column.null_count:
        row = int(pc.index(column.is_null(), True).as_py())
        raise table.error("the time is missing", row=row, column=name, remedy=_ISO)
    if is_text(column):
        column = trimmed(column)
        if not _is_epoch(column[0].as_py()):
            return _from_iso(table, name, column)
        column = _epoch_numbers(table, name, column)
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        return _from_timestamps(table, name, column)
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type)):
        raise table.error(f"this is {column.type}", column=name, remedy="a column of times")
    return _from_epoch(table, name, column, unit)


def _from_epoch(table: Table, name: str, column: Array, unit: str | None) -> NDArray[np.int64]:
    """Epoch numbers: whole ones exactly, decimals to the nearest nanosecond that they carry."""
    size = column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    if not np.isfinite(size).all():
        raise table.error("the time is not finite", row=int(np.argmin(np.isfinite(size))), column=name, remedy=_ISO)
    scale = UNIT_NS[unit or _inferred_unit(table, name, size)]
    if np.abs(size).max() * scale >= 2**63:
        row = int(np.argmax(np.abs(size)))
        raise table.error(f"{column[row].as_py()} lies after the year 2262", row=row, column=name, remedy=_ISO)
    if pa.types.is_integer(column.type) or (pa.types.is_decimal(column.type) and column.type.scale == 0):
        return _int64(column) * scale
    if pa.types.is_decimal(column.type):
        factor = pa.scalar(scale, pa.int64()).cast(pa.decimal128(19, 0)).cast(pa.decimal128(10, 0))
        return _int64(pc.round(pc.multiply(column.cast(_DECIMALS), factor)))
    whole = np.floor(size)
    times: NDArray[np.int64] = whole.astype(np.int64) * scale + np.rint((size - whole) * scale).astype(np.int64)
    return times


def _inferred_unit(table: Table, name: str, size: NDArray[np.float64]) -> str:
    """The unit that the column's name says or the size of the numbers does; where both speak they agree."""
    named = split_unit(name)[1]
    if named is not None and abs(size[0]) < _FIRST_SECONDS:
        return named  # a clock that starts near zero
    bands = np.floor_divide(np.log10(np.maximum(np.abs(size), 1)) - np.log10(_FIRST_SECONDS), 3).astype(np.int64)
    first = dict(enumerate(UNIT_NS)).get(int(bands[0]))
    if first is None:
        problem = f"{size[0]:.17g} is no time since 1970 in s, ms, us or ns"
        raise table.error(problem, row=0, column=name, remedy=f"{_ISO}, or name its unit with time_unit")
    if named not in (None, first):
        problem = f"{size[0]:.17g} is a time in {first}, and the column's name says {named}"
        raise table.error(problem, row=0, column=name, remedy="name the unit with time_unit")
    other = bands != bands[0]
    if other.any():
        row = int(np.argmax(other))
        problem = f"{size[row]:.17g} is not a time in {first}, as the first row is"
        raise table.error(problem, row=row, column=name, remedy="use one unit in the whole column")
    return first


def _epoch_numbers(table: Table, name: str, words: Array) -> Array:
    """Text of epoch numbers: whole where all are, else decimals with nine places."""
    for kind in (pa.int64(), _DECIMALS):
        try:
            return words.cast(kind)
        except pa.ArrowException:
            continue
    row = first_failure(words, lambda part: part.cast(_DECIMALS))
    problem = f"{words[row].as_py()!r} is not an epoch number, as the first row is"
    raise table.error(problem, row=row, column=name, remedy="use one kind of time, with at most nine decimals")


def _from_iso(table: Table, name: str, words: Array) -> NDArray[np.int64]:
    words = pc.replace_substring_regex(words, r" ?UTC$", "Z")
    zones = pc.fill_null(pc.struct_field(pc.extract_regex(words, _ZONE), "zone"), "")
    zones = pc.if_else(pc.is_in(zones, value_set=pa.array(_UTC_ZONES)), "Z", zones)
    other = pc.not_equal(zones, zones[0]).to_numpy(zero_copy_only=False)
    kind = pa.timestamp("ns", "UTC") if zones[0].as_py() else pa.timestamp("ns")
    try:
        times = words.cast(kind)
    except pa.ArrowException:
        row = first_failure(words, lambda part: part.cast(kind))
        if not other[row]:
            problem = f"{words[row].as_py()!r} is not a time from 1677 to 2262"
            raise table.error(problem, row=row, column=name, remedy=_ISO) from None
    if other.any():
        row = int(np.argmax(other))
        here, first = (zone.as_py() or "no zone" for zone in (zones[row], zones[0]))
        problem = f"the time has {here} and the first row has {first}"
        raise table.error(problem, row=row, column=name, remedy="use one zone in the whole column, best UTC")
    return _from_timestamps(table, name, times)


def _from_timestamps(table: Table, name: str, column: Array) -> NDArray[np.int64]:
    """Timestamps and dates: Arrow keeps those with a zone in UTC, and one without is taken for UTC."""
    try:
        nanoseconds = column.cast(pa.timestamp("ns"))
    except pa.ArrowException:
        row = first_failure(column, lambda part: part.cast(pa.timestamp("ns")))
        raise table.error("the time is not one from 1677 to 2262", row=row, column=name, remedy=_ISO) from None
    return _int64(nanoseconds)


def _int64(column: Array) -> NDArray[np.int64]:
    numbers: NDArray[np.int64] = column.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return numbers


def _is_epoch(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
