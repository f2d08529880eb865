"""Amounts and prices, beside the whitepaper's formulas in fractions, and the contract's reverts."""

from collections.abc import Callable
from math import ceil, floor

import naive_amm
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from naive_amm import LIQUIDITY, SQRT_PRICES, uint

from amm.errors import CastOverflowError, MulDivOverflowError, OutputTooLargeError, ZeroLiquidityError, ZeroPriceError
from amm.math.sqrt_price_math import (
    get_amount0_delta,
    get_amount0_delta_rounding_down,
    get_amount0_delta_rounding_up,
    get_amount1_delta,
    get_amount1_delta_rounding_down,
    get_amount1_delta_rounding_up,
    get_next_sqrt_price_from_amount0_rounding_up,
    get_next_sqrt_price_from_amount1_rounding_down,
    get_next_sqrt_price_from_input,
    get_next_sqrt_price_from_output,
)

ONE = 2**96
SOME_LIQUIDITY = uint(128, least=1)


@given(SQRT_PRICES, SQRT_PRICES, LIQUIDITY)
def test_amount0_is_the_whitepapers_rounded_once(a: int, b: int, liquidity: int) -> None:
    """Two roundings in the contract are one rounding of the exact value, either way, for prices in either order."""
    exact = naive_amm.amount0(a, b, liquidity)
    assert get_amount0_delta_rounding_up(a, b, liquidity) == ceil(exact)
    assert get_amount0_delta_rounding_down(a, b, liquidity) == floor(exact)


@given(SQRT_PRICES, SQRT_PRICES, LIQUIDITY)
def test_amount1_is_the_whitepapers_rounded_once(a: int, b: int, liquidity: int) -> None:
    """The exact value rounded either way, for prices in either order."""
    exact = naive_amm.amount1(a, b, liquidity)
    assert get_amount1_delta_rounding_up(a, b, liquidity) == ceil(exact)
    assert get_amount1_delta_rounding_down(a, b, liquidity) == floor(exact)


@given(SQRT_PRICES, SQRT_PRICES, st.integers(-(2**127), 2**127 - 1))
def test_signed_amounts_are_rounded_for_the_pool(a: int, b: int, liquidity_delta: int) -> None:
    """What flows in is rounded up, what flows out is rounded down: both are the ceiling of the signed value."""
    assert get_amount0_delta(a, b, liquidity_delta) == ceil(naive_amm.amount0(a, b, liquidity_delta))
    assert get_amount1_delta(a, b, liquidity_delta) == ceil(naive_amm.amount1(a, b, liquidity_delta))


