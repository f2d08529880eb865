"""compare.synthetic: the law of every simulated price, against its closed form.

Seeds are fixed, and every bound is four standard errors of what is estimated, so a wrong law fails and luck does not.
"""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from compare import synthetic
from compare.durations import NS_PER_DAY
from compare.errors import InputError

DAY = 1 / 365
HOURS = synthetic.time_grid(2_000, "1h", 0)


def log_returns(prices: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.diff(np.log(prices))


def test_the_grid_ends_at_the_last_whole_step() -> None:
    """A day by seven hours has four prices, at 0, 7, 14 and 21 hours after the start."""
    times = synthetic.time_grid(1, "7h", "2025-10-10")
    assert ((times - times[0]) // (3_600 * 10**9)).tolist() == [0, 7, 14, 21]
    assert times[0] == 1_760_054_400 * 10**9


def test_gbm_has_its_volatility_and_drift() -> None:
    """48,000 hourly returns: standard deviation 0.6 sqrt(hour), mean (0.5 - 0.18) hour, no correlation."""
    returns = log_returns(synthetic.gbm(HOURS, price=2_000, volatility=0.6, drift=0.5, seed=3))
    deviation = 0.6 * math.sqrt(DAY / 24)
    assert abs(returns.std() / deviation - 1) < 4 / math.sqrt(2 * returns.size)
    assert abs(returns.mean() - 0.32 * DAY / 24) < 4 * deviation / math.sqrt(returns.size)
    assert abs(np.corrcoef(returns[1:], returns[:-1])[0, 1]) < 4 / math.sqrt(returns.size)


def test_gbm_without_volatility_grows_at_its_drift() -> None:
    """A year at a drift of ln 2 doubles the price."""
    prices = synthetic.gbm(synthetic.time_grid(365, "1d", 0), price=1, volatility=0, drift=math.log(2), seed=0)
    assert prices[-1] == pytest.approx(2, rel=1e-12)


def test_gbm_scales_with_its_volatility_draw_for_draw() -> None:
    """The same seed with twice the volatility makes twice each deviation from the drift."""
    one = log_returns(synthetic.gbm(HOURS, price=1, volatility=0.3, drift=0.045, seed=5))
    two = log_returns(synthetic.gbm(HOURS, price=1, volatility=0.6, drift=0.18, seed=5))
    np.testing.assert_allclose(two, 2 * one, atol=1e-14)


def test_s29_ornstein_uhlenbeck_has_the_variance_of_its_closed_form() -> None:
    """Var(X_T | X_0) = sigma^2 (1 - exp(-2 kappa T)) / (2 kappa); with kappa = sigma = T = 1 it is 0.4323."""
    year = synthetic.time_grid(365, "73d", 0)
    half_life = f"{round(math.log(2) * 365 * NS_PER_DAY)}ns"
    last = np.array(
        [
            math.log(
                synthetic.ornstein_uhlenbeck(year, price=1, volatility=1, half_life=half_life, mean=1, seed=seed)[-1]
            )
            for seed in range(2_000)
        ]
    )
    assert abs(last.var() - 0.4323) < 4 * 0.4323 * math.sqrt(2 / last.size)
    assert abs(last.mean()) < 4 * math.sqrt(0.4323 / last.size)


def test_ornstein_uhlenbeck_halves_a_displacement_in_a_half_life() -> None:
    """Without noise, 4,000 around 1,000 is 2,000 after one half-life: the logarithm halves."""
    times = synthetic.time_grid(1, "6h", 0)
    prices = synthetic.ornstein_uhlenbeck(times, price=4_000, volatility=0, half_life="6h", mean=1_000, seed=0)
    np.testing.assert_allclose(prices, 1_000 * 4 ** (0.5 ** np.arange(5)), rtol=1e-12)


def test_jumps_have_their_rate_mean_and_deviation() -> None:
    """With no diffusion, what moves a price beyond the compensation is jumps: their number and sizes fit."""
    jumps = synthetic.jump(
        HOURS, price=1, volatility=0, jump_rate="2/d", jump_mean=-0.01, jump_volatility=0.02, drift=0, seed=9
    )
    returns = log_returns(jumps)
    compensation = 2 / 24 * math.expm1(-0.01 + 0.0002)
    sizes = returns + compensation
    assert abs(sizes.sum() / (4_000 * -0.01) - 1) < 4 * math.sqrt(0.02**2 + 0.01**2) / 0.01 / math.sqrt(4_000)
    # A compound Poisson sum has the variance rate * E[jump^2]; the fourth moment of a jump gives its error.
    variance = 2 / 24 * (0.02**2 + 0.01**2)
    fourth = 2 / 24 * (3 * 0.02**4 + 6 * 0.02**2 * 0.01**2 + 0.01**4) + 3 * variance**2
    assert abs(sizes.var() - variance) < 4 * math.sqrt((fourth - variance**2) / sizes.size)
    assert abs(np.count_nonzero(np.abs(sizes) > 1e-9) / (sizes.size * -math.expm1(-2 / 24)) - 1) < 4 / math.sqrt(4_000)


def test_jumps_leave_the_expected_price_alone() -> None:
    """Over 1,000 seeds the mean price after ten days is the first: jumps are compensated."""
    times = synthetic.time_grid(10, "1d", 0)
    last = np.array(
        [
            synthetic.jump(
                times,
                price=1,
                volatility=0.3,
                jump_rate="1/d",
                jump_mean=0.02,
                jump_volatility=0.03,
                drift=0,
                seed=seed,
            )[-1]
            for seed in range(1_000)
        ]
    )
    assert abs(last.mean() - 1) < 4 * last.std() / math.sqrt(last.size)


def test_a_jump_rate_of_zero_is_gbm() -> None:
    """Without jumps, the same seed gives the same prices as GBM, bit for bit."""
    jumps = synthetic.jump(
        HOURS, price=7, volatility=0.4, jump_rate="0/d", jump_mean=0.1, jump_volatility=0.1, drift=0.2, seed=1
    )
    assert (jumps == synthetic.gbm(HOURS, price=7, volatility=0.4, drift=0.2, seed=1)).all()


def test_a_trend_ends_where_it_says_with_its_volatility() -> None:
    """Every seed ends at the end price, and the bridge around the line has the volatility asked for."""
    prices = synthetic.trend(HOURS, price=1_000, end_price=900, volatility=0.6, seed=4)
    returns = log_returns(prices)
    assert prices[0] == 1_000
    assert prices[-1] == pytest.approx(900, rel=1e-12)
    assert abs(returns.std() / (0.6 * math.sqrt(DAY / 24)) - 1) < 4 / math.sqrt(2 * returns.size)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"price": 0}, "price: 0 is not positive"),
        ({"price": float("nan")}, "price: nan is not a number"),
        ({"volatility": -0.1}, "volatility: -0.1 is negative"),
        ({"drift": float("inf")}, "drift: inf is not a number"),
        ({"seed": -1}, "seed: -1 is not a whole number"),
    ],
)
def test_what_no_path_can_have_is_refused_by_name(change: dict[str, float], problem: str) -> None:
    """Each wrong argument is named with its value and its rule."""
    arguments = {"price": 1.0, "volatility": 0.5, "drift": 0.0, "seed": 1} | change
    with pytest.raises(InputError, match=problem):
        synthetic.gbm(HOURS, **arguments)  # type: ignore[arg-type]  # a mapping of one type stands for four
