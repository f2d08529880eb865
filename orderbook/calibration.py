"""The inputs of a spread, from data: how fills thin out with distance, how large orders are, how much the price moves.

Every estimate comes with its standard error. This is the one module of the package that needs numpy, and `orderbook`
does not import it.
"""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from orderbook.errors import InvalidParameterError
from orderbook.fees import FeeSchedule

_ROUNDS = 100
_PRECISION = 1e-12


@dataclass(frozen=True, slots=True)
class Sample:
    """Mean and variance of something measured again and again.

    Attributes:
        count: measurements.
        mean: in the unit of what was measured.
        variance: its square.
        mean_error: standard error of the mean.
        variance_error: standard error of the variance, from the fourth moment.
    """

    count: int
    mean: float
    variance: float
    mean_error: float
    variance_error: float

    @classmethod
    def of(cls, values: ArrayLike) -> Self:
        """Mean and variance of independent measurements.

        Raises:
            InvalidParameterError: there are fewer than two, or one is not a finite number.
        """
        numbers = _finite("values", values)
        if numbers.size < 2:  # noqa: PLR2004 - a variance needs two
            raise InvalidParameterError("values", numbers.size, "at least two measurements")
        mean, variance = float(numbers.mean()), float(numbers.var(ddof=1))
        fourth = float(np.mean((numbers - mean) ** 4))
        return cls(
            count=numbers.size,
            mean=mean,
            variance=variance,
            mean_error=math.sqrt(variance / numbers.size),
            variance_error=math.sqrt(max(fourth - variance**2, 0.0) / numbers.size),
        )


@dataclass(frozen=True, slots=True)
class FillCurve:
    """The rate of fills A exp(-fill_decay * distance), fitted, with standard errors.

    Attributes:
        arrival_intensity: A, fills per unit of time at no distance.
        fill_decay: one over the unit of distance.
        arrival_intensity_error: standard error.
        fill_decay_error: standard error.
        fills: how many the fit rests on.
        deviance: twice the log-likelihood by which the data's own rates beat the curve; about `degrees_of_freedom` when
            fills do thin out exponentially and come independently, more when not.
        degrees_of_freedom: distances less two.
    """

    arrival_intensity: float
    fill_decay: float
    arrival_intensity_error: float
    fill_decay_error: float
    fills: int
    deviance: float
    degrees_of_freedom: int

    def rate(self, distance: float) -> float:
        """Fills per unit of time at a distance."""
        return self.arrival_intensity * math.exp(-self.fill_decay * distance)


def fit_fill_curve(distances: ArrayLike, exposures: ArrayLike, fills: ArrayLike) -> FillCurve:
    """The curve under which so many fills in so much time are most likely (Poisson regression by Newton's method).

    Args:
        distances: from the fair price, of at least two kinds of quote; any unit.
        exposures: how long a quote stood at each distance; any unit of time.
        fills: how many fills it had there, whole numbers.

    Raises:
        InvalidParameterError: numbers of different lengths, negative or not finite; fewer than two distances that were
            tried; fills at fewer than two, or only where nothing was tried; or data no curve fits best.
    """
    distance, exposure, count = (
        _finite("distances", distances),
        _finite("exposures", exposures),
        _finite("fills", fills),
    )
    _check_fills(distance, exposure, count)
    tried = exposure > 0
    distance, exposure, count = distance[tried], exposure[tried], count[tried]
    # Around the mean distance of the fills the two parameters are nearly independent, and Newton's steps are safe.
    centre = float(np.average(distance, weights=count))
    shifted = distance - centre
    reach = float(np.abs(shifted).max())
    log_rate, decay = math.log(count.sum() / exposure.sum()), 0.0
    for _ in range(_ROUNDS):
        expected = exposure * np.exp(log_rate - decay * shifted)
        missing = count - expected
        gradient = np.array([missing.sum(), -(shifted * missing).sum()])
        step = np.linalg.solve(_information(shifted, expected), gradient)
        # By how much the logarithm of any rate changes: more than one is cut, so that no rate overflows on the way.
        change = abs(float(step[0])) + abs(float(step[1])) * reach
        step /= max(1.0, change)
        log_rate, decay = log_rate + float(step[0]), decay + float(step[1])
        if change < _PRECISION:
            break
    else:
        raise InvalidParameterError("fills", count.tolist(), "such that one curve fits best")
    expected = exposure * np.exp(log_rate - decay * shifted)
    covariance = np.linalg.inv(_information(shifted, expected))
    intensity = math.exp(log_rate + decay * centre)
    to_zero = np.array([1.0, centre])  # the derivative of ln(arrival_intensity)
    own_rates = count * np.log(np.where(count > 0, count, 1) / expected) - (count - expected)
    return FillCurve(
        arrival_intensity=intensity,
        fill_decay=decay,
        arrival_intensity_error=intensity * math.sqrt(float(to_zero @ covariance @ to_zero)),
        fill_decay_error=math.sqrt(float(covariance[1, 1])),
        fills=int(count.sum()),
        deviance=float(2 * own_rates.sum()),
        degrees_of_freedom=count.size - 2,
    )


