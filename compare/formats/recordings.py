"""Recordings of order books that other tools write: their trades as prices and taker orders.

For the books themselves see `read_level2`, `read_lobster_messages` and `read_event_array`.
"""

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from compare.durations import NS_PER_SECOND
from compare.formats.files import read_table
from compare.formats.integers import read_integers
from compare.formats.layout import Content, Layout, head_numbers
from compare.formats.numbers import is_text, read_numbers, trimmed
from compare.formats.table import FileKind, Table
from orderbook.feeds.event_array import BUY_FLAG, EXCHANGE_FLAG, KIND_BITS, SELL_FLAG, EventKind
from orderbook.feeds.lobster import EMPTY_LEVEL, PRICE_UNITS_PER_DOLLAR, LobsterType

_DAY_IN_NAME: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_EXCHANGE_ZONE: Final = "America/New_York"
_SECONDS_A_DAY: Final = 86_400
_TIME_DIGITS: Final = pa.decimal128(24, 14)  # times that were written from doubles have more than nine decimals
_BOOK: Final = "_orderbook_"
_MESSAGES: Final = "_message_"
_WORDS: Final = 2**64
_CSV_SIDES: Final = ("sell", "buy")


def _executions(table: Table, options: Mapping[str, Any]) -> Table:
    """LOBSTER's executions, visible and hidden: the direction is that of the resting order."""
    kinds = read_numbers(table, "type")
    rows = table.where(np.isin(kinds, (LobsterType.VISIBLE_EXECUTION, LobsterType.HIDDEN_EXECUTION)))
    if not len(rows):
        raise table.error("there is no execution", column="type", remedy="rows of type 4 or 5")
    midnight_ns = _midnight_ns(table, options.get("date"))
    times = _after_midnight_ns(rows) + midnight_ns
    directions = read_numbers(rows, "direction")
    sides = [_CSV_SIDES[direction < 0] for direction in directions.tolist()]
    price = read_numbers(rows, "price") / PRICE_UNITS_PER_DOLLAR
    columns = {"time_ns": times, "dollars": price, "shares": read_numbers(rows, "size"), "taker_side": sides}
    return rows.with_columns({name: pa.chunked_array([pa.array(values)]) for name, values in columns.items()})


def _mid_prices(table: Table, options: Mapping[str, Any]) -> Table:
    """LOBSTER's order book after each message, whose times stand in the message file beside it."""
    file = Path(table.source)
    messages = file.with_name(file.name.replace(_BOOK, _MESSAGES))
    if messages == file or not messages.is_file():
        remedy = f"lay the message file beside it, named as LOBSTER does: ..{_MESSAGES}.. and ..{_BOOK}.."
        raise table.error("the times are in the message file, which is not there", remedy=remedy)
    events = read_table(messages, FileKind.CSV).renamed(list(LOBSTER.columns))
    if len(events) != len(table):
        problem = f"{len(table)} rows, and {len(events)} in {messages.name}"
        raise table.error(problem, remedy="one row of the book for each message")
    ask, bid = read_numbers(table, "ask_price_1"), read_numbers(table, "bid_price_1")
    both = (np.abs(ask) != EMPTY_LEVEL) & (np.abs(bid) != EMPTY_LEVEL)
    if not both.any():
        raise table.error("there is no row with a bid and an ask", remedy="an order-book file")
    times = _midnight_ns(table, options.get("date")) + _after_midnight_ns(events)
    mid = (ask + bid) / 2 / PRICE_UNITS_PER_DOLLAR
    columns = {"time_ns": times, "mid": mid}
    return table.with_columns({name: pa.chunked_array([values]) for name, values in columns.items()}).where(both)


def _is_lobster_book(table: Table) -> bool:
    return _BOOK in Path(table.source).name


def _midnight_ns(table: Table, date: str | None) -> int:
    """Midnight in New York of the day that is given, or stands in the file's name."""
    match = _DAY_IN_NAME.search(table.source)
    said = date or (match[0] if match else "")
    try:
        day = dt.date.fromisoformat(said)
    except ValueError:
        problem = "times count from midnight, and no day is known" if not said else f"{said!r} is no day"
        raise table.error(problem, remedy="give date, such as 2012-06-21") from None
    try:
        zone = ZoneInfo(_EXCHANGE_ZONE)
    except ZoneInfoNotFoundError:
        remedy = "install the system's time zones, or the package tzdata"
        raise table.error(f"this machine does not know the zone {_EXCHANGE_ZONE}", remedy=remedy) from None
    midnight = dt.datetime.combine(day, dt.time(), zone)
    return int(midnight.timestamp()) * NS_PER_SECOND


def _after_midnight_ns(table: Table) -> NDArray[np.int64]:
    column = table.column("time")
    column = trimmed(column) if is_text(column) else column
    try:
        seconds = column.cast(_TIME_DIGITS)
    except pa.ArrowException:
        raise table.error("a time is no number of seconds", column="time", remedy="such as 34200.017459617") from None
    scale = pa.scalar(NS_PER_SECOND, pa.int64()).cast(pa.decimal128(19, 0)).cast(pa.decimal128(10, 0))
    rounded = pc.round(pc.multiply(seconds, scale), round_mode="half_up")
    times: NDArray[np.int64] = rounded.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return times


