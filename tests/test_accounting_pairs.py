"""Shares of a v2 pair in exact arithmetic: what burn would pay, and the fees that have grown inside it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amm import ArgumentError
from amm.accounting import PositionState, TokenAmounts, hodl_value, impermanent_loss, share_amounts, share_state
from amm.errors import InsufficientLiquidityBurnedError
from amm.uniswap_v2 import UniswapV2Pair

UNIT = 10**18


def pair_with_two_owners() -> UniswapV2Pair:
    pair = UniswapV2Pair()
    pair.transfer_in(100 * UNIT, 200_000 * UNIT)
    pair.mint("alice")
    pair.transfer_in(50 * UNIT, 100_000 * UNIT)
    pair.mint("bob")
    return pair


@pytest.mark.parametrize("fee_to", [None, "treasury"])
def test_s50_share_amounts_are_what_burn_pays(fee_to: str | None) -> None:
    """A share is what burning it would pay, the protocol's fee taken first, whatever shares lie at the pair."""
    pair = pair_with_two_owners()
    pair.fee_to = fee_to
    pair.transfer_in(UNIT, 2_000 * UNIT)
    pair.mint("carol")
    for _ in range(5):
        pair.swap_exact_input(True, UNIT, "taker")
    pair.transfer("carol", pair.address, 1_000)
    before = pair.copy()
    amounts = share_amounts(pair, "alice")
    assert pair == before
    pair.burn("carol")
    pair.transfer("alice", pair.address, pair.balance_of["alice"])
    # Burning carol's thousand shares first leaves its rounding, less than a unit of each, to those who stay.
    paid = pair.burn("alice")
    assert 0 <= paid[0] - amounts.amount0 <= 1
    assert 0 <= paid[1] - amounts.amount1 <= 1
    assert share_amounts(pair, "alice") == (0, 0)


def test_a_share_worth_nothing_reverts_as_burn_does() -> None:
    """Shares that burn would refuse are refused here."""
    pair = UniswapV2Pair.from_reserves(10**6, 1, total_supply=10**3)
    pair.balance_of["alice"] = 1
    with pytest.raises(InsufficientLiquidityBurnedError):
        share_amounts(pair, "alice")


@given(st.lists(st.tuples(st.booleans(), st.integers(10**15, 10**20)), max_size=10))
def test_s50_holdings_and_fees_of_a_share(swaps: list[tuple[bool, int]]) -> None:
    """Holdings keep the initial product, fees are never negative, both are the share; the product never falls."""
    pair = pair_with_two_owners()
    initial = share_amounts(pair, "alice")
    product = pair.reserve0 * pair.reserve1
    for zero_for_one, amount_in in swaps:
        pair.swap_exact_input(zero_for_one, amount_in if zero_for_one else 2_000 * amount_in, "taker")
        assert pair.reserve0 * pair.reserve1 >= product
        product = pair.reserve0 * pair.reserve1
    amounts = share_amounts(pair, "alice")
    state = share_state(amounts, initial)
    assert (state.amount0 + state.fees0, state.amount1 + state.fees1) == amounts
    assert state.fees0 >= 0
    assert state.fees1 >= 0
    # The square root of product * amounts[i] / amounts[j], rounded up, unless that is more than there is.
    product = initial.amount0 * initial.amount1
    for kept, amount, other in ((state.amount0, *amounts), (state.amount1, *reversed(amounts))):
        assert (kept - 1) ** 2 * other < product * amount
        assert kept == amount or kept**2 * other >= product * amount
    loss = impermanent_loss(PositionState(state.price, *initial), state)
    assert loss <= 1 + state.price


def test_o01_a_share_loses_the_published_fraction() -> None:
    """A pair whose price quadruples leaves its providers 20 % behind HODL, fees left out."""
    initial = TokenAmounts(100 * UNIT, 200_000 * UNIT)
    pair = UniswapV2Pair.from_reserves(*initial)
    pair.swap_exact_output(False, 50 * UNIT, "taker")
    state = share_state(TokenAmounts(pair.reserve0, pair.reserve1), initial, Fraction(8_000))
    assert state.fees1 > 0
    # The fee leaves the pair's price a little above 8000, hence its holdings beside the best ones there.
    relative = impermanent_loss(PositionState(state.price, *initial), state) / hodl_value(
        PositionState(state.price, *initial), state.price
    )
    assert float(relative) == pytest.approx(-0.20, abs=5e-6)


def test_a_share_state_needs_amounts() -> None:
    """A share of nothing has no price."""
    with pytest.raises(ArgumentError, match="amount1 must be above zero"):
        share_state(TokenAmounts(1, 0), TokenAmounts(1, 1))
