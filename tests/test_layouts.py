"""Every format that is known by name: recognised from a small sample of it, and read as what it says."""

import gzip
import io
import json
import zipfile
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from compare.durations import instant_ns
from compare.errors import InputError
from compare.formats import Content, Layout, layouts, read_prices, read_swaps, read_trades, register
from compare.formats.registry import _layouts
from compare.paths import PricePath
from compare.scenario import Scenario
from compare.tape import TakerTape

NOON = instant_ns("2025-10-10T12:00:00Z")
S = NOON // 10**9
MS, US = S * 10**3, S * 10**6
MINUTE = 60 * 10**9
SECOND = 10**9


class Sample(NamedTuple):
    """A file as a venue writes it; prices by nanoseconds after noon, and the takers' sides and sizes."""

    format: str
    text: str
    prices: Sequence[tuple[int, float]]
    sides: Sequence[int] = ()
    sizes: Sequence[float] = ()


BARS = ((MINUTE, 2.5), (2 * MINUTE, 2.0))
"""Two one-minute bars from noon; one unit in four columns."""
TRADES = ((0, 2.0), (SECOND, 2.5))
"""A taker who sells at noon and one who buys a second later."""


def kline(open_time: int, close: float, end: int) -> str:
    return f"{open_time},2,3,1,{close},10,{end},20,5,4,8,0\n"


KLINE_NAMES = "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
KLINE_NAMES += "taker_buy_quote_volume,ignore\n"

BAR_SAMPLES = [
    Sample("binance-klines", kline(MS, 2.5, MS + 59_999) + kline(MS + 60_000, 2.0, MS + 119_999), BARS),
    Sample("binance-klines", kline(US, 2.5, US + 59_999_999) + kline(US + 60_000_000, 2.0, US + 119_999_999), BARS),
    Sample("binance-klines", KLINE_NAMES + kline(MS, 2.5, MS + 59_999) + kline(MS + 60_000, 2.0, MS + 119_999), BARS),
    Sample(
        "binance-klines",
        json.dumps(
            [
                [MS, "2", "3", "1", "2.5", "9", MS + 59_999, "8", 5, "4", "8", "0"],
                [MS + 60_000, "2", "3", "1", "2.0", "9", MS + 119_999, "8", 5, "4", "8", "0"],
            ]
        ),
        BARS,
    ),
    Sample("ccxt-ohlcv", f"[[{MS}, 2, 3, 1, 2.5, 10], [{MS + 60_000}, 2.5, 3, 1, 2.0, 10]]", BARS),
    Sample("ccxt-ohlcv", f"{MS},2,3,1,2.5,10\n{MS + 60_000},2.5,3,1,2,10\n", BARS),
    Sample("ccxt-ohlcv", f"{MS},2.5,2.5,2.5,2.5,0\n{MS + 60_000},2,2,2,2,0\n", BARS),
    Sample("coinbase-candles", f"[[{S + 60}, 1, 3, 2.5, 2.0, 10], [{S}, 1, 3, 2, 2.5, 10]]", BARS),
    Sample("coinbase-candles", f"{S},2.5,2.5,2.5,2.5,0\n{S + 60},2,2,2,2,0\n", BARS),
    Sample("coinbase-candles", f"time,low,high,open,close,volume\n{S + 60},1,3,2,2,9\n{S},1,3,2,2.5,9\n", BARS),
    Sample(
        "coinbase-advanced-candles",
        json.dumps(
            {
                "candles": [
                    {"start": str(t), "low": "1", "high": "3", "open": "2", "close": c, "volume": "9"}
                    for t, c in ((S + 60, "2.0"), (S, "2.5"))
                ]
            }
        ),
        BARS,
    ),
    Sample("kraken-ohlcvt", f"{S},2,3,1,2.5,10,7\n{S + 60},2.5,3,1,2,10,7\n", BARS),
    Sample(
        "bybit-klines",
        json.dumps({"result": {"list": [[str(MS + 60_000), *"2312", "9", "9"], [str(MS), *"231", "2.5", "9", "9"]]}}),
        BARS,
    ),
    Sample(
        "okx-candles",
        "instrument_name,open,high,low,close,vol,vol_ccy,vol_quote,open_time,confirm\n"
        f"ETH-USDT,2,3,1,2.5,9,9,20,{MS},1\nETH-USDT,2,3,1,2,9,9,20,{MS + 60_000},1\n",
        BARS,
    ),
    Sample(
        "cryptodatadownload",
        "https://www.CryptoDataDownload.com\nunix,date,symbol,open,high,low,close,Volume ETH,Volume USD\n"
        f"{S + 60},2025-10-10 12:01:00,ETH/USD,2,3,1,2,9,20\n{S},2025-10-10 12:00:00,ETH/USD,2,3,1,2.5,9,20\n",
        BARS,
    ),
    Sample("ohlc", f"{S},2,3,1,2.5\n{S + 60},2,3,1,2\n", BARS),
    Sample("table", f"Date,Open,High,Low,Close\n{S},2,3,1,2.5\n{S + 60},2,3,1,2\n", BARS),
]

