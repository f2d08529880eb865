"""Automated market makers in exact integers: Uniswap v2 and v3 as the contracts compute them."""

from amm.errors import AmmError, ArgumentError, RevertError, SnapshotError
from amm.snapshot import Snapshot
from amm.uniswap_v2 import PairSwap, UniswapV2Pair
from amm.uniswap_v3.pool import UniswapV3Pool
from amm.uniswap_v3.state import Observation, PositionInfo, ProtocolFees, Slot0, TickInfo
from amm.uniswap_v3.swap import SwapResult

__all__ = [
    "AmmError",
    "ArgumentError",
    "Observation",
    "PairSwap",
    "PositionInfo",
    "ProtocolFees",
    "RevertError",
    "Slot0",
    "Snapshot",
    "SnapshotError",
    "SwapResult",
    "TickInfo",
    "UniswapV2Pair",
    "UniswapV3Pool",
]
