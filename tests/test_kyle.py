"""Kyle's auction (O-46): the equilibrium against the best responses that make it one, and against draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amm.closed_form.constant_product import price_impact
from orderbook.errors import InvalidParameterError
from orderbook.kyle import Kyle
from orderbook.simulation.estimate import mean_of

deviations = st.floats(0.01, 100)
auctions = st.builds(Kyle, deviations, deviations, st.floats(-100, 100))
ROW = Kyle(value_volatility=2.0, noise_volatility=10.0, expected_value=100.0)


def test_o46_the_closed_forms() -> None:
    """sigma_v = 2, sigma_u = 10: impact 2 / 20, intensity 10 / 2, profit 2 * 10 / 2, posterior variance 4 / 2."""
    assert (ROW.price_impact, ROW.trading_intensity) == (0.1, 5.0)
    assert (ROW.expected_informed_profit, ROW.posterior_variance) == (10.0, 2.0)


@given(auctions, st.floats(-3, 3))
def test_o46_the_informed_order_is_the_best_response_to_the_price(auction: Kyle, surprise: float) -> None:
    """No other order earns more: profit is a parabola in the order with its top at the equilibrium's."""
    value = auction.expected_value + surprise * auction.value_volatility
    best = auction.informed_order(value)
    most = auction.informed_profit(best, value)
    for step in (-0.1, 0.1):
        other = auction.informed_profit(best + step * auction.noise_volatility, value)
        assert most - other == pytest.approx(auction.price_impact * (step * auction.noise_volatility) ** 2, rel=1e-6)


@given(auctions)
def test_o46_the_price_is_the_regression_of_the_value_on_the_order(auction: Kyle) -> None:
    """Cov(v, y) / Var(y) is the impact, and what it leaves of the variance is the posterior one: half."""
    covariance = auction.trading_intensity * auction.value_volatility**2
    variance = auction.trading_intensity**2 * auction.value_volatility**2 + auction.noise_volatility**2
    assert covariance / variance == pytest.approx(auction.price_impact)
    assert auction.value_volatility**2 - covariance**2 / variance == pytest.approx(auction.posterior_variance)


def test_o46_simulated_auctions_pay_the_informed_what_noise_loses() -> None:
    """Half a million auctions: both profits, the maker's zero and the posterior variance, to four standard errors."""
    rng = np.random.default_rng(46)
    values = rng.normal(ROW.expected_value, ROW.value_volatility, 500_000)
    noise = rng.normal(0.0, ROW.noise_volatility, values.size)
    informed = ROW.trading_intensity * (values - ROW.expected_value)
    prices = ROW.expected_value + ROW.price_impact * (informed + noise)
    assert prices[0] == pytest.approx(ROW.price(ROW.informed_order(values[0]) + noise[0]))
    assert mean_of((values - prices) * informed).deviations_from(ROW.expected_informed_profit) < 4
    assert mean_of((values - prices) * noise).deviations_from(-ROW.expected_informed_profit) < 4
    assert mean_of((prices - values) * (informed + noise)).deviations_from(0.0) < 4
    assert mean_of((values - prices) ** 2).deviations_from(ROW.posterior_variance) < 4


def test_o46_a_constant_product_pool_with_the_same_impact() -> None:
    """2 P / x: a pool of 2000 base tokens at a price of 100 has the auction's impact of .1."""
    reserve = ROW.equivalent_base_reserve(100.0)
    assert reserve == pytest.approx(2_000.0)
    assert price_impact(reserve, 100.0) == pytest.approx(ROW.price_impact)


@pytest.mark.parametrize("name", ["value_volatility", "noise_volatility"])
def test_an_auction_without_noise_or_news_is_refused(name: str) -> None:
    """The error names the parameter."""
    good = {"value_volatility": 1.0, "noise_volatility": 1.0}
    with pytest.raises(InvalidParameterError, match=name):
        Kyle(**(good | {name: 0.0}))
