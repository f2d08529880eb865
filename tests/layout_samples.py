"""Small files as venues write them, one or more for each format, and what they say."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from compare.durations import instant_ns

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
