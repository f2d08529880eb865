"""Two recordings of ETHUSDT of 2024-08-08: read exactly, and rebuilt without a single difference."""

from collections import Counter
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from compare.errors import InputError
from compare.formats import read_level2
from orderbook import Instrument, Side
from orderbook.feeds import (
    BestQuote,
    DepthBook,
    DepthDiff,
    DepthSnapshot,
    FeedEvent,
    PriceLevel,
    Trade,
    compare_best_quotes,
)

SPOT = Instrument(5, 7, base_units_per_lot=1, quote_units_per_tick_lot=1)  # ticks of 0.01, lots of 0.00001
PERPETUAL = Instrument(3, 5, base_units_per_lot=1, quote_units_per_tick_lot=1)  # ticks of 0.01, lots of 0.001
FILES = {
    "spot": ("spot_ethusdt_20240808_09.parquet", SPOT, 1_056, 2, (1, 6_470, 14_515, 58_758)),
    "perpetual": ("usdm_ethusdt_20240808.parquet", PERPETUAL, 551, 6, (1, 6_586, 14_076, 53_992)),
}


@cache
def recorded(folder: Path, name: str) -> list[FeedEvent]:
    file, instrument, *_ = FILES[name]
    return read_level2(folder / "binance_l2_2024-08-08" / file, instrument)


@pytest.mark.parametrize("name", FILES)
def test_the_rebuilt_book_equals_the_best_quotes_at_every_common_update(shared_data: Path, name: str) -> None:
    """Price and size of both sides at 1,056 updates (spot) and 551 (perpetual); every message is read and counted."""
    _, _, common, stale, counts = FILES[name]
    events = recorded(shared_data, name)
    kinds = Counter(type(event) for event in events)
    assert tuple(kinds[kind] for kind in (DepthSnapshot, DepthDiff, Trade, BestQuote)) == counts
    book = DepthBook()
    comparison = compare_best_quotes(events, book)
    ids = [{e.update_id for e in events if isinstance(e, kind)} for kind in (DepthDiff, BestQuote)]
    assert comparison.compared == len(ids[0] & ids[1]) == common
    assert comparison.differences == ()
    assert book.stale == stale  # diffs that the snapshot already contained
    assert len(book.levels(Side.BUY)) > 1_000 < len(book.levels(Side.SELL))


def test_the_last_book_is_the_last_size_of_every_level(shared_data: Path) -> None:
    """The twin: of all rows since the snapshot, the last for each side and price, zeros left out."""
    file, instrument, *_ = FILES["perpetual"]
    path = shared_data / "binance_l2_2024-08-08" / file
    book = DepthBook()
    for event in recorded(shared_data, "perpetual"):
        book.apply(event)
    table = pq.read_table(path, columns=["type", "side", "price", "qty", "id"]).to_pandas()
    taken = table[table["type"].eq("S") | (table["type"].eq("D") & (table["id"] > 5_123_107_856_276))]
    last = taken.groupby(["side", "price"])["qty"].last()
    expected = {key: size for key, size in last.items() if size}
    rebuilt = {
        (side.sign, float(level.price * instrument.tick_size)): float(level.size * instrument.lot_size)
        for side in Side
        for level in book.levels(side)
    }
    assert rebuilt == expected


def test_times_at_the_venue_that_were_not_recorded_are_none(shared_data: Path) -> None:
    """The spot feed stamps its best quotes and its snapshot with the local clock alone; diffs and trades with both."""
    unknown = Counter((type(event), event.exchange_ns is None) for event in recorded(shared_data, "spot"))
    assert unknown == {
        (BestQuote, True): 58_758,
        (DepthSnapshot, True): 1,
        (DepthDiff, False): 6_470,
        (Trade, False): 14_515,
    }


def test_a_lot_that_the_recording_does_not_keep_to_is_refused(shared_data: Path) -> None:
    """Today's lot of 0.0001 ETH is not that of all resting orders: row 58,422 has a size of 2292.22972, off-lot."""
    file = shared_data / "binance_l2_2024-08-08" / FILES["spot"][0]
    coarse = Instrument(4, 6, base_units_per_lot=1, quote_units_per_tick_lot=1)
    assert (coarse.tick_size, coarse.lot_size) == (Fraction(1, 100), Fraction(1, 10_000))
    with pytest.raises(InputError, match=r"row 58422, column 'qty': 2292\.22972 is not a multiple of the lot, 1/10000"):
        read_level2(file, coarse)


