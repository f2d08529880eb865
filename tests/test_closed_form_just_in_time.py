"""Liquidity minted around one swap, in floats: share, profit, best size."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quadrature import maximise

from amm.closed_form import just_in_time
from amm.closed_form.concentrated import holdings
from amm.errors import ArgumentError

PASSIVE, MINTED, AMOUNT_IN, PRICE, FEE = 1_000.0, 9_000.0, 50_000.0, 2_000.0, 0.003
SIZES = st.floats(1.0, 1e6)
FEES = st.floats(0.0001, 0.05)


def minted_profit(minted: float, passive: float, amount_in: float, price: float, fee: float) -> float:
    return just_in_time.provider_profit(minted, passive, amount_in, price=price, fair_price=price, fee=fee)


@given(SIZES, SIZES, st.floats(1.0, 1e5), st.floats(0.5, 2.0), FEES)
def test_o30_fees_and_inventory_go_by_share(
    own: float, other: float, amount_in: float, fair: float, fee: float
) -> None:
    """From the holdings themselves: fee and change of inventory, both times L_J / L, are the stated profit."""
    price, fair_price, liquidity = 2_000.0, 2_000.0 * fair, own + other
    end = just_in_time.final_price(liquidity, amount_in, price, fee)
    before, after = (holdings(own, at, 1e-12, 1e15) for at in (price, end))
    inventory = fair_price * (after.amount0 - before.amount0) + after.amount1 - before.amount1
    profit = own / liquidity * fee * amount_in + inventory
    stated = just_in_time.provider_profit(own, other, amount_in, price=price, fair_price=fair_price, fee=fee)
    # Holdings are of the size L sqrt(P), their differences are rounded to that.
    assert stated == pytest.approx(profit, abs=1e-13 * own * math.sqrt(max(end, price)) * max(fair, 1.0) + 1e-9)


def test_o31_published_bundle() -> None:
    """9000 beside 1000 around 50 000: JIT 4634.46, passive 26 426.69 to 514.94, taker saves 21 277.29, sum zero."""
    jit = minted_profit(MINTED, PASSIVE, AMOUNT_IN, PRICE, FEE)
    alone = minted_profit(PASSIVE, 0.0, AMOUNT_IN, PRICE, FEE)
    diluted = minted_profit(PASSIVE, MINTED, AMOUNT_IN, PRICE, FEE)
    saved = just_in_time.taker_cost(
        PASSIVE, AMOUNT_IN, price=PRICE, fair_price=PRICE, fee=FEE
    ) - just_in_time.taker_cost(PASSIVE + MINTED, AMOUNT_IN, price=PRICE, fair_price=PRICE, fee=FEE)
    assert jit == pytest.approx(4_634.46, abs=5e-3)
    assert alone == pytest.approx(26_426.69, abs=5e-3)
    assert diluted == pytest.approx(514.94, abs=5e-3)
    assert saved == pytest.approx(21_277.29, abs=5e-3)
    assert jit + (diluted - alone) + saved == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("nudge", [-1e-9, 1e-9])
def test_o31_profitable_while_the_taker_overpays(nudge: float) -> None:
    """Profit changes sign where the taker's average price, sqrt(P0 P1) / (1 - fee), is the fair price."""
    end = just_in_time.final_price(PASSIVE + MINTED, AMOUNT_IN, PRICE, FEE)
    average = math.sqrt(PRICE * end) / (1 - FEE)
    profit = just_in_time.provider_profit(
        MINTED, PASSIVE, AMOUNT_IN, price=PRICE, fair_price=average * (1 - nudge), fee=FEE
    )
    assert math.copysign(1, profit) == math.copysign(1, nudge)


def test_s56_a_share_of_95_percent_is_19_times_the_passive_liquidity() -> None:
    """L_J = 19 L_P takes 95 % of the swap's profit."""
    jit = minted_profit(19 * PASSIVE, PASSIVE, AMOUNT_IN, PRICE, FEE)
    whole = just_in_time.taker_cost(20 * PASSIVE, AMOUNT_IN, price=PRICE, fair_price=PRICE, fee=FEE)
    assert jit / whole == pytest.approx(0.95, rel=1e-12)


