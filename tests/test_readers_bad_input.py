"""compare.formats: every wrong input gets one message that names the file, the place and what would be right."""

import gzip
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.errors import InputError
from compare.formats import FileKind, PriceOptions, TradeOptions, read_prices, read_trades

T0 = 1_760_000_000
HEADER = "time,price\n"
ROWS = "".join(f"{T0 + i},{2 + i}\n" for i in range(3))

# What is in the file, the options, and what the message says after the file's name.
BAD: dict[str, tuple[str, PriceOptions, str]] = {
    "nothing": ("", {}, ": the file is empty; a CSV or Parquet file of times and prices"),
    "blank lines": ("\n\n \n", {}, ": the file is empty; a CSV file of times and prices"),
    "a header alone": (HEADER, {}, ": the file has no rows; a table of times and prices"),
    "no price column": (
        "time,foo\n1,2\n",
        {},
        ": there is no column of prices; name one with price_column; its columns are time, foo",
    ),
    "no time column": (
        "when,price\n1,2\n",
        {},
        ": there is no column of times; name one with time_column; its columns are when, price",
    ),
    "a named price column that is not there": (
        HEADER + ROWS,
        {"price_column": "ETH"},
        ": there is no column 'ETH'; its columns are time, price",
    ),
    "a named time column that is not there": (
        HEADER + ROWS,
        {"time_column": "when"},
        ": there is no column 'when'; its columns are time, price",
    ),
    "two columns of one name": ("time,price,price\n1,2,3\n", {}, ": two columns are named 'price'; give each"),
    "an unknown table without a header": ("a,1,2,3\nb,1,2,3\n", {}, ", line 1: there is no header line, and no known"),
    "a short row": (
        HEADER + "\n" + ROWS + "5\n",
        {},
        ", line 6: 1 fields where there should be 2; every row has a field for each column",
    ),
    "a long row": (HEADER + f"{T0},2,3\n" + ROWS, {}, ", line 2: 3 fields where there should be 2"),
    "words for a price": (
        HEADER + ROWS + f"{T0 + 9},two\n",
        {},
        ", line 5, column 'price': 'two' is not a number; write digits with a point for decimals",
    ),
    "a comma for decimals": ("time;price\n" + f"{T0};2,5\n", {}, ", line 2, column 'price': '2,5' is not a number"),
    "no price in a row": (
        HEADER + ROWS + f"{T0 + 9},\n",
        {},
        ", line 5, column 'price': the price is missing; a price is positive and finite; if this means that there",
    ),
    "NaN": (HEADER + f"{T0},nan\n", {}, ", line 2, column 'price': the price is missing; a price is positive"),
    "zero": (HEADER + ROWS + "\n" + f"{T0 + 9},0\n", {}, ", line 6, column 'price': the price is 0; a price is"),
    "negative": (
        HEADER + f"{T0},-1.5\n",
        {"missing": "drop"},
        ", line 2, column 'price': the price is -1.5; a price is positive and finite",
    ),
    "infinite": (HEADER + f"{T0},inf\n", {"missing": "drop"}, ", line 2, column 'price': the price is inf"),
    "nothing left": (HEADER + f"{T0},0\n", {"missing": "drop"}, ", column 'price': there is no price at all"),
    "times that go back": (
        HEADER + f"{T0},1\n{T0 + 2},1\n{T0 + 1},1\n{T0 + 3},1\n",
        {},
        ", line 4: 2025-10-09T08:53:21Z comes after 2025-10-09T08:53:22Z; sort the rows by time",
    ),
    "the newest first": (
        HEADER + f"{T0 + 2},1\n{T0 + 1},1\n{T0},1\n",
        {},
        ", line 3: 2025-10-09T08:53:21Z comes after 2025-10-09T08:53:22Z; the newest row is first",
    ),
    "a time twice": (
        HEADER + f"{T0},1\n{T0},2\n",
        {},
        ", line 3: the time 2025-10-09T08:53:20Z is there twice; give one price a time",
    ),
    "a bar twice": (
        "time,open,high,low,close\n" + f"{T0},1,1,1,1\n{T0},1,1,1,1\n",
        {},
        ", line 3: the time 2025-10-09T08:53:20Z is there twice",
    ),
    "a single bar": (
        "time,open,high,low,close\n" + f"{T0},1,1,1,1\n",
        {},
        ", column 'time': the length of a single bar is unknown; give it with bar, such as 1m",
    ),
    "no time in a row": (HEADER + f"{T0},1\n,2\n", {}, ", line 3, column 'time': '' is not an epoch number"),
    "words for a time": (HEADER + "noon,1\n", {}, ", line 2, column 'time': 'noon' is not a time from 1677 to 2262"),
    "another kind of time": (
        HEADER + f"{T0},1\n2025-10-10,2\n",
        {},
        ", line 3, column 'time': '2025-10-10' is not an epoch number, as the first row is",
    ),
    "a date of two meanings": (HEADER + "10/11/2025,1\n", {}, ", line 2, column 'time': '10/11/2025' is not a time"),
    "a date that is not": (HEADER + "2025-02-28,1\n2025-02-30,1\n", {}, ", line 3, column 'time': '2025-02-30' is"),
    "two zones": (
        HEADER + "2025-10-10T00:00:00+01:00,1\n2025-10-10T02:00:00+02:00,2\n",
        {},
        ", line 3, column 'time': the time has +02:00 and the first row has +01:00; use one zone in the whole column",
    ),
    "a zone and none": (
        HEADER + "2025-10-10T00:00:00Z,1\n2025-10-10T02:00:00,2\n",
        {},
        ", line 3, column 'time': the time has no zone and the first row has Z",
    ),
    "none and a zone": (
        HEADER + "2025-10-10T00:00:00,1\n2025-10-10T02:00:00-05:00,2\n",
        {},
        ", line 3, column 'time': the time has -05:00 and the first row has no zone",
    ),
    "milliseconds among seconds": (
        HEADER + f"{T0},1\n{T0 + 1}000,1\n",
        {},
        ", line 3, column 'time': 1760000001000 is not a time in s, as the first row is; use one unit",
    ),
    "microseconds under a name of milliseconds": (
        "open_time_ms,price\n" + f"{T0}000000,1\n",
        {},
        ", line 2, column 'open_time_ms': 1760000000000000 is a time in us, and the column's name says ms",
    ),
    "a number that is no time": (
        HEADER + "5,1\n6,1\n",
        {},
        ", line 2, column 'time': 5 is no time since 1970 in s, ms, us or ns; write ISO 8601",
    ),
    "a time that is not finite": (HEADER + f"{T0},1\ninf,1\n", {}, ", line 3, column 'time': 'inf' is not an epoch"),
    "a time after the last": (
        HEADER + "99999999999,1\n",
        {},
        ", line 2, column 'time': 99999999999 lies after the year 2262",
    ),
    "several symbols": (
        "symbol,time,price\n" + f"A,{T0},1\nB,{T0},1\n",
        {},
        ", column 'symbol': there are 2 symbols; choose one: A, B",
    ),
    "another symbol": (
        "symbol,time,price\n" + f"A,{T0},1\n",
        {"symbol": "C"},
        ", column 'symbol': there is no symbol 'C'; choose one: A",
    ),
    "no symbols": (HEADER + ROWS, {"symbol": "A"}, ": there is no column of symbols to find 'A' in; its columns are"),
    "ticks without decimals": (
        "block,tick\n1,2\n",
        {},
        ": there is no column of prices; for the price of the pool ticks, give the decimals of both tokens",
    ),
    "decimals without ticks": (HEADER + ROWS, {"decimals": (8, 18)}, ": there is no column of pool ticks; its columns"),
    "half a tick": ("block,tick\n1,2.5\n", {"decimals": (8, 18)}, ", line 2, column 'tick': 2.5 is not a tick; a tick"),
    "a tick beyond the last": ("block,tick\n1,887273\n", {"decimals": (8, 18)}, ", line 2, column 'tick': 887273.0 is"),
    "a block before the first": (
        "block,tick\n-1,2\n",
        {"decimals": (8, 18)},
        ", line 2, column 'block': -1 is no block number; a block number is a whole number of zero or more",
    ),
    "no trades": ("type,local_ts_ns,price,qty\n" + f"D,{T0},1,1\n", {}, ", column 'type': there is no trade; rows of"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_gets_one_clear_message(tmp_path: Path, case: str) -> None:
    """The file, the line as an editor counts it, the column, the value, and what would be right."""
    text, options, said = BAD[case]
    file = tmp_path / "bad.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(f"{file}{said}")):
        read_prices(file, **options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"missing": "ignore"}, "missing: 'ignore' is no way to treat a missing price; refuse or drop"),
        ({"time_unit": "min"}, "time_unit: 'min' is no unit of time; one of s, ms, us, ns"),
        ({"bar": "soon"}, "bar: 'soon' is not a duration"),
        ({"decimals": (8,), "price_column": "price"}, "decimals: (8,) are not the decimals of two tokens"),
        ({"decimals": (8, 256), "price_column": "price"}, "decimals: (8, 256) are not the decimals of two tokens"),
        ({"decimals": (8, 1), "base_token": 2, "price_column": "price"}, "base_token: 2 is no token; give 0 or 1"),
    ],
)
def test_a_bad_option_is_named(tmp_path: Path, options: PriceOptions, said: str) -> None:
    """An option outside its rule is refused by its name."""
    file = tmp_path / "good.csv"
    file.write_text(HEADER + ROWS, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(said)):
        read_prices(file, **options)