def small_table(**changes: object) -> pa.Table:
    """A snapshot, a diff, a trade and a best quote; a column may be replaced."""
    columns = {
        "local_ts_ns": np.array([10, 10, 20, 30, 40, 40]),
        "exch_ts_ns": np.array([10, 10, 19, 29, 40, 40]),
        "type": ["S", "S", "D", "T", "B", "B"],
        "side": np.array([1, -1, -1, 1, 1, -1]),
        "price": np.array([99.99, 100.01, 100.01, 100.02, 99.99, 100.02]),
        "qty": np.array([0.5, 0.25, 0.0, 0.1, 0.5, 0.3]),
        "id": np.array([7, 7, 8, 1, 8, 8]),
    }
    return pa.table(columns | changes)


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_a_small_recording_is_read_to_the_tick_and_lot(tmp_path: Path, suffix: str) -> None:
    """The four kinds of message, from Parquet and from CSV text, and where a diff begins if the recorder kept that."""
    table = small_table(first_id=np.array([0, 0, 8, 0, 0, 0]), previous_id=np.array([0, 0, 7, 0, 0, 0]))
    file = tmp_path / f"recording.{suffix}"
    if suffix == "parquet":
        pq.write_table(table, file)
    else:
        table.to_pandas().to_csv(file, index=False)
    assert read_level2(file, PERPETUAL) == [
        DepthSnapshot(None, 10, 7, (PriceLevel(9_999, 500),), (PriceLevel(10_001, 250),)),
        DepthDiff(19, 20, 8, (), (PriceLevel(10_001, 0),), 8, 7),
        Trade(29, 30, 10_002, 100, Side.BUY, 1),
        BestQuote(None, 40, 8, PriceLevel(9_999, 500), PriceLevel(10_002, 300)),
    ]


def test_every_trade_is_a_message(tmp_path: Path) -> None:
    """Two trades with one number at one time, as a recorder without numbers writes them, are two."""
    file = tmp_path / "recording.parquet"
    table = small_table(
        type=["S", "S", "D", "T", "T", "T"],
        local_ts_ns=np.array([10, 10, 20, 30, 30, 30]),
        id=np.array([7, 7, 8, 0, 0, 0]),
    )
    pq.write_table(table, file)
    trades = [event for event in read_level2(file, PERPETUAL) if isinstance(event, Trade)]
    assert [(trade.price, trade.size) for trade in trades] == [(10_002, 100), (9_999, 500), (10_002, 300)]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"type": ["S", "S", "D", "X", "B", "B"]}, r"row 4, column 'type': 'X' is no type"),
        ({"side": np.array([1, -1, 2, 1, 1, -1])}, r"row 3, column 'side': 2 is no side"),
        ({"price": np.array([99.99, 100.015, 1, 1, 1, 1])}, r"row 2, column 'price': 100\.015 is not a multiple"),
        ({"price": np.array([99.99, -100.01, 1, 1, 1, 1])}, r"row 2, column 'price': the value is -100\.01"),
        ({"price": np.array([99.99, np.nan, 1, 1, 1, 1])}, r"row 2, column 'price': nan is not a multiple"),
        ({"qty": np.array([0.5, 0.25, 0.0, 0.0, 0.5, 0.3])}, r"row 4, column 'qty': the value is 0; .* only in a diff"),
        ({"qty": np.array([0.5, 0.25, -0.1, 0.1, 0.5, 0.3])}, r"row 3, column 'qty': the value is -0\.1"),
        ({"side": np.array([1, -1, -1, 1, 1, 1])}, r"row 5: update 8 has 2 best bids and 0 best asks"),
        ({"id": np.array([7, 7, None, 1, 8, 8])}, r"row 3, column 'id': the value is missing"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, changes: dict[str, object], named: str) -> None:
    """Type, side, off-tick, negative, missing and zero values: the file, the row, the value and the rule."""
    file = tmp_path / "recording.parquet"
    pq.write_table(small_table(**changes), file)
    with pytest.raises(InputError, match=named):
        read_level2(file, PERPETUAL)
