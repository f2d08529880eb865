"""hftbacktest's event arrays: from an .npz file to the same books."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from recorded_flow import RecordedFlow

from compare.errors import InputError
from compare.formats import read_event_array, read_level2
from orderbook import Instrument, Side
from orderbook.feeds import (
    BestQuote,
    ClearedRange,
    DepthBook,
    DepthDiff,
    DepthSnapshot,
    FeedEvent,
    FeedRecordError,
    MissingSnapshotError,
    OrderAdded,
    OrderDeleted,
    OrderExecuted,
    OrderFeedBook,
    OrderModified,
    OrderReduced,
    OrdersCleared,
    PriceLevel,
    Trade,
)
from orderbook.feeds.event_array import (
    BUY_FLAG,
    EXCHANGE_FLAG,
    LOCAL_FLAG,
    SELL_FLAG,
    EventKind,
    EventRow,
    array_events,
)

BOTH = EXCHANGE_FLAG | LOCAL_FLAG
BUY, SELL = BOTH | BUY_FLAG, BOTH | SELL_FLAG
CENTS = Instrument(3, 5, base_units_per_lot=1, quote_units_per_tick_lot=1)  # ticks of 0.01, lots of 0.001
DTYPE = np.dtype(
    [
        ("ev", "u8"),
        ("exch_ts", "i8"),
        ("local_ts", "i8"),
        ("px", "f8"),
        ("qty", "f8"),
        ("order_id", "u8"),
        ("ival", "i8"),
        ("fval", "f8"),
    ],
    align=True,
)


def array(*rows: tuple[float, ...]) -> NDArray[Any]:
    """Rows of (ev, exch_ts, local_ts, px, qty[, order_id])."""
    return np.array([(*(*row, 0)[:6], 0, 0.0) for row in rows], dtype=DTYPE)


def save(folder: Path, data: NDArray[Any]) -> Path:
    file = folder / "events.npz"
    np.savez_compressed(file, data=data)
    return file


def test_an_l2_array_becomes_messages(tmp_path: Path) -> None:
    """A snapshot with what it clears is one message, so is a diff; trades and best quotes stand by themselves."""
    data = array(
        (BUY | EventKind.DEPTH_CLEAR, 10, 15, 99.5, 0),
        (BUY | EventKind.DEPTH_SNAPSHOT, 10, 15, 100.0, 1.5),
        (BUY | EventKind.DEPTH_SNAPSHOT, 10, 15, 99.5, 2),
        (SELL | EventKind.DEPTH_CLEAR, 10, 15, np.nan, 0),
        (SELL | EventKind.DEPTH_SNAPSHOT, 10, 15, 100.25, 0.001),
        (SELL | EventKind.TRADE, 20, 25, 100.0, 0.5),
        (BUY | EventKind.DEPTH, 20, 25, 100.0, 1),
        (SELL | EventKind.DEPTH, 20, 25, 100.25, 0),
        (BUY | EventKind.BEST_QUOTE, 30, 35, 100.0, 1),
        (BOTH | 103, 30, 35, 1e9 / 7, 0),
        (BOTH | EventKind.DEPTH_CLEAR, 40, 45, np.nan, 0),
    )
    events = list(array_events(read_event_array(save(tmp_path, data), CENTS)))
    assert events == [
        DepthDiff(
            10,
            15,
            None,
            (PriceLevel(10_000, 1_500), PriceLevel(9_950, 2_000)),
            (PriceLevel(10_025, 1),),
            cleared=(ClearedRange(Side.BUY, 9_950), ClearedRange(Side.SELL, None)),
        ),
        Trade(20, 25, 10_000, 500, Side.SELL),
        DepthDiff(20, 25, None, (PriceLevel(10_000, 1_000),), (PriceLevel(10_025, 0),)),
        BestQuote(30, 35, None, PriceLevel(10_000, 1_000), None),
        DepthDiff(40, 45, None, (), (), cleared=(ClearedRange(Side.BUY, None), ClearedRange(Side.SELL, None))),
    ]


def test_a_clear_takes_with_it_what_the_same_message_set_before() -> None:
    """In the order of the rows: 101, 100 and 99 are set, bids are cleared down to 100, then 101 is set; 99 stays."""
    rows = [
        EventRow(BUY | EventKind.DEPTH, 10, 10, 101, 5, 0),
        EventRow(BUY | EventKind.DEPTH, 10, 10, 100, 4, 0),
        EventRow(BUY | EventKind.DEPTH, 10, 10, 99, 6, 0),
        EventRow(BUY | EventKind.DEPTH_CLEAR, 10, 10, 100, None, 0),
        EventRow(BUY | EventKind.DEPTH, 10, 10, 101, 7, 0),
    ]
    book = DepthBook()
    for event in array_events(rows):
        book.apply(event)
    assert book.levels(Side.BUY) == [PriceLevel(101, 7), PriceLevel(99, 6)]


def test_the_rows_for_the_venue_are_the_feed() -> None:
    """A trade that was overtaken on the way stands twice, with one flag each time: it happened once, and first."""
    rows = [
        EventRow(EXCHANGE_FLAG | SELL_FLAG | EventKind.TRADE, 10, 30, 100, 5, 0),
        EventRow(BUY | EventKind.DEPTH, 12, 20, 100, 7, 0),
        EventRow(LOCAL_FLAG | SELL_FLAG | EventKind.TRADE, 10, 30, 100, 5, 0),
    ]
    assert list(array_events(rows)) == [
        Trade(10, 30, 100, 5, Side.SELL),
        DepthDiff(12, 20, None, (PriceLevel(100, 7),), ()),
    ]


def test_without_a_snapshot_the_book_says_so() -> None:
    """An array of diffs alone waits for ever, unless the book is told that it starts empty."""
    [diff] = array_events([EventRow(BUY | EventKind.DEPTH, 12, 20, 100, 7, 0)])
    book = DepthBook()
    assert not book.apply(diff)
    with pytest.raises(MissingSnapshotError):
        book.levels(Side.BUY)
    empty = DepthBook(starts_empty=True)
    assert empty.apply(diff)
    assert empty.best_bid == 100


def test_an_l3_array_becomes_orders_and_fills_that_name_their_makers() -> None:
    """Add, fill with the cancellation after it, modify and clear; the trade row repeats the fill, and is left out."""
    rows = [
        EventRow(BUY | EventKind.ADD_ORDER, 10, 10, 100, 5, 7),
        EventRow(BUY | EventKind.ADD_ORDER, 10, 10, 100, 3, 8),
        EventRow(SELL | EventKind.TRADE, 11, 11, 100, 5, 0),
        EventRow(BUY | EventKind.FILL, 11, 11, 100, 5, 7),
        EventRow(BUY | EventKind.CANCEL_ORDER, 11, 11, None, None, 7),
        EventRow(BUY | EventKind.MODIFY_ORDER, 12, 12, 99, 4, 8),
    ]
    clear = EventRow(BOTH | EventKind.DEPTH_CLEAR, 13, 13, None, None, 0)
    events = list(array_events([*rows, clear]))
    assert events == [
        OrderAdded(10, 10, 7, Side.BUY, 100, 5),
        OrderAdded(10, 10, 8, Side.BUY, 100, 3),
        Trade(11, 11, 100, 5, Side.SELL, maker_order_id=7),
        OrderDeleted(11, 11, 7),
        OrderModified(12, 12, 8, 99, 4),
        OrdersCleared(13, 13, None),
    ]
    book = OrderFeedBook()
    for event in events[:-1]:
        book.apply(event)
    assert book.levels(Side.BUY) == [PriceLevel(99, 4)]
    book.apply(events[-1])
    assert book.best_bid is None


@pytest.mark.parametrize("seed", range(5))
def test_an_l3_array_of_random_operations_rebuilds_our_own_book(tmp_path: Path, seed: int) -> None:
    """What our book publishes, as adds, fills, modifications and cancellations in a file: every queue is the same."""
    flow = RecordedFlow(seed)
    flow.run(600)
    left: dict[int, int] = {}
    rows: list[tuple[float, ...]] = []
    for event in flow.events:
        assert isinstance(event, OrderAdded | OrderReduced | OrderDeleted | OrderExecuted)
        assert event.side is not None
        assert event.price is not None
        assert event.size is not None
        flags = BUY if event.side is Side.BUY else SELL
        row = event.exchange_ns, event.local_ns, event.price / 100, event.size / 1_000, event.order_id
        if isinstance(event, OrderAdded):
            left[event.order_id] = event.size
            rows.append((flags | EventKind.ADD_ORDER, *row))
            continue
        left[event.order_id] -= event.size
        if isinstance(event, OrderExecuted):
            rows.append((flags | EventKind.FILL, *row))
        if left[event.order_id]:
            rows.append((flags | EventKind.MODIFY_ORDER, *row[:3], left[event.order_id] / 1_000, event.order_id))
        else:
            rows.append((flags | EventKind.CANCEL_ORDER, *row[:2], np.nan, 0, event.order_id))
    book = OrderFeedBook()
    for made in array_events(read_event_array(save(tmp_path, array(*rows)), CENTS)):
        book.apply(made)
    for side in Side:
        assert book.levels(side) == flow.levels(side)
        assert {level.price: book.queue_at(side, level.price) for level in book.levels(side)} == flow.queues(side)


def array_of(events: list[FeedEvent]) -> NDArray[Any]:
    """The array that a recording's snapshots, diffs and trades make, in cents and thousandths."""
    rows: list[tuple[float, ...]] = []
    for event in events:
        times = event.exchange_ns or 0, event.local_ns
        if isinstance(event, Trade):
            flags = BUY if event.taker_side is Side.BUY else SELL
            rows.append((flags | EventKind.TRADE, *times, float(event.price) / 100, event.size / 1_000))
        elif isinstance(event, DepthSnapshot | DepthDiff):
            kind = EventKind.DEPTH if isinstance(event, DepthDiff) else EventKind.DEPTH_SNAPSHOT
            for flags, levels in ((BUY, event.bids), (SELL, event.asks)):
                if kind is EventKind.DEPTH_SNAPSHOT:
                    last = min(levels) if flags == BUY else max(levels)
                    rows.append((flags | EventKind.DEPTH_CLEAR, *times, last.price / 100, 0))
                rows += [(flags | kind, *times, price / 100, size / 1_000) for price, size in levels]
    return array(*rows)


