"""Volatility of a price from samples of it, and between one length of time and another."""

import math
from collections.abc import Sequence
from itertools import pairwise

from orderbook._checks import require_not_negative, require_positive
from orderbook.errors import InvalidParameterError


def realised_volatility(prices: Sequence[float], interval: float) -> float:
    """Arithmetic volatility of a price sampled at equal intervals, its drift taken for zero.

    The root of the mean squared change per unit of time, in the price's unit per square root of the interval's unit.
    From n changes of a Brownian motion its standard error is a share 1 / sqrt(2 n) of it.

    >>> realised_volatility([100.0, 102.0, 101.0, 103.0], interval=3.0)
    1.0

    Raises:
        InvalidParameterError: fewer than two prices, or an interval that is not positive.
    """
    require_positive("interval", interval)
    if len(prices) < 2:  # noqa: PLR2004 - a change is between two
        raise InvalidParameterError("prices", prices, "at least two prices")
    squares = math.fsum((after - before) ** 2 for before, after in pairwise(prices))
    return math.sqrt(squares / (len(prices) - 1) / interval)


def deviation_over(volatility: float, duration: float) -> float:
    """Standard deviation of a Brownian price's move over so much time: volatility times the root of it.

    >>> round(deviation_over(0.04 / math.sqrt(60), 1.0), 6)  # one second of what moves by .04 in sixty
    0.005164

    Raises:
        InvalidParameterError: either is negative or not finite.
    """
    require_not_negative("volatility", volatility)
    require_not_negative("duration", duration)
    return volatility * math.sqrt(duration)
