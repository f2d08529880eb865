"""A concentrated position as options: what it is short, its expected value, how long it stays in range.

The price is a driftless geometric Brownian motion and interest is zero. Source: Carr and Madan (1998) for writing a
payoff as a strip of puts and calls, applied to the holdings of the v3 whitepaper (6.29, 6.30); the expectations are
lognormal integrals.
"""

import math

from amm.closed_form.concentrated import position_value
from amm.closed_form.domain import require_not_negative, require_positive, require_range
from amm.errors import ArgumentError


def _normal_cdf(deviation: float) -> float:
    return math.erfc(-deviation / math.sqrt(2)) / 2


def option_density(liquidity: float, strike: float) -> float:
    """Options per unit of strike that the position is short.

    They are puts from its lower price to P0 and calls from P0 to its upper price. Value less HODL is minus the
    integral over the range of this density times the payoff of the option at that strike.
    """
    require_not_negative(liquidity=liquidity)
    require_positive(strike=strike)
    return liquidity / (2 * strike * math.sqrt(strike))


def truncated_moment(price: float, order: float, bound: float, variance: float) -> float:
    """Mean of P_T ** order where P_T is at or below `bound`, and zero elsewhere.

    Args:
        price: today's price.
        order: the power, any real number.
        bound: the price up to which the mean is taken.
        variance: volatility squared times time, above zero.
    """
    require_positive(price=price, bound=bound, variance=variance)
    deviation = (math.log(bound / price) - (order - 0.5) * variance) / math.sqrt(variance)
    return float(price**order) * math.exp(order * (order - 1) * variance / 2) * _normal_cdf(deviation)


def expected_position_value(
    liquidity: float, price: float, price_lower: float, price_upper: float, variance: float
) -> float:
    """Mean value in token1 of the position, without fees, when `variance` has passed.

    HODL has a mean equal to its value today, so this less today's value is the mean impermanent loss, which is also
    minus the mean loss-versus-rebalancing.
    """
    require_not_negative(liquidity=liquidity, variance=variance)
    require_range(price_lower, price_upper)
    if variance == 0:
        return position_value(liquidity, price, price_lower, price_upper)

    def between(order: float) -> float:
        below_upper = truncated_moment(price, order, price_upper, variance)
        return below_upper - truncated_moment(price, order, price_lower, variance)

    root_lower, root_upper = math.sqrt(price_lower), math.sqrt(price_upper)
    below = (1 / root_lower - 1 / root_upper) * truncated_moment(price, 1, price_lower, variance)
    inside = 2 * between(0.5) - between(1) / root_upper - root_lower * between(0)
    above = (root_upper - root_lower) * (1 - truncated_moment(price, 0, price_upper, variance))
    return liquidity * (below + inside + above)


def expected_lvr_rate(
    liquidity: float, price: float, price_lower: float, price_upper: float, *, volatility: float, time: float
) -> float:
    """Mean rate, after `time`, at which the position loses to rebalancing.

    It is L sigma^2 / 4 times the mean of sqrt(P) in range, in token1 per unit of time. Its integral over time is the
    mean loss-versus-rebalancing.
    """
    require_positive(volatility=volatility, time=time)
    require_not_negative(liquidity=liquidity)
    require_range(price_lower, price_upper)
    variance = volatility**2 * time
    below_upper = truncated_moment(price, 0.5, price_upper, variance)
    below_lower = truncated_moment(price, 0.5, price_lower, variance)
    return liquidity * volatility**2 / 4 * (below_upper - below_lower)


def expected_time_in_range(price: float, price_lower: float, price_upper: float, volatility: float) -> float:
    """Mean time until the price first leaves the range, where the log price has no drift.

    Raises:
        ArgumentError: the price is not inside the range.
    """
    require_positive(volatility=volatility)
    require_range(price_lower, price_upper)
    if not price_lower <= price <= price_upper:
        raise ArgumentError("price", price, f"between {price_lower!r} and {price_upper!r}")
    return math.log(price_upper / price) * math.log(price / price_lower) / volatility**2