TRADE_SAMPLES = [
    Sample("binance-trades", f"1,2,3,6,{MS},True,True\n2,2.5,4,10,{MS + 1000},False,True\n", TRADES, (-1, 1), (3, 4)),
    Sample("binance-trades", f"1,2,3,6,{US},True,True\n2,2.5,4,10,{US + 10**6},False,True\n", TRADES, (-1, 1), (3, 4)),
    Sample("binance-trades", f"1,2,3,6,{MS},true\n2,2.5,4,10,{MS + 1000},false\n", TRADES, (-1, 1), (3, 4)),
    Sample(
        "binance-trades",
        f"id,price,qty,quote_qty,time,is_buyer_maker\n1,2,3,6,{MS},true\n2,2.5,4,10,{MS + 1000},false\n",
        TRADES,
        (-1, 1),
        (3, 4),
    ),
    Sample(
        "binance-trades",
        json.dumps(
            [
                {"id": n, "price": p, "qty": q, "quoteQty": "6", "time": t, "isBuyerMaker": m, "isBestMatch": True}
                for n, (p, q, t, m) in enumerate((("2", "3", MS, True), ("2.5", "4", MS + 1000, False)))
            ]
        ),
        TRADES,
        (-1, 1),
        (3, 4),
    ),
    Sample("binance-aggtrades", f"1,2,3,1,1,{MS},true\n2,2.5,4,2,3,{MS + 1000},false\n", TRADES, (-1, 1), (3, 4)),
    Sample(
        "binance-aggtrades", f"1,2,3,1,1,{US},True,True\n2,2.5,4,2,3,{US + 10**6},False,True\n", TRADES, (-1, 1), (3, 4)
    ),
    Sample(
        "binance-aggtrades",
        "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n"
        f"1,2,3,1,1,{MS},true\n2,2.5,4,2,3,{MS + 1000},false\n",
        TRADES,
        (-1, 1),
        (3, 4),
    ),
    Sample("kraken-trades", f"{S},2,3\n{S + 1}.0000,2.5,4\n", TRADES),
    Sample(
        "coinbase-trades",
        "trade_id,side,size,price,time\n2,sell,4,2.5,2025-10-10T12:00:01.000000Z\n"
        "1,buy,3,2,2025-10-10T12:00:00.000000Z\n",
        TRADES,
        (-1, 1),
        (3, 4),
    ),
    Sample(
        "okx-trades",
        "instrument_name,trade_id,side,price,size,created_time\n"
        f"ETH-USDT,1,sell,2,3,{MS}\nETH-USDT,2,buy,2.5,4,{MS + 1000}\n",
        TRADES,
        (-1, 1),
        (3, 4),
    ),
    Sample(
        "bybit-trades",
        "timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional\n"
        f"{S},ETHUSDT,Sell,3,2,MinusTick,a,6e8,3,6\n{S + 1}.0,ETHUSDT,Buy,4,2.5,PlusTick,b,1e9,4,10\n",
        TRADES,
        (-1, 1),
        (3, 4),
    ),
    Sample(
        "bybit-trades",
        "timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional,RPI\n"
        f"{S},ETHUSD,Sell,6,2,x,a,3e8,6,3,0\n{S + 1},ETHUSD,Buy,10,2.5,x,b,4e8,10,4,0\n",
        TRADES,
        (-1, 1),
        (3, 4),
    ),
    Sample(
        "bybit-spot-trades",
        f"id,timestamp,price,volume,side,rpi\n1,{MS},2,3,sell,0\n2,{MS + 1000},2.5,4,buy,0\n",
        TRADES,
        (-1, 1),
        (3, 4),
    ),
    Sample(
        "bitstamp-trades",
        json.dumps(
            [
                {"date": str(S + 1), "tid": "2", "amount": "4", "type": "0", "price": "2.5"},
                {"date": str(S), "tid": "1", "amount": "3", "type": "1", "price": "2"},
            ]
        ),
        TRADES,
        (-1, 1),
        (3, 4),
    ),
    Sample(
        "level2",
        "local_ts_ns,exch_ts_ns,type,side,price,qty,id\n"
        f"{NOON},{NOON},T,-1,2,3,1\n{NOON + 5},{NOON + 5},D,1,9,1,1\n{NOON + SECOND},{NOON},T,1,2.5,4,2\n",
        TRADES,
        (-1, 1),
        (3, 4),
    ),
    Sample("prices", f"{S},2\n{S + 1},2.5\n", TRADES),
]
SAMPLES = BAR_SAMPLES + TRADE_SAMPLES


