"""Volatility from samples (S21)."""

import math

import numpy as np
import pytest

from orderbook.errors import InvalidParameterError
from orderbook.volatility import deviation_over, realised_volatility


def test_s21_sixty_one_second_samples() -> None:
    """A deviation of .04 over sixty seconds is .005164 over one, and sixty such samples give .04 back."""
    per_root_second = 0.04 / math.sqrt(60)
    assert round(deviation_over(per_root_second, 1), 6) == 0.005164
    to_and_fro = [100.0 + 0.005164 * (index % 2) for index in range(61)]
    assert deviation_over(realised_volatility(to_and_fro, 1.0), 60) == pytest.approx(0.04, rel=1e-4)


def test_s21_the_estimate_lies_within_four_standard_errors() -> None:
    """A thousand minutes of a Brownian motion: each estimate's error is a share 1 / sqrt(120), and none is biased."""
    per_root_second = 0.04 / math.sqrt(60)
    moves = np.random.default_rng(21).normal(0, per_root_second, (1_000, 60))
    paths = np.hstack([np.full((1_000, 1), 100.0), 100.0 + np.cumsum(moves, axis=1)])
    variances = np.array([realised_volatility(path, 1.0) ** 2 for path in paths.tolist()])
    assert abs(variances.mean() - per_root_second**2) < 4 * variances.std() / math.sqrt(1_000)
    assert np.sqrt(variances).std() == pytest.approx(per_root_second / math.sqrt(120), rel=0.1)


def test_too_few_prices_and_no_time_are_refused() -> None:
    """The error names the parameter."""
    with pytest.raises(InvalidParameterError, match="prices"):
        realised_volatility([1.0], 1.0)
    with pytest.raises(InvalidParameterError, match="interval"):
        realised_volatility([1.0, 2.0], 0.0)
    with pytest.raises(InvalidParameterError, match="duration"):
        deviation_over(1.0, -1.0)