TRADES = "time,price,qty,side\n"
BAD_TRADES: dict[str, tuple[str, TradeOptions, str]] = {
    "an unknown side": (TRADES + f"{T0},1,1,up\n", {}, ", line 2, column 'side': 'up' is no side; buy or sell"),
    "an unknown flag": (
        "time,price,qty,is_buyer_maker\n" + f"{T0},1,1,maybe\n",
        {},
        ", line 2, column 'is_buyer_maker': 'maybe' is no side; false or true",
    ),
    "a size of zero": (TRADES + f"{T0},1,0,buy\n", {}, ", line 2, column 'qty': the value is 0; prices and sizes of"),
    "a price that is missing": (TRADES + f"{T0},,1,buy\n", {}, ", line 2, column 'price': the value is nan"),
    "times that go back": (TRADES + f"{T0},1,1,buy\n{T0 - 1},1,1,buy\n", {}, ", line 3: 2025-10-09T08:53:19Z comes"),
    "no sizes": ("time,price,side\n" + f"{T0},1,buy\n", {}, ": there is no column of sizes; name one with size_column"),
    "a named side column that is not there": (
        TRADES + f"{T0},1,1,buy\n",
        {"side_column": "taker"},
        ": there is no column 'taker'",
    ),
}


@pytest.mark.parametrize("case", BAD_TRADES)
def test_bad_trades_get_one_clear_message(tmp_path: Path, case: str) -> None:
    """As for prices."""
    text, options, said = BAD_TRADES[case]
    file = tmp_path / "bad.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(f"{file}{said}")):
        read_trades(file, **options)


