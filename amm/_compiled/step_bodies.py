"""Second bodies for the step of a swap and for the search that comes before it, which most of the time goes into."""

import numpy as np

from amm._compiled.limbs import as_unsigned, leading_zeros, limbs_of, multiply_full, to_wide, trailing_zeros, widened
from amm._compiled.second_bodies import mul_div_rounding_up
from amm._compiled.translation import first_body, second_body, twin_of
from amm._compiled.wide_type import LIMBS
from amm.math import sqrt_price_math, swap_math, tick_bitmap
from amm.math.fixed_point import PIPS
from lpmm_numba.parts import inlined_part

_ALL = np.uint64(2**64 - 1)

_compute_swap_step_exact_in = first_body(swap_math.compute_swap_step_exact_in, seldom=True)
_compute_swap_step_exact_out = first_body(swap_math.compute_swap_step_exact_out)
_get_next_sqrt_price_from_input = twin_of(sqrt_price_math.get_next_sqrt_price_from_input)
_get_next_sqrt_price_from_output = twin_of(sqrt_price_math.get_next_sqrt_price_from_output)
_get_amount0_delta_rounding_up = twin_of(sqrt_price_math.get_amount0_delta_rounding_up)
_get_amount0_delta_rounding_down = twin_of(sqrt_price_math.get_amount0_delta_rounding_down)
_get_amount1_delta_rounding_up = twin_of(sqrt_price_math.get_amount1_delta_rounding_up)
_get_amount1_delta_rounding_down = twin_of(sqrt_price_math.get_amount1_delta_rounding_down)


@inlined_part
def _less(a, b):
    """Return whether a product of 512 bits is less than another."""
    return a[0] < b[0] or (a[0] == b[0] and a[1] < b[1])


@inlined_part
def _falls_short(sqrt_price_x96, sqrt_target_x96, liquidity, spendable):
    """Return whether so many millionths of token0 surely do not move the price down to the target.

    The target costs liquidity * 2**96 * (price - target) / (price * target), rounded up once: rounding up twice is the
    same. Multiplied out that needs no division.
    """
    upper, product = multiply_full(spendable, sqrt_price_x96)
    upper_cost, millionths = multiply_full(liquidity << 96, widened(PIPS))
    cost = multiply_full(millionths, sqrt_price_x96 - sqrt_target_x96)
    return upper | upper_cost == 0 and _less(multiply_full(product, sqrt_target_x96), cost)


@inlined_part
def _gives_all_back(next_x96, liquidity):
    """Return whether a price rounded up by less than a unit is worth less than one of token0.

    Then what token0 moves the price to is what it costs: liquidity * 2**96 * (1 / next - 1 / price), rounded up, is the
    amount again, as it is less than one below it.
    """
    upper, product = multiply_full(next_x96, next_x96 - 1)
    return upper != 0 or product >= liquidity << 96


@second_body(swap_math.compute_swap_step_exact_in)
@inlined_part
def compute_swap_step_exact_in(sqrt_price_x96, sqrt_target_x96, liquidity, amount_remaining, fee_pips):
    """Divide only where the quotient is needed: to see whether the input reaches the target, multiply instead."""
    upper, spendable = multiply_full(widened(amount_remaining), widened(PIPS - fee_pips))
    if upper == 0 and sqrt_target_x96 != 0 and liquidity != 0:
        prices = sqrt_price_x96, sqrt_target_x96
        if sqrt_price_x96 >= sqrt_target_x96:
            known, step = _spend_token0(prices, liquidity, amount_remaining, fee_pips, spendable)
        else:
            known, step = _spend_token1(prices, liquidity, amount_remaining, fee_pips, spendable)
        if known:
            return step
    return _compute_swap_step_exact_in(sqrt_price_x96, sqrt_target_x96, liquidity, amount_remaining, fee_pips)


@inlined_part
def _spend_token0(prices, liquidity, amount_remaining, fee_pips, spendable):
    """Move the price down, and return the step and whether it is known.

    The arguments are those of the step, and how many millionths of a unit can move the price.
    """
    sqrt_price_x96, sqrt_target_x96 = prices
    if _falls_short(sqrt_price_x96, sqrt_target_x96, liquidity, spendable):
        amount_in = spendable // widened(PIPS)
        next_x96 = _get_next_sqrt_price_from_input(sqrt_price_x96, liquidity, amount_in, True)
        amount_out = _get_amount1_delta_rounding_down(next_x96, sqrt_price_x96, liquidity)
        known = next_x96 != sqrt_target_x96 and _gives_all_back(next_x96, liquidity)
        return known, (next_x96, amount_in, amount_out, as_unsigned(amount_remaining) - amount_in)
    amount_in = _get_amount0_delta_rounding_up(sqrt_target_x96, sqrt_price_x96, liquidity)
    amount_out = _get_amount1_delta_rounding_down(sqrt_target_x96, sqrt_price_x96, liquidity)
    upper, needed = multiply_full(amount_in, widened(PIPS))
    fee_amount = mul_div_rounding_up(amount_in, fee_pips, PIPS - fee_pips)
    return upper == 0 and spendable >= needed, (sqrt_target_x96, amount_in, amount_out, fee_amount)


