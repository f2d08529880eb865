"""How much a price moves, and whether it comes back (S21, S29)."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook.errors import InvalidParameterError
from orderbook.volatility import (
    ornstein_uhlenbeck_variance,
    ornstein_uhlenbeck_variance_ratio,
    realised_volatility,
    variance_ratio,
)


def test_s21_sixty_seconds_of_samples_at_a_deviation_of_four_hundredths() -> None:
    """A minute's .04 is .04 / sqrt(60) = .005164 a second; samples with moves of that size show both."""
    move = 0.04 / math.sqrt(60)
    assert round(move, 6) == 0.005164
    prices = [100 + move * (second % 2) for second in range(61)]
    assert realised_volatility(prices) == pytest.approx(move)
    assert realised_volatility(prices, interval=1 / 60) == pytest.approx(0.04)


def test_s21_it_recovers_the_volatility_of_a_simulation() -> None:
    """From a hundred thousand moves, within four standard errors, which are 1 / sqrt(2 n) of it."""
    prices = 100 + np.cumsum(np.random.default_rng(21).normal(0, 0.005164, 100_001))
    assert abs(realised_volatility(prices.tolist()) / 0.005164 - 1) < 4 / math.sqrt(2 * 100_000)


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=40), st.floats(0.01, 100))
def test_it_is_numpys_root_mean_square(prices: list[float], interval: float) -> None:
    """Beside the same in numpy."""
    naive = np.sqrt(np.mean(np.diff(np.array(prices)) ** 2) / interval)
    assert realised_volatility(prices, interval) == pytest.approx(float(naive))


@pytest.mark.parametrize("lag", [2, 5, 60])
def test_s28_the_variance_ratio_tells_chop_from_trend(lag: int) -> None:
    """1 for a walk within four standard errors, the lag itself for a line, nothing for a swing with an even lag."""
    count = 40_000
    walk = np.cumsum(np.random.default_rng(28).normal(0, 1, count)).tolist()
    deviation = math.sqrt(2 * (2 * lag - 1) * (lag - 1) / (3 * lag * count))
    assert abs(variance_ratio(walk, lag) - 1) < 4 * deviation
    assert variance_ratio(list(range(200)), lag) == lag
    swing = variance_ratio([step % 2 for step in range(200)], lag)
    assert swing == (1 / lag if lag % 2 else 0)


def test_s29_variance_of_a_mean_reverting_price() -> None:
    """All of them 1: .4323; without reversion volatility^2 time; in the long run volatility^2 / (2 rate)."""
    assert round(ornstein_uhlenbeck_variance(volatility=1, reversion_rate=1, time=1), 4) == 0.4323
    assert ornstein_uhlenbeck_variance(volatility=0.3, reversion_rate=0, time=4) == pytest.approx(0.36)
    assert ornstein_uhlenbeck_variance(volatility=0.3, reversion_rate=1e-9, time=4) == pytest.approx(0.36)
    assert ornstein_uhlenbeck_variance(volatility=2, reversion_rate=3, time=1e9) == pytest.approx(4 / 6)


def test_s29_a_simulation_has_the_variance_and_the_variance_ratio() -> None:
    """Within four standard errors of the variance, the known bias of finite steps taken off, and of the ratio."""
    rng, step, steps = np.random.default_rng(29), 1e-3, 1_000
    ends = np.zeros(20_000)
    for _ in range(steps):
        ends += -ends * step + rng.normal(0, math.sqrt(step), ends.size)
    exact = ornstein_uhlenbeck_variance(volatility=1, reversion_rate=1, time=1)
    bias = (1 - (1 - step) ** (2 * steps)) / (2 - step) - exact
    assert abs(bias) < 1e-3
    assert abs(ends.var() - exact - bias) < 4 * exact * math.sqrt(2 / ends.size)
    decay = math.exp(-0.1)
    path = [0.0]
    for shock in rng.normal(0, math.sqrt(1 - decay**2), 200_000).tolist():
        path.append(path[-1] * decay + shock)
    expected = ornstein_uhlenbeck_variance_ratio(reversion_rate=0.1, interval=1, lag=10)
    assert expected == pytest.approx((1 - math.exp(-1)) / (10 * (1 - decay)))
    # The standard error of a random walk's ratio; coming back makes the moves less alike, and it smaller.
    assert abs(variance_ratio(path, 10) - expected) < 4 * math.sqrt(2 * 19 * 9 / (3 * 10 * 200_000))


def test_what_has_no_volatility_is_refused() -> None:
    """Too few prices, no interval, a constant for a ratio, a negative rate."""
    with pytest.raises(InvalidParameterError, match="prices is 1"):
        realised_volatility([1.0])
    with pytest.raises(InvalidParameterError, match="interval"):
        realised_volatility([1.0, 2.0], 0)
    with pytest.raises(InvalidParameterError, match="at least 5 prices for a lag of 3"):
        variance_ratio([1.0, 2.0, 3.0, 4.0], 3)
    with pytest.raises(InvalidParameterError, match="prices that move"):
        variance_ratio([1.0] * 9, 3)
    with pytest.raises(InvalidParameterError, match="lag"):
        variance_ratio([1.0, 2.0, 3.0, 4.0], 1)
    with pytest.raises(InvalidParameterError, match="reversion_rate"):
        ornstein_uhlenbeck_variance(volatility=1, reversion_rate=-1, time=1)
