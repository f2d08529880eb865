"""LOBSTER's message and order-book files (CSV without a header line), as exact integers."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from compare.errors import InputError
from orderbook.feeds.events import PriceLevel
from orderbook.feeds.lobster import LobsterBookRow, LobsterMessage

_FIELDS: Final = (6, 7)  # later files end each row with a remark
_LEVEL_FIELDS: Final = 4
_NS_DIGITS: Final = 9


def read_lobster_messages(file: str | os.PathLike[str]) -> list[LobsterMessage]:
    """The rows of a message file: time, type, order id, size, price, direction; a seventh field is left out.

    Raises:
        InputError: The file cannot be read, or a row has too few fields or one that is no number; the message names the
            line.
    """
    messages = []
    for line, text in _lines(file):
        fields = text.split(",")
        if len(fields) not in _FIELDS:
            remedy = "a message has six: time, type, order id, size, price, direction"
            raise InputError(f"the row has {len(fields)} fields", source=file, place=f"line {line}", remedy=remedy)
        numbers = [_whole(file, line, field) for field in fields[1:6]]
        messages.append(LobsterMessage(_nanoseconds(file, line, fields[0]), *numbers))
    return messages


def read_lobster_books(file: str | os.PathLike[str]) -> list[LobsterBookRow]:
    """The rows of an order-book file: ask price, ask size, bid price, bid size, level after level.

    Raises:
        InputError: The file cannot be read, or a row has not four fields a level, or one that is no number; the message
            names the line.
    """
    rows = []
    for line, text in _lines(file):
        numbers = [_whole(file, line, field) for field in text.split(",")]
        if len(numbers) % _LEVEL_FIELDS:
            remedy = "a level has four: ask price, ask size, bid price, bid size"
            raise InputError(f"the row has {len(numbers)} fields", source=file, place=f"line {line}", remedy=remedy)
        asks = tuple(map(PriceLevel, numbers[0::4], numbers[1::4]))
        bids = tuple(map(PriceLevel, numbers[2::4], numbers[3::4]))
        rows.append(LobsterBookRow(asks, bids))
    return rows


def _lines(file: str | os.PathLike[str]) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, with their numbers as an editor counts them."""
    try:
        text = Path(file).read_text(encoding="ascii")
    except FileNotFoundError:
        raise InputError("there is no such file", source=file) from None
    except OSError as error:
        raise InputError(f"the file cannot be read ({error.strerror or error})", source=file) from None
    except UnicodeDecodeError:
        raise InputError("this is not a LOBSTER file", source=file, remedy="rows of numbers and commas") from None
    if not text.strip():
        raise InputError("the file is empty", source=file, remedy="one row a message")
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, line


def _whole(file: str | os.PathLike[str], line: int, field: str) -> int:
    try:
        return int(field)
    except ValueError:
        remedy = "all fields but the time are whole numbers"
        raise InputError(
            f"{field.strip()!r} is no whole number", source=file, place=f"line {line}", remedy=remedy
        ) from None


def _nanoseconds(file: str | os.PathLike[str], line: int, field: str) -> int:
    """Seconds after midnight in nanoseconds, the nearest one.

    Files that were written from doubles have more than nine decimals, such as 36754.716797047004: beyond the ninth they
    say how a double is printed, and nothing about the time.
    """
    seconds, _, decimals = field.strip().partition(".")
    if not seconds.isdecimal() or not (decimals or "0").isdecimal():
        remedy = "a time is in seconds after midnight, such as 34200.017459617"
        raise InputError(f"{field.strip()!r} is no time", source=file, place=f"line {line}", remedy=remedy)
    digits = decimals.ljust(_NS_DIGITS + 1, "0")
    rounded_up = digits[_NS_DIGITS] >= "5"
    return int(seconds) * 10**_NS_DIGITS + int(digits[:_NS_DIGITS]) + rounded_up
