"""Shares of a v2 pair's liquidity: what a deposit is given, what they redeem, and what the protocol takes."""

from math import isqrt
from typing import Final

from amm.errors import InsufficientLiquidityBurnedError, InsufficientLiquidityMintedError
from amm.math import safe_math

MINIMUM_LIQUIDITY: Final = 1_000
"""Liquidity that the first mint locks for ever."""
_PROTOCOL_PART: Final = 5
"""The protocol takes one part of the growth of sqrt(k) for each five that stay with the liquidity providers."""


def square_root(value: int) -> int:
    """Return the square root of a uint256: rounded down.

    Source: v2-core, Math.sqrt.

    Example:
        >>> square_root(15), square_root(16)
        (3, 4)
    """
    return isqrt(value)


def shares_minted(amount0: int, amount1: int, reserve0: int, reserve1: int, supply: int) -> int:
    """Return the shares for a deposit: rounded down; of a first one, those besides MINIMUM_LIQUIDITY.

    Source: UniswapV2Pair.mint.

    Raises:
        InsufficientLiquidityMintedError: ("UniswapV2: INSUFFICIENT_LIQUIDITY_MINTED") if it is worth no share.
        SubtractionUnderflowError: ("ds-math-sub-underflow") if a first deposit is worth less than what is locked.
        DivisionByZeroError: (without a reason) if there are shares of an empty reserve.
        MultiplicationOverflowError, AdditionOverflowError: if a product, or the supply, needs more than 256 bits.

    Example:
        >>> shares_minted(1_000_000, 4_000_000, 0, 0, 0), shares_minted(10, 39, 1_000_000, 4_000_000, 2_000_000)
        (1999000, 19)
    """
    if supply == 0:
        shares = safe_math.sub(square_root(safe_math.mul(amount0, amount1)), MINIMUM_LIQUIDITY)
    else:
        shares = min(
            safe_math.div(safe_math.mul(amount0, supply), reserve0),
            safe_math.div(safe_math.mul(amount1, supply), reserve1),
        )
    if shares == 0:
        raise InsufficientLiquidityMintedError(amount0, amount1)
    safe_math.add(supply, shares)  # what the contract's _mint refuses
    return shares


def amounts_redeemed(shares: int, balance0: int, balance1: int, supply: int) -> tuple[int, int]:
    """Return the tokens for shares that are burnt: rounded down.

    Source: UniswapV2Pair.burn.

    Raises:
        InsufficientLiquidityBurnedError: ("UniswapV2: INSUFFICIENT_LIQUIDITY_BURNED") if they are worth nothing of one
            token.
        DivisionByZeroError: (without a reason) if there are no shares at all.
        MultiplicationOverflowError: if a product needs more than 256 bits.

    Example:
        >>> amounts_redeemed(19, 1_000_010, 4_000_039, 2_000_019)
        (9, 38)
    """
    amount0 = safe_math.div(safe_math.mul(shares, balance0), supply)
    amount1 = safe_math.div(safe_math.mul(shares, balance1), supply)
    if amount0 == 0 or amount1 == 0:
        raise InsufficientLiquidityBurnedError(amount0, amount1)
    return amount0, amount1


def protocol_shares(reserve0: int, reserve1: int, k_last: int, supply: int) -> int:
    """Return the new shares that are worth a sixth of the growth of sqrt(k) since it was `k_last`: rounded down.

    Source: UniswapV2Pair._mintFee, where the protocol's fee is on.

    Raises:
        MultiplicationOverflowError, AdditionOverflowError: if a product, or the supply, needs more than 256 bits.

    Example:
        >>> protocol_shares(1_100, 1_100, 1_000_000, 1_000)
        15
    """
    if k_last == 0:
        return 0
    root_k, root_k_last = square_root(reserve0 * reserve1), square_root(k_last)
    if root_k <= root_k_last:
        return 0
    numerator = safe_math.mul(supply, root_k - root_k_last)
    shares = numerator // (root_k * _PROTOCOL_PART + root_k_last)
    safe_math.add(supply, shares)  # what the contract's _mint refuses
    return shares
