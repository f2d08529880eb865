"""Products of two 256-bit integers divided by a third, without losing the upper half (FullMath, UnsafeMath)."""

from amm.errors import MulDivOverflowError
from amm.math.fixed_point import MAX_UINT256


def mul_div(a: int, b: int, denominator: int) -> int:
    """Return floor(a * b / denominator) (FullMath.mulDiv).

    Raises:
        MulDivOverflowError: if the quotient needs more than 256 bits, or the denominator is zero.
    """
    if denominator == 0:
        raise MulDivOverflowError(a, b, denominator)
    quotient = a * b // denominator
    if quotient > MAX_UINT256:
        raise MulDivOverflowError(a, b, denominator)
    return quotient


def mul_div_rounding_up(a: int, b: int, denominator: int) -> int:
    """Return ceil(a * b / denominator) (FullMath.mulDivRoundingUp).

    Raises:
        MulDivOverflowError: if the quotient needs more than 256 bits, or the denominator is zero.
    """
    if denominator == 0:
        raise MulDivOverflowError(a, b, denominator)
    quotient = -(-a * b // denominator)
    if quotient > MAX_UINT256:
        raise MulDivOverflowError(a, b, denominator)
    return quotient


def div_rounding_up(a: int, denominator: int) -> int:
    """Return ceil(a / denominator), unguarded: zero where the denominator is zero (UnsafeMath.divRoundingUp)."""
    if denominator == 0:
        return 0
    return -(-a // denominator)