def test_a_recording_written_as_an_array_rebuilds_the_same_book(shared_data: Path, tmp_path: Path) -> None:
    """The perpetual's snapshot and 500 diffs after it: the same sizes at every price, by both readers."""
    events = read_level2(shared_data / "binance_l2_2024-08-08" / "usdm_ethusdt_20240808.parquet", CENTS)
    snapshot = next(event for event in events if isinstance(event, DepthSnapshot))
    # A diff that the snapshot contains is known by its number, which an array does not keep.
    newer = [e for e in events if isinstance(e, DepthDiff) and (e.update_id or 0) > (snapshot.update_id or 0)]
    kept: list[FeedEvent] = [snapshot, *newer[:500]]
    by_level, by_array = DepthBook(), DepthBook()
    assert all(by_level.apply(event) for event in kept)
    data = array_of(kept)
    data["exch_ts"] = np.maximum.accumulate(data["exch_ts"])
    for event in array_events(read_event_array(save(tmp_path, data), CENTS)):
        by_array.apply(event)
    assert all(by_level.levels(side) == by_array.levels(side) for side in Side)
    assert len(by_level.levels(Side.BUY)) > 1_000


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (EventRow(EventKind.TRADE | BUY_FLAG, 1, 1, 1, 1, 0), r"record 1: ev is \d+; ev has the flag of the exchange"),
        (EventRow(BUY | 7, 1, 1, 1, 1, 0), r"record 1: kind is 7; the kinds are \[1, 2, 3, 4, 5, 10, 11, 12, 13\]"),
        (EventRow(BUY | SELL_FLAG | 1, 1, 1, 1, 1, 0), "record 1: ev is .* at most one of the flags"),
        (EventRow(BOTH | 1, 1, 1, 1, 1, 0), "record 1: ev is .* a row of kind DEPTH has a side"),
        (EventRow(BUY | 1, 0, 1, 1, 1, 0), "record 1: exch_ts is 0; time at the venue does not go back from 1"),
        (EventRow(BUY | 1, 2, 2, None, 1, 0), "record 1: px is None; a price is positive"),
        (EventRow(BUY | 1, 2, 2, -5, 1, 0), "record 1: px is -5; a price is positive"),
        (EventRow(BUY | 1, 2, 2, 5, -1, 0), "record 1: qty is -1; a size here is at least 0"),
        (EventRow(BUY | 2, 2, 2, 5, 0, 0), "record 1: qty is 0; a size here is at least 1"),
        (EventRow(BUY | 10, 2, 2, 5, 1, 0), "record 0: kind is 'DEPTH'; an array names orders or gives levels"),
    ],
)
def test_a_row_that_the_format_does_not_allow_is_named(row: EventRow, named: str) -> None:
    """Flags, kinds, sides, times, prices and sizes: the record, the value and the rule."""
    with pytest.raises(FeedRecordError, match=named):
        list(array_events([EventRow(BUY | 1, 1, 1, 5, 1, 0), row]))


