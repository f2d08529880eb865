"""The pool x * y = k: impermanent loss, swaps and arbitrage.

Sources: Angeris, Kao, Chiang, Noyes and Chitra, "An analysis of Uniswap markets" (2019) for swaps and arbitrage with
a fee; the impermanent loss is the pool's value 2 * sqrt(k * P) against its initial holdings.
"""

import math
from typing import NamedTuple

from amm.closed_form.domain import require_fraction, require_not_negative, require_positive
from amm.errors import ArgumentError


class Band(NamedTuple):
    """Prices in token1 per token0 between which nobody can gain by trading with the pool."""

    lower: float
    upper: float


class Arbitrage(NamedTuple):
    """The most profitable single trade against a pool.

    Attributes:
        zero_for_one: True sells token0 to the pool, False sells token1 to it, None is no trade.
        amount_in: what is paid, fee included, in the token that is sold.
        profit: in token1, with token0 valued at the fair price.
    """

    zero_for_one: bool | None
    amount_in: float
    profit: float


NO_ARBITRAGE = Arbitrage(zero_for_one=None, amount_in=0.0, profit=0.0)


def impermanent_loss(price_ratio: float) -> float:
    """Value of the pool over the value of holding its initial amounts, less one: at most zero.

    Args:
        price_ratio: final over initial price.

    Example:
        >>> round(impermanent_loss(4.0), 12)
        -0.2
    """
    require_positive(price_ratio=price_ratio)
    # -(sqrt(r) - 1)^2 / (1 + r) is 2 sqrt(r) / (1 + r) - 1 without its cancellation near r = 1.
    return -((math.sqrt(price_ratio) - 1) ** 2) / (1 + price_ratio)


def impermanent_loss_of_initial_value(price_ratio: float) -> float:
    """The same loss as a fraction of the initial value in token1, which is not symmetric in r and 1/r."""
    require_positive(price_ratio=price_ratio)
    return -((math.sqrt(price_ratio) - 1) ** 2) / 2


def expected_impermanent_loss(variance: float) -> float:
    """Mean of `impermanent_loss_of_initial_value` where the price is a driftless geometric Brownian motion.

    Args:
        variance: volatility squared times time.
    """
    require_not_negative(variance=variance)
    return math.expm1(-variance / 8)


def amount_out(reserve_in: float, reserve_out: float, amount_in: float, fee: float) -> float:
    """What a swap pays out. The marginal price of the input is (1 - fee) of the pool's."""
    require_positive(reserve_in=reserve_in, reserve_out=reserve_out)
    require_not_negative(amount_in=amount_in)
    require_fraction(fee=fee)
    effective_in = (1 - fee) * amount_in
    return reserve_out * effective_in / (reserve_in + effective_in)


def amount_in(reserve_in: float, reserve_out: float, amount_out: float, fee: float) -> float:
    """What a swap must be paid, fee included, to pay out `amount_out`.

    Raises:
        ArgumentError: `amount_out` is not less than the pool holds; it never runs out, as the cost grows without bound.
    """
    require_positive(reserve_in=reserve_in, reserve_out=reserve_out)
    require_not_negative(amount_out=amount_out)
    require_fraction(fee=fee)
    if amount_out >= reserve_out:
        raise ArgumentError("amount_out", amount_out, f"below reserve_out {reserve_out!r}")
    return reserve_in * amount_out / ((reserve_out - amount_out) * (1 - fee))


def split_amount_out(reserve_in: float, reserve_out: float, amount_in: float, fee: float, parts: int) -> float:
    """What the same input pays out in equal parts, one after the other, where the fee stays in the reserves (v2).

    Each part's fee deepens the pool for the parts that follow, yet at a price the earlier parts have already moved:
    with a fee, splitting pays out strictly less.
    """
    require_positive(parts=parts)
    part = amount_in / parts
    total = 0.0
    for _ in range(parts):
        paid_out = amount_out(reserve_in, reserve_out, part, fee)
        reserve_in += part
        reserve_out -= paid_out
        total += paid_out
    return total


def price_impact(reserve0: float, price: float) -> float:
    """Slope of the pool's price in the amount of token0 bought, at zero size: 2 P / x, Kyle's lambda of the pool."""
    require_positive(reserve0=reserve0, price=price)
    return 2 * price / reserve0


def no_arbitrage_band(price: float, fee: float) -> Band:
    """Fair prices at which a pool at `price` offers no profit: from P (1 - fee) to P / (1 - fee)."""
    require_positive(price=price)
    require_fraction(fee=fee)
    return Band(lower=price * (1 - fee), upper=price / (1 - fee))


def arbitrage(reserve0: float, reserve1: float, fair_price: float, fee: float) -> Arbitrage:
    """The trade that takes the most from the pool, its token0 valued at `fair_price`.

    Args:
        reserve0: token0 in the pool.
        reserve1: token1 in the pool.
        fair_price: token1 per token0 outside the pool.
        fee: fraction of the input.
    """
    require_positive(reserve0=reserve0, reserve1=reserve1, fair_price=fair_price)
    require_fraction(fee=fee)
    keep = 1 - fee
    product = reserve0 * reserve1
    price = reserve1 / reserve0
    if fair_price * keep > price:
        return Arbitrage(
            zero_for_one=False,
            amount_in=(math.sqrt(keep * fair_price * product) - reserve1) / keep,
            profit=(math.sqrt(keep * fair_price * reserve0) - math.sqrt(reserve1)) ** 2 / keep,
        )
    if fair_price < price * keep:
        return Arbitrage(
            zero_for_one=True,
            amount_in=(math.sqrt(keep * product / fair_price) - reserve0) / keep,
            profit=(math.sqrt(keep * reserve1) - math.sqrt(fair_price * reserve0)) ** 2 / keep,
        )
    return NO_ARBITRAGE