def _is_lobster(table: Table) -> bool:
    time, kind, direction = (head_numbers(table, name) for name in ("time", "type", "direction"))
    of_a_day = (time >= 0) & (time < _SECONDS_A_DAY)
    return bool((of_a_day & np.isin(kind, list(LobsterType)) & np.isin(direction, (-1, 0, 1))).all())


def _array_trades(table: Table, _options: Mapping[str, Any]) -> Table:
    """Trades of hftbacktest, by the venue's clock: a row that counts only at the recorder stands there once more."""
    events = _event_words(table)
    flags, kinds = events & np.uint64(~KIND_BITS & 0xFFFF_FFFF), events & np.uint64(KIND_BITS)
    kept = (kinds == EventKind.TRADE) & ((flags & np.uint64(EXCHANGE_FLAG)) > 0)
    if not kept.any():
        raise table.error("there is no trade", column="ev", remedy="rows of kind 2 with the flag of the exchange")
    rows, flags = table.where(kept), flags[kept]
    buys, sells = (flags & np.uint64(BUY_FLAG)) > 0, (flags & np.uint64(SELL_FLAG)) > 0
    if (buys == sells).any():
        row = int(np.argmax(buys == sells))
        raise rows.error("the trade has no side", row=row, column="ev", remedy="the flag of buy or that of sell")
    sides = [_CSV_SIDES[is_buy] for is_buy in buys.tolist()]
    return rows.with_columns({"taker_side": pa.chunked_array([sides])})


def _event_words(table: Table) -> NDArray[np.uint64]:
    column = table.column("ev")
    if pa.types.is_unsigned_integer(column.type) and not column.null_count:
        words: NDArray[np.uint64] = column.to_numpy(zero_copy_only=False).astype(np.uint64)
        return words
    numbers = read_integers(table, "ev")
    for row, number in enumerate(numbers):
        if number is None or not 0 <= number < _WORDS:
            raise table.error(f"{number} is no kind and flags", row=row, column="ev", remedy="an integer of 64 bits")
    return np.array(numbers, dtype=np.uint64)


HFTBACKTEST: Final = Layout(
    "hftbacktest",
    "hftbacktest's event arrays (2.x), .npz or .npy: their trades, by the venue's clock",
    Content.TRADES,
    {
        "ev": "what the row is: kind and flags",
        "exch_ts": "ns",
        "local_ts": "ns",
        "px": "quote per base",
        "qty": "base tokens",
        "order_id": "of an order",
        "ival": "anything",
        "fval": "anything",
    },
    time="exch_ts",
    price="px",
    size="qty",
    side="taker_side",
    optional=frozenset({"order_id", "ival", "fval"}),
    prepare=_array_trades,
)

LEVEL_2: Final = Layout(
    "level2",
    "level-2 recordings: snapshots, diffs, trades and best quotes in one table; their trades",
    Content.TRADES,
    {
        "local_ts_ns": "ns, the recorder's clock",
        "exch_ts_ns": "ns, the venue's clock",
        "type": "S snapshot, D diff, T trade, B best bid and ask",
        "side": "1 bids and takers who buy, -1 asks and takers who sell",
        "price": "quote per base",
        "qty": "base tokens",
        "id": "of the update or the trade",
    },
    time="local_ts_ns",
    price="price",
    size="qty",
    side="side",
)

LOBSTER: Final = Layout(
    "lobster",
    "LOBSTER's message files: their executions; the day stands in the file's name or is given as date",
    Content.TRADES,
    {
        "time": "seconds after midnight in New York",
        "type": "1 to 7; 4 and 5 are executions",
        "order_id": "of the resting order",
        "size": "shares",
        "price": "1/10000 dollar",
        "direction": "1 where a buy order rests, -1 a sell order",
        "remark": "anything; in later files",
    },
    time="time_ns",
    price="dollars",
    size="shares",
    side="taker_side",
    optional=frozenset({"remark"}),
    headerless=True,
    header=False,
    fits=_is_lobster,
    prepare=_executions,
)

LOBSTER_BOOK: Final = Layout(
    "lobster-book",
    "LOBSTER's order-book files, with the message file beside them: the mid-price",
    Content.QUOTES,
    {
        "ask_price_1": "1/10000 dollar",
        "ask_size_1": "shares",
        "bid_price_1": "1/10000 dollar",
        "bid_size_1": "shares; deeper levels follow and are not used",
    },
    time="time_ns",
    price="mid",
    headerless=True,
    header=False,
    open_ended=True,
    fits=_is_lobster_book,
    prepare=_mid_prices,
)

LAYOUTS: Final = (HFTBACKTEST, LEVEL_2, LOBSTER, LOBSTER_BOOK)
