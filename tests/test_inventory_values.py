"""The linear equation of the bounded-inventory models, beside the exponential of the whole matrix."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from orderbook.errors import HorizonPassedError, InvalidParameterError, InventoryBoundError
from orderbook.quoting._horizon import seconds_left
from orderbook.quoting._inventory_values import InventoryValues, require_units, require_within


def naive_values(decay: list[float], coupling: float, at_horizon: list[float], time: float) -> NDArray[np.float64]:
    """The exponential from the eigenvectors of the symmetric matrix."""
    size = len(decay)
    matrix = np.diag(decay) - coupling * (np.eye(size, k=1) + np.eye(size, k=-1))
    rates, vectors = np.linalg.eigh(matrix)
    return np.asarray(vectors @ (np.exp(-rates * time) * (vectors.T @ np.exp(at_horizon))))


@given(
    bound=st.integers(1, 12),
    risk_and_trend=st.tuples(st.floats(0, 0.2), st.floats(-0.3, 0.3)),
    coupling=st.floats(0.01, 5),
    impact=st.floats(0, 0.02),
    time=st.floats(0, 30),
)
def test_values_are_those_of_the_eigenvectors(
    bound: int, risk_and_trend: tuple[float, float], coupling: float, impact: float, time: float
) -> None:
    """Of every inventory, at any time: to a billionth of the greatest, which is what the twin is good for."""
    risk, trend = risk_and_trend
    units = range(-bound, bound + 1)
    decay = [risk * unit**2 - trend * unit for unit in units]
    at_horizon = [-impact * unit**2 for unit in units]
    logs = np.array(InventoryValues(decay, coupling, at_horizon).logs(time))
    naive = naive_values(decay, coupling, at_horizon, time)
    assert np.abs(np.exp(logs) / naive.max() - naive / naive.max()).max() < 1e-9


def test_small_values_keep_their_digits() -> None:
    """Where values span thirty orders of magnitude they are log-concave still, and symmetric to the last digits."""
    logs = InventoryValues([0.25 * unit**2 for unit in range(-20, 21)], 0.5, [0.0] * 41).logs(30.0)
    assert logs[20] - logs[0] > 30 * math.log(10)
    assert max(abs(left - right) for left, right in zip(logs, reversed(logs), strict=True)) < 1e-11
    slopes = [after - before for before, after in pairwise(logs)]
    assert all(after < before for before, after in pairwise(slopes))


def test_the_order_of_questions_changes_nothing() -> None:
    """A table that is extended on demand gives the same values whether asked near the horizon first or last."""
    decay = [0.01 * unit**2 for unit in range(-5, 6)]
    times = [0.0, 0.37, 3.0, 50.0, 1e3, 1e5]
    forwards, backwards = (InventoryValues(decay, 0.5, [0.0] * 11) for _ in range(2))
    rising = [forwards.logs(time) for time in times]
    falling = [backwards.logs(time) for time in reversed(times)]
    assert rising == list(reversed(falling))


def test_far_from_the_horizon_the_table_ends() -> None:
    """The ratios settle, and from there on every value changes at the smallest rate of the matrix."""
    decay = [0.05 * unit**2 for unit in range(-8, 9)]
    values = InventoryValues(decay, 0.5, [0.0] * 17)
    rate = np.linalg.eigvalsh(np.diag(decay) - 0.5 * (np.eye(17, k=1) + np.eye(17, k=-1)))[0]
    far, farther = values.logs(1e6), values.logs(1e6 + 1)
    assert farther[8] - far[8] == pytest.approx(-rate, rel=1e-9)
    assert len(values._table) < 300


def test_values_too_far_apart_for_a_float_are_refused() -> None:
    """Neighbours that differ by more than e^709, where hardly anything couples them."""
    decay = [1e3 * unit**2 for unit in range(-5, 6)]
    with pytest.raises(InvalidParameterError, match="coupling is 5e-324"):
        InventoryValues(decay, 5e-324, [0.0] * 11).logs(10.0)


def test_bounds_and_times_without_meaning_are_refused() -> None:
    """A bound that is no multiple of the size, an inventory beyond it, a time after the horizon."""
    assert require_units(12, 4) == 3
    with pytest.raises(InvalidParameterError, match="a multiple of the size of 5 lots"):
        require_units(12, 5)
    with pytest.raises(InventoryBoundError):
        require_within(-4, 3)
    assert seconds_left(250_000_000, 10**9) == 0.75
    with pytest.raises(HorizonPassedError):
        seconds_left(1, 0)
    assert math.isfinite(seconds_left(0, 0))
