"""The trade that brings a pool to the edge of its no-arbitrage band, in exact integers.

With a fee on the input nobody gains while the pool's price P lies between S (1 - fee) and S / (1 - fee), S being the
fair price. Outside that band the best trade moves the pool to the nearer edge: the last unit then earns nothing.
Square-root price limits are rounded towards the pool's price, so the trade never pays for a last unit beyond the
edge.

Source: Angeris, Kao, Chiang, Noyes and Chitra, "An analysis of Uniswap markets" (2019), for the band.
"""

from fractions import Fraction
from typing import NamedTuple

from amm.math.fixed_point import MAX_INT256, PIPS
from amm.math.price import sqrt_price_x96_rounding_down, sqrt_price_x96_rounding_up
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO
from amm.uniswap_v3.pool import UniswapV3Pool


class PriceLimit(NamedTuple):
    """Where an arbitrage swap goes: the direction and the limit to pass to `UniswapV3Pool.swap`."""

    zero_for_one: bool
    sqrt_price_limit_x96: int


class ArbitrageTrade(NamedTuple):
    """A swap of a v3 pool to the edge of its band, as `UniswapV3Pool.quote` says it would go."""

    zero_for_one: bool
    sqrt_price_limit_x96: int
    amount0: int
    """Token0 that flows into the pool; negative flows out."""
    amount1: int
    profit: Fraction
    """What the trader gains before gas, in token1, token0 valued at the fair price."""


def arbitrage_limit(sqrt_price_x96: int, fee: int, fair_price: Fraction) -> PriceLimit | None:
    """Return the direction and limit of the arbitrage of a pool at this price, or None inside its band.

    Args:
        sqrt_price_x96: the pool's price.
        fee: on the input, in pips, below one million.
        fair_price: token1 per token0 in smallest units, above zero.

    Raises:
        ArgumentError: if the fair price is not positive.
    """
    numerator, denominator = fair_price.numerator, fair_price.denominator
    # The price rises to the lower edge S (1 - fee), and falls to the upper edge S / (1 - fee).
    lower_edge_x96 = sqrt_price_x96_rounding_down(numerator * (PIPS - fee), denominator * PIPS)
    if sqrt_price_x96 < lower_edge_x96:
        limit_x96 = min(lower_edge_x96, MAX_SQRT_RATIO - 1)
        return PriceLimit(False, limit_x96) if sqrt_price_x96 < limit_x96 else None
    upper_edge_x96 = sqrt_price_x96_rounding_up(numerator * PIPS, denominator * (PIPS - fee))
    limit_x96 = max(upper_edge_x96, MIN_SQRT_RATIO + 1)
    return PriceLimit(True, limit_x96) if limit_x96 < sqrt_price_x96 else None


def find_arbitrage(pool: UniswapV3Pool, fair_price: Fraction) -> ArbitrageTrade | None:
    """Return the swap that brings the pool to the edge of its band, or None inside it. The pool is not touched.

    The profit is exact, rounding of every step included: where a swap is worth only a few units, it can be negative.

    Raises:
        PoolLockedError: ("LOK") before initialize.
        ArgumentError: if the fair price is not positive.
    """
    limit = arbitrage_limit(pool.slot0.sqrt_price_x96, pool.fee, fair_price)
    if limit is None:
        return None
    # More input than there is: the limit is what stops the swap.
    result = pool.quote(limit.zero_for_one, MAX_INT256, limit.sqrt_price_limit_x96)
    profit = -(result.amount0 * fair_price + result.amount1)
    return ArbitrageTrade(*limit, result.amount0, result.amount1, profit)
