"""Loss-versus-rebalancing (LVR): what continuous arbitrage takes from a pool without fees.

Source: Milionis, Moallemi, Roughgarden and Zhang, "Automated market making and loss-versus-rebalancing" (2022, arXiv
2208.06046). A portfolio that holds the pool's token0 at every moment, but trades at the fair price, ends ahead of the
pool by the LVR, which is never negative. Rates are per unit of time, in token1 or as a fraction of the pool's value.
"""

import math

from amm.closed_form.domain import require_fraction, require_not_negative, require_positive, require_range


def rate(volatility: float, price: float, demand_slope: float) -> float:
    """Token1 lost per unit of time by any curve: sigma^2 P^2 |x'(P)| / 2.

    Args:
        volatility: per square root of time.
        price: token1 per token0.
        demand_slope: derivative of the pool's token0 in the price, at most zero; its size is what counts.
    """
    require_not_negative(volatility=volatility)
    require_positive(price=price)
    return (volatility * price) ** 2 * abs(demand_slope) / 2


def depth_rate(volatility: float, depth: float) -> float:
    """Token1 lost per unit of time by any curve of which `depth` token1 trade per unit of log price: sigma^2 D / 2."""
    require_not_negative(volatility=volatility, depth=depth)
    return volatility**2 * depth / 2


def constant_product_rate(volatility: float) -> float:
    """Fraction of its value a full-range pool loses per unit of time: sigma^2 / 8."""
    require_not_negative(volatility=volatility)
    return volatility**2 / 8


def weighted_rate(volatility: float, weight0: float) -> float:
    """Fraction of its value a weighted geometric-mean pool loses per unit of time: sigma^2 w (1 - w) / 2."""
    require_not_negative(volatility=volatility)
    require_fraction(weight0=weight0)
    return volatility**2 * weight0 * (1 - weight0) / 2


def concentrated_rate(
    volatility: float, liquidity: float, price: float, price_lower: float, price_upper: float
) -> float:
    """Token1 a concentrated position loses per unit of time: L sigma^2 sqrt(P) / 4 in its range, nothing outside."""
    require_not_negative(volatility=volatility, liquidity=liquidity)
    require_positive(price=price)
    require_range(price_lower, price_upper)
    if not price_lower <= price <= price_upper:
        return 0.0
    return liquidity * volatility**2 * math.sqrt(price) / 4


def jump_loss(liquidity: float, price: float, price_ratio: float) -> float:
    """Token1 lost to one jump of the price inside a range, without fees: L sqrt(P) (sqrt(r) - 1)^2.

    The sum over the steps of a path is the loss-versus-rebalancing of that path.

    Example:
        >>> there, back = jump_loss(1_000, 2_000, 2_300 / 2_000), jump_loss(1_000, 2_300, 2_000 / 2_300)
        >>> round(there + back, 2)
        452.77
    """
    require_not_negative(liquidity=liquidity)
    require_positive(price=price, price_ratio=price_ratio)
    return liquidity * math.sqrt(price) * (math.sqrt(price_ratio) - 1) ** 2