@given(SQRT_PRICES, SOME_LIQUIDITY, uint(256))
def test_price_after_token0_in(price: int, liquidity: int, amount: int) -> None:
    """The exact price rounded up while the terms fit 256 bits; beyond that a coarser rule, never below it."""
    exact = naive_amm.price_after_amount0(price, liquidity, amount)
    numerator = liquidity << 96
    if numerator // price + amount >= 2**256:
        with pytest.raises(CastOverflowError):
            get_next_sqrt_price_from_amount0_rounding_up(price, liquidity, amount, True)
        return
    result = get_next_sqrt_price_from_amount0_rounding_up(price, liquidity, amount, True)
    if numerator + amount * price < 2**256:
        assert result == ceil(exact)
    else:
        assert result == -(-numerator // (numerator // price + amount)) >= exact


@given(SQRT_PRICES, SOME_LIQUIDITY, uint(200))
def test_price_after_token0_out(price: int, liquidity: int, amount: int) -> None:
    """The exact price rounded up; refused where the liquidity holds no more, or the price needs more than 160 bits."""
    if amount * price >= liquidity << 96:
        with pytest.raises(OutputTooLargeError):
            get_next_sqrt_price_from_amount0_rounding_up(price, liquidity, amount, False)
        return
    exact = ceil(naive_amm.price_after_amount0(price, liquidity, -amount))
    if exact >= 2**160:
        with pytest.raises(CastOverflowError):
            get_next_sqrt_price_from_amount0_rounding_up(price, liquidity, amount, False)
    else:
        assert get_next_sqrt_price_from_amount0_rounding_up(price, liquidity, amount, False) == exact


@given(SQRT_PRICES, SOME_LIQUIDITY, uint(200))
def test_price_after_token1(price: int, liquidity: int, amount: int) -> None:
    """The exact price rounded down, in and out; refused where it leaves 160 bits or does not stay above zero."""
    added = floor(naive_amm.price_after_amount1(price, liquidity, amount))
    if added >= 2**160:
        with pytest.raises((CastOverflowError, MulDivOverflowError)):
            get_next_sqrt_price_from_amount1_rounding_down(price, liquidity, amount, True)
    else:
        assert get_next_sqrt_price_from_amount1_rounding_down(price, liquidity, amount, True) == added
    removed = floor(naive_amm.price_after_amount1(price, liquidity, -amount))
    if removed <= 0:
        with pytest.raises((OutputTooLargeError, MulDivOverflowError)):
            get_next_sqrt_price_from_amount1_rounding_down(price, liquidity, amount, False)
    else:
        assert get_next_sqrt_price_from_amount1_rounding_down(price, liquidity, amount, False) == removed


@given(SQRT_PRICES, SOME_LIQUIDITY, uint(128), st.booleans())
def test_an_input_pays_for_its_move(price: int, liquidity: int, amount: int, zero_for_one: bool) -> None:
    """The price an input moves to costs no more than that input, and moves in its direction."""
    assume(zero_for_one or price + (amount << 96) // liquidity < 2**160)
    after = get_next_sqrt_price_from_input(price, liquidity, amount, zero_for_one)
    if zero_for_one:
        assert after <= price
        assert get_amount0_delta_rounding_up(after, price, liquidity) <= amount
    else:
        assert after >= price
        assert get_amount1_delta_rounding_up(price, after, liquidity) <= amount


@given(SQRT_PRICES, SOME_LIQUIDITY, uint(128), st.booleans())
def test_a_move_frees_its_output(price: int, liquidity: int, amount: int, zero_for_one: bool) -> None:
    """The price an output moves to frees at least that output."""
    try:
        after = get_next_sqrt_price_from_output(price, liquidity, amount, zero_for_one)
    except (OutputTooLargeError, CastOverflowError):
        return
    if zero_for_one:
        assert get_amount1_delta_rounding_down(after, price, liquidity) >= amount
    else:
        assert get_amount0_delta_rounding_down(price, after, liquidity) >= amount


def test_the_contracts_examples() -> None:
    """Numbers of the contract's own tests, at a price of one and a liquidity of one token."""
    unit = 10**18
    assert get_next_sqrt_price_from_input(ONE, unit, unit // 10, False) == 87150978765690771352898345369
    assert get_next_sqrt_price_from_input(ONE, unit, unit // 10, True) == 72025602285694852357767227579
    assert get_next_sqrt_price_from_output(ONE, unit, unit // 10, False) == 88031291682515930659493278152
    assert get_next_sqrt_price_from_output(ONE, unit, unit // 10, True) == 71305346262837903834189555302
    assert get_next_sqrt_price_from_input(ONE, 10 * unit, 2**100, True) == 624999999995069620
    assert get_next_sqrt_price_from_input(ONE, 1, (2**256 - 1) // 2, True) == 1
    higher = 87150978765690771352898345369
    assert get_amount0_delta_rounding_up(ONE, higher, unit) == 90909090909090910
    assert get_amount0_delta_rounding_down(ONE, higher, unit) == 90909090909090909
    assert get_amount1_delta_rounding_up(ONE, higher, unit) == 100000000000000000
    assert get_amount1_delta_rounding_down(ONE, higher, unit) == 99999999999999999


@pytest.mark.parametrize("move", [get_next_sqrt_price_from_input, get_next_sqrt_price_from_output])
def test_no_price_and_no_liquidity_are_refused(move: Callable[[int, int, int, bool], int]) -> None:
    """A price of zero first, then a liquidity of zero; the contract gives no reason for either."""
    with pytest.raises(ZeroPriceError):
        move(0, 0, 10**17, False)
    with pytest.raises(ZeroLiquidityError):
        move(1, 0, 10**17, True)


def test_a_range_from_zero_is_refused() -> None:
    """Token0 down to a price of zero would be infinite."""
    for rounded in (get_amount0_delta_rounding_up, get_amount0_delta_rounding_down):
        with pytest.raises(ZeroPriceError):
            rounded(ONE, 0, 1)


@pytest.mark.parametrize(("amount", "zero_for_one"), [(4, False), (5, False), (262144, True), (262145, True)])
def test_all_the_output_there_is_cannot_be_taken(amount: int, zero_for_one: bool) -> None:
    """The contract's own example of liquidity 1024: exactly all of the virtual reserve, and one more, are refused."""
    price = 20282409603651670423947251286016
    with pytest.raises(OutputTooLargeError):
        get_next_sqrt_price_from_output(price, 1024, amount, zero_for_one)


def test_nearly_all_the_output_can_be_taken() -> None:
    """One unit less than the virtual reserve of the same example gives a price."""
    price = 20282409603651670423947251286016
    assert get_next_sqrt_price_from_output(price, 1024, 262143, True) == 77371252455336267181195264
    with pytest.raises(CastOverflowError):
        get_next_sqrt_price_from_input(2**160 - 1, 1024, 1024, False)


def test_divisions_the_library_does_not_guard() -> None:
    """From no liquidity, up to 160 bits of token1 are taken for nothing; a price of zero stays zero.

    Nobody reaches these: whoever moves a price has looked at both. The numbers are the library's own.
    """
    for amount in (0, 1, 2**160 - 1):
        assert get_next_sqrt_price_from_amount1_rounding_down(ONE, 0, amount, False) == ONE
    with pytest.raises(MulDivOverflowError):
        get_next_sqrt_price_from_amount1_rounding_down(ONE, 0, 2**160, False)
    with pytest.raises(MulDivOverflowError):
        get_next_sqrt_price_from_amount1_rounding_down(ONE, 0, 0, True)
    for add in (True, False):
        assert get_next_sqrt_price_from_amount0_rounding_up(0, 1, 10, add) == 0
        with pytest.raises((MulDivOverflowError, OutputTooLargeError)):
            get_next_sqrt_price_from_amount0_rounding_up(0, 0, 10, add)
    assert get_next_sqrt_price_from_amount0_rounding_up(ONE, 0, 10, True) == 0
