"""How much liquidity an amount of tokens buys, exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amm.math.sqrt_price_math import get_amount0_delta_rounding_up, get_amount1_delta_rounding_up

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_LIQUIDITY = 2**127


def most_liquidity(sqrt_prices_x96: tuple[int, int, int], affordable: Callable[[int, int], bool]) -> int:
    """Return the most liquidity whose mint is affordable, by bisection over what the contract would charge.

    Args:
        sqrt_prices_x96: Square-root prices of the range's lower end, of the pool, and of the range's upper end.
        affordable: Whether (amount0, amount1) can be paid; once it says no, it says no to more.
    """
    low, now, high = sqrt_prices_x96
    inside = min(max(now, low), high)
    enough, too_much = 0, _MOST_LIQUIDITY
    while too_much - enough > 1:
        middle = (enough + too_much) // 2
        amount0 = get_amount0_delta_rounding_up(inside, high, middle)
        amount1 = get_amount1_delta_rounding_up(low, inside, middle)
        if affordable(amount0, amount1):
            enough = middle
        else:
            too_much = middle
    return enough
