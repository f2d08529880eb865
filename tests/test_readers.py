"""compare.formats: what is recognised, and what a row's time and price mean."""

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.durations import instant_ns
from compare.formats import FileKind, PriceOptions, PriceSeries, read_prices, read_trades
from compare.formats.csv_file import read_csv
from compare.formats.timestamps import read_times

MINUTE = 60 * 10**9
NOON = instant_ns("2025-10-10T12:00:00Z")
NOON_S = NOON // 10**9


def write(folder: Path, text: str, name: str = "prices.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def points(series: PriceSeries) -> list[tuple[int, float]]:
    """Nanoseconds after noon, and the price."""
    return list(zip((series.time_ns - NOON).tolist(), series.price.tolist(), strict=True))


KLINE = "{open},1.0,3.0,0.5,{close},10,{end},20,5,4,8,0\n"
BINANCE_KLINES_MS = "".join(
    KLINE.format(open=NOON_S * 1_000 + i * 60_000, close=2 + i, end=NOON_S * 1_000 + (i + 1) * 60_000 - 1)
    for i in range(3)
)
BINANCE_KLINES_US = "".join(
    KLINE.format(open=NOON_S * 10**6 + i * 60 * 10**6, close=2 + i, end=NOON_S * 10**6 + (i + 1) * 60 * 10**6 - 1)
    for i in range(3)
)
KLINE_HEADER = (
    "open_time,open,high,low,close,volume,close_time,"
    "quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore\n"
)
BARS = [(MINUTE, 2.0), (2 * MINUTE, 3.0), (3 * MINUTE, 4.0)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BINANCE_KLINES_MS, id="Binance klines without a header, milliseconds"),
        pytest.param(BINANCE_KLINES_US, id="Binance klines without a header, microseconds as since 2025"),
        pytest.param(KLINE_HEADER + BINANCE_KLINES_MS, id="Binance klines with a header"),
        pytest.param(
            "Open time,Open,High,Low,Close,Volume\n"
            + "".join(f"2025-10-10 12:0{i}:00,1,9,1,{2 + i},5\n" for i in range(3)),
            id="capitals and spaces in names",
        ),
        pytest.param("".join(f"{(NOON_S + 60 * i) * 1_000},1,9,1,{2 + i},5\n" for i in range(3)), id="ccxt"),
        pytest.param("".join(f"{NOON_S + 60 * i},1,9,1,{2 + i},5,7\n" for i in range(3)), id="Kraken bars"),
        pytest.param(
            "time,low,high,open,close,volume\n" + "".join(f"{NOON_S + 60 * i},1,9,1,{2 + i},5\n" for i in range(3)),
            id="Coinbase candles",
        ),
        pytest.param(
            "startTime;openPrice;open;high;low;close\n"
            + "".join(f"{(NOON_S + 60 * i) * 1_000};0;1;9;1;{2 + i}\n" for i in range(3)),
            id="semicolons, camel case",
        ),
        pytest.param(
            "ts\topen\thigh\tlow\tclose\tconfirm\n"
            + "".join(f"{(NOON_S + 60 * i) * 1_000}\t1\t9\t1\t{2 + i}\t1\n" for i in range(3)),
            id="tabs, OKX",
        ),
    ],
)
def test_the_close_of_a_bar_is_known_at_its_end(tmp_path: Path, text: str) -> None:
    """Three one-minute bars from noon, in the layouts of many venues: closes at 12:01, 12:02 and 12:03."""
    series = read_prices(write(tmp_path, text))
    assert points(series) == BARS
    assert "of bars of 60 s, known at the end of each" in series.description


def test_the_length_of_bars_can_be_said(tmp_path: Path) -> None:
    """`bar` names it, 0 leaves the times alone; closing times and opening prices need nothing added."""
    file = write(tmp_path, KLINE_HEADER + BINANCE_KLINES_MS)
    assert points(read_prices(file, bar="1h"))[0] == (60 * MINUTE, 2.0)
    assert points(read_prices(file, bar=0))[0] == (0, 2.0)
    assert points(read_prices(file, time_column="close_time"))[0] == (MINUTE - 10**6, 2.0)
    assert points(read_prices(file, price_column="open"))[0] == (0, 1.0)
    assert points(read_prices(file, price_column="low"))[0] == (MINUTE, 0.5)


