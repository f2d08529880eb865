"""Every format that is known by name: recognised from a small sample of it, and read as what it says."""

import gzip
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
from layout_samples import MS, SAMPLES, TRADE_SAMPLES, TRADES, US, S, Sample, points, write

from compare.errors import InputError
from compare.formats import Content, Layout, layouts, read_prices, read_trades, register
from compare.formats.registry import _layouts


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
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ETHUSDT-trades-2025-10-10.csv", text)
    with pa.output_stream(str(tmp_path / "c.csv.zst"), compression="zstd") as out:
        out.write(text.encode())
    for name in ("a.csv.gz", "b.zip", "c.csv.zst"):
        series = read_prices(tmp_path / name)
        assert points(series.time_ns, series.price) == TRADES
    whole = (tmp_path / "c.csv.zst").read_bytes()
    (tmp_path / "d.csv.zst").write_bytes(whole[:-5])
    with pytest.raises(InputError, match="the file is damaged"):
        read_prices(tmp_path / "d.csv.zst")


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
    endless = write(tmp_path, names + f"{S},E,Sell,3,2,x,a,1,3,1e400\n")
    with pytest.raises(InputError, match="line 2, column 'foreignNotional': the value is inf"):
        read_trades(endless)


def test_newest_first_only_where_the_format_says_so(tmp_path: Path) -> None:
    """Coinbase's candles are turned round; a table of one's own is refused, so that a mistake is seen."""
    with pytest.raises(InputError, match="the newest row is first: sort them"):
        read_prices(write(tmp_path, f"time,price\n{S + 60},2\n{S + 30},2\n{S},3\n"))
    half = f"[[{S + 60}, 1, 3, 2, 2, 1], [{S + 90}, 1, 3, 2, 2, 1], [{S}, 1, 3, 2, 2, 1]]"
    with pytest.raises(InputError, match="row 1: 2025-10-10T12:01:00Z comes after 2025-10-10T12:01:30Z"):
        read_prices(write(tmp_path, half))


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


def test_real_files_and_their_formats(shared_data: Path) -> None:
    """What each recorded file is recognised as."""
    book = shared_data / "binance_l2_2024-08-08" / "spot_ethusdt_20240808_09.parquet"
    crash = shared_data / "bars" / "btcusdt_1m_2025-10-10_crash.csv"
    assert (read_prices(book).format, read_trades(book).format, read_prices(crash).format) == (
        "level2",
        "level2",
        "table",
    )
