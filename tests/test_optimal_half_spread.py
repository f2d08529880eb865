"""The half-spread of the articles' fill model, and the same quotes marked where the price ends."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from orderbook import MarketView
from orderbook.errors import InvalidParameterError
from orderbook.quoting.optimal_half_spread import (
    OptimalHalfSpread,
    copeland_galai_value,
    normal_density,
    optimal_half_spread,
    range_probability,
    tail_probability,
    touch_revenue,
)

SIGMA = 0.04


def test_s18_the_normal_model() -> None:
    """Within one deviation 68.269 %, within three 99.730 %; at sigma .04 those are +-.04 and +-.12."""
    assert round(range_probability(1), 5) == 0.68269
    assert round(range_probability(3), 5) == 0.99730
    assert round(3 * SIGMA, 12) == 0.12


@pytest.mark.parametrize(
    ("deviations", "exact", "to_percent", "in_article"),
    [(1.0, 0.012692, round, 0.0128), (0.75, 0.013598, round, 0.0135), (0.5, 0.012342, math.floor, 0.0122)],
)
def test_s19_touch_revenue_at_three_half_spreads(
    deviations: float, exact: float, to_percent: Callable[[float], int], in_article: float
) -> None:
    """The exact values; and the article's, which take 31.7 % for 32, 45.3 % for 45, and cut 61.7 % off to 61."""
    half_spread = deviations * SIGMA
    assert round(touch_revenue(half_spread, SIGMA), 6) == exact
    fill_percent = to_percent(200 * tail_probability(deviations))
    assert round(half_spread * fill_percent / 100, 4) == in_article


def test_s19_the_best_half_spread_is_three_quarters_of_a_deviation() -> None:
    """0.751792 sigma, where 1 - Phi(x) = x phi(x); worth 0.339942 sigma, and less at a step to either side."""
    best = optimal_half_spread(1.0)
    assert round(best, 6) == 0.751792
    assert tail_probability(best) == pytest.approx(best * normal_density(best), rel=1e-14)
    assert round(touch_revenue(best, 1.0), 6) == 0.339942
    assert round(touch_revenue(optimal_half_spread(SIGMA), SIGMA), 7) == 0.0135977
    assert max(touch_revenue(best - 0.001, 1.0), touch_revenue(best + 0.001, 1.0)) < touch_revenue(best, 1.0)


@pytest.mark.parametrize(("deviations", "exact"), [(1.0, -0.006665), (0.75, -0.010493), (0.5, -0.015824)])
def test_s20_o47_the_same_quotes_marked_where_the_price_ends_lose(deviations: float, exact: float) -> None:
    """Copeland and Galai: the value is negative, and the more so the nearer the quote."""
    assert round(copeland_galai_value(deviations * SIGMA, SIGMA), 6) == exact


def test_s20_o47_claim_fails_the_touch_revenue_is_a_profit() -> None:
    """At every half-spread the touch revenue is positive and the marked value is negative: it is not a P&L."""
    for hundredths in range(1, 800):
        assert touch_revenue(hundredths / 100, 1.0) > 0 > copeland_galai_value(hundredths / 100, 1.0)


def test_s19_s20_both_values_are_the_means_of_a_simulation() -> None:
    """A million normal moves: credited in full, and marked at the end; each mean within four standard errors."""
    moves = np.abs(np.random.default_rng(19).normal(0, SIGMA, 1_000_000))
    half_spread = 0.75 * SIGMA
    filled = moves > half_spread
    for sample, value in (
        (np.where(filled, half_spread, 0), touch_revenue(half_spread, SIGMA)),
        (np.where(filled, half_spread - moves, 0), copeland_galai_value(half_spread, SIGMA)),
    ):
        assert abs(sample.mean() - value) < 4 * sample.std() / math.sqrt(sample.size)


def test_s19_the_strategy_quotes_the_best_half_spread_outwards() -> None:
    """A volatility of 40 ticks: 30.07 ticks either way, so 31 and 31."""
    quotes = OptimalHalfSpread(volatility=40, size=3).quote(MarketView(0, 10_000, inventory=7))
    assert quotes.bid is not None
    assert quotes.ask is not None
    assert (quotes.bid.price, quotes.ask.price) == (9_969, 10_031)


@pytest.mark.parametrize("volatility", [0, -1, math.inf, math.nan])
def test_a_volatility_that_is_no_positive_number_is_refused(volatility: float) -> None:
    """The error names the parameter."""
    with pytest.raises(InvalidParameterError, match="volatility"):
        OptimalHalfSpread(volatility, 1)