@inlined_part
def _spend_token1(prices, liquidity, amount_remaining, fee_pips, spendable):
    """Move the price up: token1 costs a product and a shift, so that it is tried at the target first."""
    sqrt_price_x96, sqrt_target_x96 = prices
    amount_in = _get_amount1_delta_rounding_up(sqrt_price_x96, sqrt_target_x96, liquidity)
    upper, needed = multiply_full(amount_in, widened(PIPS))
    reached, next_x96 = upper == 0 and spendable >= needed, sqrt_target_x96
    if not reached:
        next_x96 = _get_next_sqrt_price_from_input(sqrt_price_x96, liquidity, spendable // widened(PIPS), False)
        amount_in = _get_amount1_delta_rounding_up(sqrt_price_x96, next_x96, liquidity)
    amount_out = _get_amount0_delta_rounding_down(sqrt_price_x96, next_x96, liquidity)
    if reached or next_x96 == sqrt_target_x96:
        fee_amount = mul_div_rounding_up(amount_in, fee_pips, PIPS - fee_pips)
    else:
        fee_amount = as_unsigned(amount_remaining) - amount_in
    return True, (next_x96, amount_in, amount_out, fee_amount)


@inlined_part
def _leaves_some(sqrt_price_x96, sqrt_target_x96, liquidity, amount_out):
    """Return whether taking so much token0, and one more, surely does not move the price up beyond the target."""
    upper, product = multiply_full(amount_out + 1, sqrt_price_x96)
    there = multiply_full(liquidity << 96, sqrt_target_x96 - sqrt_price_x96)
    return upper == 0 and not _less(there, multiply_full(product, sqrt_target_x96))


@second_body(swap_math.compute_swap_step_exact_out)
@inlined_part
def compute_swap_step_exact_out(sqrt_price_x96, sqrt_target_x96, liquidity, amount_remaining, fee_pips):
    """Let token0 that does not reach the target be what was asked for: the price is rounded up, and gives no less."""
    amount_out, up = widened(amount_remaining), sqrt_price_x96 < sqrt_target_x96
    if up and sqrt_price_x96 != 0 and _leaves_some(sqrt_price_x96, sqrt_target_x96, liquidity, amount_out):
        next_x96 = _get_next_sqrt_price_from_output(sqrt_price_x96, liquidity, amount_out, False)
        if next_x96 != sqrt_target_x96:
            amount_in = _get_amount1_delta_rounding_up(sqrt_price_x96, next_x96, liquidity)
            return next_x96, amount_in, amount_out, mul_div_rounding_up(amount_in, fee_pips, PIPS - fee_pips)
    return _compute_swap_step_exact_out(sqrt_price_x96, sqrt_target_x96, liquidity, amount_remaining, fee_pips)


@second_body(tick_bitmap.next_initialized_at_or_below)
@inlined_part
def next_initialized_at_or_below(word, compressed):
    """Search limb by limb."""
    limbs = limbs_of(word)
    bit = np.uint64(limbs_of(compressed)[0] & np.uint64(0xFF))
    limb, place = np.int64(bit >> np.uint64(6)), bit & np.uint64(63)
    while limb >= 0:
        below = limbs[limb] & (_ALL >> (np.uint64(63) - place))
        if below != np.uint64(0):
            found = np.uint64(64 * limb + 63) - leading_zeros(below)
            return compressed - to_wide(np.int64(bit - found)), True
        limb, place = limb - 1, np.uint64(63)
    return compressed - to_wide(np.int64(bit)), False


@second_body(tick_bitmap.next_initialized_above)
@inlined_part
def next_initialized_above(word, compressed):
    """Search limb by limb."""
    limbs = limbs_of(word)
    first = compressed + 1
    bit = np.uint64(limbs_of(first)[0] & np.uint64(0xFF))
    limb, place = np.int64(bit >> np.uint64(6)), bit & np.uint64(63)
    while limb < LIMBS:
        above = (limbs[limb] >> place) << place
        if above != np.uint64(0):
            found = np.uint64(64 * limb) + trailing_zeros(above)
            return first + to_wide(np.int64(found) - np.int64(bit)), True
        limb, place = limb + 1, np.uint64(0)
    return first + to_wide(255 - np.int64(bit)), False