def write(folder: Path, text: str, name: str = "sample.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def points(time_ns: Any, price: Any) -> tuple[tuple[int, float], ...]:  # noqa: ANN401  arrays
    return tuple(zip((time_ns - NOON).tolist(), price.tolist(), strict=True))


@pytest.mark.parametrize("sample", SAMPLES, ids=[f"{at} {sample.format}" for at, sample in enumerate(SAMPLES)])
def test_a_sample_is_recognised_and_read(tmp_path: Path, sample: Sample) -> None:
    """The format is named, and the prices are those of its bars' ends or of its trades."""
    series = read_prices(write(tmp_path, sample.text))
    assert series.format == sample.format
    assert points(series.time_ns, series.price) == tuple(sample.prices)
    assert sample.format == "table" or f"sample.csv, {sample.format}: " in series.description


@pytest.mark.parametrize("sample", SAMPLES, ids=[f"{at} {sample.format}" for at, sample in enumerate(SAMPLES)])
def test_a_sample_is_read_by_name(tmp_path: Path, sample: Sample) -> None:
    """The name of the format does what recognition does."""
    series = read_prices(write(tmp_path, sample.text), format=sample.format)
    assert points(series.time_ns, series.price) == tuple(sample.prices)


@pytest.mark.parametrize("sample", [s for s in TRADE_SAMPLES if s.sides], ids=lambda sample: sample.format)
def test_trades_of_a_sample(tmp_path: Path, sample: Sample) -> None:
    """The taker's side, whoever's side the venue writes, and sizes in base tokens, whatever the venue counts."""
    wanted = sample.format if sample.format == "coinbase-trades" else "auto"
    trades = read_trades(write(tmp_path, sample.text), format=wanted)
    assert trades.format == sample.format
    assert (trades.side.tolist(), trades.size.tolist()) == (list(sample.sides), list(sample.sizes))
    assert points(trades.time_ns, trades.price) == tuple(sample.prices)


def test_every_format_has_a_sample() -> None:
    """No format is without one, here or among the recordings and pools below."""
    elsewhere = {"hftbacktest", "lobster", "lobster-book", "cryo-logs", "cryo-swaps", "dune-swaps", "subgraph-swaps"}
    assert {layout.name for layout in layouts()} - elsewhere == {sample.format for sample in SAMPLES} - {"table"}


def test_packed_files_are_the_same(tmp_path: Path) -> None:
    """Gzip as Bybit publishes, zip as Binance and OKX do, and Zstandard."""
    text = TRADE_SAMPLES[0].text
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text.encode()))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ETHUSDT-trades-2025-10-10.csv", text)
    (tmp_path / "b.zip").write_bytes(stream.getvalue())
    (tmp_path / "c.csv.zst").write_bytes(pa.compress(text.encode(), codec="zstd", asbytes=True))
    for name in ("a.csv.gz", "b.zip"):
        assert points(*(read_prices(tmp_path / name).time_ns, read_prices(tmp_path / name).price)) == TRADES
    with pa.output_stream(str(tmp_path / "d.csv.zst"), compression="zstd") as out:
        out.write(text.encode())
    assert points(read_prices(tmp_path / "d.csv.zst").time_ns, read_prices(tmp_path / "d.csv.zst").price) == TRADES


