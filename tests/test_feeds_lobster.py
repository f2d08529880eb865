"""LOBSTER's files: from text to the same book."""

from fractions import Fraction
from pathlib import Path

import pytest
from recorded_flow import RecordedFlow, lobster_line

from compare.errors import InputError
from compare.formats import read_lobster_books, read_lobster_messages
from orderbook import Side
from orderbook.errors import InvalidParameterError
from orderbook.feeds import (
    CrossTrade,
    DepthBook,
    DepthSnapshot,
    FeedError,
    FeedRecordError,
    OrderAdded,
    OrderDeleted,
    OrderExecuted,
    OrderFeedBook,
    OrderReduced,
    PriceLevel,
    QueuedLots,
    Trade,
    TradingHalt,
    TradingState,
)
from orderbook.feeds.lobster import LobsterMessage, depth_events, opening_snapshot, order_events

# One of each type: two bids at 99.95, an ask at 100.05; the first bid is cut, then trades; the second is deleted.
MESSAGES = """\
34200.000000001,1,11,50,999500,1
34200.000000002,1,12,20,999500,1
34200.5,1,13,30,1000500,-1
34201.25,2,11,10,999500,1
34201.25,5,0,5,1000050,-1
34202,4,11,15,999500,1
34203.1,7,0,0,-1,-1
34203.2,7,0,0,0,-1
34203.3,7,0,0,1,-1
34204.000000000,6,-1,500,1000000,-1
34205,3,12,20,999500,1
"""
# The best two levels after each of them; 9999999999 stands for a level that is not there.
NOBODY = "9999999999,0,-9999999999,0"
ASK = "1000500,30"
BOOKS = "\n".join(
    [
        f"9999999999,0,999500,50,{NOBODY}",
        f"9999999999,0,999500,70,{NOBODY}",
        f"{ASK},999500,70,{NOBODY}",
        *[f"{ASK},999500,60,{NOBODY}"] * 2,
        *[f"{ASK},999500,45,{NOBODY}"] * 5,
        f"{ASK},999500,25,{NOBODY}",
    ]
)


