"""A taker's all-in price as each venue needs it: functions of integers alone, on which both machines stand.

An all-in limit is in millionths of a tick (`compare.venue.all_in_limit`). Every rounding is towards the taker: a limit
is never overstepped.
"""

from amm.math.constant_product import FEE_DENOMINATOR, FEE_NUMERATOR
from amm.math.full_math import div_rounding_up
from amm.math.pair_shares import square_root
from amm.math.price import sqrt_price_x96_rounding_down, sqrt_price_x96_rounding_up
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO

_PIPS = 1_000_000


def pool_limit_x96(
    limit: int, fee: int, base_units_per_lot: int, quote_units_per_tick_lot: int, *, buy: bool, base_is_token0: bool
) -> int:
    """Return where a pool's square-root price may go for a taker with an all-in limit.

    A buyer pays P / (1 - fee) at the margin and a seller receives P (1 - fee).

    Args:
        limit: Millionths of a tick.
        fee: The pool's, pips of what is paid in.
        base_units_per_lot: Of the market.
        quote_units_per_tick_lot: Of the market.
        buy: Whether the taker buys base.
        base_is_token0: Whether the base token is the pool's token0.
    """
    lowest, highest = MIN_SQRT_RATIO + 1, MAX_SQRT_RATIO - 1
    if limit <= 0:  # a seller who takes any price
        return lowest if base_is_token0 else highest
    keep = _PIPS - fee
    if buy:
        quote, base = limit * keep * quote_units_per_tick_lot, _PIPS * _PIPS * base_units_per_lot
    else:
        quote, base = limit * quote_units_per_tick_lot, keep * base_units_per_lot
    over, under = quote if base_is_token0 else base, base if base_is_token0 else quote
    rises = buy == base_is_token0
    root = sqrt_price_x96_rounding_down(over, under) if rises else sqrt_price_x96_rounding_up(over, under)
    return min(max(root, lowest), highest)


def pair_limit(
    limit: int, base: int, quote: int, base_units_per_lot: int, quote_units_per_tick_lot: int, *, buy: bool
) -> int:
    """Return how many base token units a v2 pair trades up to a taker's all-in limit; a seller's is above zero.

    Args:
        limit: Millionths of a tick.
        base: The pair's reserve, base token units.
        quote: The other one, quote token units.
        base_units_per_lot: Of the market.
        quote_units_per_tick_lot: Of the market.
        buy: Whether the taker buys base.
    """
    over, under = limit * quote_units_per_tick_lot, _PIPS * base_units_per_lot
    if buy:
        # The next unit costs base * quote / (0.997 (base - bought)^2).
        least = div_rounding_up(base * quote * FEE_DENOMINATOR * under, FEE_NUMERATOR * over)
        root = square_root(least)
        left = root if root * root == least else root + 1
        return base - left if left < base else 0
    # The next unit brings 0.997 base * quote / (base + 0.997 sold)^2.
    reached = square_root(FEE_NUMERATOR * base * quote * under // (FEE_DENOMINATOR * over))
    return (reached - base) * FEE_DENOMINATOR // FEE_NUMERATOR if reached > base else 0


def book_limit(limit: int, taker_fee_pips: int, *, buy: bool) -> int:
    """Return the worst price in ticks, before the fee, for a taker with an all-in limit.

    A buyer pays p (1 + fee) and a seller receives p (1 - fee); a seller's limit is one tick at least.
    """
    if buy:
        return limit // (_PIPS + taker_fee_pips)  # rounded down: no price above the limit
    return max(-(-limit // (_PIPS - taker_fee_pips)), 1)  # rounded up: no price below the limit


def stale_ask_limit(fair_ticks: int, taker_fee_pips: int) -> int:
    """Return the highest ask in ticks that an arbitrageur gains by taking, its fee paid."""
    return (fair_ticks * _PIPS - 1) // (_PIPS + taker_fee_pips)


def stale_bid_limit(fair_ticks: int, taker_fee_pips: int) -> int:
    """Return the lowest bid in ticks that an arbitrageur gains by taking, its fee paid."""
    return fair_ticks * _PIPS // (_PIPS - taker_fee_pips) + 1