FRAME = {"id": [1, 2], "price": [2.0, 2.5], "qty": [3.0, 4.0], "quote_qty": [6.0, 10.0], "time": [MS, MS + 1000]}
FRAME_TRADES = {**FRAME, "is_buyer_maker": [True, False]}


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table], ids=["pandas", "polars", "pyarrow"])
def test_frames_of_every_library(make: Any) -> None:  # noqa: ANN401  three classes
    """The same columns as a frame of pandas, polars or pyarrow: the same path and the same tape."""
    frame = make(FRAME_TRADES)
    path = PricePath.from_frame(frame, tick_size="0.5")
    assert path.ticks.tolist() == [4, 5]
    assert "frame, binance-trades: " in path.description
    tape = TakerTape.from_trades(frame, tolerance_bps=10, lot_size=1)
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


def test_rows_in_neither_order_of_bars_fit_nothing(tmp_path: Path) -> None:
    """Six numbers whose second column is not the highest price are no bars; the error lists what was tried."""
    with pytest.raises(InputError, match=r"6 columns like these.*not .*ccxt-ohlcv \(time, open, .*coinbase-candles"):
        read_prices(write(tmp_path, f"{MS},9,3,1,2.5,10\n"))


def test_a_name_that_does_not_fit_says_what_is_missing(tmp_path: Path) -> None:
    """A wrong name, an unknown one, a header line where there is none, and none where there is one."""
    file = write(tmp_path, "time,price\n1,2\n")
    with pytest.raises(InputError, match=r"this is no okx-trades: it lacks instrument_name, trade_id, side, size, cre"):
        read_prices(file, format="okx-trades")
    with pytest.raises(InputError, match=r"format: 'okx' is no known format; one of auto, table, binance-klines, "):
        read_prices(file, format="okx")
    bare = write(tmp_path, f"{S},2\n", "bare.csv")
    with pytest.raises(InputError, match="there is no header line; name the format"):
        read_prices(bare, format="table")
    with pytest.raises(InputError, match="this is no kraken-trades: it has a header line, and this has none"):
        read_prices(file, format="kraken-trades")
    with pytest.raises(InputError, match="this is no okx-trades: 2 columns without a header line, and this has one"):
        read_prices(bare, format="okx-trades")


def test_what_is_nothing_known_says_what_was_looked_for(tmp_path: Path) -> None:
    """A table without prices, and one without times."""
    for text in ("when,what\n1,2\n", "time,what\n1,2\n", "when,price\n1,2\n"):
        with pytest.raises(InputError, match=r"looked for binance-klines, .*, and for known names of columns"):
            read_prices(write(tmp_path, text))


def test_a_format_of_ones_own(tmp_path: Path) -> None:
    """A layout reads a table as `format`; registered, it is recognised; two that fit alike are named in the error."""
    columns = {"t": "ms", "p": "quote per base", "q": "base tokens", "s": "the taker's, B or S"}
    mine = Layout("mine", "my venue", Content.TRADES, columns, time="t", price="p", size="q", side="s")
    file = write(tmp_path, f"t,p,q,s\n{MS},2,3,S\n{MS + 1000},2.5,4,B\n")
    assert points(read_prices(file, format=mine).time_ns, read_prices(file, format=mine).price) == TRADES
    with pytest.raises(InputError, match="there is no column of prices"):
        read_prices(file)
    known = dict(_layouts)
    try:
        register(mine)
        assert read_trades(file).format == "mine"
        with pytest.raises(InputError, match="a format 'mine' is known"):
            register(mine)
        register(Layout("yours", "your venue", Content.TRADES, columns, time="t", price="p"))
        with pytest.raises(InputError, match=r"this is mine \(t, p, q, s\) and yours .* alike; name one of them"):
            read_prices(file)
    finally:
        _layouts.clear()
        _layouts.update(known)
    with pytest.raises(InputError, match=r"layout wrong: there is no column 'x'; its columns are t"):
        Layout("wrong", "", Content.PRICES, {"t": "s"}, time="t", price="x")