def test_files_that_hold_no_such_array_are_refused(tmp_path: Path) -> None:
    """Missing, no archive, several arrays, other fields, pickled objects, off-tick prices: one typed error each."""
    file = tmp_path / "events.npz"
    with pytest.raises(InputError, match="no such file"):
        read_event_array(file, CENTS)
    file.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(InputError, match="holds no array"):
        read_event_array(file, CENTS)
    np.savez(file, one=np.zeros(1), two=np.zeros(1))
    with pytest.raises(InputError, match="holds 2 arrays"):
        read_event_array(file, CENTS)
    np.savez(file, data=np.zeros((2, 6)))
    with pytest.raises(InputError, match="no field 'ev'"):
        read_event_array(file, CENTS)
    np.savez(file, data=np.array([{}], dtype=object))
    with pytest.raises(InputError, match="holds no array"):
        read_event_array(file, CENTS)
    np.savez(file, data=array((BUY | 1, 1, 1, 100.001, 1)))
    with pytest.raises(InputError, match=r"row 0, field 'px': 100\.001 is not a multiple of 1/100"):
        read_event_array(file, CENTS)


def test_a_bare_npy_file_will_do(tmp_path: Path) -> None:
    """The same array without an archive around it."""
    file = tmp_path / "events.npy"
    np.save(file, array((BUY | 1, 1, 2, 100.01, 0.5)))
    assert read_event_array(file, CENTS) == [EventRow(BUY | 1, 1, 2, 10_001, 500, 0)]
