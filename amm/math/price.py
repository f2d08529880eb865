"""Square-root prices from prices given as an exact ratio, rounded either way: the limits of an arbitrage."""

from math import isqrt

from amm.errors import ArgumentError

_SHIFT = 192
"""A square-root price carries 96 fractional bits, its square twice as many."""


def sqrt_price_x96_rounding_down(numerator: int, denominator: int) -> int:
    """Return floor(sqrt(numerator / denominator) * 2**96).

    Args:
        numerator: token1, in its smallest unit.
        denominator: what that buys of token0, in its smallest unit.

    Raises:
        ArgumentError: if the price is not positive.

    Example:
        >>> sqrt_price_x96_rounding_down(4, 1) == 2 * 2**96
        True
    """
    _check_price(numerator, denominator)
    return isqrt((numerator << _SHIFT) // denominator)


def sqrt_price_x96_rounding_up(numerator: int, denominator: int) -> int:
    """Return ceil(sqrt(numerator / denominator) * 2**96).

    Args:
        numerator: token1, in its smallest unit.
        denominator: what that buys of token0, in its smallest unit.

    Raises:
        ArgumentError: if the price is not positive.

    Example:
        >>> sqrt_price_x96_rounding_up(2, 1) - sqrt_price_x96_rounding_down(2, 1)
        1
    """
    below = sqrt_price_x96_rounding_down(numerator, denominator)
    return below if below * below * denominator == numerator << _SHIFT else below + 1


def _check_price(numerator: int, denominator: int) -> None:
    if numerator <= 0:
        raise ArgumentError("numerator", numerator, "above zero")
    if denominator <= 0:
        raise ArgumentError("denominator", denominator, "above zero")