def test_contracts_are_not_taken_for_tokens(tmp_path: Path) -> None:
    """OKX counts swaps in contracts: refused until one's size is known. Bybit's notional must fit in every row."""
    okx = f"instrument_name,trade_id,side,price,size,created_time\nETH-USDT-SWAP,1,buy,2,3,{MS}\n"
    file = write(tmp_path, okx)
    with pytest.raises(InputError, match="the sizes of ETH-USDT-SWAP count contracts; give the base tokens of one"):
        read_trades(file)
    assert read_trades(file, contract_size=0.1).size.tolist() == [pytest.approx(0.3)]
    assert read_prices(file).price.tolist() == [2.0]
    names = "timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional\n"
    mixed = write(tmp_path, names + f"{S},E,Sell,3,2,x,a,1,3,6\n{S + 1},E,Buy,10,2.5,x,b,1,10,4\n")
    with pytest.raises(InputError, match="line 3, column 'foreignNotional': neither size nor foreignNotional"):
        read_trades(mixed)


def test_newest_first_only_where_the_format_says_so(tmp_path: Path) -> None:
    """Coinbase's candles are turned round; a table of one's own is refused, so that a mistake is seen."""
    with pytest.raises(InputError, match="the newest row is first: sort them"):
        read_prices(write(tmp_path, f"time,price\n{S + 60},2\n{S + 30},2\n{S},3\n"))
    half = f"[[{S + 60}, 1, 3, 2, 2, 1], [{S + 90}, 1, 3, 2, 2, 1], [{S}, 1, 3, 2, 2, 1]]"
    with pytest.raises(InputError, match="row 1: 2025-10-10T12:01:00Z comes after 2025-10-10T12:01:30Z"):
        read_prices(write(tmp_path, half))


def test_hftbacktest_trades(tmp_path: Path) -> None:
    """An event array, plain and in an archive: trades with the venue's flag, by its clock, with the taker's side."""
    kinds = [("ev", "<u8"), ("exch_ts", "<i8"), ("local_ts", "<i8"), ("px", "<f8"), ("qty", "<f8"), ("order_id", "<u8")]
    kinds += [("ival", "<i8"), ("fval", "<f8")]
    both, venue, local = 0b11 << 30, 1 << 31, 1 << 30
    rows = [
        (both | 1 << 29 | 1, NOON - 5, NOON, 1.0, 9.0, 0, 0, 0.0),
        (venue | 1 << 28 | 2, NOON, NOON + 9, 2.0, 3.0, 0, 0, 0.0),
        (local | 1 << 28 | 2, NOON, NOON + 9, 2.0, 3.0, 0, 0, 0.0),
        (both | 1 << 29 | 2, NOON + SECOND, NOON + SECOND + 9, 2.5, 4.0, 0, 0, 0.0),
    ]
    array = np.array(rows, dtype=kinds)
    np.save(tmp_path / "a.npy", array)
    np.savez_compressed(tmp_path / "b.npz", data=array)
    for source in (tmp_path / "a.npy", tmp_path / "b.npz", array):
        trades = read_trades(source)
        assert (trades.format, trades.side.tolist(), trades.size.tolist()) == ("hftbacktest", [-1, 1], [3, 4])
        assert points(trades.time_ns, trades.price) == TRADES
        assert points(read_prices(source).time_ns, read_prices(source).price) == TRADES
    with pytest.raises(InputError, match="there is no trade; rows of kind 2"):
        read_prices(array[:1])
    array["ev"][1] = venue | 2
    with pytest.raises(InputError, match="row 2, column 'ev': the trade has no side"):
        read_prices(array)


LOBSTER = "34200.000000001,1,7,18,5853300,1\n34200.017459617,4,7,5,5853300,-1\n34201.5,5,0,2,5853250,1\n"


