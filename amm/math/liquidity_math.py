"""Liquidity plus a signed change (LiquidityMath), and how much of it one tick may reference."""

from amm.errors import DivisionByZeroError, LiquidityAdditionError, LiquiditySubtractionError
from amm.math.fixed_point import MAX_UINT128
from amm.math.tick_math import MAX_TICK


def add_delta(liquidity: int, liquidity_delta: int) -> int:
    """Return liquidity + liquidity_delta as uint128 (LiquidityMath.addDelta).

    Raises:
        LiquiditySubtractionError: ("LS") if the result would be negative.
        LiquidityAdditionError: ("LA") if the result needs more than 128 bits.
    """
    result = liquidity + liquidity_delta
    if result < 0:
        raise LiquiditySubtractionError(liquidity, liquidity_delta)
    if result > MAX_UINT128:
        raise LiquidityAdditionError(liquidity, liquidity_delta)
    return result


def tick_spacing_to_max_liquidity_per_tick(tick_spacing: int) -> int:
    """Return the most liquidity one tick may reference, so that no sum over all ticks exceeds uint128.

    Source: Tick.tickSpacingToMaxLiquidityPerTick.

    Raises:
        DivisionByZeroError: if the spacing is zero.

    Example:
        >>> tick_spacing_to_max_liquidity_per_tick(60)
        11505743598341114571880798222544994
    """
    if tick_spacing == 0:
        raise DivisionByZeroError(MAX_TICK)
    ticks_on_one_side = MAX_TICK // tick_spacing
    return MAX_UINT128 // (2 * ticks_on_one_side + 1)