def test_a_gap_between_bars_does_not_stretch_them(tmp_path: Path) -> None:
    """The length is the smallest distance: a missing bar in the middle moves nothing."""
    lines = BINANCE_KLINES_MS.splitlines(keepends=True)
    far = KLINE.format(open=(NOON_S + 600) * 1_000, close=9, end=(NOON_S + 660) * 1_000 - 1)
    assert points(read_prices(write(tmp_path, "".join([*lines, far]))))[-1] == (11 * MINUTE, 9.0)


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        pytest.param(
            "1,2.0,0.5,1.0,{t0},True,True\n2,3.0,0.5,1.0,{t0},False,True\n3,4.0,0.5,1.0,{t1},True,True\n",
            [-1, 1, -1],
            id="Binance spot trades",
        ),
        pytest.param(
            "1,2.0,0.5,1.0,{t0},true\n2,3.0,0.5,1.0,{t0},false\n3,4.0,0.5,1.0,{t1},true\n",
            [-1, 1, -1],
            id="Binance futures trades",
        ),
        pytest.param(
            "1,2.0,0.5,1,1,{t0},True,True\n2,3.0,0.5,2,2,{t0},False,True\n3,4.0,0.5,3,3,{t1},True,True\n",
            [-1, 1, -1],
            id="Binance spot aggregate trades",
        ),
        pytest.param(
            "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n"
            "1,2.0,0.5,1,1,{t0},true\n2,3.0,0.5,2,2,{t0},false\n3,4.0,0.5,3,3,{t1},true\n",
            [-1, 1, -1],
            id="Binance futures aggregate trades",
        ),
        pytest.param(
            "timestamp,symbol,side,size,price,tickDirection\n"
            "{s0}.25,ETHUSDT,Sell,0.5,2.0,x\n{s0}.25,ETHUSDT,Buy,0.5,3.0,x\n{s1}.25,ETHUSDT,Sell,0.5,4.0,x\n",
            [-1, 1, -1],
            id="Bybit",
        ),
        pytest.param(
            "instrument_name,trade_id,side,price,size,created_time\n"
            "ETH-USDT,1,sell,2.0,0.5,{t0}\nETH-USDT,2,buy,3.0,0.5,{t0}\nETH-USDT,3,sell,4.0,0.5,{t1}\n",
            [-1, 1, -1],
            id="OKX",
        ),
    ],
)
def test_of_trades_at_one_time_the_last_is_the_price(tmp_path: Path, text: str, sides: list[int]) -> None:
    """Two trades at noon and one a second later: two prices, and three trades with the taker's side."""
    stamps = {"t0": NOON_S * 1_000, "t1": (NOON_S + 1) * 1_000, "s0": NOON_S, "s1": NOON_S + 1}
    file = write(tmp_path, text.format(**stamps))
    series, trades = read_prices(file), read_trades(file)
    first = 250_000_000 if ".25" in text else 0
    assert points(series) == [(first, 3.0), (first + 10**9, 4.0)]
    assert trades.side.tolist() == sides
    assert trades.size.tolist() == [0.5] * 3
    assert (trades.time_ns - NOON).tolist() == [first, first, first + 10**9]
    assert trades.price.tolist() == [2.0, 3.0, 4.0]


def test_trades_without_sides_are_prices_and_no_orders(tmp_path: Path) -> None:
    """Kraken's three columns make a path; a tape of them is refused for want of a side."""
    file = write(tmp_path, f"{NOON_S},2.0,0.5\n{NOON_S},3.0,0.5\n{NOON_S + 1}.5,4.0,0.5\n")
    assert points(read_prices(file)) == [(0, 3.0), (1_500_000_000, 4.0)]
    with pytest.raises(ValueError, match="there is no column of sides; name one with side_column"):
        read_trades(file)


def test_a_column_of_makers_sides_is_turned(tmp_path: Path) -> None:
    """Coinbase names the maker's side: a buying maker met a selling taker."""
    file = write(tmp_path, f"time,trade_id,price,size,side\n{NOON_S},1,2.0,0.5,buy\n{NOON_S},2,2.0,0.5,sell\n")
    assert read_trades(file, side_of="taker").side.tolist() == [1, -1]
    assert read_trades(file, side_of="maker").side.tolist() == [-1, 1]
    assert read_trades(file, format="coinbase-trades").side.tolist() == [-1, 1]
    assert read_trades(file, format="table").side.tolist() == [1, -1]
    with pytest.raises(ValueError, match="say format=coinbase-trades or format=table"):
        read_trades(file)


@pytest.mark.parametrize("name", ["price", "Close", "last", "mid_price", "PX"])
def test_any_table_with_a_time_and_a_price(tmp_path: Path, name: str) -> None:
    """A generic header in any case, with columns that mean nothing between."""
    file = write(tmp_path, f"note,Date,{name}\nx,2025-10-10T12:00:00Z,2\ny,2025-10-10T12:01:00Z,3.5\n")
    assert points(read_prices(file)) == [(0, 2.0), (MINUTE, 3.5)]