def test_lobster_executions(tmp_path: Path) -> None:
    """Executions, visible and hidden, by New York's clock on the day in the name; the taker is not the order's side."""
    file = write(tmp_path, LOBSTER, "AMZN_2012-06-21_34200000_57600000_message_10.csv")
    trades = read_trades(file)
    opening = instant_ns("2012-06-21T13:30:00Z")
    assert (trades.format, trades.side.tolist(), trades.size.tolist()) == ("lobster", [1, -1], [5, 2])
    assert (trades.time_ns - opening).tolist() == [17_459_617, 1_500_000_000]
    assert trades.price.tolist() == [585.33, 585.325]
    nameless = write(tmp_path, LOBSTER, "messages.csv")
    assert read_prices(nameless, date="2012-01-03").time_ns[0] == instant_ns("2012-01-03T14:30:00Z") + 17_459_617
    with pytest.raises(InputError, match="times count from midnight, and no day is known; give date"):
        read_prices(nameless)
    with pytest.raises(InputError, match="'yesterday' is no day"):
        read_prices(nameless, date="yesterday")
    with pytest.raises(InputError, match="there is no execution; rows of type 4 or 5"):
        read_prices(write(tmp_path, "34200.5,1,7,18,5853300,1\n", "2012-06-21.csv"))


def test_lobster_mid_prices(tmp_path: Path) -> None:
    """The order book after each message, by the times of the message file beside it; rows of one side are left out."""
    book = write(
        tmp_path,
        "5859400,200,5853300,18,5859800,200,5853000,150\n9999999999,0,5853300,18,1,1,1,1\n5859400,1,5853301,2,1,1,1,1\n",
        "AMZN_2012-06-21_34200000_57600000_orderbook_2.csv",
    )
    with pytest.raises(InputError, match="the times are in the message file, which is not there; lay the message file"):
        read_prices(book)
    messages = write(tmp_path, LOBSTER, "AMZN_2012-06-21_34200000_57600000_message_2.csv")
    series = read_prices(book)
    opening = instant_ns("2012-06-21T13:30:00Z")
    assert series.format == "lobster-book"
    assert (series.time_ns - opening).tolist() == [1, 1_500_000_000]
    assert series.price.tolist() == [585.635, 585.63505]
    messages.write_text(LOBSTER + "34300,4,9,1,5853400,1\n")
    with pytest.raises(InputError, match=r"3 rows, and 4 in AMZN_.*; one row of the book for each message"):
        read_prices(book)
    with pytest.raises(InputError, match="the times are in the message file"):
        read_prices(write(tmp_path, "5859400,200,5853300,18\n", "book.csv"), format="lobster-book")


DUNE = (
    "contract_address,evt_tx_hash,evt_index,evt_block_time,evt_block_number,amount0,amount1,liquidity,recipient,sender,"
    "sqrtPriceX96,tick\n"
    f"0xab,0xcd,1,2025-10-10 12:00:00.000 UTC,100,-{10**30},5,7,0x1,0x2,{2**159},100\n"
    "0xab,0xcd,2,2025-10-10 12:00:12.000 UTC,101,2000000000000000000,-5,7,0x1,0x2,8,101\n"
)
CRYO = (
    "block_number,log_index,event__amount0_string,event__amount1_string,event__tick\n100,1,-5,7,100\n101,2,6,-7,101\n"
)
SUBGRAPH = json.dumps(
    {
        "data": {
            "swaps": [
                {"timestamp": str(S + 12), "amount0": "-0.000006", "amount1": "7.5", "tick": "101", "logIndex": "2"},
                {"timestamp": str(S), "amount0": "5.000001", "amount1": "-7.5", "tick": "100", "logIndex": "1"},
            ]
        }
    }
)


