"""The trade that brings a pool or pair to the edge of its no-arbitrage band, in exact integers.

With a fee on the input nobody gains while the pool's price P lies between S (1 - fee) and S / (1 - fee), S being the
fair price. Outside that band the best trade moves the pool to the nearer edge: the last unit then earns nothing.
Square-root price limits are rounded towards the pool's price, so the trade never pays for a last unit beyond the
edge.

Source: Angeris, Kao, Chiang, Noyes and Chitra, "An analysis of Uniswap markets" (2019), for the band.
"""

from fractions import Fraction
from typing import NamedTuple

from amm.errors import ArgumentError
from amm.math.constant_product import FEE_DENOMINATOR, FEE_NUMERATOR
from amm.math.fixed_point import MAX_INT256, PIPS
from amm.math.full_math import div_rounding_up
from amm.math.pair_shares import square_root
from amm.math.price import sqrt_price_x96_rounding_down, sqrt_price_x96_rounding_up
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO
from amm.uniswap_v2 import PairState
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


class PairArbitrage(NamedTuple):
    """A swap of a v2 pair: `amount_in` is the least that buys `amount_out`."""

    zero_for_one: bool
    amount_in: int
    amount_out: int
    profit: Fraction
    """What the trader gains before gas, in token1, token0 valued at the fair price; above zero."""


class PairTrade(NamedTuple):
    """A swap of a v2 pair. Its gain is `amount_out * over - amount_in * under`, an output being worth over / under."""

    gain: int
    amount_in: int
    amount_out: int


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
    found, zero_for_one, limit_x96 = limit_at_ratio(sqrt_price_x96, fee, numerator, denominator)
    return PriceLimit(zero_for_one, limit_x96) if found else None


def limit_at_ratio(sqrt_price_x96: int, fee: int, numerator: int, denominator: int) -> tuple[bool, bool, int]:
    """Do the same for a fair price given as a ratio: whether there is an arbitrage, its direction and its limit.

    Raises:
        ArgumentError: if the fair price is not positive.
    """
    # The price rises to the lower edge S (1 - fee), and falls to the upper edge S / (1 - fee).
    lower_edge_x96 = sqrt_price_x96_rounding_down(numerator * (PIPS - fee), denominator * PIPS)
    if sqrt_price_x96 < lower_edge_x96:
        limit_x96 = min(lower_edge_x96, MAX_SQRT_RATIO - 1)
        return sqrt_price_x96 < limit_x96, False, limit_x96
    upper_edge_x96 = sqrt_price_x96_rounding_up(numerator * PIPS, denominator * (PIPS - fee))
    limit_x96 = max(upper_edge_x96, MIN_SQRT_RATIO + 1)
    return limit_x96 < sqrt_price_x96, True, limit_x96


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


def find_pair_arbitrage(pair: PairState, fair_price: Fraction) -> PairArbitrage | None:
    """Return the best swap of a pair, or None where none earns anything. The pair is not touched.

    No other swap earns one unit of the token paid in more: it takes the better of the two outputs next to the
    real-valued optimum, and pays for it the least the pair accepts.

    Args:
        pair: its reserves are what it trades with.
        fair_price: token1 per token0 in smallest units, above zero.

    Raises:
        ArgumentError: if the fair price is not positive.
    """
    if fair_price <= 0:
        raise ArgumentError("fair_price", fair_price, "above zero")
    numerator, denominator = fair_price.numerator, fair_price.denominator
    zero_for_one, trade = pair_trade_at_ratio(pair.reserve0, pair.reserve1, numerator, denominator)
    if trade.gain <= 0:
        return None
    return PairArbitrage(zero_for_one, trade.amount_in, trade.amount_out, Fraction(trade.gain, denominator))


def pair_trade_at_ratio(reserve0: int, reserve1: int, numerator: int, denominator: int) -> tuple[bool, PairTrade]:
    """Return the direction and the best swap at reserves, for a fair price given as a ratio above zero."""
    zero_for_one = reserve1 * denominator > numerator * reserve0
    reserve_in, reserve_out = (reserve0, reserve1) if zero_for_one else (reserve1, reserve0)
    # What an output is worth in the token paid in.
    over, under = (denominator, numerator) if zero_for_one else (numerator, denominator)
    # The marginal cost of output, 1000 x y / (997 (x - out)^2), equals its worth where this is left of x.
    left = square_root(FEE_DENOMINATOR * reserve_in * reserve_out * under // (FEE_NUMERATOR * over))
    trade = _pair_trade(reserve_in, reserve_out, left, over, under)
    other = _pair_trade(reserve_in, reserve_out, left + 1, over, under)
    return zero_for_one, other if other.gain > trade.gain else trade


def _pair_trade(reserve_in: int, reserve_out: int, left: int, over: int, under: int) -> PairTrade:
    """Return the swap that leaves so much of the output's reserve; one of nothing where that cannot be."""
    amount_out = reserve_out - left if 0 < left < reserve_out else 0
    # The router would pay one more where this divides evenly; the pair itself does not ask for it.
    amount_in = div_rounding_up(reserve_in * amount_out * FEE_DENOMINATOR, left * FEE_NUMERATOR) if amount_out else 0
    return PairTrade(amount_out * over - amount_in * under, amount_in, amount_out)
