"""One order through several pieces of liquidity: ranges of one pool, two pools, a pool and a ladder.

Everywhere the next unit goes where it is cheapest, so in the end every piece that trades has the same marginal price.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from amm.closed_form.constant_product import NO_ARBITRAGE, Arbitrage, no_arbitrage_band
from amm.closed_form.domain import require_fraction, require_not_negative, require_positive, require_range


class LiquidityRange(NamedTuple):
    """Constant liquidity between two prices in token1 per token0."""

    price_lower: float
    price_upper: float
    liquidity: float


class Reserves(NamedTuple):
    """A constant-product pool seen from the trader: what it takes, what it pays, its fee as a fraction of the input."""

    reserve_in: float
    reserve_out: float
    fee: float


class Level(NamedTuple):
    """An offer on a ladder: price in the input token per unit of output, fees included, and size in output."""

    price: float
    size: float


class LadderSplit(NamedTuple):
    """Input sent to the pool, and input spent on each level of the ladder."""

    pool: float
    levels: tuple[float, ...]


def range_arbitrage(ranges: Sequence[LiquidityRange], price: float, fair_price: float, fee: float) -> Arbitrage:
    """The most profitable trade against ranges of liquidity: to the edge of the band, S (1 - fee) or S / (1 - fee).

    Args:
        ranges: they need neither be in order nor touch; where they overlap, their liquidity adds up.
        price: the pool's price.
        fair_price: the price at which token0 is valued.
        fee: fraction of the input.
    """
    require_positive(price=price)
    edge_up, edge_down = no_arbitrage_band(fair_price, fee)
    keep = 1 - fee
    if edge_up <= price <= edge_down:
        return NO_ARBITRAGE
    zero_for_one = price > edge_down
    amount0 = amount1 = 0.0
    for lower, upper, liquidity in ranges:
        require_range(lower, upper)
        low, high = (edge_down, price) if zero_for_one else (price, edge_up)
        low, high = max(low, lower), min(high, upper)
        if low < high:
            amount0 += liquidity * (1 / math.sqrt(low) - 1 / math.sqrt(high))
            amount1 += liquidity * (math.sqrt(high) - math.sqrt(low))
    if zero_for_one:
        return Arbitrage(zero_for_one, amount0 / keep, amount1 - fair_price * amount0 / keep)
    return Arbitrage(zero_for_one, amount1 / keep, fair_price * amount0 - amount1 / keep)


def _check_reserves(pool: Reserves) -> None:
    require_positive(reserve_in=pool.reserve_in, reserve_out=pool.reserve_out)
    require_fraction(fee=pool.fee)


def split_between_pools(first: Reserves, second: Reserves, amount_in: float) -> float:
    """Part of `amount_in` to send to the first of two constant-product pools so that both together pay out the most."""
    _check_reserves(first)
    _check_reserves(second)
    require_not_negative(amount_in=amount_in)
    keep1, keep2 = 1 - first.fee, 1 - second.fee
    # A pool's marginal output is (A / (y + keep * in))^2 with A^2 = x keep y; the two are made equal.
    ratio = math.sqrt((first.reserve_in * first.reserve_out * keep1) / (second.reserve_in * second.reserve_out * keep2))
    part = (ratio * (second.reserve_in + keep2 * amount_in) - first.reserve_in) / (keep1 + ratio * keep2)
    return min(max(part, 0.0), amount_in)


def split_with_ladder(pool: Reserves, levels: Sequence[Level], amount_in: float) -> LadderSplit:
    """Fill an order from a pool and a ladder of offers by marginal price, cheapest first.

    Args:
        pool: the constant-product pool.
        levels: the ladder's offers, best price first.
        amount_in: what there is to spend, all of which is spent.
    """
    _check_reserves(pool)
    require_not_negative(amount_in=amount_in)
    keep = 1 - pool.fee
    left, to_pool = amount_in, 0.0
    spent: list[float] = []
    for price, size in levels:
        require_positive(price=price)
        require_not_negative(size=size)
        reached = (math.sqrt(price * keep * pool.reserve_in * pool.reserve_out) - pool.reserve_in) / keep
        step = min(max(reached - to_pool, 0.0), left)
        to_pool, left = to_pool + step, left - step
        spent.append(min(price * size, left))
        left -= spent[-1]
    return LadderSplit(pool=to_pool + left, levels=tuple(spent))
