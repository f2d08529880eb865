"""Trades as exchanges publish them, in files and in the answers of their public interfaces."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa

from compare.formats import names
from compare.formats.layout import Content, Layout
from compare.formats.numbers import is_text, read_numbers, read_positive, trimmed
from compare.formats.table import Table

_PRICE: Final = "quote per base"
_SIZE: Final = "base tokens"
_ID: Final = "number of the trade"
_MAKER: Final = "true where the buyer was the maker, so that the taker sold"
_CLOSE: Final = 1e-3  # notionals are printed with at least this relative precision


def _okx_sizes(table: Table, options: Mapping[str, Any]) -> Table:
    """Sizes of swaps and futures count contracts, and the file does not say how large one is."""
    column = names.find(table, ("size",)) or "size"
    scale = options.get("contract_size")
    if scale is None:
        values = table.column(names.find(table, ("instrument_name",)) or "instrument_name")
        instrument = str(values[0].as_py()).strip()
        if instrument.count("-") > 1:
            remedy = "give the base tokens of one contract with contract_size"
            raise table.error(f"the sizes of {instrument} count contracts", column=column, remedy=remedy)
        scale = 1.0
    return table.with_columns({column: pa.chunked_array([pa.array(read_numbers(table, column) * float(scale))])})


def _bybit_sizes(table: Table, _options: Mapping[str, Any]) -> Table:
    """Sizes of inverse contracts count quote tokens; then the foreign notional is in base tokens."""
    columns = ("size", "price", "foreign_notional")
    size, price, notional = (read_positive(table, names.find(table, (name,)) or name) for name in columns)
    linear = np.abs(notional - size * price) <= _CLOSE * np.abs(notional)
    inverse = np.abs(notional * price - size) <= _CLOSE * size
    base = size if linear.all() else notional
    if not (linear.all() or inverse.all()):
        row = int(np.argmin(linear if linear[0] else inverse))
        problem = f"neither size nor foreignNotional is {_SIZE} as in the first row"
        remedy = "one kind of contract in a file, or name a column with size_column"
        raise table.error(problem, row=row, column="foreignNotional", remedy=remedy)
    return table.with_columns({"base_size": pa.chunked_array([pa.array(base)])})


def _bitstamp_sides(table: Table, _options: Mapping[str, Any]) -> Table:
    """0 is a taker who buys, 1 one who sells."""
    values = table.column("type")
    words = trimmed(values) if is_text(values) else values.cast(pa.string())
    sides = {"0": "buy", "1": "sell"}
    return table.with_columns({"side": pa.chunked_array([[sides.get(word, word) for word in words.to_pylist()]])})


BINANCE_TRADES: Final = Layout(
    "binance-trades",
    "Binance trades, spot and futures",
    Content.TRADES,
    {
        "id": _ID,
        "price": _PRICE,
        "qty": _SIZE,
        "quote_qty": "quote tokens",
        "time": "ms; us in spot files since 2025",
        "is_buyer_maker": _MAKER,
        "is_best_match": "true or false; not in futures",
    },
    time="time",
    price="price",
    size="qty",
    side="is_buyer_maker",
    optional=frozenset({"is_best_match"}),
    flags=frozenset({"is_buyer_maker", "is_best_match"}),
    headerless=True,
)

BINANCE_AGGREGATE_TRADES: Final = Layout(
    "binance-aggtrades",
    "Binance aggregate trades, spot and futures: one row for each order that took",
    Content.TRADES,
    {
        "agg_trade_id": _ID,
        "price": _PRICE,
        "quantity": _SIZE,
        "first_trade_id": _ID,
        "last_trade_id": _ID,
        "transact_time": "ms; us in spot files since 2025",
        "is_buyer_maker": _MAKER,
        "is_best_match": "true or false; not in futures",
    },
    time="transact_time",
    price="price",
    size="quantity",
    side="is_buyer_maker",
    optional=frozenset({"is_best_match"}),
    flags=frozenset({"is_buyer_maker", "is_best_match"}),
    headerless=True,
)

BITSTAMP_TRADES: Final = Layout(
    "bitstamp-trades",
    "Bitstamp transactions: the answer of /transactions",
    Content.TRADES,
    {"date": "s", "tid": _ID, "amount": _SIZE, "type": "0 where the taker bought, 1 where it sold", "price": _PRICE},
    time="date",
    price="price",
    size="amount",
    side="side",
    newest_first=True,
    prepare=_bitstamp_sides,
)

BYBIT_SPOT_TRADES: Final = Layout(
    "bybit-spot-trades",
    "Bybit spot trades, public files",
    Content.TRADES,
    {
        "id": _ID,
        "timestamp": "ms",
        "price": _PRICE,
        "volume": _SIZE,
        "side": "the taker's, buy or sell",
        "rpi": "0 or 1; in later files",
    },
    time="timestamp",
    price="price",
    size="volume",
    side="side",
    optional=frozenset({"rpi"}),
)

BYBIT_TRADES: Final = Layout(
    "bybit-trades",
    "Bybit derivatives trades, public files; linear and inverse contracts are told apart by the notional",
    Content.TRADES,
    {
        "timestamp": "s with decimals",
        "symbol": "the contract",
        "side": "the taker's, Buy or Sell",
        "size": "base tokens; quote tokens of an inverse contract",
        "price": _PRICE,
        "tickDirection": "text",
        "trdMatchID": _ID,
        "grossValue": "smallest units",
        "homeNotional": "as size",
        "foreignNotional": "quote tokens; base tokens of an inverse contract",
        "RPI": "0 or 1; in later files",
    },
    time="timestamp",
    price="price",
    size="base_size",
    side="side",
    optional=frozenset({"tickDirection", "grossValue", "homeNotional", "RPI"}),
    newest_first=True,
    sizes=_bybit_sizes,
)

COINBASE_TRADES: Final = Layout(
    "coinbase-trades",
    "Coinbase trades: the answer of /products/PAIR/trades",
    Content.TRADES,
    {
        "trade_id": _ID,
        "side": "the maker's, buy or sell",
        "size": _SIZE,
        "price": _PRICE,
        "time": "ISO 8601",
    },
    time="time",
    price="price",
    size="size",
    side="side",
    side_of="maker",
    newest_first=True,
)

KRAKEN_TRADES: Final = Layout(
    "kraken-trades",
    "Kraken trades, public files; also the public dumps of Bitstamp and others by bitcoincharts. They have no sides",
    Content.TRADES,
    {"time": "s, whole or with decimals", "price": _PRICE, "volume": _SIZE},
    time="time",
    price="price",
    size="volume",
    headerless=True,
    header=False,
)

OKX_TRADES: Final = Layout(
    "okx-trades",
    "OKX trades, public files; of swaps and futures the size of a contract must be given",
    Content.TRADES,
    {
        "instrument_name": "the instrument",
        "trade_id": _ID,
        "side": "the taker's, buy or sell",
        "price": _PRICE,
        "size": "base tokens; contracts of a swap or future",
        "created_time": "ms",
        "source": "0 or 1; in later files",
    },
    time="created_time",
    price="price",
    size="size",
    side="side",
    optional=frozenset({"source"}),
    sizes=_okx_sizes,
)

LAYOUTS: Final = (
    BINANCE_TRADES,
    BINANCE_AGGREGATE_TRADES,
    BITSTAMP_TRADES,
    BYBIT_SPOT_TRADES,
    BYBIT_TRADES,
    COINBASE_TRADES,
    KRAKEN_TRADES,
    OKX_TRADES,
)