def test_files_that_are_not_there_or_cannot_be_read(tmp_path: Path) -> None:
    """A missing file and a folder are named."""
    with pytest.raises(InputError, match=r"nowhere\.csv: there is no such file"):
        read_prices(tmp_path / "nowhere.csv")
    with pytest.raises(InputError, match=r"the file cannot be read .*directory"):
        read_prices(tmp_path)


def test_files_of_another_kind(tmp_path: Path) -> None:
    """Parquet that was asked for as CSV, and the other way round, whatever the file's name says."""
    text, parquet = tmp_path / "prices.parquet", tmp_path / "prices.csv"
    text.write_text(HEADER + ROWS, encoding="utf-8")
    pd.DataFrame({"time": [T0], "price": [1.0]}).to_parquet(parquet)
    with pytest.raises(InputError, match="this is not a Parquet file; give a Parquet file"):
        read_prices(text, FileKind.PARQUET)
    with pytest.raises(InputError, match="this is not a CSV file; give a CSV file"):
        read_prices(parquet, FileKind.CSV)
    assert read_prices(text).price.size == 3
    assert read_prices(parquet).price.size == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PAR1 and then nothing", "the Parquet file is damaged"),
        (gzip.compress(b"time,price\n", mtime=0)[:-6], "the file is damaged"),
        (b"PK\x03\x04 no archive", "the file is damaged"),
        (b"\x00\x01\x02\x03", "this is not a CSV file; a text file in UTF-8, or a Parquet file"),
        ("time,price\n1,2\n".encode("utf-16"), "this is not a CSV file"),
        ("time,prix,é\n".encode("latin-1"), "the text is not in UTF-8; save it as UTF-8"),
        (HEADER.encode() + "1,é\n".encode("latin-1"), "this is not a CSV file in UTF-8"),
    ],
)
def test_damaged_files(tmp_path: Path, data: bytes, said: str) -> None:
    """What is cut off, packed wrongly or in another encoding is refused without a traceback of a library."""
    file = tmp_path / "bad"
    file.write_bytes(data)
    with pytest.raises(InputError, match=re.escape(f"{file}: {said}")):
        read_prices(file)


