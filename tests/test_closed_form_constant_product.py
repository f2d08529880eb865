"""x * y = k in floats: impermanent loss, swaps, arbitrage, and the integer pair formula beside them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quadrature import lognormal_mean, maximise

from amm.closed_form import constant_product
from amm.closed_form.constant_product import NO_ARBITRAGE, Arbitrage
from amm.errors import ArgumentError

RATIOS = st.floats(0.01, 100.0)
RESERVES = st.floats(1.0, 1e9)
FEES = st.floats(0.0, 0.1)


@pytest.mark.parametrize(
    ("price_ratio", "percent"),
    [(1.25, -0.6192), (1.5, -2.0204), (2.0, -5.7191), (3.0, -13.3975), (4.0, -20.0), (5.0, -25.4644)],
)
def test_o01_impermanent_loss_table(price_ratio: float, percent: float) -> None:
    """The published table of impermanent loss, to its last digit."""
    assert constant_product.impermanent_loss(price_ratio) * 100 == pytest.approx(percent, abs=5e-5)


@given(RATIOS)
def test_o01_impermanent_loss_is_the_pool_against_holding(ratio: float) -> None:
    """The loss is 2 sqrt(r) / (1 + r) - 1, never positive, and the same for r and 1/r."""
    loss = constant_product.impermanent_loss(ratio)
    assert loss == pytest.approx(2 * math.sqrt(ratio) / (1 + ratio) - 1, abs=1e-14)
    assert loss <= 0
    assert loss == pytest.approx(constant_product.impermanent_loss(1 / ratio), rel=1e-9, abs=1e-25)


def test_o01_small_moves_lose_an_eighth_of_the_squared_log_move() -> None:
    """For small moves the loss is -(ln r)^2 / 8."""
    assert constant_product.impermanent_loss(math.exp(1e-3)) == pytest.approx(-(1e-3**2) / 8, rel=1e-6)


@given(RATIOS)
def test_o01_loss_of_initial_value(ratio: float) -> None:
    """In units of the initial value the loss is pool value sqrt(r) less HODL (1 + r) / 2."""
    expected = math.sqrt(ratio) - (1 + ratio) / 2
    assert constant_product.impermanent_loss_of_initial_value(ratio) == pytest.approx(expected, abs=1e-13 * (1 + ratio))


@pytest.mark.parametrize(("ratio", "percent"), [(2.0, -5.7191), (4.0, -20.0)])
def test_s53_impermanent_loss_against_holding(ratio: float, percent: float) -> None:
    """Doubling costs 5.7191 %, quadrupling 20 % of what holding would be worth."""
    assert constant_product.impermanent_loss(ratio) * 100 == pytest.approx(percent, abs=5e-5)


def test_o02_expected_impermanent_loss() -> None:
    """The published -.076884 at variance .64, and the lognormal integral of the loss at several variances."""
    assert constant_product.expected_impermanent_loss(0.64) == pytest.approx(-0.076884, abs=5e-7)
    for variance in (0.01, 0.64, 2.0):
        mean = lognormal_mean(constant_product.impermanent_loss_of_initial_value, 1.0, variance)
        assert constant_product.expected_impermanent_loss(variance) == pytest.approx(mean, rel=1e-9)


@given(RESERVES, RESERVES, RESERVES, FEES)
def test_o03_swap_keeps_the_product_of_what_trades(
    reserve_in: float, reserve_out: float, amount_in: float, fee: float
) -> None:
    """After a swap, (x + (1 - fee) in) (y - out) is x y; and amount_in inverts amount_out."""
    out = constant_product.amount_out(reserve_in, reserve_out, amount_in, fee)
    product = (reserve_in + (1 - fee) * amount_in) * (reserve_out - out)
    assert product == pytest.approx(reserve_in * reserve_out, rel=1e-6)
    # As the pool empties, the cost of the last unit amplifies rounding by reserve / what is left.
    if out < reserve_out * 0.999:
        assert constant_product.amount_in(reserve_in, reserve_out, out, fee) == pytest.approx(amount_in, rel=1e-9)


def test_o03_price_impact_is_the_slope_of_the_price() -> None:
    """Buying a little token0 raises the price by 2 P / x per unit."""
    reserve0, reserve1, bought = 100.0, 200_000.0, 1e-4
    paid = constant_product.amount_in(reserve1, reserve0, bought, fee=0.0)
    slope = ((reserve1 + paid) / (reserve0 - bought) - reserve1 / reserve0) / bought
    assert constant_product.price_impact(reserve0, 2_000.0) == pytest.approx(slope, rel=1e-5)


@pytest.mark.parametrize(
    ("fair_price", "zero_for_one", "amount_in", "profit"),
    [(2_100.0, False, 4645.31, 107.571), (1_900.0, True, 2.451176, 113.815)],
)
def test_o03b_arbitrage_published_sizes(fair_price: float, zero_for_one: bool, amount_in: float, profit: float) -> None:
    """Pool 100 x 200 000 at 30 bp: the published inputs and profits at 2100 and 1900."""
    trade = constant_product.arbitrage(100.0, 200_000.0, fair_price, 0.003)
    assert trade.zero_for_one is zero_for_one
    assert trade.amount_in == pytest.approx(amount_in, rel=2e-6)
    assert trade.profit == pytest.approx(profit, abs=5e-4)


@given(RESERVES, RESERVES, st.floats(-0.5, 0.5), FEES)
def test_o03b_arbitrage_is_the_best_trade(reserve0: float, reserve1: float, move: float, fee: float) -> None:
    """No other size earns more, the stated profit is what the trade earns, and inside the band there is no trade."""
    fair_price = reserve1 / reserve0 * math.exp(move)
    trade = constant_product.arbitrage(reserve0, reserve1, fair_price, fee)
    band = constant_product.no_arbitrage_band(reserve1 / reserve0, fee)
    if trade.zero_for_one is None:
        assert trade == NO_ARBITRAGE
        assert band.lower * (1 - 1e-12) <= fair_price <= band.upper * (1 + 1e-12)
        return

    def earned(amount_in: float) -> float:
        if trade.zero_for_one:
            return constant_product.amount_out(reserve0, reserve1, amount_in, fee) - fair_price * amount_in
        return fair_price * constant_product.amount_out(reserve1, reserve0, amount_in, fee) - amount_in

    # Earnings are the difference of two flows each of this size, so their rounding is relative to it.
    rounding = 1e-12 * reserve1
    assert trade.profit == pytest.approx(earned(trade.amount_in), abs=rounding)
    for factor in (0.5, 0.9, 1.1, 2.0):
        assert earned(trade.amount_in * factor) <= trade.profit + rounding


def test_o03b_arbitrage_matches_a_numeric_maximum() -> None:
    """A grid search over sizes finds the same input."""

    def earned(amount_in: float) -> float:
        return 2_100.0 * constant_product.amount_out(200_000.0, 100.0, amount_in, 0.003) - amount_in

    trade = constant_product.arbitrage(100.0, 200_000.0, 2_100.0, 0.003)
    # A maximum is flat: half the digits of the earnings are left for the argument.
    assert maximise(earned, 0.0, 20_000.0) == pytest.approx(trade.amount_in, rel=1e-6)


@pytest.mark.parametrize(("parts", "paid_out"), [(1, 9066.109), (10, 9065.035), (1_000, 9064.913)])
def test_o03b_splitting_an_order_is_worse(parts: int, paid_out: float) -> None:
    """1000 into 10 000 x 100 000 at 30 bp pays out less the more parts it comes in, where fees stay in the reserves."""
    assert constant_product.split_amount_out(10_000.0, 100_000.0, 1_000.0, 0.003, parts) == pytest.approx(
        paid_out, abs=5e-4
    )


def test_o03b_without_a_fee_splitting_changes_nothing() -> None:
    """Without a fee the path of an order does not matter."""
    whole = constant_product.amount_out(10_000.0, 100_000.0, 1_000.0, 0.0)
    assert constant_product.split_amount_out(10_000.0, 100_000.0, 1_000.0, 0.0, 1_000) == pytest.approx(
        whole, rel=1e-12
    )


def test_s51_a_pool_never_runs_out() -> None:
    """Buying the fraction c costs y c / (1 - c): 90 % cost nine times the reserve, and the price is a hundredfold."""
    reserve0, reserve1 = 100.0, 200_000.0
    cost = constant_product.amount_in(reserve1, reserve0, 90.0, fee=0.0)
    assert cost == pytest.approx(9 * reserve1, rel=1e-12)
    assert (reserve1 + cost) / (reserve0 - 90.0) == pytest.approx(100 * reserve1 / reserve0, rel=1e-12)
    with pytest.raises(ArgumentError, match="below reserve_out"):
        constant_product.amount_in(reserve1, reserve0, reserve0, fee=0.0)


def test_s58_no_arbitrage_band() -> None:
    """At 2000 and 30 bp nobody gains between 1994.00 and 2006.02."""
    band = constant_product.no_arbitrage_band(2_000.0, 0.003)
    assert band.lower == pytest.approx(1994.00, abs=5e-3)
    assert band.upper == pytest.approx(2006.02, abs=5e-3)


@pytest.mark.parametrize("price_ratio", [0.0, -1.0, math.nan, math.inf])
def test_domain_is_checked(price_ratio: float) -> None:
    """What is no price ratio is refused by name."""
    with pytest.raises(ArgumentError, match="price_ratio must be finite and above zero"):
        constant_product.impermanent_loss(price_ratio)


def test_arbitrage_fields_name_the_direction() -> None:
    """A result compares by value and says which way the trade goes."""
    assert Arbitrage(None, 0.0, 0.0) == NO_ARBITRAGE