def write(folder: Path, text: str, name: str = "message.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="ascii")
    return file


def test_every_type_of_message_is_an_event(tmp_path: Path) -> None:
    """Eleven rows, all seven types: times to the nanosecond, a hidden trade at half a cent, the takers' sides."""
    events = list(order_events(read_lobster_messages(write(tmp_path, MESSAGES))))
    second = 10**9
    at = 34_200 * second
    assert events == [
        OrderAdded(at + 1, at + 1, 11, Side.BUY, 9_995, 50),
        OrderAdded(at + 2, at + 2, 12, Side.BUY, 9_995, 20),
        OrderAdded(at + second // 2, at + second // 2, 13, Side.SELL, 10_005, 30),
        OrderReduced(at + 5 * second // 4, at + 5 * second // 4, 11, Side.BUY, 9_995, 10),
        Trade(at + 5 * second // 4, at + 5 * second // 4, Fraction(20_001, 2), 5, Side.BUY, hidden=True),
        OrderExecuted(at + 2 * second, at + 2 * second, 11, Side.BUY, 9_995, 15),
        TradingHalt(at + 31 * second // 10, at + 31 * second // 10, TradingState.HALTED),
        TradingHalt(at + 32 * second // 10, at + 32 * second // 10, TradingState.QUOTING),
        TradingHalt(at + 33 * second // 10, at + 33 * second // 10, TradingState.TRADING),
        CrossTrade(at + 4 * second, at + 4 * second, 10_000, 500),
        OrderDeleted(at + 5 * second, at + 5 * second, 12, Side.BUY, 9_995, 20),
    ]


def test_messages_and_order_book_file_agree_at_every_row(tmp_path: Path) -> None:
    """The book rebuilt from the messages has the levels of the order-book file, and the file's own L2 feed too."""
    messages = read_lobster_messages(write(tmp_path, MESSAGES))
    rows = read_lobster_books(write(tmp_path, BOOKS, "orderbook.csv"))
    by_order, by_level = OrderFeedBook(), DepthBook()
    snapshots = (event for event in depth_events(messages, rows) if isinstance(event, DepthSnapshot))
    for event, snapshot in zip(order_events(messages), snapshots, strict=True):
        by_order.apply(event)
        by_level.apply(snapshot)
        assert all(by_order.levels(side) == by_level.levels(side) for side in Side)
    assert by_order.queue_at(Side.BUY, 9_995) == [QueuedLots(11, 25)]


def test_the_trades_of_the_messages_come_with_the_levels(tmp_path: Path) -> None:
    """As an L2 feed the file has a snapshot after each message, and the visible and the hidden trade before theirs."""
    messages = read_lobster_messages(write(tmp_path, MESSAGES))
    rows = read_lobster_books(write(tmp_path, BOOKS, "orderbook.csv"))
    others = [event for event in depth_events(messages, rows) if not isinstance(event, DepthSnapshot)]
    trades = [(event.price, event.size, event.taker_side, event.hidden) for event in others if isinstance(event, Trade)]
    assert trades == [(Fraction(20_001, 2), 5, Side.BUY, True), (9_995, 15, Side.SELL, False)]
    assert [type(event) for event in others].count(TradingHalt) == 3


def test_a_file_that_begins_in_the_middle_of_the_day_starts_from_its_book(tmp_path: Path) -> None:
    """After the second row's book, the other messages are about orders without names, and rebuild the same levels."""
    messages = read_lobster_messages(write(tmp_path, MESSAGES))
    rows = read_lobster_books(write(tmp_path, BOOKS, "orderbook.csv"))
    book = OrderFeedBook()
    book.apply(opening_snapshot(rows[1], messages[1].time_ns))
    for event in order_events(messages[2:]):
        book.apply(event)
    assert book.levels(Side.BUY) == [PriceLevel(9_995, 25)]
    assert book.queue_at(Side.BUY, 9_995) == [QueuedLots(None, 25)]
    with pytest.raises(FeedError, match="order 11 was never added"):
        OrderFeedBook().apply(next(order_events(messages[3:])))


@pytest.mark.parametrize("seed", range(5))
def test_the_file_of_random_operations_rebuilds_our_own_book(tmp_path: Path, seed: int) -> None:
    """1,500 operations on our book, written as a message file and read back: every queue is the same."""
    flow = RecordedFlow(seed)
    flow.run(1_500)
    lines = [lobster_line(event) for event in flow.events]
    lines.insert(len(lines) // 2, lines[len(lines) // 2 - 1].split(",")[0] + ",5,0,3,10050,1")
    messages = read_lobster_messages(write(tmp_path, "\n".join(lines)))
    book = OrderFeedBook()
    for event in order_events(messages):
        book.apply(event)
    for side in Side:
        assert book.levels(side) == flow.levels(side)
        assert {level.price: book.queue_at(side, level.price) for level in book.levels(side)} == flow.queues(side)


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("34200.1,1,11,50,999500", r"line 2: the row has 5 fields; a message has six"),
        ("34200.1,1,11,50,999500,1,x,y", r"line 2: the row has 8 fields"),
        ("34200.1,1,11,5.5,999500,1", r"line 2: '5\.5' is no whole number"),
        ("3.42e4,1,11,50,999500,1", r"line 2: '3\.42e4' is no time"),
        ("-1.5,1,11,50,999500,1", r"line 2: '-1\.5' is no time"),
        (",1,11,50,999500,1", r"line 2: '' is no time"),
    ],
)
def test_a_wrong_row_is_named_by_its_line(tmp_path: Path, row: str, named: str) -> None:
    """Too short, too long, no number, no time: the file, the line, the value and the rule."""
    with pytest.raises(InputError, match=named):
        read_lobster_messages(write(tmp_path, f"34200.0,1,10,5,999500,1\n{row}\n"))


def test_a_seventh_field_is_a_remark(tmp_path: Path) -> None:
    """Later files end each row with one, and it is left out."""
    assert read_lobster_messages(write(tmp_path, "34200.5,1,11,50,999500,1,null\n")) == [
        LobsterMessage(34_200_500_000_000, 1, 11, 50, 999_500, 1)
    ]


def test_a_time_printed_from_a_double_is_the_nearest_nanosecond(tmp_path: Path) -> None:
    """More than nine decimals, as real files have them, and whole seconds, are exact nanoseconds."""
    times = ("36754.716797047004", "36754.716797046999", "36755", "36755.9999999996")
    rows = "\n".join(f"{time},1,{number},5,999500,1" for number, time in enumerate(times))
    read = [message.time_ns for message in read_lobster_messages(write(tmp_path, rows))]
    assert read == [36_754_716_797_047, 36_754_716_797_047, 36_755 * 10**9, 36_756 * 10**9]


@pytest.mark.parametrize(
    ("message", "named"),
    [
        (LobsterMessage(5, 8, 1, 1, 100, 1), "record 1: type is 8; a type is a number from 1 to 7"),
        (LobsterMessage(5, 1, 1, 0, 100, 1), "record 1: size is 0; a size is a positive number"),
        (LobsterMessage(5, 1, 1, 1, -100, 1), "record 1: price is -100; a price is positive"),
        (LobsterMessage(5, 1, 1, 1, 150, 1), "record 1: price is 150; a price is a multiple of the tick, 100"),
        (LobsterMessage(5, 1, 1, 1, 100, 0), "record 1: direction is 0; a direction is 1 or -1"),
        (LobsterMessage(5, 7, 0, 0, 2, -1), "record 1: price is 2; the price of a halt is -1, 0 or 1"),
        (LobsterMessage(3, 1, 1, 1, 100, 1), "record 1: time_ns is 3; time does not go back from 4"),
    ],
)
def test_a_message_that_the_format_does_not_allow_is_named(message: LobsterMessage, named: str) -> None:
    """Unknown types, directions and halts, zero sizes, negative and off-tick prices, and time that goes back."""
    with pytest.raises(FeedRecordError, match=named):
        list(order_events([LobsterMessage(4, 1, 9, 1, 100, 1), message]))


def test_a_finer_tick_takes_what_a_cent_refuses() -> None:
    """Below a dollar NASDAQ ticks are a hundredth of a cent: one unit of the file."""
    [event] = order_events([LobsterMessage(4, 1, 9, 1, 5_001, 1)], price_units_per_tick=1)
    assert isinstance(event, OrderAdded)
    assert event.price == 5_001
    with pytest.raises(InvalidParameterError, match="price_units_per_tick is 0"):
        list(order_events([], price_units_per_tick=0))


def test_the_two_files_have_equally_many_rows(tmp_path: Path) -> None:
    """A row too few or too many in the order-book file is an error; so is a level of other than four fields."""
    messages = read_lobster_messages(write(tmp_path, MESSAGES))
    rows = read_lobster_books(write(tmp_path, BOOKS, "orderbook.csv"))
    with pytest.raises(FeedError, match="message 10 has no row"):
        list(depth_events(messages, rows[:-1]))
    with pytest.raises(FeedError, match="goes on after message 10"):
        list(depth_events(messages, [*rows, rows[-1]]))
    with pytest.raises(InputError, match="line 1: the row has 3 fields; a level has four"):
        read_lobster_books(write(tmp_path, "1,2,3", "short.csv"))


@pytest.mark.parametrize(
    ("content", "named"), [(b"", "the file is empty"), (b"\xff\xfe", "not a LOBSTER file"), (None, "no such file")]
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes | None, named: str) -> None:
    """Empty, binary or missing: one typed error."""
    file = tmp_path / "message.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError, match=named):
        read_lobster_messages(file)