def test_a_row_of_a_parquet_file_is_counted_from_one(tmp_path: Path) -> None:
    """Rows of a binary file have no lines; also where a symbol was chosen, the row is that of the file."""
    frame = pd.DataFrame({"symbol": ["A", "B", "B"], "time": [T0, T0, T0 + 1], "price": [1.0, 2.0, -3.0]})
    frame.to_parquet(tmp_path / "bad.parquet")
    with pytest.raises(InputError, match=r"row 3, column 'price': the price is -3"):
        read_prices(tmp_path / "bad.parquet", symbol="B")


def test_columns_of_the_wrong_type(tmp_path: Path) -> None:
    """Flags are no prices, structures no times, and a missing timestamp is named by its row."""
    times = pa.array([T0, None])
    for name, table, said in (
        ("flags", {"time": pa.array([T0]), "price": pa.array([True])}, "column 'price': this is bool; a column of"),
        ("lists", {"time": pa.array([[T0]]), "price": pa.array([1.0])}, "column 'time': this is list"),
        ("null", {"time": times, "price": pa.array([1.0, 2.0])}, "row 2, column 'time': the time is missing; write"),
        ("far", {"time": pa.array([10**12], pa.timestamp("s")), "price": pa.array([1.0])}, "row 1, column 'time'"),
    ):
        pq.write_table(pa.table(table), tmp_path / name)
        with pytest.raises(InputError, match=re.escape(said)):
            read_prices(tmp_path / name)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200) | st.binary(max_size=100))
def test_no_file_gets_more_than_an_input_error(tmp_path_factory: pytest.TempPathFactory, content: str | bytes) -> None:
    """Whatever is in a file, it is prices or an InputError."""
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        series = read_prices(file)
    except InputError:
        return
    assert (series.price > 0).all()
    assert (np.diff(series.time_ns) > 0).all()


CELLS = st.sampled_from(
    ["", "0", "1", "-1", "1e400", "nan", "2025-10-10", "2025-10-10T00:00:00+01:00", str(T0), "x", '"']
)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_no_table_gets_more_than_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    """Whatever stands in the two columns that count, it is prices or an InputError."""
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_text(HEADER + "".join(f"{time},{price}\n" for time, price in rows), encoding="utf-8")
    try:
        series = read_prices(file)
    except InputError:
        return
    assert (series.price > 0).all()
    assert (np.diff(series.time_ns) > 0).all()
