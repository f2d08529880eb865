"""When taker orders arrive: a Poisson process, or one in which every arrival brings more (Hawkes 1971).

Times are floats from 0 to the horizon, in any one unit; rates are per that unit.
"""

import math

import numpy as np
from numpy.typing import NDArray

from orderbook._checks import require_not_negative, require_positive
from orderbook.errors import InvalidParameterError
from orderbook.simulation._randomness import Stream, generator_of

Times = NDArray[np.float64]


def poisson_arrivals(rate: float, horizon: float, *, seed: int) -> Times:
    """The arrivals of a Poisson process, in order.

    Raises:
        InvalidParameterError: a negative rate or seed, or a horizon that is not positive.
    """
    require_not_negative("rate", rate)
    require_positive("horizon", horizon)
    generator = generator_of(seed, Stream.ARRIVALS)
    return np.sort(generator.uniform(0.0, horizon, generator.poisson(rate * horizon)))


def hawkes_arrivals(base_rate: float, excitation: float, decay: float, horizon: float, *, seed: int) -> Times:
    """The arrivals of a Hawkes process with an exponential kernel and no history, in order.

    The rate at time t is base_rate + sum of excitation * exp(-decay (t - s)) over the arrivals s before t. Between
    arrivals it only falls, so its present value bounds it and thinning (Ogata 1981) is exact.

    Args:
        base_rate: of arrivals that no other brought.
        excitation: jump of the rate at each arrival.
        decay: of a jump, per unit of time; greater than the excitation.
        horizon: time.
        seed: at least 0.

    Raises:
        InvalidParameterError: a parameter out of range, or a process that grows without end.
    """
    _check_hawkes(base_rate, excitation, decay)
    require_positive("horizon", horizon)
    generator = generator_of(seed, Stream.ARRIVALS)
    arrivals: list[float] = []
    time, rate = 0.0, base_rate
    while rate > 0:
        wait = generator.standard_exponential() / rate
        time += wait
        if time >= horizon:
            break
        bound, rate = rate, base_rate + (rate - base_rate) * math.exp(-decay * wait)
        if generator.random() * bound < rate:
            arrivals.append(time)
            rate += excitation
    return np.array(arrivals, dtype=np.float64)


def stationary_hawkes_rate(base_rate: float, excitation: float, decay: float) -> float:
    """Mean rate of arrivals long after the start: base_rate / (1 - excitation / decay).

    Raises:
        InvalidParameterError: a parameter out of range, or a process that grows without end.
    """
    _check_hawkes(base_rate, excitation, decay)
    return base_rate / (1 - excitation / decay)


def hawkes_mean_count(base_rate: float, excitation: float, decay: float, horizon: float) -> float:
    """Arrivals to expect before the horizon: the mean rate rises from the base rate to the stationary one.

    Raises:
        InvalidParameterError: a parameter out of range, or a process that grows without end.
    """
    stationary = stationary_hawkes_rate(base_rate, excitation, decay)
    require_positive("horizon", horizon)
    speed = decay - excitation
    return stationary * horizon + (stationary - base_rate) * math.expm1(-speed * horizon) / speed


def _check_hawkes(base_rate: float, excitation: float, decay: float) -> None:
    require_not_negative("base_rate", base_rate)
    require_not_negative("excitation", excitation)
    require_positive("decay", decay)
    if excitation >= decay:
        raise InvalidParameterError(
            "excitation", excitation, f"less than the decay of {decay}, or each arrival brings at least one more"
        )
