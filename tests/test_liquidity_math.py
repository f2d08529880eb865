"""Liquidity plus a signed change, and the most that one tick may reference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_amm import LIQUIDITY

from amm.errors import DivisionByZeroError, LiquidityAdditionError, LiquiditySubtractionError
from amm.math.liquidity_math import add_delta, tick_spacing_to_max_liquidity_per_tick


@given(LIQUIDITY, st.integers(-(2**127), 2**127 - 1))
def test_a_change_is_added_or_refused(liquidity: int, liquidity_delta: int) -> None:
    """The sum where uint128 holds it; LS below zero; LA above."""
    total = liquidity + liquidity_delta
    if total < 0:
        with pytest.raises(LiquiditySubtractionError) as below:
            add_delta(liquidity, liquidity_delta)
        assert below.value.reason == "LS"
    elif total >= 2**128:
        with pytest.raises(LiquidityAdditionError) as above:
            add_delta(liquidity, liquidity_delta)
        assert above.value.reason == "LA"
    else:
        assert add_delta(liquidity, liquidity_delta) == total


def test_the_edges_of_the_type() -> None:
    """Zero and 2**128 - 1 are reached, and not left by one."""
    assert add_delta(1, -1) == 0
    assert add_delta(2**128 - 2, 1) == 2**128 - 1
    with pytest.raises(LiquiditySubtractionError):
        add_delta(0, -1)
    with pytest.raises(LiquidityAdditionError):
        add_delta(2**128 - 1, 1)


@pytest.mark.parametrize(
    ("tick_spacing", "most"),
    [
        (10, 1917569901783203986719870431555990),
        (60, 11505743598341114571880798222544994),
        (200, 38350317471085141830651933667504588),
        (887272, (2**128 - 1) // 3),
        (2302, 441351967472034323558203122479595605),
    ],
)
def test_the_published_maxima(tick_spacing: int, most: int) -> None:
    """What the contract's own tests give for the three first fee tiers, three ticks in all, and an odd spacing."""
    assert tick_spacing_to_max_liquidity_per_tick(tick_spacing) == most


@given(st.integers(1, 16383))
def test_all_ticks_together_fit_the_type(tick_spacing: int) -> None:
    """The most on every tick there is sums to at most uint128, and one unit more on each does not."""
    ticks = len(range(-(887272 // tick_spacing) * tick_spacing, 887273, tick_spacing))
    most = tick_spacing_to_max_liquidity_per_tick(tick_spacing)
    assert most * ticks < 2**128 <= (most + 1) * ticks


def test_no_spacing_divides_by_zero() -> None:
    """The contract's invalid opcode, without a reason; no factory makes such a pool."""
    with pytest.raises(DivisionByZeroError):
        tick_spacing_to_max_liquidity_per_tick(0)
