"""How much a price moves, and whether it comes back: the two things a spread depends on.

Volatility is arithmetic: price per square root of time, from moves whose mean is not taken out, since over the short
intervals meant here it is noise. Prices are evenly spaced in time, and any unit of price and time will do.
"""

import math
from collections.abc import Sequence

from orderbook._checks import require_int, require_not_negative, require_positive
from orderbook.errors import InvalidParameterError


def realised_volatility(prices: Sequence[float], interval: float = 1.0) -> float:
    """Root mean square of the moves, per square root of time.

    >>> round(realised_volatility([100, 101, 100, 101], interval=0.25), 12)
    2.0

    Args:
        prices: at least two, evenly spaced.
        interval: time from one price to the next.

    Raises:
        InvalidParameterError: there are fewer than two prices, or the interval is not positive.
    """
    require_positive("interval", interval)
    return math.sqrt(_mean_square_move(prices, 1) / interval)


def variance_ratio(prices: Sequence[float], lag: int) -> float:
    """Variance of moves over `lag` intervals, per interval, over that of moves over one (Lo and MacKinlay 1988).

    1 on average for a random walk, less where the price comes back, more where it trends; a straight line has `lag`.
    Moves overlap, and their mean is not taken out.

    Raises:
        InvalidParameterError: there are no two moves over the lag, the lag is not at least 2, or the price never moved.
    """
    require_int("lag", lag, minimum=2)
    if len(prices) < lag + 2:
        raise InvalidParameterError("prices", len(prices), f"at least {lag + 2} prices for a lag of {lag}")
    single = _mean_square_move(prices, 1)
    if not single:
        raise InvalidParameterError("prices", prices[0], "prices that move: a constant has no variance ratio")
    return _mean_square_move(prices, lag) / lag / single


def ornstein_uhlenbeck_variance(*, volatility: float, reversion_rate: float, time: float) -> float:
    """Variance of a mean-reverting price after some time, given where it is now.

    For dX = reversion_rate (mean - X) dt + volatility dW it is volatility^2 (1 - exp(-2 rate time)) / (2 rate). These
    are the two risk factors of quoting: how far the price goes, and how surely it returns.

    >>> round(ornstein_uhlenbeck_variance(volatility=1, reversion_rate=1, time=1), 4)
    0.4323
    """
    require_not_negative("volatility", volatility)
    require_not_negative("reversion_rate", reversion_rate)
    require_not_negative("time", time)
    if not reversion_rate:
        return volatility**2 * time
    return -(volatility**2) * math.expm1(-2 * reversion_rate * time) / (2 * reversion_rate)


def ornstein_uhlenbeck_variance_ratio(*, reversion_rate: float, interval: float, lag: int) -> float:
    """The variance ratio of a stationary mean-reverting price: (1 - exp(-rate lag t)) / (lag (1 - exp(-rate t)))."""
    require_positive("reversion_rate", reversion_rate)
    require_positive("interval", interval)
    require_int("lag", lag, minimum=2)
    return math.expm1(-reversion_rate * interval * lag) / (lag * math.expm1(-reversion_rate * interval))


def _mean_square_move(prices: Sequence[float], lag: int) -> float:
    moves = [later - earlier for earlier, later in zip(prices, prices[lag:], strict=False)]
    if not moves:
        raise InvalidParameterError("prices", len(prices), f"at least {lag + 1} prices")
    return sum(move * move for move in moves) / len(moves)
