"""A concentrated position as options: replication, expected value by three routes, time in range."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from quadrature import integrate, lognormal_mean

from amm.closed_form import concentrated, options
from amm.errors import ArgumentError

LIQUIDITY, PRICE, LOWER, UPPER = 1_000.0, 2_000.0, 1_500.0, 2_600.0
VOLATILITY, TIME = 0.8, 30 / 365
VARIANCE = VOLATILITY**2 * TIME
PUBLISHED_LOSS = -529.768411


@given(st.floats(500.0, 5_000.0))
def test_o07_static_replication(final_price: float) -> None:
    """Position less HODL is minus a strip of puts below and calls above the initial price, to 1e-8."""
    low, high = min(max(final_price, LOWER), PRICE), min(max(final_price, PRICE), UPPER)

    def short(strike: float) -> float:
        payoff = strike - final_price if strike < PRICE else final_price - strike
        return options.option_density(LIQUIDITY, strike) * payoff

    strip = -integrate(short, low, PRICE, pieces=8) - integrate(short, PRICE, high, pieces=8)
    loss = concentrated.impermanent_loss_amount(LIQUIDITY, PRICE, final_price, LOWER, UPPER)
    assert loss == pytest.approx(strip, rel=1e-8, abs=1e-8)


def _option_value(strike: float) -> float:
    """Put below, call above today's price, on a driftless lognormal price (Black and Scholes at zero interest)."""
    root = math.sqrt(VARIANCE)
    d1 = math.log(PRICE / strike) / root + root / 2
    sign = 1 if strike > PRICE else -1

    def cdf(deviation: float) -> float:
        return math.erfc(-deviation / math.sqrt(2)) / 2

    return sign * (PRICE * cdf(sign * d1) - strike * cdf(sign * (d1 - root)))


def test_o08_expected_value_closed_form() -> None:
    """The published mean loss of 1500 to 2600 over 30 days at 80 %."""
    mean = options.expected_position_value(LIQUIDITY, PRICE, LOWER, UPPER, VARIANCE)
    loss = mean - concentrated.position_value(LIQUIDITY, PRICE, LOWER, UPPER)
    assert loss == pytest.approx(PUBLISHED_LOSS, abs=5e-7)


def test_o08_expected_value_as_an_option_strip() -> None:
    """The same number as minus the value of the strip of options the position is short."""

    def worth(strike: float) -> float:
        return options.option_density(LIQUIDITY, strike) * _option_value(strike)

    strip = integrate(worth, LOWER, PRICE) + integrate(worth, PRICE, UPPER)
    assert -strip == pytest.approx(PUBLISHED_LOSS, abs=5e-7)


def test_o08_expected_value_as_the_integral_of_lvr() -> None:
    """The same number as minus the mean rate of loss-versus-rebalancing, integrated over the 30 days."""

    def rate(time: float) -> float:
        return options.expected_lvr_rate(LIQUIDITY, PRICE, LOWER, UPPER, volatility=VOLATILITY, time=time)

    assert -integrate(rate, 0.0, TIME, pieces=40) == pytest.approx(PUBLISHED_LOSS, abs=5e-7)


@pytest.mark.parametrize("price", [1_000.0, 1_500.0, 2_000.0, 2_600.0, 4_000.0])
@pytest.mark.parametrize("variance", [1e-4, 0.05, 1.0])
def test_o08_expected_value_is_the_lognormal_mean_of_the_value(price: float, variance: float) -> None:
    """Direct integration of the value over the price, from inside and outside the range."""

    def value(final_price: float) -> float:
        return concentrated.position_value(LIQUIDITY, final_price, LOWER, UPPER)

    expected = lognormal_mean(value, price, variance, kinks=(LOWER, UPPER))
    assert options.expected_position_value(LIQUIDITY, price, LOWER, UPPER, variance) == pytest.approx(
        expected, rel=1e-11
    )


def test_o08_no_variance_is_no_change() -> None:
    """Without variance the mean is today's value."""
    today = concentrated.position_value(LIQUIDITY, PRICE, LOWER, UPPER)
    assert options.expected_position_value(LIQUIDITY, PRICE, LOWER, UPPER, 0.0) == today


def test_o10_time_in_range() -> None:
    """Ten per cent to either side at 80 % a year lasts 5.727 days on average."""
    assert options.expected_time_in_range(1.0, 0.9, 1.1, 0.8) * 365 == pytest.approx(5.727, abs=5e-4)


def test_o10_time_in_range_solves_the_exit_problem() -> None:
    """The mean exit time of a fine random walk in log price, from its linear equations, is the closed form."""
    below, above = 15, 20
    step, volatility = 0.01, 0.8
    size = below + above - 1
    # t(i) = dt + (t(i - 1) + t(i + 1)) / 2 inside, t = 0 at both ends, dt = step^2 / sigma^2.
    matrix = np.eye(size) - np.eye(size, k=1) / 2 - np.eye(size, k=-1) / 2
    times = np.linalg.solve(matrix, np.full(size, (step / volatility) ** 2))
    exact = options.expected_time_in_range(1.0, math.exp(-below * step), math.exp(above * step), volatility)
    assert exact == pytest.approx(float(times[below - 1]), rel=1e-9)


def test_o10_outside_its_range_there_is_no_time_in_range() -> None:
    """A price that is not in the range is refused."""
    with pytest.raises(ArgumentError, match="price must be between"):
        options.expected_time_in_range(3.0, 0.9, 1.1, 0.8)
