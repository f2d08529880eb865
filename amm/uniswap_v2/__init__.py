"""Uniswap v2: one pair, and the shares of its liquidity."""

from amm.math.pair_shares import MINIMUM_LIQUIDITY
from amm.uniswap_v2.pair import ZERO_ADDRESS, PairSwap, UniswapV2Pair
from amm.uniswap_v2.state import PairState

__all__ = ["MINIMUM_LIQUIDITY", "ZERO_ADDRESS", "PairState", "PairSwap", "UniswapV2Pair"]