@pytest.mark.parametrize("amount_in", [200.0, 1_000.0, 50_000.0])
@pytest.mark.parametrize("fee", [0.0, 0.0005, 0.003])
def test_o32_optimal_size_is_the_numeric_maximum(amount_in: float, fee: float) -> None:
    """The stated size is the best of a search over sizes, to six digits."""
    best = just_in_time.optimal_liquidity(PASSIVE, amount_in, PRICE, fee)
    searched = maximise(lambda minted: minted_profit(minted, PASSIVE, amount_in, PRICE, fee), best / 10, best * 10)
    assert best == pytest.approx(searched, rel=1e-6)


def test_o32_without_a_fee() -> None:
    """Then the best size is sqrt(L_P (L_P + u)) with u the input over sqrt(P)."""
    move = AMOUNT_IN / math.sqrt(PRICE)
    best = just_in_time.optimal_liquidity(PASSIVE, AMOUNT_IN, PRICE, 0.0)
    assert best == pytest.approx(math.sqrt(PASSIVE * (PASSIVE + move)), rel=1e-12)


@pytest.mark.parametrize("fee", [0.0005, 0.003, 0.01])
def test_o32_the_kink_is_at_a_price_impact_of_twice_the_fee(fee: float) -> None:
    """Just below that size more liquidity always earns more, up to the whole fee; just above, one size is best."""
    kink = PASSIVE * fee / (1 - fee) * math.sqrt(PRICE) / (1 - fee)
    impact = just_in_time.final_price(PASSIVE, kink, PRICE, fee) / PRICE - 1
    assert impact == pytest.approx(2 * fee, rel=2 * fee)

    below, above = kink * 0.99, kink * 1.01
    assert just_in_time.optimal_liquidity(PASSIVE, below, PRICE, fee) == math.inf
    profits = [minted_profit(PASSIVE * 10.0**power, PASSIVE, below, PRICE, fee) for power in range(8)]
    assert profits == sorted(profits)
    assert profits[-1] == pytest.approx(fee * below, rel=1e-6)

    best = just_in_time.optimal_liquidity(PASSIVE, above, PRICE, fee)
    at_best = minted_profit(best, PASSIVE, above, PRICE, fee)
    assert at_best > fee * above
    assert at_best > minted_profit(best * 1e3, PASSIVE, above, PRICE, fee)


def output_profit(minted: float, amount_out: float, fee: float) -> float:
    """Profit of liquidity minted around a swap for a fixed output, the pool and the fair price at PRICE."""
    liquidity = PASSIVE + minted
    root = math.sqrt(PRICE) / (1 - amount_out * math.sqrt(PRICE) / liquidity)
    amount_in = liquidity * (root - math.sqrt(PRICE)) / (1 - fee)
    return minted_profit(minted, PASSIVE, amount_in, PRICE, fee)


@pytest.mark.parametrize("share", [0.01, 0.1, 0.7])
@pytest.mark.parametrize("fee", [0.0, 0.0005, 0.003])
def test_o32_optimal_size_for_an_output_is_the_numeric_maximum(share: float, fee: float) -> None:
    """For a swap that buys a share of what the pool holds, the stated size is the best of a search, to six digits."""
    amount_out = share * PASSIVE / math.sqrt(PRICE)
    best = just_in_time.optimal_liquidity_for_output(PASSIVE, amount_out, PRICE, fee)
    searched = maximise(lambda minted: output_profit(minted, amount_out, fee), best / 10, best * 10)
    assert best == pytest.approx(searched, rel=1e-6)


@pytest.mark.parametrize("fee", [0.0005, 0.003, 0.01])
def test_o32_the_kink_for_an_output_is_the_same(fee: float) -> None:
    """At the kink the swap alone moves the root of the price by fee / (1 - fee), whichever amount is fixed."""
    kink = PASSIVE * fee / math.sqrt(PRICE)
    root = math.sqrt(PRICE) / (1 - kink * math.sqrt(PRICE) / PASSIVE)
    assert root / math.sqrt(PRICE) - 1 == pytest.approx(fee / (1 - fee), rel=1e-9)
    assert just_in_time.optimal_liquidity_for_output(PASSIVE, kink * 0.99, PRICE, fee) == math.inf
    assert just_in_time.optimal_liquidity_for_output(PASSIVE, kink * 1.01, PRICE, fee) < math.inf


def test_o32_an_output_that_is_not_there_is_refused() -> None:
    """A swap for more than the passive liquidity has no profit to compare."""
    with pytest.raises(ArgumentError, match="amount_out"):
        just_in_time.optimal_liquidity_for_output(PASSIVE, 1.01 * PASSIVE / math.sqrt(PRICE), PRICE, FEE)
