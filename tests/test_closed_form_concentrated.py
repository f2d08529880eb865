"""A position between two prices in floats: holdings, value, leverage, loss and depth."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quadrature import integrate

from amm.closed_form import concentrated, constant_product
from amm.closed_form.loss_versus_rebalancing import jump_loss
from amm.errors import ArgumentError

LIQUIDITY, LOWER, UPPER = 1_000.0, 1_500.0, 2_600.0
PRICES = st.floats(100.0, 10_000.0)


@pytest.mark.parametrize("price", [1_600.0, 2_000.0, 2_500.0])
def test_o04_value_in_range(price: float) -> None:
    """In range the value is L (2 sqrt(P) - P / sqrt(b) - sqrt(a))."""
    expected = LIQUIDITY * (2 * math.sqrt(price) - price / math.sqrt(UPPER) - math.sqrt(LOWER))
    assert concentrated.position_value(LIQUIDITY, price, LOWER, UPPER) == pytest.approx(expected, rel=1e-12)


def test_o04_out_of_range_one_token_is_left() -> None:
    """Below its range a position is all token0, above it all token1, and the amounts no longer move."""
    below = concentrated.holdings(LIQUIDITY, 1_000.0, LOWER, UPPER)
    above = concentrated.holdings(LIQUIDITY, 3_000.0, LOWER, UPPER)
    assert below.amount1 == 0
    assert below == concentrated.holdings(LIQUIDITY, LOWER, LOWER, UPPER)
    assert above.amount0 == 0
    assert above == concentrated.holdings(LIQUIDITY, UPPER, LOWER, UPPER)


def test_o04_small_swaps_replay_the_holdings() -> None:
    """Trading dy = P * -dx along the curve from one price to another arrives at the stated holdings."""
    start, end = 1_700.0, 2_400.0
    before = concentrated.holdings(LIQUIDITY, start, LOWER, UPPER)
    after = concentrated.holdings(LIQUIDITY, end, LOWER, UPPER)
    # dx/dP = -L P^(-3/2) / 2 and dy/dP = L P^(-1/2) / 2.
    sold = integrate(lambda price: LIQUIDITY * price**-1.5 / 2, start, end)
    received = integrate(lambda price: LIQUIDITY * price**-0.5 / 2, start, end)
    assert before.amount0 - sold == pytest.approx(after.amount0, rel=1e-12)
    assert before.amount1 + received == pytest.approx(after.amount1, rel=1e-12)


@given(PRICES)
def test_o04_the_value_changes_by_what_is_held(price: float) -> None:
    """The slope of the value in the price is the token0 held: a pool without fees trades at its own price."""
    step = price * 1e-6
    up = concentrated.position_value(LIQUIDITY, price + step, LOWER, UPPER)
    down = concentrated.position_value(LIQUIDITY, price - step, LOWER, UPPER)
    held = concentrated.holdings(LIQUIDITY, price, LOWER, UPPER).amount0
    # The kink of the slope at an end of the range, and the value's own rounding, bound the difference quotient.
    assert (up - down) / (2 * step) == pytest.approx(held, abs=1e-5 * LIQUIDITY / math.sqrt(LOWER))


@pytest.mark.parametrize(
    ("ratio", "efficiency"),
    [(1.001, 4_002.5), (1.0001, 40_002.0), (1.0001**10, 4_000.7), (1.0001**60, 667.2)],
)
def test_o05_capital_efficiency_of_narrow_ranges(ratio: float, efficiency: float) -> None:
    """The published leverage at b/a = 1.001 and of ranges one spacing wide, for spacings 1, 10 and 60."""
    assert concentrated.centred_capital_efficiency(1.0, ratio) == pytest.approx(efficiency, rel=2e-5)


@given(st.floats(1.01, 100.0), PRICES)
def test_o05_the_centre_is_a_special_case(ratio: float, price: float) -> None:
    """At the geometric centre both forms agree, and efficiency is full-range value over this range's value."""
    lower, upper = price / math.sqrt(ratio), price * math.sqrt(ratio)
    efficiency = concentrated.capital_efficiency(price, lower, upper)
    assert efficiency == pytest.approx(concentrated.centred_capital_efficiency(lower, upper), rel=1e-9)
    full = 2 * math.sqrt(price)
    assert efficiency == pytest.approx(full / concentrated.position_value(1.0, price, lower, upper), rel=1e-9)


def test_s55_a_narrow_range_is_leverage() -> None:
    """A range of 10 % to either side earns, and loses, 20.4 times what its capital would over the full range."""
    efficiency = concentrated.capital_efficiency(1.0, 0.9, 1.1)
    assert efficiency == pytest.approx(20.4, abs=0.06)
    capital = concentrated.position_value(1.0, 1.0, 0.9, 1.1)
    loss = concentrated.impermanent_loss_amount(1.0, 1.0, 1.05, 0.9, 1.1) / capital
    full_range = constant_product.impermanent_loss_of_initial_value(1.05)
    assert loss / full_range == pytest.approx(efficiency, rel=1e-12)


@pytest.mark.parametrize(("ratio", "percent"), [(0.8, -4.7974), (1.25, -4.8434)])
def test_o06_impermanent_loss_in_range(ratio: float, percent: float) -> None:
    """The published losses of 1500 to 2600 from 2000."""
    loss = concentrated.impermanent_loss(2_000.0, 2_000.0 * ratio, LOWER, UPPER)
    assert loss * 100 == pytest.approx(percent, abs=5e-5)