def test_a_headerless_table_of_two_columns(tmp_path: Path) -> None:
    """A time and a price need no header line."""
    assert points(read_prices(write(tmp_path, f"{NOON_S},2\n{NOON_S + 60},3\n"))) == [(0, 2.0), (MINUTE, 3.0)]


def test_a_wide_table_by_the_name_of_a_column(tmp_path: Path) -> None:
    """A frame with an unnamed datetime index and one column a pair, as pandas writes it to Parquet."""
    index = pd.DatetimeIndex(["2025-10-10 12:00", "2025-10-10 12:01"])
    pd.DataFrame({"ETH/USD": [2.0, 3.0], "BTC/USD": [4.0, 5.0]}, index=index).to_parquet(tmp_path / "wide.parquet")
    series = read_prices(tmp_path / "wide.parquet", price_column="BTC/USD")
    assert points(series) == [(0, 4.0), (MINUTE, 5.0)]
    assert series.name == "wide BTC/USD"


def test_a_long_table_by_the_name_of_a_symbol(tmp_path: Path) -> None:
    """Rows of one symbol are taken; its name is in the title; categories are fine."""
    frame = pd.DataFrame(
        {
            "symbol": pd.Categorical(["A", "B", "A"]),
            "time": [NOON_S, NOON_S, NOON_S + 60],
            "price": [2.0, 9.0, 3.0],
        }
    )
    frame.to_parquet(tmp_path / "long.parquet")
    series = read_prices(tmp_path / "long.parquet", symbol="A")
    assert points(series) == [(0, 2.0), (MINUTE, 3.0)]
    assert series.name == "long A"


def test_a_level_2_recording_gives_its_trades(tmp_path: Path) -> None:
    """Of depth, quotes and trades only the rows of type T count, by the clock that orders the file."""
    file = write(
        tmp_path,
        "local_ts_ns,exch_ts_ns,type,side,price,qty,id\n"
        f"{NOON},{NOON},S,1,1.0,1,1\n"
        f"{NOON + 5},{NOON + 900},T,1,2.0,0.5,2\n"
        f"{NOON + 6},{NOON + 700},D,1,9.0,0,3\n"
        f"{NOON + 7},{NOON + 900},T,-1,3.0,0.25,4\n",
    )
    assert points(read_prices(file)) == [(5, 2.0), (7, 3.0)]
    assert points(read_prices(file, time_column="exch_ts_ns")) == [(900, 3.0)]
    assert read_trades(file).side.tolist() == [1, -1]


def test_pool_ticks_by_block(tmp_path: Path) -> None:
    """The last swap of a block counts; its price is 1.0001**tick in whole tokens; a block takes twelve seconds."""
    file = write(tmp_path, "block,tick\n100,0\n100,10\n102,-10\n")
    series = read_prices(file, decimals=(8, 6))
    assert series.time_ns.tolist() == [1_200 * 10**9, 1_224 * 10**9]
    np.testing.assert_allclose(series.price, [100 * 1.0001**10, 100 * 1.0001**-10], rtol=1e-14)
    assert "block times 12 s for want of a clock (spans are approximate" in series.description
    assert "the pool's own price" in series.description
    inverse = read_prices(file, decimals=(8, 6), base_token=1, block_time="2s")
    np.testing.assert_allclose(inverse.price * series.price, 1, rtol=1e-14)
    assert inverse.time_ns.tolist() == [200 * 10**9, 204 * 10**9]


def test_missing_prices_are_dropped_when_asked(tmp_path: Path) -> None:
    """Zero, nothing and words for nothing; how many is said."""
    rows = ["0", "", "NaN", "null", "2", "N/A", "3"]
    text = "time,price\n" + "".join(f"{NOON_S + 60 * i},{price}\n" for i, price in enumerate(rows))
    series = read_prices(write(tmp_path, text), missing="drop")
    assert points(series) == [(4 * MINUTE, 2.0), (6 * MINUTE, 3.0)]
    assert "5 rows without a price left out" in series.description


def test_packed_files_and_byte_order_marks(tmp_path: Path) -> None:
    """Gzip, a zip of one file, a byte order mark, quotes, Windows line ends and blank lines are all the same table."""
    text = f'\n"time","price"\r\n\r\n{NOON_S}, 2.0\r\n\r\n{NOON_S + 60}, 3.0\r\n\r\n'
    plain = tmp_path / "plain.csv"
    plain.write_bytes(b"\xef\xbb\xbf" + text.encode())
    packed = tmp_path / "packed.csv.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    archive = tmp_path / "archive.zip"
    with zipfile.ZipFile(archive, "w") as stream:
        stream.writestr("ETHUSDT-1m.csv", text)
    for file in (plain, packed, archive):
        assert points(read_prices(file, FileKind.CSV)) == [(0, 2.0), (MINUTE, 3.0)]


