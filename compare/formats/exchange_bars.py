"""Bars as exchanges publish them, in files and in the answers of their public interfaces."""

from typing import Final

import numpy as np

from compare.formats.layout import Content, Layout, head_numbers
from compare.formats.table import Table

_PRICE: Final = "quote per base"
_SIZE: Final = "base tokens"
_BAR: Final = {"open": _PRICE, "high": _PRICE, "low": _PRICE, "close": _PRICE}
_MILLISECONDS: Final = 10**11  # from here (1973) a number of seconds would lie after the year 5138
_FIRST_SECOND: Final = 10**8  # the same year in seconds; a smaller number is no time of these venues


def _in_milliseconds(table: Table, column: str) -> bool:
    return bool(head_numbers(table, column)[0] >= _MILLISECONDS)


def _in_seconds(table: Table, column: str) -> bool:
    return bool(_FIRST_SECOND <= head_numbers(table, column)[0] < _MILLISECONDS)


def _bars_hold(table: Table, first: str, second: str, third: str, fourth: str) -> bool:
    """Whether columns named open, high, low and close hold that."""
    opens, highs, lows, closes = (head_numbers(table, name) for name in (first, second, third, fourth))
    return bool(((lows <= np.minimum(opens, closes)) & (highs >= np.maximum(opens, closes))).all())


def _is_binance_bars(table: Table) -> bool:
    return "ignore" in table.columns and _in_milliseconds(table, "open_time")


def _is_ccxt(table: Table) -> bool:
    if not _bars_hold(table, "open", "high", "low", "close"):
        return False
    # Bars that never move fit Coinbase's order of columns too; then its unit of time tells them apart.
    flat = bool((head_numbers(table, "open") == head_numbers(table, "low")).all())
    return _in_milliseconds(table, "time") or (_in_seconds(table, "time") and not flat)


def _is_coinbase(table: Table) -> bool:
    if table.has_header and list(table.columns)[:6] != ["time", "low", "high", "open", "close", "volume"]:
        return False
    return _in_seconds(table, "time") and _bars_hold(table, "open", "high", "low", "close")


def _is_kraken_bars(table: Table) -> bool:
    return _in_seconds(table, "time")


def _is_bybit_bars(table: Table) -> bool:
    return _in_milliseconds(table, "start_time")


BINANCE_KLINES: Final = Layout(
    "binance-klines",
    "Binance klines, spot and futures: public files and the answer of /klines",
    Content.BARS,
    {
        "open_time": "ms; us in spot files since 2025",
        **_BAR,
        "volume": _SIZE,
        "close_time": "the last ms or us of the bar",
        "quote_volume": "quote tokens",
        "count": "number of trades",
        "taker_buy_volume": _SIZE,
        "taker_buy_quote_volume": "quote tokens",
        "ignore": "nothing",
    },
    time="open_time",
    price="close",
    optional=frozenset({"quote_volume", "count", "taker_buy_volume", "taker_buy_quote_volume", "ignore"}),
    headerless=True,
    fits=lambda table: table.has_header or _is_binance_bars(table),
)

BYBIT_KLINES: Final = Layout(
    "bybit-klines",
    "Bybit klines: the rows in the answer of /v5/market/kline",
    Content.BARS,
    {"start_time": "ms", **_BAR, "volume": _SIZE, "turnover": "quote tokens"},
    time="start_time",
    price="close",
    headerless=True,
    newest_first=True,
    fits=_is_bybit_bars,
)

COINBASE_CANDLES: Final = Layout(
    "coinbase-candles",
    "Coinbase candles: the rows in the answer of /products/PAIR/candles",
    Content.BARS,
    {"time": "s", "low": _PRICE, "high": _PRICE, "open": _PRICE, "close": _PRICE, "volume": _SIZE},
    time="time",
    price="close",
    headerless=True,
    newest_first=True,
    fits=_is_coinbase,
)

COINBASE_ADVANCED_CANDLES: Final = Layout(
    "coinbase-advanced-candles",
    "Coinbase candles: the answer of the Advanced Trade interface",
    Content.BARS,
    {"start": "s", "low": _PRICE, "high": _PRICE, "open": _PRICE, "close": _PRICE, "volume": _SIZE},
    time="start",
    price="close",
    newest_first=True,
)

KRAKEN_BARS: Final = Layout(
    "kraken-ohlcvt",
    "Kraken bars, public files; bars without a trade are left out",
    Content.BARS,
    {"time": "s", **_BAR, "volume": _SIZE, "trades": "number of trades"},
    time="time",
    price="close",
    headerless=True,
    fits=_is_kraken_bars,
)

OKX_CANDLES: Final = Layout(
    "okx-candles",
    "OKX candlesticks, public files",
    Content.BARS,
    {
        "instrument_name": "the instrument",
        **_BAR,
        "vol": "base tokens or contracts",
        "vol_ccy": "tokens",
        "vol_quote": "quote tokens",
        "open_time": "ms",
        "confirm": "1 where the bar is complete",
    },
    time="open_time",
    price="close",
    optional=frozenset({"vol_ccy", "vol_quote", "confirm"}),
)

CCXT_OHLCV: Final = Layout(
    "ccxt-ohlcv",
    "ccxt's fetch_ohlcv: rows in lists, JSON, an array or a CSV file without a header line",
    Content.BARS,
    {"time": "ms", **_BAR, "volume": _SIZE},
    time="time",
    price="close",
    headerless=True,
    header=False,
    fits=_is_ccxt,
)

CRYPTO_DATA_DOWNLOAD: Final = Layout(
    "cryptodatadownload",
    "CryptoDataDownload's files for Bitstamp, Gemini, Binance and others; their first line is an address",
    Content.BARS,
    {
        "unix": "s or ms",
        "date": "the same as text",
        "symbol": "the pair",
        **_BAR,
    },
    time="unix",
    price="close",
    newest_first=True,
)

LAYOUTS: Final = (
    BINANCE_KLINES,
    BYBIT_KLINES,
    CCXT_OHLCV,
    COINBASE_CANDLES,
    COINBASE_ADVANCED_CANDLES,
    CRYPTO_DATA_DOWNLOAD,
    KRAKEN_BARS,
    OKX_CANDLES,
)
