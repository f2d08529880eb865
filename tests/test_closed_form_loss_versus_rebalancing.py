"""Loss-versus-rebalancing in floats: one rate in several forms, one jump, and the sum over a path."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amm.closed_form import concentrated, loss_versus_rebalancing, options

VOLATILITY, PRICE, LIQUIDITY = 0.8, 2_000.0, 1_000.0
PRICES = st.floats(1_500.0, 2_600.0)


def test_o12_the_forms_agree_for_the_full_range() -> None:
    """Slope of demand, depth, fraction of value and weight one half: the same loss for x * y = k."""
    value = 2 * LIQUIDITY * math.sqrt(PRICE)
    slope = -LIQUIDITY * PRICE**-1.5 / 2
    expected = value * loss_versus_rebalancing.constant_product_rate(VOLATILITY)
    assert expected == pytest.approx(value * VOLATILITY**2 / 8, rel=1e-12)
    assert loss_versus_rebalancing.rate(VOLATILITY, PRICE, slope) == pytest.approx(expected, rel=1e-12)
    depth = concentrated.depth_density(LIQUIDITY, PRICE)
    assert loss_versus_rebalancing.depth_rate(VOLATILITY, depth) == pytest.approx(expected, rel=1e-12)
    assert value * loss_versus_rebalancing.weighted_rate(VOLATILITY, 0.5) == pytest.approx(expected, rel=1e-12)


def test_o12_weighted_pools() -> None:
    """An 80/20 pool loses .08 sigma^2 of its value."""
    assert loss_versus_rebalancing.weighted_rate(1.0, 0.8) == pytest.approx(0.08, rel=1e-12)


def test_o12_a_range_loses_its_leverage_times_the_full_range_rate() -> None:
    """In range the rate over value is sigma^2 / 8 times capital efficiency; out of range it is nothing."""
    rate = loss_versus_rebalancing.concentrated_rate(VOLATILITY, LIQUIDITY, PRICE, 1_500.0, 2_600.0)
    value = concentrated.position_value(LIQUIDITY, PRICE, 1_500.0, 2_600.0)
    efficiency = concentrated.capital_efficiency(PRICE, 1_500.0, 2_600.0)
    assert rate / value == pytest.approx(VOLATILITY**2 / 8 * efficiency, rel=1e-12)
    assert loss_versus_rebalancing.concentrated_rate(VOLATILITY, LIQUIDITY, 1_400.0, 1_500.0, 2_600.0) == 0


def test_o12_expected_loss_of_a_short_while_is_the_rate() -> None:
    """The lognormal mean of one jump's loss over a short time, divided by it, is L sigma^2 sqrt(P) / 4."""
    variance = 1e-10
    nodes, weights = np.polynomial.hermite_e.hermegauss(20)
    ratios = np.exp(math.sqrt(variance) * nodes - variance / 2)
    losses = [loss_versus_rebalancing.jump_loss(LIQUIDITY, PRICE, float(ratio)) for ratio in ratios]
    mean = float(np.dot(weights, losses) / math.sqrt(2 * math.pi))
    rate = loss_versus_rebalancing.concentrated_rate(1.0, LIQUIDITY, PRICE, 1.0, 1e9)
    assert mean / variance == pytest.approx(rate, rel=1e-9)
    assert options.expected_lvr_rate(
        LIQUIDITY, PRICE, 1_500.0, 2_600.0, volatility=1.0, time=variance
    ) == pytest.approx(rate, rel=1e-9)


@given(st.lists(PRICES, min_size=2, max_size=20))
def test_o13_jumps_add_up_to_the_rebalancing_gap(path: list[float]) -> None:
    """On a discrete path the jumps' losses are rebalancing less the position's gain."""
    held = [concentrated.holdings(LIQUIDITY, price, 1_500.0, 2_600.0).amount0 for price in path]
    rebalancing = sum(x * (after - before) for x, (before, after) in zip(held[:-1], pairwise(path), strict=True))
    start, end = (concentrated.position_value(LIQUIDITY, price, 1_500.0, 2_600.0) for price in (path[0], path[-1]))
    losses = sum(
        loss_versus_rebalancing.jump_loss(LIQUIDITY, before, after / before) for before, after in pairwise(path)
    )
    # Values are about 1e4 each, added up to twenty times in doubles.
    assert losses == pytest.approx(rebalancing - (end - start), abs=1e-9)


@given(st.lists(PRICES, min_size=2, max_size=20))
def test_o14_impermanent_loss_is_lvr_and_the_cost_of_not_rebalancing(path: list[float]) -> None:
    """With IL as a negative number: IL = -LVR + sum of (x[k - 1] - x[0]) dS[k], in floats to their rounding."""
    held = [concentrated.holdings(LIQUIDITY, price, 1_500.0, 2_600.0).amount0 for price in path]
    losses = sum(
        loss_versus_rebalancing.jump_loss(LIQUIDITY, before, after / before) for before, after in pairwise(path)
    )
    gap = sum((x - held[0]) * (after - before) for x, (before, after) in zip(held[:-1], pairwise(path), strict=True))
    loss = concentrated.impermanent_loss_amount(LIQUIDITY, path[0], path[-1], 1_500.0, 2_600.0)
    assert loss == pytest.approx(gap - losses, abs=1e-9)