TIMES: list[tuple[str, Any]] = [
    ("seconds", pa.array([NOON_S, NOON_S + 60])),
    ("float seconds", pa.array([float(NOON_S), NOON_S + 60.0])),
    ("decimal seconds", pa.array([NOON_S, NOON_S + 60]).cast(pa.decimal128(20, 0)).cast(pa.decimal128(22, 2))),
    ("milliseconds", pa.array([NOON_S * 10**3, (NOON_S + 60) * 10**3])),
    ("microseconds", pa.array([NOON_S * 10**6, (NOON_S + 60) * 10**6])),
    ("nanoseconds", pa.array([NOON, NOON + MINUTE])),
    ("unsigned nanoseconds", pa.array([NOON, NOON + MINUTE], pa.uint64())),
    ("text of seconds", pa.array([str(NOON_S), f"{NOON_S + 60}.000000000"])),
    ("naive text", pa.array(["2025-10-10 12:00:00", "2025-10-10 12:01"])),
    ("text in UTC", pa.array(["2025-10-10T12:00:00Z", "2025-10-10T12:01:00.000000000+00:00"])),
    ("text of a query engine", pa.array(["2025-10-10 12:00:00.000 UTC", "2025-10-10 12:01:00.000 UTC"])),
    ("text in a zone", pa.array(["2025-10-10 14:00:00+02:00", "2025-10-10 14:01:00+02:00"])),
    ("timestamps", pa.array([NOON // 1_000, (NOON + MINUTE) // 1_000], pa.timestamp("us"))),
    ("timestamps in a zone", pa.array([NOON_S, NOON_S + 60], pa.timestamp("s", "Asia/Tokyo"))),
    ("categories", pa.array(["2025-10-10 12:00", "2025-10-10 12:01"]).dictionary_encode()),
    ("large strings", pa.array(["2025-10-10 12:00", "2025-10-10 12:01"], pa.large_string())),
]


@pytest.mark.parametrize(("words", "column"), TIMES, ids=[words for words, _ in TIMES])
def test_times_in_every_form(tmp_path: Path, words: str, column: Any) -> None:  # noqa: ANN401  pyarrow has no types
    """Noon and a minute later, in each form that a column of times may take."""
    file = tmp_path / f"{words}.parquet"
    pq.write_table(pa.table({"time": column, "price": [2.0, 3.0]}), file)
    assert points(read_prices(file)) == [(0, 2.0), (MINUTE, 3.0)]


def test_a_clock_from_zero_needs_its_unit(tmp_path: Path) -> None:
    """A simulated clock says its unit in the name or by option, however long it runs."""
    for name, options in (("time_ms", PriceOptions()), ("time", PriceOptions(time_unit="ms"))):
        series = read_prices(write(tmp_path, f"{name},price\n0,2\n200000000,3\n"), **options)
        assert series.time_ns.tolist() == [0, 200_000_000 * 10**6]


def test_dates_are_midnights(tmp_path: Path) -> None:
    """Dates, as text or as Arrow dates."""
    pq.write_table(pa.table({"date": pa.array([20_371], pa.date32()), "close": [2.0]}), tmp_path / "dates.parquet")
    assert points(read_prices(tmp_path / "dates.parquet")) == [(-720 * MINUTE, 2.0)]
    assert points(read_prices(write(tmp_path, "date,close\n2025-10-10,2\n"))) == [(-720 * MINUTE, 2.0)]


@given(st.lists(st.decimals(10**8, 4 * 10**9, places=9), min_size=1, max_size=5))
def test_decimal_seconds_are_exact(seconds: list[Any]) -> None:
    """Nine decimals of a second in text arrive as exactly those nanoseconds, which a double would not hold."""
    data = "time,price\n" + "".join(f"{second},1\n" for second in seconds)
    times = read_times(read_csv("x.csv", data.encode()), "time", None)
    assert times.tolist() == [int(second * 10**9) for second in seconds]


@given(
    st.lists(
        st.tuples(st.integers(0, 10**9), st.integers(1, 10**12)), min_size=1, max_size=30, unique_by=lambda row: row[0]
    )
)
def test_a_csv_file_reads_as_the_standard_library_reads_it(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, int]]
) -> None:
    """Random tables, against the csv module and Python's own int and float."""
    import csv  # noqa: PLC0415  the slow obvious twin

    rows.sort()
    text = "time_s,price\n" + "".join(f"{NOON_S + time},{price / 10**6!r}\n" for time, price in rows)
    expected = [
        ((int(row["time_s"]) - NOON_S) * 10**9, float(row["price"])) for row in csv.DictReader(io.StringIO(text))
    ]
    assert points(read_prices(write(tmp_path_factory.getbasetemp(), text))) == expected
