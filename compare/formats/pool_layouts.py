"""Swaps of pools as query engines, indexers and extractors export them: prices from their ticks, and taker orders.

For the events themselves, exact, see `compare.formats.pool_events`.
"""

from collections.abc import Mapping
from typing import Any, Final

import pyarrow.compute as pc

from compare.formats import names
from compare.formats.layout import Content, Layout
from compare.formats.numbers import is_text, trimmed
from compare.formats.raw_logs import swap_columns
from compare.formats.table import Table

_AMOUNT0: Final = "token0's smallest units, positive into the pool"
_AMOUNT1: Final = "token1's smallest units, positive into the pool"
_ROWS: Final = 1_000


def _counts_whole_tokens(table: Table) -> bool:
    """Amounts in whole tokens have decimals; amounts in the smallest units never do."""
    heads = [table.head(names.find(table, (name,)) or name, _ROWS) for name in ("amount0", "amount1")]
    return any(bool(pc.any(pc.match_substring(trimmed(head), ".")).as_py()) for head in heads if is_text(head))


def _swaps_of_logs(table: Table, _options: Mapping[str, Any]) -> Table:
    return swap_columns(table)


DUNE_SWAPS: Final = Layout(
    "dune-swaps",
    "Dune's decoded Uniswap v3 swaps (uniswap_v3_ETHEREUM.Pair_evt_Swap)",
    Content.POOL_EVENTS,
    {
        "contract_address": "the pool",
        "evt_tx_hash": "hash",
        "evt_tx_index": "place in the block",
        "evt_index": "index of the log in the block",
        "evt_block_time": "ISO 8601, UTC",
        "evt_block_number": "block",
        "amount0": _AMOUNT0,
        "amount1": _AMOUNT1,
        "liquidity": "after the swap",
        "recipient": "address",
        "sender": "address",
        "sqrtPriceX96": "after the swap, square root of token1 per token0, times 2^96",
        "tick": "after the swap",
    },
    time="evt_block_time",
    size="amount0",
    optional=frozenset(
        {"contract_address", "evt_tx_hash", "evt_tx_index", "evt_index", "evt_block_number", "liquidity"}
        | {"recipient", "sender", "sqrtPriceX96"}
    ),
)

CRYO_SWAPS: Final = Layout(
    "cryo-swaps",
    "cryo's logs with an event signature of v3 swaps; the time is the block's where timestamps were not asked for",
    Content.POOL_EVENTS,
    {
        "block_number": "block",
        "transaction_index": "place in the block",
        "log_index": "index of the log in the block",
        "transaction_hash": "hash",
        "address": "the pool",
        "event__sender": "address",
        "event__recipient": "address",
        "event__amount0_string": _AMOUNT0,
        "event__amount1_string": _AMOUNT1,
        "event__sqrtPriceX96_string": "after the swap, square root of token1 per token0, times 2^96",
        "event__liquidity_string": "after the swap",
        "event__tick": "after the swap",
        "timestamp": "s, where a column of them was added",
    },
    time="timestamp",
    size="event__amount0_string",
    optional=frozenset(
        {"transaction_index", "transaction_hash", "address", "event__sender", "event__recipient", "timestamp"}
        | {"event__sqrtPriceX96_string", "event__liquidity_string"}
    ),
)

CRYO_LOGS: Final = Layout(
    "cryo-logs",
    "cryo's raw logs, or any table of topics and data: the v3 swaps among them",
    Content.POOL_EVENTS,
    {
        "block_number": "block",
        "log_index": "index of the log in the block",
        "topic0": "bytes, or hexadecimal text: which event",
        "topic1": "the same: the first indexed argument",
        "topic2": "the same: the second",
        "topic3": "the same: the third",
        "data": "the same: all other arguments",
        "timestamp": "s, where a column of them was added",
    },
    time="timestamp",
    size="amount0",
    optional=frozenset({"timestamp"}),
    prepare=_swaps_of_logs,
)

SUBGRAPH_SWAPS: Final = Layout(
    "subgraph-swaps",
    "swaps of a Uniswap v3 subgraph: the saved answer of a query, or a table of its fields",
    Content.POOL_EVENTS,
    {
        "timestamp": "s",
        "amount0": "whole token0, with decimals, positive into the pool",
        "amount1": "whole token1, with decimals, positive into the pool",
        "tick": "after the swap",
        "sqrtPriceX96": "after the swap",
        "logIndex": "index of the log in the block",
    },
    time="timestamp",
    size="amount0",
    optional=frozenset({"sqrtPriceX96", "logIndex"}),
    newest_first=True,
    whole_tokens=True,
    fits=_counts_whole_tokens,
)

LAYOUTS: Final = (CRYO_LOGS, CRYO_SWAPS, DUNE_SWAPS, SUBGRAPH_SWAPS)
