"""Uniswap v2: one pair, and the shares of its liquidity."""

from amm.uniswap_v2.pair import MINIMUM_LIQUIDITY, ZERO_ADDRESS, PairSwap, UniswapV2Pair
from amm.uniswap_v2.state import PairState

__all__ = ["MINIMUM_LIQUIDITY", "ZERO_ADDRESS", "PairState", "PairSwap", "UniswapV2Pair"]