@pytest.mark.parametrize(
    ("name", "text", "times", "sizes"),
    [
        ("dune-swaps", DUNE, (0, 12 * SECOND), [1e12, 2.0]),
        ("cryo-swaps", CRYO, (1200 * SECOND - NOON, 1212 * SECOND - NOON), [5e-18, 6e-18]),
        ("subgraph-swaps", SUBGRAPH, (0, 12 * SECOND), [5.000001, 0.000006]),
    ],
)
def test_pool_exports_are_paths_and_tapes(
    tmp_path: Path, name: str, text: str, times: tuple[int, int], sizes: list[float]
) -> None:
    """The price is that of the tick; the taker's size is amount0, in whole tokens whatever the export counts."""
    file = write(tmp_path, text)
    series = read_prices(file, decimals=(18, 18))
    assert series.format == name
    assert (series.time_ns - NOON).tolist() == list(times)
    np.testing.assert_allclose(series.price, [1.0001**100, 1.0001**101], rtol=1e-12)
    moments, side, size, about = read_swaps(file)
    assert ((moments - NOON).tolist(), size.tolist()) == (list(times), sizes)
    assert sorted(side.tolist()) == [-1, 1]
    assert f"sample.csv, {name}: swaps at" in about
    with pytest.raises(InputError, match="for the price of the pool ticks, give the decimals of both tokens"):
        read_prices(file)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"id,price,qty,quote_qty,time,is_buyer_maker\n1,2,-3,6,{MS},true\n", "line 2, column 'qty': the value is -3"),
        (f"id,price,qty,quote_qty,time,is_buyer_maker\n1,nan,3,6,{MS},true\n", "column 'price': the value is nan"),
        (f"1,2,3,6,{MS},True,True\n2,2,3,6,{MS - 1},True,True\n", "line 2: 2025-10-10T11:59:59.999Z comes after"),
        (f"1,2,3,6,{MS},True,True\n2,2,3,6,{US},True,True\n", "is not a time in ms, as the first row is; use one unit"),
        (f"1,2,{10**400},6,{MS},True,True\n", "line 1, column 'qty': the value is inf"),
        (f"1,2,3,6,{MS},True,True\n1,2,3,6,{MS},maybe,True\n", "line 2, column 'is_buyer_maker': 'maybe' is no side"),
        ('{"code": 1}', "the document holds no row; a list of rows"),
        ('{"a": [[1, 2]], "b": [[1, 2]]}', "the document holds 2 lists: a, b"),
        ("[[1, 2], {}]", "row 1: ['1', '2'] is no object"),
        ("[1, 2", "this is not JSON"),
    ],
)
def test_bad_input_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    """Signs, NaN, order, units, sizes without end, flags and documents: one typed error each."""
    with pytest.raises(InputError) as caught:
        read_trades(write(tmp_path, text))
    assert said in str(caught.value)


def test_a_scenario_names_formats(tmp_path: Path) -> None:
    """`prices.format`, `takers.format` and what else a format needs are keys of a scenario."""
    messages = LOBSTER + "34300,4,9,1,5853400,1\n"
    file = str(write(tmp_path, messages, "messages.csv"))
    swaps = "instrument_name,trade_id,side,price,size,created_time\n"
    at = instant_ns("2012-01-03T14:30:30Z") // 10**6
    takers = str(write(tmp_path, swaps + f"AMZN-USD-SWAP,1,buy,585.4,3,{at}\n", "takers.csv"))
    scenario = Scenario.from_mapping(
        {
            "prices": {"file": file, "format": "lobster", "date": "2012-01-03"},
            "takers": {"file": takers, "format": "okx-trades", "contract_size": 0.1},
        }
    )
    path = scenario.price_path()
    assert path.prices.tolist() == [585.33, 585.325, 585.34]
    tape = scenario.tape(path, scenario.market(path))
    assert [int(lots) * tape.lot_size for lots in tape.lots] == [Fraction(3, 10)]
    with pytest.raises(InputError, match="this is no okx-trades: 6 columns without a header line"):
        Scenario.from_mapping({"prices": {"file": file, "format": "okx-trades"}}).price_path()


def test_real_files_and_their_formats(shared_data: Path) -> None:
    """What each recorded file is recognised as."""
    book = shared_data / "binance_l2_2024-08-08" / "spot_ethusdt_20240808_09.parquet"
    crash = shared_data / "bars" / "btcusdt_1m_2025-10-10_crash.csv"
    assert (read_prices(book).format, read_trades(book).format, read_prices(crash).format) == (
        "level2",
        "level2",
        "table",
    )
