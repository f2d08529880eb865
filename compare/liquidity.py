"""How much liquidity an amount of tokens buys, exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amm.math.sqrt_price_math import get_amount0_delta_rounding_up, get_amount1_delta_rounding_up

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_LIQUIDITY = 2**127


def liquidity_of_amounts(sqrt_prices_x96: tuple[int, int, int], amount0: int, amount1: int) -> int:
    """Return the most liquidity that so much of both tokens mints: `most_liquidity`, without a search.

    The contract rounds each cost up twice, which is no more than the tokens there are where the exact cost is.

    Args:
        sqrt_prices_x96: Square-root prices of the range's lower end, of the pool, and of the range's upper end.
        amount0: Token0 that can be paid; who owes some mints nothing.
        amount1: Token1 that can be paid; the same.

    >>> liquidity_of_amounts((2**95, 2**96, 2**97), 500, 1_000)
    1000
    """
    low, now, high = sqrt_prices_x96
    inside, most = min(max(now, low), high), MOST_LIQUIDITY - 1
    if amount0 < 0 or amount1 < 0:
        return 0
    if inside < high:
        most = min(most, amount0 * inside * high // ((high - inside) << 96))
    if inside > low:
        most = min(most, (amount1 << 96) // (inside - low))
    return most


def most_liquidity(sqrt_prices_x96: tuple[int, int, int], affordable: Callable[[int, int], bool]) -> int:
    """Return the most liquidity whose mint is affordable, by bisection over what the contract would charge.

    Args:
        sqrt_prices_x96: Square-root prices of the range's lower end, of the pool, and of the range's upper end.
        affordable: Whether (amount0, amount1) can be paid; once it says no, it says no to more.
    """
    low, now, high = sqrt_prices_x96
    inside = min(max(now, low), high)
    enough, too_much = 0, MOST_LIQUIDITY
    while too_much - enough > 1:
        middle = (enough + too_much) // 2
        amount0 = get_amount0_delta_rounding_up(inside, high, middle)
        amount1 = get_amount1_delta_rounding_up(low, inside, middle)
        if affordable(amount0, amount1):
            enough = middle
        else:
            too_much = middle
    return enough
