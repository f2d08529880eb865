"""compare.quantise: which tick a path gets, and what is refused."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from compare.errors import InputError
from compare.quantise import (
    choose_tick_size,
    exact_fraction,
    power_of_ten,
    quantise,
    typical_move,
    usable_prices,
)

prices_of_a_walk = st.builds(
    lambda first, moves: first * np.cumprod(1 + np.array(moves)),
    st.floats(1e-6, 1e8),
    st.lists(st.floats(-0.01, 0.01), min_size=2, max_size=50),
)


@given(prices_of_a_walk)
def test_the_chosen_tick_is_accepted_and_fine(prices: np.ndarray) -> None:
    """The default tick is at most a tenth of a basis point of the lowest price, and quantise takes it."""
    moves = np.abs(np.diff(prices))
    assume((moves[moves > 0] > 1e-10 * prices.max()).all())
    tick_size = choose_tick_size(prices)
    ticks, error = quantise(prices, tick_size)
    assert float(tick_size) <= 1e-5 * prices.min() * (1 + 1e-12)
    assert error <= float(tick_size) / prices.min()
    assert np.abs(ticks * float(tick_size) - prices).max() <= 0.500001 * float(tick_size)


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=30), st.integers(0, 6))
def test_recorded_decimals_are_kept(units: list[int], decimals: int) -> None:
    """Prices written with a few decimals come back digit for digit: the error is zero."""
    assume(max(units) < 10**6 * min(units))
    prices = np.array([float(Fraction(unit, 10**decimals)) for unit in units])
    tick_size = choose_tick_size(prices)
    ticks, error = quantise(prices, tick_size)
    assert [tick * tick_size for tick in ticks.tolist()] == [Fraction(unit, 10**decimals) for unit in units]
    assert error == 0.0


def test_a_market_tick_is_found() -> None:
    """A tick of a tenth of a dollar at 115,000 dollars is found, although ten times that would be fine enough."""
    assert choose_tick_size(np.array([115_059.9, 115_328.1])) == Fraction(1, 10)


def test_a_simulated_path_has_ten_ticks_in_its_typical_move() -> None:
    """Where prices are no decimals and moves are tiny, the tick follows the moves."""
    prices = 1.0 + 1e-7 * np.cumsum(np.random.default_rng(1).standard_normal(1_000))
    tick_size = choose_tick_size(prices)
    assert 10 <= typical_move(prices) / tick_size < 100


def test_the_scale_keeps_seeds_on_one_tick() -> None:
    """A path that falls from 1,000 has the tick of one that rises from there."""
    above, below = 1_000 * np.exp([0.0, 1e-3, 2e-3]), 1_000 * np.exp([0.0, -1e-3, -2e-3])
    assert choose_tick_size(above) != choose_tick_size(below)
    assert choose_tick_size(above, 100.0) == choose_tick_size(below, 100.0)


def test_a_tick_that_is_too_coarse_is_refused_with_one_that_would_do() -> None:
    """Moves below the tick: refused, and the size that the message names is taken."""
    prices = 2_000 + 0.01 * np.random.default_rng(2).standard_normal(1_000)
    with pytest.raises(InputError, match=r"tick_size 1/100: too coarse .*; (\S+) would do") as refusal:
        quantise(prices, Fraction(1, 100))
    suggested = Fraction(refusal.value.remedy.split()[0])
    assert quantise(prices, suggested)[1] <= 1e-6


def test_a_price_below_a_tick_is_refused() -> None:
    """A price that would be zero ticks is no price."""
    with pytest.raises(InputError, match="too coarse"):
        quantise(np.array([0.004, 0.004]), Fraction(1, 100))


def test_a_market_tick_is_never_too_coarse_for_its_own_prices() -> None:
    """Moves of a single tick are fine where every price is a whole number of ticks."""
    ticks, error = quantise(np.array([100.00, 100.01, 100.00]), Fraction(1, 100))
    assert ticks.tolist() == [10_000, 10_001, 10_000]
    assert error == 0.0


def test_a_tick_that_is_too_fine_is_refused() -> None:
    """Beyond 10**15 ticks a double no longer holds a price to the tick."""
    with pytest.raises(InputError, match=r"would be 10\*\*15 ticks or more; 1/\d+ would do"):
        quantise(np.array([2_000.25, 2_001.0]), Fraction(1, 10**13))


def test_moves_below_the_last_bits_are_refused() -> None:
    """A path that moves by a millionth of a billionth has no tick."""
    prices = np.array([1e6, np.nextafter(1e6, 2e6)])
    with pytest.raises(InputError, match=r"are too small for prices of 1e\+06"):
        quantise(prices, choose_tick_size(prices))


@pytest.mark.parametrize("bound", [1e-12, 0.001, 0.0099999, 0.01, 0.02, 1.0, 9.99, 10.0, 123456.0])
def test_power_of_ten(bound: float) -> None:
    """The largest power of ten that is not above the bound, decided on its decimal text."""
    power = power_of_ten(bound)
    exact = Fraction(str(bound))
    assert power <= exact < 10 * power


@pytest.mark.parametrize("value", [0, -1, "", "a", "1/0", float("nan"), float("inf")])
def test_what_is_no_size_is_refused(value: float | str) -> None:
    """Sizes are positive numbers."""
    with pytest.raises(InputError, match=r"tick_size: .* is not a size"):
        exact_fraction(value, key="tick_size")


@pytest.mark.parametrize(
    ("prices", "problem"),
    [
        ([], "shape"),
        ([[1.0]], "shape"),
        ([1.0, float("nan")], "index 1: the price is nan"),
        ([1.0, 2.0, 0.0], "index 2: the price is 0.0"),
        ([-1.0], "index 0: the price is -1.0"),
        ([1.0, float("inf")], "index 1: the price is inf"),
    ],
)
def test_what_is_no_price_is_refused(prices: list[float], problem: str) -> None:
    """NaN, zero, negative and infinite prices are refused with their index."""
    with pytest.raises(InputError, match=problem):
        usable_prices(prices)