def _information(shifted: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fisher information of the logarithm of the rate at the centre and of the decay."""
    cross = -(shifted * expected).sum()
    return np.array([[expected.sum(), cross], [cross, (shifted**2 * expected).sum()]])


def _check_fills(distance: NDArray[np.float64], exposure: NDArray[np.float64], count: NDArray[np.float64]) -> None:
    if not distance.size == exposure.size == count.size:
        sizes = (distance.size, exposure.size, count.size)
        raise InvalidParameterError("distances, exposures, fills", sizes, "equally many numbers")
    if (exposure < 0).any():
        raise InvalidParameterError("exposures", float(exposure.min()), "at least 0")
    if (count < 0).any() or (count % 1 != 0).any():
        raise InvalidParameterError("fills", count.tolist(), "whole numbers of at least 0")
    if ((exposure == 0) & (count > 0)).any():
        raise InvalidParameterError("fills", count.tolist(), "0 wherever no quote stood")
    if np.unique(distance[exposure > 0]).size < 2:  # noqa: PLR2004 - two points to a line
        raise InvalidParameterError("distances", distance.tolist(), "at least two at which a quote stood")
    if np.unique(distance[count > 0]).size < 2:  # noqa: PLR2004 - two points to a line
        raise InvalidParameterError("fills", count.tolist(), "more than 0 at two distances at least")


def _finite(name: str, values: ArrayLike) -> NDArray[np.float64]:
    numbers = np.asarray(values, dtype=np.float64).ravel()
    if not np.isfinite(numbers).all():
        raise InvalidParameterError(name, float(numbers[~np.isfinite(numbers)][0]), "finite numbers")
    return numbers


def volatilities(prices: ArrayLike, window: int, interval: float = 1.0) -> Sample:
    """Short-term volatility, and how much it varies: that of each window in turn, without overlap.

    Args:
        prices: evenly spaced.
        window: moves in each window.
        interval: time from one price to the next.

    Returns:
        Mean and variance over the windows of the root mean square move, price per square root of time.

    Raises:
        InvalidParameterError: there are not two windows of prices, or the window or the interval is not positive.
    """
    if type(window) is not int or window < 1:
        raise InvalidParameterError("window", window, "an int of at least 1")
    if not interval > 0:
        raise InvalidParameterError("interval", interval, "a positive number")
    moves = np.diff(_finite("prices", prices))
    whole = moves.size // window
    if whole < 2:  # noqa: PLR2004 - a variance needs two
        raise InvalidParameterError("prices", moves.size + 1, f"at least {2 * window + 1} prices for two windows")
    squares = moves[: whole * window].reshape(whole, window) ** 2
    return Sample.of(np.sqrt(squares.mean(axis=1) / interval))


@dataclass(frozen=True, slots=True)
class CalibrationRecord:
    """Everything a spread depends on, in one place.

    Attributes:
        fill_curve: how fills thin out with distance.
        volatility: short-term, price per square root of time, and how much it varies.
        order_size: lots of a taker's order.
        volume: lots traded in each period.
        depth: lots resting near the fair price, at moments.
        fees: what the venue charges.
        latency_ns: of the venue's interface, in nanoseconds.
    """

    fill_curve: FillCurve
    volatility: Sample
    order_size: Sample
    volume: Sample
    depth: Sample
    fees: FeeSchedule
    latency_ns: Sample
