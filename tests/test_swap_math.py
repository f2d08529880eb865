"""One step of a swap, beside the definitions in fractions."""

import naive_amm
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from naive_amm import LIQUIDITY, SQRT_PRICES, uint

from amm.math.sqrt_price_math import get_amount1_delta_rounding_down, get_next_sqrt_price_from_input
from amm.math.swap_math import compute_swap_step, compute_swap_step_exact_in, compute_swap_step_exact_out

ONE = 2**96
UNIT = 10**18
AMOUNTS = st.builds(lambda size, out: -size if out else size, uint(200), st.booleans())
FEES = st.one_of(st.sampled_from([0, 100, 500, 3000, 10_000, 999_999]), st.integers(0, 999_999))


@given(SQRT_PRICES, SQRT_PRICES, LIQUIDITY, AMOUNTS, FEES)
def test_a_step_is_what_the_definitions_say(price: int, target: int, liquidity: int, amount: int, fee: int) -> None:
    """Price, input, output and fee of both kinds in both directions, and never a revert."""
    # Beyond 256 bits the contract rounds the price more coarsely; test_sqrt_price_math has that.
    assume((liquidity << 96) + abs(amount) * price < 2**256)
    expected = naive_amm.swap_step(price, target, liquidity, amount, fee)
    assert compute_swap_step(price, target, liquidity, amount, fee) == expected


@given(SQRT_PRICES, SQRT_PRICES, LIQUIDITY, AMOUNTS, FEES)
def test_a_step_keeps_its_bounds(price: int, target: int, liquidity: int, amount: int, fee: int) -> None:
    """Nobody pays more or gets more than specified, the price stays between start and target, and a stop is full."""
    after, amount_in, amount_out, fee_amount = compute_swap_step(price, target, liquidity, amount, fee)
    assert min(price, target) <= after <= max(price, target)
    if amount < 0:
        assert amount_out <= -amount
    else:
        assert amount_in + fee_amount <= amount
    if after != target:
        assert amount_out == -amount if amount < 0 else amount_in + fee_amount == amount
    if price == target:
        assert amount_in == amount_out == fee_amount == 0


def test_the_contracts_examples() -> None:
    """Numbers of the contract's own tests: capped at the target or not, in and out, and a fee that eats all."""
    target = 79623317895830914510639640423
    assert compute_swap_step(ONE, target, 2 * UNIT, UNIT, 600) == (
        target,
        9975124224178055,
        9925619580021728,
        5988667735148,
    )
    assert compute_swap_step(ONE, target, 2 * UNIT, -UNIT, 600) == (
        target,
        9975124224178055,
        9925619580021728,
        5988667735148,
    )
    assert compute_swap_step(ONE, 10 * ONE, 2 * UNIT, UNIT, 600) == (
        get_next_sqrt_price_from_input(ONE, 2 * UNIT, 999400000000000000, False),
        999400000000000000,
        666399946655997866,
        600000000000000,
    )
    assert compute_swap_step(ONE, 10 * ONE, 2 * UNIT, -UNIT, 600)[1:] == (2 * UNIT, UNIT, 1200720432259356)
    assert compute_swap_step(2413, 79887613182836312, 1985041575832132834610021537970, 10, 1872) == (2413, 0, 0, 10)
    assert compute_swap_step(
        417332158212080721273783715441582, 1452870262520218020823638996, 159344665391607089467575320103, -1, 1
    ) == (
        417332158212080721273783715441581,
        1,
        1,
        1,
    )


def test_an_output_is_capped_at_what_was_asked() -> None:
    """The price rounded to its unit frees more than was asked for; the step gives what was asked for, and no more."""
    price, target = 417332158212080721273783715441582, 1452870262520218020823638996
    liquidity = 159344665391607089467575320103
    after, _, amount_out, _ = compute_swap_step(price, target, liquidity, -1, 1)
    assert get_amount1_delta_rounding_down(after, price, liquidity) == 2
    assert amount_out == 1


@pytest.mark.parametrize("zero_for_one", [True, False])
def test_the_signed_step_is_one_of_the_two(zero_for_one: bool) -> None:
    """Positive is exact input, negative exact output, zero moves nothing."""
    target = ONE // 2 if zero_for_one else 2 * ONE
    assert compute_swap_step(ONE, target, UNIT, 500, 3000) == compute_swap_step_exact_in(ONE, target, UNIT, 500, 3000)
    assert compute_swap_step(ONE, target, UNIT, -500, 3000) == compute_swap_step_exact_out(ONE, target, UNIT, 500, 3000)
    assert compute_swap_step(ONE, target, UNIT, 0, 3000) == (ONE, 0, 0, 0)
