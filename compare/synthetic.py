"""Simulated fair prices as floats at given times, which `PricePath` quantises.

Rates are annual (a year of 365 days) and relative: a volatility of 0.6 is 60 % a year. The diffusion of every model
with the same seed, step and length comes from the same draws, so models and parameters can be compared pairwise; jumps
have streams of their own. Times are evenly spaced, as `time_grid` makes them.
"""

import math
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray

from compare.checks import finite, not_negative, positive, require_points
from compare.durations import (
    NS_PER_DAY,
    NS_PER_YEAR,
    Duration,
    Instant,
    Rate,
    duration_ns,
    instant_ns,
    rate_per_ns,
)
from compare.errors import InputError
from compare.randomness import Stream, generator, portable_exp

Times = NDArray[np.int64]
Prices = NDArray[np.float64]


def time_grid(days: float, step: Duration, start: Instant) -> Times:
    """Times from `start` in whole steps, the last one at most `days` later.

    Raises:
        InputError: A length or step that is not positive, or a length below one step.
    """
    step_ns = duration_ns(step, key="step")
    length_ns = round(positive(days, "days") * NS_PER_DAY)
    if length_ns < step_ns:
        raise InputError(f"{days} days hold no step of {step}", place="days", remedy="give at least one step")
    count = require_points(length_ns // step_ns + 1, "step")
    return instant_ns(start, key="start") + step_ns * np.arange(count, dtype=np.int64)


def gbm(times: Times, *, price: float, volatility: float, drift: float, seed: int) -> Prices:
    """Geometric Brownian motion: dS = drift S dt + volatility S dW, exact at the times given."""
    growth = finite(drift, "drift") - 0.5 * not_negative(volatility, "volatility") ** 2
    return positive(price, "price") * portable_exp(growth * _years(times) + volatility * _brownian(seed, times))


def ornstein_uhlenbeck(
    times: Times, *, price: float, volatility: float, half_life: Duration, mean: float, seed: int
) -> Prices:
    """The logarithm of the price is pulled to that of `mean`, exact at the times given.

    dX = -reversion X dt + volatility dW with X = ln(S / mean) and reversion = ln 2 / half_life: a displacement halves
    in one half-life, and the variance of X tends to volatility**2 / (2 reversion).
    """
    not_negative(volatility, "volatility")
    centre = positive(mean, "mean")
    reversion = math.log(2) * NS_PER_YEAR / duration_ns(half_life, key="half_life")
    step_years = _step_years(times)
    kept = math.exp(-reversion * step_years)
    spread = volatility * math.sqrt(-math.expm1(-2 * reversion * step_years) / (2 * reversion))
    shocks = spread * generator(seed, Stream.PATH_DIFFUSION).standard_normal(times.size - 1)
    first = math.log(positive(price, "price") / centre)
    path = accumulate(chain([first], shocks.tolist()), lambda logarithm, shock: kept * logarithm + shock)
    return centre * portable_exp(np.fromiter(path, np.float64, times.size))


def jump(
    times: Times,
    *,
    price: float,
    volatility: float,
    jump_rate: Rate,
    jump_mean: float,
    jump_volatility: float,
    drift: float,
    seed: int,
) -> Prices:
    """Merton (1976) jump diffusion, exact at the times given.

    Jumps arrive at `jump_rate`; the logarithm of a jump is normal with mean `jump_mean` and standard deviation
    `jump_volatility`. The growth that jumps bring on average is taken out of the diffusion, so that E[S] grows at
    `drift` with jumps or without.
    """
    steps = times.size - 1
    per_step = float(rate_per_ns(jump_rate, key="jump_rate") * int(times[1] - times[0]))
    finite(jump_mean, "jump_mean")
    not_negative(jump_volatility, "jump_volatility")
    counts = generator(seed, Stream.PATH_JUMP_COUNT).poisson(per_step, steps)
    # One normal for every step, used or not: another rate then leaves the sizes of the same steps as they are.
    normals = generator(seed, Stream.PATH_JUMP_SIZE).standard_normal(steps)
    jumps = counts * jump_mean + np.sqrt(counts) * jump_volatility * normals
    compensation = per_step * math.expm1(jump_mean + 0.5 * jump_volatility**2)
    jumped = np.concatenate(([0.0], np.cumsum(jumps - compensation)))
    return gbm(times, price=price, volatility=volatility, drift=drift, seed=seed) * portable_exp(jumped)


def trend(times: Times, *, price: float, end_price: float, volatility: float, seed: int) -> Prices:
    """From `price` to `end_price`: a straight line in the logarithm plus a Brownian bridge of the volatility given."""
    noise = _brownian(seed, times)
    elapsed = _years(times) / _years(times)[-1]
    growth = math.log(positive(end_price, "end_price") / positive(price, "price"))
    bridge = not_negative(volatility, "volatility") * (noise - elapsed * noise[-1])
    return price * portable_exp(growth * elapsed + bridge)


def constant(times: Times, *, price: float) -> Prices:
    """The same price at every time."""
    return np.full(times.size, positive(price, "price"))


def _years(times: Times) -> NDArray[np.float64]:
    years: NDArray[np.float64] = (times - times[0]) / NS_PER_YEAR
    return years


def _step_years(times: Times) -> float:
    return float(_years(times)[1])


def _brownian(seed: int, times: Times) -> NDArray[np.float64]:
    """Standard Brownian motion from zero, in square roots of a year."""
    normals = generator(seed, Stream.PATH_DIFFUSION).standard_normal(times.size - 1)
    return np.concatenate(([0.0], np.cumsum(normals))) * math.sqrt(_step_years(times))
