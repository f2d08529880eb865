"""Frames of every library, arrays and rows in lists: the same formats as in files."""

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from layout_samples import BARS, MINUTE, MS, NOON, points

from compare.errors import InputError
from compare.paths import PricePath
from compare.tape import TakerTape

FRAME = {"id": [1, 2], "price": [2.0, 2.5], "qty": [3.0, 4.0], "quote_qty": [6.0, 10.0], "time": [MS, MS + 1000]}
FRAME_TRADES = {**FRAME, "is_buyer_maker": [True, False]}


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table], ids=["pandas", "polars", "pyarrow"])
def test_frames_of_every_library(make: Any) -> None:  # noqa: ANN401  three classes
    """The same columns as a frame of pandas, polars or pyarrow: the same path and the same tape."""
    frame = make(FRAME_TRADES)
    path = PricePath.from_frame(frame, tick_size="0.5")
    assert path.ticks.tolist() == [4, 5]
    assert "frame, binance-trades: " in path.description
    tape = TakerTape.from_frame(frame, tolerance_bps=10, lot_size=1)
    assert (tape.side.tolist(), tape.lots.tolist()) == ([-1, 1], [3, 4])


def test_frames_with_an_index_of_times_and_other_columns() -> None:
    """The index of pandas is a column; polars' categories, dates and views of strings are read as what they say."""
    index = pd.DatetimeIndex(["2025-10-10 12:00", "2025-10-10 12:01"], tz="Asia/Tokyo")
    assert PricePath.from_frame(
        pd.DataFrame({"ETH/USD": [2.0, 3.0]}, index=index), price_column="ETH/USD"
    ).start_ns == (NOON - 9 * 60 * MINUTE)
    frame = pl.DataFrame(
        {"time": ["2025-10-10T12:00:00Z", "2025-10-10T12:01:00Z"], "symbol": ["A", "B"], "close": ["2", "3"]},
        schema={"time": pl.String, "symbol": pl.Categorical, "close": pl.String},
    )
    assert PricePath.from_frame(frame, symbol="B").start_ns == NOON + MINUTE


ROWS = [[MS, 2, 3, 1, 2.5, 10], [MS + 60_000, 2.5, 3, 1, 2, 10.0]]


@pytest.mark.parametrize("rows", [ROWS, [tuple(row) for row in ROWS], np.array(ROWS)], ids=["lists", "tuples", "array"])
def test_ccxt_rows(rows: Any) -> None:  # noqa: ANN401  three kinds
    """fetch_ohlcv's answer as it is, and what numpy makes of it: closes at the ends of their minutes."""
    for path in (PricePath.from_ohlcv(rows), PricePath.from_frame(rows)):
        assert points(path.time_ns, path.prices) == BARS
        assert "ccxt-ohlcv" in path.description


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ([], "frame: there are no rows; rows of equal length"),
        ([[1, 2], [3]], "frame, row 2: list [3] where there should be 2 fields"),
        ([1, 2], "frame, row 1: int 1 where there should be 0 fields"),
        ([[1, {}], [2, {}]], "frame, column 'price': this is struct<>; a column of numbers"),
        ([[1, 2], [1, {}]], "frame, column 'column 2': dict where there should be numbers or text"),
        (np.zeros(3), "frame: an array of float64 with the shape (3,)"),
        (object(), "frame: a object holds no table; a file, a pandas, polars or pyarrow frame"),
        (pl.DataFrame({"time": [1], "price": [2**100]}, schema={"time": pl.Int64, "price": pl.Int128}), "128 bits"),
        ([[1.5, "x", 3, 4, 5, 6, 7, 8, 9]], "no known table has 9 columns like these"),
    ],
)
def test_what_holds_no_table(source: Any, said: str) -> None:  # noqa: ANN401  anything
    """Each with one typed error that says what would be right."""
    with pytest.raises(InputError) as caught:
        PricePath.from_frame(source)
    assert said in str(caught.value)
