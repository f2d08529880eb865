"""A node, read with web3.py: pools at a pinned block, their event logs, and what the chain's own quoters answer.

Only this package needs web3: `pip install 'lpmm[chain]'`.

Example:
    with Node.connect("https://...") as node:
        snapshot = read_pool(node, "0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8", block=19_000_000).snapshot
"""

from amm.chain.errors import (
    BadAnswerError,
    BlockNotFoundError,
    CallRevertedError,
    ChainError,
    EndpointError,
    InconsistentStateError,
    IntegrityError,
    MulticallMissingError,
    NodeError,
    NodeRefusedError,
    NodeUnreachableError,
    NotAPoolError,
    PoolKindError,
    RateLimitedError,
    ReorganisedError,
    StaleStateError,
    StateUnavailableError,
    TruncatedLogsError,
    UnknownEventError,
    UnsupportedPoolError,
    WrongChainError,
)
from amm.chain.logs import BLOCKS_PER_REQUEST, EventRange, LogReader
from amm.chain.multicall import CALLS_PER_REQUEST, MULTICALL3
from amm.chain.node import Block, Node, Retry
from amm.chain.quoter import QUOTER_V2, ROUTER_V2, Quote, Swap, ask_quotes
from amm.chain.reader import Reading, check_address, read_pool

__all__ = [
    "BLOCKS_PER_REQUEST",
    "CALLS_PER_REQUEST",
    "MULTICALL3",
    "QUOTER_V2",
    "ROUTER_V2",
    "BadAnswerError",
    "Block",
    "BlockNotFoundError",
    "CallRevertedError",
    "ChainError",
    "EndpointError",
    "EventRange",
    "InconsistentStateError",
    "IntegrityError",
    "LogReader",
    "MulticallMissingError",
    "Node",
    "NodeError",
    "NodeRefusedError",
    "NodeUnreachableError",
    "NotAPoolError",
    "PoolKindError",
    "Quote",
    "RateLimitedError",
    "Reading",
    "ReorganisedError",
    "Retry",
    "StaleStateError",
    "StateUnavailableError",
    "Swap",
    "TruncatedLogsError",
    "UnknownEventError",
    "UnsupportedPoolError",
    "WrongChainError",
    "ask_quotes",
    "check_address",
    "read_pool",
]