@given(st.floats(1_500.0, 2_600.0))
def test_o06_leverages_the_full_range_loss(final_price: float) -> None:
    """Inside the range: IL(r) / (1 - (sqrt(a / P0) + r sqrt(P0 / b)) / (1 + r)), and -L sqrt(P0) (sqrt(r) - 1)^2."""
    price, ratio = 2_000.0, final_price / 2_000.0
    leverage = 1 - (math.sqrt(LOWER / price) + ratio * math.sqrt(price / UPPER)) / (1 + ratio)
    expected = constant_product.impermanent_loss(ratio) / leverage
    assert concentrated.impermanent_loss(price, final_price, LOWER, UPPER) == pytest.approx(expected, rel=1e-9)
    amount = concentrated.impermanent_loss_amount(LIQUIDITY, price, final_price, LOWER, UPPER)
    assert amount == pytest.approx(-jump_loss(LIQUIDITY, price, ratio), rel=1e-9, abs=1e-20)


@given(PRICES, PRICES)
def test_o06_loss_is_value_less_holding_everywhere(price: float, final_price: float) -> None:
    """In range, out of range or across its ends, the loss is position less HODL and never positive."""
    loss = concentrated.impermanent_loss_amount(LIQUIDITY, price, final_price, LOWER, UPPER)
    amount0, amount1 = concentrated.holdings(LIQUIDITY, price, LOWER, UPPER)
    hodl = amount0 * final_price + amount1
    value = concentrated.position_value(LIQUIDITY, final_price, LOWER, UPPER)
    assert loss == pytest.approx(value - hodl, abs=1e-11 * hodl)
    assert loss <= 0


def test_o09_a_range_sells_at_the_geometric_mean() -> None:
    """Crossing 2000 to 2020 sells at 2009.975 on average; with a fee the buyers pay it on top; and it un-fills."""
    assert concentrated.crossing_price(2_000.0, 2_020.0) == pytest.approx(2_009.975, abs=5e-4)
    assert concentrated.crossing_price(2_000.0, 2_020.0, 0.003) == pytest.approx(2_009.975 / 0.997, abs=5e-4)
    before = concentrated.holdings(LIQUIDITY, 1_990.0, 2_000.0, 2_020.0)
    after = concentrated.holdings(LIQUIDITY, 2_030.0, 2_000.0, 2_020.0)
    assert after.amount1 / before.amount0 == pytest.approx(concentrated.crossing_price(2_000.0, 2_020.0), rel=1e-12)
    assert concentrated.holdings(LIQUIDITY, 1_990.0, 2_000.0, 2_020.0) == before


def test_o11_depth_of_the_full_range() -> None:
    """Plus and minus 2 % together trade 1.00 % of a full-range pool's value."""
    depth = concentrated.depth_up(1.0, 2_000.0, 0.02) + concentrated.depth_down(1.0, 2_000.0, 0.02)
    assert depth / (2 * math.sqrt(2_000.0)) == pytest.approx(0.0100, abs=5e-5)


def test_o11_depth_is_what_trades() -> None:
    """Depth up and down are the changes of token1 between the two prices, and their density is L sqrt(P) / 2."""
    here = concentrated.holdings(LIQUIDITY, 2_000.0, LOWER, UPPER).amount1
    up = concentrated.holdings(LIQUIDITY, 2_040.0, LOWER, UPPER).amount1
    down = concentrated.holdings(LIQUIDITY, 1_960.0, LOWER, UPPER).amount1
    assert concentrated.depth_up(LIQUIDITY, 2_000.0, 0.02) == pytest.approx(up - here, rel=1e-10)
    assert concentrated.depth_down(LIQUIDITY, 2_000.0, 0.02) == pytest.approx(here - down, rel=1e-10)
    density = concentrated.depth_up(LIQUIDITY, 2_000.0, 1e-8) / math.log1p(1e-8)
    assert concentrated.depth_density(LIQUIDITY, 2_000.0) == pytest.approx(density, rel=1e-6)


def test_o11_depth_from_capital() -> None:
    """Depth density is capital times capital efficiency over four."""
    capital = concentrated.position_value(LIQUIDITY, 2_000.0, LOWER, UPPER)
    efficiency = concentrated.capital_efficiency(2_000.0, LOWER, UPPER)
    assert concentrated.depth_density(LIQUIDITY, 2_000.0) == pytest.approx(capital * efficiency / 4, rel=1e-12)


def test_s60_flat_liquidity_has_a_hundredth_of_its_value_within_two_percent() -> None:
    """Of an 11.2 bn full-range pool only 112 M trade within 2 %."""
    value = 11.2e9
    liquidity = value / (2 * math.sqrt(2_000.0))
    depth = concentrated.depth_up(liquidity, 2_000.0, 0.02) + concentrated.depth_down(liquidity, 2_000.0, 0.02)
    assert depth == pytest.approx(112e6, rel=1e-4)


@pytest.mark.parametrize(("lower", "upper"), [(2_600.0, 1_500.0), (1_500.0, 1_500.0), (0.0, 1_500.0)])
def test_an_empty_range_is_refused(lower: float, upper: float) -> None:
    """A range must be positive and ordered."""
    with pytest.raises(ArgumentError, match="price_lower"):
        concentrated.holdings(1.0, 2_000.0, lower, upper)
