"""The parts of docs/data.md that follow from the formats and the schemas; run this file to write them anew."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from compare.export import SCHEMAS
from compare.formats import Layout, layouts

PAGE = Path(__file__).parents[1] / "docs" / "data.md"
_PART = re.compile(r"(<!-- (\w+): made by tests/data_page\.py -->\n).*?(<!-- end -->)", re.DOTALL)


class Example(NamedTuple):
    """A tiny file, and what reads it."""

    file: str
    text: str
    call: str


_PATH, _TAPE = "PricePath.from_file({file!r})", "TakerTape.from_trades({file!r}, tolerance_bps=10)"
_MAKER = "TakerTape.from_trades({file!r}, tolerance_bps=10, format='coinbase-trades')"
_POOL = "PricePath.from_file({file!r}, decimals=(6, 18), base_token=1)"
_ARRAY = """\
np.array([(3 << 30 | 1 << 28 | 2, 1_700_000_000_000_000_000, 1_700_000_000_000_000_900, 2000.5, 3.0)],
         dtype=[("ev", "u8"), ("exch_ts", "i8"), ("local_ts", "i8"), ("px", "f8"), ("qty", "f8")])"""
_KLINE = "1735689600000000,2000,2004,1999,2003,10,1735689659999999,20000,5,4,8000,0\n"
_LOG = (
    '{"block_number": 100, "log_index": 7,'
    '\n  "topic0": "0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67",'
    '\n  "topic1": "0x' + "00" * 31 + '02", "topic2": "0x' + "00" * 31 + '03", "topic3": null,\n  "data": "0x'
)
EXAMPLES = {
    "binance-klines": Example("klines.csv", _KLINE + _KLINE.replace("17356896", "17356897"), _PATH),
    "binance-trades": Example(
        "trades.csv", "1,2000.5,3,6001.5,1735689600000000,True,True\n2,2001,4,8004,1735689600000900,False,True\n", _TAPE
    ),
    "binance-aggtrades": Example(
        "aggtrades.csv",
        "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n"
        "1,2000.5,3,1,1,1700000000000,true\n2,2001,4,2,3,1700000001000,false\n",
        _TAPE,
    ),
    "bitstamp-trades": Example(
        "bitstamp.json",
        '[{"date": "1700000001", "tid": "2", "amount": "4", "type": "0", "price": "2001"},\n'
        ' {"date": "1700000000", "tid": "1", "amount": "3", "type": "1", "price": "2000.5"}]\n',
        _TAPE,
    ),
    "bybit-klines": Example(
        "bybit.json",
        '{"result": {"list": [["1700000060000", "2003", "2005", "2002", "2004", "9", "18000"],\n'
        '                     ["1700000000000", "2000", "2004", "1999", "2003", "9", "18000"]]}}\n',
        _PATH,
    ),
    "bybit-spot-trades": Example(
        "bybit_spot.csv",
        "id,timestamp,price,volume,side\n1,1700000000000,2000.5,3,sell\n2,1700000001000,2001,4,buy\n",
        _TAPE,
    ),
    "bybit-trades": Example(
        "bybit.csv",
        "timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional\n"
        "1700000000.25,ETHUSDT,Sell,3,2000.5,MinusTick,a,6.0015e11,3,6001.5\n",
        _TAPE,
    ),
    "ccxt-ohlcv": Example(
        "ohlcv.json",
        "[[1700000000000, 2000, 2004, 1999, 2003, 9], [1700000060000, 2003, 2005, 2002, 2004, 9]]\n",
        _PATH,
    ),
    "coinbase-candles": Example(
        "candles.json", "[[1700000060, 2002, 2005, 2003, 2004, 9], [1700000000, 1999, 2004, 2000, 2003, 9]]\n", _PATH
    ),
    "coinbase-advanced-candles": Example(
        "advanced.json",
        '{"candles": [\n'
        '  {"start": "1700000060", "low": "2002", "high": "2005", "open": "2003", "close": "2004", "volume": "9"},\n'
        '  {"start": "1700000000", "low": "1999", "high": "2004", "open": "2000", "close": "2003", "volume": "9"}]}\n',
        _PATH,
    ),
    "coinbase-trades": Example(
        "coinbase.json",
        '[{"trade_id": 2, "side": "sell", "size": "4", "price": "2001", "time": "2023-11-14T22:13:21Z"},\n'
        ' {"trade_id": 1, "side": "buy", "size": "3", "price": "2000.5", "time": "2023-11-14T22:13:20Z"}]\n',
        _MAKER,
    ),
    "cryptodatadownload": Example(
        "gemini.csv",
        "https://www.CryptoDataDownload.com\nunix,date,symbol,open,high,low,close,Volume ETH,Volume USD\n"
        "1700000060,2023-11-14 22:14:20,ETH/USD,2003,2005,2002,2004,9,18000\n"
        "1700000000,2023-11-14 22:13:20,ETH/USD,2000,2004,1999,2003,9,18000\n",
        _PATH,
    ),
    "kraken-ohlcvt": Example(
        "kraken_bars.csv", "1700000000,2000,2004,1999,2003,9,5\n1700000060,2003,2005,2002,2004,9,4\n", _PATH
    ),
    "kraken-trades": Example("kraken.csv", "1700000000.1234,2000.5,3\n1700000001.5,2001,4\n", _PATH),
    "okx-candles": Example(
        "okx_candles.csv",
        "instrument_name,open,high,low,close,vol,vol_ccy,vol_quote,open_time,confirm\n"
        "ETH-USDT,2000,2004,1999,2003,9,9,18000,1700000000000,1\nETH-USDT,2003,2005,2002,2004,9,9,18000,1700000060000,1\n",
        _PATH,
    ),
    "okx-trades": Example(
        "okx.csv",
        "instrument_name,trade_id,side,price,size,created_time\nETH-USDT-SWAP,1,sell,2000.5,30,1700000000000\n",
        "TakerTape.from_trades({file!r}, tolerance_bps=10, contract_size=0.1)",
    ),
    "cryo-logs": Example(
        "logs.json",
        "["
        + _LOG
        + f"{5_000_000:064x}"
        + f"{2**256 - 25 * 10**14:064x}"
        + f"{10**33:064x}"
        + f"{10**18:064x}"
        + f"{200_000:064x}"
        + '"}]\n',
        _POOL,
    ),
    "cryo-swaps": Example(
        "cryo.csv",
        "block_number,log_index,event__amount0_string,event__amount1_string,event__tick\n100,7,5000000,-2500000000000000,200000\n",
        _POOL,
    ),
    "dune-swaps": Example(
        "dune.csv",
        "evt_block_time,evt_block_number,evt_index,amount0,amount1,tick\n"
        "2023-11-14 22:13:20.000 UTC,18573000,7,5000000,-2500000000000000,200000\n",
        _POOL,
    ),
    "subgraph-swaps": Example(
        "subgraph.json",
        '{"data": {"swaps": [\n'
        '  {"timestamp": "1700000000", "amount0": "5.000000", "amount1": "-0.0025", "tick": "200000"}]}}\n',
        _POOL,
    ),
    "hftbacktest": Example("events.npz", _ARRAY, _TAPE),
    "level2": Example(
        "level2.csv",
        "local_ts_ns,exch_ts_ns,type,side,price,qty,id\n"
        "1700000000000000000,1699999999999000000,D,1,2000,5,41\n1700000000000000900,1700000000000000000,T,-1,2000,3,7\n",
        _TAPE,
    ),
    "lobster": Example(
        "AMZN_2012-06-21_34200000_57600000_message_10.csv",
        "34200.017459617,1,16113575,18,5853300,1\n34200.189608,4,16113575,18,5853300,1\n",
        _TAPE,
    ),
    "lobster-book": Example(
        "AMZN_2012-06-21_34200000_57600000_orderbook_10.csv",
        "5859400,200,5853300,18\n5859400,200,5853200,9\n",
        _PATH,
    ),
    "prices": Example("two_columns.csv", "1700000000,2000.5\n1700000001,2001\n", _PATH),
    "ohlc": Example("ohlc.csv", "1700000000,2000,2004,1999,2003\n1700000060,2003,2005,2002,2004\n", _PATH),
}


def whole_page(text: str, folder: Path) -> str:
    """The page with its made parts as they should be; the examples write their files into the folder."""
    parts = {"formats": "\n".join(_formats(folder)), "tables": "\n".join(_tables())}
    return _PART.sub(lambda match: f"{match[1]}\n{parts[match[2]]}\n{match[3]}", text)


def _formats(folder: Path) -> Iterator[str]:
    for layout in layouts():
        yield f"### {layout.name}\n"
        is_name = layout.title.startswith(layout.name.split("-")[0])  # of a tool, which has no capital
        yield f"{layout.title if is_name else layout.title[0].upper() + layout.title[1:]}.\n"
        yield f"Rows are {layout.content.value}; {_recognised(layout)}.\n"
        yield "| column | what it holds |\n|---|---|"
        for column, meaning in layout.columns.items():
            yield f"| `{column}`{' (may be missing)' if column in layout.optional else ''} | {meaning} |"
        yield ""
        yield from _example(EXAMPLES[layout.name], folder)


def _recognised(layout: Layout) -> str:
    ways = ["by the names of these columns"] if layout.header else []
    ways += ["without a header line, by the number and the contents of its columns"] if layout.headerless else []
    how, more = "recognised " + ", or ".join(ways), []
    if layout.newest_first:
        more.append("the newest row may stand first")
    if layout.side_of == "maker":
        more.append("for its sides, the format must be named, because another table may have the same columns")
    return "; ".join([how, *more])


def _example(example: Example, folder: Path) -> Iterator[str]:
    """The example as a reader would type it, with what it answers."""
    call = example.call.format(file=example.file)
    yield "```python"
    if example.file.endswith(".npz"):
        yield f">>> events = {example.text}".replace("\n", "\n... ")
        yield f'>>> np.savez("{example.file}", data=events)'
    else:
        lines = example.text.splitlines()
        yield f'>>> _ = Path("{example.file}").write_text("""\\'
        yield from (f"... {line}" for line in lines)
        yield '... """)'
    yield f">>> {call}"
    yield answer(example, folder)
    yield "```\n"


def answer(example: Example, folder: Path) -> str:
    """What the call of an example answers."""
    import numpy as np  # noqa: PLC0415  what the example says it needs

    from compare.paths import PricePath  # noqa: PLC0415  the same
    from compare.tape import TakerTape  # noqa: PLC0415  the same

    names = {"np": np, "PricePath": PricePath, "TakerTape": TakerTape}
    file = folder / example.file
    if example.file.endswith(".npz"):
        np.savez(file, data=eval(example.text, names))  # noqa: S307  our own text
    else:
        file.write_text(example.text, encoding="utf-8")
    found = eval(example.call.format(file=str(file)), names)  # noqa: S307  the same
    return repr(found)


def _tables() -> Iterator[str]:
    for name, schema in SCHEMAS.items():
        yield f"### {name}\n"
        yield "| column | type | unit | what it holds |\n|---|---|---|---|"
        for field in schema:
            words = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
            kind = "whole number as text" if str(field.type) == "string" and words.get("type") else str(field.type)
            yield f"| `{field.name}` | {kind} | {words.get('unit', '')} | {words.get('meaning', '')} |"
        yield ""


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        PAGE.write_text(whole_page(PAGE.read_text(encoding="utf-8"), Path(scratch)), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE}\n")
